"""Tables that an officer writes: where parcels of divided communes go.

CSV or XLSX, columns in any order, by the names below or as the reference table writes them; so that table,
with its gaps filled in, is such a file itself. Its rows of addresses, dossiers and the like, which have no
sheet and parcel, each say where that one record goes.
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
    "cls": ("class",),
    "id": ("id",),
    "basis": ("basis",),
}
"""What a column means: the names that it may have."""


class Choice(NamedTuple):
    """Where a parcel, a sheet, one record, or all of a commune goes."""

    code: str
    new: str
    sheet: str | None = None
    number: str | None = None
    cls: str | None = None
    id: str | None = None


def choices(path: str, until: dt.date) -> list[Choice]:
    """Read a table of decisions; rows without a new commune are passed over.

    Raises
    ------
    LandXmlError
        If it cannot be read, lacks a column, says two things of one parcel, names a parcel without its sheet,
        or a commune that there is not on that day.
    """
    found: dict[tuple[str | None, ...], Choice] = {}
    for line, row in _rows(path, ("code", "new")):
        place = _place(row)
        if not row["new"] or place is None:
            continue
        choice = Choice(commune_code(row["code"]), commune_code(row["new"]), **place)
        said = _refused(choice, until)
        code, _, *rest = choice
        if not said and found.setdefault((code, *rest), choice) != choice:
            named = key("/".join(filter(None, (code, *rest))))
            said = Text(f"hai xã mới khác nhau cho {named}", f"two new communes for {named}")
        if said:
            raise LandXmlError(said, file=path, line=line)
    return list(found.values())


def _place(row: Mapping[str, str]) -> dict[str, str | None] | None:
    """Return what a row speaks of; None if of a record that the program has settled, as it will again."""
    parcel = {what: row.get(what) or None for what in ("sheet", "number")}
    if not row.get("cls") or all(parcel.values()):
        return parcel
    if row.get("basis") not in {None, "", "resolve"}:
        return None
    return {what: row.get(what) for what in ("cls", "id")}


def _refused(choice: Choice, until: dt.date) -> Text | None:
    """Return why a decision cannot be followed, whatever others there are."""
    if units.commune(choice.new, until) is None:
        return Text(
            f"xã {shown(choice.new)} không có vào ngày {until:%d/%m/%Y}",
            f"there is no commune {shown(choice.new)} on {until}",
        )
    if choice.number and not choice.sheet:
        number = shown(choice.number)
        return Text(
            f"thửa {number} thiếu số tờ; hãy điền old_sheet, hoặc xóa số thửa nếu dòng này nói về cả xã",
            f"parcel {number} lacks its sheet; fill in old_sheet, or leave the parcel out if the row is of"
            " the whole commune",
        )
    return None


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
