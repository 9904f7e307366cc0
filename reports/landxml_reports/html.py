"""The report as one HTML file in both languages: fetches nothing, runs no data, reads well unscripted."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import groupby

import jinja2

from landxml.dictionary import national
from landxml.law import document, documents
from landxml.text import Text
from landxml_reports import page, wording
from landxml_validator.report import Conformance, LineResult, Report, State
from landxml_validator.rule import Severity

__all__ = ["render"]

STATES: tuple[State, ...] = ("failed", "passed", "not-applicable", "not-evaluated")
MILDER: tuple[Severity, ...] = ("warning", "info")
OPEN_RULES = 10
"""Failed rules that are unfolded at first; the rest are folded so that the list can be overseen."""


def render(report: Report, lang: str) -> str:
    """Render the report as a self-contained page that opens in ``vi`` or ``en``."""
    folded = {state: [r for r in report.results if r.state == state] for state in STATES[1:]}
    return _template().render(
        report=report,
        lang=lang,
        failed=wording.worst_first(report),
        folded=folded,
        causes=[(c, wording.shared(report, c), wording.extent(c)) for c in wording.causes(report)],
        classes=[(c, _parts(report, c)) for c in report.conformance],
        total_bytes=sum(file.bytes for file in report.files),
        total_records=sum(report.records.values()),
        open_rules=OPEN_RULES,
        law=[(documents()[id_], list(lines)) for id_, lines in groupby(report.law, key=_document_of)],
        results={result.rule.code: result for result in report.results},
    )


@cache
def _template() -> jinja2.Template:
    return page.template(
        "report.html.jinja",
        share=wording.share,
        size=wording.size,
        date=wording.date,
        time=wording.time,
        why=wording.why,
        message=wording.message,
        reason=wording.reason,
        sides=wording.SIDES,
        commune=wording.commune,
        worst_communes=wording.worst_communes,
        least_linked=wording.least_linked,
        border=wording.border,
        purpose=wording.purpose,
        value=wording.value,
        rung=wording.rung,
        most_at=wording.most_at,
        class_title=_class_title,
        legal=wording.legal,
        setting=wording.setting,
        days=wording.days,
        out_of_force=wording.out_of_force,
    )


def _document_of(line: LineResult) -> str:
    return document(line.line.id).id


def _parts(report: Report, conformance: Conformance) -> list[tuple[str, Text, int]]:
    """Count the rules of a conformance class by outcome: state, or severity if a failure is no error."""
    rules = [r for r in report.results if r.rule.conformance == conformance.id]
    milder: Counter[Severity] = Counter(
        r.severity for r in rules if r.state == "failed" and r.severity != "error"
    )
    states = Counter(r.state for r in rules if r.state != "failed" or r.severity == "error")
    parts = [(str(name), wording.label(f"state.{name}"), states[name]) for name in STATES]
    parts[1:1] = [(name, wording.label(f"rules.{name}"), milder[name]) for name in MILDER]
    return [part for part in parts if part[2]]


def _class_title(name: str) -> Text:
    known = national().classes.get(name)
    return Text(vi=known.vi, en=known.en) if known else Text(vi="", en="")
