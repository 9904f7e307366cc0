"""Findings as maps: GeoPackage, GeoJSON, and points."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyogrio
import pytest
import shapely
from lxml import etree
from pyarrow import parquet

from landxml_reports import geojson, gpkg, points, wording
from landxml_validator.report import Report
from tests.reports.tables import table

EAST, NORTH = 437_000.0, 2_318_000.0
SQUARE = shapely.box(EAST, NORTH, EAST + 1, NORTH + 1)
SHAPES = (
    shapely.Point(EAST, NORTH),
    SQUARE,
    shapely.MultiPolygon([SQUARE, shapely.box(EAST + 5, NORTH, EAST + 6, NORTH + 1)]),
    shapely.LineString([(EAST, NORTH), (EAST + 3, NORTH)]),
    None,
)
"""Of the findings of LND004 in turn."""


@pytest.fixture
def report(report: Report) -> Report:
    """A report whose files are in a zone that is known, and one in none."""
    report.results[2].count = len(SHAPES)
    samples = report.results[2].samples
    report.results[2].samples = [
        msgspec.structs.replace(
            samples[0],
            id=str(n),
            at=n + 1,
            x=shape and EAST,
            y=shape and NORTH,
            file="hoso/HoSo_1.xml" if n == 3 else samples[0].file,
        )
        for n, shape in enumerate(SHAPES)
    ]
    return report


@pytest.fixture
def findings(report: Report, tmp_path: Path) -> Path:
    path = table(report, tmp_path / "all.parquet")
    rows = parquet.read_table(path)
    shapes = iter(SHAPES)
    geometry = rows["geometry"].to_pylist()
    for at in (at for at, rule in enumerate(rows["rule"].to_pylist()) if rule == "LND004"):
        geometry[at] = shapely.to_wkb(next(shapes))
    at = rows.schema.get_field_index("geometry")
    parquet.write_table(rows.set_column(at, "geometry", pa.array(geometry, pa.binary())), path)
    return path


def package(report: Report, findings: Path, path: Path, lang: str = "vi") -> Path:
    with path.open("w+b") as out:
        gpkg.write(report, findings, lang, out)
    return path


def test_layers_for_qgis(report: Report, findings: Path, tmp_path: Path) -> None:
    """One for each kind and CRS; of dossiers the CRS is said by their folder, which says none here."""
    path = package(report, findings, tmp_path / "a.gpkg")
    layers = {name: pyogrio.read_arrow(path, layer=name) for name, _ in pyogrio.list_layers(path)}
    assert {
        name: (meta["crs"], meta["geometry_type"], rows.num_rows) for name, (meta, rows) in layers.items()
    } == {
        "diem_5899": ("EPSG:5899", "Point", 2),
        "vung_5899": ("EPSG:5899", "MultiPolygon", 2),
        "duong": (None, "MultiLineString", 1),
        "khong_vi_tri": (None, None, 2),
        "layer_styles": (None, None, 4),
    }
    (first, _) = layers["vung_5899"][1].to_pylist()
    assert shapely.from_wkb(first.pop("geom")).equals(SQUARE)
    assert len(first.pop("ma_phat_hien")) == 32
    assert first.pop("so") == 4
    assert first == {
        "quy_tac": "LND004", "muc_do": "error", "noi_dung": "diện tích 120,5 m², tổng 118,0 m²",
        "xa": "00004", "thua": "00004/12/118", "doi_tuong": "ThuaDat", "so_hieu": "00004/12/118",
        "truong": "", "vi_tri": "goi.zip!/00004.gml:2", "trang_thai": "chua_sua", "ghi_chu": "",
    }  # fmt: skip
    assert path.read_bytes() == package(report, findings, tmp_path / "b.gpkg").read_bytes()


def test_a_style_that_qgis_finds(report: Report, findings: Path, tmp_path: Path) -> None:
    path = package(report, findings, tmp_path / "a.gpkg")
    with closing(sqlite3.connect(path)) as con:
        assert con.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchall() == [("attributes",)]
        rows = con.execute(
            "SELECT f_table_name, f_table_catalog, f_table_schema, f_geometry_column, useAsDefault,"
            " update_time, styleQML FROM layer_styles"
        ).fetchall()
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    styles: dict[str, Any] = {}
    for name, *found, qml in rows:
        shape = "" if name == "khong_vi_tri" else "geom"
        assert found == ["", "", shape, 1, "2025-09-03T07:05:00.000Z"]
        styles[name] = etree.fromstring(qml.encode())
    style = styles["vung_5899"]
    assert [each.get("value") for each in style.iter("category")] == ["error", "warning", "info", "done"]
    assert {each.get("type") for each in style.find("renderer-v2/symbols")} == {"fill"}
    words = {
        each.get("name"): each.get("value")
        for each in style.find(".//field[@name='trang_thai']").iter("Option")
    }
    assert (words["Chưa sửa"], words["Đã sửa"]) == ("chua_sua", "da_sua")
    rules = style.find(".//field[@name='quy_tac']//Option[@value='GEO002']")
    assert rules.get("name") == "GEO002 Ranh giới tự cắt"
    assert {each.get("field"): each.get("name") for each in style.iter("alias")}["muc_do"] == "Mức độ"
    edited = {each.get("name") for each in style.find("editable") if each.get("editable") == "1"}
    assert edited == {"trang_thai", "ghi_chu"}
    assert "Sửa trong phần mềm nguồn" in style.findtext("mapTip")
    assert styles["khong_vi_tri"].find("renderer-v2") is None


def test_geojson_is_wgs84(report: Report, findings: Path) -> None:
    out = io.BytesIO()
    geojson.write(report, findings, "en", out)
    features = json.loads(out.getvalue())["features"]
    shapes = [feature["geometry"] and feature["geometry"]["type"] for feature in features]
    assert shapes == ["Point", "Polygon", "MultiPolygon", None, None, "Point", None]
    assert features[0]["geometry"]["coordinates"] == pytest.approx([107.146062, 20.954154], abs=1e-5)
    ring = shapely.LinearRing(features[1]["geometry"]["coordinates"][0])
    assert ring.is_ccw
    said = features[3]["properties"]
    assert (said["x"], said["epsg"], said["rule"]) == (EAST, None, "LND004")
    assert said["message"] == "area 120.5 m², sum 118.0 m²"


def test_the_crs_of_a_place_in_the_parcel_of_another_file_is_that_of_the_delivery(
    report: Report, findings: Path
) -> None:
    """Dossiers have none; if there are several, it may be any."""
    rows = parquet.read_table(findings)
    files, x = rows["file"].to_pylist(), rows["x"].to_pylist()
    none = [None if file.startswith("hoso") else value for file, value in zip(files, x, strict=True)]
    parquet.write_table(
        rows.set_column(rows.schema.get_field_index("x"), "x", pa.array(none, pa.float64())), findings
    )

    def places() -> list[str | None]:
        out = io.BytesIO()
        geojson.write(report, findings, "en", out)
        shapes = [feature["geometry"] for feature in json.loads(out.getvalue())["features"]]
        return [shape and shape["type"] for shape in shapes]

    assert places()[3] == "LineString"
    report.files = [*report.files, msgspec.structs.replace(report.files[0], name="b.gml", crs="EPSG:5897")]
    assert places()[3] is None


def test_points_for_cad(report: Report, findings: Path) -> None:
    out = io.BytesIO()
    points.write(report, findings, "vi", out)
    header, *rows = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig")))
    assert tuple(header) == points.COLUMNS
    assert rows[0][:5] == ["3", "437000.000", "2318000.000", "5899", "LND004"]
    assert rows[-1][:5] == ["1", "587123.457", "2325888.100", "5899", "GEO002"]


def test_no_findings_no_features(report: Report, findings: Path, tmp_path: Path) -> None:
    report.results = [msgspec.structs.replace(each, state="passed") for each in report.results]
    path = package(report, findings, tmp_path / "a.gpkg")
    assert pyogrio.read_info(path, layer="khong_vi_tri")["features"] == 0
    out = io.BytesIO()
    geojson.write(report, findings, "vi", out)
    assert json.loads(out.getvalue()) == {"type": "FeatureCollection", "features": []}


def test_words_are_english_if_asked(report: Report, findings: Path, tmp_path: Path) -> None:
    path = package(report, findings, tmp_path / "a.gpkg", "en")
    with closing(sqlite3.connect(path)) as con:
        (qml,) = con.execute("SELECT styleQML FROM layer_styles").fetchone()
    assert wording.label("layer.open").en in qml
    assert "area 120.5 m²" in pyogrio.read_arrow(path, layer="diem_5899")[1]["noi_dung"][0].as_py()
