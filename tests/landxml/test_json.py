from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import landxml
from landxml import model, testing
from landxml.json import json_schema
from landxml.model import STRUCTS

RECORDS = st.sampled_from(list(STRUCTS.values())).flatmap(testing.records)


@given(RECORDS)
def test_what_goes_out_comes_back(record) -> None:
    back = landxml.from_json(landxml.to_json(record))
    assert back == record
    if isinstance(record, model.ThuaDat) and record.ranh_gioi is not None:
        assert shapely.get_srid(back.ranh_gioi) == shapely.get_srid(record.ranh_gioi)


@given(testing.packages())
def test_a_whole_package(package) -> None:
    metadata, records = package
    assert landxml.from_json(landxml.to_json([metadata, *records]).encode()) == [metadata, *records]


@given(record=RECORDS)
def test_it_meets_its_schema(mismatches, record) -> None:
    schema = json_schema()
    assert mismatches(json.loads(landxml.to_json(record)), schema, schema["$defs"]) == []
    assert mismatches(json.loads(landxml.to_json([record, record])), schema, schema["$defs"]) == []


def test_the_schema_refuses_what_the_reader_refuses(mismatches, make) -> None:
    schema = json_schema()
    data = json.loads(landxml.to_json(make("ThuaDat")))
    for change in (
        {"class": "Nha"},
        {"maXa": 6652},
        {"maXa": "6652"},
        {"soThuTuThua": -1},
        {"dienTich": None},
    ):
        assert mismatches(data | change, schema, schema["$defs"]) != []
        with pytest.raises(landxml.LandXmlError):
            landxml.from_json(json.dumps(data | change))


def test_names_numbers_and_geometry(make) -> None:
    parcel = make("ThuaDat").with_(dien_tich=Decimal("120.50"))
    data = json.loads(landxml.to_json(parcel))
    assert data["class"] == "ThuaDat"
    assert data["dienTich"] == "120.50"
    assert data["mucDichSuDung"][0]["class"] == "MucDichSuDung"
    assert data["ranhGioi"]["epsg"] == testing.SRID
    assert shapely.geometry.shape(data["ranhGioi"]).equals(parcel.ranh_gioi)
    assert set(STRUCTS) <= set(json_schema()["$defs"])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "class": ({"class": "Nha"}, "class: Invalid value 'Nha'"),
    "commune": ({"maXa": "6652"}, "maXa: Expected `str` matching regex"),
    "area": ({"dienTich": "lớn"}, "dienTich: Invalid decimal string"),
    "geometry": ({"ranhGioi": {"type": "Point", "coordinates": [1, 2]}}, "Invalid value 'Point'"),
    "text as geometry": ({"ranhGioi": "POLYGON"}, "Expected `object`, got `str`"),
    "open ring": (
        {"ranhGioi": {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0]]]}},
        "not closed",
    ),
    "few points": (
        {"ranhGioi": {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [0, 0]]]}},
        "length >= 4",
    ),
    "three numbers": ({"ranhGioi": {"type": "Polygon", "coordinates": [[[0, 0, 0]] * 4]}}, "length 2"),
    "no code": ({"ranhGioi": {"type": "Polygon", "coordinates": [[[0, 0]] * 4], "epsg": 10**30}}, "epsg"),
    "no purposes": ({"mucDichSuDung": []}, "mucDichSuDung: Expected `array` of length >= 1"),
    "nothing": ({"dienTich": None}, "dienTich"),
}


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_wrong_is_named(make, change, said) -> None:
    data = json.loads(landxml.to_json(make("ThuaDat"))) | change
    with pytest.raises(landxml.LandXmlError) as error:
        landxml.from_json(json.dumps(data))
    assert said in str(error.value)
    assert error.value.text("vi") != error.value.text("en")


@pytest.mark.parametrize(
    "text", ["", "{", "7", "null", "\ud800", '{"class":"ThuaDat"}', "[[]]", b"\xff", "[" * 100_000]
)
def test_what_is_no_record_at_all(text) -> None:
    with pytest.raises(landxml.LandXmlError):
        landxml.from_json(text)
