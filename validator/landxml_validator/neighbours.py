"""What is wrong between parcels and their neighbours, as the table ``Topology`` of the stages that see them.

``Topology(kind, _file, _part, _at, _id, _path, _x, _y, _geometry, neighbour, other, area, width, covered,
equal, off, apart)`` has a row for each defect (:class:`landxml.topology.Coverage`), at the place of one
parcel; ``neighbour`` is the number of the other, ``other`` its place in words. Two records of one parcel have
no defects: the rules of the family UNQ report them. Parcels are compared if they have the same CRS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from landxml import topology
from landxml.topology import DEFECTS
from landxml_validator import ladder

__all__ = ["OUTLINES", "PARCELS", "meeting", "of_border", "of_commune"]

OUTLINES = "outlines"
"""Name of the folder of the parts."""

PARCELS = """
SELECT {side} AS side, epsg, wkb, _file, _part, _at, _id,
  concat_ws('/', coalesce(maXa, '?'), coalesce(soHieuToBanDo::VARCHAR, '?'),
    coalesce(soThuTuThua::VARCHAR, '?')) AS key,
  if(laDoiTuongChiemDat, NULL, maXa || '/' || soHieuToBanDo || '/' || soThuTuThua) AS number
FROM {rows} JOIN Epsg USING (epsg)
WHERE valid AND kind = 'projected'
  -- degrees taken for metres are CRS002's finding
  AND greatest(abs(x), abs(y)) BETWEEN 360 AND 1e8"""
_NUMBERED = """
SELECT row_number() OVER (ORDER BY side, epsg, _file, _part, _at, _id) - 1 AS n, * FROM ({parcels})"""
_TOPOLOGY = """
CREATE TABLE commune.Topology AS
SELECT kind, p._file, p._part, p._at, p._id, 'ranhGioi' AS _path, x AS _x, y AS _y, geometry AS _geometry,
  o.key AS neighbour, place(o._file, o._part, o._at) AS other, area, width, covered, equal, off, apart
FROM Defect JOIN commune.Parcel p ON p.n = second JOIN commune.Parcel o ON o.n = first
WHERE NOT coalesce(p._id = o._id OR p.number = o.number, false)"""


def of_commune(con: duckdb.DuckDBPyConnection, code: str, rows: str, folder: Path) -> None:
    """Create ``Topology`` of a commune; write what ground it covers, and its defects by width.

    Parameters
    ----------
    con
        Connection with the schema ``commune``, ``Epsg`` and the macro ``place``.
    code
        Of the commune; ``""`` if nothing tells it.
    rows
        SQL for its parcels that have a shape.
    folder
        Of the task.
    """
    parcels = _number(con, PARCELS.format(side="false", rows=rows))
    tables, outlines = [], {}
    for epsg in _systems(con):
        numbers, _, wkb = _parcels(con, parcels, epsg)
        found = topology.coverage(wkb)
        tables.append(_numbered(found.defects, numbers))
        outlines[epsg] = shapely.to_wkb(found.outline)
    _create(con, tables)
    ladder.count(con, folder, code)
    if code and outlines:
        wkb_, commune = pa.array(outlines.values(), pa.binary()), [code] * len(outlines)
        table = pa.table({"epsg": list(outlines), "wkb": wkb_, "commune": commune})
        (folder / OUTLINES).mkdir()
        pq.write_table(table, folder / OUTLINES / f"{code}.parquet")


def of_border(
    con: duckdb.DuckDBPyConnection,
    codes: tuple[str, str],
    rows: tuple[str, str],
    outlines: tuple[str, str],
    folder: Path,
) -> None:
    """Create ``Topology`` of parcels on either side of a border.

    Parameters
    ----------
    con, rows, folder
        As for :func:`of_commune`; the parcels of either commune.
    codes, outlines
        Of the communes, the files that their tasks wrote.
    """
    both = zip(("false", "true"), rows, strict=True)
    parcels = " UNION ALL ".join(f"({PARCELS.format(side=side, rows=each)})" for side, each in both)
    parcels = _number(con, parcels)
    tables, (one, two) = [], map(_outlines, outlines)
    for epsg in sorted(one.keys() & two.keys()):
        common, between = topology.meet(one[epsg], two[epsg])
        if len(common) or len(between):
            numbers, side, wkb = _parcels(con, parcels, epsg)
            tables.append(_numbered(topology.across(wkb, side, common, between), numbers))
    _create(con, tables)
    ladder.count(con, folder, *codes)


def meeting(outlines: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the communes whose outlines meet, given by code their files."""
    known = [
        (code, epsg, shape)
        for code, path in sorted(outlines.items())
        for epsg, shape in _outlines(path).items()
    ]
    shapes = np.array([shape for _, _, shape in known], object)
    found = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=topology.WIDEST)
    pairs = {
        (known[one][0], known[two][0]) for one, two in found.T.tolist() if known[one][1] == known[two][1]
    }
    return sorted((one, two) for one, two in pairs if one < two)


def _number(con: duckdb.DuckDBPyConnection, parcels: str) -> str:
    """Create ``Parcel``, numbered, without the shapes, which take most memory; return the query with them."""
    query = _NUMBERED.format(parcels=parcels)
    con.execute(f"CREATE TABLE commune.Parcel AS SELECT * EXCLUDE (wkb) FROM ({query})")
    return query


def _systems(con: duckdb.DuckDBPyConnection) -> list[int]:
    return [
        epsg for (epsg,) in con.execute("SELECT DISTINCT epsg FROM commune.Parcel ORDER BY ALL").fetchall()
    ]


def _parcels(
    con: duckdb.DuckDBPyConnection, parcels: str, epsg: int
) -> tuple[pa.ChunkedArray, npt.NDArray[np.bool_], pa.ChunkedArray]:
    """Return number, side and shape of the parcels in a CRS."""
    table = con.sql(f"SELECT n, side, wkb FROM ({parcels}) WHERE epsg = {epsg} ORDER BY n").to_arrow_table()
    return table["n"], np.asarray(table["side"]), table["wkb"]


def _numbered(defects: pa.Table, numbers: pa.ChunkedArray) -> pa.Table:
    """Replace the numbers of parcels of one CRS by those of all."""
    for name in ("first", "second"):
        at = defects.schema.get_field_index(name)
        defects = defects.set_column(at, name, numbers.take(defects[name]))
    return defects


def _create(con: duckdb.DuckDBPyConnection, tables: Iterable[pa.Table]) -> None:
    """Create ``Topology`` of tables of defects."""
    con.register("Defect", pa.concat_tables([DEFECTS.empty_table(), *tables]))
    con.execute(_TOPOLOGY)
    con.unregister("Defect")


def _outlines(path: str) -> dict[int, Any]:
    """Read the outlines of a commune, by CRS."""
    table = pq.read_table(path)
    return dict(
        zip(table["epsg"].to_pylist(), shapely.from_wkb(np.asarray(table["wkb"], dtype=object)), strict=True)
    )
