"""Sheets that go out and come back filled in.

They begin with the names of their columns; rows are read by what the columns mean, with the reference of each
cell.
"""

from __future__ import annotations

import datetime as dt
import os
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from landxml import tabular, workbooks
from landxml.errors import LandXmlError
from landxml.flaws import letters
from landxml.text import Text
from landxml_remap.reference_table import bare

__all__ = [
    "FREE",
    "HEAD",
    "OPEN",
    "Finding",
    "Judged",
    "Table",
    "begin",
    "day",
    "height",
    "inform",
    "text_of",
]

HEAD = {"bold": True, "text_wrap": True, "bg_color": "#e3e9ef", "border": 1, "valign": "vcenter"}
FREE = {"bg_color": "#FFF8DC", "border": 1, "border_color": "#C8C8C8"}
"""Formats of the names of columns, and of cells to be filled in."""
INFORMATION = "landxml"
"""Name of the sheet that says what a workbook is."""
OPEN = "open"
"""The one kind of finding that stops nothing: rows that nobody has filled in yet."""


def begin(book: Any, name: str | None, columns: Sequence[tuple[str, int]], styles: Sequence[Any] = ()) -> Any:
    """Begin a sheet with the names of its columns, and have it printed with them on each page.

    Parameters
    ----------
    columns
        Name and width of each.
    styles
        Formats of the cells of each, if they have some.
    """
    sheet, head = book.add_worksheet(name), book.add_format(HEAD)
    sheet.set_row(0, max(height(*each) for each in columns))
    for at, (title, width) in enumerate(columns):
        sheet.set_column(at, at, width, styles[at] if styles else None)
        sheet.write_string(0, at, title, head)
    sheet.freeze_panes(1, 0)
    workbooks.printed(sheet)
    return sheet


def inform(book: Any, rows: Iterable[tuple[str, str]]) -> None:
    """Add a sheet that says what a workbook is."""
    sheet, head = book.add_worksheet(INFORMATION), book.add_format(HEAD)
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate((24, 100)):
        sheet.set_column(column, column, width)
    for line, (what, said) in enumerate(rows):
        sheet.set_row(line, max(height(what, 24), height(said, 100)))
        sheet.write_string(line, 0, what, head)
        sheet.write_string(line, 1, said, text)
    workbooks.printed(sheet, 0)


def height(text: str, width: int) -> int:
    """Return the height of a row in points in which a text has room; not every program finds it itself."""
    return 15 * max(len(textwrap.wrap(text, max(width - 1, 1))), 1)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a sheet that came back, and where; values are not quoted, but for keys.

    Attributes
    ----------
    cell
        As ``B17``; ``""`` where it is about the whole sheet. Of CSV the letters are those of Excel.
    """

    kind: str
    file: str
    sheet: str
    cell: str
    what: Text

    @property
    def stops(self) -> bool:
        """Whether nothing is applied while it is there."""
        return self.kind != OPEN

    @property
    def place(self) -> str:
        """Where it is: ``reply.xlsx!Danh sách!B17``."""
        return "!".join(part for part in (self.file, self.sheet, self.cell) if part)


class Judged(msgspec.Struct, kw_only=True):
    """What sheets that came back say together, and what is wrong with them: ``findings``, by cell."""

    findings: list[Finding]

    @property
    def fits(self) -> bool:
        """Whether it may be applied."""
        return not any(finding.stops for finding in self.findings)

    def require(self) -> None:
        """See that nothing is applied in part.

        Raises
        ------
        LandXmlError
            The first finding that stops.
        """
        for finding in self.findings:
            if finding.stops:
                raise LandXmlError(finding.what, file=finding.place)


class Table(NamedTuple):
    """A sheet with the names of the columns found."""

    file: str
    name: str
    at: dict[str, int]
    header: int
    left: int
    cells: Iterator[tuple[int, list[Any]]]

    @classmethod
    def of(cls, sheet: tabular.Worksheet, known: Mapping[str, Sequence[str]], file: str = "") -> Table | None:
        """Find the row with the names of the columns; None if no row has the key or a result."""
        spelt = {tabular.folded(name): source for source, each in known.items() for name in each}
        for line, cells in sheet.rows:
            sources = [spelt.get(tabular.folded(str(cell))) for cell in cells]
            at = {source: i for i, source in reversed(list(enumerate(sources))) if source}
            if len(at) > 1:
                return cls(os.fspath(file), sheet.name, at, line, sheet.left, sheet.rows)
            if line >= tabular.SEARCHED:
                break
        return None

    def has(self, *sources: str) -> bool:
        """Tell whether there are columns of these sources."""
        return self.at.keys() >= set(sources)

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield number and cells of the rows that hold something."""
        for line, cells in self.cells:
            row = {source: cells[i] for source, i in self.at.items() if i < len(cells) and cells[i] != ""}
            if row:
                yield line, defaultdict(str, row)

    def cell(self, source: str, line: int) -> str:
        """Return the reference of a cell."""
        return f"{letters(self.left + self.at[source])}{line}"


def text_of(cell: Any) -> str:
    """Return what stands in a cell as a text, without blanks around it and the mark of a text."""
    return "" if cell is None else bare(tabular.text(cell)).strip()


def day(cell: Any) -> str | None:
    """Return a day in ISO form; None if a cell holds none. Numbers and texts of other forms are none."""
    if isinstance(cell, dt.datetime | dt.date):
        return f"{cell:%Y-%m-%d}"
    text = text_of(cell)
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return f"{dt.datetime.strptime(text, form):%Y-%m-%d}"  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None
