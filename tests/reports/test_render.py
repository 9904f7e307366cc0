from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from landxml.law import cite
from landxml.localised import number
from landxml.text import Text
from landxml_reports import COMPLETE, FORMATS, LISTS, NAMES, TABLES, render, text, wording
from landxml_reports.json import read
from landxml_validator.configuration import Setting
from landxml_validator.report import Report, Verdict
from landxml_validator.rule import Parameter, Rule, builtin

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).with_name("snapshots")
LANGUAGES = ("vi", "en")
TEXTS = [form for form in FORMATS if form not in TABLES | LISTS]
MORNING = dt.datetime(2025, 7, 1, 9, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", TEXTS)
def test_snapshots(
    report: Report, everything: Path, form: str, lang: str, request: pytest.FixtureRequest
) -> None:
    """Written anew with ``pytest --snapshot-update``."""
    path = (SNAPSHOTS / NAMES[form]).with_suffix(f".{lang}{Path(NAMES[form]).suffix}")
    document = render(report, form, lang, everything)
    if request.config.getoption("--snapshot-update"):
        path.write_bytes(document)
    assert document == path.read_bytes()


def test_rendering_twice_gives_the_same(report: Report, everything: Path) -> None:
    for form in FORMATS:
        assert render(report, form, "vi", everything) == render(report, form, "vi", everything), form


def test_what_lists_all_findings_needs_them(report: Report) -> None:
    for form in COMPLETE:
        with pytest.raises(TypeError, match=f"{form} is made of all findings"):
            render(report, form, "vi")


def test_a_report_comes_back_from_json(report: Report, tmp_path: Path) -> None:
    """And so do all documents that are made of it."""
    (tmp_path / "report.json").write_bytes(render(report, "json", "vi"))
    back = read(tmp_path / "report.json")
    assert back == report
    assert render(back, "html", "vi") == render(report, "html", "vi")


# Words


def test_a_conformant_report_says_what_is_left(report: Report) -> None:
    passed = msgspec.structs.replace(report, verdict="conformant")
    left = wording.verdict(passed)
    assert left.vi == f"Đạt · còn {number(passed.errors).vi} lỗi · còn {number(passed.warnings).vi} cảnh báo"
    assert left.en.startswith("Conformant · errors left: ")
    for name in ("html", "markdown"):
        assert left.vi in html.unescape(render(passed, name, "vi").decode())
    clean = msgspec.structs.replace(passed, results=[])
    assert wording.verdict(clean).en == "Conformant"
    assert wording.verdict(report).en == "Not conformant"


def test_what_differs_in_a_commune_is_said_of_its_rule(report: Report) -> None:
    tolerance = Parameter(default=1.5, vi="dung sai", en="tolerance", unit="m²")
    area = report.results[2]
    report.results[2] = msgspec.structs.replace(
        area,
        rule=msgspec.structs.replace(area.rule, parameters={"tolerance": tolerance}),
        by_commune={"00004": 1_233, "00008": 1},
        levels={"00008": "warning"},
        samples=[msgspec.structs.replace(area.samples[0], commune="00008"), *area.samples[1:]],
    )
    report.configuration = [
        Setting(key="parameters", code=code, name="tolerance", value=3, commune="00008", file="x.toml")
        for code in ("LND", "GEO")
    ]
    shown = render(report, "html", "en").decode().partition('id="LND004"')[2]
    assert "LND.tolerance = 3 in commune 00008" in shown
    assert "GEO.tolerance" not in shown
    milder = "Warning: area 120.5 m², sum 118.0 m²"
    assert milder in render(report, "junit", "en").decode()
    assert milder in text.render(report, "en", samples=4)


def test_a_year_has_no_point_in_it() -> None:
    earliest = builtin()["PTY003"].parameters["earliest"]
    assert wording.value(earliest).vi == "1850"
    assert wording.value(builtin()["ADM003"].parameters["margin"]).vi.startswith("500 ")


def test_labels_are_complete() -> None:
    for name, label in wording.labels().items():
        assert label.vi.strip(), name
        assert label.en.strip(), name
        assert sorted(re.findall(r"{\w+}", label.vi)) == sorted(re.findall(r"{\w+}", label.en)), name


def test_every_label_is_used() -> None:
    sources = "".join(
        path.read_text("utf-8")
        for pattern in ("*.py", "*.jinja")
        for path in (ROOT / "reports/landxml_reports").glob(pattern)
    )
    plain = [name for name in wording.labels() if "." not in name]
    assert [name for name in plain if f'"{name}"' not in sources] == []


@pytest.mark.parametrize(
    ("name", "value", "vi"),
    [
        ("area", "601.8", "601,8"),
        ("area", -0.5, "-0,5"),
        ("area", "1200", "1200"),
        ("date", "2999-01-31", "31/01/2999"),
        ("born", 1985, "1985"),
        ("value", "120.5", "120.5"),
        ("code", "2999-01-31", "2999-01-31"),
        ("file", "1.2.3", "1.2.3"),
        ("reason", {"vi": "tại 1.5", "en": "at 1.5"}, "tại 1.5"),
    ],
)
def test_messages_write_decimals_and_dates_as_their_language_does(
    report: Report, name: str, value: object, vi: str
) -> None:
    result = report.results[0]
    result.rule = msgspec.structs.replace(result.rule, message=Text(vi=f"{{{name}}}", en=f"{{{name}}}"))
    finding = msgspec.structs.replace(result.samples[0], params={name: value})
    assert result.message(finding, "vi") == vi
    assert result.message(finding, "en") == str(value["en"] if isinstance(value, dict) else value)


def test_the_worst_comes_first(report: Report) -> None:
    assert [r.rule.code for r in wording.worst_first(report)] == ["LND004", "GEO002", "PTY003"]


# Text


def test_files_are_counted_one_by_one(report: Report) -> None:
    assert "Files 6 · " in text.render(report, "en")
    assert '<span class="count">6</span>' in render(report, "html", "en").decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_text_fits_the_terminal(report: Report, lang: str) -> None:
    crossing = report.results[0]
    long: dict[str, Any] = {"file": "thư mục/" * 60, "params": {"reason": "x" * 300}}
    crossing.samples = [msgspec.structs.replace(crossing.samples[0], **long)]
    assert max(map(len, text.render(report, lang).splitlines())) <= text.WIDTH


def test_text_says_how_many_are_shown(report: Report) -> None:
    assert "Hiện 3 trong 1.234" in text.render(report, "vi")
    assert "3 of 1,234 shown" in text.render(report, "en")


def named(code: str) -> Rule:
    return msgspec.structs.replace(builtin()["COD001"], code=code)


@pytest.mark.parametrize(("records", "lines"), [({}, 1), ({"ThuaDat": 1}, 2)])
def test_rules_that_lack_the_same_are_told_together(
    report: Report, records: dict[str, int], lines: int
) -> None:
    report.records, report.causes = records, []
    report.results = [
        msgspec.structs.replace(report.results[-1], rule=named(f"COD{n:03}")) for n in range(1, 6)
    ]
    told = text.render(report, "vi").partition("KHÔNG ĐÁNH GIÁ\n")[2].partition("\n\n")[0].splitlines()
    assert told[0] == "  5 quy tắc không đánh giá: không có ranh giới hành chính của xã 00004"
    assert told[1:] == ["    COD001 COD002 COD003 COD004 COD005"][: lines - 1]
    html = render(report, "html", "vi").decode()
    assert '<details class="fold" open>' in html
    report.results *= 3
    assert '<details class="fold" open>' not in render(report, "html", "vi").decode()


def test_data_cannot_drive_the_terminal_or_turn_text_around(report: Report) -> None:
    for form in ("text", "html"):
        assert not set(render(report, form, "vi").decode()) & {"\x1b", "\u009b", "\u202e"}


def test_colour_changes_nothing_but_colour(report: Report) -> None:
    coloured = text.render(report, "vi", colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text.render(report, "vi")


def clean(report: Report) -> Report:
    passed = [msgspec.structs.replace(c, state="passed") for c in report.conformance]
    return msgspec.structs.replace(
        report,
        verdict="conformant",
        results=[],
        causes=[],
        conformance=passed,
        files=[],
        unmapped={},
        personal_data=True,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "html"])
def test_a_clean_report(report: Report, form: str, lang: str) -> None:
    document = render(clean(report), form, lang).decode()
    for name in ("no-findings", "why.conformant", "privacy.shown"):
        assert wording.label(name).get(lang) in document


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("form", "head"), [("text", "·"), ("html", "<h1>")])
def test_personal_data_are_warned_of_at_the_head(report: Report, form: str, head: str, lang: str) -> None:
    report.personal_data = True
    document = render(report, form, lang).decode()
    worst = wording.worst_first(report)[0].rule.code
    places = [document.index(words) for words in (head, wording.label("privacy.shown").get(lang), worst)]
    assert places == sorted(places)


