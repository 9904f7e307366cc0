"""From findings to verdict."""

from __future__ import annotations

import datetime as dt

import msgspec

from landxml.text import Text
from landxml_reports import wording
from landxml_validator.ledger import Ledger
from landxml_validator.report import File, Report
from landxml_validator.rule_set import load
from landxml_validator.verdict import judge

RULES = load("trial-integration")
DAY = dt.date(2026, 6, 1)


def read(*names: str, layout: str = "national") -> Ledger:
    """A ledger in which files with parcels were read and nothing was found."""
    ledger = Ledger(rules=RULES.rules)
    ledger.records["ThuaDat"] = len(names)
    ledger.files = [File(name=name, layout=layout, bytes=10, documents=1, records=1) for name in names]
    return ledger


def test_what_was_not_evaluated_is_not_conformant() -> None:
    ledger = read("a.gml")
    assert judge(ledger, RULES, DAY)["verdict"] == "conformant"
    ledger.broken["REF001"] = Text(vi="hỏng", en="broken")
    assert judge(ledger, RULES, DAY)["verdict"] == "not-evaluated"
    ledger.counts["LND001"] = {"": 1}
    assert judge(ledger, RULES, DAY)["verdict"] == "not-conformant"


def judged(required: list[str], *codes: str) -> Report:
    """The report of files with one finding of each rule, by a profile that requires these classes."""
    ledger = read("a.gml")
    for code in codes:
        ledger.counts[code] = {"06652": 1}
    profile = msgspec.structs.replace(RULES.profile, required=required)
    return Report(
        tool="", created=dt.datetime.now(dt.UTC),
        as_of=DAY, inputs=[], samples=3, personal_data=False, seconds=0,
        **judge(ledger, msgspec.structs.replace(RULES, profile=profile), DAY),
    )  # fmt: skip


def test_the_exit_code_says_what_the_verdict_says() -> None:
    aside = judged(["spatial"], "LND001")
    assert (aside.verdict, aside.errors, aside.exit_code()) == ("conformant", 1, 0)
    assert wording.why(aside).en.endswith(
        "that the profile does not require do not count: X.4 Cadastral attribute data."
    )
    failed = judged(["spatial", "attributes"], "LND001")
    assert (failed.verdict, failed.exit_code()) == ("not-conformant", 1)
    assert "do not count" not in wording.why(failed).en


def test_warnings_count_in_required_classes_if_asked_for() -> None:
    assert [judged(["spatial"], "GEO007").exit_code(level) for level in ("error", "warning")] == [0, 1]
    assert judged(["attributes"], "GEO007").exit_code("warning") == 0


def test_new_findings_count_in_any_class_and_none_if_never() -> None:
    aside, failed = judged(["spatial"], "LND001"), judged(["spatial"], "GEO001")
    noted, none = judged(["spatial"], "PKG013"), judged(["spatial"])
    assert [each.exit_code("new") for each in (aside, failed, noted, none)] == [1, 1, 0, 0]
    assert [each.exit_code("never") for each in (aside, failed)] == [0, 0]
    unread = msgspec.structs.replace(failed, missing=["goi.zip"])
    assert unread.exit_code("never") == 2


def test_what_was_never_read_meets_no_schema() -> None:
    ledger = read("x.xml", layout="")
    ledger.records.clear()
    ledger.files[0].records = 0
    ledger.counts["PKG001"] = {"": 1}
    judgement = judge(ledger, RULES, DAY)
    assert judgement["verdict"] == "not-evaluated"
    states = {each.id: each.state for each in judgement["conformance"]}
    assert states.pop("files") == "failed"
    assert set(states.values()) == {"not-evaluated"}


def listed(ledger: Ledger) -> list[tuple[str, int]]:
    return [(file.name, file.documents) for file in judge(ledger, RULES, DAY)["files"]]


def test_a_dossier_of_its_own_is_listed_by_its_name() -> None:
    assert listed(read("hoso/1.xml", layout="vbdlis-xml")) == [("hoso/1.xml", 1)]
    assert listed(read("hoso.zip!/1.xml", layout="vbdlis-xml")) == [("hoso.zip", 1)]
    assert listed(read("hoso.zip!/1.xml", layout="")) == [("hoso.zip!/1.xml", 1)]
    assert listed(read("1.xml", "2.xml", layout="vbdlis-xml")) == [("1.xml", 1), ("2.xml", 1)]


def test_dossiers_of_one_archive_or_folder_are_listed_together() -> None:
    names = ("hoso/1.xml", "goi.zip!/xml/1.xml", "hoso/2.xml", "goi.zip!/2.xml", "goi.zip!/3.xml")
    assert listed(read(*names, layout="vbdlis-xml")) == [("hoso", 2), ("goi.zip", 3)]
    assert listed(read("goi/1.gml", "goi/2.gml")) == [("goi/1.gml", 1), ("goi/2.gml", 1)]
