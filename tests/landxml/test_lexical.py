"""Texts of elements become values exactly where the schema of the layout takes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

import pytest
import xmlschema
from hypothesis import example, given
from hypothesis import strategies as st

import landxml_schemas
from landxml.dictionary import Kind
from landxml.layouts import builtin
from landxml.lexical import parser_of
from landxml.values import KINDS

NATIONAL: dict[Kind, str] = {
    "int": "soNguyen", "decimal": "soThapPhan", "date": "ngay", "datetime": "thoiDiem", "year": "nam",
    "guid": "guid",
}  # fmt: skip
"""Kinds and their types in the national schema."""


@pytest.fixture(scope="module")
def types() -> dict[Kind, Any]:
    schema = xmlschema.XMLSchema(landxml_schemas.path("national", "vn-land.xsd"))
    return {kind: schema.types[name] for kind, name in NATIONAL.items()}


def accepted(kind: Kind, layout: str, text: str) -> bool:
    try:
        parser_of(kind, builtin()[layout])(text)
    except ValueError:
        return False
    return True


NUMBERS = st.from_regex(r"[+-]?[0-9]{0,20}[.,_eE]?[0-9]{0,6}", fullmatch=True)
DAYS = st.builds("{:04}-{:02}-{:02}".format, st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
CLOCKS = st.builds("{:02}:{:02}:{:02}".format, st.integers(0, 25), st.integers(0, 61), st.integers(0, 61))
ZONES = st.sampled_from(["", "Z", "+07:00", "-7:00", ".5", ".1234567"])
TIMES = st.builds("{}T{}{}".format, DAYS, CLOCKS, ZONES)
OTHERS = st.sampled_from(
    ["", "1 2", "NaN", "INF", "٣", "1_000", "0", "0000", "01/02/2024", "2024", "-2024", "true"]
)
GUIDS = st.uuids().map(str) | st.from_regex(r"\{?[0-9a-fA-F-]{30,38}\}?", fullmatch=True)


@given(st.sampled_from(sorted(NATIONAL)), NUMBERS | DAYS | TIMES | OTHERS | GUIDS)
@example("decimal", "99999999999999.9999")
@example("decimal", "99999999999999.99991")
@example("decimal", "100000000000000")
@example("int", "9223372036854775808")
@example("date", "2023-02-29")
@example("year", "3000000000")
def test_the_national_schema_and_the_reader_agree(types: dict[Kind, Any], kind: Kind, text: str) -> None:
    try:
        valid = " " not in text and types[kind].is_valid(text)  # xmlschema joins the digits of a decimal
    except OverflowError:  # what xmlschema makes of a year of ten digits
        valid = False
    assert accepted(kind, "national", text) == valid


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("decimal", " 120,5 ", Decimal("120.5")),
        ("decimal", "1.5E-1", Decimal("0.15")),
        ("date", "1/4/2020", dt.date(2020, 4, 1)),
        ("date", "2020-04-01T08:30:00", dt.date(2020, 4, 1)),
        ("datetime", "01/04/2020 08:30", dt.datetime(2020, 4, 1, 8, 30)),  # noqa: DTZ001 - as offices write it
        ("guid", "{0F8FAD5B-D9CB-469F-A165-70867728950E}", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("bool", "1", True),
        ("int", "+07", 7),
        ("text", " a ", " a "),
    ],
)
def test_what_vendors_write_is_understood(kind: Kind, text: str, value: Any) -> None:
    found = parser_of(kind, builtin()["vbdlis-xml"])(text)
    assert found == value
    assert isinstance(found, KINDS[kind].python)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "31/02/2020"), ("date", "4/2020"), ("datetime", "01/04/2020 24:00"), ("decimal", "1.204,5"),
        ("decimal", "1e400"), ("int", "1_0"), ("int", "٣"), ("bool", "True"), ("guid", "1"), ("int", ""),
    ],
)  # fmt: skip
def test_what_nobody_can_understand_is_no_value(kind: Kind, text: str) -> None:
    assert not accepted(kind, "vbdlis-xml", text)


def test_every_kind_has_a_name_in_both_languages() -> None:
    assert all(value.name.vi and value.name.en for value in KINDS.values())
    assert KINDS.keys() == set(get_args(Kind))
