"""Workflow commands of GitHub: the worst findings as annotations; of a kind it shows ten per step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice, zip_longest

from landxml_reports import wording
from landxml_reports.diagnostics import path_of, said
from landxml_validator.report import Finding, Report, Result

__all__ = ["render"]

MOST = 10
"""Annotations of a kind that a step shows."""
KINDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report, lang: str) -> str:
    """Render the first of each rule, then the second, and so on: at most ten errors, warnings, notices."""
    lines = [
        _command(report, result, finding, lang)
        for severity in KINDS
        for result, finding in islice(_in_turn(report, severity), MOST)
    ]
    return "".join(f"{line}\n" for line in lines)


def _in_turn(report: Report, severity: str) -> Iterator[tuple[Result, Finding]]:
    columns = zip_longest(
        *(
            [(result, each) for each in result.samples if result.level(each.commune) == severity]
            for result in wording.worst_first(report)
        )
    )
    return (pair for pair in chain.from_iterable(columns) if pair)


def _command(report: Report, result: Result, finding: Finding, lang: str) -> str:
    place = {"file": path_of(report, finding.file)}
    if finding.line and "!/" not in finding.file:
        place["line"] = str(finding.line)
    message = wording.message(result, finding).get(lang)
    text = said(finding.file, finding.where, finding.key or finding.id, message)
    named = place | {"title": f"{result.rule.code} {result.rule.title.get(lang)}"}
    properties = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in named.items())
    return f"::{KINDS[result.level(finding.commune)]} {properties}::{_escaped(text, _DATA)}"


_DATA = str.maketrans({"%": "%25"})
_PROPERTY = str.maketrans({"%": "%25", ":": "%3A", ",": "%2C"})


def _escaped(text: str, marks: Mapping[int, str]) -> str:
    """Escape what would end a command, or a property of it; a line is never ended."""
    return wording.safe(text).translate(marks)
