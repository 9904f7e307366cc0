"""Parcels as GeoJSON for maps: WGS 84 longitude and latitude (RFC 7946), and back without loss.

The properties are those of :mod:`landxml.json`; ``epsg`` names the CRS of VN-2000 that the coordinates came
from and go back to. Coordinates have nine decimals, a tenth of a millimetre.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from landxml.crs import from_wgs84, to_wgs84
from landxml.errors import LandXmlError
from landxml.json import MultiPolygon, Polygon, plain, refused
from landxml.model import ThuaDat
from landxml.text import Text

__all__ = ["from_geojson", "to_geojson"]

DECIMALS = 9
"""Of a degree, at most 0.06 mm away from the truth."""
HIGHEST = 1_000_000
"""EPSG codes are below."""
Way = Callable[[Any, Any, int], tuple[Any, Any]]


class Feature(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """One parcel."""

    id: str
    geometry: Polygon | MultiPolygon | None
    properties: dict[str, Any]


class FeatureCollection(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Parcels."""

    features: list[Feature]


def to_geojson(parcels: Iterable[ThuaDat]) -> str:
    """Return parcels as a GeoJSON FeatureCollection.

    Raises
    ------
    LandXmlError
        If a boundary has no EPSG code, or one from which nothing leads to WGS 84; names the parcel.
    """
    collection = FeatureCollection([_feature(parcel) for parcel in parcels])
    return msgspec.json.encode(collection).decode()


def from_geojson(text: str | bytes) -> list[ThuaDat]:
    """Return the parcels of a GeoJSON FeatureCollection that :func:`to_geojson` wrote, edited perhaps.

    Raises
    ------
    LandXmlError
        If it is not such a collection, or a value is none that the model allows; says which.
    """
    try:
        collection = msgspec.json.decode(text, type=FeatureCollection)
        return [_parcel(feature) for feature in collection.features]
    except (ValueError, RecursionError) as error:
        raise refused(error) from error


def _feature(parcel: ThuaDat) -> Feature:
    properties = msgspec.to_builtins(parcel.with_(ranh_gioi=None))
    identifier = properties.pop("id")
    if parcel.ranh_gioi is None:
        return Feature(identifier, None, properties)
    epsg = int(shapely.get_srid(parcel.ranh_gioi))
    there = _moved(parcel.ranh_gioi, epsg, to_wgs84, identifier)
    there = shapely.transform(there, lambda numbers: np.round(numbers, DECIMALS))
    # RFC 7946 wants outer rings counter-clockwise, and says WGS 84 by saying nothing.
    geometry = plain(shapely.set_srid(shapely.orient_polygons(there), 0))
    return Feature(identifier, geometry, properties | {"epsg": epsg})


def _parcel(feature: Feature) -> ThuaDat:
    properties = {name: value for name, value in feature.properties.items() if name != "ranhGioi"}
    parcel = msgspec.convert(properties | {"id": feature.id}, ThuaDat)
    if feature.geometry is None:
        return parcel
    epsg = feature.properties.get("epsg")
    shape = _moved(feature.geometry.shape(), epsg, from_wgs84, feature.id)
    return parcel.with_(ranh_gioi=shapely.set_srid(shape, epsg))


def _moved(shape: BaseGeometry, epsg: Any, way: Way, identifier: str) -> BaseGeometry:
    if isinstance(epsg, int) and 0 < epsg < HIGHEST:
        x, y = shapely.get_coordinates(shape).T
        moved = np.column_stack(way(x, y, epsg))
        if np.isfinite(moved).all():
            return shapely.transform(shape, lambda _: moved)
    raise LandXmlError(
        Text(
            f"{identifier}: không chuyển được tọa độ EPSG:{epsg} sang WGS 84 hoặc ngược lại",
            f"{identifier}: coordinates of EPSG:{epsg} cannot be brought to WGS 84 or back",
        )
    )
