"""The report as one HTML file in both languages: fetches nothing, runs no data, reads well unscripted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import get_args

import jinja2
import shapely

from landxml.dictionary import national
from landxml.law import document, documents
from landxml.text import Text
from landxml_reports import ladder_chart, overview, page, wording
from landxml_reports import map as maps
from landxml_validator.report import Conformance, Finding, LineResult, Report, Result, Sketch, State
from landxml_validator.rule import Severity
from landxml_validator.samples import spread
from landxml_validator.surroundings import Shape

__all__ = ["render"]

STATES: tuple[State, ...] = ("failed", "passed", "not-applicable", "not-evaluated")
MILDER: tuple[Severity, ...] = ("warning", "info")
OPEN_RULES = 10
"""Failed rules that are unfolded at first; the rest are folded so that the list can be overseen."""
OPEN_CAUSES, MOST_CAUSES = 10, 200
"""Causes that are shown at first, and in all."""
MOST_FILES = 500
ROWS = 2_000
"""Findings listed in all: with them the page opens at once on a slow computer."""


def render(report: Report, lang: str) -> str:
    """Render the report as a self-contained page that opens in ``vi`` or ``en``.

    Its size does not grow with the findings: rules share :data:`ROWS`. Counts are exact all the same.
    """
    failed = wording.worst_first(report)
    most = _level([len(result.samples) for result in failed], ROWS)
    folded = {state: [r for r in report.results if r.state == state] for state in STATES[1:]}
    return _template().render(
        report=report,
        lang=lang,
        failed=failed,
        failing={result.rule.conformance for result in failed},
        filters=_filters(report, failed),
        most=most,
        whole=all(result.count <= min(most, len(result.samples)) for result in failed),
        folded=folded,
        causes=[(c, wording.shared(report, c), wording.extent(c)) for c in wording.causes(report)],
        classes=[(c, _parts(report, c)) for c in report.conformance],
        total_bytes=sum(file.bytes for file in report.files),
        total_records=sum(report.records.values()),
        open_rules=OPEN_RULES,
        open_causes=OPEN_CAUSES,
        most_causes=MOST_CAUSES,
        most_files=MOST_FILES,
        law=[(documents()[id_], list(lines)) for id_, lines in groupby(report.law, key=_document_of)],
        results={result.rule.code: result for result in report.results},
        shown=lambda result: spread(result.samples, _commune_of, most),
        excerpts={each.number: each for each in report.excerpts},
        maps={each.number: [_shape(sketch) for sketch in each.shapes] for each in report.maps},
    )


@cache
def _template() -> jinja2.Template:
    return page.template(
        "report.html.jinja",
        ["filter.js", "map.js"],
        words=wording.labels(),
        share=wording.share,
        size=wording.size,
        date=wording.date,
        time=wording.time,
        verdict=wording.verdict,
        why=wording.why,
        message=wording.message,
        milder=wording.milder,
        reason=wording.reason,
        sides=wording.SIDES,
        commune=wording.commune,
        worst_communes=wording.worst_communes,
        least_linked=wording.least_linked,
        border=wording.border,
        purpose=wording.purpose,
        value=wording.value,
        rung=wording.rung,
        point=wording.point,
        svg=maps.svg,
        bars=ladder_chart.svg,
        overview=overview.svg,
        levels=overview.LEVELS,
        most_at=wording.most_at,
        class_title=_class_title,
        legal=wording.legal,
        setting=wording.setting,
        days=wording.days,
        out_of_force=wording.out_of_force,
    )


def _level(lengths: Iterable[int], most: int) -> int:
    """Return how many of each list are shown so that all together are at most so many.

    >>> _level([3, 500, 40], 100), _level([3, 5], 100)
    (57, 5)
    """
    ordered = sorted(lengths)
    for index, length in enumerate(ordered):
        share = most // (len(ordered) - index)
        if length > share:
            return share
        most -= length
    return max(ordered, default=0)


def _filters(report: Report, failed: Sequence[Result]) -> list[tuple[str, list[tuple[str, Text]]]]:
    """Return by what findings are chosen: values and what they are called."""
    names = {each.commune: wording.commune(each) for each in report.by_commune}
    communes = sorted({code for result in failed for code in result.by_commune})
    unknown = wording.label("link.unknown")
    failing = {result.rule.conformance for result in failed}
    severities = [name for name in get_args(Severity) if any(r.counted(name) for r in failed)]
    rules = sorted((result.rule.code, result.rule.title) for result in failed)
    return [
        (
            "commune",
            [(code or "-", names.get(code, Text(code, code)) if code else unknown) for code in communes],
        ),
        ("class", [(each.id, each.title) for each in report.conformance if each.id in failing]),
        ("rule", [(code, title.map(f"{code} {{}}".format)) for code, title in rules]),
        ("severity", [(name, wording.label(f"severity.{name}")) for name in severities]),
    ]


def _commune_of(finding: Finding) -> str:
    return finding.commune


def _shape(sketch: Sketch) -> Shape:
    return Shape(sketch.role, shapely.from_wkt(sketch.wkt), sketch.label)


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
