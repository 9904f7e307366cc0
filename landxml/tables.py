"""Typed tables: raw texts → columns of the right type, a SELECT written from the dictionary.

A value that cannot be read becomes NULL; the schema check has reported it. What is tolerated (decimal comma,
``dd/MM/yyyy``, ISO dates, ``1``/``true``) is what ``format.md`` §1.2 says; national files are held to their
XSD before, so that one cast serves every layout.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from landxml.dictionary import Class, Dictionary, Field

__all__ = ["TYPES", "create", "empty", "select"]

TYPES = {
    "text": "VARCHAR", "guid": "VARCHAR", "reference": "VARCHAR", "int": "BIGINT", "year": "BIGINT",
    "decimal": "DECIMAL(18,4)", "bool": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP",
}  # fmt: skip
"""DuckDB type of each kind of field; ``[]`` is added to repeated ones."""

_CASTS = {
    "text": "nullif({c}, '')",
    "reference": "nullif({c}, '')",
    "guid": "nullif(lower(trim({c}, ' {{}}')), '')",
    "int": "try_cast(trim({c}) AS BIGINT)",
    "year": "try_cast(trim({c}) AS BIGINT)",
    "decimal": "try_cast(replace(trim({c}), ',', '.') AS DECIMAL(18,4))",
    "bool": "CASE WHEN trim({c}) IN ('1', 'true') THEN true WHEN trim({c}) IN ('0', 'false') THEN false END",
    "date": "coalesce(try_cast(left(trim({c}), 10) AS DATE), try_strptime(trim({c}), '%d/%m/%Y')::DATE)",
    "datetime": (
        "coalesce(try_cast(trim({c}) AS TIMESTAMP), try_strptime(trim({c}),"
        " ['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y']))"
    ),
}
_SYSTEM = {
    "_file": "VARCHAR",
    "_line": "INTEGER",
    "_id": "VARCHAR",
    "_parent": "VARCHAR",
    "_dossier": "VARCHAR",
}


def create(con: duckdb.DuckDBPyConnection, dictionary: Dictionary, raw: Mapping[str, pa.Table]) -> None:
    """Create one typed table per class from tables of raw texts; classes without rows get an empty table."""
    for cls in dictionary.classes.values():
        table = raw.get(cls.name)
        if table is None or not table.num_rows:
            con.execute(empty(cls))
            continue
        con.register("raw_texts", table)
        con.execute(f'CREATE OR REPLACE TABLE "{cls.name}" AS {select(cls, "raw_texts")}')
        con.unregister("raw_texts")


def select(cls: Class, source: str) -> str:
    """Return the SELECT that types the raw texts of one class."""
    columns = ", ".join(
        [*(f"{name}::{kind} AS {name}" for name, kind in _SYSTEM.items()), *map(_cast, cls.columns)]
    )
    return f"SELECT {columns} FROM {source}"


def _cast(field: Field) -> str:
    name = f'"{field.element}"'
    cast = _CASTS[field.kind]
    if field.repeated:
        return f"coalesce(list_transform({name}, lambda x: {cast.format(c='x')}), []) AS {name}"
    return f"{cast.format(c=name)} AS {name}"


def empty(cls: Class) -> str:
    """Return the statement that creates the table of a class without rows."""
    columns = [f"{name} {kind}" for name, kind in _SYSTEM.items()]
    columns += [f'"{f.element}" {TYPES[f.kind]}{"[]" if f.repeated else ""}' for f in cls.columns]
    return f'CREATE OR REPLACE TABLE "{cls.name}" ({", ".join(columns)})'
