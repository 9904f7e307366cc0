"""Geometry in bulk: the rings of many parcels → one table of measures, vectorised.

Coordinates stay in the CRS of the file and in the order of its axes: easting, northing (:mod:`landxml.crs`).
Closure is looked at before polygons are built, because building them closes open rings silently.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from lxml import etree

from landxml import crs
from landxml.identifiers import parcel_code
from landxml.rings import DETAILS, details

__all__ = ["Named", "Rings", "Said", "epsg_of", "measure", "polygons"]

GML = "{http://www.opengis.net/gml/3.2}"
_ID, _EXTERIOR, _LIST = f"{GML}id", f"{GML}exterior", f"{GML}posList"
_RINGS = {_EXTERIOR, f"{GML}interior"}
_EPSG = re.compile(
    r"(?:urn:ogc:def:crs:EPSG:[\d.]*:|EPSG:|https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/)(\d{1,9})$",
    re.IGNORECASE,
)

MEASURES = pa.schema(
    {
        "row": pa.int64(), "epsg": pa.int32(), "srs": pa.string(), "revert": pa.string(),
        "rings": pa.int32(), "points": pa.int32(),
        "closed": pa.bool_(), "finite": pa.bool_(), "valid": pa.bool_(), "reason": pa.string(),
        "area": pa.float64(), "x": pa.float64(), "y": pa.float64(), "lon": pa.float64(), "lat": pa.float64(),
        "off": pa.float64(), "code": pa.string(), "ids": pa.list_(pa.string()), "other": pa.string(),
        "counted": pa.string(), "solid": pa.bool_(), **{field.name: field.type for field in DETAILS},
        "wkb": pa.binary(),
    }
)  # fmt: skip
"""Columns of :func:`measure`."""


@lru_cache(1_000)
def epsg_of(srs: str | None) -> int | None:
    """Return the EPSG code that an ``srsName`` names, or None.

    >>> epsg_of("urn:ogc:def:crs:EPSG::5899")
    5899
    """
    found = _EPSG.match(srs or "")
    return int(found.group(1)) if found else None


class Named(NamedTuple):
    """The CRS as an element names it: ``srsName``, and ``srsRevert`` of VBDLIS."""

    srs: str | None = None
    revert: str = ""


UNNAMED = Named()


class Said(NamedTuple):
    """What the attributes of a geometry say, of all its parts: ids, CRS, dimensions, and counts of points."""

    ids: list[str]
    srs: list[str]
    dimensions: list[str]
    counts: list[tuple[int, str]]
    """Index of the ring, and how many points it is said to have."""

    @property
    def flat(self) -> bool:
        """Whether nothing says that its coordinates are not two by two."""
        return all(dimension == "2" for dimension in self.dimensions)


class Rings:
    """The ``posList`` texts of a batch of geometries, with what belongs to what.

    Parameters
    ----------
    around
        What the collection says of geometries that do not say it.
    """

    def __init__(self, around: Named = UNNAMED) -> None:
        self.around = around
        self.texts: list[str] = []
        self.first: list[bool] = []
        """Whether the ring is an exterior, so that a polygon begins."""
        self.owner: list[int] = []
        """Index of the geometry that each ring belongs to."""
        self.rows: list[int] = []
        self.srs: list[str | None] = []
        self.said: list[Said] = []
        """What the attributes of each geometry say besides."""
        self.reverts: dict[int, str] = {}
        """Index of those with a second name of the CRS (``srsRevert`` of VBDLIS), and that name."""
        self.odd: dict[int, str] = {}
        """Index and type of those that are no polygons; they have no rings."""

    def add(self, element: etree._Element, row: int) -> None:
        """Add the geometry below a property element, for the record with this row number."""
        index, begin, empty = len(self.rows), len(self.texts), False
        said = Said([], [], [], [])
        for part in element.iter("*"):
            tag = part.tag
            if tag in _RINGS:
                self.texts.append(part.text or "")
                # A geometry that begins with a hole must not lend it to the one before.
                self.first.append(tag == _EXTERIOR or len(self.texts) == begin + 1)
                self.owner.append(index)
                empty = True
            elif tag == _LIST and empty:
                self.texts[-1], empty = part.text or "", False
            for name, text in part.items():
                value = str(text)
                if name == _ID:
                    said.ids.append(value)
                elif name == "srsName":
                    said.srs.append(" ".join(value.split()))
                elif name == "srsDimension":
                    said.dimensions.append(value.strip())
                elif name == "count" and tag == _LIST:
                    said.counts.append((len(self.texts) - 1, value.strip()))
                elif name == "srsRevert":
                    self.reverts.setdefault(index, value)
        self.end(row, said)

    def end(self, row: int, said: Said) -> None:
        """End a geometry whose rings were added."""
        if self.around.revert and not said.srs:
            self.reverts.setdefault(len(self.rows), self.around.revert)
        self.rows.append(row)
        self.srs.append(next(filter(None, said.srs), self.around.srs))
        self.said.append(said)

    def numbers(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Return the numbers of all rings, and where those of each start; what is no number is NaN."""
        return _numbers(self.texts)

    def pick(self, rows: Container[int]) -> Rings:
        """Return the geometries of some records only."""
        kept = [index for index, row in enumerate(self.rows) if row in rows]
        place = {index: new for new, index in enumerate(kept)}
        picked = Rings()
        picked.rows, picked.srs = [self.rows[index] for index in kept], [self.srs[index] for index in kept]
        for text, first, owner in zip(self.texts, self.first, self.owner, strict=True):
            if owner in place:
                picked.texts.append(text)
                picked.first.append(first)
                picked.owner.append(place[owner])
        return picked


