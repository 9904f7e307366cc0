"""The rule set of a run: rules as its profile has them. Made once, before the run, and passed on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import msgspec

from landxml import law
from landxml.errors import LandXmlError
from landxml.layouts import Layout
from landxml.text import Text
from landxml_validator import profile
from landxml_validator.configuration import Key, Setting, deciding, off, profile_of
from landxml_validator.families import OWN, families
from landxml_validator.profile import Profile
from landxml_validator.rule import Rule, Severity, Stage, builtin
from landxml_validator.shared import differing

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
    communes
        Commune → rule code → values of parameters that differ there.
    levels
        Rule code → commune → severity that differs there.
    local
        Rules as they are in communes where their parameters differ, but for those of stage ``commune``.
    settings
        What was changed in the profile, and where that is said.
    """

    profile: Profile
    rules: dict[str, Rule]
    classes: dict[str, Text]
    ignored: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    communes: dict[str, dict[str, dict[str, Any]]] = {}
    levels: dict[str, dict[str, Severity]] = {}
    local: list[Rule] = []
    settings: tuple[Setting, ...] = ()

    @property
    def active(self) -> dict[str, Rule]:
        """The rules that are evaluated, by code."""
        return {code: rule for code, rule in self.rules.items() if code not in self.ignored}

    @property
    def named(self) -> dict[str, Rule]:
        """The rules that are evaluated, those of some communes beside those of all others, by name."""
        return self.active | {rule.name: rule for rule in self.local if rule.code not in self.ignored}

    def at(self, *stages: Stage) -> tuple[Rule, ...]:
        """Return the rules that are decided at these stages."""
        return tuple(rule for rule in self.named.values() if rule.stage in stages)

    def of_commune(self, code: str) -> tuple[Rule, ...]:
        """Return the rules that are decided at stage ``commune``, as they are in one of them."""
        values = self.communes.get(code, {})
        return tuple(rule.given(values.get(rule.code, {})) for rule in self.at("commune"))

    def level(self, code: str, commune: str) -> Severity:
        """Return the severity that findings of a rule have in a commune."""
        return self.levels.get(code, {}).get(commune, self.rules[code].severity)

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
    name: str | None,
    layouts: Iterable[Layout] = (),
    settings: Iterable[Setting] = (),
    rules: Iterable[Rule] = (),
) -> RuleSet:
    """Return the built-in rules, and others, as a profile has them.

    Parameters
    ----------
    name
        As for :func:`landxml_validator.profile.load`; by default the one that the settings name.
    layouts
        Layouts beside the built-in ones and that of the profile.
    settings
        What is changed in the profile (:mod:`landxml_validator.configuration`).
    rules
        Rules of the user's own (:mod:`landxml_validator.own_rules`). They are a conformance class, which is
        required whatever the profile.

    Raises
    ------
    LandXmlError
        If there is no such profile, or settings contradict each other.
    """
    said = profile_of(settings := tuple(settings))
    own = list(rules)
    known = builtin() | {rule.code: rule for rule in own}
    found = profile.load(name or (str(said.value) if said else profile.DEFAULT), known)
    followed = tuple(each for each in settings if each.key != "profile" or name is None)
    return of(msgspec.structs.replace(found, own=(*found.own, *layouts)), followed, own)


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
    communes = _differing_in(rules, settings)
    made = RuleSet(
        profile=msgspec.structs.replace(profile, required=[*profile.required, *added]),
        rules=rules,
        classes=titles | dict.fromkeys(left, OTHER),
        ignored=frozenset(
            code for code, rule in rules.items() if code in absent or off(settings, code, rule.conformance)
        ),
        absent=frozenset(absent),
        communes=communes,
        levels=_levels(rules, settings),
        local=_local(rules, communes),
        settings=settings,
    )
    _refuse_differing(made, profile)
    return made


def _changed(rule: Rule, profile: Profile, settings: tuple[Setting, ...]) -> Rule:
    values, cls = dict(profile.parameters.get(rule.code, {})), _class(rule, profile)
    for name in rule.parameters:
        if found := deciding(settings, "parameters", rule.code, name=name, cls=cls):
            values[name] = found.value
    level = deciding(settings, "severity", rule.code, cls=cls)
    return msgspec.structs.replace(
        rule.given(values),
        severity=level.value if level else profile.severity.get(rule.code, rule.severity),
        conformance=cls,
    )


