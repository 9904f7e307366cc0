"""The findings as SARIF 2.1.0 (OASIS), as GitHub and others take it.

GitHub keeps 5,000 results of a run, and not the worst: so there are no more here, errors first, and of every
rule some. Rules refer to two taxonomies, the lines of the law and the quality elements of ISO 19157.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import IO, Any
from urllib.parse import quote

import msgspec

from landxml.database import connect, rows_of
from landxml.files import Path_
from landxml.law import cite
from landxml_reports import wording
from landxml_reports.diagnostics import COLUMNS, path_of, told
from landxml_validator.report import Report, Result
from landxml_validator.rule import Rule

__all__ = ["MOST", "write"]

MOST = 5_000
"""Results that are listed."""
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_FIRST = """
WITH turn AS (
  SELECT number, rule, state <> 'new' AS aside, list_position(['error', 'warning', 'info'], severity) AS rank,
    row_number() OVER (PARTITION BY rule, aside ORDER BY number) AS turn FROM Finding
), first AS (FROM turn ORDER BY aside, rank, turn, rule LIMIT $most)
SELECT Finding.* FROM Finding JOIN first USING (number) ORDER BY aside, rank, turn, first.rule"""


def write(report: Report, findings: Path_, lang: str, out: IO[bytes]) -> None:
    """Write a log with one run: findings that count before those of the baseline and those suppressed."""
    rows, count = _first(findings)
    rules = {result.rule.code: result for result in report.results}
    used = {code: number for number, code in enumerate(sorted({row["rule"] for row in rows}))}
    taxonomies = [
        _Taxonomy("law", wording.label("legal-basis").get(lang)),
        _Taxonomy("ISO 19157", "ISO 19157"),
    ]
    driver = {
        "name": "landxml",
        "version": report.tool.rpartition(" ")[2],
        "language": lang,
        "rules": [_rule(rules[code], taxonomies, lang) for code in used],
        "supportedTaxonomies": [{"name": each.name, "index": i} for i, each in enumerate(taxonomies)],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"landxml/{report.profile}/"},
        "invocations": [_invocation(report, len(rows), count, lang)],
        "taxonomies": [each.component(lang) for each in taxonomies],
        "results": [_result(report, row, used, lang) for row in rows],
        "columnKind": "unicodeCodePoints",
        "properties": {"verdict": report.verdict, "errors": report.errors, "warnings": report.warnings},
    }
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    out.write(msgspec.json.encode({"$schema": schema, "version": "2.1.0", "runs": [run]}) + b"\n")


def _first(findings: Path_) -> tuple[list[dict[str, Any]], int]:
    """Return the findings that are listed, the first of each rule before the second; count all."""
    path = os.fspath(findings)
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    rows = f"SELECT file_row_number AS number, {columns} FROM {rows_of([path], file_row_number=True)}"
    with connect(reads=[path], threads=2) as con:
        con.execute(f"CREATE VIEW Finding AS {rows}")
        (count,) = con.execute("SELECT count(*) FROM Finding").fetchall()[0]
        return con.sql(_FIRST, params={"most": MOST}).to_arrow_table().to_pylist(), count


class _Taxonomy:
    """Terms that rules refer to, numbered as they are first met."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title, self.terms = name, title, dict[str, int]()

    def relation(self, index: int, term: str) -> dict[str, Any]:
        number = self.terms.setdefault(term, len(self.terms))
        component = {"name": self.name, "index": index}
        return {"target": {"id": term, "index": number, "toolComponent": component}, "kinds": ["relevant"]}

    def component(self, lang: str) -> dict[str, Any]:
        def said(term: str) -> str:
            return cite([term]).get(lang) if self.name == "law" else term

        taxa = [{"id": term, "shortDescription": {"text": _escaped(said(term))}} for term in self.terms]
        return {"name": self.name, "shortDescription": {"text": self.title}, "taxa": taxa}


def _rule(result: Result, taxonomies: Sequence[_Taxonomy], lang: str) -> dict[str, Any]:
    rule: Rule = result.rule
    basis = wording.label("legal-basis").get(lang)
    help_ = f"{rule.fix.get(lang)} {basis}: {rule.legal.get(lang)}"
    law, iso = taxonomies
    relations = [law.relation(0, line) for line in rule.law]
    if rule.measure:  # an own rule need not have one
        relations.append(iso.relation(1, rule.measure))
    return {
        "id": rule.code,
        "shortDescription": {"text": _escaped(rule.title.get(lang))},
        "fullDescription": {"text": _escaped(rule.explain.get(lang))},
        "help": {"text": _escaped(help_)},
        "defaultConfiguration": {"level": LEVELS[result.severity]},
        "relationships": relations,
        "properties": {"tags": [rule.conformance]},
    }


def _invocation(report: Report, shown: int, count: int, lang: str) -> dict[str, Any]:
    """Tell how it went: what is not listed here, and which rules were not evaluated."""
    notes: list[dict[str, Any]] = []
    if shown < count:
        numbers = {"shown": wording.number(shown), "count": wording.number(count)}
        said = wording.label("listed-of", **numbers).get(lang)
        notes.append({"level": "warning", "message": {"text": _escaped(said)}})
    for result in report.results:
        if result.state == "not-evaluated":
            said = wording.reason(result).get(lang) or wording.label("state.not-evaluated").get(lang)
            text = _escaped(f"{result.rule.code} {result.rule.title.get(lang)}: {said}")
            notes.append({"level": "note", "message": {"text": text}})
    return {
        "executionSuccessful": not report.missing and bool(report.records),
        "exitCode": report.exit_code(),
        "toolExecutionNotifications": notes,
    }


def _result(report: Report, row: dict[str, Any], used: dict[str, int], lang: str) -> dict[str, Any]:
    found = told(report, row, lang)
    physical: dict[str, Any] = {"artifactLocation": _artifact(path_of(report, row["file"]))}
    if found.line:
        physical["region"] = {"startLine": found.line}
    name = wording.safe(row["key"] or row["id"] or row["place"] or found.path)
    full = wording.safe("/".join(_filled(row[part] for part in ("file", "part", "cls", "id", "path"))))
    data = {
        "ruleId": found.rule,
        "ruleIndex": used[found.rule],
        "level": LEVELS[found.severity],
        "message": {"text": _escaped(found.text)},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"name": name, "fullyQualifiedName": full or name, "kind": "object"}],
            }
        ],
        "partialFingerprints": {
            "landxml/v1": found.fingerprint,
            "primaryLocationLineHash": f"{found.fingerprint}:1",  # by which GitHub knows it again
        },
        "properties": {each: row[each] for each in ("parcel", "commune", "x", "y") if row[each]},
    }
    if report.baseline:  # these two are of all results of a run, or of none (§3.27.23, 3.27.24)
        data["baselineState"] = "unchanged" if row["state"] == "known" else "new"
    if report.suppressions:
        left = {"kind": "external", "status": "accepted"}
        data["suppressions"] = [left] if row["state"] == "suppressed" else []
    return data


def _filled(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]


def _artifact(path: str) -> dict[str, str]:
    """Return a URI, in which no name of a file means anything but itself."""
    if PurePath(path).is_absolute():
        return {"uri": PurePath(path).as_uri()}
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


_MARKS = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"})


def _escaped(text: str) -> str:
    r"""Let no text be a link or a place to be filled in: ``\[``, ``\]``, ``{{``, ``}}`` (§3.11.5, 3.11.6)."""
    return wording.safe(text).translate(_MARKS)
