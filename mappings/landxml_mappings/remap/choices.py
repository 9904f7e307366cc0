"""Tables that an officer writes: where parcels of divided communes go, what sheets are called after a merger.

CSV or XLSX, columns in any order, by the names below or as the reference table writes them; so that table,
with its gaps filled in, is such a file itself.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import python_calamine

from landxml.errors import LandXmlError
from landxml_mappings import units

__all__ = ["Choice", "Renumbering", "choices", "numberings"]

COLUMNS = {
    "code": ("old_commune", "commune", "maXaCu", "maXa"),
    "sheet": ("old_sheet", "sheet", "soHieuToBanDo"),
    "number": ("old_parcel", "parcel", "soThuTuThua"),
    "new": ("new_commune", "maXaMoi"),
    "new_sheet": ("new_sheet",),
    "new_number": ("new_parcel",),
}
"""What a column means: the names that it may have."""


class Choice(NamedTuple):
    """Where a parcel, a sheet, or all of a commune goes."""

    code: str
    sheet: str | None
    number: str | None
    new: str


class Renumbering(NamedTuple):
    """What a sheet, or one parcel on it, is called from now on."""

    code: str
    sheet: str
    number: str | None
    new_sheet: str
    new_number: str | None


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
        code, new = _code(row["code"]), _code(row["new"])
        if units.commune(new, until) is None:
            raise _wrong(
                path,
                line,
                f"xã {new} không có vào ngày {until:%d/%m/%Y}",
                f"there is no commune {new} on {until}",
            )
        key = code, row.get("sheet") or None, row.get("number") or None
        if found.setdefault(key, new) != new:
            raise _wrong(
                path, line, f"hai xã mới khác nhau cho {_named(key)}", f"two new communes for {_named(key)}"
            )
    return [Choice(*key, new) for key, new in found.items()]


def numberings(path: str) -> list[Renumbering]:
    """Read a table of new sheet (and parcel) numbers.

    Raises
    ------
    LandXmlError
        If it cannot be read, lacks a column, or holds what is no number.
    """
    found = []
    for line, row in _rows(path, ("code", "sheet", "new_sheet")):
        if not row["new_sheet"]:
            continue
        made = Renumbering(
            _code(row["code"]),
            row["sheet"],
            row.get("number") or None,
            row["new_sheet"],
            row.get("new_number") or None,
        )
        if not all(value.isdecimal() for value in made[1:] if value is not None):
            raise _wrong(
                path, line, "số tờ và số thửa phải là số nguyên", "sheets and parcels are whole numbers"
            )
        found.append(made)
    return found


def _rows(path: str, required: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows of a CSV or of the first sheet of a workbook, by what their columns mean, with their lines."""
    lines = _cells(path)
    header = [str(cell).strip() for cell in next(lines, [])]
    where = {what: header.index(name) for what, names in COLUMNS.items() for name in names if name in header}
    for what in required:
        if what not in where:
            expected, there = " / ".join(COLUMNS[what]), ", ".join(header) or "–"
            raise _wrong(
                path,
                1,
                f"thiếu cột {expected} (có: {there})",
                f"there is no column {expected} (there are: {there})",
            )
    for line, cells in enumerate(lines, 2):
        if any(cells):
            yield line, {what: cells[at] if at < len(cells) else "" for what, at in where.items()}


def _cells(path: str) -> Iterator[list[str]]:
    try:
        if Path(path).suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"}:
            sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
            yield from ([_text(cell) for cell in row] for row in sheet.to_python())
        else:
            with Path(path).open(encoding="utf-8-sig", newline="") as file:
                separator = ";" if ";" in file.readline() else ","
                file.seek(0)
                yield from ([cell.strip() for cell in row] for row in csv.reader(file, delimiter=separator))
    except (python_calamine.CalamineError, csv.Error, UnicodeDecodeError) as error:
        raise _wrong(
            path, None, f"không đọc được bảng ({error})", f"the table cannot be read ({error})"
        ) from error


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _code(text: str) -> str:
    """Return a commune code; what a spreadsheet took for a number has lost its zeros."""
    return text.zfill(5) if text.isdecimal() else text


def _named(key: tuple[str | None, ...]) -> str:
    return "/".join(part for part in key if part)


def _wrong(path: str, line: int | None, vi: str, en: str) -> LandXmlError:
    return LandXmlError(en, vi=vi, file=path, line=line)
