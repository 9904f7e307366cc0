"""Joining: what a map shapes and other files describe becomes one parcel, with attributes and shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import duckdb

from landxml.dictionary import national
from landxml.place import PLACE
from landxml_mappings import link
from landxml_mappings.sheets import PLAIN_SCALE, Renumbering

__all__ = ["join"]


def join(
    con: duckdb.DuckDBPyConnection, maps: Iterable[str], boundaries: str, sheets: Iterable[Renumbering] = ()
) -> Counter[str]:
    """Make one record of each parcel that is linked (:func:`landxml_mappings.link.link`).

    The record of the attributes stays. It gets the shape, and what it does not say itself; that of the map
    goes, with its purposes. Parcels of which the map has several shapes, or that stay open, are left.

    Parameters
    ----------
    con
        Database of national tables.
    maps
        Files that only hold a map.
    boundaries
        Its table of shapes: ``_id`` of the parcel, ``srs``, ``wkb``.
    sheets
        New numbers of sheets, where one side has the old ones.

    Returns
    -------
    Counter
        Values of the map that were dropped because the attributes say another, by ``Class.field``.
    """
    fields = ", ".join(("_id", *PLACE, *link.FIELDS))
    con.execute("CREATE SCHEMA linked")
    con.execute("SET search_path = 'linked,main'")
    con.execute("CREATE TABLE MapFile AS SELECT unnest($maps::VARCHAR[]) AS _file", {"maps": sorted(maps)})
    con.execute(f"""
CREATE TABLE linked.ThuaDat AS
SELECT {fields}, _id IN (SELECT _id FROM main.{boundaries}) AS shaped, scale
FROM main.ThuaDat
LEFT JOIN (
  SELECT _id AS survey, min({PLAIN_SCALE.format("tyLeDoDac")}) AS scale FROM main.TaiLieuDoDac GROUP BY _id
) ON survey = taiLieuDoDac
WHERE hieuLuc IS NOT FALSE""")
    link.link(con, [], sheets=sheets)
    con.execute("CREATE OR REPLACE TEMP TABLE joined AS SELECT DISTINCT _id AS a, map_id AS m FROM Links")
    con.execute("SET search_path = 'main'; DROP SCHEMA linked CASCADE")
    conflicts = _conflicts(con)
    columns = [field.element for field in national().classes[link.PARCEL].columns]
    filled = ", ".join(f'"{name}" = coalesce(t."{name}", s."{name}")' for name in columns)
    con.execute(f"""
UPDATE ThuaDat AS t SET {filled}
FROM (SELECT a, x.* FROM joined JOIN ThuaDat AS x ON x._id = m) AS s WHERE t._id = s.a;
INSERT INTO {boundaries} SELECT a, srs, wkb FROM {boundaries} JOIN joined ON _id = m;
DELETE FROM {boundaries} WHERE _id IN (SELECT m FROM joined);
UPDATE MucDichSuDung SET _parent = s.a
FROM (SELECT m, min(a) AS a FROM joined WHERE a NOT IN (SELECT _parent FROM MucDichSuDung) GROUP BY m) AS s
WHERE _parent = s.m;
DELETE FROM MucDichSuDung WHERE _parent IN (SELECT m FROM joined);
DELETE FROM ThuaDat WHERE _id IN (SELECT m FROM joined)""")
    return conflicts


def _conflicts(con: duckdb.DuckDBPyConnection) -> Counter[str]:
    """Count what the map says otherwise."""
    names = [field.element for field in national().classes[link.PARCEL].columns if not field.repeated]
    counts = ", ".join(f'count(*) FILTER (t."{name}" <> s."{name}")' for name in names)
    pairs = "joined JOIN ThuaDat AS t ON t._id = a JOIN ThuaDat AS s ON s._id = m"
    found = con.execute(f"SELECT {counts} FROM {pairs}").fetchall()[0]
    code = "maMucDichSuDung"
    used = "SELECT m, {0} FROM joined JOIN MucDichSuDung ON _parent = {1}"
    several = f"{used.format(code, 'm')} AND a IN (SELECT _parent FROM MucDichSuDung)"
    ((other,),) = con.execute(
        f"SELECT count(*) FROM (({several}) EXCEPT ({used.format(code, 'a')}))"
    ).fetchall()
    counted = {f"{link.PARCEL}.{name}": count for name, count in zip(names, found, strict=True)}
    return +Counter(counted | {f"MucDichSuDung.{code}": other})