def polygons(rings: Rings) -> npt.NDArray[Any]:
    """Return one (multi-)polygon per geometry; None where it is not closed, or has no proper coordinates."""
    numbers, starts = rings.numbers()
    return _shapes(rings, numbers, starts)[0]


@np.errstate(over="ignore", invalid="ignore")
def measure(
    rings: Rings, codes: pa.Array | None = None, wanted: Container[str] = frozenset(MEASURES.names) - {"wkb"}
) -> pa.Table:
    """Measure every geometry of a batch.

    Parameters
    ----------
    rings
        The geometries.
    codes
        Parcel code of each record, by its row number; none at all by default.
    wanted
        Columns that are wanted; those of the others that take long, or much memory, are null. By default all
        but the shapes themselves.

    Returns
    -------
    pa.Table
        One row per geometry, columns of :data:`MEASURES`: number of its record, EPSG code, a second name of
        its CRS (:attr:`Rings.reverts`), rings, points,
        whether all rings are closed, all coordinates finite and enough, the polygon valid (and why not, or
        the type of what is none), area in m², a point inside in the CRS of the file, or where it is not
        valid, and the same point in WGS 84 degrees; for a record with a parcel code how far its point lies
        outside, in metres, and if it does, what the code would be. ``ids`` of all its parts; ``other``, a CRS
        of a part that is not that of the whole; ``counted``, a number of points that is stated and wrong;
        ``solid``, whether the coordinates are three by three. Where this is stated, ``closed`` and ``finite``
        are null. What :func:`landxml.rings.details` says of its points. ``wkb``, the shape in the CRS of the
        file; null unless all rings are closed and all coordinates finite.
    """
    numbers, starts = rings.numbers()
    shapes, closed, finite = _shapes(rings, numbers, starts)
    count, points = len(rings.rows), np.diff(starts) // 2
    owner = np.asarray(rings.owner, dtype=np.int64)
    valid = shapely.is_valid(shapes)
    x, y = _inside(shapes, numbers, starts, owner, count)
    reason = np.full(count, None, dtype=object)
    for index in np.flatnonzero(~valid & ~shapely.is_missing(shapes)):
        reason[index], *place = _fault(shapely.is_valid_reason(shapes[index]))
        x[index], y[index] = place or (x[index], y[index])
    for odd, kind in rings.odd.items():
        reason[odd] = kind
    solid = _per_owner(_solid(numbers, starts), owner, count)
    declared = np.array([not said.flat for said in rings.said], dtype=bool)
    epsg = [epsg_of(srs) for srs in rings.srs]
    missing = shapely.is_missing(shapes)
    columns = {
        "row": rings.rows, "epsg": epsg, "srs": rings.srs,
        "revert": list(map(rings.reverts.get, range(count))), "rings": np.bincount(owner, minlength=count),
        "points": np.bincount(owner, weights=points, minlength=count).astype(int),
        "closed": pa.array(closed, mask=declared), "finite": pa.array(finite, mask=declared), "solid": solid,
        "valid": pa.array(valid, mask=missing), "reason": reason,
        "area": pa.array(shapely.area(shapes), mask=missing | ~valid), "x": _null(x), "y": _null(y),
    }  # fmt: skip
    columns["ids"] = [said.ids for said in rings.said]
    columns["other"] = [_contradicting(said.srs) for said in rings.said]
    columns["counted"] = [_miscounted(said.counts, points) for said in rings.said]
    if "lon" in wanted or "lat" in wanted:
        columns["lon"], columns["lat"] = map(_null, _degrees(x, y, epsg))
    if "off" in wanted or "code" in wanted:
        columns["off"], columns["code"] = _codes(codes, rings, shapes, epsg)
    if any(name in wanted for name in DETAILS.names):
        first = np.asarray(rings.first, dtype=bool)
        columns |= details(numbers, starts, owner, first, closed & finite & ~declared)
    if "wkb" in wanted:
        columns["wkb"] = shapely.to_wkb(shapes)
    nothing = {field.name: pa.nulls(count, field.type) for field in MEASURES if field.name not in columns}
    return pa.table(columns | nothing, schema=MEASURES)


