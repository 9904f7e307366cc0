"""The parcels of a commune: a coverage without gaps or overlaps, made map sheet by map sheet.

A grid of cells is laid around a point inside the commune. Its nodes are moved a little, its edges get some
points between, and both depend on nothing but their own place in the grid and the seed. So two parcels, also
of two sheets, have the same points on their common edge although neither knows of the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from math import ceil, sqrt
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

import landxml_units as units
from landxml import crs
from landxml_samples.noise import noise, uniform

__all__ = ["SHEET_PARCELS", "Grid", "Sheet", "plan", "plans", "sheets", "zone"]

SIDE = 12
"""Cells along each side of a map sheet."""
SHEET_PARCELS = SIDE * SIDE
CELL = (20.0, 30.0)
"""Width and height of a cell in metres; less where the commune is too small for its parcels."""
NODE_SHIFT = 0.15
"""A node moves at most this share of a cell. Edges then meet at more than 40 degrees ..."""
EDGE_SHIFT = 0.12
"""... and a point on an edge stays within 10 degrees of it: edges cannot cross."""
EDGE_POINTS = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6])
"""Points between the ends of an edge, one of these counts each: 4 to 28 vertices per parcel."""
MOST = int(EDGE_POINTS.max())

NODE_X, NODE_Y, ACROSS, UP = range(4)


class Grid(NamedTuple):
    """Where the parcels of one commune lie: south-west corner and cell size in metres of ``epsg``."""

    commune: str
    parcels: int
    seed: int
    epsg: int
    west: float
    south: float
    cell: tuple[float, float]
    columns: int  # of sheets
    first: int = 1  # number of its first sheet


class Sheet(NamedTuple):
    """One map sheet: its number, and for each parcel the boundary and its area in m²."""

    number: int
    boundaries: list[BaseGeometry]
    areas: list[float]


def zone(commune: str, date: dt.date) -> int:
    """Return the EPSG code of the zone in which a commune of a day has its parcels."""
    if date >= units.TWO_TIERS_SINCE:
        return units.default_epsg(commune)
    unit = units.commune(commune, date)
    district = units.get(unit.parent, date) if unit and unit.parent else None
    meridian = units.meridian(district.parent, "legacy63") if district and district.parent else None
    if meridian is None:
        raise KeyError(commune)
    return meridian.epsg


def plans(commune: str, parcels: int, seed: int, date: dt.date) -> list[Grid]:
    """Lay the grids of a commune of any day: before July 2025 one in each commune that got land of it.

    Communes that were merged lie there side by side.

    Raises
    ------
    KeyError
        The commune has no known extent or zone.
    """
    since = units.TWO_TIERS_SINCE
    if date >= since:
        return [plan(commune, parcels, seed)]
    homes = [
        s.code for s in units.resolve(commune, date, since).successors if "population only" not in s.note
    ]
    ends = [parcels * n // len(homes) for n in range(len(homes) + 1)]
    grids, sheet = [], 1
    for home, start, end in zip(homes, ends, ends[1:], strict=False):
        there = sorted(set(units.predecessors(home, date, since)["old"].to_pylist()))
        shift = there.index(commune) - (len(there) - 1) / 2
        grid = plan(commune, end - start, seed, home=home, epsg=zone(commune, date), shift=shift)
        grids.append(grid._replace(first=sheet))
        sheet += ceil((end - start) / SHEET_PARCELS)
    return grids


def plan(
    commune: str, parcels: int, seed: int, *, home: str = "", epsg: int | None = None, shift: float = 0
) -> Grid:
    """Lay the grid of a commune: around its inside point, within its extent and half its area.

    Parameters
    ----------
    home
        The commune of today in which it lies; itself by default.
    epsg
        Zone; by default that of today.
    shift
        How far to the east of the inside point, in widths of the grid.

    Raises
    ------
    KeyError
        The commune has no known extent.
    """
    place = _places()[home or commune]
    epsg = epsg or units.default_epsg(commune)
    west, south, east, north = _box(place, epsg)
    across = ceil(sqrt(ceil(parcels / SHEET_PARCELS)))
    up = ceil(ceil(parcels / SHEET_PARCELS) / across) if parcels else 0
    # One cell to spare on each side: the outer nodes move too.
    wide, high = (across * SIDE + 2) * CELL[0], (up * SIDE + 2) * CELL[1]
    room = 0.5 * place["area_km2"] * 1e6 / (wide * high)
    scale = min(1.0, (east - west) / wide, (north - south) / high, sqrt(room))
    x, y = map(float, crs.from_wgs84(place["inside_lon"], place["inside_lat"], epsg))
    wide, high, cell = wide * scale, high * scale, (CELL[0] * scale, CELL[1] * scale)
    left = min(max(x + (shift - 0.5) * wide, west), east - wide) + cell[0]
    bottom = min(max(y - high / 2, south), north - high) + cell[1]
    return Grid(commune, parcels, seed, epsg, left, bottom, cell, across)


def sheets(grid: Grid) -> Iterator[Sheet]:
    """Yield the sheets of a grid one by one, in the order of their numbers; all but the last are full."""
    for index in range(ceil(grid.parcels / SHEET_PARCELS)):
        count = min(SHEET_PARCELS, grid.parcels - index * SHEET_PARCELS)
        row, column = divmod(index, grid.columns)
        coordinates, sizes = _rings(grid, column * SIDE, row * SIDE)
        rings = shapely.linearrings(coordinates, indices=np.repeat(np.arange(len(sizes)), sizes))
        boundaries = shapely.set_srid(shapely.polygons(rings[:count]), grid.epsg)
        yield Sheet(grid.first + index, list(boundaries), shapely.area(boundaries).tolist())


def _rings(grid: Grid, column: int, row: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Vertices of all cells of a sheet, counter-clockwise, and the number of vertices of each."""
    across, across_used = _edges(grid, column, row, UP)
    up, up_used = _edges(grid, column, row, ACROSS)
    # Each side without its end; the way back over the top and down the left takes the points in reverse.
    back = np.arange(MOST, 0, -1)
    points = np.concatenate(
        [
            across[:-1, :-1], up[:-1, 1:],
            across[1:, 1:, :1], across[1:, :-1, back],
            across[1:, :-1, :1], up[:-1, :-1, back],
        ],
        axis=2,
    )  # fmt: skip
    node = np.ones((SIDE, SIDE, 1), bool)
    used = [
        across_used[:-1, :-1], up_used[:-1, 1:],
        node, across_used[1:, :-1, back],
        node, up_used[:-1, :-1, back],
    ]  # fmt: skip
    mask = np.concatenate(used, axis=2).reshape(SHEET_PARCELS, -1)
    metres = points.reshape(SHEET_PARCELS, -1, 2)[mask] * grid.cell + (grid.west, grid.south)
    return np.round(metres, 3), mask.sum(axis=1)


