"""Load: a batch of source tables of any layout → national tables. Whatever works on records starts here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import msgspec
import pyarrow as pa

from landxml.carriers import Batch
from landxml.cast import create, impossible, tolerated
from landxml.dictionary import dictionary
from landxml.faults import Fault
from landxml.place import PLACE
from landxml.text import Text
from landxml.values import KINDS
from landxml_mappings import from_rows, to_national
from landxml_mappings.loss import blanks, conflicts, unread
from landxml_mappings.repairs import repairs, shifts
from landxml_mappings.row_spec import RowMapping, has_rows, row_mapping

__all__ = ["blocks", "cells", "faults", "load", "parcels", "unmapped"]


def load(con: duckdb.DuckDBPyConnection, batch: Batch) -> dict[str, int]:
    """Create the national tables of a batch.

    Parameters
    ----------
    con
        Where the tables come into; those of the layout itself stand beside them if it has a mapping.
    batch
        Of a layout whose records are national, or become that.

    Returns
    -------
    dict
        Rows of each national table made.
    """
    if has_rows(batch.layout):
        return from_rows.apply(con, batch.layout, *batch.tables.values())
    made = create(con, dictionary(batch.layout), batch.tables)
    if batch.layout.model == "national":
        return made
    return to_national.apply(con, batch.layout, batch.tables)


def cells(batch: Batch) -> Iterator[tuple[str, str, str, int, str]]:
    """Yield sheet, class, field, block and letters of the column of what stands in one column of a sheet.

    Fields of the row itself are among them, and those of national classes that not several columns of a
    block feed.
    """
    spec = row_mapping(batch.layout)
    fed: dict[tuple[str, str, int], set[str]] = {(spec.row, name, 0): {name} for name in spec.elements}
    for part in (part for name in spec.classes for part in spec.parts(name)):
        for field, source in part.sources.items():
            fed[part.cls, field, part.at] = {source.element, *source.others}
    for sheet, columns in batch.columns.items():
        for place, elements in fed.items():
            if len(found := elements & columns.keys()) == 1:
                yield sheet, *place, columns[found.pop()]


def blocks(batch: Batch) -> str:
    """Return the query of the records that stand in a further block of their row: file, class, id, block.

    For the tables that :func:`load` made.
    """
    return from_rows.further_blocks(batch.layout)


def parcels(con: duckdb.DuckDBPyConnection, batch: Batch) -> pa.Table:
    """Return place and id of the parcels of a batch, in order.

    ``con`` holds the tables that :func:`load` made. Column ``row`` is the number by which the geometries of
    the batch refer to each; ``maThuaDat`` its code, where the batch has them.
    """
    if has_rows(batch.layout):
        return from_rows.first_rows(con, "ThuaDat")
    found = batch.tables["ThuaDat"]
    return found.select([*PLACE, "_id", "maThuaDat"]).append_column(
        "row", pa.array(range(len(found)), pa.int64())
    )


def faults(con: duckdb.DuckDBPyConnection, batch: Batch) -> Iterator[Fault]:
    """Yield what only typed values show: dates that do not exist, values of a form that is only tolerated.

    The XSD of the national model knows all that; ``con`` holds the tables that :func:`load` made.
    """
    if batch.layout.model == "national":
        return
    if has_rows(batch.layout):
        yield from _of_rows(con, batch)
        return
    known = dictionary(batch.layout)
    for file, line, identifier, cls, element, value in impossible(con, known, batch.tables):
        params = {"element": element, "value": value, "expected": "dd/MM/yyyy", "detail": ""}
        yield Fault("type", file, line, cls, identifier, f"{cls}/{element}", params)
    for file, line, identifier, cls, element, form, count in tolerated(known, batch.tables):
        note = {"element": element, "count": count, "detail": form}
        yield Fault("form", file, line, cls, identifier, f"{cls}/{element}", note)


def _of_rows(con: duckdb.DuckDBPyConnection, batch: Batch) -> Iterator[Fault]:
    """Yield cells with a value of another kind or form, required ones that are empty, conflicts of rows."""
    spec = row_mapping(batch.layout)
    moved, strange = shifts(con, batch.layout, () if batch.layout.schema else unread(con, batch.layout))
    for place, element, value in strange:
        said = {"element": element, "value": value, "expected": _expected(spec, element), "detail": ""}
        yield Fault("type", place.file, place.at, spec.row, "", element, said, place.part)
    for shift in moved:
        shifted = {
            "element": shift.element, "value": shift.value, "expected": _expected(spec, shift.element),
            "count": shift.count, "filled": shift.filled, "detail": "column" if shift.filled else "row",
        }  # fmt: skip
        place = shift.place
        yield Fault("type", place.file, place.at, spec.row, "", shift.element, shifted, place.part)
    for repair in repairs(con, batch.layout):
        mended = {
            "element": repair.element, "value": repair.found, "taken": repair.taken, "count": repair.count,
            "detail": repair.how,
        }  # fmt: skip
        place = repair.place
        yield Fault("repair", place.file, place.at, spec.row, "", repair.element, mended, place.part)
    for one in blanks(con, batch):
        column = batch.columns.get(one.place.part, {}).get(one.element, "")
        said = {"element": one.element, "column": column, "detail": "" if one.id else "absent"}
        yield Fault("blank", one.place.file, one.place.at, one.cls, one.id, one.field, said, one.place.part)
    for each in conflicts(con, batch.layout):
        place, other = each.place, each.other_place.said()
        said = {"element": each.field, "value": each.value, "other": each.other, "place": other}
        yield Fault("conflict", place.file, place.at, each.cls, each.id, each.field, said, place.part)


def _expected(spec: RowMapping, element: str) -> Any:
    field = spec.elements[element]
    vi, en = f"mã hoặc chữ của {field.codelist}", f"a code or word of {field.codelist}"
    return msgspec.to_builtins(Text(vi, en) if field.codelist else KINDS[field.kind].name)


def unmapped(batch: Batch) -> dict[str, int]:
    """Count the records and values of a batch that have no place in the national model."""
    if has_rows(batch.layout):
        return from_rows.unmapped(batch.layout, *batch.tables.values())
    if batch.layout.model == "national":
        return {}
    return {**to_national.unmapped(batch.tables, batch.layout), **batch.unknown}
