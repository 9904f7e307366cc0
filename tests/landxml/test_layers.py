"""Map layers are written: complete or not at all, at the right position, and read again as they were."""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landxml.errors import LandXmlError
from landxml.faults import raised
from landxml.geometry import Rings, polygons
from landxml.layers import write
from landxml.layouts import builtin
from landxml.load import Loader, opened
from landxml.sources import find
from landxml.wkb import Shapes
from tests.layers import SQUARES

LAYOUT = builtin()["parcel-layer"]
PARCEL: dict[str, str | None] = {
    "MaXa": "06652", "SoHieuToBanDo": "12", "SoThuTuThua": "1", "SoHieuToBanDoCu": "4", "SoThuTuThuaCu": None,
    "DienTich": "400.5", "DienTichPhapLy": "400", "KyHieuMucDichSuDung": "ONT+CLN",
    "DiaChiThuaDat": "Thôn Đông, phường Hà Tu",
}  # fmt: skip
SUFFIXES = (".gpkg", ".shp", ".geojson")
every = pytest.mark.parametrize("suffix", SUFFIXES)

Row = dict[str, str | None]


def batch(
    rows: Sequence[Row], shapes: Sequence[Any] = SQUARES, srs: str = "urn:ogc:def:crs:EPSG::5899"
) -> tuple[pa.Table, Rings]:
    """Return features, each of a row and a shape or None, as writers get them."""
    wkb = [shape and shapely.to_wkb(shape) for shape, _ in zip(shapes, rows, strict=False)]
    rings = Shapes(pa.array(wkb, pa.binary()))
    rings.place(srs, flip=False)
    texts = {name: pa.array([row[name] for row in rows], pa.string()) for name in PARCEL}
    return pa.table(texts), rings


def numbered(count: int) -> list[Row]:
    return [PARCEL | {"SoThuTuThua": str(number)} for number in range(1, count + 1)]


def loaded(path: Path) -> tuple[list[Row], list[Any], set[str | None]]:
    """Return the texts and shapes of the features of a file, and their CRSs."""
    rows: list[Row] = []
    shapes: list[Any] = []
    systems: set[str | None] = set()
    for source in opened(find(path), raised):
        for found in Loader().load(source, raised):
            (table,) = found.tables.values()
            rows += [{name: row[name] for name in PARCEL} for row in table.to_pylist()]
            made = dict(zip(found.rings.rows, polygons(found.rings), strict=True))
            shapes += [made.get(at) for at in range(len(table))]
            systems |= set(found.rings.srs)
    return rows, shapes, systems


@every
def test_features_are_read_again_as_they_were_in_whatever_batches(tmp_path: Path, suffix: str) -> None:
    rows, shapes = numbered(5), [*SQUARES[:3], None, SQUARES[4]]
    write(tmp_path / f"thua{suffix}", LAYOUT, [batch(rows[:2], shapes), batch(rows[2:], shapes[2:])])
    again, found, systems = loaded(tmp_path / f"thua{suffix}")
    assert (again, systems) == (rows, {"EPSG:5899"})
    assert [shape is None for shape in found] == [False, False, False, True, False]
    assert all(one is None or one.equals(other) for one, other in zip(found, shapes, strict=True))


