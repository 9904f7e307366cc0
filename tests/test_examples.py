"""The examples run as their first lines say, are short, and do what they promise."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyogrio
import pytest

import landxml
from landxml_mappings import convert, read, tables
from landxml_samples.package import write
from landxml_validator import validate

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def run(name: str, *arguments: object) -> tuple[int, str]:
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goi") / "good"
    write(folder, parcels=12)
    return folder


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_each_is_short_and_tested(path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 40
    assert f'run("{path.stem}"' in Path(__file__).read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("areas_by_land_use", []), ("check_delivery", ["bao-cao.html"]),
        ("dossiers_to_national", ["out.gml"]), ("parcels_to_geojson", ["out.geojson"]),
        ("tables_by_commune", []),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_without_a_traceback(tmp_path, name, rest) -> None:
    (tmp_path / "hong.gml").write_text("<HoSoXml><", "utf-8")
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), "hong.gml", *rest]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "Traceback" not in done.stderr
    assert "hong.gml" in done.stderr + done.stdout


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ho-so") / "ho-so.zip"
    write(path, layout="vbdlis-xml", parcels=5)
    return path


@pytest.mark.parametrize("layout", ["good", "dossiers"])
def test_areas(layout, request) -> None:
    package = request.getfixturevalue(layout)
    code, out = run("areas_by_land_use", package)
    parcels = [record for record, _ in read(package) if isinstance(record, landxml.model.ThuaDat)]
    assert parcels
    total = sum(purpose.dien_tich for parcel in parcels for purpose in parcel.muc_dich_su_dung)
    assert code == 0
    assert sum(float(line.split()[1]) for line in out.splitlines()) == pytest.approx(
        float(total) / 10_000, abs=1e-3
    )


def test_check(good, tmp_path) -> None:
    assert run("check_delivery", good) == (0, "conformant: 0 errors, 0 warnings\n")
    write(tmp_path / "bad", parcels=40, faults={"LND002": 2})
    code, out = run("check_delivery", tmp_path / "bad")
    assert (code, out.split()[:2]) == (1, ["LND002", "2"])
    assert run("check_delivery", tmp_path / "none")[0] == 2


def test_write(tmp_path) -> None:
    assert run("write_package", tmp_path / "goi.gml") == (0, "")
    failed = {r.rule.code for r in validate([tmp_path / "goi.gml"]).results if r.state == "failed"}
    assert failed == set()


def test_dossiers_to_national(dossiers, tmp_path) -> None:
    code, out = run("dossiers_to_national", dossiers, tmp_path / "goi.gml")
    assert code == 0
    assert "ThuaDat 5" in out
    assert validate([tmp_path / "goi.gml"]).errors == 0


def test_tables(dossiers) -> None:
    code, out = run("tables_by_commune", dossiers)
    assert code == 0
    (line,) = out.splitlines()
    assert line.split()[:3] == ["06652", "5", "parcels"]
    areas = tables(dossiers)["MucDichSuDung"]["dienTich"].to_pylist()
    assert float(line.split()[3]) == pytest.approx(float(sum(areas)) / 10_000, abs=0.01)


def test_geojson_opens_where_qgis_opens_it(good, tmp_path) -> None:
    assert run("parcels_to_geojson", good, tmp_path / "thua.geojson") == (
        0,
        "12 parcels, 12 with a boundary\n",
    )
    info = pyogrio.read_info(tmp_path / "thua.geojson", force_feature_count=True, force_total_bounds=True)
    assert (info["features"], info["geometry_type"], info["crs"]) == (12, "Polygon", "EPSG:4326")
    west, south, east, north = info["total_bounds"]
    assert 107 < west < east < 108
    assert 20.8 < south < north < 21.2
    addresses = {
        f["properties"]["diaChi"] for f in json.loads((tmp_path / "thua.geojson").read_bytes())["features"]
    }
    assert addresses == {"–"}


def test_geojson_of_dossiers_has_their_parcels(dossiers, tmp_path) -> None:
    assert run("parcels_to_geojson", dossiers, tmp_path / "t.geojson") == (
        0,
        "5 parcels, 0 with a boundary\n",
    )
    assert len(json.loads((tmp_path / "t.geojson").read_bytes())["features"]) == 5


def test_geojson_leaves_out_what_cannot_be_read(tmp_path, capfd) -> None:
    write(tmp_path / "goi", parcels=12, faults={"GEO005": 1})
    runpy.run_path(str(EXAMPLES / "parcels_to_geojson.py"))["main"](tmp_path / "goi", tmp_path / "t.geojson")
    out, err = capfd.readouterr()
    assert out == "11 parcels, 11 with a boundary\n"
    assert "ranhGioi: not a geometry" in err


@pytest.fixture
def converted(tmp_path, monkeypatch, capsys) -> tuple[dict[str, Any], str, str]:
    """Run the programs of docs/convert.md: names and output of the first, text of the second."""
    text = (ROOT / "docs/convert.md").read_text("utf-8")
    program, second = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "goi.zip", parcels=9)
    convert("goi.zip", "so.xlsx", to="vbdlis-sheet-161")
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - our own documentation
    return names, capsys.readouterr().out, second


def test_the_program_for_duckdb_in_the_page_on_converting(converted) -> None:
    names, out, _ = converted
    assert (names["report"].written, names["report"].records["ThuaDat"]) == (True, 9)
    area = sum(names["thua"]["dienTich"].to_pylist())
    (row,) = [line for line in out.splitlines() if line.startswith("│ 06652")]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["06652", "9", str(area)]
    assert re.search(r"^so\.xlsx!\S+ ThuaDat\.", out, re.MULTILINE)


@pytest.fixture
def geopandas() -> None:
    pytest.importorskip("geopandas")


@pytest.mark.usefixtures("geopandas")  # before anything is converted
def test_the_program_for_geopandas_in_the_page_on_converting(converted) -> None:
    names, _, program = converted
    exec(program, names)  # noqa: S102 - our own documentation
    assert names["thua_dat"].geometry.is_valid.all()
    info = pyogrio.read_info("thua.gpkg", force_total_bounds=True)
    assert (info["features"], info["crs"]) == (9, "EPSG:5899")
    assert info["total_bounds"] == pytest.approx(names["shapes"].total_bounds)


def test_the_program_in_the_readme(good, tmp_path, monkeypatch, capsys) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "06652.gml").write_bytes((good / "06652.gml").read_bytes())
    write(tmp_path / "delivery.zip", parcels=3)
    write(tmp_path / "dossiers.zip", layout="vbdlis-xml", parcels=3)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - our own README
    assert capsys.readouterr().out.endswith("<Report: conformant, 0 errors, 0 warnings, 62 records>\n")
    assert names["errors"] == []
    assert {type(record).__name__ for record in names["national"]} >= {"ThuaDat", "CaNhan"}
    assert names["moved"].ma_xa == "06658"
    assert len(json.loads(names["text"])["features"]) == 12
