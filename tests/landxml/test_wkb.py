"""Geometries of layers: rings as they are written, measured as those of GML are."""

import struct

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landxml.geometry import measure, polygons
from landxml.wkb import Shapes, kinds

SQUARE = shapely.box(0, 0, 10, 10)
HOLED = shapely.Polygon(SQUARE.exterior, [[(1, 1), (2, 1), (2, 2), (1, 2)]])
TWO = shapely.MultiPolygon([SQUARE, shapely.box(20, 0, 21, 1)])


def column(*shapes: object) -> pa.Array:
    return pa.array([s if isinstance(s, bytes | None) else shapely.to_wkb(s) for s in shapes], pa.binary())


def opened(shape: object, form: str = "<") -> bytes:
    """Return a polygon whose last ring does not return to its first point."""
    wkb = shapely.to_wkb(shape, byte_order=1 if form == "<" else 0)
    return bytes(wkb[:-16]) + struct.pack(f"{form}2d", 3, 4)


def test_polygons_are_measured_and_others_keep_their_places() -> None:
    shapes = Shapes(column(None, SQUARE, shapely.Point(1, 2), HOLED, shapely.Polygon(), TWO))
    shapes.place("EPSG:5899", flip=False)
    rows = measure(shapes).to_pylist()
    assert [(row["row"], row["rings"], row["area"], row["reason"]) for row in rows] == [
        (1, 1, 100, None), (2, 0, None, "Point"), (3, 2, 99, None), (5, 2, 101, None),
    ]  # fmt: skip
    assert {row["epsg"] for row in rows} == {5899}


@pytest.mark.parametrize("form", ["<", ">"])
@pytest.mark.parametrize(("shape", "rings"), [(SQUARE, 1), (HOLED, 2), (TWO, 2)])
def test_open_rings_are_seen_between_others(shape: object, rings: int, form: str) -> None:
    shapes = Shapes(column(SQUARE, opened(shape, form), HOLED))
    rows = measure(shapes).to_pylist()
    assert [row["closed"] for row in rows] == [True, False, True]
    assert [row["rings"] for row in rows] == [1, rings, 2]
    assert [row["area"] for row in rows] == [100, None, 99]


def test_latitude_comes_first_where_the_crs_has_it_so() -> None:
    shapes = Shapes(column(shapely.box(107, 20, 108, 21)))
    shapes.place("EPSG:4756", flip=True)
    (row,) = measure(shapes).to_pylist()
    assert (row["x"], row["y"]) == (20.5, 107.5)
    assert (round(row["lon"], 2), round(row["lat"], 2)) == (107.5, 20.5)


def test_types_are_told_in_any_dialect() -> None:
    solid = shapely.force_3d(SQUARE)
    found = column(
        SQUARE, None, b"", shapely.to_wkb(solid, flavor="iso"), shapely.to_wkb(solid, output_dimension=3),
        shapely.to_wkb(shapely.set_srid(TWO, 5899), include_srid=True), shapely.Point(1, 2), b"\1\3\0\0\0\5",
    )  # fmt: skip
    assert kinds(found).tolist() == [3, 0, 0, 3, 3, 6, 1, 3]
    assert kinds(found[3:6]).tolist() == [3, 3, 6]
    assert Shapes(found).rows == [0, 3, 4, 5, 6], "of what is cut off nothing is left"


def test_equal_shapes_have_equal_marks() -> None:
    shapes = Shapes(column(SQUARE, HOLED, SQUARE, shapely.Point(0, 0), TWO, SQUARE.reverse()))
    one, other, same, none, two, reverse = shapes.marks().tolist()
    assert one == same
    assert none == 0
    assert len({one, other, two, reverse}) == 4


def test_some_are_picked() -> None:
    shapes = Shapes(column(SQUARE, None, shapely.Point(1, 2), HOLED, TWO))
    picked = shapes.pick({2, 3})
    assert (picked.rows, list(picked.odd.values())) == ([2, 3], ["Point"])
    assert measure(picked)["area"].to_pylist() == [None, 99]


def test_there_may_be_none() -> None:
    for empty in (pa.array([], pa.binary()), column(None, None)):
        assert measure(Shapes(empty)).num_rows == 0
        assert Shapes(empty).marks().tolist() == []


@given(st.lists(st.sampled_from([SQUARE, HOLED, TWO, None, opened(HOLED), shapely.Point(0, 0)]), max_size=8))
def test_shapes_are_those_of_shapely(shapes: list[object]) -> None:
    found = Shapes(column(*shapes))
    made = dict(zip(found.rows, polygons(found), strict=True))
    for row, shape in enumerate(shapes):
        if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
            assert shapely.equals(made[row], shape)
        else:
            assert made.get(row) is None
    assert np.all(np.diff(found.rows) > 0)
