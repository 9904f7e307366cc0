"""``landxml rule CODE``: one rule in full."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from rich.console import RenderableType
from rich.text import Text as Styled

from landxml_cli.configured import added
from landxml_cli.drawing import drawn, heading, paragraph
from landxml_cli.messages import say, unknown
from landxml_cli.outputs import as_json
from landxml_cli.rules import STYLES
from landxml_cli.terminal import put
from landxml_cli.types import Complaint
from landxml_reports import wording
from landxml_validator.families import family
from landxml_validator.rule import Parameter, Rule, builtin

__all__ = ["show"]


def show(lang: str, code: str, rules: tuple[str, ...], format_: str) -> None:
    """Explain one rule."""
    known = builtin() | added(rules)
    found = known.get(code.strip().upper())
    if found is None:
        raise Complaint(unknown(lang, "no-rule", code, known))
    if format_ == "json":
        put(as_json(found))
    else:
        query = indent(f"\n{found.sql.strip()}", "  ") if found.sql else ""
        put(drawn(*_sheet(found, lang)) + (f"\n\nSQL{query}" if query else ""))


def _sheet(rule: Rule, lang: str) -> Iterator[RenderableType]:
    """Everything about a rule, what a land officer needs first."""
    severity = wording.label(f"severity.{rule.severity}").get(lang)
    yield Styled.assemble((rule.code, "bold"), "  ", (rule.title.get(lang), "bold"))
    said = [family(rule.code).title.get(lang)]
    said += [say(lang, "rule.since", version=rule.since)] if rule.since else []
    yield Styled.assemble((severity, STYLES[rule.severity]), *(f" · {each}" for each in said))
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
            yield paragraph(text)


def _parameter(name: str, parameter: Parameter, lang: str) -> str:
    default = parameter.default
    value = ", ".join(default) if isinstance(default, list) else str(default)
    meaning = parameter.en if lang == "en" else parameter.vi
    return f"{name} = {' '.join(filter(None, (value, parameter.unit)))}: {meaning}"
