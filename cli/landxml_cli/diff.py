"""``landxml diff``: what became of the findings of an earlier check."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table

import landxml_units as units
from landxml.files import form
from landxml.localised import number
from landxml_cli.drawing import READING, drawn, heading
from landxml_cli.messages import say
from landxml_cli.outputs import as_json, destination
from landxml_validator.comparison import Change, compare
from landxml_validator.rule import builtin

__all__ = ["diff"]

COUNTS = ("new", "persisting", "gone")


def diff(lang: str, *, before: str, after: str, format_: str | None, output: str | None, force: bool) -> int:
    """Tell which findings are new, persist, or are gone, by rule and commune."""
    chosen = form(output, ("text", "json"), format_)
    with destination(output, lang, force=force) as write:
        found = compare(before, after)
        write(as_json(found) if chosen == "json" else drawn(*_drawing(found.changes, lang)))
    return int(any(change.new for change in found.changes if change.severity == "error"))


def _drawing(changes: list[Change], lang: str) -> Iterator[RenderableType]:
    by_rule, by_commune = _sums(changes, "rule"), _sums(changes, "commune")
    total = sum(by_rule.values(), Counter[str]())
    yield heading(say(lang, "diff", **_numbers(total, lang)))
    titles = {code: rule.title.get(lang) for code, rule in builtin().items()}
    if changes:
        yield _table("rules", by_rule, lambda code: titles.get(code, ""), lang)
        yield _table("communes", by_commune, _name, lang)


def _sums(changes: list[Change], key: str) -> dict[str, Counter[str]]:
    """Add the counts up by rule or commune."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        sums[getattr(change, key)].update({name: getattr(change, name) for name in COUNTS})
    return sums


def _table(title: str, sums: Mapping[str, Counter[str]], named: Callable[[str], str], lang: str) -> Table:
    """Lay out counts, those with most new findings first."""
    table = Table(box=None, padding=(0, 1))
    for name in COUNTS:
        table.add_column(say(lang, f"diff.{name}"), justify="right")
    table.add_column(say(lang, f"diff.{title}"), no_wrap=True)
    table.add_column(max_width=READING)
    for code in sorted(sums, key=lambda code: [*(-sums[code][name] for name in COUNTS), code]):
        table.add_row(*_numbers(sums[code], lang).values(), code or "–", named(code))
    return table


def _numbers(counts: Counter[str], lang: str) -> dict[str, str]:
    return {name: number(counts[name]).get(lang) for name in COUNTS}


def _name(code: str) -> str:
    names = [unit.name for unit in units.validities(code)]
    return names[-1] if names else ""
