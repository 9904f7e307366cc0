"""The report of a remap: where everything went, what is not settled, what collides; exact counts, capped samples."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import duckdb
import msgspec

from landxml_mappings import units
from landxml_mappings.remap.boundaries import Boundaries

__all__ = ["Collision", "Flow", "Problem", "RemapReport", "Text", "Unread", "told"]

SAMPLES = 100


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """Parcels that went from one commune to another, or nowhere (``new`` is None); area in m²."""

    old: str
    old_name: str
    new: str | None
    new_name: str
    kind: str
    basis: str
    parcels: int
    area: Decimal


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Records that are not settled for one reason: how many, and the first of them with what they may become."""

    kind: str
    cls: str
    code: str
    count: int
    candidates: str
    samples: list[str]


class Collision(msgspec.Struct, frozen=True):
    """One commune, sheet and number for parcels that were several."""

    key: str
    old: list[str]


class Text(msgspec.Struct, frozen=True):
    """Names or addresses of one element: what became of how many."""

    cls: str
    element: str
    outcome: str
    count: int


class Unread(msgspec.Struct, frozen=True):
    """A file of no known layout, copied as it is."""

    name: str
    vi: str
    en: str


class RemapReport(msgspec.Struct, kw_only=True):
    """What a remap did.

    Attributes
    ----------
    since
        Days on which the codes of the data were valid, with the number of documents of each.
    records
        Records by basis: ``table``, ``geometry``, ``resolve``, ``parcel``, ``left`` or ``""`` (not settled).
    inferred
        Records settled by a transition that a source only infers.
    catalogue
        Records of the result whose code is valid on the day, and those whose code is not.
    renumbered
        Parcels with a new sheet or number.
    missing
        Communes that the map of boundaries lacks, though parcels may lie in them.
    faults
        Violations of the schema met on the way; the validator names them.
    """

    tool: str
    created: dt.datetime
    seconds: float
    inputs: list[str]
    output: str
    table: str
    until: dt.date
    since: dict[str, int]
    documents: int
    records: dict[str, int]
    inferred: int
    flows: list[Flow]
    problems: list[Problem]
    collisions: list[Collision]
    colliding: int
    renumbered: int
    texts: list[Text]
    catalogue: tuple[int, int]
    missing: list[str]
    faults: int
    unread: list[Unread]
    samples: int = SAMPLES

    @property
    def settled(self) -> bool:
        """Whether nothing is left for people to decide."""
        return not (self.problems or self.colliding or self.unread)

    @property
    def unsettled(self) -> int:
        """Number of records that are not settled."""
        return sum(problem.count for problem in self.problems)


ALL = "(SELECT cls, file, id, code, new, basis, trouble, candidates FROM settled UNION ALL FROM (" \
      "SELECT cls, file, id, code, new, basis, trouble, candidates FROM others))"  # fmt: skip


def flows(con: duckdb.DuckDBPyConnection, until: dt.date) -> list[Flow]:
    """Return where the parcels of each old commune went."""
    rows = con.execute(
        """SELECT s.code, s.new, coalesce(p.kind, ''), coalesce(s.basis, ''), count(*), coalesce(sum(s.area), 0), max(f.since)
        FROM settled s JOIN file f ON f.no = s.file
        LEFT JOIN pair p ON p.since = f.since AND p.code = s.code AND p.new = s.new
        GROUP BY ALL ORDER BY s.code, s.new NULLS LAST, 4"""
    ).fetchall()
    return [
        Flow(
            old=old, old_name=_name(old, since), new=new, new_name=_name(new, until), kind=kind, basis=basis,
            parcels=count, area=area,
        )
        for old, new, kind, basis, count, area, since in rows
    ]  # fmt: skip


def _name(code: str | None, day: dt.date) -> str:
    """Return the name of a commune on a day, or the last that it had."""
    unit = units.commune(code or "", day)
    known = [unit] if unit else [period for period in units.validities(code or "") if period.level == "commune"]
    return known[-1].name if known else ""


def problems(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return what is not settled, most first."""
    rows = con.execute(
        f"""SELECT trouble, cls, code, count(*) AS n, coalesce(any_value(candidates), ''),
          list(place ORDER BY place)[:{SAMPLES}]
        FROM (SELECT a.*, coalesce(concat_ws('/', s.code, s.sheet, s.number) || CASE WHEN a.trouble IN ('across', 'conflict')
            THEN ': ' || a.candidates ELSE '' END, a.id, '') AS place
          FROM {ALL} a LEFT JOIN settled s ON s.file = a.file AND s.id = a.id AND s.cls = a.cls WHERE a.trouble IS NOT NULL)
        GROUP BY ALL ORDER BY n DESC, trouble, cls, code"""
    ).fetchall()
    return [
        Problem(kind=kind, cls=cls, code=code, count=count, candidates=candidates, samples=samples)
        for kind, cls, code, count, candidates, samples in rows
    ]


def told(
    con: duckdb.DuckDBPyConnection, until: dt.date, texts: Counter[tuple[str, str, str]], chart: Boundaries | None
) -> dict[str, Any]:
    """Return the fields of a report that the tables of the plan give."""
    records = dict(con.execute(f"SELECT coalesce(basis, ''), count(*) FROM {ALL} GROUP BY 1 ORDER BY 1").fetchall())
    inferred = con.execute(
        f"SELECT count(*) FROM {ALL} a JOIN file f ON f.no = a.file JOIN pair p ON p.since = f.since AND p.code = a.code"
        " AND p.new = a.new WHERE p.inferred"
    ).fetchall()
    codes = con.execute(f"SELECT coalesce(new, code), count(*) FROM {ALL} GROUP BY 1").fetchall()
    valid = sum(count for code, count in codes if units.commune(code, until))
    colliding = con.execute("SELECT count(*) FROM collision").fetchall()
    found = con.execute(f"SELECT concat_ws('/', new, sheet, number) AS key, old FROM collision ORDER BY key LIMIT {SAMPLES}")
    split = con.execute("SELECT DISTINCT unnest(string_split(candidates, ', ')) FROM code WHERE state = 'split'").fetchall()
    since = con.execute("SELECT since::VARCHAR, count(*) FROM file GROUP BY 1 ORDER BY 1").fetchall()
    return {
        "flows": flows(con, until),
        "problems": problems(con),
        "collisions": [Collision(*row) for row in found.fetchall()],
        "colliding": colliding[0][0],
        "renumbered": con.execute("SELECT count(*) FROM renumbered").fetchall()[0][0],
        "records": records,
        "inferred": inferred[0][0],
        "catalogue": (valid, sum(count for _, count in codes) - valid),
        "since": dict(since),
        "missing": chart.missing(code for (code,) in split) if chart else [],
        "texts": [Text(*key, count) for key, count in sorted(texts.items())],
    }
