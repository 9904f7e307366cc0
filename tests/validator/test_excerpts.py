"""What a report quotes of the data at its first findings."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path

import pytest

from landxml_validator import excerpts, validate
from landxml_validator.report import Excerpt, Report
from tests.rules import only

CORPUS = Path(__file__).parents[1] / "corpus"


def quoted(report: Report, code: str) -> list[Excerpt]:
    by_number = {each.number: each for each in report.excerpts}
    found = (finding for result, finding in report.findings() if result.rule.code == code)
    return [by_number[each.number] for each in found if each.number in by_number]


def test_the_first_findings_of_a_rule_are_quoted(tmp_path: Path) -> None:
    """In an archive with other documents, of one line and of several."""
    code = (CORPUS / "COD001/fail-hosoxml.xml").read_text("utf-8")
    overlap = (CORPUS / "GEO007/fail-overlap.xml").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"ho-so/{number}.xml", code.replace("Cơ quan cấp mẫu", "Nghuyễnh Trượm"))
        archive.writestr("ban-do.xml", "".join(line.strip() for line in overlap.splitlines()))
    check = partial(validate, [tmp_path / "goi.zip"], configuration=only("COD", "GEO"))
    report = check(samples=10)
    first, second = quoted(report, "COD001")
    assert first.lines == second.lines
    assert sum(line.marked for line in first.lines) == 1
    (shape, *_) = quoted(report, "GEO007")
    assert shape.lines[0].text.startswith("<ld:ThuaDat")
    assert "Trượm" not in str(report.excerpts)
    assert "Trượm" in str(check(personal_data=True).excerpts)


def test_a_row_is_quoted_with_its_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        (CORPUS / "GEO008/pass-polygon.geojson")
        .read_text("utf-8")
        .replace('"DienTich": 120', '"DienTich": 190')
    )
    path = tmp_path / "thua.geojson"
    path.write_text(text, "utf-8")
    check = partial(validate, [path], configuration=only("GEO003"))
    (row,) = quoted(check(), "GEO003")
    assert [(cell.column, cell.value) for cell in row.cells if cell.marked] == [("DienTich", "190")]
    monkeypatch.setattr(excerpts, "ROWS", 10)
    assert check().excerpts == []


def test_a_quotation_is_short(tmp_path: Path) -> None:
    code = (CORPUS / "COD001/fail-hosoxml.xml").read_text("utf-8")
    (tmp_path / "1.xml").write_text(code.replace("<hoTen>", f"<hoTen>{'x' * 300_000}"), "utf-8")
    report = validate([tmp_path / "1.xml"], configuration=only("COD", "XSD"))
    assert quoted(report, "COD001")
    assert max(len(line.text) for each in report.excerpts for line in each.lines) <= 201
