"""What is in operation already: data and tables of keys, with which a delivery collides."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from landxml.errors import LandXmlError
from landxml.progress import Progress
from landxml_reports import render
from landxml_samples import write
from landxml_validator import validate
from landxml_validator.certificate import certify, verify
from landxml_validator.report import Report
from tests.rules import only

BASE = Path(__file__).parents[1] / "corpus/base/national.xml"
COLLISIONS = only("UNQ")


def found(report: Report) -> dict[str, list[str]]:
    """Return where the other record of each collision is, by rule."""
    return {
        each.rule.code: [sample.params["other"].rpartition("/")[2] for sample in each.samples]
        for each in report.results
        if each.count
    }


def against(tmp_path: Path, *rows: str) -> Report:
    table = tmp_path / "keys.csv"
    table.write_text("\n".join(rows) + "\n", "utf-8")
    return validate(BASE, operating=[table], workers=1, configuration=COLLISIONS)


def test_a_delivery_collides_with_itself_in_parcels_certificates_and_dossiers(tmp_path: Path) -> None:
    for layout, name in (("national", "a.zip"), ("vbdlis-xml", "b.zip")):
        write(tmp_path / name, layout=layout, parcels=3)
    report = validate(tmp_path / "a.zip", operating=[tmp_path / "b.zip"], workers=1, configuration=COLLISIONS)
    counts = {each.rule.code: each.count for each in report.results if each.count}
    assert counts.keys() == {"UNQ012", "UNQ013", "UNQ014"}
    assert counts["UNQ012"] == counts["UNQ013"] == 3
    assert report.existing == [str(tmp_path / "b.zip")]
    page = render(report, "handover", "en").decode()
    assert "compared with what is in operation as in" in page
    assert "Parcel 06652/1/1 (commune/sheet/parcel) is in operation" in page
    assert "What is in operation is not here" not in page


def test_with_a_folder_of_work_what_is_in_operation_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", parcels=3)
    write(tmp_path / "b.zip", layout="vbdlis-xml", parcels=3)
    kept, counts = [], []
    for _ in range(2):
        told: list[Progress] = []
        report = validate(
            tmp_path / "a.zip", operating=[tmp_path / "b.zip"], work=tmp_path / "w", workers=1,
            progress=told.append, configuration=COLLISIONS,
        )  # fmt: skip
        kept.append({each.kept for each in told} - {0})
        counts.append(found(report))
    assert counts[0] == counts[1] != {}
    assert not kept[0]
    assert len(kept[1]) == 2, "both deliveries"


def test_a_table_of_keys_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    rows = ("Xã;commune;sheet;parcel", "Hà Tu;6652;12;345", "Hà Tu;6652;012;0346")
    assert found(against(tmp_path, *rows)) == {"UNQ012": ["keys.csv:2"]}
    rounded = ("commune,sheet,parcel", "06652,11.5,345", "06652,12,344.6", "06652,99,1")
    assert found(against(tmp_path, *rounded)) == {}
    assert found(against(tmp_path, "soPhatHanh", "cd123456")) == {"UNQ014": ["keys.csv:2"]}
    assert found(against(tmp_path, "maXa,soThuTu", "06652,1")) == {"UNQ013": ["keys.csv:2"]}


def test_all_sheets_of_a_workbook_of_keys_are_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "keys.xlsx") as book:
        for name, rows in {
            "note": [["Exported on 01/03/2026"]],
            "one": [["maXa", "soHieuToBanDo", "soThuTuThua"], ["06652", "12", "345"]],
            "two": [["soPhatHanh"], ["CD 123456"]],
        }.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    report = validate(BASE, operating=[tmp_path / "keys.xlsx"], workers=1, configuration=COLLISIONS)
    assert found(report) == {"UNQ012": ["keys.xlsx!one!2"], "UNQ014": ["keys.xlsx!two!2"]}


def test_without_what_is_in_operation_its_rules_do_not_apply() -> None:
    report = validate(BASE, workers=1, configuration=COLLISIONS)
    states = {each.rule.code: each for each in report.results}
    assert states["UNQ012"].state == "not-applicable"
    assert states["UNQ012"].reason
    assert states["UNQ012"].reason.en == "what is in operation was not given (--existing)"


def test_what_cannot_be_compared_with_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandXmlError, match="columns: maXa, soHieuToBanDo, soThuTuThua"):
        against(tmp_path, "maXa,soThuTu", "06652,không")
    (tmp_path / "cut.xml").write_bytes(BASE.read_bytes()[:-200])
    with pytest.raises(LandXmlError, match=r"PKG001"):
        validate(BASE, operating=tmp_path / "cut.xml", workers=1)
    (tmp_path / "cut.xml").unlink()
    with pytest.raises(LandXmlError, match="No such file or folder"):
        validate(BASE, operating=tmp_path / "cut.xml", workers=1)
    with pytest.raises(LandXmlError, match=r"PKG001.*; a table of keys has the columns: maXa"):
        against(tmp_path, "x,y")
    (tmp_path / "keys.csv").unlink()
    with pytest.raises(LandXmlError, match="holds no parcel"):
        validate(BASE, operating=tmp_path, workers=1)


def test_a_certificate_binds_what_was_compared_with(tmp_path: Path) -> None:
    table = tmp_path / "keys.csv"
    table.write_text("soPhatHanh\nAA 1\n", "utf-8")
    stated = certify(validate(BASE, operating=table, workers=1))
    assert [each.name for each in stated.statement.beside] == ["keys.csv"]
    held = {each.name: each.holds for each in verify(stated, [BASE], operating=[table], workers=1)}
    assert set(held.values()) == {True}
    assert not dict(verify(stated, [BASE], workers=1))["beside"]
