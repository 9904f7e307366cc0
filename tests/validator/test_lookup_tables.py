"""What rules refer to, beside the modules that it comes from."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa
import pytest

from landxml import codelists, crs
from landxml_validator import lookup_tables


@pytest.mark.parametrize("day", [dt.date(2020, 1, 1), dt.date(2024, 8, 1), dt.date(2026, 1, 1)])
def test_codes_are_stale_exactly_if_a_newer_list_does_without_them(day: dt.date) -> None:
    rows = lookup_tables.table("Stale", day).to_pylist()
    told = {(row["list"], row["code"]): row["rule"] for row in rows}
    assert len(told) == len(rows)
    for name in codelists.lists():
        for code in {each.code for each in codelists.codelist(name)}:
            periods = [each for each in codelists.codelist(name) if each.code == code]
            if any(each.used_on(day) for each in periods):
                assert (name, code) not in told
            elif not any(each.valid_on(day) for each in periods):
                assert told[name, code] == "COD002"
            else:
                assert told[name, code] in {"COD003", "COD004"}


def test_only_what_a_document_says_replaces_a_code_for_certain() -> None:
    day = dt.date(2026, 1, 1)
    found = [row for row in lookup_tables.table("Stale", day).to_pylist() if row["rule"] != "COD002"]
    assert {row["rule"] for row in found} == {"COD003", "COD004"}
    for row in found:
        links = codelists.successors(row["list"], row["code"], day)
        assert (row["rule"] == "COD003") == (bool(links) and not any(link.inferred for link in links))
        assert (row["successors"] or "") == ", ".join(link.code for link in links)


def test_tables_hold_every_code_and_every_system() -> None:
    codes = lookup_tables.table("CodeList", dt.date(2026, 1, 1)).to_pylist()
    assert {(row["list"], row["code"]) for row in codes} == {
        (name, code.code) for name in codelists.lists() for code in codelists.codelist(name)
    }
    assert set(lookup_tables.table("Epsg", dt.date(2026, 1, 1))["epsg"].to_pylist()) == set(crs.systems())


def test_a_commune_is_in_the_provinces_of_today_and_of_those_that_went_into_it() -> None:
    with duckdb.connect() as con:
        lookup_tables.load(con, ["Province"], dt.date(2026, 1, 1))
        found = con.execute("SELECT province FROM Province WHERE code = '06652' ORDER BY ALL").fetchall()
        merged = con.execute(
            "SELECT list(province ORDER BY province) FROM Province GROUP BY code HAVING count(*) > 1 LIMIT 1"
        ).fetchall()
    assert found == [("22",)]
    assert len(merged[0][0]) > 1


def test_communes_of_today_are_those_that_hold_on_the_day_of_the_check() -> None:
    day, before, after = dt.date(2026, 1, 1), dt.date(2025, 12, 31), dt.date(2026, 1, 2)
    rows = [
        ("always", None, None), ("first day", day, None), ("last day", None, day), ("ended", None, before),
        ("later", after, None),
    ]  # fmt: skip
    units = [
        {"code": code, "level": "commune", "valid_from": first, "valid_to": last}
        for code, first, last in rows
    ]
    province = units[0] | {"code": "province", "level": "province"}
    table = pa.Table.from_pylist([*units, province])
    with duckdb.connect() as con:
        con.register("Unit", table)
        today = con.execute(lookup_tables.MADE["CommuneToday"], {"as_of": day}).fetchall()
    assert sorted(code for (code,) in today) == ["always", "first day", "last day"]
