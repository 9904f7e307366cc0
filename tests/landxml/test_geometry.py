from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pygml
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from landxml import crs, testing
from landxml.encoding import encode
from landxml.geometry import MEASURES, Rings, epsg_of, measure
from landxml.model import MucDichSuDung, NguonGocDat, ThuaDat
from landxml.writing import HEADER

SQUARE = "0 0 10 0 10 10 0 10 0 0"
HOLE = "1 1 1 2 2 2 2 1 1 1"
PURPOSE = MucDichSuDung(
    id="M", so_thu_tu_muc_dich_su_dung=1, ma_muc_dich_su_dung="ODT", dien_tich=Decimal(1),
    nguon_goc_dat=(NguonGocDat(id="N", nguon_goc="DG-KTT"),),
)  # fmt: skip


def gml(*polygons: list[str], srs: str | None = "urn:ogc:def:crs:EPSG::5899") -> etree._Element:
    """A property element with a multi-surface: of each polygon the exterior and the interior posLists."""
    parts = ""
    for rings in polygons:
        roles = ["exterior", *["interior"] * (len(rings) - 1)]
        inside = (
            f"<g:{role}><g:LinearRing><g:posList>{ring}</g:posList></g:LinearRing></g:{role}>"
            for role, ring in zip(roles, rings, strict=True)
        )
        parts += f"<g:surfaceMember><g:Polygon>{''.join(inside)}</g:Polygon></g:surfaceMember>"
    name = f' srsName="{srs}"' if srs else ""
    return etree.fromstring(
        f'<r xmlns:g="http://www.opengis.net/gml/3.2"><g:MultiSurface{name}>{parts}</g:MultiSurface></r>'
    )


def measured(*elements: etree._Element) -> list[dict[str, Any]]:
    rings = Rings()
    for row, element in enumerate(elements):
        rings.add(element, row)
    rows: list[dict[str, Any]] = measure(rings).to_pylist()
    return rows


def one(*polygons: list[str]) -> dict[str, Any]:
    (row,) = measured(gml(*polygons))
    return row


def written(shape: Any) -> etree._Element:
    """The property element that our writer makes of a shape."""
    element = etree.fromstring(HEADER.encode() + encode(parcel(shape)) + b"</ld:DuLieuDatDai>")
    return next(element.iter("{urn:landxml:vn-land:1.0}ranhGioi"))


def parcel(shape: Any) -> ThuaDat:
    return ThuaDat(
        id="T", ma_xa="06652", so_hieu_to_ban_do=1, so_thu_tu_thua=1, dien_tich=Decimal(0),
        la_doi_tuong_chiem_dat=False, dia_chi="x", muc_dich_su_dung=(PURPOSE,), ranh_gioi=shape,
    )  # fmt: skip


@given(shapes=st.lists(testing.polygons() | testing.multipolygons(), max_size=6))
def test_the_bulk_path_measures_what_shapely_measures_one_by_one(shapes):
    elements = [written(shape) for shape in shapes]
    rows = measured(*elements)
    assert len(rows) == len(shapes)
    for number, (row, shape, element) in enumerate(zip(rows, shapes, elements, strict=True)):
        read = shapely.geometry.shape(pygml.parse(element[0]).geometry)
        assert row["row"] == number
        assert read.equals_exact(shape)
        assert row["area"] == read.area
        assert row["points"] == shapely.get_num_coordinates(read)
        parts = shapely.get_parts(read)
        assert row["rings"] == sum(1 + shapely.get_num_interior_rings(parts))
        assert (row["closed"], row["finite"], row["valid"], row["reason"]) == (True, True, True, None)
        assert shapely.contains_xy(read, row["x"], row["y"])
        assert row["epsg"] == testing.SRID
        there = tuple(map(float, crs.to_wgs84(row["x"], row["y"], testing.SRID)))
        assert (row["lon"], row["lat"]) == pytest.approx(there, abs=1e-12)


COORDINATES = st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.5])


@given(rings=st.lists(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=7), max_size=6))
def test_validity_of_any_shape_is_that_of_shapely(rings):
    closed = [[*ring, ring[0]] for ring in rings]
    rows = measured(*(gml([" ".join(f"{x} {y}" for x, y in ring)]) for ring in closed))
    for row, ring in zip(rows, closed, strict=True):
        shape = shapely.MultiPolygon([shapely.Polygon(ring)])
        assert row["valid"] == shape.is_valid
        assert row["area"] == (shape.area if shape.is_valid else None)
        assert row["reason"] == (None if shape.is_valid else shapely.is_valid_reason(shape).partition("[")[0])
        assert (row["closed"], row["finite"], row["points"]) == (True, True, len(ring))


WORDS = st.sampled_from(["0", "10", "1e3", "-5.5", "NaN", "INF", "-INF", "x", "1_0", "٣", "0x10", "", "1,5"])


