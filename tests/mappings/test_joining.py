"""Dossiers and their map, taken together, are the same parcels with the same shapes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import shapely

import landxml
import landxml_mappings
from landxml_samples import write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("joined")
    write(
        folder / "goi",
        layout="vbdlis",
        parcels=40,
        faults={"LNK001": 1, "LNK002": 2, "LNK003": 1, "LNK004": 1},
    )
    write(folder / "quoc-gia", parcels=40)
    return folder


def test_a_parcel_has_the_attributes_of_one_side_and_the_shape_of_the_other(folder: Path) -> None:
    made = landxml_mappings.tables(folder / "goi")
    parcels = {(r["soHieuToBanDo"], r["soThuTuThua"]): r for r in made["ThuaDat"].to_pylist()}
    assert len(made["ThuaDat"]) == len(parcels) == 40
    described = {key for key, row in parcels.items() if row["_file"].endswith(".xml")}
    assert len(described) == 38
    assert sum(row["ranhGioi"] is None for row in parcels.values()) == 1
    right = landxml_mappings.tables(folder / "quoc-gia")["ThuaDat"].to_pylist()
    shapes = {(r["soHieuToBanDo"], r["soThuTuThua"]): shapely.from_wkb(r["ranhGioi"]) for r in right}
    for key, row in parcels.items():
        if row["ranhGioi"]:
            assert shapely.equals_exact(shapely.from_wkb(row["ranhGioi"]), shapes[key], 0.001)
    purposes = made["MucDichSuDung"].to_pylist()
    assert {p["_parent"] for p in purposes} == {row["_id"] for row in parcels.values()}


def test_the_sheets_of_before_a_merger_are_looked_up(folder: Path, tmp_path: Path) -> None:
    """Without the table no parcel has both attributes and a shape."""
    shutil.copytree(folder / "goi", tmp_path / "goi")
    (layer,) = (tmp_path / "goi").rglob("*.gml")
    numbers = re.compile(r"(<app:soHieuToBanDo>)(\d+)")
    text = layer.read_text("utf-8").replace("<app:maXa>06652<", "<app:maXa>06700<")
    layer.write_text(numbers.sub(lambda found: f"{found[1]}{int(found[2]) + 70}", text), "utf-8")
    table = tmp_path / "to.csv"
    rows = "".join(f"6700,{sheet + 70},1:500,6652,{sheet}\n" for sheet in range(1, 9))
    table.write_text(f"xaIdCu,soHieuToBanDoCu,tyLe,xaId,soHieuToBanDo\n{rows}", "utf-8")

    def joined(sheets: Path | None) -> int:
        parcels = landxml_mappings.tables(tmp_path / "goi", sheets=sheets)["ThuaDat"].to_pylist()
        return sum(row["_file"].endswith(".xml") and row["ranhGioi"] is not None for row in parcels)

    assert (joined(None), joined(table)) == (0, 37)
    out = tmp_path / "goi.gml"
    report = landxml_mappings.convert(tmp_path / "goi", out, to="national", sheets=table)
    assert report.records["ThuaDat"] == 40
    with pytest.raises(landxml.LandXmlError, match="is the input"):
        landxml_mappings.convert(tmp_path / "goi", table, to="national", sheets=table)


def test_what_the_map_says_otherwise_is_counted(folder: Path, tmp_path: Path) -> None:
    report = landxml_mappings.convert(folder / "goi", tmp_path / "ra.gml", to="national")
    dropped = {loss.element: loss.dropped for loss in report.reading["*"]}
    assert dropped["ThuaDat.dienTich"] == {"conflict": 1}
    assert dropped["MucDichSuDung.maMucDichSuDung"] == {"conflict": 1}
    assert report.records["ThuaDat"] == 40
