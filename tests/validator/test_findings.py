"""Findings as one complete data set."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landxml.database import connect
from landxml_samples import FAULTS, write
from landxml_validator import validate
from landxml_validator.export import COLUMNS
from landxml_validator.findings import SCHEMA, samples
from tests.marks import costly
from tests.rules import only

BASE = (Path(__file__).parents[1] / "corpus/base/national.xml").read_text("utf-8")
NEIGHBOURS = {"GEO007", *(f"TOP00{number}" for number in range(1, 8))}
"""Rules that give a shape."""
BLANK = only("TXT", "GEO")
"""Rules of which a name with a blank too many fails one, and those that look at shapes."""


def found(tmp: Path, *paths: Path, **options: Any) -> list[dict[str, Any]]:
    """All findings about these paths."""
    out = tmp / "all.parquet"
    validate(paths, findings=out, force=True, **options)
    table = pq.read_table(out)
    assert table.schema == COLUMNS
    assert set(SCHEMA.names) < set(table.column_names)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


@pytest.fixture(scope="module")
def goi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of two communes with faults of each kind that a record can have."""
    folder = tmp_path_factory.mktemp("findings") / "goi"
    faults = {code: 1 for code, fault in FAULTS.items() if "national" in fault.layouts and not fault.alone}
    write(folder, parcels=420, communes=2, faults=faults, seed=11)
    return folder


@pytest.fixture(scope="module")
def all_of_goi(goi: Path) -> list[dict[str, Any]]:
    return found(goi.parent, goi, workers=1)


@settings(costly(10), suppress_health_check=list(HealthCheck))
@given(bad=st.integers(0, 260), samples=st.integers(0, 3))
def test_counts_of_the_report_are_rows_of_the_data_set(tmp_path: Path, bad: int, samples: int) -> None:
    member = re.search(r"<ld:thanhVien>\n<ld:DiaChi.*?</ld:thanhVien>\n", BASE, re.DOTALL)[0]  # type: ignore[index]
    wrong = [
        re.sub(r'gml:id="[^"]*"', f'gml:id="DiaChi.x{number}"', member).replace("<ld:tenXa>", "<ld:tenXa> ")
        for number in range(bad)
    ]
    (tmp_path / "a.gml").write_text(BASE.replace(member, member + "".join(wrong)), "utf-8")
    report = validate(
        [tmp_path / "a.gml"], samples=samples, findings=tmp_path / "all.parquet", force=True,
        configuration=BLANK,
    )  # fmt: skip
    rows = Counter(pq.read_table(tmp_path / "all.parquet")["rule"].to_pylist())
    assert rows == {result.rule.code: result.count for result in report.results if result.count}
    assert max(rows.values(), default=0) >= bad
    for result in report.results:
        assert len(result.samples) == min(samples, result.count)


