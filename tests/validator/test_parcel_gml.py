"""The parcel GML of VBDLIS under the rules, in files, folders and zips."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from landxml_samples import write
from landxml_validator import inspect, validate
from landxml_validator.report import Report

CORPUS = Path(__file__).parents[1] / "corpus"
TEXT = (CORPUS / "base/thua_dat.gml").read_text("utf-8")
COMPANION = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:extension><base/></xs:extension>'


def found(report: Report) -> dict[str, list[tuple[int, str]]]:
    return {
        result.rule.code: [(finding.line, finding.id) for finding in result.samples]
        for result in report.results if result.count
    }  # fmt: skip


def check(folder: Path, text: str) -> dict[str, list[tuple[int, str]]]:
    path = folder / "Thua_Dat.gml"
    path.write_text(text, "utf-8")
    return found(validate(path, workers=1))


def features(*texts: str) -> str:
    start, end = TEXT.index("  <wfs:member>"), TEXT.index("</wfs:FeatureCollection>")
    return TEXT[:start] + "".join(texts) + TEXT[end:]


FEATURE = TEXT[TEXT.index("  <wfs:member>") : TEXT.index("</wfs:FeatureCollection>")]


def test_parcels_land_uses_and_shapes_become_national(tmp_path):
    path = tmp_path / "Thua_Dat.gml"
    path.write_text(TEXT, "utf-8")
    report = validate(path, workers=1)
    assert found(report) == {}
    assert (report.records["ThuaDat"], report.records["MucDichSuDung"]) == (1, 2)
    assert report.unmapped == {"Thua_Dat.tenChu": 1}
    assert report.files[0].crs == "EPSG:5899"


def test_a_wrong_value_is_said_once_at_its_line(tmp_path):
    assert check(tmp_path, TEXT.replace(">120<", ">rộng<")) == {"XSD002": [(24, "")]}


def test_a_parcel_that_is_there_twice_is_found_also_on_one_line(tmp_path):
    twice = features(FEATURE, FEATURE)
    first, second = ("ThuaDat.06652-12-345-1", "ThuaDat.06652-12-345-2")
    assert check(tmp_path, twice)["UNQ002"] == [(30, second)]
    assert {identifier for _, identifier in check(tmp_path, twice.replace("\n", " "))["UNQ002"]} <= {
        first,
        second,
    }


def test_a_land_use_that_is_no_code_is_found_beside_one_that_is(tmp_path):
    assert [line for line, _ in check(tmp_path, TEXT.replace("ODT+CLN", "CLN+???"))["COD001"]] == [10]


def test_a_feature_without_a_boundary(tmp_path):
    start, end = TEXT.index("<gml:Polygon"), TEXT.index("</app:Geometry>")
    assert check(tmp_path, TEXT[:start] + TEXT[end:]) == {"GEO004": [(10, "ThuaDat.06652-12-345-1")]}


def test_the_meridian_is_compared_with_the_commune_where_both_names_agree():
    report = validate(CORPUS / "CRS007/fail-another-commune.gml", workers=1)
    (result,) = (each for each in report.results if each.count)
    assert result.message(result.samples[0], "en") == (
        "srsRevert and srsName (EPSG:5898) both say 108° (3°), but maps of commune 06652 have 107.75°"
        " (parcels: 1)."
    )


@pytest.mark.parametrize("revert", ["", "VN2000", "VN2000_QNinh_3_abc", "WGS84", "VN2000_QNinh_4_107.75"])
def test_a_second_name_that_says_nothing_is_let_pass(tmp_path, revert):
    assert check(tmp_path, TEXT.replace("VN2000_QNinh_3_107.75", revert)) == {}


def test_a_companion_schema_is_never_used(tmp_path):
    (tmp_path / "Thua_Dat.xsd").write_text(COMPANION, "utf-8")
    assert check(tmp_path, TEXT) == {}
    assert found(validate(tmp_path, workers=1)).keys() <= {"PKG013"}


def test_folders_and_zips_with_dossiers_beside(tmp_path):
    write(tmp_path / "goi", layout="vbdlis-xml", parcels=3)
    shutil.copy(CORPUS / "base/thua_dat.gml", tmp_path / "goi/ThuaDat.gml")
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        for path in sorted((tmp_path / "goi").rglob("*.*ml")):
            archive.write(path, path.relative_to(tmp_path / "goi").as_posix())
    for path in (tmp_path / "goi", tmp_path / "goi.zip"):
        (one,) = inspect(path)
        assert one.layouts == {"vbdlis-xml": 3, "vbdlis-gml": 1}
        assert one.records["Thua_Dat"] == 1
        report = validate(path, workers=1)
        assert report.records["ThuaDat"] == 4
        assert found(report).keys() == {"LNK001", "LNK002"}  # the map is that of another parcel
