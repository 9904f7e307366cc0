"""What there is: the rules, one rule in full, the layouts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import indent
from typing import Any

import click
import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Styled

import landxml_schemas
from landxml_cli.help import Command
from landxml_cli.messages import say, unknown
from landxml_cli.terminal import as_json, drawn, heading, put
from landxml_cli.types import Complaint, Plain, Word, shared
from landxml_reports import wording
from landxml_validator.rule import Parameter, Rule, Severity, builtin, families

__all__ = ["layouts", "listed", "rule", "rules"]

READING = 96
"""Widest column of running text."""
STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}

_format = click.option("--format", "format_", type=Word(lambda: ("text", "json")), default="text")


@click.command(cls=Command)
@click.option("--family", type=Word(families))
@_format
@shared
@click.pass_obj
def rules(lang: str, family: str | None, format_: str) -> None:
    """List the rules."""
    chosen = [rule for code, rule in builtin().items() if not family or code.startswith(family)]
    if format_ == "json":
        put(as_json([_plain(rule) for rule in chosen]))
        return
    parts: list[RenderableType] = []
    for prefix, group in groupby(chosen, lambda rule: rule.code[:3]):
        parts += [
            heading(f"{prefix}  {families()[prefix].title.get(lang)} ({families()[prefix].id})"),
            listed(((rule, rule.severity, "") for rule in group), lang),
            "",
        ]
    put(drawn(*parts, say(lang, "rules-total", count=len(chosen))))


def listed(rows: Iterable[tuple[Rule, Severity, str]], lang: str) -> Table:
    """Lay out rules with their severities, and a number before each if there are numbers."""
    lines = list(rows)
    names = {severity: wording.label(f"severity.{severity}").get(lang) for severity in STYLES}
    table = Table(box=None, show_header=False, padding=(0, 1))
    if any(number for _, _, number in lines):
        table.add_column(justify="right", min_width=6)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, min_width=max(map(len, names.values())))
    table.add_column(max_width=READING)
    for rule, severity, number in lines:
        cells = (rule.code, Styled(names[severity], STYLES[severity]), rule.title.get(lang))
        table.add_row(*filter(None, (number,)), *cells)
    return table


@click.command(cls=Command)
@click.argument("code", type=Plain("CODE"))
@_format
@shared
@click.pass_obj
def rule(lang: str, code: str, format_: str) -> None:
    """Explain one rule."""
    found = builtin().get(code.strip().upper())
    if found is None:
        raise Complaint(unknown(lang, "no-rule", code, builtin()))
    if format_ == "json":
        put(as_json(_plain(found)))
    else:
        query = indent(f"\n{found.sql.strip()}", "  ") if found.sql else ""
        put(drawn(*_sheet(found, lang)) + (f"\n\nSQL{query}" if query else ""))


def _sheet(rule: Rule, lang: str) -> Iterator[RenderableType]:
    """Everything about a rule, what a land officer needs first."""
    severity = wording.label(f"severity.{rule.severity}").get(lang)
    yield Styled.assemble((rule.code, "bold"), "  ", (rule.title.get(lang), "bold"))
    family = families()[rule.code[:3]].title.get(lang)
    since = say(lang, "rule.since", version=rule.since)
    yield Styled.assemble((severity, STYLES[rule.severity]), " · ", family, " · ", since)
    stage = say(lang, f"stage.{rule.stage}")
    facts = (
        ("explain", rule.explain.get(lang)),
        ("fix", rule.fix.get(lang)),
        ("legal", rule.legal.get(lang)),
        ("message", "\n".join(text.get(lang) for text in (rule.message, *rule.cases.values()))),
        ("parameters", "\n".join(_parameter(n, p, lang) for n, p in rule.parameters.items())),
        ("applies-to", f"{', '.join(rule.applies_to) or say(lang, 'all')} ({stage})"),
        ("requires", ", ".join(say(lang, f"capability.{name}") for name in rule.requires)),
        ("measure", rule.measure),
        ("evidence", rule.evidence),
    )
    for title, text in facts:
        if text:
            yield ""
            yield heading(say(lang, f"rule.{title}"))
            yield _text(text)


def _parameter(name: str, parameter: Parameter, lang: str) -> str:
    default = parameter.default
    value = ", ".join(default) if isinstance(default, list) else str(default)
    meaning = parameter.en if lang == "en" else parameter.vi
    return f"{name} = {' '.join(filter(None, (value, parameter.unit)))}: {meaning}"


@click.command(cls=Command)
@_format
@shared
@click.pass_obj
def layouts(lang: str, format_: str) -> None:
    """List the layouts."""
    known = landxml_schemas.layouts()
    if format_ == "json":
        put(as_json(list(known.values())))
        return
    parts: list[RenderableType] = []
    for layout in known.values():
        root = f"{{{layout['namespace']}}}{layout['root']}" if layout["namespace"] else layout["root"]
        parts += [
            heading(layout["id"]),
            _text(f"{layout['title'][lang]}\n{say(lang, 'root', root=root)}\n{layout['evidence'][lang]}"),
            "",
        ]
    put(drawn(*parts))


def _text(text: str) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    table.add_column(max_width=READING, overflow="fold")
    table.add_row(Styled(text))
    return table


def _plain(rule: Rule) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(rule)
    return plain
