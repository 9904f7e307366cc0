"""The report on a million findings opens at once, is filtered at once, and its totals are exact.

The browser tells how long its processor worked on the page: unlike a clock, that hardly changes with what
else runs on the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

import landxml_validator
from landxml.database import connect, literal
from landxml_reports import render
from landxml_samples import write
from landxml_samples.faults import FAULTS
from landxml_validator import causes, findings
from landxml_validator.report import Report

pytestmark = pytest.mark.slow

MILLION, COMMUNES = 1_000_000, 150
OPENED, ANSWERED = 2.0, 0.5
"""Seconds of the processor: to open the page, to answer a filter."""
COPIED = f"""
SELECT f.* EXCLUDE (number) REPLACE (
  concat(id, '-', i) AS id, concat(parcel, '-', i) AS parcel, concat(key, '-', i) AS key,
  concat(file, i % {COMMUNES}) AS file, lpad((i % {COMMUNES})::VARCHAR, 5, '0') AS commune,
  md5(concat(fingerprint, i)) AS fingerprint
) FROM {{found}} f, range({MILLION} // (SELECT count(*) FROM {{found}}) + 1) copy(i) ORDER BY rule"""
"""A million findings are so many copies of some, of every kind, in so many communes."""


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What a check reports that found a million: with samples and causes as a check takes them."""
    folder = tmp_path_factory.mktemp("million")
    every = dict.fromkeys((code for code, fault in FAULTS.items() if "national" in fault.layouts), 1)
    write(folder / "g.zip", parcels=400, communes=2, faults=every)
    few, many = folder / "few.parquet", folder / "many.parquet"
    report = landxml_validator.validate([folder / "g.zip"], findings=few)
    with connect(folder, reads=[few], threads=2) as con:
        con.execute(f"COPY ({COPIED.format(found=literal(str(few)))}) TO {literal(str(many))}")
        return enlarged(report, con, many)


def enlarged(report: Report, con: duckdb.DuckDBPyConnection, many: Path) -> Report:
    """Return a report with these findings for its own; what is drawn and quoted is of these."""
    counts, samples = findings.samples(con, many, report.samples)
    change = msgspec.structs.replace
    results = [
        change(each, count=sum(by.values()), by_commune=by, samples=samples.get(each.rule.code, []))
        for each in report.results
        if (by := counts.get(each.rule.code, {})) or not each.count
    ]
    now = {
        old.number: new.number
        for each in report.results
        for old, new in zip(each.samples, samples.get(each.rule.code, []), strict=False)
    }
    return change(
        report,
        results=results,
        causes=causes.of(con, many, {each.rule.code: each.rule for each in results}),
        by_commune=[change(report.by_commune[0], commune=f"{number:05}") for number in range(COMMUNES)],
        maps=[change(each, number=now[each.number]) for each in report.maps if each.number in now],
        excerpts=[change(each, number=now[each.number]) for each in report.excerpts if each.number in now],
    )


def test_a_million_findings_open_and_are_filtered_at_once(
    visit: Callable[..., Any], million: Report, tmp_path: Path
) -> None:
    path = tmp_path / "million.html"
    path.write_bytes(render(million, "html", "vi"))
    page = visit(path)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds(work: Callable[[], object]) -> float:
        before = worked()
        work()
        return worked() - before

    def worked() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float({each["name"]: each["value"] for each in metrics}["TaskDuration"])

    assert seconds(page.reload) < OPENED
    shown = page.locator(".rule .number b [lang=vi]").all_text_contents()
    found = [result.count for result in million.results if result.count]
    assert sorted(int(count.replace(".", "")) for count in shown) == sorted(found)
    assert sum(found) >= MILLION
    code = million.by_commune[7].commune
    assert seconds(lambda: page.locator("[name=commune]").select_option(code)) < ANSWERED
    counts = f"{sum(result.by_commune.get(code, 0) for result in million.results):,}".replace(",", ".")
    assert page.locator("#found").inner_text().startswith(f"{counts} trường hợp đúng bộ lọc")
    field = page.get_by_role("searchbox")
    assert seconds(lambda: field.fill("khong khep kin")) < ANSWERED
    assert page.locator(".rule:not([hidden])").count() == 1