@given(texts=st.lists(st.lists(WORDS, max_size=11).map(" ".join), max_size=5))
def test_what_one_geometry_holds_never_changes_another(texts):
    alone = [one([text]) | {"row": None} for text in texts]
    together = [row | {"row": None} for row in measured(*(gml([text]) for text in texts))]
    assert together == alone
    neighbours = measured(gml([SQUARE]), *(gml([text]) for text in texts), gml([SQUARE, HOLE]))
    assert (neighbours[0]["area"], neighbours[-1]["area"]) == (100, 99)


UNUSABLE = {
    "three points": "0 0 1 0 0 0",
    "two points": "0 0 0 0",
    "one number": "5",
    "nothing": "",
    "blank": " \n ",
    "odd": "0 0 10 0 10 10 0 10 0",
    "words": "a b c d e f g h",
    "not a number": "0 0 10 0 NaN 10 0 10 0 0",
    "infinite": "0 0 10 0 INF 10 0 10 0 0",
    "too large": "0 0 10 0 1e999 10 0 10 0 0",
    "commas": "0,0 10,0 10,10 0,10 0,0",
    "hexadecimal": "0x0 0 10 0 10 10 0 10 0x0 0",
    "underscore": "1_0 0 10 0 10 10 0 10 1_0 0",
    "other digits": "١ 0 10 0 10 10 0 10 ١ 0",
    "no-break space": "0\u00a00 10 0 10 10 0 10 0 0",
}


