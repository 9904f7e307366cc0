"""Findings that an office leaves as they are for a time."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from landxml.errors import LandXmlError
from landxml_reports import render
from landxml_samples import write
from landxml_validator import validate
from landxml_validator.report import Report
from landxml_validator.rule import builtin
from landxml_validator.suppression import read
from tests.rules import only

Rows = list[dict[str, str]]
DAY = dt.date(2026, 6, 1)
WHY = {"reason": "chờ đo đạc lại", "author": "Văn phòng Mẫu", "until": "31/12/2026"}


@pytest.fixture(scope="module")
def goi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suppression") / "goi"
    write(folder, parcels=60, communes=2, faults={"LND001": 4, "LND002": 3}, seed=4)
    return folder


@pytest.fixture(scope="module")
def found(goi: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    path = tmp_path_factory.mktemp("found") / "tat-ca.csv"
    validate([goi], findings=path, as_of=DAY)
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def table(folder: Path, rows: Rows) -> Path:
    path = folder / "bo-qua.csv"
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, [*dict.fromkeys(name for row in rows for name in row)])
        writer.writeheader()
        writer.writerows(rows)
    return path


def check(goi: Path, folder: Path, rows: Rows, **more: Any) -> Report:
    usual: dict[str, Any] = {"as_of": DAY, "configuration": only("LND", "PKG")}
    return validate([goi], suppressions=table(folder, rows), **usual | more)


def counts(report: Report) -> dict[str, int]:
    return {result.rule.code: result.count for result in report.results if result.count}


def test_rows_copied_from_the_findings_leave_them_out(goi: Path, found: Rows, tmp_path: Path) -> None:
    rows = [row | WHY for row in found]
    report = check(goi, tmp_path, rows, findings=tmp_path / "all.parquet", configuration=())
    assert (report.verdict, counts(report), report.causes) == ("conformant", {}, [])
    assert set(pq.read_table(tmp_path / "all.parquet")["state"].to_pylist()) == {"suppressed"}
    assert {r.rule.code: r.suppressed for r in report.results if r.suppressed} == {"LND001": 4, "LND002": 3}
    assert report.suppressions
    assert report.suppressions.count == 7
    assert "bo-qua.csv" in render(report, "text", "vi").decode()


@pytest.mark.parametrize("by", ["fingerprint", "key", "parcel"])
def test_a_row_leaves_out_what_it_names(goi: Path, found: Rows, tmp_path: Path, by: str) -> None:
    row = next(row for row in found if row["rule"] == "LND002")
    report = check(goi, tmp_path, [{"rule": "LND002", by: row[by], **WHY}])
    assert counts(report) == {"LND001": 4, "LND002": 2}


def test_a_row_may_stand_for_a_commune(goi: Path, found: Rows, tmp_path: Path) -> None:
    commune = found[0]["commune"]
    report = check(goi, tmp_path, [{"rule": "LND001", "commune": commune, **WHY}])
    left = sum(row["rule"] == "LND001" and row["commune"] != commune for row in found)
    assert counts(report).get("LND001", 0) == left


def test_after_its_last_day_a_row_is_a_finding_itself(goi: Path, found: Rows, tmp_path: Path) -> None:
    row = found[0] | WHY
    assert "PKG016" not in counts(check(goi, tmp_path, [row], as_of=dt.date(2026, 12, 31)))
    report = check(goi, tmp_path, [row], as_of=dt.date(2027, 1, 1))
    assert counts(report)["PKG016"] == 1
    assert counts(report)[row["rule"]] == sum(each["rule"] == row["rule"] for each in found)
    (sample,) = next(result.samples for result in report.results if result.rule.code == "PKG016")
    assert (Path(sample.file).name, sample.line) == ("bo-qua.csv", 2)


def test_a_row_without_a_finding_is_one(goi: Path, found: Rows, tmp_path: Path) -> None:
    rows = [found[0] | WHY, {"rule": "LND002", "parcel": "06652/99/99", **WHY}]
    report = check(goi, tmp_path, rows)
    (sample,) = next(result.samples for result in report.results if result.rule.code == "PKG016")
    assert sample.line == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule": "LND02"}, "did you mean LND0"),
        ({"reason": ""}, "a cell is empty"),
        ({"author": " "}, "a cell is empty"),
        ({"parcel": ""}, "a cell is empty"),
        ({"until": "soon"}, "until is a day"),
        ({"until": "2026-13-01"}, "until is a day"),
    ],
)
def test_a_row_that_does_not_say_it_all_is_refused_with_its_line(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    row = {"rule": "LND002", "parcel": "06652/12/345", **WHY}
    with pytest.raises(LandXmlError, match=rf"bo-qua\.csv:3: .*{said}"):
        read(table(tmp_path, [row, row | change]), DAY, builtin())


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandXmlError, match="a column is missing; needed are: rule, reason, author, until"):
        read(table(tmp_path, [{"rule": "LND002", "parcel": "1"}]), DAY, builtin())
