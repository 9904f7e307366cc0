"""What became of units: totals of the sources, laws that hold for every code, and a naive second reading."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landxml_units as units
from landxml.errors import LandXmlError
from landxml_units.tables import _amend
from tests.marks import costly

SHARED = Path(__file__).parents[3] / "shared" / "admin-units"
START, JUNE_2025, JULY_2025, TODAY = (
    date(2019, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 1),
)  # fmt: skip
FEW = costly(20)
"""A crosswalk is a law for ten thousand codes at once."""
DAYS = st.dates(START, TODAY)


@lru_cache(8)
def pairs(from_date: date, to_date: date) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = units.crosswalk(from_date, to_date)
    for old, new in zip(rows["old"].to_pylist(), rows["new"].to_pylist(), strict=True):
        found[old] |= {new} - {None}
    return found


@cache
def of_province(code: str, day: date) -> set[str]:
    """Communes of a province, through their districts while there were some."""
    districts = {row["code"] for row in units.table("units").to_pylist() if row["parent"] == code}
    rows = units.communes(day)
    found = zip(rows["code"].to_pylist(), rows["parent"].to_pylist(), strict=True)
    return {commune for commune, parent in found if parent in districts | {code}}


# Totals: sources.md of the research


def test_kinds_of_the_reform():
    kinds = Counter(units.crosswalk(JUNE_2025, JULY_2025)["kind"].to_pylist())
    assert kinds == {"merged": 9_462, "split": 886, "unchanged": 127, "partial": 86, "renamed": 10}


def test_441_communes_were_split():
    sizes = Counter(len(new) for new in pairs(JUNE_2025, JULY_2025).values())
    assert sizes == {1: 9_599, 2: 369, 3: 55, 4: 16, 5: 1}  # 9,594 communes and 5 island districts


def test_the_split_communes_of_which_one_gets_all_people():
    rows = units.crosswalk(JUNE_2025, JULY_2025)
    whole = rows.filter(pc.field("note") == "part: some area, all population")["old"].to_pylist()
    assert len(whole) == len(set(whole)) == 59


def test_63_provinces_became_34():
    old = [row for row in units.at(JUNE_2025).to_pylist() if row["level"] == "province"]
    found = [units.resolve(row["code"], JUNE_2025, JULY_2025) for row in old]
    assert len(found) == 63
    assert all(each.settled for each in found)
    assert len({each.successors[0].code for each in found}) == 34
    assert Counter(each.successors[0].kind for each in found) == {"merged": 52, "unchanged": 11}


@pytest.mark.parametrize(
    ("province", "counts"),
    [
        ("20", {START: 226, date(2020, 1, 1): 200, date(2024, 12, 1): 194, JULY_2025: 65}),  # Lạng Sơn
        ("22", {START: 186, date(2020, 1, 1): 177, date(2024, 11, 1): 171, JULY_2025: 54}),  # Quảng Ninh
    ],
)
def test_a_province_resolves_code_by_code_through_all_its_mergers(province, counts):
    assert {day: len(of_province(province, day)) for day in counts} == counts
    days = list(counts)
    for earlier, later in pairwise(days):
        reached = set()
        for code in of_province(province, earlier):
            found = units.resolve(code, earlier, later)
            assert found.state in {"settled", "split"}, code
            reached |= {successor.code for successor in found.successors}
        assert reached == of_province(province, later)


def test_bac_giang_and_bac_ninh_became_99():
    found = pairs(JUNE_2025, JULY_2025)
    reached = {new for old in ("24", "27") for code in of_province(old, JUNE_2025) for new in found[code]}
    assert reached == of_province("24", JULY_2025)
    assert len(reached) == 99


def test_open_ends_are_few_and_told():
    rows = units.crosswalk(START, JULY_2025)
    lost = rows.filter(pc.field("new").is_null())
    assert lost.num_rows == 27
    assert set(lost["kind"].to_pylist()) == {"abolished"}
    assert set(lost["successors"].to_pylist()) == {0}
    assert units.resolve("26407", START, TODAY).state == "open"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the research folder beside the repository")
def test_every_abolition_leads_where_the_history_says():
    with (SHARED / "history_2019_2025.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["event"] == "abolished"]
    told = [row for row in rows if row["successor_at_2025_06_30"] and not row["catalogue_date"].endswith("+")]
    assert len(told) == 1_132 - 10  # without the codes that came back by mistake
    for row in told:
        last_day = date.fromisoformat(row["catalogue_date"]) - timedelta(days=1)
        found = units.resolve(row["code"], last_day, JUNE_2025)
        assert [new.code for new in found.successors] == [row["successor_at_2025_06_30"]]
        if "inferred" in row["successor_source"]:
            assert found.successors[0].inferred


# Laws


@cache
def steps() -> dict[date, list[dict[str, str]]]:
    found = defaultdict(list)
    for row in units.table("transitions").to_pylist():
        found[row["date"]].append(row)
    return found


def naive(from_date: date, to_date: date) -> dict[str, set[str]]:
    """Move every code day by day, as a clerk would: what has a transition goes, everything else stays."""
    where = {code: {code} for code in units.communes(from_date)["code"].to_pylist()}
    where |= {code: {code} for code in ("318", "471", "498", "536", "755") if from_date < JULY_2025}
    for day in sorted(day for day in steps() if from_date < day <= to_date):
        goes: defaultdict[str, set[str]] = defaultdict(set)
        for row in steps()[day]:
            goes[row["old_code"]] |= {row["new_code"]} - {None}
        where = {
            old: {new for code in codes for new in goes.get(code, {code})} for old, codes in where.items()
        }
    valid = set(units.at(to_date)["code"].to_pylist())
    return {old: codes & valid for old, codes in where.items()}


@pytest.mark.slow
@FEW
@given(DAYS, DAYS)
def test_crosswalk_is_what_a_clerk_finds_day_by_day(one, other):
    earlier, later = sorted((one, other))
    assert dict(pairs(earlier, later)) == naive(earlier, later)


@FEW
@given(DAYS, DAYS)
def test_every_commune_is_in_the_crosswalk_and_every_successor_valid(one, other):
    earlier, later = sorted((one, other))
    found = pairs(earlier, later)
    islands = {code for code in found if len(code) == 3}
    assert set(found) - islands == set(units.communes(earlier)["code"].to_pylist())
    assert {new for codes in found.values() for new in codes} <= set(units.at(later)["code"].to_pylist())


@pytest.mark.slow
@FEW
@given(DAYS, DAYS, DAYS)
def test_a_stop_on_the_way_changes_nothing(one, two, three):
    """Except where a source is silent on that day: then nothing is said, and nothing else."""
    first, middle, last = sorted((one, two, three))
    direct, before, after = pairs(first, last), pairs(first, middle), pairs(middle, last)
    for old, codes in before.items():
        through = {new for code in codes for new in after.get(code, ())}
        assert through == direct[old] if codes else not through, old


@FEW
@given(DAYS, st.integers(0, 3_000), st.integers(0, 10**6))
def test_predecessors_are_the_inverse_of_successors(earlier, days, pick):
    later = min(earlier + timedelta(days), TODAY)
    codes = units.communes(later)["code"]
    code = codes[pick % len(codes)].as_py()
    inverse = {old for old, new in pairs(earlier, later).items() if code in new}
    assert set(units.predecessors(code, earlier, later)["old"].to_pylist()) == inverse


@FEW
@given(DAYS, DAYS, st.integers(0, 10**6))
def test_resolve_and_crosswalk_agree(one, other, pick):
    earlier, later = sorted((one, other))
    codes = units.communes(earlier)["code"]
    code = codes[pick % len(codes)].as_py()
    rows = units.crosswalk(earlier, later).filter(pc.field("old") == code).to_pylist()
    found = units.resolve(code, earlier, later)
    assert [(s.code, s.kind, s.note, s.basis, s.inferred) for s in found.successors] == [
        (row["new"], row["kind"], row["note"], row["basis"], row["inferred"]) for row in rows if row["new"]
    ]
    assert found.settled == (len(found.successors) == 1)
    for successor in found.successors:
        unit = units.get(successor.code, later)
        assert unit is not None
        assert unit.name == successor.name


def test_every_end_of_a_code_has_a_transition():
    moved = {row["old_code"] for row in units.table("transitions").to_pylist()}
    for row in units.table("units").to_pylist():
        if row["level"] == "commune" and row["valid_to"]:
            assert row["code"] in moved, row


@pytest.mark.parametrize(
    ("code", "day", "state"),
    [
        (
            "10690",
            date(2019, 10, 6),
            "settled",
        ),  # out of the catalogue since 11 September, by law on 1 November
        ("10690", date(2019, 11, 1), "not-valid"),
        ("31099", date(2021, 2, 28), "settled"),
        ("31099", date(2021, 3, 1), "not-valid"),
    ],
)
def test_between_catalogue_and_law_either_state_is_accepted(code, day, state):
    assert units.get(code, day) is None
    assert units.resolve(code, day, JUNE_2025).state == state


def test_a_period_by_law_alone_lies_between_the_two_days():
    for row in units.by_law().to_pylist():
        assert row["valid_from"] <= row["valid_to"]
        assert units.Unit(**row) not in units.validities(row["code"])


def test_on_one_day_every_code_is_itself():
    assert pairs(TODAY, TODAY) == {code: {code} for code in units.communes(TODAY)["code"].to_pylist()}


# Single codes


def test_a_chain_of_a_merger_and_a_split():
    found = units.resolve("10597", START, JULY_2025)
    assert found.state == "split"
    assert [(s.code, s.kind) for s in found.successors] == [
        ("10549", "partial"), ("10573", "split"), ("10678", "split"),
    ]  # fmt: skip
    assert {s.basis for s in found.successors} == {"623/NQ-UBTVQH14; 1669/NQ-UBTVQH15"}


def test_a_reused_code_is_told_apart_by_date():
    assert [s.name for s in units.resolve("00004", JUNE_2025, TODAY).successors] == ["Phường Ba Đình"]
    assert units.resolve("00004", JUNE_2025, TODAY).successors[0].kind == "merged"
    assert units.resolve("00004", JULY_2025, TODAY).successors[0].kind == "unchanged"


def test_across_an_amendment_the_code_stays_and_the_name_changes():
    (new,) = units.resolve("09193", JULY_2025, TODAY).successors
    assert (new.code, new.name, new.kind, new.basis) == (
        "09193", "Phường Yên Phong", "renamed", "388/NQ-UBTVQH16",
    )  # fmt: skip


def test_predecessors_of_a_province():
    rows = units.predecessors("24", JUNE_2025, TODAY)
    assert rows["old"].to_pylist() == ["24", "27"]  # Bắc Giang and Bắc Ninh
    assert set(rows["kind"].to_pylist()) == {"merged"}


def test_a_province_that_became_a_city():
    (new,) = units.resolve("75", JUNE_2025, TODAY).successors
    assert (new.name, new.basis) == ("Thành phố Đồng Nai", "202/2025/QH15; 30/2026/QH16")


@pytest.mark.parametrize("code", units.table("stale")["code"].to_pylist())
def test_stale_codes_get_a_candidate_and_no_successor(code):
    found = units.resolve(code, JUNE_2025, JULY_2025)
    assert (found.state, found.successors) == ("stale", ())
    assert len(found.candidates) == (0 if code in {"16411", "25186"} else 1)
    for candidate in found.candidates:
        assert units.commune(candidate, JUNE_2025)


@pytest.mark.parametrize(
    ("code", "state", "candidates"),
    [
        ("4", "zeros-lost", ("00004",)),
        ("226", "zeros-lost", ("00226",)),
        ("00004 ", "zeros-lost", ("00004",)),
        ("290", "district", ()),
        ("204", "district", ()),  # Hoành Bồ, dissolved in 2020
        ("10597", "not-valid", ()),
        ("99999", "unknown", ()),
        ("", "unknown", ()),
        ("Ba Đình", "unknown", ()),
        ("٤", "unknown", ()),
    ],
)
def test_a_code_that_is_no_unit_says_why(code, state, candidates):
    found = units.resolve(code, JUNE_2025, JULY_2025)
    assert (found.state, found.candidates, found.successors) == (state, candidates, ())
    assert bool(found.periods) == (state in {"district", "not-valid"})


def test_the_island_district_without_communes():
    assert units.resolve("536", JUNE_2025, JULY_2025).successors[0].code == "21548"
    (new,) = units.resolve("21541", START, JULY_2025).successors
    assert (new.code, new.inferred) == ("21548", True)


def test_days_in_the_wrong_order():
    for call in (lambda: units.crosswalk(TODAY, START), lambda: units.resolve("00004", TODAY, START)):
        with pytest.raises(LandXmlError) as error:
            call()
        assert "2019-01-01" in error.value.text("vi")


def test_history_of_a_code():
    found = units.history("10585")
    assert [(step.date, step.old_code, step.new_code, step.kind) for step in found[:2]] == [
        (date(2019, 1, 10), "10585", "10585", "merged"),
        (date(2019, 1, 10), "10597", "10585", "merged"),
    ]
    assert found[-1].date == JULY_2025
    assert units.history("99999") == []


# Amendments are rows


def change(old: str, new: str | None, name: str | None = None) -> dict[str, str | None]:
    return {"old_code": old, "new_code": new, "name": name, "parent": None}


def test_an_amendment_merges_splits_and_ends():
    stays, joins, ends, new = "00001", "00002", "00003", "00009"
    periods = {code: [units.Unit(code, "commune", f"Xã {code}", "xa", "20", JULY_2025, None)]
               for code in (stays, joins, ends)} | {new: []}  # fmt: skip
    rows = [change(stays, stays), change(stays, new), change(joins, new, "Phường Mới"), change(ends, None)]
    _amend(periods, TODAY, rows)
    assert [unit.valid_to for unit in periods[stays]] == [None]
    for code in (joins, ends):
        assert [unit.valid_to for unit in periods[code]] == [TODAY - timedelta(days=1)]
    assert periods[new] == [units.Unit(new, "commune", "Phường Mới", "phuong", "20", TODAY, None)]
