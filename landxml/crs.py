"""VN-2000: its coordinate reference systems, and the way to WGS 84 and back.

The systems are those of the EPSG dataset, by their codes (``crs.csv`` of :mod:`landxml_schemas`): 3-degree
zones (TM-3), 6-degree zones (UTM), the geographic one, and four that EPSG withdrew. Which one a file uses is
data of the file: records keep the meridian on which they were made, whatever province they belong to now.

Three traps. *Order*: Vietnamese practice calls the northing X and writes it first, the EPSG codes of the
projected systems say easting, northing, and EPSG:4756 says latitude, longitude; here coordinates always
stand in EPSG's order. *Operation*: EPSG knows two transformations to WGS 84, and left to itself PROJ takes
the one for two oil blocks in the whole Mekong delta, 0.8 m off; here it is always "VN-2000 to WGS 84 (2)",
whose seven parameters are the official ones (format study §9.4). *Sign*: these follow the coordinate-frame
convention, so in a ``+towgs84`` string their rotations have the wrong sign; here only codes are used.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

import landxml_schemas
from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = [
    "GEOGRAPHIC",
    "OPERATION",
    "Crs",
    "Said",
    "checked",
    "from_wgs84",
    "said",
    "system",
    "systems",
    "to_wgs84",
]

GEOGRAPHIC = 4756
"""EPSG code of geographic VN-2000."""
OPERATION = "VN-2000 to WGS 84 (2)"
"""The official transformation (EPSG:6960), as EPSG names it."""
Floats = npt.NDArray[np.float64]


class Crs(NamedTuple):
    """A VN-2000 system of the EPSG dataset; what a geographic one does not have is None."""

    epsg: int
    name: str
    kind: str  # projected | geographic_2d
    central_meridian_deg: float | None
    scale: float | None  # 0.9999 in a 3-degree zone, 0.9996 in a 6-degree zone
    false_easting_m: float | None
    false_northing_m: float | None
    deprecated: bool
    meant: int | None  # of a deprecated one: the code that stands for the zone since

    @property
    def width(self) -> int | None:
        """Degrees of the zone; None of a geographic one."""
        return {0.9999: 3, 0.9996: 6}.get(self.scale or 0)


class Said(NamedTuple):
    """What a file says of its CRS: its EPSG code, if any, its name, and whether it is in degrees."""

    epsg: int | None
    name: str
    degrees: bool


@cache
def systems() -> dict[int, Crs]:
    """Return every VN-2000 system by its EPSG code, those that EPSG withdrew included."""

    def number(text: str) -> float | None:
        return float(text) if text else None

    return {
        int(row["epsg"]): Crs(
            int(row["epsg"]), row["name"], row["kind"], number(row["central_meridian_deg"]),
            number(row["scale"]), number(row["false_easting_m"]), number(row["false_northing_m"]),
            row["deprecated"] == "true", int(row["meant"]) if row["meant"] else None,
        )
        for row in landxml_schemas.rows("crs.csv")
    }  # fmt: skip


def system(epsg: int) -> Crs | None:
    """Return the VN-2000 system with an EPSG code; None if it is none.

    >>> system(5899).name, system(6959).meant
    ('VN-2000 / TM-3 107-45', 5899)
    """
    return systems().get(epsg)


def checked(epsg: int | None) -> int | None:
    """Return an EPSG code that a user gave, if there is one.

    Raises
    ------
    LandXmlError
        If EPSG has no such system.
    """
    if epsg is not None and said(f"EPSG:{epsg}") is None:
        raise LandXmlError(Text(f"EPSG không có hệ tọa độ {epsg}", f"EPSG has no system {epsg}"))
    return epsg


@cache
def said(text: str) -> Said | None:
    """Understand ``EPSG:5899`` or well-known text; None if it is neither.

    Well-known text of other programs often lacks the code. Then a zone of VN-2000 is known by its meridian,
    false origin and the scale 0.9999, which no other system has there.
    """
    import pyproj  # noqa: PLC0415 - slow to load

    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None
    return Said(crs.to_epsg() or _zone(crs), crs.name, bool(crs.is_geographic))


def _zone(crs: Any) -> int | None:
    """Return the code of the 3-degree zone that a projected CRS is by its parameters."""
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    numbers = [round(parameter.value, 6) for parameter in operation.params if parameter.value]
    return next(
        (
            one.epsg
            for one in systems().values()
            if not one.deprecated
            and one.scale == 0.9999
            and numbers == [round(one.central_meridian_deg or 0, 6), one.scale, one.false_easting_m]
        ),
        None,
    )


def to_wgs84(first: npt.ArrayLike, second: npt.ArrayLike, epsg: int) -> tuple[Floats, Floats]:
    """Transform coordinates of a file to WGS 84.

    Parameters
    ----------
    first, second
        Coordinates in the order of EPSG's axes: easting and northing in metres, of a geographic system
        latitude and longitude in degrees.
    epsg
        Code of any system, VN-2000 or not.

    Returns
    -------
    tuple of arrays
        Longitude and latitude in degrees; NaN where a point cannot be transformed, or the code is unknown.

    Examples
    --------
    >>> lon, lat = to_wgs84(437875.0, 2318886.0, 5899)
    >>> f"{lon:.6f} {lat:.6f}"
    '107.154447 20.962195'
    """
    lat, lon = _transform(first, second, epsg, "FORWARD")
    return lon, lat


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, epsg: int) -> tuple[Floats, Floats]:
    """Transform WGS 84 degrees into a system; the inverse of :func:`to_wgs84`.

    PROJ's own inverse is a millimetre off, not knowing the height that was dropped on the way; one step of
    correction leaves less than a thousandth of that.
    """
    near = _transform(lat, lon, epsg, "INVERSE")
    there = _transform(*near, epsg, "FORWARD")
    return _transform(2 * np.asarray(lat) - there[0], 2 * np.asarray(lon) - there[1], epsg, "INVERSE")


def _transform(
    first: npt.ArrayLike, second: npt.ArrayLike, epsg: int, direction: str
) -> tuple[Floats, Floats]:
    a, b = np.asarray(first, float), np.asarray(second, float)
    transformer = _transformer(epsg)
    if transformer is None:
        return np.full_like(a, np.nan), np.full_like(b, np.nan)
    c, d = transformer.transform(a, b, direction=direction)
    good = np.isfinite(c) & np.isfinite(d)
    return np.where(good, c, np.nan), np.where(good, d, np.nan)


@cache
def _transformer(epsg: int) -> Any:
    """Return the transformer to latitude and longitude of WGS 84; None for a code that has none."""
    import pyproj  # noqa: PLC0415 - slow to load, and dossiers have no coordinates

    try:
        if epsg not in systems():
            return pyproj.Transformer.from_crs(epsg, 4326)
        group = pyproj.transformer.TransformerGroup(epsg, 4326)
    except pyproj.exceptions.ProjError:
        return None
    return next(one for one in group.transformers if OPERATION in one.description)
