"""Reference tables that rules join with: code lists, administrative units, commune extents, VN-2000 CRSs."""

from __future__ import annotations

import duckdb
import pyarrow as pa

import landxml_schemas
from landxml_mappings import units

__all__ = ["load"]


def load(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables ``CodeList``, ``Unit``, ``Extent`` and ``Epsg`` in a connection."""
    codes = [
        (name, row["code"], row["valid_from"] or None, row["valid_to"] or None)
        for name in landxml_schemas.codelists()
        for row in landxml_schemas.codelist(name)
    ]
    columns = list(zip(*codes, strict=True))
    _table(con, "CodeList", pa.table(columns, names=["list", "code", "valid_from", "valid_to"]), dates=True)
    _table(con, "Unit", units.table("units"))
    _table(con, "Extent", units.extents())
    _table(con, "Epsg", units.table("crs").select(["epsg", "kind", "deprecated"]))


def _table(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table, *, dates: bool = False) -> None:
    cast = "* REPLACE (valid_from::DATE AS valid_from, valid_to::DATE AS valid_to)" if dates else "*"
    con.register("reference", table)
    con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {cast} FROM reference")
    con.unregister("reference")
