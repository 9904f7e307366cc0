from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyproj import Transformer

import landxml_units as units
from landxml import crs

REPO = Path(__file__).parents[2]
SHARED = REPO.parent / "shared"
JUNE_2025 = date(2025, 6, 30)
JULY_2025 = date(2025, 7, 1)
NAMES = get_args(units.TableName)
REFORM = units.table("transitions").filter(pc.field("date") == JULY_2025)


def level_on(level: str, day: date) -> list[units.Unit]:
    rows = (units.Unit(**row) for row in units.table("units").to_pylist())
    return [unit for unit in rows if unit.level == level and unit.valid_on(day)]


def in_province(code: str, day: date) -> int:
    districts = {unit.code for unit in level_on("district", day) if unit.parent == code}
    return sum(parent in districts | {code} for parent in units.communes(day)["parent"].to_pylist())


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the research folder beside the repository")
def test_tables_are_fresh(tmp_path):
    script = REPO / "tasks" / "build_units.py"
    subprocess.run([sys.executable, script, "--shared", SHARED, "--out", tmp_path], check=True)
    for name in {*NAMES, "amendments/2026"} - {"words"}:  # which are written by hand
        committed = REPO / "units" / "landxml_units" / f"{name}.csv"
        assert (tmp_path / f"{name}.csv").read_text("utf-8") == committed.read_text("utf-8"), name


# Control totals: sources.md of the research; the catalogue counts of 2019 to 2025 are those of its snapshots.


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2019-01-01", 11_161 + 1),  # one was abolished on 10 January
        ("2019-01-10", 11_161),
        ("2020-01-01", 10_767),
        ("2020-06-01", 10_614),
        ("2021-01-01", 10_603),
        ("2023-04-10", 10_598),
        ("2024-09-01", 10_542),
        ("2024-11-01", 10_472),
        ("2024-12-01", 10_451 - 4),  # four of the twelve codes that came back by mistake
        ("2025-02-01", 10_035),
        ("2025-06-30", 10_035),
        ("2025-07-01", 3_321),
        ("2026-09-20", 3_321),
    ],
)
def test_communes_counted_by_date(day, count):
    assert units.communes(date.fromisoformat(day)).num_rows == count


def test_provinces_and_districts_counted():
    assert [len(level_on("province", day)) for day in (JUNE_2025, JULY_2025)] == [63, 34]
    assert [len(level_on("district", day)) for day in (JUNE_2025, JULY_2025)] == [696, 0]


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("769", date(2020, 12, 31), "Quận 2"),
        ("769", date(2021, 1, 1), "Thành phố Thủ Đức"),
        ("407", date(2019, 10, 6), "Huyện Tĩnh Gia"),
        ("474", date(2024, 12, 31), "Thành phố Huế"),
        ("682", date(2024, 11, 30), "Huyện Đạ Tẻh"),
    ],
)
def test_districts_have_the_name_of_the_day(code, day, name):
    found = units.get(code, day)
    assert found is not None
    assert found.name == name


def test_communes_lie_in_districts_of_their_time():
    for row in units.table("units").to_pylist():
        if row["level"] == "commune" and len(row["parent"]) == 3:
            assert units.get(row["parent"], row["valid_to"]), row


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (JUNE_2025, {"xa": 7_692, "phuong": 1_726, "thi_tran": 617}),
        (JULY_2025, {"xa": 2_621, "phuong": 687, "dac_khu": 13}),
        (date(2026, 9, 19), {"xa": 2_611, "phuong": 697, "dac_khu": 13}),
        (date(2026, 9, 20), {"xa": 2_599, "phuong": 709, "dac_khu": 13}),
    ],
)
def test_kinds_counted(day, kinds):
    assert Counter(units.communes(day)["kind"].to_pylist()) == kinds


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("20", 194, 65),
        ("22", 171, 54),
        ("24", 192, 99),
        ("27", 121, 0),
    ],  # Lạng Sơn, Quảng Ninh, Bắc Giang and Ninh
)
def test_communes_of_a_province_counted(code, before, after):
    assert (in_province(code, JUNE_2025), in_province(code, JULY_2025)) == (before, after)


def test_transitions_counted():
    pairs = REFORM.filter(pc.utf8_length(pc.field("new_code")) == 5)
    assert pairs.num_rows == 10_571
    assert len(set(pairs["new_code"].to_pylist())) == 3_321
    sizes = [len(units.successors(code)) for code in units.communes(JUNE_2025)["code"].to_pylist()]
    assert Counter(sizes) == {1: 9_594, 2: 369, 3: 55, 4: 16, 5: 1}
    assert sum(size > 1 for size in sizes) == 441


def test_every_old_province_goes_wholly_to_one_new():
    new_parent = dict(
        zip(*units.communes(JULY_2025).select(["code", "parent"]).to_pydict().values(), strict=True)
    )
    province = {unit.code: unit.parent for unit in level_on("district", JUNE_2025)}
    went: defaultdict[str | None, set[str]] = defaultdict(set)
    for code, _, _, district in zip(*units.communes(JUNE_2025).to_pydict().values(), strict=True):
        went[province[district]] |= {new_parent[new] for new in units.successors(code)}
    assert len(went) == 63
    assert {len(targets) for targets in went.values()} == {1}


def test_nine_provinces_are_cities_after_2026():
    kinds = Counter(unit.kind for unit in level_on("province", date(2026, 9, 20)))
    assert kinds == {"tinh": 25, "thanh_pho": 9}


