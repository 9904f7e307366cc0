"""Tables with the state of parcels in the land database: what only the system that operates it knows.

CSV or XLSX, columns in any order, by the names of the web application [E] or as officers write them. Cells
that are empty say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from landxml import tabular
from landxml.errors import LandXmlError
from landxml.files import Path_
from landxml.text import Text
from landxml_mappings.sheets import commune_code

__all__ = ["SCHEMA", "read"]

PLACE = {
    "commune": ("ma_xa", "maXa", "commune"),
    "sheet": ("so_to", "soHieuToBanDo", "sheet"),
    "number": ("so_thua", "soThuTuThua", "parcel"),
}
FLAGS = {
    "synchronised": ("daDongBoBaKhoiThongTin", "dong_bo_ba_khoi", "synchronised"),
    "operated": ("duLieuDangVanHanh247", "van_hanh_247", "operated"),
    "book": ("daXuatSoDiaChinhDienTu", "xuat_so_dia_chinh_dien_tu", "book"),
    "verified": ("trangThaiXacThucChu", "xac_thuc_chu", "verified"),
}
LABELS = {
    "thongTinDangKyDapUngNhom1": ("thongTinDangKyDapUngNhom1",),
    "phanLoaiKeHoach": ("phan_loai_ke_hoach_2959", "phan_loai_2959", "phanLoaiKeHoach", "group"),
}
"""What a column means: the names that it may have."""
_TRUE, _FALSE = (
    {"1", "true", "x", "có", "co", "yes", "đã", "da"},
    {"0", "false", "không", "khong", "no", "chưa", "chua"},
)
_LABEL = pa.struct([("name", pa.string()), ("value", pa.string())])
SCHEMA = pa.schema(
    [("key", pa.string()), *((name, pa.bool_()) for name in FLAGS), ("labels", pa.list_(_LABEL))]
)
"""A row per parcel: its business key, flags (NULL: not stated), labels."""


def read(path: Path_) -> pa.Table:
    """Read a table; of several rows of a parcel the last counts.

    Raises
    ------
    LandXmlError
        If it cannot be read, lacks a column or a number, or a flag is neither yes nor no; with the line.
    """
    columns = PLACE | FLAGS | LABELS
    tables = (tabular.records(sheet, columns, tuple(PLACE)) for sheet in tabular.sheets(path))
    rows = next((rows for rows in tables if rows is not None), None)
    if rows is None:
        names = "; ".join(" / ".join(each) for each in PLACE.values())
        raise LandXmlError(
            Text(f"thiếu cột; cần có: {names}", f"a column is missing; needed are: {names}"), file=path
        )
    found = {row["key"]: row for row in _rows(path, rows)}
    return pa.Table.from_pylist([*found.values()], SCHEMA)


def _rows(path: Path_, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Iterator[dict[str, Any]]:
    for line, cells in rows:
        row = {name: cell.removeprefix("'").strip() for name, cell in cells.items()}
        if not (row["sheet"].isdecimal() and row["number"].isdecimal()):
            what = Text("số tờ và số thửa phải là số nguyên", "sheets and parcels are whole numbers")
            raise LandXmlError(what, file=path, line=line)
        key = f"{commune_code(row['commune'])}/{int(row['sheet'])}/{int(row['number'])}"
        flags = {name: _flag(path, line, name, row.get(name) or "") for name in FLAGS}
        labels = [{"name": name, "value": row[name]} for name in LABELS if row.get(name)]
        yield {"key": key, **flags, "labels": labels}


def _flag(path: Path_, line: int, name: str, cell: str) -> bool | None:
    """Return what a cell says; a match with the population database may be undetermined, too [E]."""
    word = cell.casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    if not word or name == "verified":
        return None
    what = Text(f"{FLAGS[name][0]} phải là 1 hoặc 0", f"{FLAGS[name][0]} is 1 or 0")
    raise LandXmlError(what, file=path, line=line)