def _codes(
    codes: pa.Array | None, rings: Rings, shapes: npt.NDArray[Any], epsg: list[int | None]
) -> tuple[pa.Array, pa.Array]:
    if codes is None or codes.null_count == len(codes):
        return pa.nulls(len(shapes), pa.float64()), pa.nulls(len(shapes), pa.string())
    off = parcel_code.offsets(codes.take(pa.array(rings.rows, pa.int64())), shapes, epsg)
    astray = np.where(off > 0, shapes, np.array(None, object))
    return _null(off), parcel_code.codes(astray, epsg)


def _fault(reason: str) -> tuple[str] | tuple[str, float, float]:
    """Return the name of what makes a shape invalid, and where it does, if that is known.

    >>> _fault("Self-intersection[437517.465079511 2318347.1163527]")
    ('Self-intersection', 437517.465079511, 2318347.1163527)
    """
    name, _, place = reason.rstrip("]").partition("[")
    numbers = place.split()
    return (name, float(numbers[0]), float(numbers[1])) if len(numbers) >= 2 else (name,)


def _contradicting(names: list[str]) -> str | None:
    """Return a name of a CRS that is not that of the first."""
    first = names[0] if names else None
    code = epsg_of(first)
    return next((n for n in names if n != first and (code is None or epsg_of(n) != code)), None)


def _miscounted(counts: list[tuple[int, str]], points: npt.NDArray[np.int64]) -> str | None:
    """Return a number of points that is not that of its ring."""
    return next((n for ring, n in counts if n.isdecimal() and int(n) != points[ring]), None)


def _null(values: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))


