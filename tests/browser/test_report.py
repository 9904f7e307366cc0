"""The report as people use it in a browser: filters, links, Back, languages, paper, phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from landxml_reports import render, wording
from landxml_validator.report import Report

pytestmark = pytest.mark.slow


def visible(page: Any, selector: str) -> int:
    """Count elements that a filter has not hidden, in folds or not."""
    return int(page.locator(f"{selector}:not([hidden], [hidden] *)").count())


def test_a_filter_is_part_of_the_address(visit: Callable[..., Any], faulty: Path, report: Report) -> None:
    page = visit(faulty)
    failed = [result for result in report.results if result.state == "failed"]
    code = next(each.commune for each in report.by_commune)
    assert visible(page, ".rule") == len(failed)
    page.locator("[name=commune]").select_option(code)
    assert page.url.endswith(f"#commune={code}")
    here = [result for result in failed if code in result.by_commune]
    assert visible(page, ".rule") == len(here)
    counts = sum(result.by_commune[code] for result in here)
    assert page.locator("#found").inner_text().startswith(f"{counts} trường hợp đúng bộ lọc")
    page.locator("[name=severity]").select_option("warning")
    milder = [result for result in here if result.severity == "warning"]
    assert visible(page, ".rule") == len(milder)
    assert visible(page, ".samples tbody") == sum(result.by_commune[code] for result in milder)

    shared = visit(faulty, f"#{page.url.partition('#')[2]}")
    assert shared.locator("[name=severity]").input_value() == "warning"
    assert visible(shared, ".rule") == len(milder)

    page.go_back()
    assert page.locator("[name=severity]").input_value() == ""
    assert visible(page, ".rule") == len(here)
    page.go_back()
    assert visible(page, ".rule") == len(failed)
    page.go_forward()
    page.get_by_role("button", name="Bỏ lọc").click()
    assert visible(page, ".rule") == len(failed)
    assert page.locator("#found").is_hidden()


def test_words_are_found_without_diacritics_in_single_findings(
    visit: Callable[..., Any], faulty: Path, report: Report
) -> None:
    page = visit(faulty)
    field = page.get_by_role("searchbox")
    field.focus()
    page.keyboard.type("khong khep kin")
    assert visible(page, ".rule") == 1
    assert page.locator("#GEO001").is_visible()
    (result,) = (result for result in report.results if result.rule.code == "GEO001")
    field.fill(result.samples[0].key)
    rows = page.locator(".samples tbody:not([hidden], [hidden] *)")
    assert {result.samples[0].key in text for text in rows.all_inner_texts()} == {True}
    page.get_by_role("button", name="English").click()
    assert "findings have these words" in page.locator("#found").inner_text()
    field.fill("no such words")
    assert visible(page, ".rule") == 0
    page.go_back()
    assert field.input_value() == ""


def test_a_filter_by_severity_sees_what_is_milder_in_a_commune(
    visit: Callable[..., Any], report: Report, tmp_path: Path
) -> None:
    rule = next(each for each in report.results if each.severity == "error" and len(each.by_commune) > 1)
    code, count = next(iter(rule.by_commune.items()))
    milder = msgspec.structs.replace(rule, levels={code: "info"})
    results = [milder if each is rule else each for each in report.results]
    (tmp_path / "a.html").write_bytes(render(msgspec.structs.replace(report, results=results), "html", "vi"))
    page = visit(tmp_path / "a.html", f"#severity=info&rule={rule.rule.code}")
    assert visible(page, ".samples tbody") == count
    assert page.locator("#found").inner_text().startswith(f"{count} trường hợp")
    page.goto(f"{page.url.partition('#')[0]}#severity=error&rule={rule.rule.code}")
    assert visible(page, ".samples tbody") == rule.count - count


def test_a_link_to_what_is_folded_or_filtered_away_shows_it(
    visit: Callable[..., Any], faulty: Path, report: Report
) -> None:
    page = visit(faulty, "#severity=warning")
    page.locator(".causes a").first.click()
    rule = page.locator(f"#{page.url.partition('#')[2]}")
    assert rule.locator(".fix").is_visible()
    last = wording.worst_first(report)[-1]
    page = visit(faulty, f"#n{last.samples[0].number}")
    assert page.locator(f"#n{last.samples[0].number}").is_visible()


def test_without_scripts_everything_is_there(visit: Callable[..., Any], faulty: Path, report: Report) -> None:
    page = visit(faulty, java_script_enabled=False)
    assert page.locator(".filter").is_hidden()
    assert page.locator(".samples tbody").count() == sum(len(result.samples) for result in report.results)


def test_paper_has_every_finding_and_no_controls(visit: Callable[..., Any], faulty: Path) -> None:
    page = visit(faulty)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".filter select").first.is_hidden()
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_data_are_unfolded_at_a_finding(visit: Callable[..., Any], faulty: Path, report: Report) -> None:
    page = visit(faulty)
    first = page.locator(f"#n{report.excerpts[0].number}")
    first.get_by_text("Nội dung tại vị trí này").first.click()
    assert first.locator("mark").is_visible()


@pytest.mark.parametrize("width", [320, 375, 768])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_is_wider_than_the_window(
    visit: Callable[..., Any], faulty: Path, width: int, lang: str
) -> None:
    page = visit(faulty, width=width)
    page.locator(f"[data-set-lang={lang}]").click()
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [720, 768, 1280])
def test_what_is_wrong_has_the_widest_column(visit: Callable[..., Any], faulty: Path, width: int) -> None:
    row = visit(faulty, width=width).locator(".samples tbody:visible tr").first
    widths = {name: row.locator(f".{name}").bounding_box()["width"] for name in ("key", "message", "place")}
    assert max(widths, key=lambda name: widths[name]) == "message"


def test_a_map_is_moved_and_enlarged_by_keys_and_buttons(visit: Callable[..., Any], faulty: Path) -> None:
    page = visit(faulty)
    view = page.locator(".view:visible").first
    drawing = view.locator("svg")
    whole = drawing.get_attribute("viewBox")
    view.focus()
    page.keyboard.press("+")
    assert drawing.get_attribute("viewBox") == "120 80 240 160"
    page.keyboard.press("ArrowRight")
    assert drawing.get_attribute("viewBox") == "150 80 240 160"
    page.keyboard.press("0")
    assert drawing.get_attribute("viewBox") == whole
    view.get_by_role("button").first.click()
    assert drawing.get_attribute("viewBox") == "120 80 240 160"


def test_a_commune_on_the_overview_leads_to_its_findings(
    visit: Callable[..., Any], faulty: Path, report: Report
) -> None:
    page = visit(faulty)
    page.locator(".overview a").last.focus()
    page.keyboard.press("Enter")
    assert page.locator("[name=commune]").input_value() == report.by_commune[-1].commune
