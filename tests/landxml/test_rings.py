"""What the points of rings show, compared with a plain loop over them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landxml.rings import details

Point = tuple[float, float]
SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
HOLE = [(2.0, 2.0), (2.0, 4.0), (4.0, 4.0), (4.0, 2.0), (2.0, 2.0)]


def looked_at(*shapes: list[list[Point]], usable: list[bool] | None = None) -> list[dict[str, Any]]:
    """What is said of shapes: lists of rings, exteriors first."""
    rings = [ring for shape in shapes for ring in shape]
    owner = np.repeat(np.arange(len(shapes)), [len(shape) for shape in shapes])
    first = np.array([n == 0 for shape in shapes for n in range(len(shape))])
    numbers = np.array([number for ring in rings for point in ring for number in point], float)
    starts = np.concatenate([[0], np.cumsum([2 * len(ring) for ring in rings])]).astype(np.int64)
    found = details(numbers, starts, owner, first, np.array(usable or [True] * len(shapes)))
    return [{name: values[n].as_py() for name, values in found.items()} for n in range(len(shapes))]


def plainly(rings: list[list[Point]]) -> dict[str, Any]:
    """The same of one shape, edge by edge."""
    repeats, length, shortest, spike = 0, 0.0, math.inf, math.inf
    for ring in rings:
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring)]
        repeats += sum(not any(step) for step in steps)
        steps = [step for step in steps if any(step)]
        length += sum(math.hypot(*step) for step in steps)
        shortest = min([shortest, *(math.hypot(*step) for step in steps)])
        for one, two in zip(steps[-1:] + steps[:-1], steps, strict=True):
            cosine = -(one[0] * two[0] + one[1] * two[1]) / math.hypot(*one) / math.hypot(*two)
            spike = min(spike, math.degrees(math.acos(max(-1, min(1, cosine)))))
    known = {"shortest": shortest, "spike": spike}
    return {"repeats": repeats, "length": length} | {
        name: value if math.isfinite(value) else None for name, value in known.items()
    }


POINTS = st.tuples(st.integers(-20, 20).map(float), st.integers(-20, 20).map(float))
RINGS = st.lists(POINTS, min_size=3, max_size=8).map(lambda points: [*points, points[0]])


@given(st.lists(st.lists(RINGS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_points_show_what_a_loop_over_them_shows(shapes):
    for found, rings in zip(looked_at(*shapes), shapes, strict=True):
        for name, value in plainly(rings).items():
            assert found[name] == (value if value is None else pytest.approx(value, abs=1e-3)), name


def test_places_are_those_of_what_is_found():
    (found,) = looked_at(
        [[(0.0, 0.0), (10.0, 0.0), (10.0, 0.2), (30.0, 0.3), (10.0, 0.4), (0.0, 10.0), (0.0, 0.0)]]
    )
    assert (found["spike_x"], found["spike_y"]) == (30.0, 0.3)
    assert found["spike"] == pytest.approx(0.573, abs=0.01)
    assert (found["shortest"], found["shortest_x"], found["shortest_y"]) == (pytest.approx(0.2), 10.0, 0.0)
    (found,) = looked_at([[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (10.0, 10.0), (0.0, 0.0)]])
    assert (found["repeats"], found["shortest_x"], found["shortest_y"]) == (1, 10.0, 10.0)


@pytest.mark.parametrize(("hole", "turned"), [(HOLE, False), (HOLE[::-1], True)])
@pytest.mark.parametrize("around", [SQUARE, SQUARE[::-1]])
def test_a_hole_runs_against_the_ring_around_it(hole, turned, around):
    (found,) = looked_at([around, hole])
    assert found["turned"] == (turned if around is SQUARE else not turned)
    assert found["hole"] == 4.0


def test_nothing_is_said_of_what_is_not_usable():
    said, unsaid = looked_at([SQUARE], [SQUARE], usable=[True, False])
    assert said["hole"] is None
    assert said["length"] == 40.0
    assert set(unsaid.values()) == {None}


@pytest.mark.parametrize(
    ("x", "tails"), [(437_870.123, False), (437_870.549999999988, False), (437_870.12345, True)]
)
def test_digits_that_nobody_measures_are_seen(x, tails):
    (found,) = looked_at([[(x, 2_318_880.0), *SQUARE[1:4], (x, 2_318_880.0)]])
    assert found["tails"] == tails
