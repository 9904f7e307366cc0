"""Topology of parcels that should share boundaries and nothing else: overlaps, gaps, missing vertices.

The boundary of a parcel is a run of edges with the parcel on their left. In a sound coverage each edge inside
is there once in either direction, and the two cancel. What is left over is the outline of the whole and of
all that is wrong, because the number of parcels over a place changes nowhere else. So the edges left over,
noded, cut the plane into faces: one within no parcel is a gap, one within several is an overlap. Most of a
commune is proven sound by sorting its edges; shapes are compared only where parcels lie on one another.

Edges are compared on a grid of :data:`GRID`, finer than any survey: what differs by less is the same point.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from landxml.parcel_shapes import AT_ONCE, PIECE, ParcelShapes

__all__ = ["DEFECTS", "GRID", "REACH", "WIDEST", "Coverage", "across", "coverage", "meet", "width"]

GRID = 1e-4
"""Metres: points that are nearer are one."""
THIN = 5e-4
"""Metres: a face of less mean width is what rounding leaves."""
LEAST = 1e-3
"""Metres: mean width of the thinnest overlap or gap that is told."""
REACH = 0.1
"""Metres: how far from an edge a vertex is sought that the edge may lack."""
WIDEST = 0.5
"""Metres: width up to which ground between two communes is a gap."""
LOWEST = np.uint64(1)
SHARP = 50.0
"""Limit of a mitre: a notch of more than about 2 degrees is closed as it was."""
INSIDES_MEET = "T********"
Array = npt.NDArray[Any]

DEFECTS = pa.schema(
    [("kind", pa.string()), ("first", pa.int64()), ("second", pa.int64())]
    + [(name, pa.float64()) for name in ("area", "width", "covered", "equal", "off", "apart", "x", "y")]
    + [("geometry", pa.binary())]
)
"""Columns of a table of defects."""


def width(area: Array, length: Array) -> Array:
    """Return the mean width of thin shapes: their area by half their circumference."""
    return 2 * area / np.maximum(length, GRID)


class Coverage(NamedTuple):
    """Parcels of one plane, and what is found of them.

    Attributes
    ----------
    defects
        What is wrong between two of them, columns of :data:`DEFECTS`.
    outline
        All ground that they cover.
    """

    defects: pa.Table
    outline: Any


def coverage(wkb: pa.ChunkedArray) -> Coverage:
    """Find what is wrong between parcels, and what ground they cover.

    Parameters
    ----------
    wkb
        Valid polygons of one plane, in metres.

    Returns
    -------
    Coverage
        ``first`` and ``second`` are the numbers of two parcels, ``second`` that at which the defect is told,
        the later one but for vertices. By ``kind``:

        ``overlap``
            They share an ``area`` (m², ``geometry``) of mean ``width`` (metres, :func:`width`), which is the
            part ``covered`` of the smaller and ``equal`` of the larger. Of parcels that are equal point by
            point each is compared with the first only: a thousand with the shape of a template would be half
            a million pairs.
        ``gap``
            Ground that several parcels enclose and none covers; ``first`` and ``second`` touch it.
        ``vertex``
            A vertex of ``first`` lies ``off`` an edge of ``second`` (metres, at most :data:`REACH`) whose
            ends are ``apart`` from it or farther; ``width`` is that of an overlap of the two, or 0.
    """
    kinds = pc.dictionary_encode(wkb).combine_chunks()
    pa.default_memory_pool().release_unused()  # what the search for equal shapes took, as much as they do
    _, first, same = np.unique(np.asarray(kinds.indices), return_index=True, return_inverse=True)
    parcels = ParcelShapes(kinds.dictionary)
    again = _again(parcels, first, same)
    if not len(parcels):
        return Coverage(again, shapely.MultiPolygon())
    left = leftover(parcels)
    faces = _faces(left)
    depth = _depth(faces, parcels)
    overlaps = _overlaps(parcels, faces[depth > 1])
    found = (overlaps, _gaps(parcels, faces[depth == 0]), _vertices(left, overlaps))
    numbered = (_numbered(each, first) for each in found)
    return Coverage(pa.concat_tables([again, *numbered]), _outline(faces[depth > 0], parcels))


def meet(one: Any, two: Any) -> tuple[Array, Array]:
    """Return the ground that two outlines share, and that between them where it is narrow."""
    strips = [_near(one, two), _near(two, one)]
    common = _told(shapely.intersection(*strips))
    both = shapely.union_all(strips)
    style = {"join_style": "mitre", "mitre_limit": SHARP}
    closed = shapely.buffer(shapely.buffer(both, WIDEST / 2, **style), -WIDEST / 2, **style)
    between = _told(shapely.difference(closed, both))
    return common, between[np.all([shapely.dwithin(between, strip, 2 * GRID) for strip in strips], axis=0)]


def _near(one: Any, two: Any) -> Any:
    """Return the part of an outline that lies near the box of another."""
    box = shapely.box(*(shapely.bounds(two) + np.array((-1, -1, 1, 1)) * WIDEST))
    return shapely.intersection(one, box)


def _told(shape: Any) -> Array:
    """Return the polygons of a shape, but for those that are too thin to be told."""
    parts = shapely.get_parts(shape)
    return np.asarray(parts[width(shapely.area(parts), shapely.length(parts)) >= LEAST])


def across(wkb: pa.ChunkedArray, side: npt.NDArray[np.bool_], common: Array, between: Array) -> pa.Table:
    """Find the parcels of two communes to which ground belongs that both have, or neither.

    Parameters
    ----------
    wkb
        Valid polygons of one plane, in metres: first those of one commune, then those of the other.
    side
        Which of them are of the other.
    common, between
        What :func:`meet` returns of the outlines.

    Returns
    -------
    pa.Table
        Overlaps and gaps, as in :class:`Coverage`, ``second`` being of the other commune.
    """
    parcels = ParcelShapes(wkb.combine_chunks())
    return pa.concat_tables([_overlaps(parcels, common, side), _gaps(parcels, between, side)])


class Edges(NamedTuple):
    """Edges that no other edge cancels: on the grid, in order of their parcels.

    Attributes
    ----------
    ends, keys
        Column and row of either end, and a number that stands for it.
    owner
        Number of the parcel.
    again
        Whether an edge between the same ends stands before it.
    """

    ends: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint64]
    owner: npt.NDArray[np.int64]
    again: npt.NDArray[np.bool_]

    def lines(self) -> Array:
        """Return each edge as a line, in metres."""
        return np.asarray(shapely.linestrings(self.ends * GRID))


class _Sides(NamedTuple):
    """All edges of some shapes.

    As in :class:`Edges`. ``sign`` is equal for edges between the same ends but for its lowest bit, which
    tells the direction in which one runs around its parcel.
    """

    ends: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint64]
    owner: npt.NDArray[np.int64]
    sign: npt.NDArray[np.uint64]


def leftover(shapes: ParcelShapes | Array) -> Edges:
    """Return the edges that are not there as often in one direction as in the other."""
    pieces = (shapes[start : start + PIECE] for start in range(0, len(shapes), PIECE))
    signs, owners = zip(
        *((each.sign, each.owner.astype(np.int32)) for each in map(_sides, pieces)), strict=True
    )
    left = _uncancelled(np.concatenate(signs))
    found = (
        np.unique(owner[np.isin(sign & ~LOWEST, left)]) + n * PIECE
        for n, (sign, owner) in enumerate(zip(signs, owners, strict=True))
    )
    some = np.concatenate(list(found))
    ends, keys, owner, sign = _sides(shapes[some])
    stays = np.flatnonzero(np.isin(sign & ~LOWEST, left))
    again = np.ones(len(stays), bool)
    again[np.unique(sign[stays] & ~LOWEST, return_index=True)[1]] = False
    return Edges(ends[stays], keys[stays], some[owner[stays]], again)


def _sides(shapes: Array) -> _Sides:
    _, points, offsets = shapely.to_ragged_array(shapes, include_z=False)
    rings, polygons, *geometries = (np.asarray(each, np.int64) for each in offsets)
    parts = geometries[0] if geometries else np.arange(len(shapes) + 1)
    grid = np.rint(points / GRID).astype(np.int64)
    key = _mixed(_mixed(grid[:, 0].view(np.uint64)) + grid[:, 1].view(np.uint64))
    begin = np.delete(np.arange(len(grid)), rings[1:] - 1)  # the last point of a ring begins no edge
    begin = begin[key[begin] != key[begin + 1]]
    one, two = key[begin], key[begin + 1]
    ring = np.repeat(np.arange(len(rings) - 1), np.diff(rings))[begin]
    ahead = (one < two) ^ _turned(grid, rings, polygons)[ring]
    sign = ((_mixed(np.minimum(one, two)) + np.maximum(one, two)) & ~LOWEST) | ahead
    polygon = np.repeat(np.arange(len(polygons) - 1), np.diff(polygons))[ring]
    owner = np.repeat(np.arange(len(shapes)), np.diff(parts))[polygon]
    ends, keys = (np.stack([each[begin], each[begin + 1]], axis=1) for each in (grid, key))
    return _Sides(ends, keys, owner, sign)


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter numbers over all of 64 bits, equal ones to the same place."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return numbers ^ (numbers >> np.uint64(27))


def _turned(
    grid: npt.NDArray[np.int64], rings: npt.NDArray[np.int64], polygons: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Whether each ring has its parcel on the right: exteriors that run clockwise, holes that do not."""
    starts = rings[:-1]
    x, y = (grid - np.repeat(grid[starts], np.diff(rings), axis=0)).T.astype(float)
    twice = np.add.reduceat(
        x * np.roll(y, -1) - np.roll(x, -1) * y, starts
    )  # 0 at the end of a ring: it is its start
    hole = np.ones(len(starts), bool)
    hole[polygons[:-1]] = False
    return np.asarray((twice < 0) ^ hole)


