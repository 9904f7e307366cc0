"""Formats for pipelines: what their specifications demand, and data that would break them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from landxml_reports import diagnostics, render, sarif
from landxml_validator.report import Baseline, Report, Suppressions
from tests.json_schema import mismatches

STRING, TEXT = {"type": "string"}, {"$ref": "#/$defs/text"}


def made_of(required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others."""
    kept = {"properties": properties, "required": required.split(), "additionalProperties": False}
    return {"type": "object", **kept}


def many(item: Any, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": least}


INDEX = {"type": "integer", "minimum": 0}
LEVEL = {"type": "string", "enum": ["none", "note", "warning", "error"]}
COMPONENT = made_of("name", name=STRING, index=INDEX)
PRINTS = {"landxml/v1": STRING, "primaryLocationLineHash": STRING}
TARGET = made_of("", id=STRING, index=INDEX, toolComponent=COMPONENT)
SARIF = {
    "text": made_of("text", text={"type": "string", "minLength": 1}),
    "rule": made_of(
        "id", id=STRING, shortDescription=TEXT, fullDescription=TEXT, help=TEXT,
        defaultConfiguration=made_of("", level=LEVEL), properties=made_of("", tags=many(STRING)),
        relationships=many(made_of("target", kinds=many(STRING), target=TARGET)),
    ),
    "taxonomy": made_of(
        "name", name=STRING, shortDescription=TEXT, taxa=many(made_of("id", id=STRING, shortDescription=TEXT))
    ),
    "location": made_of(
        "",
        physicalLocation=made_of(
            "", artifactLocation=made_of("", uri=STRING, uriBaseId=STRING),
            region=made_of("", startLine={"type": "integer", "minimum": 1}),
        ),
        logicalLocations=many(made_of("", name=STRING, fullyQualifiedName=STRING, kind=STRING)),
    ),
    "result": made_of(
        "message", ruleId=STRING, ruleIndex=INDEX, level=LEVEL, message=TEXT,
        locations=many({"$ref": "#/$defs/location"}), properties={"type": "object"},
        partialFingerprints=made_of("landxml/v1", **PRINTS),
        baselineState={"type": "string", "enum": ["new", "unchanged", "updated", "absent"]},
        suppressions=many(
            made_of(
                "kind", kind={"type": "string", "enum": ["inSource", "external"]},
                status={"type": "string", "enum": ["accepted", "underReview", "rejected"]},
            )
        ),
    ),
    "invocation": made_of(
        "executionSuccessful", executionSuccessful={"type": "boolean"}, exitCode={"type": "integer"},
        toolExecutionNotifications=many(made_of("message", level=LEVEL, message=TEXT)),
    ),
    "run": made_of(
        "tool", automationDetails=made_of("", id=STRING), invocations=many({"$ref": "#/$defs/invocation"}),
        taxonomies=many({"$ref": "#/$defs/taxonomy"}), results=many({"$ref": "#/$defs/result"}),
        properties={"type": "object"},
        columnKind={"type": "string", "enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        tool=made_of(
            "driver",
            driver=made_of(
                "name", name=STRING, version=STRING, rules=many({"$ref": "#/$defs/rule"}),
                supportedTaxonomies=many(COMPONENT),
                language={"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"},
            ),
        ),
    ),
}  # fmt: skip
"""What SARIF 2.1.0 demands of the objects that are written, and all that they may hold here."""
LOG = made_of(
    "version runs", version={"type": "string", "enum": ["2.1.0"]}, runs=many({"$ref": "#/$defs/run"}, 1),
    **{"$schema": STRING},
)  # fmt: skip


def run_of(report: Report, findings: Path, lang: str = "en") -> dict[str, Any]:
    """The run of a log, which is as SARIF demands."""
    log = json.loads(render(report, "sarif", lang, findings))
    assert mismatches(log, LOG, SARIF) == []
    (run,) = log["runs"]
    found: dict[str, Any] = run
    return found


def test_sarif_is_as_specified_and_its_references_lead_somewhere(report: Report, everything: Path) -> None:
    run = run_of(report, everything)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == 7
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for relation in (each for rule in rules for each in rule["relationships"]):
        taxonomy = run["taxonomies"][relation["target"]["toolComponent"]["index"]]
        assert taxonomy["name"] == relation["target"]["toolComponent"]["name"]
        assert taxonomy["taxa"][relation["target"]["index"]]["id"] == relation["target"]["id"]
    assert {each["name"] for each in run["taxonomies"]} == {"law", "ISO 19157"}
    assert "CRS002" in str(run["invocations"])  # was not evaluated
    prints = [result["partialFingerprints"] for result in run["results"]]
    assert len({each["primaryLocationLineHash"] for each in prints}) == 7


def test_sarif_lists_errors_first_and_of_every_rule_some(
    report: Report, everything: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST", 3)
    run = run_of(report, everything)
    assert [result["ruleId"] for result in run["results"]] == ["GEO002", "LND004", "LND004"]
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith("Here are 3 of 7 findings, errors first")


def test_a_rule_without_quality_element_refers_to_none(report: Report, everything: Path) -> None:
    change = msgspec.structs.replace
    results = [change(each, rule=change(each.rule, measure="")) for each in report.results]
    assert run_of(change(report, results=results), everything)["taxonomies"][1]["taxa"] == []


def test_sarif_knows_what_a_baseline_has(report: Report, everything: Path) -> None:
    assert not any("baselineState" in each for each in run_of(report, everything)["results"])
    report.baseline = Baseline(name="truoc.csv", known=1, gone=0)
    states = [each["baselineState"] for each in run_of(report, everything)["results"]]
    assert states == ["new"] * 6 + ["unchanged"]


def test_sarif_says_of_every_result_whether_it_is_suppressed(report: Report, everything: Path) -> None:
    assert not any("suppressions" in each for each in run_of(report, everything)["results"])
    report.suppressions = Suppressions(name="bo-qua.csv", count=0)
    assert all(each["suppressions"] == [] for each in run_of(report, everything)["results"])
    row: dict[str, Any] = dict.fromkeys(diagnostics.COLUMNS, "")
    row |= {"file": "a.gml", "at": 1, "state": "suppressed", "rule": "GEO002", "severity": "error"}
    result = sarif._result(report, row, {"GEO002": 0}, "en")
    assert result["suppressions"] == [{"kind": "external", "status": "accepted"}]


def test_data_are_no_links_and_no_placeholders_in_sarif(report: Report, everything: Path) -> None:
    assert sarif._escaped(r"[a](http://b) {0} \x") == r"\[a\](http://b) {{0}} \\x"
    text = json.dumps(run_of(report, everything), ensure_ascii=False)
    assert not set(text) & {"\x1b", "\u202e", "\u009b"}


@pytest.mark.parametrize(
    ("file", "uri", "line"),
    [
        ("xa/06652.gml", "xa/06652.gml", 7),
        ("./xa/06652.gml", "xa/06652.gml", 7),
        ("goi.zip!/06652.gml", "goi.zip", None),
        ("Thửa #1 50%?.gml", "Th%E1%BB%ADa%20%231%2050%25%3F.gml", 7),
        ("javascript:alert(1)", "javascript%3Aalert%281%29", 7),
        ("<stdin>", "%3Cstdin%3E", 7),
        ("", "goi.zip", 7),
    ],
)
def test_a_uri_holds_any_name(report: Report, file: str, uri: str, line: int | None) -> None:
    row: dict[str, Any] = dict.fromkeys(diagnostics.COLUMNS, "") | {"file": file, "at": 7, "state": "new"}
    row |= {"rule": "GEO002", "severity": "error", "place": f"{file}:7", "message_en": "wrong"}
    place = sarif._result(report, row, {"GEO002": 0}, "en")["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert place.get("region", {}).get("startLine") == line
    text = diagnostics.told(report, row, "en").text
    assert text == ("wrong" if line else f"{file}:7: wrong")


def test_a_path_of_another_folder_is_absolute(report: Report, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert diagnostics.path_of(report, str(tmp_path / "a" / "b.gml")) == "a/b.gml"
    uri = sarif._artifact(str(tmp_path.parent / "c d.gml"))
    assert uri == {"uri": (tmp_path.parent / "c d.gml").as_uri()}


# JUnit


def test_junit_has_a_suite_per_class_and_a_case_per_rule(report: Report) -> None:
    root = etree.fromstring(render(report, "junit", "vi"))
    assert len(root) == len(report.conformance)
    for number, suite in enumerate(root):
        assert [child.tag for child in suite if child.tag != "testcase"] == [
            "properties", "system-out", "system-err"
        ]  # fmt: skip
        assert (suite.get("id"), suite.get("hostname")) == (str(number), "localhost")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", ""))
        cases = suite.findall("testcase")
        for name, tag in {
            "tests": "testcase",
            "failures": "testcase/failure",
            "skipped": "testcase/skipped",
        }.items():
            assert int(suite.get(name, "")) == len(suite.findall(tag)), name
        assert {*cases[0].attrib} == {"name", "classname", "time"} if cases else True
    failures = {case.get("name", "")[:6]: case.find("failure") for case in root.iter("testcase")}
    failed = failures["LND004"]
    assert failed is not None
    assert failed.get("message") == "Số phát hiện: 1.234"
    assert "goi.zip!/00004.gml:118  00004/12/118  diện tích 120,5 m², tổng 118,0 m²" in (failed.text or "")
    assert failures["PTY003"] is None  # a warning fails nothing, and is told beside
    assert "PTY003 (1): Họ tên có ký tự lạ" in "".join(each.text or "" for each in root.iter("system-out"))
    (skipped,) = [
        case.find("skipped") for case in root.iter("testcase") if case.get("name", "")[:6] == "CRS002"
    ]
    assert skipped is not None
    assert skipped.get("message") == "không có ranh giới hành chính của xã 00004"


# GitHub


def test_github_shows_ten_of_a_kind_of_all_rules_in_turn(report: Report) -> None:
    report.results[2].samples *= 5
    lines = render(report, "github", "en").decode().splitlines()
    kinds = [line.partition(" ")[0] for line in lines]
    assert (kinds.count("::error"), kinds.count("::warning"), len(lines)) == (10, 1, 11)
    assert lines[0].startswith("::error file=goi.zip,title=LND004 ")
    assert lines[1].startswith("::error file=goi.zip,title=GEO002 ")


def test_data_cannot_end_a_workflow_command(report: Report) -> None:
    nasty = msgspec.structs.replace(
        report.results[1].samples[0], file="a,b::c%0A\n::set-env.gml", at=3, params={"name": "\n::error::x\r"}
    )
    report.results = [msgspec.structs.replace(report.results[1], samples=[nasty])]
    (line,) = render(report, "github", "en").decode().splitlines()
    head, _, text = line.removeprefix("::").partition("::")
    assert head.startswith("warning file=a%2Cb%3A%3Ac%250A %3A%3Aset-env.gml,line=3,title=")
    assert text == "ThuaDat.9: name  ::error::x"


def test_the_page_for_a_step_stays_small_and_plain(report: Report) -> None:
    long = msgspec.structs.replace(report.causes[1].example, params={"reason": "| <b> [x](y) `" * 10_000})
    report.causes = [msgspec.structs.replace(report.causes[1], example=long, count=5)] * 500
    report.results *= 200
    page = render(report, "markdown", "vi").decode()
    assert len(page.encode()) < 1_000_000
    assert page.startswith("## Không đạt\n")
    assert r"\| &lt;b&gt; \[x\]\(y\) \`" in page
    assert "<" not in page


# GitLab and reviewdog


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_gitlab_takes_it(report: Report, everything: Path, lang: str) -> None:
    issue = made_of(
        "description check_name fingerprint severity location", description=STRING, check_name=STRING,
        fingerprint=STRING,
        severity={"type": "string", "enum": ["info", "minor", "major", "critical", "blocker"]},
        location=made_of(
            "path lines", path=STRING, lines=made_of("begin", begin={"type": "integer", "minimum": 1})
        ),
    )  # fmt: skip
    issues = json.loads(render(report, "gitlab", lang, everything))
    assert mismatches(issues, many(issue), {}) == []
    assert len({each["fingerprint"] for each in issues}) == len(issues) == 6  # not the one that is known
    assert not any(each["location"]["path"].startswith("./") for each in issues)


def test_reviewdog_takes_it(report: Report, everything: Path) -> None:
    diagnostic = made_of(
        "message location", message=STRING, code=made_of("value", value=STRING),
        severity={"type": "string", "enum": ["ERROR", "WARNING", "INFO"]},
        location=made_of("path", path=STRING, range=made_of("start", start=made_of("line", line=INDEX))),
    )  # fmt: skip
    result = made_of("diagnostics", source=made_of("name", name=STRING), diagnostics=many(diagnostic))
    found = json.loads(render(report, "rdjson", "en", everything))
    assert mismatches(found, result, {}) == []
    assert len(found["diagnostics"]) == 6


def test_nothing_found_is_told_too(report: Report, everything: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    parquet.write_table(parquet.read_table(everything).slice(0, 0), tmp_path / "none.parquet")
    assert render(report, "gitlab", "vi", tmp_path / "none.parquet") == b"[]\n"
    assert json.loads(render(report, "rdjson", "vi", tmp_path / "none.parquet"))["diagnostics"] == []
    assert run_of(report, tmp_path / "none.parquet")["results"] == []
