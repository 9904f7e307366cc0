"""Records of persons that are one person, that may be one, and that are two."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landxml.database import connect
from landxml_campaign.matching import match
from landxml_campaign.names import likeness, plain, written

Person = tuple[str, int, str | None, str | None]
"""Name, year of birth, number, card."""


def matched(persons: Sequence[Person], birth: str | None = None) -> duckdb.DuckDBPyConnection:
    """A database of these persons, with an id each: 0, 1, 2 …"""
    con = connect()
    con.execute(
        'CREATE TABLE person (file VARCHAR, part VARCHAR, "at" INT, id VARCHAR, name VARCHAR, birth DATE,'
        " born BIGINT, sex BIGINT, number VARCHAR, address VARCHAR);"
        'CREATE TABLE paper (file VARCHAR, "at" INT, id VARCHAR, person VARCHAR, number VARCHAR,'
        " personal VARCHAR);"
        "CREATE TABLE commune (file VARCHAR, person VARCHAR, commune VARCHAR)"
    )
    for no, (name, born, number, card) in enumerate(persons):
        row = ["a.gml", "", no, str(no), name, birth, born, 1, number, "Số 1"]
        con.execute("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        con.execute("INSERT INTO paper VALUES ('a.gml', 1, 'p', ?, ?, NULL)", [str(no), card])
        con.execute("INSERT INTO commune VALUES ('a.gml', ?, '06652')", [str(no)])
    match(con)
    return con


def groups(con: duckdb.DuckDBPyConnection) -> list[list[int]]:
    """The numbers of the records of each person."""
    found = con.execute(
        "SELECT list_sort(list(id::INT)) FROM belongs JOIN entry USING (entry) GROUP BY person ORDER BY 1"
    ).fetchall()
    return [ids for (ids,) in found]


def reasons(con: duckdb.DuckDBPyConnection) -> list[str]:
    return sorted(reason for (reason,) in con.execute("SELECT reason FROM doubt").fetchall())


A, B, CARD = "022170000002", "022170000003", "100000002"


@pytest.mark.parametrize(
    ("persons", "expected", "doubts"),
    [
        # one number: however the name is written
        ([("Trần Thị Hoà", 1970, A, None), ("TRẦN THỊ  HÒA", 1970, A, None)], [[0, 1]], []),
        ([("Tran Thi Hoa", 1970, A, None), ("Trần Thị Hòa", 1970, "0221.7000 0002", None)], [[0, 1]], []),
        # one number, but two names: one of the numbers is wrong, and an officer says which
        ([("Trần Thị Hòa", 1970, A, None), ("Lê Văn Dũng", 1970, A, None)], [[0], [1]], ["number"]),
        # two valid numbers are two persons, whatever else is the same; a slip is told only with the birthday
        ([("Trần Thị Hòa", 1970, A, None), ("Trần Thị Hòa", 1970, B, None)], [[0], [1]], []),
        # the old card leads to the number that came after it, if name and year go with it
        ([("Trần Thị Hòa", 1970, A, CARD), ("Trần Thị Hoà", 1970, None, CARD)], [[0, 1]], []),
        ([("Trần Thị Hòa", 1970, None, CARD), ("Trần Thị Hoà", 1970, None, CARD)], [[0, 1]], []),
        ([("Trần Thị Hòa", 1970, None, CARD), ("Trần Thị Hoà", 1971, None, CARD)], [[0], [1]], ["card"]),
        # neither: all that they say is the same, or they are a doubt at most
        ([("Trần Thị Hòa", 1970, None, None), ("Trần Thị Hoà", 1970, None, None)], [[0, 1]], []),
        ([("Trần Thị Hòa", 1970, A, None), ("Trần Thị Hoà", 1970, None, None)], [[0], [1]], ["year"]),
        ([("Trần Thị Hòa", 1970, None, None), ("Lê Văn Dũng", 1970, None, None)], [[0], [1]], []),
        # what fills a field is no number
        ([("Trần Thị Hòa", 1970, "0" * 12, None), ("Trần Thị Hòa", 1971, "0" * 12, None)], [[0], [1]], []),
    ],
)
def test_who_is_one_person(persons: list[Person], expected: list[list[int]], doubts: list[str]) -> None:
    con = matched(persons)
    assert (groups(con), reasons(con)) == (expected, doubts)


def test_a_slip_in_a_number_of_one_name_and_birthday_is_a_doubt() -> None:
    con = matched([("Trần Thị Hòa", 1970, A, None), ("Trần Thị Hòa", 1970, B, None)], birth="1970-03-02")
    assert (groups(con), reasons(con)) == ([[0], [1]], ["birthday"])


def test_a_card_of_two_numbers_leads_to_neither() -> None:
    con = matched([(name, 1970, number, CARD) for name, number in (("Hòa", A), ("Hoà", B), ("Hòa", None))])
    assert groups(con) == [[0], [1], [2]]


SYLLABLES = st.sampled_from(["Hòa", "Hoà", "Hoa", "Hùng", "Hưng", "Lý", "Lí"])
RECORDS = st.tuples(
    st.tuples(SYLLABLES, SYLLABLES).map(" ".join),
    st.sampled_from([1970, 1971]),
    st.sampled_from([A, B, "012345678901", None]),
    st.sampled_from([CARD, "200000003", None]),
)


@settings(max_examples=5, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=9), st.randoms())
def test_two_valid_numbers_are_never_joined_and_order_means_nothing(persons, random) -> None:
    con = matched(persons)
    found = groups(con)
    assert sorted(each for one in found for each in one) == list(range(len(persons)))  # a partition
    for one in found:
        assert len({persons[each][2] for each in one} - {None}) <= 1
    shuffled = list(range(len(persons)))
    random.shuffle(shuffled)
    again = groups(matched([persons[each] for each in shuffled]))
    assert sorted(sorted(shuffled[each] for each in one) for one in again) == found


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Nguyễn Thị Thuý", "NGUYỄN THỊ THÚY", 100, 100),
        ("Nguyễn Văn Quý", "Nguyễn Văn Quí", 100, 100),
        ("Nguyễn Văn Hùng", "Nguyen Van Hung", 100, 100),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng", 80, 99),
        ("Nguyễn Thị Túy", "Nguyễn Thị Túi", 80, 99),
        ("Nguyễn Văn Hùng", "Trần Thị Mai", 0, 60),
    ],
)
def test_names_are_compared_as_people_say_them(one: str, other: str, least: int, most: int) -> None:
    (found,) = likeness([written(one)], [written(other)], [plain(one)], [plain(other)])
    assert least <= found <= most
