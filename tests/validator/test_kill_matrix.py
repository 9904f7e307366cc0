"""Slips in the SQL of rules, and whether tests notice them (``docs/kill-matrix.md``)."""

from __future__ import annotations

import runpy
from pathlib import Path

import duckdb
import pytest

from landxml_validator.rule import builtin
from tests.kill_matrix import DRAWN, EQUIVALENT, Judge, page, parts, row, section
from tests.mutants import mutants

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/kill-matrix.md").read_text("utf-8")
RULES = {code: rule for code, rule in builtin().items() if rule.sql}
needs_positions = pytest.mark.skipif(duckdb.__version__ < "2", reason="its parse tree is another")


@needs_positions
def test_each_slip_is_made_once() -> None:
    sql = "SELECT a FROM t JOIN u USING (k) WHERE NOT (b IS NULL AND c < $most) OR coalesce(d, e) >= 7"
    with duckdb.connect() as con:
        assert [each.slip for each in mutants(con, sql, {"most": 0.5})] == [
            "INNER JOIN u → LEFT JOIN u",
            "without NOT ((b IS NULL) AND (c < $most))",
            "without COALESCE(d, e) >= 7",
            "NOT ((b IS NULL) AND (c < $most)) → (b IS NULL) AND (c < $most)",
            "without b IS NULL",
            "without c < $most",
            "b IS NULL → b IS NOT NULL",
            "c < $most → c <= $most",
            "c < $most → c < 0.250000",
            "c < $most → c < 1.000000",
            "COALESCE(d, e) >= 7 → COALESCE(d, e) > 7",
            "COALESCE(d, e) >= 7 → d >= 7",
            "COALESCE(d, e) >= 7 → COALESCE(d, e) >= 6",
            "COALESCE(d, e) >= 7 → COALESCE(d, e) >= 8",
        ]


@needs_positions
@pytest.mark.parametrize("code", ["LND008", "TXN003"])
def test_what_is_said_of_a_rule_is_so(code: str) -> None:
    with Judge() as judge:
        judged = judge.of(RULES[code])
    assert judged.drawn == DRAWN[code]
    assert parts(PAGE)[code] == (row(code, judged), section(code, judged))


def test_every_rule_is_judged_and_what_is_left_of_its_slips_is_named() -> None:
    found = parts(PAGE)
    assert page(found.values()) == PAGE
    assert list(DRAWN) == list(RULES)
    assert list(found) == list(RULES), "run tasks/build_kill_matrix.py with the codes that differ"
    for line, said in found.values():
        slips, crowd, files, equivalent, left = map(int, line.strip("| ").split("|")[1:])
        assert slips == crowd + files + equivalent
        assert (said.count("\n- "), left) == (equivalent, 0)
    assert [one["why"] for one in EQUIVALENT if one["why"] not in PAGE] == []


@needs_positions
@pytest.mark.slow
def test_each_rule_finds_in_its_crowds_what_it_found_before() -> None:
    with Judge() as judge:
        drawn = {code: judge.drawn(RULES[code], int(said.split(",")[0])) for code, said in DRAWN.items()}
    other = [code for code, said in DRAWN.items() if drawn[code] != said]
    assert other == [], "if these rules were meant to change, run tasks/build_kill_matrix.py with their codes"


@needs_positions
@pytest.mark.slow
def test_the_page_is_fresh() -> None:
    made, _ = runpy.run_path(str(ROOT / "tasks/build_kill_matrix.py"))["made"]()
    assert made == PAGE, "run tasks/build_kill_matrix.py"
