from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import landxml
from landxml import model, testing
from landxml.dictionary import dictionary, national
from landxml.dossiers.classes import LAYOUT, attribute
from landxml.model import STRUCTS
from landxml.privacy import mask
from landxml_samples.package import write

RECORDS = st.sampled_from(list(STRUCTS.values())).flatmap(testing.records)


def personal_data(record: Any) -> list[str]:
    """What an ordinary repr would show: by the dictionary, which the objects do not ask."""
    cls = national().classes[type(record).__name__]
    infos = [info for info in msgspec.structs.fields(type(record)) if info.name != "id"]
    found = []
    for field, info in zip(cls.fields, infos, strict=True):
        value = getattr(record, info.name)
        if field.kind == "object":
            for item in value if isinstance(value, tuple) else filter(None, [value]):
                found += personal_data(item)
        elif field.personal and value is not None:
            found.append(f"{info.name}={value!r}")
    return found


@pytest.mark.parametrize("name", STRUCTS)
def test_no_repr_shows_personal_data(make, name) -> None:
    record = make(name)
    console = Console(width=10_000)
    with console.capture() as capture:
        console.print(record)
    for shown in (repr(record), str(record), f"{record}", repr([record]), capture.get()):
        assert [value for value in personal_data(record) if value in shown] == []
        assert shown.count("‹") >= len(personal_data(record))


def test_objects_of_vendor_layouts_mask_them_too(tmp_path) -> None:
    write(tmp_path / "ho-so", layout="vbdlis-xml", parcels=2)
    found = [item.object for item in landxml.read(tmp_path / "ho-so")]
    personal = {(cls.name, attribute(f.element)) for cls, f in dictionary(LAYOUT).fields() if f.personal}
    hidden = 0
    for thing in found:
        for name in thing.__struct_fields__:
            value = getattr(thing, name)
            if (type(thing).__name__, name) in personal and value is not None:
                assert f"{name}={mask(value)}" in repr(thing)
                hidden += 1
    assert hidden > 10
    assert len(json.loads(landxml.to_json(found))) == len(found)


def test_repr_is_short_and_says_what_matters(make) -> None:
    parcel = make("ThuaDat").with_(dia_chi_chuan=(), loai_thua_dat=None)
    assert "so_thu_tu_thua=7, " in repr(parcel)
    assert "ranh_gioi=<Polygon, 5 points, EPSG:5899>" in repr(parcel)
    assert "None" not in repr(parcel)
    assert "dia_chi_chuan" not in repr(parcel)


@given(RECORDS)
def test_changing_and_changing_back(record) -> None:
    changed = record.with_(id="X")
    assert (changed.id, type(changed)) == ("X", type(record))
    assert changed.with_(id=record.id) == record
    assert record.with_() == record


def test_objects_do_not_change(make) -> None:
    person = make("CaNhan")
    with pytest.raises(AttributeError):
        person.ho_ten = "Khác"
    with pytest.raises(TypeError, match="has no field 'hoTen'"):
        person.with_(hoTen="Khác")


def test_objects_with_equal_values_are_one_in_a_set(make) -> None:
    assert {make("CaNhan"), make("CaNhan")} == {make("CaNhan")}
    assert make("CaNhan") != make("CaNhan").with_(nam_sinh=1976)
    assert isinstance(make("ThuaDat"), model.Record)
