"""Sheets that come back filled in: rows by what their columns mean, with the reference of each cell."""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from landxml import tabular
from landxml.flaws import letters
from landxml.text import Text
from landxml_remap.reference_table import bare

__all__ = ["FREE", "HEAD", "OPEN", "Finding", "Table", "day", "text_of"]

HEAD = {"bold": True, "text_wrap": True, "bg_color": "#e3e9ef", "border": 1, "valign": "vcenter"}
FREE = {"bg_color": "#FFF8DC"}
"""Formats of the names of columns, and of cells to be filled in."""
OPEN = "open"
"""The one kind of finding that stops nothing: rows that nobody has filled in yet."""


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
