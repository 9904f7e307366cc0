from __future__ import annotations

import datetime as dt
import random
import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landxml.identifiers import PersonalNumber, form, forms, generations
from landxml_validator.lookup_tables import define
from landxml_validator.sql_macros import macros

LETTERS = "0123456789abzABCĐ -./T\n"


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        define(con, macros())
        yield con


@pytest.mark.parametrize("name", forms())
@given(data=st.data())
def test_sql_and_python_see_the_same_forms(con, name, data):
    pattern = form(name).pattern
    right = st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)
    text = data.draw(right | st.text(LETTERS, max_size=14))
    macro = "fits_" + re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    (found,) = con.execute(f"SELECT {macro}(?)", [text]).fetchone()
    assert found == bool(re.fullmatch(pattern, text))


@given(day=st.dates(dt.date(1980, 1, 1), dt.date(2060, 1, 1)))
def test_a_day_has_the_generation_that_began_last(con, day):
    begun = [one.type for one in generations().values() if (one.first or dt.date.min) <= day]
    assert con.execute("SELECT generation_on(?)", [day]).fetchone() == (begun[-1],)


def test_what_is_not_known_is_null(con):
    unknown = "SELECT generation_on(NULL), fits_generation(97, 'AA 123456'), fits_generation(98, NULL)"
    assert con.execute(unknown).fetchone() == (None, None, None)


def test_the_rule_reads_personal_numbers_as_a_plain_loop_does(tables):
    rng, expected = random.Random(4), set()  # noqa: S311 - test data is not a secret
    for _ in range(120):
        number = PersonalNumber.parse("".join(rng.choices("0123456789", k=12)))
        sex, born = rng.choice([0, 1, 2]), number.birth_year + rng.choice([0, 0, 0, 1, 100])
        identifier = tables.add("CaNhan", maSoDinhDanh=str(number), gioiTinh=sex, namSinh=born)
        expected |= set() if number.consistent(sex, born) else {identifier}
    assert set(tables.found("PTY005")) == expected
