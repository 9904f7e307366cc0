"""Columns by header words: of which flat layout a table is, and which of its columns is which element.

Never by position: templates differ in what they shift. A column is known by its code, the words of its header
(those above it among them, where cells are merged), or another name that the dictionary has for it. Where
several elements have that name, the number in the item row decides, then the order of repeated blocks.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

import msgspec

from landxml.dictionary import dictionary
from landxml.layouts import Layout
from landxml.lexical import parser_of

__all__ = ["SEARCHED", "Columns", "columns_of", "headings", "nearest"]

SEARCHED = 20
"""First rows of a sheet among which the names of the columns are looked for."""
HEIGHT = 4
"""Most rows that name the columns together."""
FEW = 3
"""Columns that must be known, and at least half of all, or it is no header."""

MANY = 10
"""Different small numbers in one row that are no data."""

Rows = Sequence[Sequence[str]]


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """What the columns of a table are; columns and rows count from 0.

    Attributes
    ----------
    layout
        Whose elements most columns are.
    header, first
        Rows that name the columns; the first row of data.
    elements
        Column → element.
    unknown, ambiguous
        Column → its header, of those that are no element; or, because several columns claim one, of those
        that may be some.
    """

    layout: Layout
    header: tuple[int, ...]
    first: int
    elements: dict[int, str]
    unknown: dict[int, str] = {}
    ambiguous: dict[int, str] = {}

    @property
    def missing(self) -> tuple[str, ...]:
        """Names, as the template has them, of the columns that are not there."""
        found = set(self.elements.values())
        (row,) = dictionary(self.layout).classes.values()
        left = (field for field in row.columns if field.element not in found)
        return tuple(field.header.rpartition(" / ")[2] for field in left)

    @property
    def enough(self) -> bool:
        """Whether so many columns are known that the table is of the layout."""
        cells = len(self.elements) + len(self.unknown) + len(self.ambiguous)
        return len(self.elements) >= max(cells / 2, min(FEW, len(_elements(self.layout))))


def columns_of(rows: Rows, known: Iterable[Layout]) -> Columns | None:
    """Return what the columns of a table are, as :func:`nearest`; None if no row names enough of them."""
    found = nearest(rows, known)
    return found if found and found.enough else None


def nearest(rows: Rows, known: Iterable[Layout]) -> Columns | None:
    """Return what the columns of a table may be; None if no row names any.

    Parameters
    ----------
    rows
        The first :data:`SEARCHED` rows of a sheet; of a layer or an object the names of its fields, as one.
    known
        Flat layouts, from which the one is taken that knows most columns.
    """
    best: tuple[tuple[float, ...], Columns] | None = None
    rows = rows[:SEARCHED]
    for layout in known:
        names = _names(layout)
        told = [sum(any(each in names for each in _spelt(cell)) for cell in row) for row in rows]
        for first in (at for at, count in enumerate(told) if count):
            for last in range(first, min(first + HEIGHT, len(rows))):
                if told[last]:
                    score, found = _read(rows, first, last, layout)
                    if best is None or score > best[0]:
                        best = score, found
    return best[1] if best else None


def _read(rows: Rows, first: int, last: int, layout: Layout) -> tuple[tuple[float, ...], Columns]:
    """Take some rows for the header; the more columns it knows the better, then the smaller."""
    headers = headings(rows, first, last)
    names, items = _names(layout), _items(rows, last + 1)
    claims: dict[int, tuple[str, ...]] = {}
    for column, texts in headers.items():
        claims[column] = next((names[name] for text in texts for name in _spelt(text) if name in names), ())
        numbered = [each for each in claims[column] if each in names.get(items.get(column, ""), ())]
        claims[column] = tuple(numbered) or claims[column]
    elements = _assigned(claims)
    agreed = sum(each in names.get(items.get(column, ""), ()) for column, each in elements.items())
    left = {column: texts[0] for column, texts in headers.items() if column not in elements}
    found = Columns(
        layout=layout,
        header=tuple(range(first, last + 1)),
        first=_data(rows, last + 1, layout, elements),
        elements=elements,
        unknown={column: text for column, text in left.items() if not claims[column]},
        ambiguous={column: text for column, text in left.items() if claims[column]},
    )
    coverage = len(elements) / len(_elements(layout))
    return (len(elements) + agreed, coverage, first - last, -first), found


def headings(rows: Rows, first: int, last: int) -> dict[int, list[str]]:
    """Return what may be the name of each column: all words above it, then each of its cells from below."""
    found: dict[int, list[str]] = {}
    above: list[list[str]] = []
    for row in rows[first:last]:
        filled, text = [], ""
        for cell in row:  # a merged cell stands above several columns
            text = cell.strip() or text
            filled.append(text)
        above.append(filled)
    for column in range(max(map(len, rows[first : last + 1]))):
        own = [_cell(row, column) for row in rows[first : last + 1]]
        if any(own):
            over = [_cell(row, column) if own[-1] else "" for row in above]
            spans = [" ".join(filter(None, [*over[at:], own[-1]])) for at in range(len(over))]
            texts = [*(span for span in spans if own[-1]), *reversed(own)]
            found[column] = list(dict.fromkeys(filter(None, texts)))
    return found


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _assigned(claims: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """Give each column an element: first where one is meant, then to columns of one name in their order."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for column, claim in claims.items():
        if len(claim) == 1 and claim[0] not in taken:
            found[column] = claim[0]
            taken.add(claim[0])
    alike: dict[tuple[str, ...], list[int]] = {}
    for column, claim in claims.items():
        if len(claim) > 1:
            alike.setdefault(claim, []).append(column)
    for claim, columns in alike.items():
        free = [each for each in claim if each not in taken]
        if len(columns) <= len(free):
            found.update(zip(columns, free, strict=False))
            taken.update(free[: len(columns)])
    return dict(sorted(found.items()))


