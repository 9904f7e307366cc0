"""Geometries of layers: WKB → rings that are measured like those of GML.

Rings are taken as they are written, open ones too, which shapely would refuse. Coordinates of WKB stand in
the order easting, northing or longitude, latitude, whatever the order of the axes of the CRS.
"""

from __future__ import annotations

import copy
import struct
from collections.abc import Container, Iterator
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from landxml.geometry import Rings, Said

__all__ = ["POLYGON", "POLYGONS", "Shapes", "kinds"]

POLYGONS = POLYGON, MULTIPOLYGON = 3, 6
"""Types of WKB that a parcel may have."""
_TYPES = {
    1: "Point", 2: "LineString", 4: "MultiPoint", 5: "MultiLineString", 7: "GeometryCollection",
    10: "CurvePolygon", 12: "MultiSurface",
}  # fmt: skip
_EWKB_Z, _EWKB_M, _EWKB_SRID = 1 << 31, 1 << 30, 1 << 29
_FLAGS = _EWKB_Z | _EWKB_M | _EWKB_SRID
_SILENT = Said([], [], [], [])
_ODD = np.uint64(0x9E3779B97F4A7C15)


class Shapes(Rings):
    """The polygons of a batch of features; a feature without a shape, or with an empty one, is left out.

    Parameters
    ----------
    wkb
        One per feature, of any type.
    """

    def __init__(self, wkb: pa.Array) -> None:
        super().__init__()
        types = kinds(wkb)
        polygon = np.isin(types, POLYGONS)
        at, odd = np.flatnonzero(polygon), np.flatnonzero((types > 0) & ~polygon)
        texts = wkb.take(pa.array(at)).to_numpy(zero_copy_only=False)
        shapes = shapely.from_wkb(texts, on_invalid="ignore")
        parts = [
            _whole(shapes),
            *(_raw(texts[one], one) for one in np.flatnonzero(shapely.is_missing(shapes)).tolist()),
        ]
        found = _Parts(*map(np.concatenate, zip(*parts, strict=True)))
        found = found.sorted() if len(parts) > 1 else found
        rows = np.union1d(at[found.owner], odd)
        self.rows, self.first = rows.tolist(), found.first.tolist()
        self.owner = np.searchsorted(rows, at[found.owner]).tolist()
        self.odd = {
            index: _TYPES.get(types[row], "")
            for index, row in zip(np.searchsorted(rows, odd), odd, strict=True)
        }
        self.srs, self.said = [None] * len(rows), [_SILENT] * len(rows)
        self.coordinates, self.lengths = found.coordinates, found.lengths

    def place(self, srs: str | None, *, flip: bool) -> None:
        """Take the name of a CRS for all; ``flip`` tells whether latitude stands first in it."""
        self.srs = [srs] * len(self.rows)
        self.coordinates = self.coordinates[:, ::-1] if flip else self.coordinates

    def numbers(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Return the numbers of all rings, and where those of each start."""
        return self.coordinates.reshape(-1), np.concatenate(([0], 2 * np.cumsum(self.lengths)))

    def pick(self, rows: Container[int]) -> Shapes:
        """Return the geometries of some records only."""
        kept = np.array([row in rows for row in self.rows], bool)
        rings = kept[self.owner]
        picked = copy.copy(self)
        picked.rows = list(compress(self.rows, kept))
        picked.srs, picked.said = list(compress(self.srs, kept)), list(compress(self.said, kept))
        picked.owner = (np.cumsum(kept) - 1)[self.owner][rings].tolist()
        places = dict(zip(np.flatnonzero(kept).tolist(), range(len(kept)), strict=False))
        picked.odd = {places[index]: kind for index, kind in self.odd.items() if index in places}
        picked.first = list(compress(self.first, rings))
        picked.coordinates = self.coordinates[np.repeat(rings, self.lengths)]
        picked.lengths = self.lengths[rings]
        return picked

    def marks(self) -> npt.NDArray[np.uint64]:
        """Return a number for each geometry, of equal ones the same, of others hardly ever; 0: no rings."""
        found = np.zeros(len(self.rows), np.uint64)
        points = np.bincount(self.owner, self.lengths, len(self.rows))
        points = points[some := points > 0].astype(np.int64)
        if not len(points):
            return found
        starts = np.concatenate(([0], 2 * np.cumsum(points)[:-1]))
        bits = np.ascontiguousarray(self.coordinates).reshape(-1).view(np.uint64)
        place = np.arange(len(bits), dtype=np.uint64) - np.repeat(starts.astype(np.uint64), 2 * points)
        mixed = (bits ^ (bits >> np.uint64(29))) * _ODD * (2 * place + np.uint64(1))
        found[some] = np.add.reduceat(mixed, starts)
        return found


def kinds(wkb: pa.Array) -> npt.NDArray[np.int64]:
    """Return the type of each geometry, as 2D WKB numbers it; 0 for null and what is none."""
    width = np.int64 if pa.types.is_large_binary(wkb.type) else np.int32
    buffers, found = wkb.buffers(), np.zeros(len(wkb), np.int64)
    if buffers[2] is None:
        return found
    starts = np.frombuffer(buffers[1], width)[wkb.offset : wkb.offset + len(wkb) + 1].astype(np.int64)
    held = np.flatnonzero((np.diff(starts) >= 5) & np.asarray(wkb.is_valid()))
    heads = np.frombuffer(buffers[2], np.uint8)[starts[held][:, None] + np.arange(5)]
    little = np.ascontiguousarray(heads[:, 1:]).view("<u4")[:, 0]
    types = np.where(heads[:, 0] == 1, little, little.byteswap()).astype(np.int64)
    found[held] = (types & ~_FLAGS) % 1000
    return found


class _Parts(NamedTuple):
    """Rings: their coordinates, lengths, geometries, and whether each is an exterior."""

    coordinates: npt.NDArray[np.float64]
    lengths: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    first: npt.NDArray[np.bool_]

    def sorted(self) -> _Parts:
        """Return them in the order of their geometries."""
        order = np.argsort(self.owner, kind="stable")
        starts, lengths = (np.cumsum(self.lengths) - self.lengths)[order], self.lengths[order]
        there = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
        return _Parts(self.coordinates[there], lengths, self.owner[order], self.first[order])


def _whole(shapes: npt.NDArray[Any]) -> _Parts:
    """Return the rings of those geometries that shapely takes."""
    good = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    if not len(good):
        return _raw(b"", 0)
    _, coordinates, offsets = shapely.to_ragged_array(shapes[good], include_z=False)
    rings, *outer = (np.asarray(one, np.int64) for one in offsets)
    polygons, geometries = outer if len(outer) > 1 else (outer[0], np.arange(len(good) + 1))
    first = np.zeros(len(rings) - 1, bool)
    first[polygons[:-1][np.diff(polygons) > 0]] = True
    owner = np.repeat(good, np.diff(polygons[geometries]))
    return _Parts(coordinates, np.diff(rings), owner, first)


def _raw(wkb: bytes, owner: int) -> _Parts:
    """Return the rings of a geometry that shapely does not take, as far as they can be made out."""
    try:
        rings = list(_rings(wkb))
    except (struct.error, IndexError, ValueError):
        rings = []
    return _Parts(
        np.concatenate([np.zeros((0, 2)), *(points for _, points in rings)]),
        np.array([len(points) for _, points in rings], np.int64),
        np.full(len(rings), owner, np.int64),
        np.array([first for first, _ in rings], bool),
    )


def _rings(wkb: bytes) -> Iterator[tuple[bool, npt.NDArray[np.float64]]]:
    """Yield whether each ring is an exterior, and its points."""
    at = 0

    def read(form: str) -> int:
        nonlocal at
        (number,) = struct.unpack_from(order + form, wkb, at)
        at += struct.calcsize(order + form)
        return int(number)

    left = 1
    while left:
        order = "<" if wkb[at] == 1 else ">"
        at += 1
        kind = read("I")
        at += 4 if kind & _EWKB_SRID else 0
        flat = kind & ~_FLAGS
        size = 2 + bool(kind & _EWKB_Z) + bool(kind & _EWKB_M) + (0, 1, 1, 2)[flat // 1000 % 4]
        parts = read("I")
        left -= 1
        if flat % 1000 == MULTIPOLYGON:
            left += parts
            continue
        for ring in range(parts):
            points = read("I")
            numbers = np.frombuffer(wkb, f"{order}f8", points * size, at)
            at += 8 * points * size
            yield ring == 0, numbers.reshape(points, size)[:, :2].astype(np.float64)
