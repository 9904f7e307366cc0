"""A workbook for people to work with: formats of its cells, and rows that are written one below the other."""

from __future__ import annotations

from typing import Any, NamedTuple

from landxml import workbooks
from landxml.tabular import quoted
from landxml.text import Text
from landxml_reports import wording
from landxml_validator.report import Report

__all__ = ["COLOURS", "Book", "Formula", "Link", "Rows", "cell"]

COLOURS = {
    "error": "#b3261e", "warning": "#9a5b00", "info": "#2b5c8a",
    "conformant": "#1e6b2f", "not-conformant": "#b3261e", "not-evaluated": "#6b4a8a",
}  # fmt: skip
"""Of severities and verdicts."""
_TOP = {"valign": "top"}
_FRAME = {**_TOP, "border": 1, "border_color": "#c8c8c8"}
_FORMATS = {
    "title": {"bold": True, "font_size": 15, "valign": "vcenter"},
    "section": {"bold": True, "font_size": 12},
    "header": {**_FRAME, "bold": True, "bg_color": "#e3e9ef", "text_wrap": True, "valign": "vcenter"},
    "plain": {**_TOP, "text_wrap": True},
    "cell": {**_FRAME, "text_wrap": True},
    "count": {**_FRAME, "num_format": "#,##0", "align": "right", "indent": 1},
    "data": {**_TOP, "num_format": "@"},
    "metres": {**_TOP, "num_format": "0.000"},
    "free": {**_TOP, "bg_color": "#fbfaf3"},
    "link": {**_TOP, "font_color": "#0b57a4", "underline": 1},
    "done": {"font_color": "#8a8a8a", "font_strikeout": True},
    **{
        name: {**_TOP, "bold": True, "font_size": 12, "font_color": colour}
        for name, colour in COLOURS.items()
    },
}


def cell(text: str) -> str:
    r"""Return a text as a cell holds it: no formula, even where it is saved as CSV and opened again.

    >>> cell("=1+1"), cell("a\x1b[2J")
    ("'=1+1", 'a�[2J')
    """
    return quoted(wording.safe(text)) or ""


class Link(NamedTuple):
    """A text that leads to cells of a sheet."""

    sheet: str
    cells: str
    text: str

    @property
    def target(self) -> str:
        """Address inside the workbook."""
        return f"internal:'{self.sheet}'!{self.cells}"


class Formula(NamedTuple):
    """A formula of our own, which texts never are, and its value until it is computed again."""

    formula: str
    value: int


class Book:
    """A workbook about a report: its sheets, the formats of its cells by name, the words of its language."""

    def __init__(self, book: Any, report: Report, lang: str) -> None:
        self.book, self.report, self.lang = book, report, lang
        self.formats = {name: book.add_format(format_) for name, format_ in _FORMATS.items()}

    def sheet(self, name: str, head: int = 0) -> Any:
        """Add a sheet, which is printed with its first rows on each page."""
        sheet = self.book.add_worksheet(name)
        workbooks.printed(sheet, head)
        return sheet

    def say(self, name: str, /, **values: Text | str) -> str:
        """Return a word or sentence of the reports."""
        return wording.label(name, **values).get(self.lang)

    def number(self, count: int) -> str:
        """Return a number as a sentence has it."""
        return wording.number(count).get(self.lang)


class Rows:
    """Rows of a new sheet, each below the one before.

    Heights are set, because not every program finds them for texts of several lines.
    """

    def __init__(self, book: Book, name: str, *widths: int) -> None:
        self.sheet, self.book, self.widths, self.at = book.sheet(name), book, widths, 0
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def line(self, text: str, style: str = "plain") -> None:
        """Add a text over the whole width; leave a row free if it is empty."""
        format_ = self.book.formats[style]
        self.sheet.set_row(self.at, _height(text, sum(self.widths), format_.font_size))
        if text:
            self.sheet.merge_range(self.at, 0, self.at, len(self.widths) - 1, "", format_)
            self.sheet.write_string(self.at, 0, cell(text), format_)
        self.at += 1

    def header(self, *names: str) -> None:
        """Add the names of columns, by their labels; ``""`` is one without a name."""
        self.sheet.set_row(self.at, 30)
        for column, name in enumerate(names):
            said = self.book.say(name) if name else ""
            self.sheet.write_string(self.at, column, said, self.book.formats["header"])
        self.at += 1

    def add(self, *values: str | int | Link | Formula) -> None:
        """Add a row."""
        texts = zip(values, self.widths, strict=False)
        self.sheet.set_row(
            self.at, max(_height(text, width) for text, width in texts if isinstance(text, str))
        )
        for column, value in enumerate(values):
            if isinstance(value, int):
                self.sheet.write_number(self.at, column, value, self.book.formats["count"])
            elif isinstance(value, Formula):
                self.sheet.write_formula(
                    self.at, column, value.formula, self.book.formats["count"], value.value
                )
            elif isinstance(value, Link):
                self.sheet.write_url(self.at, column, value.target, self.book.formats["link"], value.text)
            else:
                self.sheet.write_string(self.at, column, cell(value), self.book.formats["cell"])
        self.at += 1


def _height(text: str, width: int, size: float = 11) -> float:
    """Return the height of a row in points, by the lines that a text takes."""
    return min(15 * -(-len(text) // width) or 15, 400) * size / 11
