"""What rules refer to: tables of code lists, units, commune extents, VN-2000 CRSs; forms of identifiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

import duckdb
import pyarrow as pa

import landxml_schemas
from landxml import crs
from landxml_mappings import units
from landxml_validator.forms import macros

__all__ = ["RECORD", "load", "table"]

RECORD = ("CodeList", "Epsg", "Unit")
"""Tables that rules of scope ``record`` may use."""
PACKAGE = (*RECORD, "Extent")
"""Tables that rules of scope ``package`` may use."""


def load(con: duckdb.DuckDBPyConnection, names: Sequence[str] = PACKAGE) -> None:
    """Create reference tables in a connection, and the macros of :mod:`landxml_validator.forms`."""
    for macro in macros():
        con.execute(macro)
    for name in names:
        con.register("reference", table(name))
        con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM reference")
        con.unregister("reference")


@cache
def table(name: str) -> pa.Table:
    """Return one reference table, read once per process."""
    if name == "CodeList":
        return _codes()
    if name == "Unit":
        return units.table("units")
    if name == "Extent":
        return units.extents()
    rows = [one._asdict() for one in crs.systems().values()]
    return pa.Table.from_pylist(rows).select(["epsg", "kind", "deprecated", "meant"])


def _codes() -> pa.Table:
    """Every code of every list: list, code, first and last day."""
    codes = [
        (name, row["code"], _day(row["valid_from"]), _day(row["valid_to"]))
        for name in landxml_schemas.codelists()
        for row in landxml_schemas.codelist(name)
    ]
    columns = zip(*codes, strict=True)
    kinds = [pa.string(), pa.string(), pa.date32(), pa.date32()]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(arrays, names=["list", "code", "valid_from", "valid_to"])


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