@pytest.mark.parametrize("text", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_unusable_coordinates_are_said_to_be_so(text):
    row = one([text])
    assert not row["finite"]
    assert row["closed"], "said of usable rings only, so that one mistake is one finding"
    assert (row["valid"], row["area"], row["reason"]) == (None, None, None)
    assert not one([SQUARE, text])["finite"]


@pytest.mark.parametrize(
    "text",
    [SQUARE.replace(" ", "\n"), f"\t{SQUARE}\r\n", SQUARE.replace("10", "1E1"), SQUARE.replace("0 ", "0.0 ")],
)
def test_white_space_and_forms_of_numbers_do_not_matter(text):
    assert one([text])["area"] == 100


@pytest.mark.parametrize(
    "polygons",
    [
        [["0 0 10 0 10 10 0 10"]],
        [[SQUARE, "1 1 1 2 2 2 2 1"]],
        [[SQUARE], ["20 0 30 0 30 10 20 10 20 0.001"]],
    ],
    ids=["exterior", "hole", "second part"],
)
def test_open_rings_are_not_closed_silently(polygons):
    row = one(*polygons)
    assert row["finite"]
    assert not row["closed"]
    assert (row["valid"], row["area"]) == (None, None)


def test_holes_and_parts_belong_where_they_stand():
    assert one([SQUARE, HOLE])["area"] == 99
    row = one([SQUARE, HOLE], ["20 0 30 0 30 10 20 10 20 0"])
    assert (row["area"], row["rings"], row["points"]) == (199, 3, 15)
    assert one([SQUARE], [SQUARE])["valid"] is False
    assert one([SQUARE, "8 8 12 8 12 12 8 12 8 8"])["valid"] is False


def test_a_hole_without_an_exterior_is_not_lent_to_the_geometry_before():
    stray = gml([HOLE])
    for ring in stray.iter("{*}exterior"):
        ring.tag = ring.tag.replace("exterior", "interior")
    before, row, after = measured(gml([SQUARE]), stray, gml([SQUARE]))
    assert (before["area"], before["rings"]) == (100, 1)
    assert row["rings"] == 1
    assert (after["area"], after["rings"]) == (100, 1)


def test_an_empty_batch_has_no_rows():
    table = measure(Rings())
    assert table.schema == MEASURES
    assert table.num_rows == 0


def test_a_geometry_without_rings_is_unusable():
    (row,) = measured(gml())
    assert (row["rings"], row["points"], row["finite"], row["closed"]) == (0, 0, False, False)
    assert [r["rings"] for r in measured(gml(), gml([SQUARE]), gml())] == [0, 1, 0]


def test_coordinates_as_large_as_numbers_go_do_no_harm():
    row = one(["1e308 0 -1e308 0 1e308 1e308 0 10 1e308 0"])
    assert row["valid"] is False
    assert (row["lon"], row["lat"]) == (None, None)


def test_the_point_of_a_broken_geometry_is_where_it_is_broken():
    row = one(["0 0 10 10 10 0 0 10 0 0"])
    assert (row["valid"], row["reason"]) == (False, "Self-intersection")
    assert (row["x"], row["y"]) == (5, 5)
    assert one(["x 4 1 1"])["x"] is None


@pytest.mark.parametrize(
    ("srs", "epsg"),
    [
        ("urn:ogc:def:crs:EPSG::5899", 5899),
        ("urn:ogc:def:crs:EPSG:9.9.1:5899", 5899),
        ("EPSG:5899", 5899),
        ("epsg:5899", 5899),
        ("http://www.opengis.net/def/crs/EPSG/0/5899", 5899),
        ("urn:ogc:def:crs:EPSG::99999999999999999999", None),
        ("VN-2000", None),
        ("5899", None),
        ("", None),
        (None, None),
    ],
)
def test_names_of_systems(srs, epsg):
    assert epsg_of(srs) == epsg
    (row,) = measured(gml([SQUARE], srs=srs))
    assert (row["epsg"], row["srs"]) == (epsg, srs or None)


@pytest.mark.parametrize("epsg", [0, 1, 4756, 4978, 5703, 999_999])
def test_systems_that_are_none_for_parcels_do_no_harm(epsg):
    (row,) = measured(gml([SQUARE], srs=f"EPSG:{epsg}"))
    assert row["area"] == 100
    assert row["epsg"] == epsg


def test_each_geometry_is_placed_by_its_own_system():
    rows = measured(
        *(gml([SQUARE], srs=srs) for srs in ("EPSG:5899", None, "EPSG:5897", "EPSG:1", "EPSG:5899"))
    )
    lons = [row["lon"] for row in rows]
    assert lons[0] == lons[4]
    assert lons[0] is not None
    assert lons[2] is not None
    assert lons[2] != lons[0]
    assert lons[1] is None
    assert lons[3] is None


def test_the_srs_of_a_polygon_counts_where_the_multi_surface_has_none():
    element = gml([SQUARE], srs=None)
    for polygon in element.iter("{*}Polygon"):
        polygon.set("srsName", "EPSG:5899")
    assert measured(element)[0]["epsg"] == 5899


def test_shapes_are_kept_where_they_are_wanted():
    rings = Rings()
    for row, polygons in enumerate(([[SQUARE, HOLE]], [[SQUARE], ["20 0 30 0 30 10 20 0"]], [["0 0 1 1"]])):
        rings.add(gml(*polygons), row)
    kept = measure(rings, wanted=MEASURES.names)["wkb"].to_pylist()
    assert [shapely.from_wkb(wkb).area for wkb in kept[:2]] == [99, 150]
    assert kept[2] is None
    assert measure(rings)["wkb"].null_count == 3


@pytest.mark.slow
def test_ten_thousand_geometries_at_once():
    rng = np.random.default_rng(1)
    shapes = shapely.box(*(rng.uniform(0, 1e6, (2, 10_000))), *(rng.uniform(1e6, 2e6, (2, 10_000))))
    rings = Rings()
    for row, shape in enumerate(shapes):
        rings.add(written(shapely.set_srid(shape, 5899)), row)
    assert measure(rings)["area"].to_pylist() == shapely.area(shapes).tolist()


def said(element: str, attributes: str) -> dict[str, Any]:
    document = etree.tostring(gml([SQUARE]), encoding="unicode")
    (row,) = measured(etree.fromstring(document.replace(f"<g:{element}", f"<g:{element} {attributes}", 1)))
    return row


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("urn:ogc:def:crs:EPSG::9215", "urn:ogc:def:crs:EPSG::9215"),
        ("la", "la"),
        (" EPSG:5899 ", None),
        ("http://www.opengis.net/def/crs/EPSG/11.022/5899", None),
    ],
)
@pytest.mark.parametrize("element", ["Polygon", "posList", "LinearRing"])
def test_a_part_with_another_crs_is_seen(element, name, other):
    row = said(element, f'srsName="{name}"')
    assert (row["epsg"], row["other"]) == (5899, other)


@pytest.mark.parametrize(("count", "counted"), [("5", None), ("4", "4"), (" 6 ", "6"), ("x", None)])
def test_a_wrong_count_of_points_is_seen(count, counted):
    assert said("posList", f'count="{count}"')["counted"] == counted


def test_three_dimensions_are_seen_unless_they_are_declared():
    solid = "0 0 5 10 0 5 10 10 5 0 10 5 0 0 5"
    assert one([solid])["solid"] is True
    assert one([SQUARE])["solid"] is False
    element = gml([solid])
    next(element.iter("{*}posList")).set("srsDimension", "3")
    (row,) = measured(element)
    assert (row["closed"], row["finite"]) == (None, None)  # the schema has said it


def test_ids_of_all_parts_are_kept():
    document = etree.tostring(gml([SQUARE], [SQUARE]), encoding="unicode")
    for number in range(2):
        document = document.replace("<g:Polygon>", f'<g:Polygon g:id="P{number}">', 1)
    assert measured(etree.fromstring(document))[0]["ids"] == ["P0", "P1"]
