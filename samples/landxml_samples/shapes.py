"""Faults in the shapes of parcels: fields of a parcel to replace, or its text rewritten."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import shapely

from landxml import crs
from landxml.identifiers import ParcelCode
from landxml.model import ThuaDat

__all__ = [
    "another_meridian",
    "code_of_another_place",
    "crossing",
    "halves",
    "holed",
    "in_degrees",
    "inner",
    "moved",
    "repeated",
    "short_edge",
    "smaller",
    "swapped",
    "two_points",
    "unclosed",
]


def _shape(record: ThuaDat, shape: Any) -> dict[str, Any]:
    return {"ranh_gioi": shapely.set_srid(shape, shapely.get_srid(record.ranh_gioi))}


def crossing(record: ThuaDat) -> dict[str, Any] | None:
    """Swap two vertices so that the boundary crosses itself."""
    ring = shapely.get_coordinates(record.ranh_gioi)[:-1]
    for n in range(len(ring) - 1):
        changed = ring.copy()
        changed[[n, n + 1]] = ring[[n + 1, n]]
        shape = shapely.Polygon(changed)
        if not shape.is_valid:
            return _shape(record, shape)
    return None


def smaller(record: ThuaDat) -> dict[str, Any] | None:
    """Shrink the shape to two thirds of its area."""
    shape = record.ranh_gioi
    if shape is None or shape.area < 10:
        return None
    centre = shapely.get_coordinates(shape.centroid)
    return _shape(record, shapely.transform(shape, lambda xy: (centre + (xy - centre) * 0.8).round(3)))


def moved(record: ThuaDat) -> dict[str, Any]:
    """Move the shape 150 km to the east."""
    return _shape(
        record, shapely.transform(record.ranh_gioi, lambda xy: (xy + np.array((150_000, 0))).round(3))
    )


def swapped(record: ThuaDat) -> dict[str, Any]:
    """Write the northing before the easting."""
    return _shape(record, shapely.transform(record.ranh_gioi, lambda xy: xy[:, ::-1]))


def in_degrees(record: ThuaDat) -> dict[str, Any]:
    """Give the shape in longitude and latitude of WGS 84."""
    epsg = shapely.get_srid(record.ranh_gioi)
    degrees = shapely.transform(record.ranh_gioi, lambda x, y: crs.to_wgs84(x, y, epsg), interleaved=False)
    return {"ranh_gioi": shapely.set_srid(degrees, 4326)}


def code_of_another_place(record: ThuaDat) -> dict[str, Any]:
    """Give the code of a point about a kilometre to the east."""
    epsg = shapely.get_srid(record.ranh_gioi)
    x, y = shapely.get_coordinates(shapely.centroid(record.ranh_gioi))[0]
    lon, lat = map(float, crs.to_wgs84(x, y, epsg))
    return {"ma_thua_dat": str(ParcelCode.at(lon + 0.01, lat))}


def halves(shape: shapely.Polygon, area: float) -> tuple[shapely.Polygon, shapely.Polygon] | None:
    """Divide a shape from one of its points to another; all points of the shape stay as they are.

    Parameters
    ----------
    area
        Of a rhombus along the dividing line, m²: both halves lack it, or if it is negative, both have it; if
        it is 0, one of them has a point in the middle of the line that the other has not.
    """
    ring = shapely.get_coordinates(shape)[:-1]
    half = len(ring) // 2
    for n in range(half):
        start, end = ring[n], ring[n + half]
        along = end - start
        length = float(np.hypot(*along))
        aside = along[::-1] * (-1, 1) / length * area / length
        middle = (start + end) / 2
        bends = [[middle - aside], [middle + aside]] if area else [[middle], np.zeros((0, 2))]
        lines = [ring[n : n + half + 1], np.concatenate([ring[n + half :], ring[: n + 1]])]
        one, two = (
            shapely.Polygon(np.concatenate([line, bend]).round(3))
            for line, bend in zip(lines, bends, strict=True)
        )
        inside = shapely.covers(shape, shapely.LineString([start, end])) and length > 10
        if inside and one.is_valid and two.is_valid and min(one.area, two.area) > 0.2 * shape.area:
            return one, two
    return None


def holed(record: ThuaDat, side: float, *, turned: bool = False) -> dict[str, Any] | None:
    """Make a square hole in the shape; ``turned``: it runs the way of the ring around it."""
    x, y = shapely.get_coordinates(shapely.point_on_surface(record.ranh_gioi))[0].round(3)
    hole = [(x, y), (x, y + side), (x + side, y + side), (x + side, y)]
    around = shapely.orient_polygons(record.ranh_gioi, exterior_cw=False)
    shape = shapely.Polygon(around.exterior, [hole[::-1] if turned else hole])
    return _shape(record, shape) if shape.is_valid else None


def short_edge(record: ThuaDat) -> dict[str, Any]:
    """Add a point 5 mm from another one."""
    ring = shapely.get_coordinates(record.ranh_gioi)
    step = ring[1] - ring[0]
    point = (ring[0] + 0.005 * step / np.hypot(*step)).round(3)
    return _shape(record, shapely.Polygon(np.insert(ring, 1, point, axis=0)))


def repeated(text: bytes) -> bytes:
    """Write the first point of the boundary twice."""
    return re.sub(rb"<gml:posList>(\S+ \S+)", rb"<gml:posList>\1 \1", text, count=1)


def inner(shape: shapely.Polygon) -> tuple[shapely.Polygon, shapely.Polygon] | None:
    """Return a shape, and another one that lies wholly within it."""
    centre = shapely.get_coordinates(shape.centroid)
    small = shapely.transform(shape, lambda xy: (centre + (xy - centre) * 0.5).round(3))
    return (shape, small) if shapely.contains_properly(shape, small) else None


def unclosed(text: bytes) -> bytes:
    """Leave out the last point of the boundary."""
    return re.sub(rb" \S+ \S+</gml:posList>", b"</gml:posList>", text, count=1)


def two_points(text: bytes) -> bytes:
    """Leave two points of the boundary."""
    return re.sub(rb"<gml:posList>(\S+ \S+)( \S+ \S+) .*?<", rb"<gml:posList>\1\2 \1<", text, count=1)


def another_meridian(text: bytes) -> bytes:
    """Name another zone beside the CRS."""
    other = b"103" if b"_3_104" in text else b"104"
    return re.sub(rb'(srsRevert="VN2000_\w+_3_)[^"]*', rb"\g<1>" + other, text)
