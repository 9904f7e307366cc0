"""A dossier becomes a workbook of each layout, and its records are the same when that is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from landxml import cast, layouts, workbooks
from landxml.dictionary import national
from landxml.documents import Document
from landxml.faults import raised
from landxml.layouts import Layout
from landxml.load import Loader, opened
from landxml_mappings import to_rows
from landxml_mappings.load import load
from landxml_mappings.loss import losses
from landxml_mappings.row_spec import row_mapping
from tests.marks import quick

DOSSIER = Path(__file__).parents[1] / "corpus/base/hosoxml.xml"
WORKBOOKS = {name: each for name, each in layouts.builtin().items() if each.sheet}
SAME = {
    "ThuaDat": ("maXa", "soHieuToBanDo", "soThuTuThua", "dienTich", "diaChi"),
    "MucDichSuDung": ("maMucDichSuDung", "dienTich", "thoiHanSuDung"),
    "NguonGocDat": ("nguonGoc",),
    "CaNhan": ("hoTen", "namSinh", "gioiTinh", "diaChi"),
    "GiayChungNhan": ("soPhatHanh", "soVaoSo", "ngayCap"),
}
"""What these layouts hold; a parcel of iLIS has no commune code."""


def loaded(path: Path) -> tuple[duckdb.DuckDBPyConnection, str]:
    con, loader = duckdb.connect(), Loader()
    cast.clear(con, national())
    document = Document(name=str(path), path=str(path), size=path.stat().st_size)
    (source,) = [*opened([document], raised)]
    with path.open("rb") as source.stream:
        (batch,) = [*loader.load(source, raised), *loader.rest()]
    load(con, batch)
    return con, batch.layout.id


def values(con: duckdb.DuckDBPyConnection, layout: Layout) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for cls, names in SAME.items():
        held = [f'"{name}"' for name in names if name in row_mapping(layout).made(cls)]
        found[cls] = con.execute(f'SELECT DISTINCT {", ".join(held)} FROM "{cls}" ORDER BY ALL').fetchall()
    return found


@pytest.mark.parametrize("name", quick({"vbdlis-sheet-161", "ilis-sheet"}, WORKBOOKS))
def test_what_a_workbook_holds_comes_back_as_it_was(name, tmp_path) -> None:
    layout = WORKBOOKS[name]
    before, _ = loaded(DOSSIER)
    path = tmp_path / "a.xlsx"
    workbooks.write(path, layout, [to_rows.rows(before, layout)])
    after, found = loaded(path)
    assert found == layout.id
    assert values(after, layout) == values(before, layout)
    dropped = {each.element: each.dropped for each in losses(after, layout) if each.dropped}
    assert dropped == {}
