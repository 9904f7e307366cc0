"""Legal lines and the rules that serve them: which line has which rules, and which has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from landxml.law import Document, above, documents, lines
from landxml_validator.report import LineResult, Result, State
from landxml_validator.rule import Rule

__all__ = ["by_line", "judged", "most_served"]

_WORST_FIRST: tuple[State, ...] = ("failed", "not-evaluated", "passed", "not-applicable")


def by_line(rules: Iterable[Rule]) -> dict[str, list[str]]:
    """Return the codes of the rules that serve a line, by its id, for every line there is.

    >>> from landxml_validator.rule import builtin
    >>> by_line(builtin().values())["TT10-2024/29"]
    ['CRT001', 'UNQ003', 'UNQ008']
    """
    served: dict[str, list[str]] = {id_: [] for id_ in lines()}
    for rule in rules:
        for id_ in rule.law:
            served[id_].append(rule.code)
    return served


def most_served(served: dict[str, list[str]]) -> list[Document]:
    """Return the documents, those first whose lines have the most rules."""
    return sorted(
        documents().values(),
        key=lambda document: -len({code for id_ in document.lines for code in served[id_]}),
    )


def judged(results: Iterable[Result], day: dt.date) -> list[LineResult]:
    """Return what became of every line, in documents as they are on a day."""
    results = list(results)
    served = by_line(result.rule for result in results)
    below: dict[str, list[Result]] = {id_: [] for id_ in served}
    for result in results:
        for id_ in {wide for line in result.rule.law for wide in above(line)} & below.keys():
            below[id_].append(result)
    return [
        LineResult(
            line=line,
            citation=line.citation,
            status=document.status(day),
            state=min(
                (each.state for each in below[line.id]), key=_WORST_FIRST.index, default="not-evaluated"
            ),
            rules=served[line.id],
            findings=sum(each.count for each in below[line.id]),
        )
        for document in most_served(served)
        for line in document.lines.values()
    ]
