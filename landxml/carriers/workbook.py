"""Workbooks, and CSV: the sheets whose header names the columns of the layout are one table of rows of texts.

A row knows its sheet and its number there. Cells become texts, and no more; one that is merged over several
rows stands in each of them.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from landxml import layouts
from landxml.carriers.base import Batch, Opened
from landxml.columns import SEARCHED, Columns, columns_of, nearest
from landxml.dictionary import Dictionary, dictionary
from landxml.errors import LandXmlError
from landxml.faults import Fault, Report, parse_fault
from landxml.flaws import flaws, letters
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.safe_xml import Problem
from landxml.tabular import SUFFIXES, Worksheet, column_number, text, worksheets
from landxml.text import Text

__all__ = ["Workbook"]

CHUNK = 10_000
"""Rows that are values of Python at one time."""
SAID = 5
"""Most header words that a message lists."""
LEADING = 4
"""First columns in which a total row says that it is one."""

_Line = tuple[int, list[Any]]

_UNREAD = frozenset({"limit", "layout"})
"""Reasons for which no sheet is read."""
_TOTAL = re.compile(r"\s*(?:tổng (?:cộng|số)\b|total\b|(?:tổng|cộng)\s*(?:[\d:.(]|$))", re.IGNORECASE)
"""Not “Tổng công ty …”, “Cộng đồng dân cư …”: these are owners."""
_NO_HEADER = (
    "Không thấy dòng tiêu đề của mẫu {0} trong {1} dòng đầu của trang tính nào.",
    "No sheet has the header of the template {0} within its first {1} rows.",
)


class Workbook:
    """Reads the workbooks of a layout."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        self.layout = layout
        (row,) = (wanted or dictionary(layout)).classes.values()
        self.row = row.name
        self.wanted = {field.element: field for field in row.columns}

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether the header of a sheet is that of the layout, rather than of a built-in one."""
        if not source.name.lower().endswith(SUFFIXES) or source.found.root:
            return False
        try:
            found = _nearest(source, layouts.rivals(layout))
        except LandXmlError as error:
            source.problem = Problem("unreadable", error.what)
            return False
        except OSError:  # whoever opens it says so
            return False
        source.problem = source.problem or _strange(found)
        return any(columns.enough and columns.layout.id == layout.id for columns in found)

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read all sheets of the layout, and report what is wrong with their cells."""
        try:
            read = self._read(source, report)  # and nothing holds the cells any more
        except LandXmlError as error:
            report(parse_fault(Problem("limit", error.what), source.name))
            return
        if read:
            table = pa.concat_tables([table for table, _ in read.values()], promote_options="default")
            columns = {name: columns for name, (_, columns) in read.items()}
            read.clear()
            yield Batch(self.layout, {self.row: table}, Rings(), columns)
        else:
            said = Text(*(each.format(self.layout.id, SEARCHED) for each in _NO_HEADER))
            report(parse_fault(Problem("layout", said), source.name))

    def _read(self, source: Opened, report: Report) -> dict[str, tuple[pa.Table, dict[str, str]]]:
        """Read the sheets of the layout, each with the column in which each element stands."""
        found = {}
        with source.on_disk() as path:
            wrong = flaws(path)
            kept, source.looked = source.looked.sheets if source.looked else [], None
            for sheet, top in kept or _sheets(path):
                read = self._sheet(sheet, top, source.name, report)
                if read is None:
                    continue
                found[sheet.name] = read
                for fault in wrong.get(sheet.name, ()):
                    if _concerns(fault, read[1].values()):
                        report(fault._replace(file=source.name, cls=self.row, part=sheet.name))
        return found

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read all sheets of the layout without a word about their cells."""
        yield from self.load(source, lambda fault: report(fault) if fault.reason in _UNREAD else None)

    def rest(self) -> Iterator[Batch]:
        """Yield nothing: a workbook is a batch."""
        return iter(())

    def write(self, batches: Iterable[Batch], path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write a workbook with the sheet of the template."""
        from landxml import workbooks  # noqa: PLC0415 - who only reads needs none of it

        workbooks.write(path, self.layout, (batch.tables[self.row] for batch in batches), force=force)

    def _sheet(
        self, sheet: Worksheet, top: list[_Line], file: str, report: Report
    ) -> tuple[pa.Table, dict[str, str]] | None:
        """Read a sheet; return also in which column each element stands."""
        columns = columns_of(_texts(top), [self.layout])
        if columns is None:
            return None
        taken = {at: each for at, each in columns.elements.items() if each in self.wanted}
        lines = itertools.chain(top[columns.first :], sheet.rows)
        first = top[columns.first][0] if columns.first < len(top) else 0
        filled = _merged(lines, sheet, first)
        chunks, totals = [], []
        for lines_of_chunk in _batched(filled, CHUNK):
            chunk, found = _chunk(lines_of_chunk, taken)
            chunks.append(chunk)
            totals += found
        lone = {at + sheet.left for at, each in taken.items() if self.wanted[each].form != "dossiers"}
        for fault in (*_faults(columns, sheet, totals), *_joined(sheet, first, lone)):
            report(fault._replace(file=file, cls=self.row))
        table = pa.concat_tables(chunks) if chunks else _chunk([], taken)[0]
        table = table.add_column(0, "_file", pa.repeat(file, len(table)))
        table = table.add_column(1, "_part", pa.repeat(sheet.name, len(table)))
        return table, {element: letters(at + sheet.left) for at, element in taken.items()}


