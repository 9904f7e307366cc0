"""Link: which parcel of the attributes is which of the map, where a delivery has them in files of their own.

A record *describes* its parcel, unless its file is only a map; it is *shaped* if it has a geometry. What is
described in one file and has its shape in another is linked by commune, sheet and parcel number; of what is
left, by the old numbers of either, then by ``maThuaDat``, and only where each fits no other. What fits
several stays open. All is SQL over the tables of the whole delivery, in any order of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from landxml.database import literal, rows_of
from landxml.place import PLACE

__all__ = ["FIELDS", "PARCEL", "TABLES", "link", "parcels"]

PARCEL = "ThuaDat"
FIELDS = (
    "maXa", "soHieuToBanDo", "soThuTuThua", "soHieuToBanDoCu", "soThuTuThuaCu", "maThuaDat",
    "laDoiTuongChiemDat",
)  # fmt: skip
"""Fields of a parcel by which it is linked."""
TABLES = frozenset({PARCEL, "MucDichSuDung"})
"""Classes whose tables :func:`parcels` reads, with ``HinhHoc``."""


def parcels(columns: Iterable[str]) -> str:
    """Return the query of what is linked and compared of the parcels of a batch.

    Parameters
    ----------
    columns
        Columns of ``ThuaDat`` as they stand in a SELECT; there come ``shaped``, whether the record has a
        geometry, its ``area`` in m², and ``uses``, the codes of its purposes, each once, in order, joined by
        ``+``.
    """
    return f"""
SELECT t.*, s._id IS NOT NULL AS shaped, s.area, u.uses FROM (SELECT {", ".join(columns)} FROM ThuaDat) t
LEFT JOIN (SELECT _file, _at, _id, any_value(area) AS area FROM HinhHoc GROUP BY ALL) s
  ON s._file = t._file AND s._at = t._at AND s._id = t._id
LEFT JOIN (
  SELECT _file, _parent, string_agg(DISTINCT maMucDichSuDung, '+' ORDER BY maMucDichSuDung) AS uses
  FROM MucDichSuDung GROUP BY ALL
) u ON u._file = t._file AND u._parent = t._id"""


def link(con: duckdb.DuckDBPyConnection, compared: Sequence[str], file: Path) -> None:
    """Link the parcels of a delivery.

    Parameters
    ----------
    con
        Connection with ``ThuaDat``, made by :func:`parcels`, and ``MapFile(_file)``, the files that only
        hold a map. There come

        ``Numbered(maXa, sheet, number, described, shaped)``
            how many records describe and how many shape the parcel with a number;
        ``Unlinked(n, described, _file, _part, _at, _id, maXa, sheet, number, open)``
            a described parcel without shape, or a shape of a parcel that is not described, at its first
            record; ``open`` if there are several that it may belong to;
        ``Candidate(a, m, way)``
            numbers ``n`` of those that may belong together;
        ``Linked(a, m, way)``
            the same of those that do, beside the ones of equal numbers; ``way`` is ``old`` or ``code``;
        ``Links``
            each record that describes a parcel beside the only shape that this has: its place, id and the
            columns compared; with ``map_`` before their names those of the other.
    compared
        Columns of ``ThuaDat`` that are wanted in ``Links``.
    file
        Parquet file for ``Links``: new, where ``con`` may write.
    """
    con.execute(_PARCELS)
    con.execute(_REST)
    con.execute(_CANDIDATES)
    for way in ("old", "code"):
        con.execute(_SETTLED, {"way": way})
    con.execute(_UNLINKED)
    con.execute(f"COPY ({_links([*PLACE, '_id', *compared])}) TO {literal(str(file))} (FORMAT parquet)")
    con.execute(f"CREATE VIEW Links AS FROM {rows_of([file])}")


_PARCELS = """
CREATE VIEW Parcel AS SELECT * FROM (
  SELECT *, _file NOT IN (FROM MapFile) AS described, try_cast(soHieuToBanDoCu AS INTEGER) AS old_sheet,
    try_cast(soThuTuThuaCu AS INTEGER) AS old_number
  FROM ThuaDat
) WHERE described OR shaped;
CREATE TABLE Numbered AS
SELECT maXa, soHieuToBanDo AS sheet, soThuTuThua AS number, count(*) FILTER (described) AS described,
  count(*) FILTER (shaped) AS shaped
