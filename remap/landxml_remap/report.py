"""The report of a remap: where everything went, what is not settled, what collides.

Counts are exact; only samples are capped.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import duckdb
import msgspec

import landxml_units as units
from landxml.privacy import key, shown
from landxml_remap.boundaries import Boundaries

__all__ = ["Collision", "Flow", "Problem", "RemapReport", "Text", "Unread", "of_plan"]

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
    """Records that are not settled for one reason: how many, the first of them, what they may become.

    Of ``kind`` ``sheet`` are parcels whose commune is settled, and for which a table has several new sheets.
    """

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
        """Number of records without a new commune."""
        return sum(problem.count for problem in self.problems if problem.kind != "sheet")


FLOWS = """
SELECT s.code, s.new, coalesce(p.kind, ''), coalesce(s.basis, ''), count(*),
  coalesce(sum(s.area) FILTER (s.area < 1e8), 0),  -- nine digits are no area, but perhaps a person's number
  max(f.since)
FROM settled s JOIN file f ON f.no = s.file
LEFT JOIN pair p ON p.since = f.since AND p.code = s.code AND p.new = s.new
GROUP BY ALL ORDER BY s.code, s.new NULLS LAST, 4
"""
PROBLEMS = """
WITH open AS (
  SELECT o.*, CASE
    WHEN trouble = 'no-code' THEN concat(f.name, ':', line)
    ELSE coalesce(CASE WHEN cls IN ('ThuaDat', 'DC_ThuaDat')
      THEN concat_ws('/', code, coalesce(sheet, '?'), coalesce(number, '?'))
        || CASE WHEN trouble IN ('across', 'conflict', 'sheet') THEN ': ' || candidates ELSE '' END
      END, id, '') END AS place
  FROM (
    FROM outcome WHERE trouble IS NOT NULL
    UNION ALL
    SELECT o.* REPLACE ('sheet' AS trouble, u.sheets AS candidates)
    FROM outcome o JOIN unclear u USING (cls, seq)
  ) o JOIN file f ON f.no = o.file
)
SELECT o.trouble, o.cls, o.code, count(*) AS n, coalesce(any_value(c.candidates), ''), min(place, $samples)
FROM open o LEFT JOIN (SELECT DISTINCT ON (code) code, candidates FROM code) c ON c.code = o.code
GROUP BY o.trouble, o.cls, o.code ORDER BY n DESC, o.trouble, o.cls, o.code
"""
INFERRED = """
SELECT count(*) FROM outcome o JOIN file f ON f.no = o.file
JOIN pair p ON p.since = f.since AND p.code = o.code AND p.new = o.new WHERE p.inferred
"""
COLLISIONS = """
WITH sample AS (
  SELECT *, concat_ws('/', new, sheet, number) AS key FROM collision ORDER BY key LIMIT $samples
)
SELECT key, list(old ORDER BY old) FROM numbered JOIN sample USING (new, sheet, number)
GROUP BY key ORDER BY key
"""
DIVIDED = "SELECT DISTINCT unnest(string_split(candidates, ', ')) FROM code WHERE state = 'split'"


def flows(con: duckdb.DuckDBPyConnection, until: dt.date) -> list[Flow]:
    """Return where the parcels of each old commune went."""
    return [
        Flow(
            old=shown(old), old_name=_name(old, since), new=new, new_name=_name(new, until), kind=kind,
            basis=basis, parcels=count, area=area,
        )
        for old, new, kind, basis, count, area, since in con.execute(FLOWS).fetchall()
    ]  # fmt: skip


def _name(code: str | None, day: dt.date) -> str:
    """Return the name of a commune on a day, or the last that it had."""
    if unit := units.commune(code or "", day):
        return unit.name
    known = [period.name for period in units.validities(code or "") if period.level == "commune"]
    return known[-1] if known else ""


def problems(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return what is not settled, most first."""
    return [
        Problem(
            kind=kind,
            cls=cls,
            code=shown(code),
            count=count,
            candidates=candidates,
            samples=[_place(sample, kind) for sample in samples],
        )
        for kind, cls, code, count, candidates, samples in con.execute(
            PROBLEMS, {"samples": SAMPLES}
        ).fetchall()
    ]


def _place(sample: str, kind: str) -> str:
    """Mask what may be personal in the key or id of a sample; behind a colon stand codes of our own.

    Of what has no code the sample is file and line.
    """
    if kind == "no-code":
        return sample
    place, colon, candidates = sample.partition(": ")
    return key(place) + colon + candidates


def of_plan(
    con: duckdb.DuckDBPyConnection,
    until: dt.date,
    texts: Counter[tuple[str, str, str]],
    chart: Boundaries | None,
) -> dict[str, Any]:
    """Return the fields of the report that are queries over the tables of the plan."""

    def rows(query: str) -> list[Any]:
        return con.execute(query).fetchall()

    codes = rows("SELECT coalesce(new, code), count(*) FROM outcome GROUP BY 1")
    valid = sum(count for code, count in codes if units.commune(code, until))
    collisions = con.execute(COLLISIONS, {"samples": SAMPLES}).fetchall()
    return {
        "flows": flows(con, until),
        "problems": problems(con),
        "collisions": [Collision(key(place), list(map(shown, old))) for place, old in collisions],
        "colliding": rows("SELECT count(*) FROM collision")[0][0],
        "renumbered": rows("SELECT count(*) FROM renumbered")[0][0],
        "records": dict(rows("SELECT coalesce(basis, ''), count(*) FROM outcome GROUP BY 1 ORDER BY 1")),
        "inferred": rows(INFERRED)[0][0],
        "catalogue": (valid, sum(count for _, count in codes) - valid),
        "since": dict(rows("SELECT since::VARCHAR, count(*) FROM file GROUP BY 1 ORDER BY 1")),
        "missing": chart.missing(code for (code,) in rows(DIVIDED)) if chart else [],
        "texts": [Text(*key, count) for key, count in sorted(texts.items())],
    }