_ITEM = re.compile(r"[(\[]?(\d{1,3})[)\]]?")


def _items(rows: Rows, at: int) -> dict[int, str]:
    """Return the item numbers of columns, as ``#12``, if that is what stands in a row."""
    cells = (
        {column: cell.strip() for column, cell in enumerate(rows[at]) if cell.strip()}
        if at < len(rows)
        else {}
    )
    numbers = {column: int(m[1]) for column, cell in cells.items() if (m := _ITEM.fullmatch(cell))}
    steps = [after - before for before, after in itertools.pairwise(numbers.values())]
    rising = len(steps) >= FEW - 1 and min(steps) > 0 and 2 * steps.count(1) >= len(steps)
    many = len(set(numbers.values())) == len(numbers) >= MANY  # columns may have changed places
    if not (rising or many) or 5 * len(numbers) < 4 * len(cells):
        return {}
    return {column: f"#{number}" for column, number in numbers.items()}


def _data(rows: Rows, at: int, layout: Layout, elements: Mapping[int, str]) -> int:
    """Return the first row of data: behind item numbers, and what else explains the columns."""
    names = _names(layout)
    gap = layout.sheet.first - max(layout.sheet.header) - 1 if layout.sheet else 0
    for row in range(at, len(rows)):
        cells = [cell for cell in rows[row] if cell.strip()]
        told = sum(any(name in names for name in _spelt(cell)) for cell in cells)
        between = row < at + gap and not _typed(rows[row], layout, elements)
        if cells and not (_items(rows, row) or 2 * told > len(cells) or between):
            return row
    return len(rows)


def _typed(row: Sequence[str], layout: Layout, elements: Mapping[int, str]) -> bool:
    """Tell whether a row has a value of the kind of its column, as a row of data has."""
    known = _elements(layout)
    return any(
        known[element] not in {"text", "bool"} and _is(_cell(row, column), known[element], layout)
        for column, element in elements.items()
    )


def _is(text: str, kind: str, layout: Layout) -> bool:
    try:
        return bool(text) and parser_of(kind, layout)(text) is not None
    except ValueError:
        return False


@cache
def _elements(layout: Layout) -> dict[str, str]:
    """Kinds of the elements of a flat layout."""
    (row,) = dictionary(layout).classes.values()
    return {field.element: field.kind for field in row.columns}


@cache
def _names(layout: Layout) -> dict[str, tuple[str, ...]]:
    """Elements by what a column of theirs may be called, in file order; of a code only that it is of."""
    (row,) = dictionary(layout).classes.values()
    found: dict[str, list[str]] = {}
    for field in row.columns:
        for name in (field.element, field.vi, *field.names):
            for spelt in (name,) if name.startswith("#") else _spelt(name):
                elements = found.setdefault(spelt, [])
                if field.element not in elements:
                    elements.append(field.element)
    return {name: tuple(elements) for name, elements in found.items() if name} | {
        _folded(field.element): (field.element,) for field in row.columns
    }


@lru_cache(1 << 14)
def _spelt(text: str) -> tuple[str, ...]:
    """Return how a header is compared: whole, and without what stands in parentheses."""
    return tuple(filter(None, dict.fromkeys((_folded(text), _folded(re.sub(r"\(.*?\)", "", text))))))


def _folded(text: str) -> str:
    """Return letters and digits in small letters, without the marks above and below them."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare.replace("đ", "d"))