def signs(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((row["rule"], row["fingerprint"]) for row in rows)


@pytest.mark.slow
def test_fingerprints_depend_on_what_is_wrong_and_not_on_where_it_stands(goi: Path, tmp_path: Path) -> None:
    expected = signs(found(tmp_path, goi, workers=1))
    assert len({sign for _, sign in expected}) > 30
    files = sorted(goi.iterdir())
    assert signs(found(tmp_path, *reversed(files), workers=2)) == expected
    archive = shutil.make_archive(str(tmp_path / "khac"), "zip", goi)
    assert signs(found(tmp_path, Path(archive), workers=1)) == expected
    moved = tmp_path / "moved"
    moved.mkdir()
    for file in files:
        data = file.read_bytes()
        (moved / file.name).write_bytes(data.replace(b"?>", b"?>\n\n\n", 1))
    again = found(tmp_path, moved, workers=1)
    assert signs(again) == expected
    assert min(row["at"] for row in again if row["at"]) > 3


def test_findings_of_one_delivery_have_each_a_fingerprint_of_its_own(goi: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    shutil.copytree(goi, copies / "a")  # every record twice: one key, two places
    shutil.copytree(goi, copies / "b")
    for name in ("a/hong.xml", "b/hong.xml", "b/cut.xml"):
        (copies / name).write_text("<a", "utf-8")
    rows = found(tmp_path, copies, workers=2)
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    broken = {Path(row["file"]).name: row["fingerprint"] for row in rows if row["file"].endswith("cut.xml")}
    assert len(broken) == 1
    for name in ("a/hong.xml", "b/hong.xml"):  # the name of the others stays when one is mended
        (copies / name).unlink()
    left = found(tmp_path, copies, workers=1, configuration=only("PKG"))
    assert broken["cut.xml"] in {row["fingerprint"] for row in left}


def test_every_finding_knows_parcel_and_commune(all_of_goi: list[dict[str, Any]]) -> None:
    rows = [row for row in all_of_goi if row["id"]]
    assert {row["commune"] for row in rows if row["cls"] == "ThuaDat"} - {""}
    assert [row for row in rows if row["parcel"] and row["parcel"].count("/") != 2] == []
    led = [row for row in rows if row["cls"] == "GiayChungNhan"]
    assert led
    assert all(row["parcel"] for row in led)


def test_the_shape_of_a_finding_is_what_its_rule_gives_or_else_its_point(
    all_of_goi: list[dict[str, Any]],
) -> None:
    shapes = [(row, shapely.from_wkb(row["geometry"])) for row in all_of_goi if row["x"] is not None]
    assert {shape.geom_type for row, shape in shapes if row["rule"] not in NEIGHBOURS} == {"Point"}
    overlaps = [
        (json.loads(row["params"])["area"], shape)
        for row, shape in shapes
        if row["rule"] in NEIGHBOURS - {"TOP003"}
    ]
    assert overlaps
    assert all(area == pytest.approx(shape.area, abs=0.05) for area, shape in overlaps)
    for row, shape in shapes:
        assert shape.covers(shapely.Point(row["x"], row["y"]))


def test_a_finding_without_a_place_lies_in_its_parcel(tmp_path: Path) -> None:
    """If the file has one of that number, with a shape, or no file but one has."""
    parcel = re.search(r"<ld:thanhVien>\n<ld:ThuaDat.*?</ld:thanhVien>\n", BASE, re.DOTALL)[0]  # type: ignore[index]
    wrong = BASE.replace("<ld:tenXa>", "<ld:tenXa> ")
    twice = parcel.replace('gml:id="ThuaDat.1"', 'gml:id="ThuaDat.2"')
    (tmp_path / "one.gml").write_text(wrong, "utf-8")
    (tmp_path / "two.gml").write_text(wrong.replace(parcel, parcel + twice), "utf-8")
    places = {
        Path(row["file"]).name: (row["x"], row["geometry"] and shapely.from_wkb(row["geometry"]))
        for row in found(tmp_path, tmp_path / "one.gml", tmp_path / "two.gml", workers=1, configuration=BLANK)
        if row["cls"] == "DiaChi" and row["path"] == "tenXa"
    }
    assert set(places) == {"one.gml", "two.gml"}
    (none, point), nowhere = places["one.gml"], places["two.gml"]
    assert shapely.box(437_870, 2_318_880, 437_880, 2_318_892).contains(point)
    assert none is None
    assert nowhere == (None, None)


def test_a_finding_lies_in_its_parcel_whose_shape_another_file_has(tmp_path: Path) -> None:
    """In a map beside its attributes; not if there are several CRS."""
    wrong = BASE.replace("<ld:tenXa>", "<ld:tenXa> ")
    wrong = re.sub(" <ld:ranhGioi>.*</ld:ranhGioi>\\n", "", wrong)
    (tmp_path / "attributes.gml").write_text(wrong, "utf-8")
    (tmp_path / "map.gml").write_text(BASE, "utf-8")
    elsewhere = BASE.replace("EPSG::5899", "EPSG::5897").replace(
        ">345</ld:soThuTuThua>", ">346</ld:soThuTuThua>"
    )
    (tmp_path / "other.gml").write_text(elsewhere, "utf-8")
    both, other = tmp_path / "attributes.gml", tmp_path / "map.gml"

    def place(*paths: Path) -> tuple[Any, ...]:
        rows = found(tmp_path, *paths, workers=1, configuration=BLANK)
        return next((row["x"], row["geometry"]) for row in rows if row["path"] == "tenXa")

    none, point = place(both, other)
    assert none is None
    assert shapely.box(437_870, 2_318_880, 437_880, 2_318_892).contains(shapely.from_wkb(point))
    assert place(both) == (None, None)
    assert place(both, other, tmp_path / "other.gml") == (None, None)


def test_a_shape_without_a_crs_has_no_place_beside_shapes_that_have_one(tmp_path: Path) -> None:
    """It would get theirs."""
    wrong = BASE.replace("<ld:tenXa>", "<ld:tenXa> ").replace(' srsName="urn:ogc:def:crs:EPSG::5899"', "")
    assert wrong.count("srsName") == 0
    other = BASE.replace(">345</ld:soThuTuThua>", ">346</ld:soThuTuThua>")
    (tmp_path / "none.gml").write_text(wrong, "utf-8")
    (tmp_path / "map.gml").write_text(other, "utf-8")

    def placed(*names: str) -> list[bool]:
        rows = found(tmp_path, *(tmp_path / name for name in names), workers=1, configuration=BLANK)
        return [row["geometry"] is not None for row in rows if row["path"] == "tenXa"]

    assert placed("none.gml", "map.gml") == [False]
    assert placed("none.gml") == [True]


def test_each_form_holds_the_same(goi: Path, all_of_goi: list[dict[str, Any]], tmp_path: Path) -> None:
    for suffix in ("csv", "jsonl"):
        validate([goi], findings=tmp_path / f"all.{suffix}", workers=1)
    text = (tmp_path / "all.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfnumber,rule,severity,")
    cells = list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
    objects = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    assert len(all_of_goi) == len(cells) == len(objects)
    for row, cell, one in zip(all_of_goi, cells, objects, strict=True):
        assert cell["message_vi"].removeprefix("'") == row["message_vi"] == one["message_vi"]
        assert one["place"] == row["place"]
        assert one["params"] == json.loads(row["params"])


def test_no_cell_of_a_table_begins_a_formula(tmp_path: Path) -> None:
    (tmp_path / "=1+1.xml").write_text("<a", "utf-8")
    validate([tmp_path / "=1+1.xml"], findings=tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_samples_are_of_every_commune(tmp_path: Path) -> None:
    """The first of each, so that a late one is not left out; all counts are exact."""
    communes = [*["00004"] * 7, "00008", *["00004"] * 2, "00010"]
    row = dict.fromkeys(SCHEMA.names, "") | {
        "rule": "LND004",
        "at": 1,
        "x": None,
        "y": None,
        "geometry": None,
    }
    rows = [row | {"commune": each, "params": "{}", "state": "new"} for each in communes]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), tmp_path / "all.parquet")
    with connect(reads=[tmp_path / "all.parquet"]) as con:
        counts, some = samples(con, tmp_path / "all.parquet", 4)
    assert counts == {"LND004": {"00004": 9, "00008": 1, "00010": 1}}
    assert [each.number for each in some["LND004"]] == [1, 2, 8, 11]