# Shape of the tables


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_text(name):
    for field in units.table(name).schema:
        if field.name.endswith("code") or field.name == "parent":
            assert field.type == pa.string(), field


def test_leading_zeros_are_kept():
    rows = units.table("units")
    lengths = {"province": 2, "district": 3, "commune": 5}
    pairs = zip(rows["code"].to_pylist(), rows["level"].to_pylist(), strict=True)
    assert all(len(code) == lengths[level] for code, level in pairs)
    assert units.communes(JULY_2025)["code"][0].as_py() == "00004"


def test_periods_of_a_code_are_in_order_and_do_not_overlap():
    for code in set(units.table("units")["code"].to_pylist()):
        periods = units.validities(code)
        for period in periods:
            assert (period.valid_from or date.min) <= (period.valid_to or date.max), period
        for earlier, later in pairwise(periods):
            assert earlier.valid_to is not None
            assert later.valid_from is not None
            assert earlier.valid_to < later.valid_from


@pytest.mark.parametrize("day", [JUNE_2025, JULY_2025])
def test_every_parent_is_known(day):
    tops = level_on("district", day) + level_on("province", day)
    assert set(units.communes(day)["parent"].to_pylist()) <= {unit.code for unit in tops}


# Look-ups


def test_commune_whose_code_was_lost_in_2025():
    unit = units.commune("00001", JUNE_2025)
    assert unit is not None
    assert (unit.name, unit.parent, unit.valid_to) == ("Phường Phúc Xá", "001", JUNE_2025)
    assert units.commune("00001", JULY_2025) is None
    assert units.successors("00001") == ["00097"]


def test_commune_abolished_before_2025():
    assert units.commune("10597", date(2019, 1, 9)) is not None
    assert units.commune("10597", date(2019, 1, 10)) is None
    assert [unit.valid_to for unit in units.validities("10597")] == [date(2019, 1, 9)]
    assert units.successors("10597") == []
    assert units.extent("10597") is None


def test_commune_amended_in_2026():
    before, after = (units.commune("09193", date(2026, 9, day)) for day in (19, 20))
    assert before is not None
    assert after is not None
    assert (before.name, before.kind, before.parent) == ("Xã Yên Phong", "xa", "24")
    assert (after.name, after.kind, after.parent) == ("Phường Yên Phong", "phuong", "24")


def test_code_revived_by_mistake_stays_abolished():
    assert [unit.valid_to for unit in units.validities("07693")] == [date(2019, 12, 31)]


def test_unknown_code():
    assert units.validities("99999") == []
    assert units.commune("99999", JULY_2025) is None
    assert units.extent("99999") is None
    with pytest.raises(KeyError):
        units.default_epsg("99999")


def test_a_province_is_no_commune():
    assert units.commune("20", JULY_2025) is None


# Extents


def test_extents_cover_every_code_once():
    codes = units.extents()["code"].to_pylist()
    wanted = {code for day in (JUNE_2025, JULY_2025) for code in units.communes(day)["code"].to_pylist()}
    assert len(codes) == len(set(codes))
    assert set(codes) - wanted == {"318", "471", "498", "536", "755"}  # island districts without communes
    assert wanted <= set(codes)


def test_extents_lie_in_vietnam_and_hold_their_inside_point():
    for row in units.table("extents").to_pylist():
        assert 102 < row["min_lon"] < row["inside_lon"] < row["max_lon"] < 118, row  # Trường Sa is far out
        assert 7 < row["min_lat"] < row["inside_lat"] < row["max_lat"] < 23.5, row
        assert row["area_km2"] > 0


def test_extent_of_an_old_commune_is_the_box_around_its_successors():
    own = {row["code"]: row for row in units.table("extents").to_pylist()}
    for code in ("00001", "00007", "23053"):  # one successor, several, several and one that keeps the code
        parts = [own[new] for new in units.successors(code)]
        whole = units.extent(code)
        assert whole is not None
        assert whole[:2] == tuple(min(part[side] for part in parts) for side in ("min_lon", "min_lat"))
        assert whole[2:] == tuple(max(part[side] for part in parts) for side in ("max_lon", "max_lat"))


# Coordinate reference systems


def test_meridians_agree_with_their_crs():
    rows = units.table("meridians").to_pylist()
    assert Counter(row["scheme"] for row in rows) == {"legacy63": 63, "new34": 34}
    for row in rows:
        system = crs.system(row["epsg"])
        assert system is not None
        assert "TM-3" in system.name
        assert not system.deprecated
        assert system.central_meridian_deg == row["central_meridian_deg"]


def test_look_up_of_a_meridian():
    old, new = units.meridian("12", "legacy63"), units.meridian("12", "new34")
    assert old is not None
    assert new is not None
    assert (old.epsg, new.epsg) == (9205, 9208)  # Lai Châu changed without a merger
    assert units.meridian("02", "new34") is None


def test_default_epsg_puts_every_commune_into_its_zone():
    for row in units.table("extents").to_pylist():
        system = crs.system(units.default_epsg(row["code"]))
        assert system is not None
        assert system.central_meridian_deg is not None
        assert abs(row["inside_lon"] - system.central_meridian_deg) < 9, row  # islands far out at sea


def test_default_epsg_of_lang_son():
    code = next(u.code for u in level_on("commune", JULY_2025) if u.parent == "20")
    assert units.default_epsg(code) == 9215
    easting, northing = Transformer.from_crs(4326, 9215, always_xy=True).transform(106.76, 21.85)
    assert 440_000 < easting < 460_000
    assert 2_400_000 < northing < 2_430_000
