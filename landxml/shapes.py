"""Geometry one by one, for typed objects: the GML of a parcel → a shapely object."""

from __future__ import annotations

import math
import sys
from array import array
from struct import pack

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from landxml.geometry import GML, epsg_of

__all__ = ["from_wkb", "shape"]

POLYGON, MULTIPOLYGON, HAS_SRID = 3, 6, 0x20000000
"""Types of EWKB; it is the shortest way into shapely."""
LITTLE = sys.byteorder == "little"


def shape(element: etree._Element) -> BaseGeometry:
    """Return the (multi-)polygon below a property element; its SRID is the EPSG code of the file.

    Raises
    ------
    ValueError
        If the element holds something else, or a ring is open or has too few or no finite coordinates.
    """
    (gml,) = element
    if gml.tag == f"{GML}Polygon":
        return from_wkb(gml.get("srsName"), None, _rings(gml))
    if gml.tag != f"{GML}MultiSurface":
        raise ValueError("neither a Polygon nor a MultiSurface")
    polygons = [pack("=?I", LITTLE, POLYGON) + _rings(polygon) for member in gml for polygon in member]
    return from_wkb(gml.get("srsName"), len(polygons), b"".join(polygons))


def from_wkb(srs: str | None, polygons: int | None, parts: bytes) -> BaseGeometry:
    """Return the geometry of so many polygons in WKB, or of the rings of one polygon."""
    epsg = epsg_of(srs) or 0
    if polygons is None:
        return shapely.from_wkb(pack("=?II", LITTLE, POLYGON | HAS_SRID, epsg) + parts)
    return shapely.from_wkb(pack("=?III", LITTLE, MULTIPOLYGON | HAS_SRID, epsg, polygons) + parts)


def _rings(polygon: etree._Element) -> bytes:
    roles = [role.tag for role in polygon]
    if roles != [f"{GML}exterior", *[f"{GML}interior"] * (len(roles) - 1)]:
        raise ValueError("a polygon has one exterior, then interiors")
    return pack("=I", len(roles)) + b"".join(map(_ring, polygon))


def _ring(role: etree._Element) -> bytes:
    ((positions,),) = role
    text = positions.text or ""
    numbers = array("d", map(float, text.split()))
    if len(numbers) < 8 or len(numbers) % 2 or "_" in text or not text.isascii():
        raise ValueError("a ring has too few coordinates, an odd number of them, or one that is no number")
    if not math.isfinite(sum(numbers)) or numbers[:2] != numbers[-2:]:
        raise ValueError("a ring is not closed, or goes to infinity")
    return pack("=I", len(numbers) // 2) + numbers.tobytes()
