from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from landxml import testing
from landxml.dictionary import Field, national
from landxml.model import STRUCTS, Record, ThuaDat

ANY = settings(
    derandomize=True,
    phases=[Phase.generate],
    max_examples=2_000,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
"""Find any example, and take no time to make it small."""


def values(record: Record) -> Iterator[tuple[Record, Field, Any]]:
    """Every single value of a record and of what is nested in it."""
    infos = (info for info in msgspec.structs.fields(type(record)) if info.name != "id")
    for field, info in zip(national().classes[type(record).__name__].fields, infos, strict=True):
        value = getattr(record, info.name)
        for item in value if isinstance(value, tuple) else () if value is None else (value,):
            yield record, field, item
            if field.kind == "object":
                yield from values(item)


def owners(record: Record) -> Iterator[Record]:
    yield record
    yield from (item for _, field, item in values(record) if field.kind == "object")


@given(package=testing.packages())
def test_ids_are_unique_and_references_hold(package):
    records = [inner for record in package[1] for inner in owners(record)]
    counts = Counter(record.id for record in records)
    assert set(counts.values()) == {1}
    classes = {record.id: type(record).__name__ for record in records}
    for record in package[1]:
        for _, field, item in values(record):
            if field.kind == "reference":
                assert classes[item] in field.targets


@given(package=testing.packages())
def test_values_keep_to_their_fields(package):
    for record in package[1]:
        for _, field, item in values(record):
            if field.kind == "text":
                assert 1 <= len(item) <= (field.length or len(item))
            elif field.kind == "geometry":
                assert item.is_valid
                assert item.geom_type in {"Polygon", "MultiPolygon"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(STRUCTS) - {"SieuDuLieu", "SoBanGhi"}))
def test_every_class_occurs(name):
    def holds(package: Any) -> bool:
        return any(type(inner).__name__ == name for record in package[1] for inner in owners(record))

    find(testing.packages(), holds, settings=ANY)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda parcel: parcel.ranh_gioi is not None and parcel.ranh_gioi.geom_type == "MultiPolygon",
        lambda parcel: parcel.ranh_gioi is not None and shape_holes(parcel.ranh_gioi) > 1,
        lambda parcel: any(letter in parcel.dia_chi for letter in "<&"),
        lambda parcel: any(letter in testing.VIETNAMESE for letter in parcel.dia_chi),
        lambda parcel: len(parcel.so_hieu_to_ban_do_cu or "") == 50,
        lambda parcel: parcel.dien_tich == parcel.dien_tich.to_integral_value(),
        lambda parcel: parcel.dien_tich.as_tuple().exponent == -4,
    ],
)
def test_what_goes_wrong_occurs(wanted):
    find(testing.records(ThuaDat), wanted, settings=ANY)


def shape_holes(shape: Any) -> int:
    return max(len(part.interiors) for part in getattr(shape, "geoms", [shape]))


@given(data=st.data())
def test_decimals_have_four_decimals_at_most(data):
    value = data.draw(testing.decimals())
    assert value == round(value, 4)
    assert 0 <= value < 10**14


def test_landxml_does_not_need_hypothesis():
    modules = "landxml, landxml.carriers, landxml.cast, landxml_mappings, landxml_validator, landxml_cli"
    code = f"import sys; sys.modules['hypothesis'] = None; import {modules}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
