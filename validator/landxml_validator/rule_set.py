"""The rule set of a run: rules as its profile has them. Made once, before the run, and passed on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from landxml import law
from landxml.layouts import Layout
from landxml.text import Text
from landxml_validator import profile
from landxml_validator.configuration import Setting, deciding, off
from landxml_validator.families import OWN, families
from landxml_validator.profile import Profile
from landxml_validator.rule import Rule, Stage, builtin

__all__ = ["RuleSet", "load", "of"]

OTHER = Text("Các quy tắc khác", "Other rules")
"""Title of the class of rules that are in none of those that a profile names."""


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """Rules, and what they are judged by.

    Attributes
    ----------
    profile
        Which conformance classes are required.
    rules
        Every rule, by code, with the severity and the parameters that the profile gives it.
    classes
        Titles of the conformance classes, by id; each rule belongs to one of them.
    ignored
        Codes of the rules that are not evaluated.
    absent
        Those of them that are no part of the profile.
    settings
        What was changed in the profile, and where that is said.
    """

    profile: Profile
    rules: dict[str, Rule]
    classes: dict[str, Text]
    ignored: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    settings: tuple[Setting, ...] = ()

    @property
    def active(self) -> dict[str, Rule]:
        """The rules that are evaluated, by code."""
        return {code: rule for code, rule in self.rules.items() if code not in self.ignored}

    def at(self, *stages: Stage) -> tuple[Rule, ...]:
        """Return the rules that are decided at these stages."""
        return tuple(rule for rule in self.active.values() if rule.stage in stages)

    @property
    def digest(self) -> str:
        """SHA-256 of all that it says, texts, checks and schemas included: equal ones find the same."""
        said = [msgspec.json.encode(msgspec.structs.replace(self, settings=()), order="deterministic")]
        said += [rule.source.encode() for rule in self.rules.values()]
        for layout in self.profile.own:  # its files are no part of the program
            paths = [*sorted(Path(layout.folder).rglob("*")), Path(layout.mapping)]
            said += [path.read_bytes() for path in paths if path.is_file()]
        return hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in said)).hexdigest()


def load(
    name: str,
    layouts: Iterable[Layout] = (),
    settings: Iterable[Setting] = (),
    rules: Iterable[Rule] = (),
) -> RuleSet:
    """Return the built-in rules, and others, as a profile has them.

    Parameters
    ----------
    name
        As for :func:`landxml_validator.profile.load`.
    layouts
        Layouts beside the built-in ones and that of the profile.
    settings
        What is changed in the profile (:mod:`landxml_validator.configuration`).
    rules
        Rules of the user's own (:mod:`landxml_validator.own_rules`). They are a conformance class, which is
        required whatever the profile.
    """
    found = profile.load(name)
    return of(msgspec.structs.replace(found, own=(*found.own, *layouts)), tuple(settings), rules)


def of(profile: Profile, settings: tuple[Setting, ...] = (), own: Iterable[Rule] = ()) -> RuleSet:
    """Return the built-in rules and others as a profile has them, and settings change them."""
    known = builtin() | {rule.code: rule for rule in own}
    rules = {code: _changed(rule, profile, settings) for code, rule in known.items()}
    added = {OWN.id: OWN.title} if len(known) > len(builtin()) else {}
    titles = {name: law.heading(place) for name, place in profile.classes.items()}
    titles = titles or {family.id: family.title for family in families().values()}
    titles |= added
    left = {rule.conformance for rule in rules.values()} - titles.keys()
    absent = {code for code in rules if code.startswith(tuple(profile.leaves))}
    return RuleSet(
        profile=msgspec.structs.replace(profile, required=[*profile.required, *added]),
        rules=rules,
        classes=titles | dict.fromkeys(left, OTHER),
        ignored=frozenset(code for code in rules if code in absent or off(settings, code)),
        absent=frozenset(absent),
        settings=settings,
    )


def _changed(rule: Rule, profile: Profile, settings: tuple[Setting, ...]) -> Rule:
    values = dict(profile.parameters.get(rule.code, {}))
    for name in rule.parameters:
        if found := deciding(settings, "parameters", rule.code, name):
            values[name] = found.value
    level = deciding(settings, "severity", rule.code)
    return msgspec.structs.replace(
        rule.given(values),
        severity=level.value if level else profile.severity.get(rule.code, rule.severity),
        conformance=_class(rule, profile),
    )


def _class(rule: Rule, profile: Profile) -> str:
    """Return the class of a rule: the narrowest around the first of its legal lines that is in any."""
    if not profile.classes or rule.added:
        return rule.conformance
    owners = {place: name for name, place in profile.classes.items()}
    around = (place for line in rule.law for place in law.above(line))
    return next((owners[place] for place in around if place in owners), "other")