def test_classes_that_did_not_apply_are_named_under_a_good_verdict(report: Report) -> None:
    passed = clean(report)
    passed.conformance[0].state = "not-applicable"
    assert wording.why(passed).en.endswith(f"Not applicable to this data: {passed.conformance[0].title.en}.")
    assert wording.why(passed).vi in text.render(passed, "vi")


@pytest.mark.parametrize("verdict", ["conformant", "not-conformant", "not-evaluated"])
def test_each_verdict_has_its_words(report: Report, verdict: Verdict) -> None:
    report.verdict = verdict
    said = wording.label(f"verdict.{verdict}")
    assert said.vi.upper() in text.render(report, "vi")
    assert said.en in render(report, "html", "en").decode()


def test_the_sentence_names_the_classes_that_decide(report: Report) -> None:
    assert wording.why(report).en.endswith("did not pass: Geometry, Parcels and land use.")
    report.verdict = "not-evaluated"
    assert wording.why(report).en.endswith("could not be evaluated: VN-2000 coordinate system.")
    assert "Hệ tọa độ VN-2000" in text.render(report, "vi").partition("\n\n")[0]
    report.records = {}
    assert wording.why(report) == wording.label("why.nothing")


def test_the_words_of_the_office_are_used() -> None:
    said = " ".join(label.vi.lower() for label in wording.labels().values())
    assert "lớp tuân thủ" not in said
    assert "khuôn dạng" not in said


