"""Topology of a coverage, compared with what looking at every pair of shapes finds."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landxml import parcel_shapes, topology
from landxml_samples import grid

EAST, NORTH = 437_870.0, 2_318_880.0


def defects(shapes: list[Any]) -> list[dict[str, Any]]:
    """What is found between shapes."""
    found = topology.coverage(pa.chunked_array([pa.array(shapely.to_wkb(shapes), pa.binary())]))
    return found.defects.to_pylist()  # type: ignore[no-any-return]


def naive_overlaps(shapes: list[Any]) -> dict[tuple[int, int], float]:
    """Pairs that share more than a hair, and the area that they share, each compared with each."""
    found = {}
    for (one, a), (two, b) in combinations(enumerate(shapes), 2):
        common = shapely.intersection(a, b)
        if 2 * common.area > 1.5 * topology.LEAST * max(common.length, topology.GRID):
            found[one, two] = common.area
    return found


def naive_gaps(shapes: list[Any]) -> list[Any]:
    """Holes of the union that more than one shape bounds."""
    union = shapely.union_all(shapes, grid_size=topology.GRID)
    rings = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    holes = [part for ring in rings for part in shapely.get_parts(shapely.difference(ring, union))]
    return [
        hole
        for hole in holes
        if 2 * hole.area > 1.5 * topology.LEAST * hole.length
        and sum(shapely.dwithin(hole, shape, 3 * topology.GRID) for shape in shapes) > 1
    ]


def naive_vertices(shapes: list[Any], tolerance: float) -> set[tuple[int, tuple[float, float]]]:
    """Vertices that lie on the boundary of another shape, far from any vertex of that."""
    found = set()
    for index, shape in enumerate(shapes):
        own = shapely.points(shapely.get_coordinates(shape))
        for other in shapes:
            for point in shapely.get_coordinates(other):
                here = shapely.Point(point)
                if (
                    shapely.dwithin(shape.boundary, here, tolerance)
                    and shapely.distance(own, here).min() > 3 * tolerance
                ):
                    found.add((index, tuple(np.round(point, 3).tolist())))
    return found


def plot(seed: int, parcels: int) -> list[Any]:
    """Parcels of a sound coverage."""
    where = grid.Grid("06652", parcels, seed, 5899, EAST, NORTH, (20.0, 30.0), 1)
    return [boundary for sheet in grid.sheets(where) for boundary in sheet.boundaries]


def faulty(shapes: list[Any], faults: list[tuple[int, str, float]]) -> list[Any]:
    """Put faults into shapes: kind, number of a shape, and how far."""
    for at, kind, by in faults:
        shape = shapes[at % len(shapes)]
        ring = shapely.get_coordinates(shape)[:-1]
        match kind:
            case "vertex":
                ring[at % len(ring)] += np.array([by, -by])
                changed = shapely.Polygon(ring.round(3))
            case "dropped" if len(ring) > 4:
                changed = shapely.Polygon(np.delete(ring, at % len(ring), axis=0))
            case "moved":
                changed = shapely.Polygon((ring + np.array([by, by / 2])).round(3))
            case "smaller":
                centre = shapely.get_coordinates(shape.centroid)
                shapes = [*shapes, shapely.Polygon((centre + (ring - centre) * 0.5).round(3))]
                continue
            case "again":
                shapes = [*shapes, shape]
                continue
            case _:
                continue
        if changed.is_valid:
            shapes = [changed if other is shape else other for other in shapes]
    return shapes


FAULTS = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from(["vertex", "dropped", "moved", "smaller", "again"]),
        st.sampled_from([0.004, 0.03, -0.03, 0.3, -0.3, 4.0, -25.0]),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 1_000), st.integers(1, 40), FAULTS)
def test_what_is_found_is_what_all_pairs_show(seed, parcels, faults):
    shapes = faulty(plot(seed, parcels), faults)
    found = defects(shapes)
    overlaps = {(row["first"], row["second"]): row["area"] for row in found if row["kind"] == "overlap"}
    expected = naive_overlaps(shapes)
    firsts = {
        index: next(n for n, other in enumerate(shapes) if other.equals_exact(shape))
        for index, shape in enumerate(shapes)
    }
    single = {
        (firsts[one], firsts[two]) if firsts[one] != firsts[two] else (one, two) for one, two in expected
    }
    single = {pair for pair in single if firsts[pair[1]] == pair[1] or firsts[pair[1]] == pair[0]}
    assert {(min(pair), max(pair)) for pair in single} <= overlaps.keys()
    for pair, area in overlaps.items():
        assert area == pytest.approx(shapely.intersection(shapes[pair[0]], shapes[pair[1]]).area)
    gaps = [shapely.from_wkb(row["geometry"]) for row in found if row["kind"] == "gap"]
    for hole in naive_gaps(shapes):
        assert any(
            gap.intersection(hole).area == pytest.approx(hole.area, rel=0.05, abs=0.01) for gap in gaps
        )
    union = shapely.union_all(shapes)
    assert all(gap.intersection(union).area < 0.05 * gap.area + 0.01 for gap in gaps)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 1_000), st.integers(8, 40), FAULTS)
def test_shapes_that_are_read_a_few_at_a_time_have_the_same_defects(seed, parcels, faults):
    """What does not fit into memory changes nothing: here it is more than three shapes."""
    wkb = pa.chunked_array([pa.array(shapely.to_wkb(faulty(plot(seed, parcels), faults)), pa.binary())])
    whole = topology.coverage(wkb)
    with pytest.MonkeyPatch.context() as patch:
        for module in (topology, parcel_shapes):
            patch.setattr(module, "PIECE", 3)
            patch.setattr(module, "AT_ONCE", 3)
        pieces = topology.coverage(wkb)
    assert pieces.defects.equals(whole.defects)
    assert pieces.outline.equals(whole.outline)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 1_000), st.integers(2, 30), st.lists(st.integers(0, 400), max_size=4))
def test_vertices_that_are_missing_are_those_that_all_pairs_show(seed, parcels, dropped):
    shapes = plot(seed, parcels)
    for at in dropped:  # a point in the middle of a straight edge, of one side only
        shape = shapes[at % len(shapes)]
        ring = shapely.get_coordinates(shape)
        one = at % (len(ring) - 1)
        middle = (ring[one] + ring[one + 1]) / 2
        changed = shapely.Polygon(np.insert(ring, one + 1, middle.round(3), axis=0))
        if changed.is_valid and np.hypot(*(ring[one + 1] - ring[one])) > 0.5:
            shapes = [changed if other is shape else other for other in shapes]
    found = {
        (row["second"], (round(row["x"], 3), round(row["y"], 3)))
        for row in defects(shapes)
        if row["kind"] == "vertex" and row["off"] <= 0.01 < row["apart"]
    }
    assert found == naive_vertices(shapes, 0.01)


@pytest.mark.parametrize("seed", range(10))
def test_a_sound_coverage_has_no_defects_and_one_outline(seed):
    shapes = plot(seed, 288)
    found = topology.coverage(pa.chunked_array([pa.array(shapely.to_wkb(shapes), pa.binary())]))
    assert found.defects.num_rows == 0
    assert found.outline.is_valid
    assert found.outline.equals_exact(found.outline.normalize(), 1) or found.outline.area == pytest.approx(
        sum(shape.area for shape in shapes), abs=0.1
    )


def test_two_whole_maps_of_one_place_overlap_everywhere():
    """No edge of either is wrong but those outside."""
    shapes = plot(1, 60) + [
        shapely.transform(shape, lambda xy: xy + np.array([7, 9])) for shape in plot(2, 60)
    ]
    found = {(row["first"], row["second"]) for row in defects(shapes) if row["kind"] == "overlap"}
    assert found >= naive_overlaps(shapes).keys()
    assert len({second for _, second in found}) > 50


@pytest.mark.parametrize("turned", [False, True])
def test_the_direction_of_rings_does_not_matter(turned):
    shapes = plot(3, 40)
    hole = shapely.difference(shapes[17], shapely.buffer(shapes[17].centroid, 2, quad_segs=2))
    inner = shapely.Polygon(hole.interiors[0])
    shapes = [*shapes[:17], hole, *shapes[18:], inner]
    assert defects([shape.reverse() if turned and n % 2 else shape for n, shape in enumerate(shapes)]) == []
    (row,) = defects([*shapes, inner.reverse()])
    assert row["kind"] == "overlap"


def test_nothing_has_no_defects():
    assert topology.coverage(pa.chunked_array([pa.array([], pa.binary())])).defects.num_rows == 0


def test_order_changes_nothing_but_numbers():
    shapes = faulty(
        plot(5, 40), [(7, "vertex", 0.3), (11, "moved", 4.0), (20, "again", 0), (31, "vertex", -0.3)]
    )
    order = np.random.default_rng(1).permutation(len(shapes))

    def told(found: list[dict[str, Any]], number: Any) -> list[tuple[Any, ...]]:
        rows = [
            (
                row["kind"],
                *sorted((int(number[row["first"]]), int(number[row["second"]]))),
                round(row["area"] or 0, 3),
            )
            for row in found
            if row["kind"] == "overlap"
        ]
        return sorted(rows)

    # Of equal shapes the first stands for all, whichever that is.
    same = {20: 20, len(shapes) - 1: 20}
    number = [same.get(index, index) for index in range(len(shapes))]
    before, after = (
        told(defects(shapes), number),
        told(defects([shapes[n] for n in order]), [number[n] for n in order]),
    )
    assert before == after


BOX = shapely.box(0, 0, 100, 100)


@pytest.mark.parametrize(
    ("other", "common", "between"),
    [
        (shapely.box(100, 0, 200, 100), 0, 0),
        (shapely.box(99, 0, 200, 100), 100, 0),
        (shapely.box(100.2, 0, 200, 100), 0, 20),
        (shapely.box(101, 0, 200, 100), 0, 0),  # a road
        (shapely.box(40, 40, 60, 60), 400, 0),
        (shapely.box(100, 100, 200, 200), 0, 0),  # they touch in a point
        (shapely.Polygon([(100, 0), (100, 100), (110, 100), (100.3, 50), (110, 0)]), 0, 0),
    ],
)
def test_outlines_share_ground_or_leave_some_between_them(other, common, between):
    for one, two in ((BOX, other), (other, BOX)):
        shared, left = topology.meet(one, two)
        assert sum(shapely.area(shared)) == pytest.approx(common, abs=1e-3)
        assert sum(shapely.area(left)) == pytest.approx(between, abs=1e-3)


def test_parcels_of_either_side_are_named():
    shapes = [shapely.box(0, n, 100, n + 10) for n in (0, 10)]
    shapes += [shapely.box(99, 5, 200, 10), shapely.box(100.2, 10, 200, 20)]
    outlines = shapely.union_all(shapes[:2]), shapely.union_all(shapes[2:])
    wkb = pa.chunked_array([pa.array(shapely.to_wkb(shapes), pa.binary())])
    found = topology.across(wkb, np.array([False, False, True, True]), *topology.meet(*outlines)).to_pylist()
    assert [(row["kind"], row["first"], row["second"], round(row["area"], 3)) for row in found] == [
        ("overlap", 0, 2, 5.0), ("gap", 1, 3, 2.0),
    ]  # fmt: skip
