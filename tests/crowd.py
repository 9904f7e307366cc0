"""A crowd: tables of drawn values near the limits of one rule, by which slips in its SQL can be told.

Each table that a rule names is filled with records of few values: the numbers, days and texts that stand in
its SQL, what is next to them, examples of its fields, and NULL. Equal code and equal rule draw equal crowds.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from landxml.dictionary import national
from landxml_validator import lookup_tables, rule_sql
from landxml_validator.rule import PARAMETER, Rule

__all__ = ["AS_OF", "fill", "found"]

AS_OF = dt.date(2026, 1, 1)
EXAMPLES = tomllib.loads((Path(__file__).parent / "corpus/examples.toml").read_text("utf-8"))
"""Texts by the name of the field, for rules that look at their form."""
NUMBERS, YEARS = (0, 1, 2, 100, 101, 102, 120), (2018, 2026)
SIZE = 60
"""Records of a table."""
LONGEST, MOST = 5.0, 2000
"""Seconds that a query may take, and rows that are compared."""
KEYS = {
    "_file": ["a.xml", "b.xml", "c.xml", "d.xml", "e.xml", "f.xml"],
    "_part": ["", "p"],
    "_dossier": [f"d{n}" for n in range(12)],
    "other_part": ["", "p"],
}
PLACE = ("_file", "_part", "_at", "_id")
IDS = [f"i{n}" for n in range(6)]
REFERENCES = {
    field.element for _, field in national().fields() if field.kind == "reference"
} | {"_id", "_parent", "root", "target", "other", "map_id", "value", "ids"}  # fmt: skip


def fill(con: duckdb.DuckDBPyConnection, rule: Rule, seed: int = 0) -> None:
    """Fill the tables that a rule names, in a schema of their own that is looked at first.

    Parameters
    ----------
    con
        Connection with all national tables and views.
    rule, seed
        The rule; a number for each crowd of it.
    """
    names = rule_sql.words_of(rule.sql or "")
    con.execute("SET search_path = 'main'; DROP SCHEMA IF EXISTS crowd CASCADE; CREATE SCHEMA crowd")
    for (table,) in con.execute("SELECT DISTINCT table_name FROM duckdb_columns() ORDER BY ALL").fetchall():
        if table in names and table not in lookup_tables.TABLES:
            columns = con.execute(f'DESCRIBE "{table}"').fetchall()
            data = {}
            for name, kind, *_ in columns:
                of = "" if seed % 2 and name in PLACE else table  # records of several tables in one place
                draw = random.Random(f"{rule.code} {of} {name} {seed}")  # noqa: S311 - the same again
                data[name] = _column(draw, rule, name, kind)
            con.register("drawn", pa.table(data))
            typed = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind, *_ in columns)
            con.execute(f'CREATE TABLE crowd."{table}" AS SELECT {typed} FROM drawn')
            con.unregister("drawn")
    con.execute("SET search_path = 'crowd,main'")


def found(con: duckdb.DuckDBPyConnection, rule: Rule, sql: str) -> list[str] | str:
    """Return the rows that a query finds, in any order, or what is wrong with it."""
    known = rule.values | {"as_of": AS_OF}
    bound = {name: known[name] for name in PARAMETER.findall(sql) if name in known}
    timer = threading.Timer(LONGEST, con.interrupt)
    timer.start()
    try:
        return sorted(map(repr, con.execute(sql.strip().rstrip(";"), bound).fetchmany(MOST)))
    except duckdb.Error as error:
        return type(error).__name__
    finally:
        timer.cancel()


def _column(draw: random.Random, rule: Rule, name: str, kind: str) -> pa.Array:
    """Draw a column, from a few of the values that it may have, so that many are equal."""
    if name == "_at":
        return pa.array(range(1, SIZE + 1))
    values = sorted(set(map(str, _values(rule, name, kind.removesuffix("[]")))))
    if name in EXAMPLES and draw.random() < 0.5:
        values = sorted(map(str, EXAMPLES[name]))
    few = draw.sample(values, min(len(values), draw.choice((1, 2, 3, 6, 12))))
    if not few:
        return pa.nulls(SIZE, pa.string())
    if kind.endswith("[]"):
        lists = [draw.choices(few, k=draw.randrange(4)) for _ in range(SIZE)]
        return pa.array(lists, pa.list_(pa.string()))
    missing = 0 if name in PLACE else draw.choice((0, 0, 0.2, 0.7))
    drawn = [draw.choice(few) if draw.random() >= missing else None for _ in range(SIZE)]
    return pa.array(drawn, pa.string())


def _values(rule: Rule, name: str, kind: str) -> Iterator[object]:
    """Yield what a column may hold."""
    if kind == "VARCHAR":
        yield from KEYS.get(name) or (IDS if name in REFERENCES else EXAMPLES.get(name) or _texts(rule))
    elif kind == "BOOLEAN":
        yield from (True, False)
    elif kind in {"DATE", "TIMESTAMP"}:
        for day in _days(rule):
            yield from (day - dt.timedelta(1), day, day + dt.timedelta(1))
    elif kind != "BLOB":
        whole = "INT" in kind
        usual = YEARS if whole and name.startswith("nam") else NUMBERS
        for number in (*_numbers(rule), *EXAMPLES.get(name, usual)):
            parts = () if whole else (number / 2, number + 0.25)
            near = (*parts, number - 1, number, number + 1)
            yield from (round(each) if whole else each for each in near if abs(each) < 2**31)


def _texts(rule: Rule) -> list[str]:
    """Return the texts that stand in a rule, and some others."""
    listed = [text for one in rule.values.values() if isinstance(one, list) for text in one]
    return [*re.findall(r"'([^'\n]{0,40})'", rule.sql or ""), *listed, "x", "1", ""]


def _days(rule: Rule) -> list[dt.date]:
    """Return the days and first days of years that stand in a rule, and some others."""
    days = [dt.date.fromisoformat(day) for day in re.findall(r"'(\d{4}-\d\d-\d\d)'", rule.sql or "")]
    years = [dt.date(int(n), 1, 1) for n in _numbers(rule) if 1800 < n < 2100]
    return [*days, *years, AS_OF, dt.date(2020, 2, 1)]


def _numbers(rule: Rule) -> list[float]:
    """Return the numbers that stand in a rule."""
    sql = re.sub(r"'[^']*'|--.*|\[\d+(:\d+)?\]", "", rule.sql or "")
    texts = re.findall(r"(?<![\w$.])\d+(?:\.\d+)?", sql)
    return [*map(float, texts), *(v for v in rule.values.values() if isinstance(v, (int, float)))]
