"""Finding units by name: everything that has a name is found by it, however it is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landxml_units as units

JUNE_2025, JULY_2025 = date(2025, 6, 30), date(2025, 7, 1)
UNITS = [units.Unit(**row) for row in units.table("units").to_pylist()]
SHORT = {"Xã": "X.", "Phường": "P.", "Thị trấn": "TT.", "Thị xã": "TX.", "Thành phố": "TP.", "Quận": "Q.",
         "Huyện": "H.", "Tỉnh": "T.", "Đặc khu": "ĐK."}  # fmt: skip


def codes(text: str, as_of: date | None = None) -> list[str]:
    return [match.unit.code for match in units.find(text, as_of)]


def full(unit: units.Unit) -> str:
    return ", ".join([unit.name, *(above.name for above in units.within(unit))])


def short(name: str) -> str:
    words = next(words for words in SHORT if name.lower().startswith(f"{words.lower()} "))
    return f"{SHORT[words]}{name[len(words) :].strip()}"


def bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return (
        "".join(letter for letter in letters if not unicodedata.combining(letter))
        .replace("đ", "d")
        .replace("Đ", "D")
    )


NAMESAKES = {"02638", "02641", "04897", "04900", "20002"}
"""Two pairs of the same kind, name and district, for some weeks of 2019 and 2020; one commune of the city of
Huế, whose name the province took, where another has one of that name."""
WRITINGS: dict[str, Callable[[units.Unit], str]] = {
    "official": full,
    "without diacritics": lambda unit: bare(full(unit)).lower(),
    "in capitals": lambda unit: full(unit).upper(),
    "decomposed": lambda unit: unicodedata.normalize("NFD", full(unit)),
    "abbreviated": lambda unit: ", ".join(map(short, full(unit).split(", "))),
    "without commas and diacritics": lambda unit: bare(full(unit)).replace(",", ""),
    "without commas": lambda unit: full(unit).replace(",", ""),
    "kind behind": lambda unit: f"{units.names._split(unit.name).bare} ({unit.kind.replace('_', ' ')})",
}


@pytest.mark.parametrize("writing", WRITINGS)
@settings(max_examples=150)
@given(unit=st.sampled_from(UNITS))
def test_every_unit_is_found_by_its_name(writing, unit):
    (own,) = [match for match in units.find(WRITINGS[writing](unit)) if match.unit == unit]
    assert own.exact or writing.endswith("diacritics")


@settings(max_examples=150)
@given(st.sampled_from([unit for unit in UNITS if unit.level == "commune"]))
def test_a_full_name_on_a_day_is_one_unit(unit):
    day = unit.valid_to or JULY_2025
    assert codes(full(unit), day) == [unit.code] or unit.code in NAMESAKES


@settings(max_examples=150)
@given(st.text(max_size=60), st.none() | st.dates())
def test_any_text_is_answered(text, day):
    for match in units.find(text, day):
        assert day is None or match.unit.valid_on(day)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("P.1, Q.3, TPHCM", "27160"),
        ("P1 Q3 TP.HCM", "27160"),
        ("Phường 01, Quận 3", "27160"),
        ("Phường Yên Hòa, Cầu Giấy", "00172"),  # the catalogue has Yên Hoà
        ("Phường Vĩnh Ninh, TP Huế, Thừa Thiên Huế", "19783"),
        ("Xã Sa Lý, Lục Ngạn", "07540"),
        ("Xã Xa Lý, Lục Ngạn", "07540"),  # another official spelling
        ("xã Mĩ Đức, An Lão", "11668"),
        ("X. Đạ M’ri", "25102"),
        ("TT Ba Chẽ, Quảng Ninh, Việt Nam", "06970"),
        ("Quảng Ninh, Ba Chẽ, thị trấn Ba Chẽ", "06970"),
        ("Xã Thống Nhất - huyện Hoành Bồ - tỉnh Quảng Ninh", "07060"),
        ("Phuong Trung, Thanh Oai", "10162"),  # the name begins like a kind
        ("Thị xã Chí Linh, Hải Dương", "290"),  # a city by June 2025
        ("F4 Q3 TP HCM", "27148"),
        ("Phường Thảo Điền, Quận 2, TPHCM", "27088"),  # Thủ Đức since 2021
        ("Phường Bến Thành, Quận 1, Sài Gòn", "26743"),
        ("Phường Sài Gòn, TPHCM", "26740"),
        ("P. Trúc Bạch, Ba Đình, HN", "00004"),
        ("Thị trấn Ba Chẽ, QN", "06970"),
        ("xã Ea Kao, Buôn Ma Thuột, Đắc Lắc", "24169"),
        ("Long Hải, Long Đất, BRVT", "26662"),
        ("Thôn Khe Lọng, xã Thanh Sơn, huyện Ba Chẽ, Quảng Ninh", "06973"),
        ("Số 12 phố Trúc Bạch, phường Trúc Bạch, quận Ba Đình, Hà Nội", "00004"),
        ("thon Khe Long xa Thanh Son huyen Ba Che tinh Quang Ninh", "06973"),
        ("xa hoang hoa tham chi linh hai duong", "10555"),
        ("phuong Quan Bau thanh pho Vinh tinh Nghe An", "16670"),  # the name begins like a kind
    ],
)
def test_writings_of_real_life(text, code):
    assert set(codes(text, None if code in {"25102", "07060", "26740"} else JUNE_2025)) == {code}


def test_diacritics_count_where_there_are_some():
    assert {match.unit.name for match in units.find("Xã Tân An", JUNE_2025)} == {"Xã Tân An"}
    plain = {match.unit.name for match in units.find("Xa Tan An", JUNE_2025)}
    assert {"Xã Tân An", "Xã Tân Ân"} <= plain


def test_exact_matches_come_first():
    exact = [match.exact for match in units.find("An Khanh")]
    assert exact == sorted(exact, reverse=True)
    assert (
        codes("Xã Tấn Ân Tây") == codes("Xã Tân Ân Tây") != []
    )  # nothing is written so: near is good enough


def test_the_kind_counts_where_something_has_it():
    assert {match.unit.kind for match in units.find("Phường Tân An")} == {"phuong"}
    assert codes("tỉnh Hà Nội", JULY_2025) == ["01"]


def test_what_would_settle_it():
    assert units.undecided(units.find("Ba Chẽ", JUNE_2025)) == ("kind",)
    assert units.undecided(units.find("Phường Ba Đình, Hà Nội")) == ()
    assert units.undecided(units.find("Xã Hải Dương")) == ("district",)
    assert units.undecided(units.find("Hải Dương")) == ("province", "district", "kind", "date")
    assert units.undecided([]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "", " , ;\n", "Việt Nam", "(((", "Xã", "q" * 100_000, ", " * 10_000, "xã Không Có, " * 10_000,
        "xa " * 20_000,
        "Ba Chẽ, Hà Nội",
        "Xã Không Có, Phường Trúc Bạch, Quận Ba Đình",  # the first is meant, and is none
        "Thôn Một, Quận Ba Đình, Hà Nội",  # a district is not what a hamlet lies in
    ],
)  # fmt: skip
def test_no_unit(text):
    assert units.find(text) == []


def test_a_name_of_no_unit_gets_the_nearest():
    assert units.near("Quang Nin") == "Quảng Ninh"
    assert units.near("Ba Chẽ, Hà Nội") is None
    assert units.near("xyzxyz") is None