def _uncancelled(edges: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the edges that are not there as often with the lowest bit as without it, without that bit.

    They are sorted in place: of all edges of a commune there is no room for many copies.
    """
    edges.sort()
    starts = np.append(0, np.flatnonzero(edges[1:] ^ edges[:-1] > LOWEST) + 1)
    ahead = np.add.reduceat(edges & LOWEST, starts).astype(np.int64)
    count = np.diff(np.append(starts, len(edges)))
    return np.asarray(edges[starts[2 * ahead != count]] & ~LOWEST)


def _faces(left: Edges) -> Array:
    """Return the faces into which edges cut the plane, but for those that rounding leaves."""
    noded = shapely.union_all(left.lines()[~left.again], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return np.asarray(faces[width(shapely.area(faces), shapely.length(faces)) > THIN])


def _outline(covered: Array, parcels: ParcelShapes) -> Any:
    """Return faces as one shape, without the edges between them."""
    if not len(covered):
        return shapely.MultiPolygon()
    left = leftover(covered)
    faces = shapely.get_parts(shapely.polygonize(left.lines()[~left.again]))
    return shapely.multipolygons(faces[_depth(faces, parcels) > 0])


def _depth(faces: Array, parcels: ParcelShapes) -> npt.NDArray[np.int64]:
    """Return how many parcels lie over each face."""
    return np.bincount(parcels.near(shapely.point_on_surface(faces))[0], minlength=len(faces))


def _again(parcels: ParcelShapes, first: Array, same: Array) -> pa.Table:
    """Return the overlaps of parcels that repeat the boundary of one before, point by point."""
    later = np.flatnonzero(first[same] != np.arange(len(same)))
    return _overlapping(first[same[later]], later, parcels[same[later]], np.ones((2, len(later))))


def _overlaps(parcels: ParcelShapes, deep: Array, side: npt.NDArray[np.bool_] | None = None) -> pa.Table:
    """Return the overlaps of parcels that lie over these faces; with ``side``, of those on either side."""
    some = np.unique(parcels.near(deep)[1])
    shapes = parcels[some]
    near, areas = shapely.STRtree(shapes), shapely.area(shapes)
    tables = [_overlapping(some[:0], some[:0], shapes[:0], np.ones((2, 0)))]
    for start in range(0, len(some), AT_ONCE):
        one, two = near.query(shapes[start : start + AT_ONCE])
        one += start
        wanted = one < two if side is None else side[some[two]] & ~side[some[one]]
        one, two = one[wanted], two[wanted]
        meet = shapely.relate_pattern(shapes[one], shapes[two], INSIDES_MEET)
        one, two = one[meet], two[meet]
        common = shapely.intersection(shapes[one], shapes[two])
        sizes = np.sort([areas[one], areas[two]], axis=0)
        tables.append(_overlapping(some[one], some[two], common, shapely.area(common) / sizes))
    return pa.concat_tables(tables)


def _overlapping(one: Array, two: Array, common: Array, share: Array) -> pa.Table:
    area = shapely.area(common)
    thick = width(area, shapely.length(common))
    told = thick >= LEAST
    return _table("overlap", one, two, common, told, area=area, width=thick, covered=share[0], equal=share[1])


def _gaps(parcels: ParcelShapes, faces: Array, side: npt.NDArray[np.bool_] | None = None) -> pa.Table:
    """Return the faces between several parcels; with ``side``, between parcels on either side."""
    area = shapely.area(faces)
    thick = width(area, shapely.length(faces))
    rings, of = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    on = np.flatnonzero(ring[1:] == ring[:-1])
    middles = shapely.points(
        (points[on] + points[on + 1]) / 2
    )  # a parcel that touches in a point is no neighbour
    middle, parcel = parcels.near(middles, 2 * GRID)
    face = of[ring[on[middle]]]
    first, last = np.full(len(faces), len(parcels)), np.full(len(faces), -1)
    here, there = (slice(None),) * 2 if side is None else (~side[parcel], side[parcel])
    np.minimum.at(first, face[here], parcel[here])
    np.maximum.at(last, face[there], parcel[there])
    return _table("gap", first, last, faces, (first < last) & (thick >= LEAST), area=area, width=thick)


def _vertices(left: Edges, overlaps: pa.Table) -> pa.Table:
    """Return the vertices that lie on an edge of another parcel which has none there."""
    owner, every = np.repeat(left.owner, 2), left.keys.reshape(-1)
    mark = _mixed(every) + owner.astype(np.uint64)
    _, single = np.unique(mark, return_index=True)
    points, lines = shapely.points(left.ends.reshape(-1, 2)[single] * GRID), left.lines()
    vertex, edge = shapely.STRtree(lines).query(points, predicate="dwithin", distance=REACH)
    own = np.isin(_mixed(every[single[vertex]]) + left.owner[edge].astype(np.uint64), mark)
    vertex, edge = vertex[~own], edge[~own]
    off = shapely.distance(points[vertex], lines[edge])
    ends = shapely.points(left.ends[edge] * GRID)
    apart = np.min([shapely.distance(points[vertex], ends[:, side]) for side in (0, 1)], axis=0)
    on = apart > off + GRID
    vertex, edge, off, apart = vertex[on], edge[on], off[on], apart[on]
    first, second, key = left.owner[edge], owner[single[vertex]], every[single[vertex]]
    order = np.lexsort([second, key, first])
    edge, vertex, first, second, key = (each[order] for each in (edge, vertex, first, second, key))
    begins = np.flatnonzero(np.diff(first, prepend=-1) | (np.diff(key, prepend=~key[:1]) != 0))
    thick = np.maximum.reduceat(_shared(overlaps, first, second), begins) if len(begins) else np.zeros(0)
    first, second, where = second[begins], first[begins], points[vertex[begins]]
    sizes = {"width": thick, "off": off[order][begins], "apart": apart[order][begins]}
    return _table("vertex", first, second, where, np.ones(len(begins), bool), **sizes)


def _shared(overlaps: pa.Table, one: Array, two: Array) -> Array:
    """Mean width of the overlap of each two parcels; 0 where there is none."""
    first, second, thick = (overlaps[name].to_pylist() for name in ("first", "second", "width"))
    known = dict(zip(zip(first, second, strict=True), thick, strict=True))
    pairs = np.sort([one, two], axis=0).T.tolist()
    return np.array([known.get((low, high), 0.0) for low, high in pairs])


def _table(kind: str, first: Array, second: Array, shapes: Array, told: Array, **sizes: Array) -> pa.Table:
    """Return those defects that are told, in columns of :data:`DEFECTS`."""
    shapes = shapes[told]
    x, y = shapely.get_coordinates(shapely.point_on_surface(shapes)).T
    columns = {"first": first[told], "second": second[told], "x": x, "y": y}
    columns["geometry"] = shapely.to_wkb(shapes)
    columns |= {name: values[told] for name, values in sizes.items()}
    made = [
        pa.repeat(kind, len(shapes))
        if name == "kind"
        else pa.array(columns[name], type_)
        if name in columns
        else pa.nulls(len(shapes), type_)
        for name, type_ in zip(DEFECTS.names, DEFECTS.types, strict=True)
    ]
    return pa.table(made, schema=DEFECTS)


def _numbered(table: pa.Table, numbers: Array) -> pa.Table:
    """Replace the numbers of shapes by those of parcels."""
    for name in ("first", "second"):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, pa.array(numbers[np.asarray(table[name])]))
    return table
