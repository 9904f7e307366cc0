"""Commune codes in tables that are no land data: a column of a CSV file or of a workbook."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from landxml.errors import LandXmlError
from landxml_mappings.units.names import plain

__all__ = ["SUFFIXES", "codes"]

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
HEADERS = frozenset(
    {
        "maxa",
        "maxaphuong",
        "maphuongxa",
        "madvhc",
        "madvhcxa",
        "madonvihanhchinh",
        "communecode",
        "code",
        "oldcode",
    }
)
"""Names of the column, without diacritics, blanks and underscores."""
SEARCHED = 20
"""First rows of a sheet among which the names of the columns are looked for."""


def codes(path: str | os.PathLike[str]) -> Counter[str]:
    """Count the commune codes in a file, over all its sheets; numbers lose nothing but their ``.0``.

    Raises
    ------
    LandXmlError
        If it cannot be read, or has no such column.
    OSError
        If it cannot be opened.
    """
    data = Path(path).read_bytes()
    sheets = (
        [_lines(data, str(path))] if Path(path).suffix.lower() in SUFFIXES[:3] else _sheets(data, str(path))
    )
    columns = [column for rows in sheets if (column := _column(iter(rows))) is not None]
    if not columns:
        raise LandXmlError(
            f"no column of commune codes; name it maXa (also known: {', '.join(sorted(HEADERS))})",
            vi=f"không có cột mã xã; hãy đặt tên cột là maXa (cũng nhận: {', '.join(sorted(HEADERS))})",
            file=str(path),
        )
    return Counter(filter(None, chain.from_iterable(columns)))


def _lines(data: bytes, name: str) -> Iterable[Sequence[object]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LandXmlError("is not in UTF-8", vi="không phải bảng mã UTF-8", file=name) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise LandXmlError(f"is not CSV ({error})", vi=f"không phải CSV ({error})", file=name) from error


def _sheets(data: bytes, name: str) -> Iterator[Iterable[Sequence[object]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheet_names:
            yield book.get_sheet_by_name(sheet).iter_rows()
    except CalamineError as error:
        raise LandXmlError(
            f"cannot be read as a workbook ({error})", vi=f"không đọc được bảng tính ({error})", file=name
        ) from error


def _column(rows: Iterator[Sequence[object]]) -> Iterator[str] | None:
    """Return the values under the first name that is known; None if there is none."""
    for names in islice(rows, SEARCHED):
        folded = [plain(str(name)).replace(" ", "").replace("_", "") for name in names]
        if number := next((number for number, name in enumerate(folded, 1) if name in HEADERS), 0):
            return (_text(row[number - 1]) for row in rows if number <= len(row))
    return None


def _text(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value).strip()
