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
from landxml_validator.configuration import Setting, deciding, off, profile_of
from landxml_validator.families import OWN, families
from landxml_validator.profile import Profile
from landxml_validator.rule import Rule, Stage, builtin
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
    settings
        What was changed in the profile, and where that is said.
    """

    profile: Profile
    rules: dict[str, Rule]
    classes: dict[str, Text]
    ignored: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    communes: dict[str, dict[str, dict[str, Any]]] = {}
    settings: tuple[Setting, ...] = ()

    @property
    def active(self) -> dict[str, Rule]:
        """The rules that are evaluated, by code."""
        return {code: rule for code, rule in self.rules.items() if code not in self.ignored}

    def at(self, *stages: Stage) -> tuple[Rule, ...]:
        """Return the rules that are decided at these stages."""
        return tuple(rule for rule in self.active.values() if rule.stage in stages)

    def of_commune(self, code: str) -> tuple[Rule, ...]:
        """Return the rules that are decided at stage ``commune``, as they are in one of them."""
        values = self.communes.get(code, {})
        return tuple(rule.given(values.get(rule.code, {})) for rule in self.at("commune"))

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
    made = RuleSet(
        profile=msgspec.structs.replace(profile, required=[*profile.required, *added]),
        rules=rules,
        classes=titles | dict.fromkeys(left, OTHER),
        ignored=frozenset(
            code for code, rule in rules.items() if code in absent or off(settings, code, rule.conformance)
        ),
        absent=frozenset(absent),
        communes=_local(rules, settings),
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


def _local(rules: Mapping[str, Rule], settings: Iterable[Setting]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the parameters that differ in communes."""
    codes = dict.fromkeys(each.commune for each in settings if each.commune and each.key == "parameters")
    found: dict[str, dict[str, dict[str, Any]]] = {code: {} for code in codes}
    for rule in (rule for rule in rules.values() if rule.stage == "commune"):
        for code, name in product(codes, rule.parameters):
            if local := deciding(settings, "parameters", rule.code, name=name, commune=code):
                found[code].setdefault(rule.code, {})[name] = local.value
    return found


def _refuse_differing(made: RuleSet, profile: Profile) -> None:
    """Refuse settings after which rules that share a parameter have different values of it."""
    found = dict(_differing(made, made.active, ""))
    for commune in made.communes:
        here = {rule.code: rule for rule in made.of_commune(commune)}
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
