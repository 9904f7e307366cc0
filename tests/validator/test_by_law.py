from __future__ import annotations

import datetime as dt
import runpy
from pathlib import Path

import pytest

from landxml.law import above, lines
from landxml_validator.by_law import by_line, judged, most_served
from landxml_validator.report import Result, State
from landxml_validator.rule import builtin

ROOT = Path(__file__).parents[2]
SERVED = by_line(builtin().values())


@pytest.mark.parametrize("line", lines())
def test_a_line_has_rules_or_says_why_it_has_none(line: str) -> None:
    codes = {code for each, found in SERVED.items() if line in above(each) for code in found}
    why = lines()[line].why
    assert bool(codes) != bool(why), (
        "a line that gets its first rule loses its why; one without a rule needs it"
    )


def test_a_rule_stands_at_each_line_that_it_serves() -> None:
    assert {code for codes in SERVED.values() for code in codes} == builtin().keys()
    assert set(SERVED["TT10-2024/15"]) >= {"CRT004", "CRT007"}
    assert all("CRT007" in SERVED[line] for line in builtin()["CRT007"].law)


def test_the_official_list_comes_first() -> None:
    assert most_served(SERVED)[0].id == "TT19-2026"


def test_the_page_is_fresh() -> None:
    page = runpy.run_path(str(ROOT / "tasks/build_law_docs.py"))["page"]()
    assert (ROOT / "docs/law.md").read_text("utf-8") == page


def test_a_line_is_as_bad_as_the_worst_of_its_rules_and_of_those_below() -> None:
    states: dict[str, State] = {"GEO007": "failed", "GEO004": "passed", "LNK001": "not-applicable"}
    results = [
        Result(rule=builtin()[code], severity="error", state=state, count=3 * (state == "failed"))
        for code, state in states.items()
    ]
    found = {each.line.id.removeprefix("TT19-2026/"): each for each in judged(results, dt.date(2026, 3, 29))}
    assert [found[f"II.X.3{part}"].state for part in ("", ".relations", ".completeness", ".portrayal")] == [
        "failed",
        "failed",
        "passed",
        "not-evaluated",
    ]
    assert (found["II.X.3"].findings, found["II.X.3"].rules) == (3, [])
    assert found["II.X.3.completeness"].rules == ["GEO004", "LNK001"]
    assert (found["I"].status, found["TT10-2024/29"].status) == ("not-yet", "in-force")