def _numbers(texts: list[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """All numbers of all lists at once, and where each list starts; what is no number becomes NaN."""
    words = pc.ascii_split_whitespace(pc.ascii_trim_whitespace(pa.array(texts, pa.large_string())))
    starts = np.asarray(words.offsets)
    flat = words.flatten()
    try:
        numbers = pc.cast(flat, pa.float64())
    except pa.ArrowInvalid:
        numbers = pa.array([_number(word) for word in flat.to_pylist()], pa.float64())
    return np.asarray(numbers), starts


def _number(word: str) -> float:
    try:
        return float(word) if word.isascii() and "_" not in word else float("nan")
    except ValueError:
        return float("nan")


def _all(flags: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether all flags of each list are set; an empty list has none that is not."""
    bad = np.concatenate(([0], np.cumsum(~flags)))
    return np.asarray(bad[starts[1:]] == bad[starts[:-1]])


def _closed(
    numbers: npt.NDArray[np.float64], starts: npt.NDArray[np.int64], points: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    result = np.zeros(len(points), dtype=bool)
    some = points >= 1
    begin, end = starts[:-1][some], starts[1:][some]
    result[some] = (numbers[begin] == numbers[end - 2]) & (numbers[begin + 1] == numbers[end - 1])
    return result


def _solid(numbers: npt.NDArray[np.float64], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each ring is closed only if its coordinates are taken three by three."""
    lengths = np.diff(starts)
    result = (lengths % 3 == 0) & (lengths >= 12) & ~_closed(numbers, starts, lengths // 2)
    begin, end = starts[:-1][result], starts[1:][result]
    result[result] = np.all([numbers[begin + n] == numbers[end - 3 + n] for n in range(3)], axis=0)
    return np.asarray(result)


def _per_owner(
    flags: npt.NDArray[np.bool_], owner: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.bool_]:
    """Whether every ring of each geometry has the flag; a geometry without rings has not."""
    bad = np.bincount(owner[~flags], minlength=count)
    return np.asarray((bad == 0) & (np.bincount(owner, minlength=count) > 0))


def _shapes(
    rings: Rings, numbers: npt.NDArray[np.float64], starts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Polygons of the geometries, and whether all rings of each are closed, and their numbers proper."""
    points, even = np.diff(starts) // 2, np.diff(starts) % 2 == 0
    owner, count = np.asarray(rings.owner, dtype=np.int64), len(rings.rows)
    finite_ring = _all(np.isfinite(numbers), starts) & even & (points >= 4)
    closed_ring = _closed(numbers, starts, points) | ~finite_ring
    finite, closed = _per_owner(finite_ring, owner, count), _per_owner(closed_ring, owner, count)
    return _polygons(numbers, starts, points, rings, finite & closed), closed, finite


def _polygons(
    numbers: npt.NDArray[np.float64], starts: npt.NDArray[np.int64], points: npt.NDArray[np.int64],
    rings: Rings, usable: npt.NDArray[np.bool_],
) -> npt.NDArray[Any]:  # fmt: skip
    """One (multi-)polygon for each usable geometry, None for the others."""
    owner = np.asarray(rings.owner, dtype=np.int64)
    first = np.asarray(rings.first, dtype=bool)
    keep = usable[owner] if len(owner) else np.zeros(0, dtype=bool)
    shapes = np.full(len(rings.rows), None, dtype=object)
    if not keep.any():
        return shapes
    lengths = points[keep]
    inside = np.repeat(keep, np.diff(starts))
    coordinates = numbers[inside].reshape(-1, 2)
    ring_offsets = np.concatenate(([0], np.cumsum(lengths)))
    begins = np.flatnonzero(first[keep])
    polygon_offsets = np.append(begins, len(lengths))
    polygon_owner = owner[keep][begins]
    present = np.unique(polygon_owner)
    geometry_offsets = np.append(np.searchsorted(polygon_owner, present), len(polygon_owner))
    made = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, coordinates, (ring_offsets, polygon_offsets, geometry_offsets)
    )
    shapes[present] = made
    return shapes


def _inside(
    shapes: npt.NDArray[Any], numbers: npt.NDArray[np.float64], starts: npt.NDArray[np.int64],
    owner: npt.NDArray[np.int64], count: int,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:  # fmt: skip
    """Return a point of each geometry: inside it where it is valid, else its first vertex."""
    x, y = np.full(count, np.nan), np.full(count, np.nan)
    enough = np.diff(starts) >= 2
    reverse = slice(None, None, -1)  # the first ring of each geometry wins
    x[owner[enough][reverse]] = numbers[starts[:-1][enough]][reverse]
    y[owner[enough][reverse]] = numbers[starts[:-1][enough] + 1][reverse]
    good = shapely.is_valid(shapes)
    centres = shapely.point_on_surface(shapes[good])
    x[good], y[good] = shapely.get_x(centres), shapely.get_y(centres)
    return x, y


def _degrees(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], epsg: list[int | None]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for code in {code for code in epsg if code}:
        here = np.array([c == code for c in epsg])
        lon[here], lat[here] = crs.to_wgs84(x[here], y[here], code)
    return lon, lat
