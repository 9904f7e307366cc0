"""What may be quoted, and what of a value without the form of its field is left."""

from __future__ import annotations

import unicodedata

import pytest

from landxml.privacy import identifier, key, mask, path, said, shown

PLAIN = [
    "06652", "6652", "ODT", "ONT+CLN", "12a", "DC-05", "E-48-12-B", "BA 123456", "DĐ 00123456", "CS 01234",
    "1204,5", "-3", "true", "EPSG:5899", "urn:ogc:def:crs:EPSG::5899", "T10112345678", "wecnv5kg2c1m",
    "0f8fad5b-d9cb-469f-a165-70867728950e", "thuaDat", "MaMucDichSuDung", "xsi:nil", "Surface",
]  # fmt: skip
PERSONAL = [
    "Lê", "Lê Văn Mẫu", "LE VAN MAU", "Mau", "079085001234", "079 085 001 234", "079.085.001.234",
    "0912345678", "31/12/1987", "1987-12-31", "12 Phố Mẫu, Hà Nội", "a@b.vn", "NguyenVanA", "Nguy?n V?n",
    "EPSG:079085001234",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_what_nobody_can_be_known_by_is_quoted(text) -> None:
    assert shown(text) == text
    assert shown(f" {text} ") == f" {text} "


@pytest.mark.parametrize("text", PERSONAL)
def test_of_all_else_the_shape_is_shown(text) -> None:
    assert shown(text) == mask(text)
    assert mask(text) == mask(unicodedata.normalize("NFD", text))
    assert not any(word in shown(text) for word in text.split() if len(word) > 1)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("06652/12/345", "06652/12/345"),
        ("06652/Lê Mẫu/345", "06652/‹Xx Xxx›/345"),
        ("31/12/1987", "‹99/99/9999›"),
        ("1987/12/31", "‹9999/99/99›"),
        ("6652/1/1", "6652/1/1"),
        ("?/?/7", "?/?/7"),
    ],
)
def test_a_key_keeps_its_plain_parts(text, masked) -> None:
    assert key(text) == masked


GUID = "30fc877a-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "text", [f"CaNhan.{GUID}.1", f"CaNhan.{GUID}-truoc-1.stt-2", "VoChong.1", "HoSoXml.tep-00112233aabb"]
)
def test_ids_of_the_usual_form_stay(text) -> None:
    assert identifier(text) == text


@pytest.mark.parametrize(
    "text", ["CaNhan.079085001234", f"CaNhan.{GUID}.79085001234", "LeVanMau", "CaNhan.079085.001234"]
)
def test_ids_that_name_a_person_do_not(text) -> None:
    assert not {"079085", "79085001234", "LeVanMau", "Mau"} & set(
        identifier(text).replace("‹", ".").split(".")
    )


def test_names_of_no_layout_are_masked_in_a_path() -> None:
    assert path("ThuaDat/maXa[2]") == "ThuaDat/maXa[2]"
    assert path("ThuaDat/LeVanMau[2]@LeVanMau") == "ThuaDat/‹XxXxxXxx›[2]@‹XxXxxXxx›"


def test_what_other_programs_quote_is_masked() -> None:
    assert said("KeyError: 'Lê Mẫu' 079085001234") == "KeyError: '‹Xx Xxx›' ‹999999999999›"
