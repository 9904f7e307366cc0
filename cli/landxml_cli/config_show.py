"""``landxml config show``: the rules as they are here, and where each value comes from."""

from __future__ import annotations

from typing import Any, NamedTuple

from rich.table import Table
from rich.text import Text as Styled

from landxml.text import Text
from landxml_cli.configured import configured
from landxml_cli.drawing import READING, drawn
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.rules import STYLES
from landxml_cli.terminal import put
from landxml_reports import wording
from landxml_validator import rule_set
from landxml_validator.configuration import Key, Setting, deciding, off, profile_of
from landxml_validator.rule import Rule
from landxml_validator.rule_set import RuleSet

__all__ = ["show"]


class Value(NamedTuple):
    """A value of a rule, and where it is said; None for that of the rule itself."""

    value: Any
    place: Text | None


def show(
    lang: str,
    *,
    config: str | None,
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    rules: tuple[str, ...],
    format_: str,
) -> None:
    """Show every rule with its severity and parameters, and where each is said."""
    settings, own = configured(lang, config, select, ignore, severity, profile=profile, rules=rules)
    known = rule_set.load(profile, settings=settings, rules=own)
    if format_ == "json":
        put(as_json([_data(rule, known) for rule in known.rules.values()]))
        return
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(max_width=READING)
    for code, rule in known.rules.items():
        level, left = _severity(rule, known), off(known.settings, code, rule.conformance)
        named = wording.label(f"severity.{level.value}").get(lang)
        table.add_row(
            Styled(code, "dim" if left else "bold"),
            Styled("–", "dim") if left else Styled(named, STYLES[level.value]),
            Styled(left.reason.get(lang), "dim") if left else _said(rule, known, level, lang),
        )
    said = profile_of(known.settings)
    named = known.profile.id + (f" ({said.place.get(lang)})" if said else "")
    counts = {"count": len(known.active), "all": len(known.rules), "profile": named}
    put(drawn(table, "", say(lang, "config-total", **counts)))


def _said(rule: Rule, rules: RuleSet, level: Value, lang: str) -> Styled:
    """Say what is not as in the rule itself, and its parameters."""
    parts = [f"({level.place.get(lang)})"] if level.place else []
    for name, (value, place) in _parameters(rule, rules).items():
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        parts.append(f"{name} = {shown}" + (f" ({place.get(lang)})" if place else ""))
    parts += [wording.setting(each).get(lang) for each in _local(rule, rules)]
    return Styled(" · ".join(parts))


def _data(rule: Rule, rules: RuleSet) -> dict[str, Any]:
    left = off(rules.settings, rule.code, rule.conformance)
    parameters = {name: each._asdict() for name, each in _parameters(rule, rules).items()}
    return {
        "code": rule.code,
        "ignored": left.reason if left else None,
        "severity": _severity(rule, rules)._asdict(),
        "parameters": parameters,
        "communes": _local(rule, rules),
    }


def _local(rule: Rule, rules: RuleSet) -> list[Setting]:
    """Return what is said of a rule for single communes, of each the setting that decides."""
    names = {(each.commune, each.key, each.name) for each in rules.settings if each.commune}
    found = (
        deciding(rules.settings, key, rule.code, name=name, commune=commune)
        for commune, key, name in sorted(names)
    )
    return [each for each in found if each and (not each.name or each.name in rule.parameters)]


def _severity(rule: Rule, rules: RuleSet) -> Value:
    return Value(rule.severity, _place("severity", rule, rules))


def _parameters(rule: Rule, rules: RuleSet) -> dict[str, Value]:
    return {
        name: Value(value, _place("parameters", rule, rules, name)) for name, value in rule.values.items()
    }


def _place(key: Key, rule: Rule, rules: RuleSet, name: str = "") -> Text | None:
    """Say where a value is from, a setting or the profile; None if it is that of the rule."""
    if found := deciding(rules.settings, key, rule.code, name=name, cls=rule.conformance):
        return found.place
    profile = rules.profile
    said = profile.severity if key == "severity" else profile.parameters.get(rule.code, {})
    return Text(f"hồ sơ {profile.id}", f"profile {profile.id}") if (name or rule.code) in said else None
