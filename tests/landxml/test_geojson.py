from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import landxml
from landxml import testing
from landxml.crs import systems
from landxml.model import ThuaDat

ZONES = [one.epsg for one in systems().values() if one.kind == "projected" and not one.deprecated]
PARCELS = st.lists(testing.records(ThuaDat), max_size=3)


def millimetres(one: Any, other: Any) -> float:
    """Largest distance of any point of one outline from the other, whatever their order."""
    return 1000 * float(shapely.hausdorff_distance(one.boundary, other.boundary))


@given(PARCELS)
def test_what_goes_out_comes_back_within_a_millimetre(parcels) -> None:
    back = landxml.from_geojson(landxml.to_geojson(parcels))
    assert [p.with_(ranh_gioi=None) for p in back] == [p.with_(ranh_gioi=None) for p in parcels]
    for one, other in zip(parcels, back, strict=True):
        assert (one.ranh_gioi is None) == (other.ranh_gioi is None)
        if one.ranh_gioi is not None:
            assert millimetres(one.ranh_gioi, other.ranh_gioi) < 1
            assert shapely.get_srid(other.ranh_gioi) == shapely.get_srid(one.ranh_gioi)
            assert shapely.get_type_id(other.ranh_gioi) == shapely.get_type_id(one.ranh_gioi)


@pytest.mark.parametrize("epsg", ZONES)
def test_every_zone(make, epsg) -> None:
    shape = shapely.set_srid(shapely.box(500_000, 1_900_000, 500_010, 1_900_020), epsg)
    parcel = make("ThuaDat").with_(ranh_gioi=shape)
    text = landxml.to_geojson([parcel])
    (back,) = landxml.from_geojson(text)
    assert millimetres(back.ranh_gioi, shape) < 1
    longitude, latitude = np.moveaxis(
        np.array(json.loads(text)["features"][0]["geometry"]["coordinates"]), -1, 0
    )
    assert (abs(longitude - 108) < 9).all()
    assert (abs(latitude - 17.2) < 0.1).all()


def test_it_is_geojson_as_the_rfc_wants_it(make) -> None:
    hole = shapely.box(512_347, 1_192_802, 512_350, 1_192_805).exterior.coords
    shape = shapely.Polygon(make("ThuaDat").ranh_gioi.exterior.coords[::-1], [hole])
    data = json.loads(landxml.to_geojson([make("ThuaDat").with_(ranh_gioi=shapely.set_srid(shape, 5899))]))
    assert data["type"] == "FeatureCollection"
    assert "crs" not in data
    (feature,) = data["features"]
    assert feature.keys() == {"type", "id", "geometry", "properties"}
    assert feature["geometry"].keys() == {"type", "coordinates"}
    outer, inner = feature["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(inner).is_ccw
    assert feature["properties"]["epsg"] == 5899
    assert feature["properties"]["soThuTuThua"] == 7


@pytest.mark.parametrize("epsg", [0, 1, 99_999])
def test_a_crs_from_which_no_way_leads(make, epsg) -> None:
    parcel = make("ThuaDat").with_(ranh_gioi=shapely.set_srid(make("ThuaDat").ranh_gioi, epsg))
    with pytest.raises(landxml.LandXmlError, match=f"ThuaDat.1: coordinates of EPSG:{epsg}"):
        landxml.to_geojson([parcel])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"properties": {}}, "missing required field"),
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[500, 500]] * 4]}}, "cannot be brought"),
        (
            {
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[107, 21], [107.1, 21], [107, 21.1], [107, 21.2]]],
                }
            },
            "not closed",
        ),
        ({"id": 7}, "id"),
        ({"type": "Fature"}, "Invalid value 'Fature'"),
    ],
)
def test_what_is_wrong_is_named(make, change, said) -> None:
    data = json.loads(landxml.to_geojson([make("ThuaDat")]))
    data["features"][0] |= change
    with pytest.raises(landxml.LandXmlError, match=said):
        landxml.from_geojson(json.dumps(data))


@pytest.mark.parametrize("epsg", ["5899", None, 5899.5, [], True, -5, 10**30])
def test_an_epsg_code_that_is_none(make, epsg) -> None:
    data = json.loads(landxml.to_geojson([make("ThuaDat")]))
    data["features"][0]["properties"]["epsg"] = epsg
    with pytest.raises(landxml.LandXmlError, match="cannot be brought to WGS 84"):
        landxml.from_geojson(json.dumps(data))


@pytest.mark.parametrize(
    "text", ["", "[]", "\ud800", b"\xff", '{"type":"FeatureCollection","features":' + "[" * 100_000]
)
def test_what_is_no_collection_at_all(text) -> None:
    with pytest.raises(landxml.LandXmlError):
        landxml.from_geojson(text)


def test_what_other_programs_add_does_no_harm(make) -> None:
    data = json.loads(landxml.to_geojson([make("ThuaDat")]))
    data |= {"name": "thua", "crs": {"type": "name"}, "bbox": [0, 0, 1, 1]}
    data["features"][0]["properties"] |= {"fid": 1, "ranhGioi": None}
    (back,) = landxml.from_geojson(json.dumps(data))
    assert back.with_(ranh_gioi=None) == make("ThuaDat").with_(ranh_gioi=None)
