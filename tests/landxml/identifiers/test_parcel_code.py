from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.ops import polylabel

from landxml import crs, testing
from landxml.identifiers import ParcelCode, geohash
from landxml.identifiers.parcel_code import PRECISION, characteristic_points, codes, offsets

LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz"
LON, LAT = st.floats(-180, 180), st.floats(-90, 90)
SRID = testing.SRID
WORDS = st.text(LETTERS, min_size=12, max_size=12)
PARCEL = shapely.box(437870, 2318880, 437880, 2318892)
CELL = 0.04
"""Metres, more than the diagonal of a cell of twelve characters, half of it."""


def naive(lon: float, lat: float) -> str:
    """GeoHash as it is told: halve the ranges in turn, five answers make a character."""
    ranges = [[-180.0, 180.0], [-90.0, 90.0]]
    text, number = "", 0
    for bit in range(60):
        low, high = ranges[bit % 2]
        middle = (low + high) / 2
        upper = (lon, lat)[bit % 2] >= middle
        ranges[bit % 2] = [middle, high] if upper else [low, middle]
        number = 2 * number + upper
        if bit % 5 == 4:
            text, number = text + LETTERS[number], 0
    return text


def edges(width: float) -> st.SearchStrategy[float]:
    """Edges of cells and the numbers next to them, where rounding would tell."""
    return st.tuples(st.integers(0, 2**30 - 1), st.sampled_from([-1, 0, 1])).map(
        lambda c: float(np.clip(_beside(c[0] * width / 2**30 - width / 2, c[1]), -width / 2, width / 2))
    )


def _beside(value: float, step: int) -> float:
    return float(np.nextafter(value, step * np.inf)) if step else value


@given(points=st.lists(st.tuples(LON | edges(360), LAT | edges(180)), min_size=1))
def test_many_points_are_hashed_as_one_by_one(points):
    lon, lat = np.array(points).T
    words = geohash.texts(geohash.encode(lon, lat))
    assert [word.decode() for word in words] == [naive(*point) for point in points]


@given(lon=LON, lat=LAT)
def test_the_middle_of_a_cell_lies_in_it(lon, lat):
    cells = geohash.encode([lon], [lat])
    middle = geohash.centres(cells)
    assert geohash.encode(*middle) == cells
    assert abs(middle[0][0] - lon) <= 180 / 2**30
    assert abs(middle[1][0] - lat) <= 90 / 2**30


@given(cells=st.lists(st.integers(0, 2**60 - 1), min_size=1))
def test_texts_are_read_back(cells):
    numbers = np.array(cells, np.uint64)
    assert (geohash.parse(geohash.texts(numbers)) == numbers).all()


@given(one=WORDS, other=WORDS, at=st.integers(0, 12))
def test_common_characters_are_counted_from_the_left(one, other, at):
    mixed = one[:at] + other[at:]
    expected = next((n for n in range(12) if one[n] != mixed[n]), 12)
    assert ParcelCode.parse(one).common(ParcelCode.parse(mixed)) == expected


def test_well_known_hashes():
    assert str(ParcelCode.at(-5.6, 42.6)).startswith("ezs42")
    assert str(ParcelCode.at(10.40744, 57.64911)).startswith("u4pruydqqvj")


# Characteristic points


@settings(max_examples=30)
@given(shape=testing.polygons())
def test_the_point_is_as_deep_inside_as_polylabel_finds(shape):
    x, y = characteristic_points(np.array([shape], object))
    assert shapely.contains_xy(shape, x[0], y[0])
    depth = shapely.boundary(shape).distance(shapely.Point(x[0], y[0]))
    other = polylabel(shape, PRECISION)
    assert abs(depth - shapely.boundary(shape).distance(other)) <= 2 * PRECISION


def test_of_several_parts_the_widest_counts():
    small, large = shapely.box(0, 0, 1, 1), shapely.box(10, 0, 20, 12)
    x, _ = characteristic_points(np.array([shapely.MultiPolygon([small, large])], object))
    assert x[0] == pytest.approx(15, abs=0.02)


def test_a_hole_pushes_the_point_away():
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(5, 5, 25, 25))
    x, y = characteristic_points(np.array([ring], object))
    assert shapely.contains_xy(ring, x[0], y[0])


UNUSABLE = {
    "missing": None,
    "empty": shapely.Polygon(),
    "crossing": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
    "far away": shapely.box(1e300, 0, 1.1e300, 1e300),
}


@pytest.mark.parametrize("shape", UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_shapes_have_no_code(shape):
    shapes = np.array([PARCEL, shape, PARCEL], object)
    found = codes(shapes, [SRID] * 3).to_pylist()
    assert found[1] is None
    assert found[0] is not None
    assert found[0] == found[2]
    written = pa.array([found[0]] * 3, pa.string())
    missing = np.isnan(offsets(written, shapes, [SRID] * 3)).tolist()
    assert missing == [False, shape is not UNUSABLE["far away"], False]


@pytest.mark.parametrize("epsg", [None, 0, 4326, 4756, 6959, 32648])
def test_only_projected_vn_2000_has_codes(epsg):
    assert codes(np.array([PARCEL], object), [epsg]).to_pylist() == [None]
    assert ParcelCode.of(PARCEL, epsg or 0) is None


@settings(max_examples=30)
@given(
    shapes=st.lists(testing.polygons() | testing.multipolygons(), min_size=1, max_size=4),
    epsg=st.sampled_from([5899, 9210]),
)
def test_a_code_is_that_of_the_point_and_lies_in_its_parcel(shapes, epsg):
    array = np.array([*shapes, None], object)[:-1]
    systems = [epsg] * len(shapes)
    made = codes(array, systems)
    x, y = characteristic_points(array)
    lon, lat = crs.to_wgs84(x, y, epsg)
    assert made.to_pylist() == [naive(*point) for point in zip(lon, lat, strict=True)]
    assert (offsets(made, array, systems) <= CELL).all()


def test_a_code_outside_is_measured_in_metres():
    other = shapely.box(438370, 2318880, 438380, 2318892)
    code = pa.array([str(ParcelCode.of(other, SRID)), "aaaaaaaaaaaa", None])
    far = offsets(code, np.array([PARCEL] * 3, object), [SRID] * 3)
    assert far[0] == pytest.approx(495, abs=0.5)
    assert np.isnan(far[1:]).all()


def test_a_code_tells_its_place():
    code = ParcelCode.of(PARCEL, SRID)
    assert code is not None
    x, y = crs.from_wgs84(*code.point, SRID)
    assert shapely.contains_xy(PARCEL, x, y)
