"""The hand-over page: what each conflict does in operation, and both records of it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from landxml.text import Text
from landxml_reports import render
from landxml_validator.handover import consequences, met
from landxml_validator.report import Report
from landxml_validator.result import Result
from landxml_validator.rule import builtin

from .conftest import HOSTILE, finding

DOCS = Path(__file__).parents[2] / "docs"


def conflicting(report: Report) -> Report:
    """The report with a parcel that is there twice, and a rule that nobody judged."""
    other = "b.gml:7"
    twice = finding(31, file=HOSTILE, params={"parcel": "00004/12/31", "other": other})
    failed = Result(rule=builtin()["UNQ002"], severity="error", state="failed", count=1_234, samples=[twice])
    idle = Result(
        rule=builtin()["TOP004"], severity="warning", state="not-evaluated", reason=Text("lý do", "why")
    )
    return msgspec.structs.replace(report, results=[*report.results, failed, idle])


def test_each_rule_has_one_consequence_and_evidence_and_is_in_the_docs() -> None:
    codes = [code for each in consequences().values() for code in each.rules]
    assert len(codes) == len(set(codes))
    assert builtin().keys() >= set(codes)
    evidence = [why for each in consequences().values() for why in each.rules.values()]
    assert all(re.match(r"\[(E|E-law|N|I|R)\] ", said) for why in evidence for said in (why.vi, why.en))
    assert all(why.vi != why.en for why in evidence)
    assert set(codes) <= set(re.findall("[A-Z]{3}[0-9]{3}", (DOCS / "handover.md").read_text("utf-8")))


def test_conflicts_are_told_by_consequence_with_both_records(report: Report) -> None:
    report = conflicting(report)
    assert [each.conflicts for each in met(report)] == [1_234, 0, 0]
    page = render(report, "handover", "vi").decode()
    assert "1.234 trùng lặp, xung đột cần quyết định" in page
    assert "Nhập vào vận hành sẽ bị từ chối" in page
    assert page.count("00004/12/31") >= 2
    assert "b.gml:7" in page
    assert "<script>alert" not in page
    assert "lý do" in page
    assert "1,234 duplicates" in page


def test_a_page_without_conflicts_says_what_it_cannot_know(report: Report) -> None:
    page = render(report, "handover", "en").decode()
    assert "No duplicates or conflicts in the delivery" in page
    assert "taiSanDaDuocDangKy" in page
    passed = msgspec.structs.replace(report, verdict="conformant")
    assert "Đạt · còn 1.235 lỗi" in render(passed, "handover", "vi").decode()
