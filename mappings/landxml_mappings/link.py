"""Link: which parcel of the attributes is which of the map, where a delivery has them in files of their own.

A record *describes* its parcel, unless its file is only a map; it is *shaped* if it has a geometry. What is
described in one file and has its shape in another is linked by commune, sheet and parcel number; those of a
side from before a merger are looked up in a table of sheets, if there is one. What is left is linked by the
old numbers of either, then by ``maThuaDat``, then by the numbers under an old code of a commune that has one
successor, and only where each fits no other; what fits several stays open.
All is SQL over the tables of the whole delivery, in any order of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

import landxml_units as units
from landxml.database import literal, rows_of
from landxml.place import PLACE
from landxml_mappings.sheets import PLAIN_SCALE, Renumbering

__all__ = ["FIELDS", "PARCEL", "TABLES", "link", "parcels"]

PARCEL = "ThuaDat"
FIELDS = (
    "maXa", "soHieuToBanDo", "soThuTuThua", "soHieuToBanDoCu", "soThuTuThuaCu", "maThuaDat",
    "laDoiTuongChiemDat", "taiLieuDoDac",
)  # fmt: skip
"""Fields of a parcel by which it is linked."""
TABLES = frozenset({PARCEL, "MucDichSuDung", "TaiLieuDoDac"})
"""Classes whose tables :func:`parcels` reads, with ``HinhHoc`` and ``Owners``."""


def parcels(columns: Iterable[str]) -> str:
    """Return the query of what is linked and compared of the parcels of a batch.

    Parameters
    ----------
    columns
        Columns of ``ThuaDat`` as they stand in a SELECT; there come ``shaped``, whether the record has a
        geometry, its ``area`` in m², ``uses``, the codes of its purposes, each once, in order, joined by
        ``+``, the ``scale`` of its survey (``500``), and lists of ``owners`` and their ``classes``
        (:mod:`landxml_mappings.owners`).
    """
    return f"""
SELECT t.*, s._id IS NOT NULL AS shaped, s.area, u.uses, d.scale, o.names AS owners, o.classes
FROM (SELECT {", ".join(columns)} FROM ThuaDat) t
LEFT JOIN (SELECT _file, _at, _id, any_value(area) AS area FROM HinhHoc GROUP BY ALL) s
  ON s._file = t._file AND s._at = t._at AND s._id = t._id
LEFT JOIN (
  SELECT _file, _parent, string_agg(DISTINCT maMucDichSuDung, '+' ORDER BY maMucDichSuDung) AS uses
  FROM MucDichSuDung GROUP BY ALL
) u ON u._file = t._file AND u._parent = t._id
LEFT JOIN (
  SELECT _file, _id, min({PLAIN_SCALE.format("tyLeDoDac")}) AS scale FROM TaiLieuDoDac GROUP BY ALL
) d ON d._file = t._file AND d._id = t.taiLieuDoDac
LEFT JOIN Owners o ON o._id = t._id"""


def link(
    con: duckdb.DuckDBPyConnection,
    compared: Sequence[str],
    file: Path | None = None,
    sheets: Iterable[Renumbering] = (),
) -> None:
    """Link the parcels of a delivery.

    Parameters
    ----------
    con
        Connection with ``ThuaDat``, made by :func:`parcels`, and ``MapFile(_file)``, the files that only
        hold a map. There come

        ``Numbered(commune, sheet, number, described, shaped, way)``
            how many records describe and how many shape the parcel with a number; ``way`` is ``number``, or
            ``sheets`` if some were looked up;
        ``Unlinked(n, described, _file, _part, _at, _id, commune, sheet, number, several, parcel, open)``
            a described parcel without shape, or a shape of a parcel that is not described, at its first
            record: the numbers by which it was sought, NULL if the table has ``several``; in words as they
            stand; ``open`` if there are several that it may belong to;
        ``Candidate(a, m, way)``
            numbers ``n`` of those that may belong together;
        ``Linked(a, m, way)``
            the same of those that do, beside the ones of equal numbers; ``way`` is ``sheets``, ``old``,
            ``code`` or ``commune``;
        ``Links``
            each record that describes a parcel beside the only shape that this has: its place, id and the
            columns compared; with ``map_`` before their names those of the other.
    compared
        Columns of ``ThuaDat`` that are wanted in ``Links``.
    file
        Parquet file for ``Links``: new, where ``con`` may write; without one it is a table.
    sheets
        New numbers of sheets: by these the parcels are sought of the side, attributes or map, that has the
        old ones, which is the only one with communes that the table does not have as new.
    """
    con.execute(_SHEETS)
    if rows := [each for each in sheets if each.new]:
        con.executemany("INSERT INTO Sheet VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    con.execute(_RENUMBERED)
    con.execute(_PARCELS)
    con.execute(_REST)
    con.execute("CREATE TABLE Successor (maXa VARCHAR, commune VARCHAR)")
    codes = [
        code for (code,) in con.execute("SELECT DISTINCT maXa FROM Rest WHERE maXa IS NOT NULL").fetchall()
    ]
    if merged := [(code, *found) for code in codes if len(found := units.successors(code)) == 1]:
        con.executemany("INSERT INTO Successor VALUES (?, ?)", merged)
    con.execute(_CANDIDATES)
    for way in ("sheets", "old", "code", "commune"):
        con.execute(_SETTLED, {"way": way})
    con.execute(_UNLINKED)
    links = _links([*PLACE, "_id", *compared])
    if file is None:
        con.execute(f"CREATE TABLE Links AS {links}")
        return
    con.execute(f"COPY ({links}) TO {literal(str(file))} (FORMAT parquet)")
    con.execute(f"CREATE VIEW Links AS FROM {rows_of([file])}")


_SHEETS = """
CREATE TABLE Sheet (
  maXa VARCHAR, old_sheet INTEGER, old_number INTEGER, commune VARCHAR, sheet INTEGER, number INTEGER,
  scale VARCHAR
)
"""

_RENUMBERED = """
CREATE TABLE Renumbered AS
WITH parcel AS (SELECT *, _file NOT IN (FROM MapFile) AS described FROM ThuaDat),
old AS (  -- the side that has communes which the table knows as old ones only
  SELECT min(described) AS described FROM (
    SELECT DISTINCT described FROM parcel
    WHERE maXa IN (SELECT maXa FROM Sheet EXCEPT SELECT commune FROM Sheet)
  ) HAVING count(*) = 1
), used AS (
  SELECT DISTINCT described, maXa, soHieuToBanDo AS old_sheet, scale
  FROM parcel SEMI JOIN old USING (described)
)
SELECT u.*, s.old_number, any_value(s.commune) AS commune, any_value(s.sheet) AS sheet,
  any_value(s.number) AS number, count(DISTINCT (s.commune, s.sheet, s.number)) AS targets
