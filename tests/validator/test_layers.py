"""Map layers under the national rules: findings point to layer and feature."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely

from landxml.carriers.layer import _texts
from landxml.errors import LandXmlError
from landxml.parts import CATALOG
from landxml_validator import validate
from landxml_validator.inspection import inspect
from landxml_validator.report import Finding, Report
from tests.layers import FORMATS, PARCELS, SQUARES, written
from tests.memory import PEAK, is_measured
from tests.rules import only

PLACES = only("CRS", "GEO", "TOP", "MAP")
"""Rules that see where parcels are."""


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


@pytest.mark.parametrize("size", [1, 100])
def test_one_parcel_of_several_owners_is_one_and_two_shapes_of_one_number_are_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("landxml.carriers.layer.BATCH", size)
    numbers = PARCELS | {"SoThuTuThua": [1, 1, 2, 2, 3]}
    shapes = [SQUARES[0], SQUARES[0], SQUARES[1], SQUARES[2], SQUARES[3]]
    purposes = numbers | {"KyHieuMucDichSuDung": ["ONT", "ONT", "LUC", "LUC", "LUC"]}
    report = validate([written(tmp_path / "thua.gpkg", shapes, purposes)], workers=1)
    assert report.records["ThuaDat"] == (4 if size > 4 else 5)
    assert [each.key for each in findings(report).pop("UNQ002")] == ["06652/12/2"]
    assert findings(report).keys() == {"UNQ002"}


def test_a_layer_that_repeats_another_repeats_its_parcels(tmp_path: Path) -> None:
    path = tmp_path / "thua.gpkg"
    for at in range(10):
        fields = PARCELS if at in {2, 7} else {"Ten": ["đường"] * 5}
        written(path, fields=fields, layer=f"lop{at}", append=at > 0)
    found = findings(validate([path], workers=1))
    assert [(each.part, each.at) for each in found["UNQ002"]] == [("lop7", at) for at in range(1, 6)]
    (others,) = found.pop("PKG013")
    assert others.params["count"] == 8
    assert found.keys() == {"UNQ002"}


def _cut(path: Path, share: float = 0.5) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def _overwritten(path: Path) -> None:
    """Damage a file behind its head."""
    data = bytearray(path.read_bytes())
    data[4096::40] = b"?" * len(data[4096::40])
    path.write_bytes(data)


def _packed(path: Path) -> Path:
    """Pack a layer with all its files, and delete them."""
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as out:
        for file in sorted(file for file in path.parent.rglob("*") if file.is_file() and file != archive):
            out.write(file, file.relative_to(path.parent))
            file.unlink()
    return archive


def _database(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE a (b)")
        other.commit()


def _table(path: Path) -> Path:
    """Return the file with the features: the last one."""
    return max(path.glob("*.gdbtable"))


BROKEN: dict[str, tuple[str, Callable[[Path], object], set[str]]] = {
    "empty": (".gpkg", lambda path: path.write_bytes(b""), {"PKG009"}),
    "zeros": (".gpkg", lambda path: path.write_bytes(bytes(5000)), {"PKG009"}),
    "head": (".gpkg", lambda path: path.write_bytes(path.read_bytes()[:100]), {"PKG009"}),
    "half": (".gpkg", _cut, {"PKG009"}),
    "overwritten": (".gpkg", _overwritten, {"PKG009"}),
    "another database": (".gpkg", _database, {"PKG009"}),
    "no shapes": (".shp", lambda path: path.write_bytes(b""), {"PKG009"}),
    "half of the rows": (".shp", lambda path: _cut(path.with_suffix(".dbf")), {"PKG009"}),
    "half of the shapes": (".shp", _cut, {"PKG009", "GEO004"}),
    "no catalog": (".gdb", lambda path: (path / CATALOG).write_bytes(b""), {"PKG009"}),
    "half of the catalog": (".gdb", lambda path: _cut(path / CATALOG), {"PKG009"}),
    "half of the table": (".gdb", lambda path: _cut(_table(path)), {"PKG009"}),
    "no table": (".gdb", lambda path: _table(path).unlink(), {"PKG009"}),
    "half of the archive": (".gdb", lambda path: _cut(_packed(path)), {"PKG003"}),
    "overwritten in the archive": (".gdb", lambda path: _overwritten(_packed(path)), {"PKG003"}),
    "half of the list": (".geojson", _cut, {"PKG009"}),
    "half of the features": (".fgb", _cut, {"PKG009"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_layer_in_a_folder_is_one_error(tmp_path: Path, name: str) -> None:
    suffix, broken, codes = BROKEN[name]
    broken(written(tmp_path / f"thua{suffix}"))
    found = findings(validate([tmp_path], workers=1))
    assert found.keys() == codes
    assert [len(found[code]) for code in codes if code.startswith("PKG")] == [1]


def test_a_feature_without_attributes_is_a_parcel(tmp_path: Path) -> None:
    none: dict[str, list[Any]] = {
        name: [*values[:4], ""] for name, values in PARCELS.items() if name != "DienTich"
    }
    none = {name: [str(value) for value in values] for name, values in none.items()}
    report = validate([written(tmp_path / "thua.gpkg", fields=none)], workers=1)
    assert report.records["ThuaDat"] == 5


def test_the_crs_that_is_given_counts_where_the_layer_has_none(tmp_path: Path) -> None:
    path, check = written(tmp_path / "thua.shp", crs="EPSG:4326"), partial(validate, configuration=PLACES)
    assert findings(check([path], workers=1)).keys() == {"CRS006"}
    (told,) = findings(check([path], crs=5899, workers=1))["CRS006"]
    assert told.params["used"] == "EPSG:5899"
    bare = written(tmp_path / "bare.shp", crs=None)
    assert findings(check([bare], workers=1)).keys() == {"CRS001"}
    assert findings(check([bare], crs=5899, workers=1)) == {}
    with pytest.raises(LandXmlError, match="EPSG has no system 99999"):
        validate([bare], crs=99999, workers=1)


def test_a_geojson_that_says_nothing_is_where_the_user_says(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.geojson", crs=None)
    assert findings(validate([path], workers=1, configuration=PLACES)).keys() == {"CRS006"}
    report = validate([path], crs=5899, workers=1, configuration=PLACES)
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
    assert {each.id: each.state for each in report.conformance}["structure"] == "not-applicable"


def test_another_crs_is_another_outcome(tmp_path: Path) -> None:
    path = written(tmp_path / "thua.shp", crs=None)
    check = partial(validate, [path], work=tmp_path / "work", workers=1, configuration=PLACES)
    assert findings(check()).keys() == {"CRS001"}
    assert findings(check(crs=5899)) == {}


@pytest.mark.parametrize("packed", [False, True])
def test_other_attributes_are_another_outcome(tmp_path: Path, packed: bool) -> None:
    def told() -> dict[str, Any]:
        given = tmp_path / "thua.shp"
        if packed:
            given = tmp_path / "goi.zip"
            with zipfile.ZipFile(given, "w") as archive:
                for part in tmp_path.glob("thua.*"):
                    archive.write(part, part.name)
        few = only("ADM", "PKG")
        return findings(validate([given], work=tmp_path / "work", workers=1, configuration=few))

    table = written(tmp_path / "thua.shp").with_suffix(".dbf")
    assert told() == {}
    since = table.stat().st_mtime_ns
    table.write_bytes(table.read_bytes().replace(b"06652", b"99999", 1))
    os.utime(table, ns=(since, since))  # POSIX keeps another time, which cannot be set
    assert "ADM001" in told()
    table.unlink()
    assert "PKG015" in told()


def test_a_number_of_many_digits_is_read_as_it_is() -> None:
    texts = _texts(pa.array([79123456789.0, 12.5, None, 1e-7]), None).to_pylist()
    assert texts == ["79123456789", "12.5", None, "0.0000001"]
    assert _texts(pa.array([12.0, 0.25]), None).to_pylist() == ["12", "0.25"]


def test_layers_are_inspected(tmp_path: Path) -> None:
    (found,) = inspect(written(tmp_path / "thua.gpkg", crs=None), crs=5899)
    assert (found.layouts, found.crs, found.unread) == ({"parcel-layer": 1}, ["EPSG:5899"], 0)
    assert [(commune.code, commune.count) for commune in found.communes] == [("06652", 5)]


CHECK = """
import sys
from landxml_validator import validate
print(validate([sys.argv[1]], workers=1).records["ThuaDat"])
"""


def peak(path: Path, count: int) -> int:
    """Check so many parcels of thirty communes in a process of its own: megabytes at most."""
    at = range(count)
    fields: dict[str, list[Any]] = {
        "MaXa": [f"{6652 + 30 * number // count:05}" for number in at],
        "SoHieuToBanDo": [number // 500 for number in at],
        "SoThuTuThua": [number % 500 for number in at],
        "DiaChi": [f"Thôn {number}" for number in at],
    }
    shapes = [
        shapely.box(east, north, east + 15, north + 15)
        for east, north in ((430_000 + number % 500 * 20, 2_318_000 + number // 500 * 20) for number in at)
    ]
    command = [sys.executable, "-c", f"{CHECK}{PEAK}print(peak)", str(written(path, shapes, fields))]
    records, megabytes = map(int, subprocess.run(command, capture_output=True, check=True).stdout.split())
    assert records == count
    return megabytes


@pytest.mark.slow
@is_measured
@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_a_large_layer_takes_little_memory(tmp_path: Path, suffix: str) -> None:
    assert peak(tmp_path / f"thua{suffix}", 250_000) < 700