def _communes(settings: Iterable[Setting], key: Key) -> dict[str, None]:
    """Return the communes of which something is said."""
    return dict.fromkeys(each.commune for each in settings if each.commune and each.key == key)


def _differing_in(
    rules: Mapping[str, Rule], settings: Iterable[Setting]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the parameters that differ in communes."""
    codes = _communes(settings, "parameters")
    found: dict[str, dict[str, dict[str, Any]]] = {code: {} for code in codes}
    for rule in rules.values():
        for code, name in product(codes, rule.parameters):
            if local := deciding(settings, "parameters", rule.code, name=name, commune=code):
                found[code].setdefault(rule.code, {})[name] = local.value
    return found


def _local(rules: Mapping[str, Rule], communes: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[Rule]:
    """Return the rules as they are in communes; one of those with the same values."""
    found: dict[bytes, Rule] = {}
    for commune, changed in communes.items():
        for rule in (rules[code].given(values) for code, values in changed.items()):
            if rule.stage != "commune" and rule.values != rules[rule.code].values:
                key = msgspec.json.encode((rule.code, rule.values))
                before = found.get(key, rule)
                found[key] = msgspec.structs.replace(before, communes=[*before.communes, commune])
    return list(found.values())


def _levels(rules: Mapping[str, Rule], settings: Iterable[Setting]) -> dict[str, dict[str, Any]]:
    """Return the severities that differ in communes; what the command line says holds everywhere."""
    found: dict[str, dict[str, Any]] = {}
    for rule, commune in product(rules.values(), _communes(settings, "severity")):
        general = deciding(settings, "severity", rule.code, cls=rule.conformance)
        here = deciding(settings, "severity", rule.code, commune=commune)
        if here and here.value != rule.severity and (general is None or general.file):
            found.setdefault(rule.code, {})[commune] = here.value
    return found


def _refuse_differing(made: RuleSet, profile: Profile) -> None:
    """Refuse settings after which rules that share a parameter have different values of it."""
    found = dict(_differing(made, made.active, ""))
    for commune in made.communes:
        values = made.communes[commune]
        here = {code: rule.given(values.get(code, {})) for code, rule in made.active.items()}
        found = dict(_differing(made, here, commune)) | found
    if found:
        said = {lang: "; ".join(text.get(lang) for text in found.values()) for lang in ("vi", "en")}
        raise LandXmlError(Text(**said).map(f"{profile.id}: {{}}".format))


def _differing(made: RuleSet, rules: Mapping[str, Rule], commune: str) -> Iterator[tuple[str, Text]]:
    for name, values in differing(rules):
        said = [
            _said(made, rules[code], parameter, value, commune) for (code, parameter), value in values.items()
        ]
        yield (
            name,
            Text(", ".join(each.vi for each in said), ", ".join(each.en for each in said))
            + Text(
                f": phải bằng nhau; hãy đặt chung bằng {name} trong [parameters]",
                f": they must be equal; set them together as {name} in [parameters]",
            ),
        )


def _said(made: RuleSet, rule: Rule, name: str, value: object, commune: str) -> Text:
    """Say what value a parameter has, and where that is said."""
    found = (
        deciding(made.settings, "parameters", rule.code, name=name, cls=rule.conformance, commune=where)
        for where in dict.fromkeys((commune, ""))
    )
    said = f"{rule.code}.{name} = {value}"
    place = next(filter(None, found), None)
    return place.place.map(f"{said} ({{}})".format) if place else Text(said, said)


def _class(rule: Rule, profile: Profile) -> str:
    """Return the class of a rule: the narrowest around the first of its legal lines that is in any."""
    if not profile.classes or rule.added:
        return rule.conformance
    owners = {place: name for name, place in profile.classes.items()}
    around = (place for line in rule.law for place in law.above(line))
    return next((owners[place] for place in around if place in owners), "other")
