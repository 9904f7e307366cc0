"""Map layers under the national rules: findings point to layer and feature."""

from pathlib import Path
from typing import Any

import pytest
import shapely

from landxml.errors import LandXmlError
from landxml_validator import validate
from landxml_validator.inspection import inspect
from landxml_validator.report import Finding, Report
from tests.layers import FORMATS, PARCELS, SQUARES, written


def findings(report: Report) -> dict[str, list[Finding]]:
    return {result.rule.code: list(result.samples) for result in report.results if result.count}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_good_layer_conforms(tmp_path: Path, suffix: str) -> None:
    report = validate([written(tmp_path / f"thua{suffix}")], workers=1)
    assert findings(report) == {}
    assert report.verdict == "conformant"
    assert report.records == {"ThuaDat": 5, "MucDichSuDung": 6}, "ONT+CLN are two"
    assert (report.files[0].layout, report.files[0].crs) == ("parcel-layer", "EPSG:5899")


def test_findings_point_to_layer_and_feature(tmp_path: Path) -> None:
    bow = shapely.Polygon([(437500, 2318300), (437520, 2318320), (437520, 2318300), (437500, 2318320)])
    shapes = [*SQUARES[:2], bow, SQUARES[3], None]
    fields = PARCELS | {"KyHieuMucDichSuDung": ["ONT+CLN", "XXX", "ONT", "CLN", "LUC"]}
    found = findings(validate([written(tmp_path / "thua.gpkg", shapes, fields)], workers=1))
    places = {
        code: (each.part, each.line or each.at, each.key) for code, (each,) in found.items()
    }  # fmt: skip
    assert places["GEO002"] == ("thua", 3, "06652/12/3")
    assert places["GEO004"] == ("thua", 5, "06652/12/5")
    assert places["COD001"][:2] == ("thua", 2)


def test_one_parcel_of_several_owners_is_one_and_two_shapes_of_one_number_are_two(tmp_path: Path) -> None:
    numbers = PARCELS | {"SoThuTuThua": [1, 1, 2, 2, 3]}
    shapes = [SQUARES[0], SQUARES[0], SQUARES[1], SQUARES[2], SQUARES[3]]
    purposes = numbers | {"KyHieuMucDichSuDung": ["ONT", "ONT", "LUC", "LUC", "LUC"]}
    report = validate([written(tmp_path / "thua.gpkg", shapes, purposes)], workers=1)
    assert report.records["ThuaDat"] == 4
    (twice,) = findings(report)["UNQ002"]
    assert twice.key == "06652/12/2"


def test_a_feature_without_attributes_is_a_parcel(tmp_path: Path) -> None:
    none: dict[str, list[Any]] = {
        name: [*values[:4], ""] for name, values in PARCELS.items() if name != "DienTich"
    }
    none = {name: [str(value) for value in values] for name, values in none.items()}
    report = validate([written(tmp_path / "thua.gpkg", fields=none)], workers=1)
    assert report.records["ThuaDat"] == 5


def test_the_crs_that_is_given_counts_where_the_layer_has_none(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.shp", crs="EPSG:4326")
    assert findings(validate([path], workers=1)).keys() == {"CRS006"}
    (told,) = findings(validate([path], crs=5899, workers=1))["CRS006"]
    assert told.params["used"] == "EPSG:5899"
    bare = written(tmp_path / "bare.shp", crs=None)
    assert findings(validate([bare], workers=1)).keys() == {"CRS001"}
    assert findings(validate([bare], crs=5899, workers=1)) == {}
    with pytest.raises(LandXmlError, match="EPSG has no system 99999"):
        validate([bare], crs=99999, workers=1)


def test_a_geojson_that_says_nothing_is_where_the_user_says(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.geojson", crs=None)
    assert findings(validate([path], workers=1)).keys() == {"CRS006"}
    report = validate([path], crs=5899, workers=1)
    assert (findings(report), report.files[0].crs) == ({}, "EPSG:5899")


@pytest.mark.parametrize("size", [2, 100])
def test_a_field_that_the_layer_lacks_is_told_once_and_an_empty_one_at_its_feature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("landxml.carriers.layer.BATCH", size)
    fields = PARCELS | {"SoThuaHong": PARCELS["SoThuTuThua"], "MaXa": [*PARCELS["MaXa"][:4], ""]}
    del fields["SoThuTuThua"]
    found = findings(validate([written(tmp_path / "thua.gpkg", fields=fields)], workers=1))
    assert [(each.at, each.id, each.column) for each in found["MAP005"]] == [
        (0, "", ""), (5, found["MAP005"][1].id, "MaXa"),
    ]  # fmt: skip
    assert found["MAP005"][0].params["detail"] == "absent"
    assert len(found["MAP001"]) == 1


def test_no_xml_schema_is_passed(tmp_path: Path) -> None:
    report = validate([written(tmp_path / "thua.gpkg")], workers=1)
    assert {each.id: each.state for each in report.conformance}["schema"] == "not-applicable"


def test_another_crs_is_another_outcome(tmp_path: Path) -> None:
    path, work = written(tmp_path / "thua.shp", crs=None), tmp_path / "work"
    assert findings(validate([path], work=work, workers=1)).keys() == {"CRS001"}
    assert findings(validate([path], work=work, crs=5899, workers=1)) == {}


def test_layers_are_inspected(tmp_path: Path) -> None:
    (found,) = inspect(written(tmp_path / "thua.gpkg", crs=None), crs=5899)
    assert (found.layouts, found.crs, found.unread) == ({"parcel-layer": 1}, ["EPSG:5899"], 0)
    assert [(commune.code, commune.count) for commune in found.communes] == [("06652", 5)]