FROM used u JOIN Sheet s ON s.maXa = u.maXa AND s.old_sheet = u.old_sheet
  AND (s.scale = u.scale OR s.scale IS NULL OR u.scale IS NULL)
GROUP BY ALL
"""

_PARCELS = """
CREATE VIEW Parcel AS
SELECT t.*, coalesce(p.targets, s.targets, 1) > 1 AS several, coalesce(p.targets, s.targets) IS NULL AS own,
  if(several, NULL, coalesce(p.commune, s.commune, t.maXa)) AS commune,
  if(several, NULL, coalesce(p.sheet, s.sheet, soHieuToBanDo)) AS sheet,
  if(several, NULL, coalesce(p.number, soThuTuThua)) AS number
FROM (SELECT *, _file NOT IN (FROM MapFile) AS described FROM ThuaDat) t
LEFT JOIN Renumbered p ON p.described = t.described AND p.maXa = t.maXa AND p.old_sheet = soHieuToBanDo
  AND p.old_number = soThuTuThua AND p.scale IS NOT DISTINCT FROM t.scale
LEFT JOIN Renumbered s ON s.described = t.described AND s.maXa = t.maXa AND s.old_sheet = soHieuToBanDo
  AND s.old_number IS NULL AND s.scale IS NOT DISTINCT FROM t.scale
WHERE t.described OR t.shaped;
CREATE TABLE Numbered AS
SELECT commune, sheet, number, count(*) FILTER (described) AS described, count(*) FILTER (shaped) AS shaped,
  if(bool_and(own), 'number', 'sheets') AS way
