from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from landxml.crs import from_wgs84
from landxml.errors import LandXmlError
from landxml_remap.boundaries import Boundaries, Place, Tolerance, load
from landxml_units import TWO_TIERS_SINCE

from .conftest import write_map

ZONE = 5899
WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
TOLERANCE = Tolerance(metres=2.0, share=0.01)


def place(parcel: Any, shapes: list[Any] | None = None) -> Place:
    chart = Boundaries(["06661", "06706"], np.array(shapes or [WEST, EAST]), f"EPSG:{ZONE}")
    return chart.place(np.array([parcel]), ZONE, ["06661", "06706"], TOLERANCE)[0]


@pytest.mark.parametrize(
    ("parcel", "state", "code"),
    [
        (shapely.box(10, 10, 30, 30), "inside", "06661"),
        (shapely.box(80, 10, 100, 30), "inside", "06661"),  # touches the border
        (shapely.box(90, 10, 101.9, 30), "inside", "06661"),  # 16 % beyond, but less than 2 m deep
        (shapely.box(0, 0, 100.9, 100), "inside", "06661"),
        (shapely.box(90, 10, 110, 30), "across", None),
        (shapely.box(60, 10, 103, 30), "across", None),  # 3 m deep, 7 %
        (shapely.box(300, 10, 320, 30), "outside", None),
        (shapely.box(-1.5, -20, 10, -1), "inside", "06661"),  # beside it, where the map has a gap
        (shapely.box(90, -20, 110, -1), "outside", None),  # beside both
        (shapely.box(-30, 10, 20, 30), "outside", None),  # reaches into what is in no commune
        (None, "shapeless", None),
        (shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]), "shapeless", None),  # crosses itself
    ],
)
def test_a_parcel_lies_in_one_commune_or_is_a_finding(parcel: Any, state: str, code: str | None) -> None:
    assert place(parcel)[:2] == (state, code)


def test_the_shares_of_a_parcel_across_two_communes_are_told() -> None:
    assert place(shapely.box(70, 0, 110, 10)).parts == "06661 75.0 %, 06706 25.0 %"


def test_land_that_a_map_gives_to_two_communes_is_not_settled() -> None:
    assert place(shapely.box(10, 10, 30, 30), [WEST, shapely.box(0, 0, 200, 100)]).state == "across"


def test_parcels_are_judged_in_their_zone_whatever_the_map_is_in(tmp_path: Path) -> None:
    corner = (430_000.0, 2_320_000.0)
    square = shapely.box(*corner, corner[0] + 1000, corner[1] + 1000)
    grid = shapely.get_coordinates(square)

    def degrees(crs: int) -> Any:
        from landxml.crs import to_wgs84

        lon, lat = to_wgs84(grid[:, 0], grid[:, 1], ZONE)
        if crs == 4326:
            return shapely.Polygon(np.column_stack([lon, lat]))
        return shapely.Polygon(np.column_stack(from_wgs84(lon, lat, crs)))

    inside = shapely.box(corner[0] + 1, corner[1] + 1, corner[0] + 999, corner[1] + 999)
    outside = shapely.box(corner[0] - 9, corner[1] + 1, corner[0] - 5, corner[1] + 9)
    for crs in (4326, 5897, 32648, ZONE):
        path = tmp_path / f"{crs}.gpkg"
        write_map(path, [degrees(crs) if crs != ZONE else square], {"ma": [6661]}, f"EPSG:{crs}")
        chart = load(path, TWO_TIERS_SINCE)
        found = chart.place(np.array([inside, outside]), ZONE, ["06661", "06706"], Tolerance(0.0, 0.0))
        assert [one.state for one in found] == ["inside", "outside"], crs
        assert chart.missing(["06661", "06706"]) == ["06706"]


@pytest.mark.parametrize(
    ("columns", "crs", "said"),
    [
        ({"ten": ["Xã A"], "so": [7]}, "EPSG:4326", "columns: ten, so"),
        ({"ma": ["06655"]}, "EPSG:4326", "columns: ma"),  # the code of an old commune
        ({"ma": ["06661"]}, None, "coordinate reference system"),
    ],
)
def test_a_map_that_cannot_be_used_says_what_it_lacks(
    tmp_path: Path, columns: dict[str, list[Any]], crs: str | None, said: str
) -> None:
    path = tmp_path / "xa.shp"
    write_map(path, [WEST], columns, crs or "EPSG:4326")
    if crs is None:
        path.with_suffix(".prj").unlink()
    with pytest.raises(LandXmlError, match=said) as told:
        load(path, TWO_TIERS_SINCE)
    assert "xa.shp" in told.value.text("vi")
    assert told.value.what.vi


@pytest.mark.parametrize("content", [b"", b"abc", b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_map_is_refused_without_a_warning(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "xa.gpkg"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(LandXmlError, match="cannot be read"):
            load(path, TWO_TIERS_SINCE)


def test_an_area_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xa.geojson"
    path.write_text('{"type": "Polygon", "coordinates": [[[107.0, 21.0], [107.1, 21.0], [107.1, 21.1]]]}')
    with pytest.raises(LandXmlError, match="area 1 is not closed") as told:
        load(path, TWO_TIERS_SINCE)
    assert "vùng thứ 1" in told.value.text("vi")


def test_a_map_that_is_not_there_is_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(LandXmlError, match=r"nofile\.gpkg: there is no such file"):
        load(tmp_path / "nofile.gpkg", TWO_TIERS_SINCE)


@pytest.mark.parametrize(
    ("crs", "vi", "en"),
    [
        (
            "EPSG:4326",
            "không phải độ",
            r"are no degrees; the map says WGS 84\. Export it with its VN-2000 system",
        ),
        ("EPSG:4756", "không phải độ", "are no degrees; the map says VN-2000"),
        ("EPSG:3857", "không nằm ở Việt Nam", "do not lie in Vietnam; the map says WGS 84 / Pseudo-Mercator"),
    ],
)
def test_coordinates_of_another_system_are_told(tmp_path: Path, crs: str, vi: str, en: str) -> None:
    path = tmp_path / "b5.geojson"
    write_map(path, [shapely.box(583884, 2327348, 584884, 2328348)], {"ma": ["06661"]}, crs)
    with pytest.raises(LandXmlError, match=en) as told:
        load(path, TWO_TIERS_SINCE)
    assert str(told.value).startswith(f"{path}: its coordinates (583884, 2327348)")
    assert vi in told.value.text("vi")