def _edges(grid: Grid, column: int, row: int, off: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Edges from every node of a sheet, in cells: the node, then the points between (and which are used).

    ``off`` is the direction in which the points stand off the edge: ``UP`` for those that run across.
    """
    j, i = np.mgrid[row : row + SIDE + 1, column : column + SIDE + 1]
    start = _node(grid, i, j)
    end = _node(grid, i + (off == UP), j + (off == ACROSS))
    key = (grid.seed, int(grid.commune), off, i, j)
    count = EDGE_POINTS[(noise(*key) % len(EDGE_POINTS)).astype(np.int64)][..., None]
    slot = np.arange(MOST + 1)
    along = np.minimum(slot / (count + 1), 1.0)
    points = start[..., None, :] + (end - start)[..., None, :] * along[..., None]
    aside = uniform(*(np.asarray(k)[..., None] for k in key), slot)
    points[..., off - ACROSS] += aside * EDGE_SHIFT * np.minimum(along, 1 - along)
    return points, slot <= count


def _node(grid: Grid, i: NDArray[Any], j: NDArray[Any]) -> NDArray[np.float64]:
    key = (grid.seed, int(grid.commune))
    shift = np.stack([uniform(*key, axis, i, j) for axis in (NODE_X, NODE_Y)], axis=-1)
    return np.stack([i, j], axis=-1) + shift * NODE_SHIFT


def _box(place: dict[str, Any], epsg: int) -> tuple[float, float, float, float]:
    """Return a rectangle of the projection inside a box of degrees: west, south, east, north in metres."""
    share = np.linspace(0, 1, 21)
    lon = place["min_lon"] + share * (place["max_lon"] - place["min_lon"])
    lat = place["min_lat"] + share * (place["max_lat"] - place["min_lat"])
    west, east = (crs.from_wgs84(np.full_like(lat, lon[side]), lat, epsg)[0] for side in (0, -1))
    south, north = (crs.from_wgs84(lon, np.full_like(lon, lat[side]), epsg)[1] for side in (0, -1))
    return west.max(), south.max(), east.min(), north.min()


@cache
def _places() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in units.table("extents").to_pylist()}
