"""A finding explained: looked up again in the report, and in the input by its place."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from landxml.errors import LandXmlError
from landxml_reports import render
from landxml_reports.explanation import FORMATS
from landxml_reports.explanation import render as shown
from landxml_validator import Report, export, validate
from landxml_validator.explanation import Explanation, explain
from landxml_validator.explanation.recorded import read

CORPUS = Path(__file__).parents[2] / "corpus"
NAME = "Nguyễn Văn Mẫu"


class Checked(NamedTuple):
    """A folder with an archive, its report as ``all.json``, and its findings as ``all.csv``."""

    folder: Path
    report: Report

    def number(self, code: str) -> str:
        return next(str(found.number) for result, found in self.report.findings() if result.rule.code == code)

    def explained(self, code: str) -> Explanation:
        return explain(self.folder / "all.json", self.number(code), shapes=True)


def check(folder: Path, *names: str) -> Checked:
    """Check files of a folder, as a user does who stands in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        report = validate(names, findings="all.csv")
        Path("all.json").write_bytes(render(report, "json", "vi"))
    return Checked(folder, report)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("explained")
    with zipfile.ZipFile(folder / "goi.zip", "w") as archive:
        archive.writestr("ban-do.xml", (CORPUS / "GEO007/fail-overlap.xml").read_bytes())
        code = (CORPUS / "COD001/fail-hosoxml.xml").read_text("utf-8")
        archive.writestr("ho-so/1.xml", code.replace("<hoTen>", f"<hoTen><!-- {NAME} -->{NAME} "))
    return check(folder, "goi.zip")


def test_numbers_are_the_same_in_all_forms(checked: Checked) -> None:
    for result, finding in checked.report.findings():
        for form in ("json", "csv"):
            one = read(checked.folder / f"all.{form}", f"#{finding.number}")
            assert one.finding.fingerprint == finding.fingerprint
            assert one.message.en == result.message(finding, "en")
            assert (one.rule.code, one.rule.fix) == (result.rule.code, result.rule.fix)
    assert read(checked.folder / "all.csv", finding.fingerprint).finding.number == finding.number
    for form in ("text", "html"):
        assert f"#{finding.number}" in render(checked.report, form, "vi").decode()


def test_both_records_and_their_overlap(checked: Checked) -> None:
    found = checked.explained("GEO007")
    here, other = found.originals
    assert here.place == found.place != other.place
    assert all("<ld:ThuaDat " in each.lines[0].text for each in (here, other))
    assert [line.number - here.lines[0].number for line in here.lines[:3]] == [0, 1, 2]
    assert "ranhGioi" in next(line.text for line in here.lines if line.marked)
    *_, second, first, defect = found.shapes
    assert (second.role, first.role, defect.role) == ("other", "parcel", "defect")
    assert defect.geometry.area == pytest.approx(first.geometry.intersection(second.geometry).area)


def test_the_codes_that_are_valid_near_it(checked: Checked) -> None:
    found = checked.explained("COD001")
    assert found.codes
    assert found.codes.name in found.message.vi
    assert [row.found for row in found.codes.rows] == [False] * len(found.codes.rows) != []
    assert sum(line.marked for line in found.originals[0].lines) == 1


def test_personal_data_is_masked(checked: Checked) -> None:
    for _, finding in checked.report.findings():
        found = explain(checked.folder / "all.json", str(finding.number))
        for form in FORMATS:
            assert "Mẫu" not in shown(found, form, "vi").decode()
    record = "\n".join(line.text for line in explain(
        checked.folder / "all.json", checked.number("COD001"), personal_data=True
    ).originals[0].lines)  # fmt: skip
    assert "‹" not in record


