"""Legal lines and the rules that serve them: which line has which rules, and which has none."""

from __future__ import annotations

from collections.abc import Iterable

from landxml.law import Document, documents, lines
from landxml_validator.rule import Rule

__all__ = ["by_line", "most_served"]


def by_line(rules: Iterable[Rule]) -> dict[str, list[str]]:
    """Return the codes of the rules that serve a line, by its id, for every line there is.

    >>> from landxml_validator.rule import builtin
    >>> by_line(builtin().values())["TT10-2024/29"]
    ['CRT001', 'UNQ003']
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
