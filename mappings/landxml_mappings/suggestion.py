"""A layout for a table that none fits: proposed from the words of its header, its values, and its neighbours.

The proposal is a folder that is ready to be read and to be changed: the nearest layout, with the columns of
this table, and a list of them that says how sure each is.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyogrio

from landxml import privacy
from landxml.columns import SEARCHED, headings
from landxml.dictionary import Field, dictionary
from landxml.errors import LandXmlError
from landxml.flaws import letters
from landxml.layouts import Layout, builtin
from landxml.recognise import layer_form
from landxml.tabular import text, worksheets
from landxml.text import Text
from landxml_mappings.likeness import likeness, words
from landxml_mappings.row_spec import has_rows, row_mapping
from landxml_mappings.takers import takers
from landxml_mappings.value_forms import fits, forms

__all__ = ["Proposal", "Suggestion", "suggest"]

READ = 300
"""Rows of values that are looked at."""
SAMPLES = 3
"""Values of a column that are shown."""
LEAST = 0.5
"""How alike a column and an element must be, of 1."""
NEAR = 0.06
"""What it adds that the column beside stands for the element beside."""
FIT, MISFIT = 0.9, 0.2
"""Share of values that an element can have: from which on they speak for it, below which against it."""
EXACT = 0.01
"""What it adds that the words are those of the template, all of them."""
UNFOUND = 0.01
"""What an element without a column takes from a layout."""
FEW = 3
"""Cells from which on a row names columns."""

Array = npt.NDArray[Any]
Reason = Literal["name", "words", "values", "neighbours", ""]


class Proposal(NamedTuple):
    """What a column may be.

    Attributes
    ----------
    column, header
        Letters in the sheet, or number in a layer; its words.
    element, national
        Of the nearest layout, empty where none was found; the national fields that take its values.
    confidence
        Of 1; not a probability.
    reason
        What speaks most for it: its name, words in common with one, its values, or the columns beside it.
    samples
        Some values; what may be personal only as its shape.
    """

    column: str
    header: str
    element: str
    national: tuple[str, ...]
    confidence: float
    reason: Reason
    samples: tuple[str, ...]


class Suggestion(NamedTuple):
    """The nearest layout; the sheet or layer; rows of its header, and the first of data; its columns."""

    layout: Layout
    part: str
    header: tuple[int, ...]
    first: int
    columns: tuple[Proposal, ...]


class _Table(NamedTuple):
    """A sheet or layer: words above each column, and values by column."""

    part: str
    header: tuple[int, ...]
    first: int
    names: dict[int, list[str]]
    values: dict[int, list[str]]
    left: int


def suggest(path: str | os.PathLike[str]) -> Suggestion:
    """Propose what the columns of a table are.

    Parameters
    ----------
    path
        A workbook, CSV file or map layer.

    Raises
    ------
    LandXmlError
        If it cannot be read, or its columns are like those of no layout.
    """
    carrier, tables = _read(Path(path))
    layouts = [each for each in builtin().values() if each.carrier == carrier and has_rows(each)]
    found = [_matched(table, layout) for table in tables for layout in layouts]
    best = max(found, key=lambda each: each[0], default=None)
    if best is None or best[0] <= 0:
        raise LandXmlError(
            Text("không cột nào giống cột của định dạng đã biết", "no column is like one of a known layout"),
            file=path,
        )
    return best[1]


def _read(path: Path) -> tuple[str, Iterator[_Table]]:
    with path.open("rb") as file:
        form = layer_form(file.read(512))
    if form and form != "DBF":
        return "layer", _layers(path)
    return "workbook", _sheets(path)


def _sheets(path: Path) -> Iterator[_Table]:
    for sheet in worksheets(path):
        lines = [[text(cell) for cell in cells] for _, cells in itertools.islice(sheet.rows, READ)]
        header = _header(lines[:SEARCHED])
        if header:
            first = header[-1] + 1
            while first < len(lines) and _numbers(lines[first]):
                first += 1
            words = headings(lines, header[0], header[-1])
            values = {at: [row[at] for row in lines[first:] if at < len(row)] for at in words}
            yield _Table(sheet.name, tuple(row + 1 for row in header), first + 1, words, values, sheet.left)


def _layers(path: Path) -> Iterator[_Table]:
    try:
        for name, _ in pyogrio.list_layers(path):
            _, table = pyogrio.read_arrow(path, layer=name, max_features=READ, read_geometry=False)
            words = {at: [column] for at, column in enumerate(table.column_names)}
            values = {at: [text(each) for each in table[at].to_pylist()] for at in words}
            yield _Table(name, (), 1, words, values, 0)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise LandXmlError(
            Text("không mở được lớp bản đồ", "the layer cannot be opened"), file=path
        ) from error


def _header(lines: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the rows that name the columns: that in which most cells have words of ours, and those above."""
    told = [sum(_told(cell) for cell in row) for row in lines]
    if not any(told):
        return ()
    last = max(range(len(told)), key=lambda at: (told[at], at))
    first = last
    while first and last - first < 3 and told[first - 1] >= FEW:
        first -= 1
    return tuple(range(first, last + 1))