@every
def test_other_programs_find_it_at_its_position(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"thua{suffix}"
    write(path, LAYOUT, [batch(numbered(5))])
    info = pyogrio.read_info(path, force_total_bounds=True)
    assert info["crs"] == "EPSG:5899"
    assert info["total_bounds"] == (437500, 2318300, 437600, 2318320)
    assert info["layer_name"] == "thua"
    assert dict(zip(info["fields"], info["dtypes"], strict=True))["DienTich"] == "float64"


def test_degrees_stand_longitude_first(tmp_path: Path) -> None:
    latitude_first = [shapely.box(20.96, 107.15, 20.97, 107.16)]
    write(tmp_path / "thua.gpkg", LAYOUT, [batch(numbered(1), latitude_first, "EPSG:4756")])
    bounds = pyogrio.read_info(tmp_path / "thua.gpkg", force_total_bounds=True)["total_bounds"]
    assert bounds == pytest.approx((107.15, 20.96, 107.16, 20.97))
    _, (again,), systems = loaded(tmp_path / "thua.gpkg")
    assert (again.equals(latitude_first[0]), systems) == (True, {"EPSG:4756"})


def test_a_shapefile_has_all_its_files(tmp_path: Path) -> None:
    write(tmp_path / "thua.shp", LAYOUT, [batch(numbered(2))])
    assert {path.suffix for path in tmp_path.iterdir()} == {".shp", ".shx", ".dbf", ".cpg", ".prj"}
    assert (tmp_path / "thua.cpg").read_text() == "UTF-8"
    assert "SoHieuToBa" in pyogrio.read_info(tmp_path / "thua.shp")["fields"]


def test_of_several_systems_a_geopackage_has_a_layer_each(tmp_path: Path) -> None:
    batches = [batch(numbered(2)), batch(numbered(1), srs="EPSG:5898"), batch(numbered(2))]
    write(tmp_path / "thua.gpkg", LAYOUT, batches)
    assert pyogrio.list_layers(tmp_path / "thua.gpkg")[:, 0].tolist() == ["thua", "thua_5898"]
    rows, _, systems = loaded(tmp_path / "thua.gpkg")
    assert (len(rows), systems) == (5, {"EPSG:5899", "EPSG:5898"})


@pytest.mark.parametrize("suffix", [".shp", ".geojson"])
def test_other_formats_refuse_several_systems(tmp_path: Path, suffix: str) -> None:
    batches = [batch(numbered(2)), batch(numbered(1), srs="EPSG:5898")]
    with pytest.raises(LandXmlError, match=r"EPSG:5899, EPSG:5898.*write a GeoPackage"):
        write(tmp_path / f"thua{suffix}", LAYOUT, batches)
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_a_dbf_would_cut_off_is_refused(tmp_path: Path) -> None:
    rows = [PARCEL | {"DiaChiThuaDat": "Đ" * 128}]
    with pytest.raises(LandXmlError, match="1 values of DiaChi are longer than 254 bytes"):
        write(tmp_path / "thua.shp", LAYOUT, [batch(rows)])
    assert list(tmp_path.iterdir()) == []
    write(tmp_path / "thua.gpkg", LAYOUT, [batch(rows)])
    assert loaded(tmp_path / "thua.gpkg")[0] == rows


def test_an_error_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def batches() -> Any:
        yield batch(numbered(2))
        raise KeyError("x")

    for suffix in SUFFIXES:
        with pytest.raises(KeyError):
            write(tmp_path / f"thua{suffix}", LAYOUT, batches())
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced_unasked_and_nothing_old_stays_with_the_new(tmp_path: Path) -> None:
    for suffix in (".dbf", ".prj", ".qix"):
        (tmp_path / f"thua{suffix}").write_bytes(b"old")
    with pytest.raises(LandXmlError, match="exists already"):
        write(tmp_path / "thua.shp", LAYOUT, [batch(numbered(1))])
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"old"}
    write(tmp_path / "thua.shp", LAYOUT, [batch(numbered(1), srs="")], force=True)
    assert {path.suffix for path in tmp_path.iterdir()} == {".shp", ".shx", ".dbf", ".cpg"}


def test_a_suffix_of_no_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandXmlError, match="gpkg"):
        write(tmp_path / "thua.kml", LAYOUT, [batch(numbered(1))])


@st.composite
def features(draw: st.DrawFn) -> tuple[Row, Any]:
    text = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40)
    words = text.map(lambda each: unicodedata.normalize("NFC", each)).filter(
        lambda each: len(each.encode()) <= 254
    )
    numbers, areas = st.integers(0, 10**9).map(str), st.integers(1, 10**9).map(lambda each: str(each / 10))
    kinds = {"SoHieuToBanDo": numbers, "SoThuTuThua": numbers, "DienTich": areas, "DienTichPhapLy": areas}
    row = {name: draw(st.none() | kinds.get(name, words)) for name in PARCEL}
    east, north, size = (draw(st.integers(least, 10 * least)) / 1000 for least in (10**8, 10**9, 10**3))
    hole = shapely.box(east + size / 4, north + size / 4, east + size / 2, north + size / 2)
    shape = shapely.box(east, north, east + size, north + size)
    return row, draw(st.sampled_from([None, shape, shape.difference(hole)]))


@every
@settings(max_examples=10, deadline=None)
@given(found=st.lists(features(), min_size=1, max_size=5))
def test_whatever_the_layer_holds_comes_back(suffix: str, found: list[tuple[Row, Any]]) -> None:
    rows, shapes = zip(*found, strict=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"thua{suffix}")
        write(path, LAYOUT, [batch(rows, shapes)])
        again, made, _ = loaded(path)
    plain = [{name: text and text.removesuffix(".0") for name, text in row.items()} for row in again]
    assert plain == [{name: text and text.removesuffix(".0") for name, text in row.items()} for row in rows]
    assert [one is None for one in made] == [shape is None for shape in shapes]
    for one, shape in zip(made, shapes, strict=True):
        whole = shape and shapely.MultiPolygon([shape])
        assert one is None or one.equals_exact(whole, 1e-6, normalize=True)  # GeoJSON has decimals
