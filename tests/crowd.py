"""A crowd: tables of drawn values near the limits of one rule, by which slips in its SQL can be told.

Each table that a rule names is filled with records of few values: the numbers, days and texts that stand in
its SQL, what is next to them, examples of its fields, and NULL. Crowds fit together more and more, in turns
of four: in the second records of several tables are in one place, in the third columns of a meaning have the
same few values, in the fourth reference tables are drawn as well. Equal code and rule draw equal crowds.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import threading
import tomllib
from collections.abc import Iterable, Iterator
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
TEXT = re.compile(r"'([^'\n]{0,40})'")
NUMBERS, YEARS = (0, 1, 2, 100, 101, 102, 120), (2018, 2026)
SIZES = (0, 6, 6, 20, 20, 60, 60, 60, 60, 60)
"""Records that a table may have."""
LONGEST, MOST = 5.0, 2000
"""Seconds that a query may take, and rows that are compared."""
FILES = ["a.xml", "b.xml", "c.xml", "d.xml", "e.xml", "f.xml"]
KEYS = {
    "_file": FILES,
    "_part": ["", "p"],
    "_dossier": [f"d{n}" for n in range(12)],
    "other": FILES,
    "other_part": ["", "p"],
}
PLACED, ALIKE, DRAWN = 1, 2, 3
"""Steps in which crowds fit together."""
CODES = {"maXa", "code", "new_code", "old_code"}
PLACE = ("_file", "_part", "_at", "_id")
IDS = [f"i{n}" for n in range(6)]
REFERENCES = {
    field.element for _, field in national().fields() if field.kind == "reference"
} | {"_id", "_parent", "root", "target", "map_id", "value", "ids"}  # fmt: skip


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
    tables = "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() ORDER BY ALL"
    for (table,) in con.execute(tables).fetchall():
        if table in names and (seed % 4 == DRAWN or table not in lookup_tables.TABLES):
            columns = con.execute(f'DESCRIBE "{table}"').fetchall()
            kinds = {name: kind for name, kind, *_ in columns if name in names or name in PLACE}
            size = _draw(rule.code, table, seed).choice(SIZES)
            data = {name: _column(rule, table, name, kind, seed)[:size] for name, kind in kinds.items()}
            con.register("drawn", pa.table(data))
            typed = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in kinds.items())
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


def _draw(*of: object) -> random.Random:
    """Return what draws the same for the same words."""
    return random.Random(" ".join(map(str, of)))  # noqa: S311 - no secret


def _column(rule: Rule, table: str, name: str, kind: str, seed: int) -> pa.Array:
    """Draw a column, from a few of the values that it may have, so that many are equal."""
    if name == "_at":
        return pa.array(range(1, max(SIZES) + 1))
    of = "" if seed % 4 >= PLACED and name in PLACE else table
    draw = _draw(rule.code, of, name, seed)
    if seed % 4 >= ALIKE:
        meaning = _meaning(name, kind)
        values = _few(_draw(rule.code, meaning, kind, seed), rule, meaning, kind)
    else:
        values = _few(draw, rule, name, kind)
    if not values:
        return pa.nulls(max(SIZES), pa.string())
    if kind.endswith("[]"):
        lists = [draw.choices(values, k=draw.randrange(4)) for _ in range(max(SIZES))]
        return pa.array(lists, pa.list_(pa.string()))
    missing = 0 if name in PLACE else draw.choice((0, 0, 0, 0.2, 0.7))
    drawn = [draw.choice(values) if draw.random() >= missing else None for _ in range(max(SIZES))]
    return pa.array(drawn, pa.string())


def _meaning(name: str, kind: str) -> str:
    """Return the name of a column that has what another may have too."""
    if kind == "DATE":
        return ""
    if name in CODES:
        return "maXa"
    return "_id" if name in REFERENCES else name.removeprefix("map_")


def _few(draw: random.Random, rule: Rule, name: str, kind: str) -> list[str]:
    """Draw a few of the values that columns may hold."""
    values = set(map(str, _values(rule, name, kind.removesuffix("[]"))))
    if name in EXAMPLES and draw.random() < 0.8:
        values = set(map(str, EXAMPLES[name]))
    elif (limits := set(map(str, _limits(rule, name, kind)))) and draw.random() < 0.5:
        values = limits
    return draw.sample(sorted(values), min(len(values), draw.choice((1, 2, 3, 6, 12))))


def _values(rule: Rule, name: str, kind: str) -> Iterator[object]:
    """Yield what a column may hold."""
    sql = rule.sql or ""
    if kind == "VARCHAR":
        listed = [text for one in rule.values.values() if isinstance(one, list) for text in one]
        texts = [*TEXT.findall(sql), *listed, "x", "1", ""]
        yield from KEYS.get(name) or (IDS if name in REFERENCES else EXAMPLES.get(name) or texts)
    elif kind == "BOOLEAN":
        yield from (True, False)
    elif kind in {"DATE", "TIMESTAMP"}:
        years = [dt.date(int(n), 1, 1) for n in _numbers(rule, sql) if 1800 < n < 2100]
        yield from _about([*_days(sql), *years, AS_OF, dt.date(2020, 2, 1)])
    elif kind != "BLOB":
        whole = "INT" in kind
        usual = YEARS if whole and name.startswith("nam") else NUMBERS
        for number in (*_numbers(rule, sql), *EXAMPLES.get(name, usual)):
            parts = () if whole else (number / 2, number + 0.25)
            near = (*parts, number - 1, number, number + 1)
            yield from (round(each) if whole else each for each in near if abs(each) < 2**31)


def _limits(rule: Rule, name: str, kind: str) -> Iterator[object]:
    """Yield what follows a column on its lines of SQL, and values on both sides of it."""
    sql = "\n".join(re.findall(rf"\b{name}\b(.*)", rule.sql or ""))
    if kind == "VARCHAR" and name not in KEYS and name not in REFERENCES:
        yield from TEXT.findall(sql)
    elif kind in {"DATE", "TIMESTAMP"}:
        yield from _about(_days(sql))
    elif "INT" in kind:
        for whole in map(int, _numbers(rule, sql)):
            yield from (whole - 1, whole, whole + 1)
    elif kind == "DOUBLE" or kind.startswith("DECIMAL"):
        for number in _numbers(rule, sql):
            yield from (0.75 * number, number, 1.5 * number, number - 1, number + 1)


def _about(days: Iterable[dt.date]) -> Iterator[dt.date]:
    for day in days:
        yield from (day - dt.timedelta(1), day, day + dt.timedelta(1))


def _days(sql: str) -> list[dt.date]:
    """Return the days that stand in SQL."""
    days = [dt.date.fromisoformat(day) for day in re.findall(r"'(\d{4}-\d\d-\d\d)'", sql)]
    return [*days, *([AS_OF] if "$as_of" in sql else [])]


def _numbers(rule: Rule, sql: str) -> list[float]:
    """Return the numbers that stand in SQL, or that parameters of a rule have."""
    texts = re.findall(r"(?<![\w$.])\d+(?:\.\d+)?", re.sub(r"'[^']*'|--.*|\[\d+(:\d+)?\]", "", sql))
    given = [rule.values.get(name) for name in PARAMETER.findall(sql)]
    return [*map(float, texts), *(float(v) for v in given if isinstance(v, (int, float)))]