class _Looked(NamedTuple):
    """What was read to recognise a document: its sheets with their first rows, and what these may be.

    A CSV file is not kept, for it is read line by line.
    """

    sheets: list[tuple[Worksheet, list[_Line]]]
    tops: list[list[list[str]]]
    found: dict[tuple[Layout, ...], list[Columns]]


def _looked(path: Path) -> _Looked:
    sheets = list(_sheets(path))
    tops = [_texts(top) for _, top in sheets]
    return _Looked([(sheet, top) for sheet, top in sheets if sheet.name], tops, {})


def _sheets(path: Path) -> Iterator[tuple[Worksheet, list[_Line]]]:
    return ((sheet, list(itertools.islice(sheet.rows, SEARCHED))) for sheet in worksheets(path))


def _nearest(source: Opened, known: tuple[Layout, ...]) -> list[Columns]:
    """Return what the columns of each sheet may be; the sheets are kept for who loads them."""
    if not isinstance(source.looked, _Looked):  # or another carrier has looked at it
        with source.on_disk() as path:
            source.looked = _looked(path)
    looked: _Looked = source.looked
    if known not in looked.found:
        looked.found[known] = [columns for top in looked.tops if (columns := nearest(top, known))]
    return looked.found[known]


def _texts(rows: Iterable[_Line]) -> list[list[str]]:
    return [[text(cell) for cell in cells] for _, cells in rows]


def _strange(found: Iterable[Columns]) -> Problem | None:
    """Say to which template headers of sheets are nearest, and what they lack; None if they name nothing."""
    best = max(found, key=lambda columns: len(columns.elements), default=None)
    if best is None:
        return None
    known, lacking = len(best.elements), best.missing
    words = "; ".join(f"“{word}”" for word in lacking[:SAID])
    return Problem(
        "layout",
        Text(
            f"Không trang tính nào có dòng tiêu đề của một mẫu đã biết. Gần nhất là {best.layout.id}: nhận ra"
            f" {known} cột, thiếu {len(lacking)}, đầu tiên là {words}.",
            f"No sheet has the header of a known template. The nearest is {best.layout.id}: {known} columns"
            f" are known, {len(lacking)} are missing, first {words}.",
        ),
    )


def _batched(lines: Iterable[_Line], size: int) -> Iterator[list[_Line]]:
    lines = iter(lines)
    return iter(lambda: list(itertools.islice(lines, size)), [])


