from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.vn import mst

import landxml_schemas
import landxml_units as units
from landxml import identifiers
from landxml.dictionary import national
from landxml.identifiers import (
    Barcode,
    CertificateCode,
    CertificateSerial,
    Identifier,
    IdentifierError,
    PersonalNumber,
    TaxCode,
    form,
    forms,
    generations,
)

KINDS: dict[str, type[Identifier]] = {name: getattr(identifiers, name) for name in forms()}
NEAR = ["", " ", "\n", "0", "A", "a", "-", ".", "/", "٣", "Đ"]
"""What a near miss has more, or instead of a character."""


def texts(name: str) -> st.SearchStrategy[str]:
    """Texts of the form of a kind; with check digits for those that have them."""
    made = st.from_regex(re.compile(form(name).pattern, re.ASCII), fullmatch=True)
    if name not in {"TaxCode", "EnterpriseCode"}:
        return made.filter(lambda text: name != "Barcode" or text.count(".") != 1)
    digits = made.map(lambda text: text[:9] + mst.calc_check_digit(text[:9]) + text[10:])
    return digits.filter(lambda text: bool(mst.is_valid(text)))


def test_every_form_has_a_class_and_every_class_a_form():
    assert {cls.__name__ for cls in Identifier.__subclasses__()} == set(forms())


@pytest.mark.parametrize("name", forms())
def test_a_form_is_complete(name):
    kind = form(name)
    assert str(KINDS[name].parse(kind.example)) == kind.example
    for text in (kind.title, kind.expected, kind.plausible):
        assert set(text) == {"vi", "en"}
        assert text["vi"] != text["en"]
    assert re.search(r"\[(E|E-law|N|I|R)\]", kind.evidence)
    for element in kind.elements:
        cls, _, field = element.partition(".")
        assert field in {one.element for one in national().classes[cls].fields}, element


@pytest.mark.parametrize("name", forms())
@given(data=st.data())
def test_formatting_what_was_parsed_gives_the_text_back(name, data):
    text = data.draw(texts(name))
    parsed = KINDS[name].parse(text)
    assert str(parsed) == text
    assert KINDS[name].parse(str(parsed)) == parsed


@pytest.mark.parametrize("name", forms())
@given(data=st.data())
def test_a_near_miss_is_parsed_only_if_it_has_the_form_too(name, data):
    text = data.draw(texts(name))
    at, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 1))
    near = text[:at] + data.draw(st.sampled_from(NEAR)) + text[at + length :]
    if KINDS[name].fits(near):
        assert re.fullmatch(form(name).pattern, near)
        assert str(KINDS[name].parse(near)) == near


@pytest.mark.parametrize("name", forms())
@pytest.mark.parametrize("change", [" {}", "{} ", "{}\n", "{}0000000000000", "x{}", "", "\x00"])
def test_other_texts_are_refused_in_both_languages(name, change):
    text = change.format(form(name).example)
    with pytest.raises(IdentifierError) as refused:
        KINDS[name].parse(text)
    assert form(name).expected["vi"] in refused.value.text("vi")
    assert form(name).expected["en"] in refused.value.text("en")
    assert form(name).example not in str(refused.value).replace(form(name).expected["en"], ""), (
        "personal data"
    )


@pytest.mark.parametrize("name", forms())
def test_an_impossible_identifier_cannot_be_made(name):
    parts: dict[str, Any] = dict.fromkeys(KINDS[name].__struct_fields__, "?")
    with pytest.raises(IdentifierError):
        KINDS[name](**parts)


def test_the_model_asks_for_the_same_forms():
    fields = national().classes["ThuaDat"].fields
    patterns = {one.element: one.pattern for one in fields}
    for element, name in (("maXa", "CommuneCode"), ("maThuaDat", "ParcelCode")):
        bare = re.sub(r"\(\?P<\w+>(.*)\)", r"^\1$", form(name).pattern)
        assert patterns[element] == bare


def test_separators_of_a_barcode_are_all_there_or_none():
    assert Barcode.parse("06652.20.000123").number == "000123"
    assert Barcode.parse("220665220000123").commune == "06652"
    for text in ("06652.20000123", "0665220.000123", "6652.20.000123"):
        assert not Barcode.fits(text)


def test_a_check_digit_is_checked():
    assert TaxCode.parse("9800000044").branch == ""
    assert [last for last in range(10) if TaxCode.fits(f"980000004{last}")] == [4]


# Persons


@given(
    sex=st.sampled_from([0, 1]),
    day=st.dates(dt.date(1900, 1, 1), dt.date(2399, 12, 31)),
    place=st.integers(1, 999),
    serial=st.integers(0, 999_999),
)
def test_a_personal_number_tells_sex_and_year(sex, day, place, serial):
    # The rule of the register, the other way round: 0 and 1 for men and women of the 20th century, and so on.
    generation = 2 * (day.year // 100 - 19) + (sex == 0)
    number = PersonalNumber.parse(f"{place:03}{generation}{day.year % 100:02}{serial:06}")
    assert (number.sex, number.birth_year) == (sex, day.year)
    assert number.consistent(sex, day.year)
    assert not number.consistent(1 - sex, day.year)
    assert not number.consistent(sex, day.year + 1)
    assert number.consistent(None, None)
    assert number.consistent(2, day.year), "another sex than the two says nothing"
    assert (number.province is None) == (place > 96)


def test_birthplaces_are_the_provinces_before_july_2025():
    rows = units.table("units").to_pylist()
    legacy = {r["code"] for r in rows if r["level"] == "province" and r["valid_from"] is None}
    assert len(legacy) == 63
    for code in legacy:
        assert PersonalNumber.parse(f"0{code}070000001").province == code


# Certificates


def test_generations_follow_each_other_without_a_gap():
    models = list(generations().values())
    assert models[0].first is models[-1].last is None
    for before, after in pairwise(models):
        assert before.last is not None
        assert after.first == before.last + dt.timedelta(1)


def test_generations_are_types_of_certificates():
    known = {row["code"] for row in landxml_schemas.codelist("LoaiGiayChungNhan")}
    assert {str(one) for one in generations()} <= known


@given(data=st.data(), kind=st.sampled_from(sorted(generations())))
def test_a_serial_of_a_generation_is_a_serial_and_tells_its_type(data, kind):
    text = data.draw(st.from_regex(re.compile(generations()[kind].pattern, re.ASCII), fullmatch=True))
    serial = CertificateSerial.parse(text)
    assert kind in serial.types
    assert serial.key == re.sub("[ .-]", "", text)


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Đ 123456", (2,)),
        ("AB 123456", (1,)),
        ("BK123456", (6, 11)),
        ("CD 123456", (11,)),
        ("AA 01234567", (98,)),
        ("ZZ 123456", ()),
        ("CĐ 123456", (11,)),
    ],
)
def test_types_of_serials(text, types):
    assert CertificateSerial.parse(text).types == types


def test_known_authorities():
    known = [
        f"{a}{n}" for a in "ABCTHX" for n in range(10) if CertificateCode.parse(f"{a}{n}2200000001").known
    ]
    assert known == ["T1", "T2", "T3", "H1", "H2"]
