"""Sheet and parcel numbers after a merger: which collide, and what they become if a policy says so."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from landxml_mappings.sheets import PLAIN_SCALE, Renumbering
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

NUMBERING = """
CREATE TABLE numbering (
  code VARCHAR, sheet INTEGER, number INTEGER, new VARCHAR, new_sheet INTEGER, new_number INTEGER,
  scale VARCHAR
)
"""

LISTED = f"""
CREATE TABLE listed AS
WITH parcel AS (
  SELECT p.cls, p.seq, p.code, p.new, p.sheet, p.number, min({PLAIN_SCALE.format("d.scale")}) AS scale
  FROM settled p LEFT JOIN link l ON l.file = p.file AND l.parcel = p.id
  LEFT JOIN survey d ON d.file = l.file AND d.id = l.id
  WHERE p.new IS NOT NULL AND p.number <> '' GROUP BY ALL
)
SELECT p.cls, p.seq, p.number, t.number IS NOT NULL AS alone, t.new_sheet, t.new_number
FROM parcel p JOIN numbering t ON t.code = p.code AND t.sheet = try_cast(p.sheet AS INTEGER)
  AND (t.number IS NULL OR t.number = try_cast(p.number AS INTEGER)) AND (t.new IS NULL OR t.new = p.new)
  AND (t.scale IS NULL OR p.scale IS NULL OR t.scale = p.scale)
QUALIFY alone = bool_or(alone) OVER (PARTITION BY p.cls, p.seq);  -- a parcel before the sheet on which it is
INSERT INTO renumbered
SELECT cls, seq, any_value(new_sheet), coalesce(any_value(new_number)::VARCHAR, number) FROM listed
GROUP BY cls, seq, number HAVING count(DISTINCT (new_sheet, new_number)) = 1;
INSERT INTO unclear
SELECT cls, seq, string_agg(DISTINCT new_sheet::VARCHAR, ', ' ORDER BY new_sheet::VARCHAR) FROM listed
GROUP BY cls, seq HAVING count(DISTINCT (new_sheet, new_number)) > 1
"""
"""What the table says of a parcel with its commune and scale; of several things nothing is chosen."""

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
    """Make the tables ``renumbered`` (by new numbers if there are some, else by policy) and ``collision``.

    ``unclear`` has the parcels for which there are several new numbers, with their sheets.
    """
    con.execute("CREATE TABLE renumbered (cls VARCHAR, seq BIGINT, new_sheet VARCHAR, new_number VARCHAR)")
    con.execute("CREATE TABLE unclear (cls VARCHAR, seq BIGINT, sheets VARCHAR)")
    if policy == "prefix":
        con.execute(PREFIXED)
    elif numbering:
        con.execute(NUMBERING)
        insert(con, "numbering", Renumbering._fields, numbering)
        con.execute(LISTED)
    con.execute(COLLISIONS)