@pytest.mark.parametrize("form", ["text", "html", "iso19157"])
def test_a_rule_says_which_law_is_not_in_force_on_the_date_of_the_check(report: Report, form: str) -> None:
    law = ["TT19-2026/I", "TT10-2024/29"]
    rule = msgspec.structs.replace(report.results[0].rule, law=law, legal=cite(law))
    report.results[0] = msgspec.structs.replace(report.results[0], rule=rule)
    before = " ".join(render(report, form, "vi").decode().split())
    assert "Thông tư 19/2026/TT-BNNMT chưa có hiệu lực vào ngày kiểm tra 01/07/2025 (có hiệu lực từ" in before
    assert "Thông tư 10/2024/TT-BTNMT chưa" not in before
    report.as_of = dt.date(2026, 3, 30)
    assert "19/2026/TT-BNNMT chưa có hiệu lực" not in render(report, form, "vi").decode()


def test_html_shows_the_law_both_ways(report: Report) -> None:
    html = render(report, "html", "vi").decode()
    law = html.partition('<section class="law"')[2].partition("</section>")[0]
    row = next(row for row in law.split("<tr>") if "<code>structure</code>" in row)
    assert '<a href="#GEO002"><code>GEO002</code></a>' in row
    assert '<span class="state passed"' in row
    assert "phải đối chiếu với hồ sơ giấy" in law
    assert "Thông tư 09/2024/TT-BTNMT" in html.partition('id="GEO002"')[2].partition("</details>")[0]
