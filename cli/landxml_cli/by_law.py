"""Rules by the legal lines that they serve, for ``landxml rules --by-law``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Styled

from landxml.law import Document
from landxml.text import Text
from landxml_cli.drawing import READING, drawn, heading
from landxml_cli.messages import say
from landxml_reports import wording
from landxml_validator.by_law import by_line, most_served
from landxml_validator.rule import Rule

__all__ = ["as_data", "drawing"]


def drawing(rules: list[Rule], lang: str, *, whole: bool) -> str:
    """Draw each document with its lines, their rules or why they have none; then each rule with its lines.

    Parameters
    ----------
    whole
        These are all rules: lines that none of them serves are shown, too.
    """
    served = by_line(rules)
    parts: list[RenderableType] = []
    for document in most_served(served):
        if whole or any(served[id_] for id_ in document.lines):
            parts += [*_head(document, lang), _lines(document, served, lang, whole=whole), ""]
    table = _table()
    for rule in rules:
        table.add_row(rule.code, "", ", ".join(rule.law))
    return drawn(*parts, heading(say(lang, "by-law.rules")), table)


def as_data(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return the documents for programs: each line with its citation and the codes of its rules."""
    served = by_line(rules)
    return [
        {
            **msgspec.to_builtins(document),
            "name": document.name,
            "lines": [
                {**msgspec.to_builtins(line), "citation": line.citation, "rules": served[line.id]}
                for line in document.lines.values()
            ],
        }
        for document in most_served(served)
    ]


def _head(document: Document, lang: str) -> Iterator[RenderableType]:
    """Name a document, its subject and its days."""
    yield heading(document.name.get(lang))
    yield Styled(f"  {document.title.get(lang)}")
    days = wording.days(document).get(lang)
    yield Styled("  " + " · ".join(filter(None, (days, document.evidence))), "dim")


def _lines(document: Document, served: dict[str, list[str]], lang: str, *, whole: bool) -> Table:
    table = _table()
    why: Text | None = None
    for line in document.lines.values():
        if not whole and not served[line.id]:
            continue
        said = line.text.get(lang)
        unit = f" [{wording.label(f'unit.{line.unit}').get(lang)}]" if line.unit else ""
        rules = Styled(", ".join(served[line.id]))
        if line.why:  # said once for a line and those below it
            told = "" if line.why == why else f": {line.why.get(lang)}"
            rules = Styled(say(lang, "by-law.none") + told, "dim")
        why = line.why
        table.add_row(line.id, Styled(said + unit), rules)
        if line.limits:
            table.add_row("", "", Styled(line.limits.get(lang), "dim"))
    return table


def _table() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(max_width=READING // 2)
    table.add_column(max_width=READING, overflow="fold")
    return table
