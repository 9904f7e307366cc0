"""What rules refer to: tables of code lists, units, commune extents, VN-2000 CRSs; forms of identifiers.

``Province(code, province)`` tells in which provinces a commune is and was, and what went into it;
``RuralCommune(code)`` which codes never were those of a ward or township, nor of what took one in;
``UnitLetters(level, code, letters)`` the names of units as ``unit_letters`` of
:mod:`landxml_validator.sql_macros` writes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container
from functools import cache
from itertools import groupby
from operator import attrgetter

import duckdb
import pyarrow as pa

import landxml_schemas
import landxml_units as units
from landxml import codelists, crs
from landxml.codelists import Code
from landxml.database import connect, parsed
from landxml_validator.sql_macros import macros

__all__ = ["TABLES", "define", "load", "stale", "table"]

TABLES = (
    "CodeList", "CommuneToday", "Epsg", "Extent", "Province", "RuralCommune", "Stale", "Transition", "Unit",
    "UnitLetters",
)  # fmt: skip
MADE = {
    "CommuneToday": """
SELECT DISTINCT code FROM Unit
WHERE level = 'commune' AND coalesce(valid_from <= $as_of, true) AND coalesce(valid_to >= $as_of, true)
""",
    "Province": """
WITH own AS (
  SELECT c.code, coalesce(d.parent, c.parent) AS province
  FROM Unit c LEFT JOIN Unit d ON d.level = 'district' AND d.code = c.parent WHERE c.level = 'commune'
)
FROM own UNION SELECT t.new_code, p.province FROM Transition t JOIN own p ON p.code = t.old_code
""",
    "RuralCommune": """
WITH kinds AS (
  SELECT code, kind FROM Unit WHERE level = 'commune'
  UNION SELECT t.new_code, u.kind FROM Transition t JOIN Unit u ON u.code = t.old_code AND u.level = 'commune'
)
SELECT code FROM kinds GROUP BY code HAVING bool_and(kind = 'xa')
""",
    "UnitLetters": "SELECT DISTINCT level, code, unit_letters(name) AS letters FROM Unit",
}
"""Reference tables that are made of ``Transition`` and ``Unit``."""
ALWAYS = dt.date.min
_CODE = attrgetter("code")


def define(con: duckdb.DuckDBPyConnection, names: Container[str]) -> None:
    """Create those macros of :mod:`landxml_validator.sql_macros` that are named."""
    for name, macro in macros().items():
        if name in names:
            con.execute(f"CREATE OR REPLACE MACRO {name}{macro}")


def load(con: duckdb.DuckDBPyConnection, names: Collection[str], as_of: dt.date) -> None:
    """Create those reference tables that are named and not there yet."""
    for name in sorted(set(TABLES).intersection(names)):
        try:  # faster than to list all tables that are there
            con.execute(parsed(con, f"FROM {name} LIMIT 0"))
        except duckdb.CatalogException:
            con.register("reference", table(name, as_of))
            con.execute(f"CREATE TABLE {name} AS FROM reference")
            con.unregister("reference")


@cache
def table(name: str, as_of: dt.date) -> pa.Table:
    """Return one reference table, read or made once per process: some take long."""
    if name in MADE:
        return _made(as_of)[name]
    if name == "CodeList":
        return _codes()
    if name == "Stale":
        return _stale(as_of)
    if name == "Unit":
        return pa.concat_tables([units.table("units"), units.by_law()])
    if name == "Transition":
        return units.table("transitions")
    if name == "Extent":
        return units.extents()
    rows = [one._asdict() for one in crs.systems().values()]
    return pa.Table.from_pylist(rows).select(["epsg", "kind", "deprecated", "meant"])


@cache
def _made(as_of: dt.date) -> dict[str, pa.Table]:
    """Return the tables that are made of ``Transition`` and ``Unit``: all at once, since these take time."""
    with connect() as con:
        define(con, ["unit_letters"])
        load(con, ["Transition", "Unit"], as_of)
        return {
            name: con.sql(sql, params={"as_of": as_of} if "$as_of" in sql else {}).to_arrow_table()
            for name, sql in MADE.items()
        }


def stale(as_of: dt.date) -> set[str]:
    """Return the code lists that have codes that are not simply valid on a day."""
    return set(table("Stale", as_of)["list"].to_pylist())


def _codes() -> pa.Table:
    """Every code that any list ever had: list, code."""
    codes = {
        (name, row["code"]) for name in landxml_schemas.codelists() for row in landxml_schemas.codelist(name)
    }
    return pa.Table.from_pylist([{"list": name, "code": code} for name, code in sorted(codes)])


def _stale(as_of: dt.date) -> pa.Table:
    """Codes that are not simply valid on a day: list, code, what is wrong with it in records since when."""
    columns = ("list", "code", "rule", "since", "successors")
    kinds = (pa.string(), pa.string(), pa.string(), pa.date32(), pa.string())
    rows = [
        dict(zip(columns, (name, code, *wrong), strict=True))
        for name in landxml_schemas.codelists()
        for code, periods in groupby(sorted(codelists.codelist(name), key=_CODE), key=_CODE)
        if (wrong := _wrong(name, code, list(periods), as_of))
    ]
    return pa.Table.from_pylist(rows, pa.schema(list(zip(columns, kinds, strict=True))))


def _wrong(
    name: str, code: str, periods: list[Code], as_of: dt.date
) -> tuple[str, dt.date, str | None] | None:
    """Rule that is concerned, first day on which a record must not have the code, and what it became."""
    current = next((period for period in periods if period.valid_on(as_of)), None)
    if current is None:
        ends = [period.valid_to for period in periods if period.valid_to and period.valid_to < as_of]
        return "COD002", max(ends) + dt.timedelta(1) if ends else ALWAYS, None
    if current.deprecated is None or not current.replaced_on(as_of):
        return None
    links = codelists.successors(name, code, as_of)
    sure = links and not any(link.inferred for link in links)
    known = ", ".join(link.code for link in links) or None
    return "COD003" if sure else "COD004", current.deprecated, known