def _told(cell: str) -> bool:
    found = [word for word in words(cell[:100]) if word.isalpha()]
    return bool(found) and 2 * sum(word in _vocabulary() for word in found) >= len(found)


@cache
def _vocabulary() -> frozenset[str]:
    flat = (layout for layout in builtin().values() if layout.flat)
    fields = (field for layout in flat for field in _elements(layout))
    return frozenset(word for field in fields for name in _called(field) for word in words(name))


def _numbers(row: Sequence[str]) -> bool:
    """Tell whether a row counts the columns."""
    cells = [cell.strip("()[] ") for cell in row if cell.strip()]
    return len(cells) >= FEW and all(cell.isdecimal() for cell in cells) and len(set(cells)) == len(cells)


def _matched(table: _Table, layout: Layout) -> tuple[float, Suggestion]:
    """Give each column the element that is most like it; return also how alike all are together."""
    elements, columns = _elements(layout), list(table.names)
    named = np.array([[_alike(table.names[at][0], element) for element in elements] for at in columns])
    told = np.array([fits(table.values[at], layout) for at in columns])
    own = _weighed(named, told, np.array([form.telling for form in forms(layout)]))
    taken = _in_order(_assigned(own), [words(table.names[at][0]) for at in columns])
    proposals = []
    for number, at in enumerate(columns):
        which, sure = taken.get(number, (-1, 0.0))
        element = elements[which] if which >= 0 else None
        reason = _reason(named[number, which], own[number, which]) if element else ""
        column = letters(at + table.left) if table.header else str(at + 1)
        national = takers(layout).get((row_mapping(layout).row, element.element), ()) if element else ()
        samples = _samples(table.values[at], element)
        proposals.append(
            Proposal(
                column, table.names[at][0], element.element if element else "", national,
                round(min(sure, 1.0), 2), reason, samples,
            )
        )  # fmt: skip
    total = sum(sure for _, sure in taken.values()) - UNFOUND * (len(elements) - len(taken))
    return total, Suggestion(layout, table.part, table.header, table.first, tuple(proposals))


def _reason(named: float, own: float) -> Reason:
    if named >= LEAST:
        return "name" if named >= 1 else "words"
    return "values" if own >= LEAST else "neighbours"


def _weighed(named: Array, told: Array, telling: Array) -> Array:
    """Weigh likeness of names by values, and let values that only few fields have speak for themselves."""
    both = np.where(told < 0, named, np.where(told < MISFIT, 0.4 * named, 0.8 * named + 0.2 * told))
    alone = np.where(telling & (told >= FIT), LEAST + NEAR / 2, 0)
    return np.asarray(np.maximum(both, alone))


def _assigned(own: Array) -> dict[int, tuple[int, float]]:
    """Give columns elements, the surest first; what was given makes what stands beside it surer."""
    score, taken = own.copy(), dict[int, tuple[int, float]]()
    height, width = score.shape
    while score.size and score.max() >= LEAST:
        at, which = divmod(int(score.argmax()), width)
        taken[at] = which, float(score[at, which])
        score[at, :], score[:, which] = -1, -1
        for step in (-1, 1):
            if 0 <= at + step < height and 0 <= which + step < width:
                score[at + step, which + step] += NEAR
    return taken


def _in_order(
    taken: dict[int, tuple[int, float]], headers: Sequence[tuple[str, ...]]
) -> dict[int, tuple[int, float]]:
    """Let columns with the same words, as those of repeated blocks, have their elements in order."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for at in sorted(taken):
        alike.setdefault(headers[at], []).append(at)
    return {
        at: found
        for columns in alike.values()
        for at, found in zip(columns, sorted(taken[at] for at in columns), strict=True)
    }


def _samples(values: Iterable[str], element: Field | None) -> tuple[str, ...]:
    """Return some values; what is personal, or may be because nothing is known of it, as its shape."""
    different = dict.fromkeys(value for value in values if value.strip())
    show = privacy.shown if element and not element.personal else privacy.mask
    return tuple(map(show, itertools.islice(different, SAMPLES)))


def _elements(layout: Layout) -> tuple[Field, ...]:
    (row,) = dictionary(layout).classes.values()
    return row.columns


def _alike(header: str, field: Field) -> float:
    """How alike the words above a column and the names of an element are; 1 if they have the same words."""
    same = header.casefold() == field.header.replace(" / ", " ").casefold()
    return max(likeness(header, name) for name in _called(field)) + EXACT * same


def _called(field: Field) -> list[str]:
    return [field.element, field.vi, *(name for name in field.names if not name.startswith("#"))]
