"""Shared scans: rules that look at the rows of one table, each for itself, are asked together.

Such a rule is written ``SELECT … FROM Table WHERE condition``. One statement then asks for all rules of the
table whether a row meets their conditions; only those with rows run their own query. Planning costs more than
looking at rows, so a condition costs a tenth of a statement. Where anything else is written (a join, a group,
a second SELECT before the table) the rule runs by itself. Texts repeat themselves: each is looked at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

import duckdb

from landxml.database import parsed
from landxml.place import PLACE
from landxml_validator.rule import PARAMETER, Rule

__all__ = ["condition", "silent"]

_REPEATING = {"Texts": "(SELECT DISTINCT cls, element, text FROM Texts)"}
"""What stands for a table whose rows mostly differ by their places only."""
_PLACES = re.compile(rf"\b(?:{'|'.join((*PLACE, '_id'))})\b")

_COMMENT = re.compile(r"('[^']*')|--[^\n]*")
_PLAIN = re.compile(r"\s*SELECT\b(?:(?!\b(?:SELECT|FROM)\b).)*\bFROM\s+(\w+)\s+WHERE\b(.*)", re.DOTALL)
_MORE = re.compile(r"\b(?:UNION|INTERSECT|EXCEPT|GROUP|HAVING|QUALIFY|WINDOW|OVER|ORDER|LIMIT|OFFSET)\b")


@cache
def condition(sql: str) -> tuple[str, str] | None:
    """Return the table and the condition of a query that looks at each row for itself; None of others."""
    sql = _COMMENT.sub(r"\1", sql.strip().rstrip(";"))
    found = _PLAIN.fullmatch(sql)
    return (found[1], found[2]) if found and not _MORE.search(sql) else None


def silent(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule], as_of: dt.date) -> set[str]:
    """Return the names of rules that find nothing, as far as shared scans can tell: none of a user's own.

    Parameters
    ----------
    con
        Connection that holds the tables, after :func:`landxml_validator.rule_sql.prepare`.
    rules
        Rules that are about to run.
    as_of
        Date that ``$as_of`` stands for.
    """
    asked = defaultdict[str, list[tuple[Rule, str]]](list)
    for rule in rules:
        if not rule.added and (found := condition(rule.sql or "")):
            table, where = found
            few = None if _PLACES.search(where) else _REPEATING.get(table)
            asked[few or f'"{table}"'].append((rule, where))
    quiet = set()
    for rows, several in asked.items():
        if len(several) > 1:
            quiet |= _silent(con, rows, several, as_of)
    return quiet


def _silent(
    con: duckdb.DuckDBPyConnection, rows: str, asked: Iterable[tuple[Rule, str]], as_of: dt.date
) -> set[str]:
    """Ask the rules of one table; of those that cannot be asked each says itself what is wrong."""
    bound: dict[str, object] = {}
    columns = []
    for rule, where in asked:
        known = rule.values | {"as_of": as_of}
        names = {name: f"{rule.name}_{name}" for name in PARAMETER.findall(where) if name in known}
        bound |= {own: known[name] for name, own in names.items()}
        own = PARAMETER.sub(lambda found, names=names: f"${names.get(found[1], found[1])}", where)  # type: ignore[misc]
        columns.append(f"bool_or(({own}\n)::BOOLEAN) AS {rule.name}")
    try:
        answer = con.execute(parsed(con, f"SELECT {', '.join(columns)} FROM {rows}"), bound)
        (row,) = answer.fetchall()
    except duckdb.Error:
        return set()
    return {name for (name, *_), met in zip(answer.description, row, strict=True) if not met}
