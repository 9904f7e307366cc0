"""Records as JSON: the element names of the standard as keys, decimals as texts, geometry as in GeoJSON.

A record says its class in ``class``; fields that hold their default are left out. Geometry has its EPSG code
beside ``coordinates``, which stay in that CRS (:mod:`landxml.geojson` speaks WGS 84).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

import msgspec
import shapely
from msgspec import Meta

from landxml.base import Object
from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.model import STRUCTS
from landxml.text import Text

__all__ = ["MultiPolygon", "Polygon", "from_json", "json_schema", "plain", "refused", "to_json"]

SCHEMA_ID = "urn:landxml:vn-land:1.0:json"

Ring = Annotated[tuple[tuple[float, float], ...], Meta(min_length=4)]
Rings = Annotated[tuple[Ring, ...], Meta(min_length=1)]
Epsg = Annotated[int, Meta(ge=0, le=999_999)]


class Polygon(msgspec.Struct, frozen=True, tag_field="type", tag=True, omit_defaults=True):
    """A polygon: its rings, the outer one first, each closed; positions are (easting, northing)."""

    coordinates: Rings
    epsg: Epsg = 0

    def shape(self) -> shapely.Polygon:
        """Make the shape.

        Raises
        ------
        ValueError
            If a ring is not closed, or a coordinate is not finite.
        """
        return shapely.set_srid(_shape(self.coordinates), self.epsg)


class MultiPolygon(msgspec.Struct, frozen=True, tag_field="type", tag=True, omit_defaults=True):
    """Polygons that together are one surface."""

    coordinates: Annotated[tuple[Rings, ...], Meta(min_length=1)]
    epsg: Epsg = 0

    def shape(self) -> shapely.MultiPolygon:
        """Make the shape; see :meth:`Polygon.shape`."""
        return shapely.set_srid(shapely.MultiPolygon(list(map(_shape, self.coordinates))), self.epsg)


def _shape(rings: Rings) -> shapely.Polygon:
    for ring in rings:
        if ring[0] != ring[-1]:
            raise ValueError("a ring is not closed")
        if not all(map(math.isfinite, (number for position in ring for number in position))):
            raise ValueError("a coordinate is not finite")
    return shapely.Polygon(rings[0], rings[1:])


def to_json(records: Object | Iterable[Object]) -> str:
    """Return a record as a JSON object, or several as an array.

    Objects of vendor layouts can be written too, with their attributes as keys, but not read.

    Examples
    --------
    >>> from landxml.model import VoChong
    >>> to_json(VoChong(id="VoChong.1", vo="CaNhan.1", chong="CaNhan.2"))
    '{"class":"VoChong","id":"VoChong.1","vo":"CaNhan.1","chong":"CaNhan.2"}'
    """
    what = records if isinstance(records, Object) else list(records)
    return msgspec.json.encode(what, enc_hook=plain).decode()


def from_json(text: str | bytes) -> Any:
    """Return the record, or the list of records, that a JSON text holds.

    Raises
    ------
    LandXmlError
        If it is not JSON, has an unknown class, or a value that the model does not allow; says which.

    Examples
    --------
    >>> from_json('{"class": "VoChong", "id": "VoChong.1", "vo": "CaNhan.1", "chong": "CaNhan.2"}').chong
    'CaNhan.2'
    """
    try:
        return msgspec.json.decode(text, type=_any(), dec_hook=_geometry)
    except (ValueError, RecursionError) as error:
        raise refused(error) from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what :func:`to_json` writes, derived from the model."""
    (one,), parts = msgspec.json.schema_components([_one()], schema_hook=_hook, ref_template="#/$defs/{name}")
    shapes = msgspec.json.schema_components([Polygon, MultiPolygon], ref_template="#/$defs/{name}")[1]
    title = f"Profile vn-land 1.0 ({national().namespace}): an open interpretation, not an official schema"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": title,
        "anyOf": [{"$ref": "#/$defs/Record"}, {"type": "array", "items": {"$ref": "#/$defs/Record"}}],
        "$defs": parts | shapes | {"Record": one},
    }


def plain(value: Any) -> Polygon | MultiPolygon:
    """Return a shape as what JSON can hold; for msgspec's encoder, which asks about nothing else."""
    coordinates = shapely.geometry.mapping(shapely.force_2d(value))["coordinates"]
    kind: Any = Polygon if value.geom_type == "Polygon" else MultiPolygon
    return kind(coordinates, int(shapely.get_srid(value)))  # type: ignore[no-any-return]


def refused(error: Exception) -> LandXmlError:
    """Say in both languages what msgspec found wrong, and at which field."""
    message, _, path = str(error).partition(" - at `$")
    return LandXmlError(
        Text(f"JSON không hợp với mô hình: {message}", message), field=path.strip("`.") or None
    )


@cache
def _one() -> Any:
    return reduce(or_, STRUCTS.values())


@cache
def _any() -> Any:
    return _one() | list[_one()]  # type: ignore[misc]


def _geometry(_: type, value: Any) -> Any:
    """Make a shape of JSON; for msgspec's decoder, which asks about nothing else."""
    return msgspec.convert(value, Polygon | MultiPolygon).shape()


def _hook(_: type) -> dict[str, Any]:
    return {"anyOf": [{"$ref": "#/$defs/Polygon"}, {"$ref": "#/$defs/MultiPolygon"}]}
