"""National → map layer → national: all that a layer holds comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from landxml_mappings import convert, tables
from landxml_samples.package import write
from landxml_validator import validate
from tests.marks import quick

FIELDS = (
    "maXa", "soHieuToBanDo", "soThuTuThua", "soHieuToBanDoCu", "soThuTuThuaCu", "dienTich", "dienTichPhapLy",
    "diaChi",
)  # fmt: skip


def held(path: Path) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what a layer holds of each parcel: fields, land uses in their order, boundary, CRS."""
    found = tables(path)
    uses: dict[str, list[tuple[int, str]]] = {}
    for use in found["MucDichSuDung"].to_pylist():
        uses.setdefault(use["_parent"], []).append((use["soThuTuMucDichSuDung"], use["maMucDichSuDung"]))
    return {
        tuple(row[name] for name in FIELDS[:3]): (
            *(row[name] for name in FIELDS[3:]), sorted(uses.get(row["_id"], [])),
            row["ranhGioi"] and shapely.from_wkb(row["ranhGioi"]).normalize(), (row["srs"] or "")[-4:],
        )
        for row in found["ThuaDat"].to_pylist()
    }  # fmt: skip


@pytest.mark.parametrize("suffix", quick({".shp"}, [".gpkg", ".shp", ".geojson"]))
def test_all_that_a_layer_holds_comes_back(tmp_path: Path, suffix: str) -> None:
    write(tmp_path / "goi.zip", parcels=24, communes=2)
    report = convert(tmp_path / "goi.zip", tmp_path / f"thua{suffix}", to="parcel-layer")
    assert held(tmp_path / f"thua{suffix}") == held(tmp_path / "goi.zip")
    assert validate([tmp_path / f"thua{suffix}"]).errors == 0
    written = {loss.element: loss for loss in report.writing}
    assert written["ThuaDat.diaChi"].carried == written["ThuaDat.diaChi"].read == 24
    assert written["CaNhan.hoTen"].dropped


def test_land_uses_of_one_cell_are_numbered_as_they_stand_there(tmp_path: Path) -> None:
    write(tmp_path / "goi.zip", parcels=60, communes=1)
    numbers = [uses for *_, uses, _, _ in held(tmp_path / "goi.zip").values()]
    assert any(uses != sorted(uses, key=lambda use: use[1]) for uses in numbers), "else it tests nothing"
    convert(tmp_path / "goi.zip", tmp_path / "thua.gpkg", to="parcel-layer")
    assert [uses for *_, uses, _, _ in held(tmp_path / "thua.gpkg").values()] == numbers
