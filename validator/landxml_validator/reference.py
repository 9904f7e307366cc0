"""Reference tables that rules join with: code lists, administrative units, commune extents, VN-2000 CRSs."""

from __future__ import annotations

import datetime as dt
from functools import cache

import duckdb
import pyarrow as pa

import landxml_schemas
from landxml_mappings import units

__all__ = ["load", "tables"]


def load(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables ``CodeList``, ``Unit``, ``Extent`` and ``Epsg`` in a connection."""
    for name, table in tables().items():
        con.register("reference", table)
        con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM reference")
        con.unregister("reference")


@cache
def tables() -> dict[str, pa.Table]:
    """Return the reference tables by name, read once per process."""
    return {
        "CodeList": _codes(),
        "Unit": units.table("units"),
        "Extent": units.extents(),
        "Epsg": units.table("crs").select(["epsg", "kind", "deprecated"]),
    }


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
