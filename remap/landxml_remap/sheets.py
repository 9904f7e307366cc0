"""Sheet and parcel numbers after a merger: which collide, and what they become if a policy says so."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from landxml_remap.decisions import Renumbering
from landxml_remap.workspace import insert

__all__ = ["number"]

PREFIXED = """
WITH parcel AS (SELECT *, try_cast(sheet AS BIGINT) AS s FROM settled WHERE new IS NOT NULL AND number <> ''),
shared AS (SELECT new, s FROM parcel GROUP BY ALL HAVING count(DISTINCT code) > 1),
width AS (SELECT new, greatest(1000, 10 ** len(max(s)::VARCHAR))::BIGINT AS step FROM parcel GROUP BY ALL),
place AS (  -- among all that were merged, so that it does not depend on what this delivery holds
  SELECT new, code, row_number() OVER (PARTITION BY new ORDER BY code) AS n FROM (
    SELECT DISTINCT new, code FROM parcel WHERE code <> new))
INSERT INTO renumbered
SELECT p.cls, p.seq, (place.n * width.step + p.s)::VARCHAR, p.number
FROM parcel p JOIN shared USING (new, s) JOIN width USING (new)
JOIN place ON place.new = p.new AND place.code = p.code
"""
"""The n-th old commune of a new one gets n000 added to the sheets that others have too; that which kept its
code keeps its numbers."""

LISTED = """
INSERT INTO renumbered
SELECT p.cls, p.seq, coalesce(one.new_sheet, whole.new_sheet), coalesce(one.new_number, p.number)
FROM settled p
LEFT JOIN numbering one ON one.code = p.code AND one.sheet = p.sheet AND one.number = p.number
LEFT JOIN numbering whole ON whole.code = p.code AND whole.sheet = p.sheet AND whole.number IS NULL
WHERE p.new IS NOT NULL AND p.number <> '' AND coalesce(one.new_sheet, whole.new_sheet) IS NOT NULL
"""

COLLISIONS = """
CREATE VIEW numbered AS
SELECT DISTINCT s.new, coalesce(r.new_sheet, s.sheet) AS sheet, coalesce(r.new_number, s.number) AS number,
  concat_ws('/', s.code, s.sheet, s.number) AS old
FROM settled s LEFT JOIN renumbered r ON r.cls = s.cls AND r.seq = s.seq
WHERE s.new IS NOT NULL AND s.occupies IS NOT TRUE AND s.sheet IS NOT NULL AND s.number IS NOT NULL;
CREATE TABLE collision AS
SELECT new, sheet, number FROM numbered GROUP BY ALL HAVING count(*) > 1
"""
"""One parcel in several dossiers, or twice in a file, is none: its old commune and numbers are the same."""


def number(con: duckdb.DuckDBPyConnection, policy: str, numbering: Sequence[Renumbering]) -> None:
    """Make the tables ``renumbered`` (by new numbers if there are some, else by policy) and ``collision``."""
    con.execute("CREATE TABLE renumbered (cls VARCHAR, seq BIGINT, new_sheet VARCHAR, new_number VARCHAR)")
    if policy == "prefix":
        con.execute(PREFIXED)
    elif numbering:
        con.execute(
            "CREATE TABLE numbering"
            " (code VARCHAR, sheet VARCHAR, number VARCHAR, new_sheet VARCHAR, new_number VARCHAR)"
        )
        insert(con, "numbering", Renumbering._fields, numbering)
        con.execute(LISTED)
    con.execute(COLLISIONS)