def test_one_line(tmp_path: Path) -> None:
    """Records are found by their id where all stand on one line."""
    lines = (CORPUS / "GEO007/fail-overlap.xml").read_text("utf-8").splitlines()
    (tmp_path / "1.xml").write_text("".join(line.strip() for line in lines), "utf-8")
    (here, _) = check(tmp_path, "1.xml").explained("GEO007").originals
    assert here.lines[0].text.startswith("<ld:ThuaDat")
    assert sum(line.marked for line in here.lines) == 1
    assert max(len(line.text) for line in here.lines) < 1_000


def test_input_elsewhere_changed_or_gone(
    checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    which = checked.number("GEO007")
    moved = Path(shutil.copy(checked.folder / "all.json", tmp_path))
    assert "--input" in explain(moved, which).originals[0].note.en
    for given in (checked.folder, checked.folder / "goi.zip"):
        assert not explain(moved, which, given=given).originals[0].note.en
    shutil.copy(checked.folder / "goi.zip", tmp_path)
    os.utime(moved, (1, 1))  # the archive is newer by its time, and equal by its hash
    assert not explain(moved, which).originals[0].note.en
    with zipfile.ZipFile("goi.zip", "w") as archive:
        archive.writestr("ban-do.xml", (CORPUS / "GEO007/fail-overlap.xml").read_bytes() + b"\n\n")
        archive.writestr("ho-so/1.xml", b"<HoSoXml/>")
    assert "changed" in explain(moved, which).originals[0].note.en
    gone = explain(moved, checked.number("COD001"))
    assert "any more" in gone.originals[0].note.en
    assert gone.rule.code == "COD001"


def test_a_feature_of_a_map_layer(tmp_path: Path) -> None:
    text = (CORPUS / "GEO008/pass-polygon.geojson").read_text("utf-8")
    (tmp_path / "thua.geojson").write_text(text.replace('"DienTich": 120', '"DienTich": 190'), "utf-8")
    found = check(tmp_path, "thua.geojson").explained("GEO003")
    (feature,) = found.originals
    assert [(cell.column, cell.value) for cell in feature.cells if cell.marked] == [("DienTich", "190")]
    assert {cell.column for cell in feature.cells} >= {"MaXa", "SoThuTuThua"}
    assert [shape.role for shape in found.shapes] == ["parcel", "defect"]


@pytest.mark.parametrize(
    ("name", "which", "said"),
    [
        ("all.json", "999", "no finding 999"),
        ("all.csv", "0", "no finding 0"),
        ("all.json", "first", "neither the number nor"),
        ("goi.zip", "1", ".parquet"),
        ("old.json", "1", "schema 1.2"),
        ("later.json", "1", "schema 2.0"),
        ("other.json", "1", "no report"),
        ("old.csv", "1", "no report"),
    ],
)
def test_what_cannot_be_explained(checked: Checked, name: str, which: str, said: str) -> None:
    text = (checked.folder / "all.json").read_text("utf-8")
    version = msgspec.json.decode(text)["schema_version"]
    for other in ("1.2", "2.0"):
        made = {"1.2": "old", "2.0": "later"}[other]
        (checked.folder / f"{made}.json").write_text(text.replace(f'"{version}"', f'"{other}"', 1), "utf-8")
    (checked.folder / "other.json").write_text('{"a": 1}', "utf-8")
    (checked.folder / "old.csv").write_text("rule,fingerprint\nGEO001,0\n", "utf-8")
    with pytest.raises(LandXmlError, match=said.replace(".", r"\.")):
        read(checked.folder / name, which)


def test_a_coordinate_of_zero_is_one(tmp_path: Path) -> None:
    row: dict[str, object] = dict.fromkeys(set(export.COLUMNS.names) - {"geometry"}, "")
    row |= {"number": 1, "at": 0, "params": {}, "rule": "GEO005", "severity": "error", "x": 0.0, "y": 2.5}
    path = tmp_path / "all.jsonl"
    path.write_bytes(msgspec.json.encode(row))
    found = read(path, "1").finding
    assert (found.x, found.y) == (0, 2.5)
