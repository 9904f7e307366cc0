"""A query of an own rule over tables without rows: what it returns, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import duckdb

from landxml.cast import clear
from landxml.database import connect
from landxml.dictionary import national
from landxml.geometry import MEASURES
from landxml.mistakes import unknown
from landxml.place import PLACE, SYSTEM
from landxml.text import Text
from landxml_validator import locked, lookup_tables, own_sql, rule_sql, superseded
from landxml_validator.rule import PARCEL, RuleError, Stage, words_of

__all__ = ["run"]

_TOPOLOGY = (
    "kind VARCHAR, _file VARCHAR, _part VARCHAR, _at INTEGER, _id VARCHAR, _path VARCHAR, _x DOUBLE,"
    " _y DOUBLE, neighbour VARCHAR, other VARCHAR, area DOUBLE, width DOUBLE, covered DOUBLE, equal DOUBLE,"
    " off DOUBLE, apart DOUBLE"
)
_COLUMN = re.compile(r'(?:Referenced column "(\w+)" not found|does not have a column named "(\w+)")')
_PLACED = re.compile(r"\n+LINE (\d+):.*", re.DOTALL)


def run(sql: str, stage: Stage, parameters: Mapping[str, Any]) -> list[str] | tuple[int, Text]:
    """Run a query that was judged; return the columns of its rows, or its mistake, with the line, from 0.

    Parameters
    ----------
    sql, stage
        The query, and the stage of its rule.
    parameters
        Values of its parameters.
    """
    con, as_of = _empty(stage), dt.date(2026, 1, 1)
    lookup_tables.load(con, words_of(sql), as_of)
    try:
        return locked.columns(con, sql, stage, {**parameters, "as_of": as_of})
    except RuleError as error:
        return 0, error.why or Text(str(error), str(error))
    except duckdb.Error as error:
        return _mistake(str(error), sql, stage)


def _mistake(said: str, sql: str, stage: Stage) -> tuple[int, Text]:
    """Say what the database says, of a column that is not there in both languages."""
    line = _PLACED.search(said)
    below = int(line[1]) - 1 if line else 0
    if column := _COLUMN.search(said):
        known = {name for table in own_sql.tables(sql, stage) for name in _columns(_empty(stage), table)}
        name = column[1] or column[2]
        return below, unknown((), name, known, "cột", "column").what
    what = " ".join(_PLACED.sub("", said).split())
    return below, Text(f"cơ sở dữ liệu báo: {what}", f"the database says: {what}")


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [name for name, *_ in con.execute(f'FROM "{table}" LIMIT 0').description]


@cache
def _empty(stage: Stage) -> duckdb.DuckDBPyConnection:
    """Return a database with the tables of a stage, without rows."""
    con, dictionary = connect(), national()
    clear(con, dictionary)
    if stage not in {"record", "file"}:
        for cls in dictionary.classes.values():  # personal data stands there as hashes
            for field in (field for field in cls.columns if field.personal):
                con.execute(f'ALTER TABLE "{cls.name}" ALTER "{field.element}" TYPE VARCHAR')
    con.register("measures", MEASURES.empty_table().drop_columns("row"))
    place = ", ".join(f"NULL::{SYSTEM[name]} AS {name}" for name in (*PLACE, "_id"))
    con.execute(f"CREATE TABLE HinhHoc AS SELECT {place}, * FROM measures")
    if stage == "commune":
        both = f"FROM {PARCEL} JOIN HinhHoc USING ({', '.join((*PLACE, '_id'))})"
        con.execute(f"CREATE OR REPLACE TABLE HinhHoc AS {both}")
    con.execute(f"CREATE TABLE Topology ({_TOPOLOGY})")
    superseded.create(con)
    for name, view in rule_sql.views(dictionary, ()).items():
        if name in own_sql.STAGES[stage]:
            con.execute(f"CREATE VIEW {name} AS {view}")
    return con
