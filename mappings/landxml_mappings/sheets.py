"""Tables of sheet numbers: what sheets, and parcels on them, were called, and what they are called now.

CSV or XLSX, columns in any order: those of the table that came with the merger of communes in MPLIS [E], or
those that officers write. They are looked up and never computed: no shift of numbers holds for all sheets.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from landxml import tabular
from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["PLAIN_SCALE", "Renumbering", "commune_code", "plain_scale", "read"]

MPLIS = {
    "code": ("xaIdCu",),
    "sheet": ("soHieuToBanDoCu",),
    "number": ("soThuTuThuaCu",),
    "new": ("xaId",),
    "new_sheet": ("soHieuToBanDo",),
    "new_number": ("soThuTuThua",),
    "scale": ("tyLe",),
}
OFFICERS = {
    "code": ("old_commune", "commune", "maXaCu", "maXa"),
    "sheet": ("old_sheet", "sheet", "soHieuToBanDo"),
    "number": ("old_parcel", "parcel", "soThuTuThua"),
    "new": ("new_commune", "maXaMoi"),
    "new_sheet": ("new_sheet",),
    "new_number": ("new_parcel",),
    "scale": ("scale", "tyLe"),
}
"""What a column means: the names that it may have."""
REQUIRED = ("code", "sheet", "new_sheet")


class Renumbering(NamedTuple):
    """What a sheet, or one parcel on it, is called from now on; of the parcel None: its number stays.

    ``new`` is the commune that it belongs to now, ``scale`` that of the sheet (``500``); None if not stated.
    """

    code: str
    sheet: int
    number: int | None
    new: str | None
    new_sheet: int
    new_number: int | None
    scale: str | None


def read(path: str) -> list[Renumbering]:
    """Read a table, each row once; rows without a new sheet are passed over.

    Raises
    ------
    LandXmlError
        If it cannot be read, lacks a column, or holds what is no number.
    """
    tables = (
        tabular.records(s, names, REQUIRED) for names in (MPLIS, OFFICERS) for s in tabular.sheets(path)
    )
    rows = next((rows for rows in tables if rows is not None), None)
    if rows is None:
        names = "; ".join(" / ".join(OFFICERS[what]) for what in REQUIRED)
        raise LandXmlError(
            Text(f"thiếu cột; cần có: {names}", f"a column is missing; needed are: {names}"), file=path
        )
    found: dict[Renumbering, None] = {}
    for line, cells in rows:
        row = {what: cell.removeprefix("'").strip() for what, cell in cells.items()}
        if not row["new_sheet"]:
            continue
        numbers = [row["sheet"], row.get("number") or "0", row["new_sheet"], row.get("new_number") or "0"]
        if not all(number.isdecimal() for number in numbers):
            raise LandXmlError(
                Text("số tờ và số thửa phải là số nguyên", "sheets and parcels are whole numbers"),
                file=path,
                line=line,
            )
        sheet, number, new_sheet, new_number = map(int, numbers)
        new = row.get("new")
        made = Renumbering(
            commune_code(row["code"]), sheet, number or None, commune_code(new) if new else None, new_sheet,
            new_number or None, plain_scale(row.get("scale") or ""),
        )  # fmt: skip
        found[made] = None
    return list(found)


def commune_code(text: str) -> str:
    """Return a commune code; what a spreadsheet took for a number has lost its zeros."""
    return text.zfill(5) if text.isdecimal() else text


def plain_scale(text: str) -> str | None:
    """Return the number of a scale; None if there is none.

    >>> plain_scale("1:500"), plain_scale("1/1.000"), plain_scale("2000"), plain_scale("")
    ('500', '1000', '2000', None)
    """
    found = re.search(r"(\d+)$", re.sub(r"[. ]", "", text))
    return found[1] if found else None


PLAIN_SCALE = r"nullif(regexp_extract(regexp_replace({}, '[. ]', '', 'g'), '(\d+)$', 1), '')"
"""The same as an expression of SQL."""
