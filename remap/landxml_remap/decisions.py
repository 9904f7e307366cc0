"""Tables that an officer writes: where parcels of divided communes go.

CSV or XLSX, columns in any order, by the names below or as the reference table writes them; so that table,
with its gaps filled in, is such a file itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import landxml_units as units
from landxml import tabular
from landxml.errors import LandXmlError
from landxml.privacy import key, shown
from landxml.text import Text
from landxml_mappings.sheets import commune_code
from landxml_remap import reference_table

__all__ = ["Choice", "choices"]

COLUMNS = {
    "code": ("old_commune", "commune", "maXaCu", "maXa"),
    "sheet": ("old_sheet", "sheet", "soHieuToBanDo"),
    "number": ("old_parcel", "parcel", "soThuTuThua"),
    "new": ("new_commune", "maXaMoi"),
}
"""What a column means: the names that it may have."""


class Choice(NamedTuple):
    """Where a parcel, a sheet, or all of a commune goes."""

    code: str
    sheet: str | None
    number: str | None
    new: str


def choices(path: str, until: dt.date) -> list[Choice]:
    """Read a table of decisions; rows without a new commune are passed over.

    Raises
    ------
    LandXmlError
        If it cannot be read, lacks a column, says two things of one parcel, or names a commune that there is
        not on that day.
    """
    found: dict[tuple[str, str | None, str | None], str] = {}
    for line, row in _rows(path, ("code", "new")):
        if not row["new"]:
            continue
        code, new = commune_code(row["code"]), commune_code(row["new"])
        if units.commune(new, until) is None:
            raise LandXmlError(
                Text(
                    f"xã {shown(new)} không có vào ngày {until:%d/%m/%Y}",
                    f"there is no commune {shown(new)} on {until}",
                ),
                file=path,
                line=line,
            )
        place = code, row.get("sheet") or None, row.get("number") or None
        if found.setdefault(place, new) != new:
            named = key("/".join(filter(None, place)))
            raise LandXmlError(
                Text(f"hai xã mới khác nhau cho {named}", f"two new communes for {named}"),
                file=path,
                line=line,
            )
    return [Choice(*place, new) for place, new in found.items()]


def _rows(path: str, required: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows of the first sheet that has the columns, by what these mean, with their lines."""
    tables = (tabular.records(sheet, COLUMNS, required) for sheet in tabular.sheets(path))
    rows = next((rows for rows in tables if rows is not None), None)
    if rows is None:
        names = "; ".join(" / ".join(COLUMNS[what]) for what in required)
        raise LandXmlError(
            Text(f"thiếu cột; cần có: {names}", f"a column is missing; needed are: {names}"), file=path
        )
    for line, row in rows:
        yield line, {what: reference_table.bare(text).strip() for what, text in row.items()}
