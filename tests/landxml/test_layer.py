"""The carrier of map layers: every format, what lies beside, what is damaged, in which CRS it is."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import shapely

from landxml.carriers import Batch
from landxml.faults import Fault
from landxml.geometry import measure
from landxml.load import Loader, opened
from landxml.parts import CATALOG
from landxml.sources import find
from tests.layers import FORMATS, PARCELS, SQUARES, written

ROADS: dict[str, list[Any]] = {"ten": ["a"] * 5, "rong": [3] * 5}


class Read(NamedTuple):
    """What came out of some paths."""

    layouts: dict[str, str | None]
    batches: list[Batch]
    faults: list[Fault]
    skipped: Counter[str]

    @property
    def reasons(self) -> list[str]:
        return [fault.reason for fault in self.faults]

    def column(self, name: str) -> list[Any]:
        return [each for batch in self.batches for each in batch.tables["Dong"][name].to_pylist()]

    def measures(self, name: str) -> list[Any]:
        return [each for batch in self.batches for each in measure(batch.rings)[name].to_pylist()]


def read(*paths: Path, crs: int | None = None) -> Read:
    faults: list[Fault] = []
    skipped: Counter[str] = Counter()
    layouts: dict[str, str | None] = {}
    batches: list[Batch] = []
    for source in opened(find(paths, skipped), faults.append, crs=crs):
        layouts[Path(source.name).name] = source.layout.id if source.layout else None
        batches += Loader().load(source, faults.append)
    return Read(layouts, batches, faults, skipped)


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "way", [lambda path: path, lambda path: path.parent, lambda path: zipped(path.parent)]
)
def test_every_format_is_read_alone_in_a_folder_and_in_a_zip(
    tmp_path: Path, suffix: str, way: Callable[[Path], Path]
) -> None:
    (tmp_path / "goi").mkdir()
    found = read(way(written(tmp_path / "goi" / f"thua{suffix}")))
    assert found.layouts == {f"thua{suffix}": "parcel-layer"}
    assert found.faults == []
    assert not found.skipped, "what lies beside belongs to the layer"
    rows = sorted(zip(found.column("SoThuTuThua"), found.column("KyHieuMucDichSuDung"), strict=True))
    assert rows == list(zip("12345", PARCELS["KyHieuMucDichSuDung"], strict=True))
    assert set(found.column("DiaChiThuaDat")) == set(PARCELS["DiaChi"])
    assert set(found.column("DienTich")) == {"400"}
    assert found.column("_part") == ["thua"] * 5
    assert found.column("_at") == [1, 2, 3, 4, 5]
    assert found.measures("area") == [400] * 5
    assert found.measures("epsg") == [5899] * 5
    points = {(square.centroid.x, square.centroid.y) for square in SQUARES}
    assert set(zip(found.measures("x"), found.measures("y"), strict=True)) == points


def test_a_layer_with_the_name_of_a_table_is_neither(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.geojson").rename(tmp_path / "thua.csv")
    found = read(path)
    assert found.layouts == {"thua.csv": None}
    assert found.reasons == ["binary"]


def test_a_database_has_several_layers(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.gpkg")
    written(path, fields=ROADS, layer="duong")
    written(path, fields=PARCELS | {"SoThuTuThua": [6, 7, 8, 9, 10]}, layer="thua 2")
    found = read(path)
    assert found.column("_part") == ["thua"] * 5 + ["thua 2"] * 5
    (fault,) = found.faults
    assert (fault.reason, fault.params["names"], fault.params["count"]) == ("layers", "duong", 1)


def test_names_of_fields_are_national_cut_off_or_those_of_ilis(tmp_path: Path) -> None:
    ilis: dict[str, list[Any]] = {
        "madvhc": ["06652"] * 5,
        "tobandoso": [12] * 5,
        "sothututhua": [1, 2, 3, 4, 5],
        "loaidat": ["LUC"] * 5,
    }
    short: dict[str, list[Any]] = {
        "MaXa": ["06652"] * 5,
        "SoHieuTo": [12] * 5,
        "SoThua": [1, 2, 3, 4, 5],
        "DTPhapLy": [1.5] * 5,
    }
    for fields in (ilis, short, PARCELS):
        for suffix in (".shp", ".gpkg"):
            found = read(written(tmp_path / f"{len(fields)}{list(fields)[1]}{suffix}", fields=fields))
            assert found.column("SoHieuToBanDo") == ["12"] * 5
            assert found.column("SoThuTuThua") == list("12345")


def test_fields_that_are_unknown_are_told(tmp_path: Path) -> None:
    (fault,) = read(written(tmp_path / "thua.shp", fields=PARCELS | {"MauNha": ["x"] * 5})).faults
    assert (fault.reason, fault.params["column"], fault.part) == ("column", "MauNha", "thua")


def test_a_layer_of_something_else_is_of_no_layout(tmp_path: Path) -> None:
    found = read(written(tmp_path / "duong.shp", fields=ROADS))
    assert (found.layouts, found.reasons) == ({"duong.shp": None}, ["binary"])
    assert "No layer of this map (Shapefile)" in found.faults[0].params["reason"]["en"]


@pytest.mark.parametrize(
    ("lost", "read_on"), [([".dbf"], False), ([".shx"], False), ([".shp", ".shx", ".prj", ".cpg"], True)]
)
def test_a_shapefile_that_lacks_a_file_is_told_so(tmp_path: Path, lost: list[str], read_on: bool) -> None:
    path = written(tmp_path / "thua.shp")
    for suffix in lost:
        path.with_suffix(suffix).unlink()
    found = read(tmp_path)
    assert found.reasons == ["beside"]
    assert f"thua{lost[0]}" in found.faults[0].params["reason"]["en"]
    assert len(found.batches) == read_on


def test_parts_are_found_in_any_case_and_first_in_that_of_the_shapefile(tmp_path: Path) -> None:
    good = written(tmp_path / "thua.shp")
    other = written(tmp_path / "khac.shp", fields=PARCELS | {"SoThuTuThua": [6, 7, 8, 9, 10]})
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        for suffix in (".dbf", ".shx"):
            archive.write(good.with_suffix(suffix), f"thua{suffix.upper()}")
        archive.write(good, "Thua.shp")
    found = read(tmp_path / "goi.zip")
    assert (found.faults, found.column("SoThuTuThua")) == ([], list("12345"))
    with zipfile.ZipFile(tmp_path / "hai.zip", "w") as archive:
        for path, name in ((good, "Thua"), (other, "thua")):
            for suffix in (".shp", ".dbf", ".shx"):
                archive.write(path.with_suffix(suffix), f"{name}{suffix}")
    assert read(tmp_path / "hai.zip").column("SoThuTuThua") == [*"123456789", "10"]


def test_a_link_to_nothing_beside_a_shapefile_does_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.shp")
    for suffix in (".lnk", ".sbn"):
        path.with_suffix(suffix).symlink_to(tmp_path / "none")
    found = read(path)
    assert (found.faults, len(found.column("SoThuTuThua"))) == ([], 5)


def test_an_empty_table_beside_shapes_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.shp")
    empty = written(tmp_path / "none.shp", [], {name: [] for name in PARCELS})
    shutil.copy(empty.with_suffix(".dbf"), path.with_suffix(".dbf"))
    found = read(path)
    assert "beside" in found.reasons
    assert "5 shapes, but thua.dbf has 0 rows" in found.faults[0].params["reason"]["en"]


def test_other_tables_are_no_layers(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.shp", fields=ROADS)
    for suffix in (".shp", ".shx", ".prj", ".cpg"):
        path.with_suffix(suffix).unlink()
    found = read(tmp_path)
    assert (found.reasons, found.skipped) == (["nothing"], {".dbf": 1})


def test_shapes_that_are_no_polygons_keep_their_rows(tmp_path: Path) -> None:
    point, line = shapely.Point(437500, 2318300), shapely.LineString([(437500, 2318300), (437600, 2318300)])
    shapes = [SQUARES[0], point, None, shapely.Polygon(), line]
    for suffix in (".gpkg", ".geojson"):
        found = read(written(tmp_path / f"thua{suffix}", shapes, geometry_type="Unknown"))
        assert found.faults == []
        assert found.measures("row") == [0, 1, 4]
        assert found.measures("reason") == [None, "Point", "LineString"]
        assert [mark is None for mark in found.column("ranhGioi")] == [False, False, True, True, False]


def test_open_rings_are_read_as_they_are(tmp_path: Path) -> None:
    wkb = shapely.to_wkb(SQUARES[1])
    found = read(written(tmp_path / "thua.shp", [SQUARES[0], wkb[:-16] + wkb[-8:] + wkb[-8:], *SQUARES[2:]]))
    assert found.measures("closed") == [True, False, True, True, True]


@pytest.mark.parametrize(
    ("stated", "given", "epsg", "found"),
    [
        ("EPSG:5899", None, 5899, None), ("EPSG:5899", 9214, 5899, None), (None, None, None, None),
        (None, 5899, 5899, None), ("EPSG:4326", None, None, "metres"), ("EPSG:4326", 5899, 5899, "metres"),
    ],
)  # fmt: skip
def test_the_crs_is_that_of_the_layer_or_the_given_one(
    tmp_path: Path, stated: str | None, given: int | None, epsg: int | None, found: str | None
) -> None:
    result = read(written(tmp_path / "thua.shp", crs=stated), crs=given)
    assert set(result.measures("epsg")) == {epsg}
    assert result.reasons == (["crs"] if found else [])
    for fault in result.faults:
        assert fault.params["stated"] == stated
        assert fault.params["found"]["en"] == f"the coordinates are {found}"


def test_geojson_without_a_crs_means_degrees_and_may_lie(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.geojson")
    content = json.loads(path.read_text())
    del content["crs"]
    path.write_text(json.dumps(content))
    assert read(path).reasons == ["crs"]
    assert read(path, crs=5899).measures("epsg") == [5899] * 5


def test_degrees_stand_latitude_first_as_epsg_has_it(tmp_path: Path) -> None:
    boxes = [shapely.box(107 + at / 100, 20, 107.005 + at / 100, 20.005) for at in range(5)]
    found = read(written(tmp_path / "thua.gpkg", boxes, crs="EPSG:4756"))
    assert found.reasons == []
    assert {round(x, 1) for x in found.measures("x")} == {20.0}
    assert {round(lon, 1) for lon in found.measures("lon")} == {107.0}
    metres = read(written(tmp_path / "met.gpkg", boxes, crs="EPSG:5899"))
    assert (metres.reasons, set(metres.measures("epsg"))) == (["crs"], {None})


def test_a_prj_without_a_code_is_known_by_its_parameters(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.shp")
    path.with_suffix(".prj").write_text(
        'PROJCS["TM3",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",105.75],PARAMETER["Scale_Factor",0.9999],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    assert set(read(path).measures("epsg")) == {9210}


def test_old_encodings_are_read_and_told(tmp_path: Path) -> None:
    texts = ["Xãm B·i B»ng", "Th«n §«ng H\xadêng", "Tæ d©n phè", "sè mét", "Êp Mü ThuËn"]
    path = written(tmp_path / "thua.shp", fields=PARCELS | {"DiaChi": texts}, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    found = read(path)
    assert found.reasons == ["charset"]
    assert found.faults[0].params["encoding"] == "TCVN3"
    assert found.column("DiaChiThuaDat")[:2] == ["Xóm Bãi Bằng", "Thôn Đông Hường"]


@pytest.mark.parametrize("suffix", [*FORMATS, ".dbf"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_what_is_cut_off_is_told_and_ends_nothing(tmp_path: Path, suffix: str, share: float) -> None:
    path = written(tmp_path / f"thua{'.shp' if suffix == '.dbf' else suffix}").with_suffix(suffix)
    path = path / "a00000009.gdbtable" if suffix == ".gdb" else path
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert set(read(tmp_path).reasons) <= {"unreadable", "layers", "nothing", "binary", "empty"}
    assert read(tmp_path).reasons


def test_a_changed_table_is_a_changed_layer(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.shp")
    (before,) = find(path)
    shutil.copystat(path, path.with_suffix(".dbf"))
    path.with_suffix(".dbf").write_bytes(path.with_suffix(".dbf").read_bytes())
    (after,) = find(path)
    assert after.changed != before.changed  # type: ignore[union-attr]


def test_a_geodatabase_is_one_document(tmp_path: Path) -> None:
    written(tmp_path / "thua.gdb")
    (document,) = find(tmp_path)
    assert document.name.endswith("thua.gdb")
    assert Path(document.path).name == CATALOG  # type: ignore[union-attr]