def _merged(lines: Iterable[_Line], sheet: Worksheet, first: int) -> Iterator[_Line]:
    """Fill what is merged over several rows of data; beside the columns that are used nothing is."""
    below: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, _) in sheet.merged:
        for row in range(top + 1, bottom + 1) if top + 1 >= first else ():
            below.setdefault(row, []).append((top, column - sheet.left))
    kept: dict[tuple[int, int], Any] = {}
    tops = {place for places in below.values() for place in places}
    rows: dict[int, list[int]] = {}
    for row, column in tops:
        rows.setdefault(row, []).append(column)
    for line, cells in lines:
        used = range(len(cells))
        for column in rows.get(line - 1, ()):
            if column in used:
                kept[line - 1, column] = cells[column]
        for top, column in below.get(line - 1, ()):
            if column in used:
                cells[column] = kept.get((top, column), "")
        yield line, cells


def _concerns(fault: Fault, columns: Collection[str]) -> bool:
    """Tell whether something is wrong with the columns that are read; all but hidden columns is."""
    if fault.params["detail"] != "columns":
        return True
    first = column_number(fault.params["column"].encode())
    return any(0 <= column_number(each.encode()) - first < fault.params["count"] for each in columns)


def _joined(sheet: Worksheet, first: int, lone: set[int]) -> Iterator[Fault]:
    """Yield that cells of data are merged in columns where each row has a cell of its own."""
    found: dict[str, list[tuple[int, int]]] = {}
    for (top, left), (_, right) in sheet.merged:
        if top + 1 >= first and not lone.isdisjoint(range(left, right + 1)):
            found.setdefault("columns" if right > left else "rows", []).append((top, left))
    for detail, places in found.items():
        top, left = min(places)
        said = {"column": letters(left), "count": len(places), "detail": detail}
        yield Fault("merged", "", top + 1, "", "", "", said, part=sheet.name)


class _Texts(dict[Any, str]):
    """Texts of values, each made once."""

    def __missing__(self, value: Any) -> str:
        self[value] = made = text(value)
        return made


def _said(column: Sequence[Any]) -> Iterator[str]:
    """Yield the texts of a column; for a table of them true and 1 were the same."""
    return map(text if bool in set(map(type, column)) else _Texts().__getitem__, column)


def _chunk(lines: Sequence[_Line], taken: dict[int, str]) -> tuple[pa.Table, list[int]]:
    """Make columns of rows, without empty ones and total rows; return the numbers of the latter too."""
    columns = list(zip(*(cells for _, cells in lines), strict=True)) if _even(lines) else _padded(lines)
    width = len(columns)
    made = {
        element: pa.array(list(_said(columns[at])) if at < width else [""] * len(lines), pa.string())
        for at, element in taken.items()
    }
    table = pa.table({"_at": pa.array([line for line, _ in lines], pa.int64()), **made})
    totals = {
        at
        for column in columns[:LEADING]
        for at, cell in enumerate(column)
        if isinstance(cell, str) and _TOTAL.match(cell)
    }
    filled = reduce(
        pc.or_,
        (pc.not_equal(column, "") for column in made.values()),
        pa.array([False] * len(lines), pa.bool_()),
    )
    if totals:
        kept = pa.array([at not in totals for at in range(len(lines))])
        filled = pc.and_(filled, kept)
    return table.filter(filled), [lines[at][0] for at in sorted(totals)]


def _even(lines: Sequence[_Line]) -> bool:
    return len({len(cells) for _, cells in lines}) <= 1


def _padded(lines: Sequence[_Line]) -> list[tuple[Any, ...]]:
    return list(itertools.zip_longest(*(cells for _, cells in lines), fillvalue=""))


def _faults(columns: Columns, sheet: Worksheet, totals: Sequence[int]) -> Iterator[Fault]:
    """Yield what is to be said of the columns of a sheet, and of rows that were left out."""
    header = columns.header[-1] + 1
    for detail, strange in (("unknown", columns.unknown), ("ambiguous", columns.ambiguous)):
        for at, name in strange.items():
            said = {"column": letters(at + sheet.left), "name": name, "detail": detail}
            yield Fault("column", "", header, "", "", "", said, part=sheet.name)
    for line in totals:
        total = {"column": "", "count": 1, "detail": "total"}
        yield Fault("row", "", line, "", "", "", total, part=sheet.name)
