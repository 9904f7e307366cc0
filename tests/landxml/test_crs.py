from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from landxml import crs
from landxml.crs import OPERATION, from_wgs84, systems, to_wgs84

STUDY = Path(__file__).parents[3] / "shared/admin-units/crs_vn2000.csv"
PROJECTED = [epsg for epsg, one in systems().items() if one.kind == "projected"]
CURRENT = [epsg for epsg in PROJECTED if not systems()[epsg].deprecated]
WITHDRAWN = [epsg for epsg in PROJECTED if systems()[epsg].deprecated]
METRES_PER_DEGREE = 111_000
PARAMETERS = (-191.90441429, -39.30318279, -111.45032835, -0.00928836, 0.01975479, -0.00427372, 0.252906278)
"""The official ones of format study §9.4: metres, seconds of arc (coordinate frame), parts per million."""


def test_the_systems_are_those_of_epsg():
    known = {
        int(one.code)
        for kind in ("PROJECTED_CRS", "GEOGRAPHIC_2D_CRS")
        for one in pyproj.database.query_crs_info(
            "EPSG", [getattr(pyproj.enums.PJType, kind)], allow_deprecated=True
        )
        if one.name.startswith("VN-2000")
    }
    assert set(systems()) == known


@pytest.mark.parametrize("epsg", PROJECTED)
def test_each_projected_system_is_as_epsg_has_it(epsg):
    here, there = systems()[epsg], CRS.from_epsg(epsg)
    assert (here.name, here.deprecated) == (there.name, there.is_deprecated)
    assert [axis.direction for axis in there.axis_info] == ["east", "north"]
    assert there.coordinate_operation is not None
    values = {one.name: float(one.value) for one in there.coordinate_operation.params}
    assert here.central_meridian_deg == values["Longitude of natural origin"]
    assert here.scale == values["Scale factor at natural origin"]
    assert here.false_easting_m == values["False easting"]
    assert here.false_northing_m == values["False northing"]


def test_the_geographic_system_says_latitude_first():
    assert [axis.direction for axis in CRS.from_epsg(crs.GEOGRAPHIC).axis_info] == ["north", "east"]
    lon, lat = to_wgs84(21.0, 105.8, crs.GEOGRAPHIC)
    assert (round(float(lon), 1), round(float(lat), 1)) == (105.8, 21.0)


@pytest.mark.parametrize("epsg", WITHDRAWN)
def test_what_replaced_a_withdrawn_code_differs_in_the_false_origin_only(epsg):
    old = systems()[epsg]
    assert old.meant in CURRENT
    new = systems()[old.meant]
    assert (old.central_meridian_deg, old.scale) == (new.central_meridian_deg, new.scale)
    lon, lat = to_wgs84(0.0, 2_600_000.0, epsg)
    assert np.allclose(from_wgs84(lon, lat, old.meant), (500_000.0, 2_100_000.0), atol=1e-3)


def test_current_codes_were_replaced_by_none():
    assert {one.meant for one in systems().values() if not one.deprecated} == {None}


def helmert(lon: float, lat: float) -> tuple[float, float]:
    """VN-2000 to WGS 84 by the textbook: geocentric coordinates, seven parameters, and back."""
    up, down = (pyproj.Transformer.from_crs(a, b, always_xy=True) for a, b in ((4979, 4978), (4978, 4979)))
    x, y, z = up.transform(lon, lat, 0.0)  # the ellipsoid is that of WGS 84
    dx, dy, dz, *turns, ppm = PARAMETERS
    rx, ry, rz = np.radians(np.array(turns) / 3600)
    frame = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])
    moved = np.array([dx, dy, dz]) + (1 + ppm * 1e-6) * frame @ np.array([x, y, z])
    there = down.transform(*moved)
    return there[0], there[1]


@pytest.mark.parametrize(
    "place",
    [(106.76, 21.85), (105.85, 21.03), (106.7, 10.78), (106.3, 9.95), (105.2, 9.2), (109.2, 13.8)],
    ids=["Lạng Sơn", "Hà Nội", "Sài Gòn", "Trà Vinh", "Cà Mau", "Quy Nhơn"],
)
def test_the_way_to_wgs_84_is_the_official_one_everywhere(place):
    # In the Mekong delta PROJ would take the operation of two oil blocks, 0.8 m off.
    lon, lat = place
    there = to_wgs84(lat, lon, crs.GEOGRAPHIC)
    metres = (np.array(there) - helmert(lon, lat)) * METRES_PER_DEGREE
    assert np.abs(metres).max() < 0.001


def test_the_operation_is_the_one_of_epsg():
    for epsg in systems():
        assert OPERATION in crs._transformer(epsg).description


@given(
    epsg=st.sampled_from([*CURRENT, crs.GEOGRAPHIC]),
    lon=st.floats(102.2, 109.4),
    lat=st.floats(8.4, 23.3),
)
def test_there_and_back(epsg, lon, lat):
    back = to_wgs84(*from_wgs84(lon, lat, epsg), epsg)
    metres = (np.array(back) - (lon, lat)) * METRES_PER_DEGREE
    assert np.abs(metres).max() < 0.005  # seven parameters and their inverse, both without heights


def test_arrays_are_transformed_as_their_points_are():
    lon, lat = np.meshgrid(np.linspace(103, 109, 7), np.linspace(9, 23, 8))
    x, y = from_wgs84(lon, lat, 5899)
    assert x.shape == (8, 7)
    assert (x[3, 2], y[3, 2]) == tuple(map(float, from_wgs84(lon[3, 2], lat[3, 2], 5899)))


@pytest.mark.parametrize("epsg", [0, -1, 1, 999_999, 10**9])
def test_unknown_codes_give_no_place(epsg):
    assert np.isnan(to_wgs84([1.0, 2.0], [1.0, 2.0], epsg)).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_impossible_coordinates_give_no_place(value):
    lon, lat = to_wgs84([500_000.0, value], [2_000_000.0, 2_000_000.0], 5899)
    assert np.isfinite([lon[0], lat[0]]).all()
    assert np.isnan([lon[1], lat[1]]).all()


def test_the_study_lists_the_same_systems():
    if not STUDY.exists():
        pytest.skip("the research folder is not here")
    with STUDY.open(encoding="utf-8", newline="") as file:
        rows = {int(row["epsg"]): row for row in csv.DictReader(file)}
    assert set(rows) == set(systems())
    for epsg, row in rows.items():
        assert (row["name"], row["deprecated"] == "yes") == (systems()[epsg].name, systems()[epsg].deprecated)
