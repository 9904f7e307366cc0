"""What a report quotes of the data: lines of a document, or the values of a row."""

from __future__ import annotations

import msgspec

from landxml.text import Text

__all__ = ["Cell", "DocumentLine", "Excerpt"]


class DocumentLine(msgspec.Struct, frozen=True):
    """A line of a document: its number, its text, whether it is what the finding is about.

    Of a line that was broken all but the first part have the number 0; so has ``…`` for lines left out.
    """

    number: int
    text: str
    marked: bool = False


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a row, feature or object: letters of its column, or name of its field; what it is."""

    column: str
    element: str
    title: Text
    value: str
    marked: bool = False


class Excerpt(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the place of a finding, by its number: the part of an XML document, or a row."""

    number: int
    lines: list[DocumentLine] = []
    cells: list[Cell] = []
