"""Writing workbooks, row by row in little memory; rows of a flat layout under the header of its template."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import IO, Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from landxml import files
from landxml.dictionary import Field, dictionary
from landxml.errors import LandXmlError
from landxml.layouts import Layout, Sheet
from landxml.tabular import column_number
from landxml.temporary import temporary
from landxml.text import Text

__all__ = ["LIMIT", "opened", "printed", "write"]

LIMIT = 1_048_576
"""Rows of a sheet; what is left stands in a further one."""
_NUMBERS = {"int": int, "year": int, "decimal": float}
_OPTIONS = {
    "constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
    "strings_to_urls": False,
}  # fmt: skip

_Column = tuple[int, Field]


class _Sheet(Worksheet):  # type: ignore[misc]
    def write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
        """Write a text; one that looks like the markup of rich text would else stand in the file as it is."""
        harmless = f" {string}" if string.startswith("<r>") else string
        return super().write_string(row, col, harmless, cell_format)


class _Book(xlsxwriter.Workbook):  # type: ignore[misc]
    def add_worksheet(self, name: str | None = None) -> Any:
        return super().add_worksheet(name, _Sheet)


class _Sink:
    """What a workbook is written to; after a failure nothing is, whatever ``zipfile`` still does with it."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out: IO[bytes] | None = out

    def __getattr__(self, name: str) -> Any:
        return getattr(self.out, name) if self.out else _nothing


def _nothing(*_: object) -> int:
    return 0


@contextlib.contextmanager
def opened(out: IO[bytes]) -> Iterator[Any]:
    """Open a workbook whose rows are written in order and not kept, and whose texts stay texts.

    Rows that wait for the end are where nobody else can read them.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    sink = _Sink(out)
    try:
        with temporary() as folder, _Book(sink, {**_OPTIONS, "tmpdir": str(folder)}) as book:
            book.use_zip64()
            yield book
    except BaseException as error:
        sink.out = None
        if isinstance(error, FileCreateError):
            raise error.args[0] from error
        raise


def printed(sheet: Any, head: int = 1) -> None:
    """Have a sheet printed on A4, as wide as a page, with its first rows and a number on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")
    sheet.fit_to_pages(1, 0)
    if head:
        sheet.repeat_rows(0, head - 1)


def write(
    path: str | os.PathLike[str], layout: Layout, tables: Iterable[pa.Table], *, force: bool = False
) -> int:
    """Write rows as a workbook, complete or not at all; return how many they are.

    Parameters
    ----------
    path
        Of the file; ``-`` for standard output.
    layout
        With a ``sheet``. Elements without a column in its template are not written.
    tables
        Texts by element, as :func:`landxml_mappings.to_rows.rows` returns them.
    force
        Replace a file that exists.

    Raises
    ------
    LandXmlError
        If the layout has no template, or the file cannot be written.
    """
    if layout.sheet is None:
        raise LandXmlError(Text(f"“{layout.id}” không phải bảng tính", f"“{layout.id}” is no workbook"))
    (row,) = dictionary(layout).classes.values()
    columns = sorted(
        (column_number(field.column.encode()) - 1, field) for field in row.columns if field.column
    )
    with files.writing(path, force=force) as out, opened(out) as book:
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        count, at, sheet = 0, LIMIT, None
        for table in tables:
            put = [(column, _put(field, days)) for column, field in columns]
            texts = [table[field.element].to_pylist() for _, field in columns]
            for cells in zip(*texts, strict=True):
                if at >= LIMIT or sheet is None:
                    sheet = _sheet(book, layout.sheet, columns)
                    at = layout.sheet.first - 1
                for (column, write_cell), text in zip(put, cells, strict=True):
                    if text is not None:
                        write_cell(sheet, at, column, text)
                at, count = at + 1, count + 1
        if sheet is None:
            _sheet(book, layout.sheet, columns)
    return count


def _sheet(book: Any, template: Sheet, columns: Sequence[_Column]) -> Any:
    """Add a sheet with the header of the template: words are merged above several columns."""
    count = len(book.worksheets())
    sheet = book.add_worksheet(f"{template.name} ({count + 1})" if count else template.name)
    bold = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"})
    words = {column: _words(field, len(template.header)) for column, field in columns}
    for level, row in enumerate(template.header):
        for first, last, text in _runs(words, level):
            if last > first:
                sheet.merge_range(row - 1, first, row - 1, last, text, bold)
            else:
                sheet.write_string(row - 1, first, text, bold)
    if template.items:
        for column, field in columns:
            item = next((name[1:] for name in field.names if name.startswith("#")), None)
            if item:
                sheet.write_number(template.items - 1, column, int(item), bold)
    sheet.freeze_panes(template.first - 1, 0)
    return sheet


def _words(field: Field, height: int) -> list[str]:
    """Return the words of a header from top to bottom; the name of the column stands in the last row."""
    levels = field.header.split(" / ")
    above = levels[:-1] if len(levels) <= height else [" / ".join(levels[: -height + 1 or None])]
    return [*above, *[""] * (height - len(above) - 1), levels[-1]]


def _runs(words: dict[int, list[str]], level: int) -> list[tuple[int, int, str]]:
    """Return first and last column of the words in a row of the header; equal neighbours are one."""
    last_level = max(map(len, words.values()), default=1) - 1
    runs: list[tuple[int, int, str]] = []
    before: list[str] = []
    for column, levels in words.items():
        same = levels[: level + 1] == before and level < last_level
        if not levels[level]:
            before = []
        elif same and runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column, levels[level])
        else:
            runs.append((column, column, levels[level]))
            before = levels[: level + 1]
    return runs


def _put(field: Field, days: Any) -> Callable[[Any, int, int, str], None]:
    """Return what writes a text into a cell: as number or day where the template has it so."""
    if field.kind in _NUMBERS and field.form != "word":
        return partial(_put_number, _NUMBERS[field.kind])
    if field.kind == "bool":
        return partial(_put_number, int)
    if field.kind == "date" and not field.form:
        return partial(_put_day, days)
    return lambda sheet, row, column, text: sheet.write_string(row, column, text)


def _put_number(parse: Callable[[str], float], sheet: Any, row: int, column: int, text: str) -> None:
    try:
        sheet.write_number(row, column, parse(text))
    except ValueError:
        sheet.write_string(row, column, text)


def _put_day(days: Any, sheet: Any, row: int, column: int, text: str) -> None:
    try:
        sheet.write_datetime(row, column, dt.datetime.combine(dt.date.fromisoformat(text), dt.time()), days)
    except ValueError:  # only a year, or a day before 1900
        sheet.write_string(row, column, text)
