"""Overlaps: parcels of a commune that cover the same ground.

Pairs whose boxes meet come from a tree; of those only pairs whose insides meet are intersected, which costs
most. Of shapes that are equal point by point each is compared with the first only: a thousand parcels with
the shape of a template would be half a million pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from landxml.faults import Fault
from landxml.place import PLACE, Place
from landxml_validator.rule import Rule

__all__ = ["find"]

AT_ONCE = 2_000
"""Parcels whose neighbours are sought together: memory for pairs is limited."""
INSIDES_MEET = "T********"
Array = npt.NDArray[Any]


def find(con: duckdb.DuckDBPyConnection, rule: Rule) -> list[Fault]:
    """Find pairs of parcels that overlap; one finding each, at the later one.

    Parameters
    ----------
    con
        Connection over a commune, with ``HinhHoc`` and ``Epsg``.
    rule
        With the area of an overlap that is let pass, m², and its mean width, metres.
    """
    rows = con.sql("""
SELECT _file, _part, _at, _id, epsg, wkb, concat_ws('/', coalesce(maXa, '?'),
  coalesce(soHieuToBanDo::VARCHAR, '?'), coalesce(soThuTuThua::VARCHAR, '?')) AS key,
  if(laDoiTuongChiemDat, NULL, maXa || '/' || soHieuToBanDo || '/' || soThuTuThua) AS number
FROM HinhHoc JOIN Epsg USING (epsg)
WHERE valid AND kind = 'projected'
  AND greatest(abs(x), abs(y)) > 360  -- degrees taken for metres are CRS002's finding
ORDER BY epsg, _file, _part, _at, _id""").to_arrow_table()
    systems = np.asarray(rows["epsg"])
    ids, keys, numbers, *place = (rows[name].to_pylist() for name in ("_id", "key", "number", *PLACE))
    places = list(map(Place, *place))
    found = []
    for epsg in np.unique(systems):
        start, end = np.searchsorted(systems, [epsg, epsg + 1])
        for one, two, common in _pairs(rows["wkb"][start:end], **rule.values):
            first, second = start + one, start + two
            if ids[first] == ids[second] or numbers[first] == numbers[second] is not None:
                continue  # the same parcel once more: UNQ001, UNQ002, UNQ006
            x, y = shapely.get_coordinates(shapely.point_on_surface(common))[0].tolist()
            said = {"area": round(common.area, 1), "neighbour": keys[first], "other": places[first].said()}
            file, part, at = places[second]
            where = part, x, y, shapely.to_wkb(common)
            found.append(Fault("GEO007", file, at, "ThuaDat", ids[second], "ranhGioi", said, *where))
    return found


def _pairs(wkb: pa.ChunkedArray, tolerance: float, width: float) -> Iterator[tuple[int, int, Any]]:
    """Yield each pair of shapes that overlap by more than is let pass, by number, and what they share."""
    kinds = np.asarray(pc.dictionary_encode(wkb).combine_chunks().indices)
    _, first, equal = np.unique(kinds, return_index=True, return_inverse=True)
    shapes = shapely.from_wkb(np.asarray(wkb, dtype=object)[first])
    for index in np.flatnonzero(first[equal] != np.arange(len(kinds))):
        if shapes[equal[index]].area > tolerance:
            yield int(first[equal[index]]), int(index), shapes[equal[index]]
    tree, bounds = shapely.STRtree(shapes), shapely.bounds(shapes)
    for start in range(0, len(shapes), AT_ONCE):
        one, two = tree.query(shapes[start : start + AT_ONCE])
        one += start
        near = (one < two) & (_shared(bounds[one], bounds[two]) > tolerance)
        one, two = one[near], two[near]
        crossing = shapely.relate_pattern(shapes[one], shapes[two], INSIDES_MEET)
        one, two = one[crossing], two[crossing]
        common = shapely.intersection(shapes[one], shapes[two])
        area, edge = shapely.area(common), shapely.length(common)
        large = (area > tolerance) & (2 * area > width * edge)
        yield from zip(first[one[large]].tolist(), first[two[large]].tolist(), common[large], strict=True)


def _shared(one: Array, two: Array) -> Array:
    """Area that two boxes share."""
    low, high = np.maximum(one[:, :2], two[:, :2]), np.minimum(one[:, 2:], two[:, 2:])
    return np.asarray(np.prod(np.maximum(high - low, 0), axis=1))
