from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

import landxml_units as units
from landxml.layouts import builtin
from landxml_remap.codes import judge
from landxml_remap.roles import classes

BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("code", "state", "candidates"),
    [
        ("00001", "settled", ("00097",)),
        ("00007", "split", ("00008", "00025")),
        ("99999", "unknown", ()),
        ("", "no-code", ()),
        ("4", "zeros-lost", ("00004",)),
        ("193", "district", ()),
        ("07693", "stale", ("07682",)),
        ("11948", "target", ("11948",)),
    ],
)
def test_every_code_is_understood_or_a_finding_with_candidates(
    code: str, state: str, candidates: tuple[str, ...]
) -> None:
    found = judge(code, BEFORE, AFTER, mixed=False)
    assert (found.state, found.candidates[: len(candidates)]) == (state, candidates)
    assert (found.land is None) == (state not in {"settled", "target"})


def test_a_commune_that_ended_earlier_is_followed_to_what_it_may_be_today() -> None:
    found = judge("10597", BEFORE, AFTER, mixed=False)  # Xã Kênh Giang, abolished on 10 January 2019
    became = units.resolve("10597", dt.date(2019, 1, 9), AFTER).successors
    assert (found.state, found.land) == ("not-valid", None)
    assert found.candidates == tuple(sorted(each.code for each in became)) != ()


def test_land_and_people_go_separate_ways_where_the_law_says_so() -> None:
    ky_loi = judge("18796", BEFORE, AFTER, mixed=False)
    assert (ky_loi.land, ky_loi.people) == ("18823", None)
    # All people of 59 divided communes, and of one more, have one destination; their land has not.
    found = Counter(
        (bool(one.land), bool(one.people))
        for code in units.communes(BEFORE)["code"].to_pylist()
        if (one := judge(code, BEFORE, AFTER, mixed=False)).state == "split"
    )
    assert found[False, True] >= 59
    assert found.total() == 441
    assert sum(found[True, people] for people in (False, True)) == 1


def test_a_code_of_both_days_is_doubtful_only_in_data_that_mix_them() -> None:
    both = "00097"  # divided; its code went on with a part of it
    assert judge(both, BEFORE, AFTER, mixed=False).state == "split"
    assert judge(both, BEFORE, AFTER, mixed=True).state == "both"
    assert judge("00004", BEFORE, AFTER, mixed=True).land == "00004"  # the same either way


def test_nothing_is_to_be_done_between_a_day_and_itself() -> None:
    assert judge("00004", AFTER, AFTER, mixed=False).state == "target"


@pytest.mark.parametrize("layout", builtin().values(), ids=builtin())
def test_every_commune_code_of_a_layout_has_its_role(layout) -> None:
    from landxml.dictionary import dictionary

    holding = {cls.name for cls, field in dictionary(layout).fields() if field.element == "maXa"}
    assert holding == {name for name, elements in classes(layout).items() if elements.get("maXa") == "code"}
