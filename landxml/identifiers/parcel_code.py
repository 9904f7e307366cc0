"""Mã định danh thửa đất: the GeoHash of a parcel's characteristic point (format study §9.1, [N]).

The point lies inside the parcel, as far from its boundary as any: the centre of the largest inscribed circle,
which the guidance calls polylabel, in the plane of the parcel's own VN-2000 zone. It is transformed to WGS 84
and hashed at twelve characters. How precise polylabel has to be, how coordinates are rounded and which of
several equally good points is taken (a rectangle has a whole line of them) was not published. So a code that
somebody else computed may differ in its last characters and still be right. What it cannot do and be right is
to lie outside its parcel; that is what is checked, and how many first characters agree is only told.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from landxml import crs
from landxml.identifiers import geohash
from landxml.identifiers.form import Identifier, form

__all__ = ["PRECISION", "ParcelCode", "characteristic_points", "codes", "offsets"]

PRECISION = 0.01
"""Metres by which a larger circle may be missed: less than a cell of twelve characters."""
REACH = 1e7
"""Metres from the origin within which a shape can lie in a zone of Vietnam."""
SHARE = 1000
"""Fewest shapes for which another thread pays."""
Shapes = npt.NDArray[Any]
Systems = Sequence[int | None] | npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


class ParcelCode(Identifier, frozen=True):
    """Mã định danh thửa đất: twelve characters.

    >>> ParcelCode.at(107.15, 20.96).common(ParcelCode.at(107.15, 20.9601))
    7
    """

    characters: str

    @classmethod
    def at(cls, lon: float, lat: float) -> Self:
        """Return the code of a point in WGS 84 degrees."""
        return cls(geohash.texts(geohash.encode([lon], [lat]))[0].decode())

    @classmethod
    def of(cls, shape: BaseGeometry, epsg: int, precision: float = PRECISION) -> Self | None:
        """Return the code of a parcel; None where :func:`codes` has none."""
        (code,) = codes(np.array([shape], object), [epsg], precision).to_pylist()
        return None if code is None else cls(code)

    @property
    def point(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the cell that the code stands for."""
        lon, lat = geohash.centres(self._cells)
        return float(lon[0]), float(lat[0])

    def common(self, other: ParcelCode) -> int:
        """Return how many characters two codes have in common from the left."""
        return int(geohash.common(self._cells, other._cells)[0])

    @property
    def _cells(self) -> geohash.Cells:
        return geohash.parse(np.array([self.characters], "S"))


def characteristic_points(shapes: Shapes, precision: float = PRECISION) -> tuple[Floats, Floats]:
    """Return the point of each polygon that is farthest from its boundary.

    Parameters
    ----------
    shapes
        Polygons and multi-polygons, in metres; None where there is none.
    precision
        Metres; the circle found is smaller than the largest by this at most.

    Returns
    -------
    tuple of arrays
        Easting and northing; NaN for what is missing, invalid, empty or nowhere near a zone of Vietnam.
    """
    good = shapely.is_valid(shapes) & ~shapely.is_empty(shapes)
    good[good] = np.abs(shapely.bounds(shapes[good])).max(axis=1, initial=0) < REACH
    points = np.full(len(shapes), None, object)
    points[good] = shapely.get_point(_circles(shapes[good], precision), 0)
    return shapely.get_x(points), shapely.get_y(points)


def _circles(shapes: Shapes, precision: float) -> Shapes:
    """Return a line from the centre of each largest circle to its rim; found on all cores."""
    parts = np.array_split(shapes, max(1, min(os.cpu_count() or 1, len(shapes) // SHARE)))
    with ThreadPoolExecutor(len(parts)) as pool:
        found = pool.map(partial(shapely.maximum_inscribed_circle, tolerance=precision), parts)
        return np.concatenate(list(found))


def codes(shapes: Shapes, epsg: Systems, precision: float = PRECISION) -> pa.Array:
    """Compute the codes of many parcels.

    Parameters
    ----------
    shapes
        As in :func:`characteristic_points`.
    epsg
        Code of the system of each; only the projected systems of VN-2000 that are in force have a code.
    precision
        Metres.

    Returns
    -------
    pa.Array
        Text, null where there is no point, or no system.
    """
    systems = np.array([_plane(code) for code in epsg], np.int64)
    placed = np.where(systems > 0, shapes, np.array(None, object))
    x, y = characteristic_points(placed, precision)
    lon, lat = _each_system(crs.to_wgs84, x, y, systems)
    found = np.isfinite(lon)
    words = np.full(len(shapes), b"", f"S{geohash.LENGTH}")
    words[found] = geohash.texts(geohash.encode(lon[found], lat[found]))
    return pa.array(words.astype(str), pa.string(), mask=~found)


@np.errstate(over="ignore", invalid="ignore")
def offsets(written: pa.Array, shapes: Shapes, epsg: Systems) -> Floats:
    """Return how far the point of each code lies outside its parcel, in metres; 0 inside.

    NaN where there is no code, or none of the right form, no valid shape, or no system (as in :func:`codes`).
    """
    systems = np.array([_plane(code) for code in epsg], np.int64)
    words = written.fill_null("")
    usable = pa.compute.match_substring_regex(words, f"^{form('ParcelCode').pattern}$")
    good = np.asarray(usable) & (systems > 0) & shapely.is_valid(shapes)
    result = np.full(len(shapes), np.nan)
    cells = geohash.parse(np.array(words.filter(pa.array(good)).to_pylist(), "S"))
    x, y = _each_system(crs.from_wgs84, *geohash.centres(cells), systems[good])
    result[good] = shapely.distance(shapely.points(x, y), shapes[good])
    return result


def _plane(epsg: int | None) -> int:
    """Return the code of a projected VN-2000 system in force; 0 for any other."""
    one = crs.system(epsg) if epsg else None
    return one.epsg if one and one.kind == "projected" and not one.deprecated else 0


def _each_system(
    transform: Any, first: Floats, second: Floats, systems: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    a, b = np.full(len(systems), np.nan), np.full(len(systems), np.nan)
    for epsg in np.unique(systems[systems > 0]):
        here = systems == epsg
        a[here], b[here] = transform(first[here], second[here], int(epsg))
    return a, b
