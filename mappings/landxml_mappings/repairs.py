"""Values of rows that are not as their column has them: read all the same, or of another column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from itertools import chain

import duckdb
import msgspec

from landxml.codelists import codelist
from landxml.database import literal
from landxml.dictionary import Field, national
from landxml.layouts import Layout
from landxml.place import PLACE, Place
from landxml_mappings.from_rows import column
from landxml_mappings.loss import filled
from landxml_mappings.row_spec import RowMapping, row_mapping
from landxml_mappings.row_values import DIGITS, national_sql

__all__ = ["Repair", "Shift", "repairs", "shifts"]

IN_ROW, IN_COLUMN = 2, 3
"""Misplaced values from which on a row, or a column, has moved."""
_MISPLACED = re.compile(r"(?:[^\W\d_].*){3}|\d+[-/]\d+[-/]\d+", re.DOTALL)
"""What no number is, however it is written: a text of three letters, or a date."""


Cell = tuple[Place, str, str]
"""Place, element and text."""


class Repair(msgspec.Struct, frozen=True):
    """Cells of a column that were read as another value: how (``zeros``, ``word``), the first, how many."""

    place: Place
    element: str
    how: str
    found: str
    taken: str
    count: int


class Shift(msgspec.Struct, frozen=True):
    """A row, or a column, whose cells hold what seems to be of others; ``filled`` is 0 for a row.

    ``element`` and ``value`` are those of the first of them.
    """

    place: Place
    element: str
    value: str
    count: int
    filled: int


def repairs(con: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[Repair]:
    """Yield where codes lack their leading zeros, or words stand for codes in a column of codes.

    ``con`` holds the tables that :func:`landxml_mappings.from_rows.apply` made.
    """
    spec = row_mapping(layout)
    first = ", ".join(f"arg_min({name}, _row)" for name in (*PLACE, "text", "taken"))
    for (element, how), (taken, condition) in _repaired(spec, filled(con, spec)).items():
        cells = f'SELECT *, "{element}" AS text, {taken} AS taken FROM "{spec.row}" AS d'
        found = con.execute(
            f"SELECT {first}, count(*) FROM ({cells}) WHERE taken <> text AND {condition}"
            " GROUP BY _file, _part ORDER BY min(_row)"
        ).fetchall()
        for *place, text, value, count in found:
            yield Repair(Place(*place), element, how, text, value, count)


def _repaired(spec: RowMapping, elements: Container[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Write for these elements, and ways of repair, the value that is taken and when that is one."""
    found = {}
    for part in (part for name in spec.classes for part in spec.parts(name)):
        fields = {field.element: field for field in national().classes[part.cls].columns}
        for name, source in part.sources.items():
            for element in (each for each in (source.element, *source.others) if each in elements):
                field, own = fields[name], spec.elements[element]
                one = msgspec.structs.replace(source, element=element)
                if field.codelist and own.codelist:
                    if not (own.form == "word" or source.take == "member" or part.split):
                        known = ", ".join(map(literal, sorted(_codes(field) | _codes(own))))
                        made = f'd."{column(part.cls, name, one)}"'
                        found[element, "word"] = made, f"upper(text) NOT IN ({known})"
                elif DIGITS.fullmatch(field.pattern or "") and own.kind == "text":
                    found[element, "zeros"] = national_sql(field, one, f'd."{element}"'), "true"
    return found


def _codes(field: Field) -> set[str]:
    """Return the codes of the list of a field, with those of one digit as two."""
    known = {code.code.upper() for code in codelist(field.codelist)}
    return known | {f"0{code}" for code in known if len(code) == 1}


def shifts(
    con: duckdb.DuckDBPyConnection, layout: Layout, unread: Iterable[Cell]
) -> tuple[list[Shift], list[Cell]]:
    """Tell columns most of whose values are misplaced, and other rows that have several such values.

    Parameters
    ----------
    con
        Holds the tables that :func:`landxml_mappings.from_rows.apply` made.
    unread
        What :func:`landxml_mappings.loss.unread` found there.

    Returns
    -------
    tuple
        What has moved, and the cells that are not among it.
    """
    cells = list(unread)
    columns, rows = defaultdict(list), defaultdict(list)
    for cell in (cell for cell in cells if _MISPLACED.match(cell[2])):
        columns[cell[0].file, cell[0].part, cell[1]].append(cell)
    moved = {}
    for (file, part, element), found in columns.items():
        query = f'SELECT count("{element}") FROM "{row_mapping(layout).row}" WHERE _file = ? AND _part = ?'
        ((filled,),) = con.execute(query, [file, part]).fetchall()
        if len(found) >= IN_COLUMN and 2 * len(found) > filled:
            moved[Shift(*found[0], len(found), filled)] = found
        else:
            for cell in found:
                rows[cell[0]].append(cell)
    several = [found for found in rows.values() if len({text for *_, text in found}) >= IN_ROW]
    moved |= {Shift(*found[0], len(found), 0): found for found in several}
    told = set(chain(*moved.values()))
    return list(moved), [cell for cell in cells if cell not in told]