FROM Parcel WHERE commune IS NOT NULL AND sheet IS NOT NULL AND number IS NOT NULL GROUP BY ALL
"""

_REST = """
CREATE TABLE Rest AS
WITH parcel AS (
  SELECT described, _file, _part, _at, _id, commune, sheet, number, several, scale, maXa,
    soHieuToBanDo AS own_sheet, soThuTuThua AS own_number, maThuaDat AS code,
    try_cast(soHieuToBanDoCu AS INTEGER) AS old_sheet, try_cast(soThuTuThuaCu AS INTEGER) AS old_number
  FROM Parcel WHERE NOT (described AND shaped)
    AND (described OR laDoiTuongChiemDat IS NOT TRUE)  -- roads and rivers need no attributes
), known AS (
  SELECT p.* FROM parcel p
  SEMI JOIN (FROM Numbered WHERE described = 0 OR shaped = 0) n USING (commune, sheet, number)
  UNION ALL
  FROM parcel WHERE several
), same AS (  -- several records of one parcel count once, at the first; any may have the old numbers
  SELECT * REPLACE (
    first_value(if(old_number IS NULL, NULL, old_sheet) IGNORE NULLS) OVER same AS old_sheet,
    first_value(if(old_sheet IS NULL, NULL, old_number) IGNORE NULLS) OVER same AS old_number,
    first_value(code IGNORE NULLS) OVER same AS code
  ), row_number() OVER same AS place
  FROM known
  WINDOW same AS (
    PARTITION BY coalesce(commune, maXa), coalesce(sheet, own_sheet), coalesce(number, own_number), several
    ORDER BY _file, _part, _at, _id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  )
), rest AS (
  SELECT * EXCLUDE (place) FROM same WHERE place = 1
  UNION ALL
  FROM parcel WHERE NOT several AND (commune IS NULL OR sheet IS NULL OR number IS NULL)
)
SELECT row_number() OVER () AS n, * FROM rest
"""

_CANDIDATES = """
CREATE TABLE Candidate AS
WITH a AS (FROM Rest WHERE described), m AS (FROM Rest WHERE NOT described)
SELECT if(o.described, o.n, t.n) AS a, if(o.described, t.n, o.n) AS m, 'sheets' AS way
FROM Rest o JOIN Sheet s ON s.maXa = o.maXa AND s.old_sheet = o.own_sheet
  AND coalesce(s.old_number, o.own_number) = o.own_number
  AND (s.scale = o.scale OR s.scale IS NULL OR o.scale IS NULL)
JOIN Rest t ON t.described <> o.described AND t.commune = s.commune AND t.sheet = s.sheet
  AND t.number = coalesce(s.number, o.own_number)
WHERE o.several
UNION
SELECT a.n, m.n, 'old' FROM a JOIN m
  ON m.commune = a.commune AND m.sheet = a.old_sheet AND m.number = a.old_number
UNION
SELECT a.n, m.n, 'old' FROM a JOIN m
  ON m.commune = a.commune AND m.old_sheet = a.sheet AND m.old_number = a.number
UNION
SELECT a.n, m.n, 'code' FROM a JOIN m ON m.code = a.code
UNION
SELECT if(o.described, o.n, t.n), if(o.described, t.n, o.n), 'commune'
FROM Rest o JOIN Successor s ON s.maXa = o.maXa AND s.commune <> o.maXa
JOIN Rest t ON t.described <> o.described AND t.maXa = s.commune AND t.own_sheet = o.own_sheet
  AND t.own_number = o.own_number;
CREATE TABLE Linked (a BIGINT, m BIGINT, way VARCHAR)
"""

_SETTLED = """
INSERT INTO Linked
SELECT a, m, way FROM Candidate
WHERE way = $way AND a NOT IN (SELECT a FROM Linked) AND m NOT IN (SELECT m FROM Linked)
QUALIFY count(*) OVER (PARTITION BY a) = 1 AND count(*) OVER (PARTITION BY m) = 1
"""

_UNLINKED = """
CREATE TABLE Unlinked AS
WITH left_over AS (
  SELECT * FROM Rest WHERE n NOT IN (SELECT a FROM Linked UNION ALL SELECT m FROM Linked)
), pair AS (
  SELECT a, m FROM Candidate SEMI JOIN left_over f ON f.n = a SEMI JOIN left_over t ON t.n = m
)
SELECT n, described, _file, _part, _at, _id, commune, sheet, number,
  coalesce(maXa, '?') || '/' || coalesce(own_sheet::VARCHAR, '?') || '/' || coalesce(own_number::VARCHAR, '?')
    AS parcel,
  several, n IN (SELECT a FROM pair UNION ALL SELECT m FROM pair) AS open
FROM left_over
"""


def _links(columns: Sequence[str]) -> str:
    both = [f"a.{name}" for name in columns] + [f"m.{name} AS map_{name.lstrip('_')}" for name in columns]
    return f"""
SELECT {", ".join(both)} FROM Parcel a JOIN Parcel m USING (commune, sheet, number)
ANTI JOIN (FROM Numbered WHERE shaped > 1) n
  ON n.commune = a.commune AND n.sheet = a.sheet AND n.number = a.number
WHERE a.described AND m.shaped AND m._file <> a._file
UNION ALL
SELECT {", ".join(both)} FROM Linked l JOIN Rest r ON r.n = l.a JOIN Rest s ON s.n = l.m
JOIN Parcel a ON a._file = r._file AND a._part = r._part AND a._at = r._at AND a._id = r._id
JOIN Parcel m ON m._file = s._file AND m._part = s._part AND m._at = s._at AND m._id = s._id"""
