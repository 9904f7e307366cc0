"""The report as a short page in Markdown, for the summary of a pipeline's step or a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from landxml_reports import wording
from landxml_validator.report import Report

__all__ = ["render"]

MOST = 10
"""Causes that are told."""
WIDEST = 300
"""Letters of a text that are shown: a summary of GitHub that is larger than 1 MB is lost as a whole."""
_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def render(report: Report, lang: str) -> str:
    """Render verdict, conformance classes, causes, and the rules that failed, worst first."""

    def say(name: str) -> str:
        return wording.label(name).get(lang)

    def number(count: int) -> str:
        return wording.number(count).get(lang)

    lines = [
        f"## {_plain(wording.verdict(report).get(lang))}", "", _plain(wording.why(report).get(lang)), "",
        f"{_plain(report.profile)} · {report.as_of} · {_plain(report.tool)}", "",
    ]  # fmt: skip
    classes = [
        (each.title.get(lang), say(f"state.{each.state}"), number(each.errors), number(each.warnings))
        for each in report.conformance
    ]
    lines += _table((say("conformance"), "", say("errors"), say("warnings")), classes)
    causes = [
        (number(cause.count), cause.rule, wording.shared(report, cause).get(lang), cause.example.where)
        for cause in wording.causes(report)[:MOST]
    ]
    lines += _table(("", "", say("causes"), ""), causes)
    failed = [
        (number(each.count), each.rule.code, say(f"severity.{each.severity}"), each.rule.title.get(lang))
        for each in wording.worst_first(report)
    ]
    lines += _table(("", "", "", say("rules-failed")), failed)
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield _row(head)
        yield _row(["---"] * len(head), plain=True)
        yield from map(_row, rows)
        yield ""


def _row(cells: Sequence[str], *, plain: bool = False) -> str:
    return f"| {' | '.join(cells if plain else map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Let a text be text: neither HTML nor Markdown."""
    short = wording.safe(text)
    short = short if len(short) <= WIDEST else f"{short[:WIDEST]}…"
    return _MARKS.sub(r"\\\1", short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
