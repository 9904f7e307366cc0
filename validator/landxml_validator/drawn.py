"""What a report holds to be drawn: shapes around findings, outlines of communes."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Map", "Outline", "Sketch"]


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """A shape of a map: WKT in the CRS of the file, in metres to the millimetre."""

    role: Literal["neighbour", "other", "parcel", "defect"]
    label: str
    wkt: str


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """What lies around a finding, by its number: neighbours first, what is wrong last."""

    number: int
    shapes: list[Sketch]


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """The ground that the parcels of a commune cover, simplified: WKT in metres, in the CRS of the file."""

    commune: str
    epsg: int
    wkt: str
