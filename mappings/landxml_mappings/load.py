"""Load: a batch of source tables of any layout → national tables. Whatever works on records starts here."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from landxml.carriers import Batch
from landxml.cast import create, impossible, tolerated
from landxml.dictionary import dictionary
from landxml.faults import Fault
from landxml_mappings import to_national

__all__ = ["faults", "load", "unmapped"]


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
    made = create(con, dictionary(batch.layout), batch.tables)
    if batch.layout.model == "national":
        return made
    return to_national.apply(con, batch.layout, batch.tables)


def faults(con: duckdb.DuckDBPyConnection, batch: Batch) -> Iterator[Fault]:
    """Yield what only typed values show: dates that do not exist, values of a form that is only tolerated.

    The XSD of the national model knows all that; ``con`` holds the tables that :func:`load` made.
    """
    if batch.layout.model == "national":
        return
    known = dictionary(batch.layout)
    for file, line, identifier, cls, element, value in impossible(con, known, batch.tables):
        params = {"element": element, "value": value, "expected": "dd/MM/yyyy", "detail": ""}
        yield Fault("type", file, line, cls, identifier, f"{cls}/{element}", params)
    for file, line, identifier, cls, element, form, count in tolerated(known, batch.tables):
        note = {"element": element, "count": count, "detail": form}
        yield Fault("form", file, line, cls, identifier, f"{cls}/{element}", note)


def unmapped(batch: Batch) -> dict[str, int]:
    """Count the records and values of a batch that have no place in the national model."""
    return {} if batch.layout.model == "national" else to_national.unmapped(batch.tables, batch.layout)