FROM Parcel WHERE maXa IS NOT NULL AND soHieuToBanDo IS NOT NULL AND soThuTuThua IS NOT NULL GROUP BY ALL
"""

_REST = """
CREATE TABLE Rest AS
WITH parcel AS (
  SELECT described, _file, _part, _at, _id, maXa, soHieuToBanDo AS sheet, soThuTuThua AS number,
    maThuaDat AS code, try_cast(soHieuToBanDoCu AS INTEGER) AS old_sheet,
    try_cast(soThuTuThuaCu AS INTEGER) AS old_number
  FROM Parcel WHERE NOT (described AND shaped)
    AND (described OR laDoiTuongChiemDat IS NOT TRUE)  -- roads and rivers need no attributes
), same AS (  -- several records of one parcel count once, at the first; any may have the old numbers
  SELECT p.* REPLACE (
    first_value(if(old_number IS NULL, NULL, old_sheet) IGNORE NULLS) OVER same AS old_sheet,
    first_value(if(old_sheet IS NULL, NULL, old_number) IGNORE NULLS) OVER same AS old_number,
    first_value(code IGNORE NULLS) OVER same AS code
  ), row_number() OVER same AS place
  FROM parcel p SEMI JOIN (FROM Numbered WHERE described = 0 OR shaped = 0) n USING (maXa, sheet, number)
  WINDOW same AS (
    PARTITION BY maXa, sheet, number ORDER BY _file, _part, _at, _id
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  )
), rest AS (
  SELECT * EXCLUDE (place) FROM same WHERE place = 1
  UNION ALL
  FROM parcel WHERE maXa IS NULL OR sheet IS NULL OR number IS NULL
)
SELECT row_number() OVER () AS n, * FROM rest
"""

_CANDIDATES = """
CREATE TABLE Candidate AS
WITH a AS (FROM Rest WHERE described), m AS (FROM Rest WHERE NOT described)
SELECT a.n AS a, m.n AS m, 'old' AS way
FROM a JOIN m ON m.maXa = a.maXa AND m.sheet = a.old_sheet AND m.number = a.old_number
UNION
SELECT a.n, m.n, 'old' FROM a JOIN m ON m.maXa = a.maXa AND m.old_sheet = a.sheet AND m.old_number = a.number
UNION
SELECT a.n, m.n, 'code' FROM a JOIN m ON m.code = a.code;
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
SELECT n, described, _file, _part, _at, _id, maXa, sheet, number,
  n IN (SELECT a FROM pair UNION ALL SELECT m FROM pair) AS open
FROM left_over
"""


def _links(columns: Sequence[str]) -> str:
    both = [f"a.{name}" for name in columns] + [f"m.{name} AS map_{name.lstrip('_')}" for name in columns]
    return f"""
SELECT {", ".join(both)} FROM Parcel a
JOIN Parcel m USING (maXa, soHieuToBanDo, soThuTuThua)
ANTI JOIN (FROM Numbered WHERE shaped > 1) n
  ON n.maXa = a.maXa AND n.sheet = a.soHieuToBanDo AND n.number = a.soThuTuThua
WHERE a.described AND m.shaped AND m._file <> a._file
UNION ALL
SELECT {", ".join(both)} FROM Linked l JOIN Rest r ON r.n = l.a JOIN Rest s ON s.n = l.m
JOIN Parcel a ON a._file = r._file AND a._part = r._part AND a._at = r._at AND a._id = r._id
JOIN Parcel m ON m._file = s._file AND m._part = s._part AND m._at = s._at AND m._id = s._id"""
