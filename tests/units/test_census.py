"""The codes of a file judged together, beside a reading day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

import landxml_units as units
from landxml_units.census import Span, census

TODAY = date(2026, 11, 1)
ALL = sorted({row["code"] for row in units.table("units").to_pylist() if row["level"] == "commune"})
CODES = st.lists(st.sampled_from(ALL), min_size=1, max_size=4, unique=True)
DAYS = st.dates(date(2018, 1, 1), date(2027, 1, 1))


def communes_on(day: date) -> set[str]:
    return set(units.communes(day)["code"].to_pylist())


@given(CODES, DAYS)
def test_days_together_are_those_on_which_each_is_a_commune(codes: list[str], day: date) -> None:
    found = census(dict.fromkeys(codes, 1), TODAY)
    assert any(span.has(day) for span in found.together) == (set(codes) <= communes_on(day))


@given(CODES)
def test_spans_are_in_order_and_apart(codes: list[str]) -> None:
    spans = census(dict.fromkeys(codes, 1), TODAY).together
    for one, next_ in pairwise(spans):
        assert one.last is not None
        assert next_.first is not None
        assert next_.first - one.last > timedelta(days=1)


@given(CODES, st.data())
def test_a_file_is_read_on_a_day_of_its_codes_and_counts_nothing_twice(
    codes: list[str], data: st.DataObject
) -> None:
    counts = {code: data.draw(st.integers(1, 9)) for code in codes}
    found = census(counts, TODAY)
    assert {tally.code: tally.times for tally in found.tallies} == counts
    assert found.three_tier + found.two_tier <= len(codes)
    if found.read_on is not None:
        assert found.read_on <= TODAY
        assert set(codes) <= communes_on(found.read_on)


def test_the_day_that_a_file_states_is_the_one_on_which_it_is_read() -> None:
    (tally,) = census({"00004": 2}, TODAY, date(2026, 1, 1)).tallies
    assert tally.found is not None
    assert [successor.code for successor in tally.found.successors] == ["00004"]
    assert not census({"99999": 1}, TODAY).sound
    assert census({}, TODAY).together == ()


def test_a_span_without_an_end_has_every_day_beyond() -> None:
    assert Span(None, None).has(date.min)
    assert Span(TODAY, None).has(date.max)
    assert not Span(None, TODAY).has(TODAY + timedelta(days=1))
