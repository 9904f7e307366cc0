"""Schemes: criteria by which a plan or circular sorts parcels into groups; each is a TOML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from landxml.errors import LandXmlError
from landxml.mistakes import Mistake, converted, refusal, unknown
from landxml.text import Text
from landxml_campaign.facts import Said, facts
from landxml_campaign.schemes import paths
from landxml_validator.rule import Severity

__all__ = ["BLOCKS", "Block", "Criterion", "Group", "Label", "Scheme", "Word", "builtin", "load"]

Block = Literal["spatial", "attribute", "scan"]
BLOCKS: tuple[Block, ...] = ("spatial", "attribute", "scan")
"""The three blocks of a cadastral database."""


class Word(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word of the plan, such as “đúng”, which criteria define."""


class Criterion(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a parcel must meet: all facts hold, and no finding of the rules concerns it.

    Attributes
    ----------
    block
        To which of the three blocks it belongs.
    word
        Id of the word that it helps to define.
    facts
        Names of facts (:mod:`landxml_campaign.facts`).
    rules
        Codes of rules, or the beginnings of codes (``GEO``).
    severity
        Only findings of this severity count.
    unknown
        Whether it counts as met where the data does not say whether a fact holds.
    """

    block: Block
    word: str = ""
    facts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    severity: Severity | None = None
    unknown: Literal["met", "unmet"] = "unmet"


class Group(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group: a parcel is in the first whose facts are as said and whose criteria are met.

    Attributes
    ----------
    when
        Fact → what it must be. What the data does not say is neither.
    needs
        Ids of words, which stand for their criteria, or of criteria. The last group has none.
    next
        Id of the group that a parcel of this one should reach.
    """

    when: dict[str, bool] = msgspec.field(default_factory=dict)
    needs: tuple[str, ...] = ()
    next: str = ""


class Label(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column with which data says what a parcel is, with its values and the groups that they mean."""

    values: dict[str, str]


class Scheme(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole scheme.

    Attributes
    ----------
    id
        Its name.
    words, criteria, groups, labels
        By id.
    """

    id: str
    words: dict[str, Word] = msgspec.field(default_factory=dict)
    criteria: dict[str, Criterion] = msgspec.field(default_factory=dict)
    groups: dict[str, Group]
    labels: dict[str, Label] = msgspec.field(default_factory=dict)

    def needed(self, group: str) -> list[str]:
        """Return the ids of the criteria that a group needs."""
        needs = self.groups[group].needs
        return [id_ for id_, each in self.criteria.items() if id_ in needs or each.word in needs]


@cache
def builtin() -> dict[str, Scheme]:
    """Return the built-in schemes, by id."""
    return {name: load(path) for name, path in paths().items()}


def load(name: str | Path, rules: Iterable[str] | None = None) -> Scheme:
    """Return a built-in scheme, or that of a file.

    Parameters
    ----------
    name
        Its id; path of a ``.toml`` file.
    rules
        Codes of all rules, if they are to be known.

    Raises
    ------
    LandXmlError
        If there is none of this name; with all mistakes in a file, each with its line.
    """
    path = paths().get(str(name)) or Path(name)
    if path.suffix != ".toml":
        what = unknown((), str(name), paths(), "bộ tiêu chí", "scheme").what
        raise LandXmlError(what)
    found = converted(path, Scheme)
    if mistakes := list(_mistakes(found, None if rules is None else tuple(rules))):
        raise refusal(path, mistakes)
    return found


def _mistakes(scheme: Scheme, rules: tuple[str, ...] | None) -> Iterator[Mistake]:
    """Yield the names that do not exist, and groups among which a parcel may find none."""
    known: Mapping[str, Iterable[str]] = {"words": scheme.words, "facts": facts(), "groups": scheme.groups}
    for id_, each in scheme.criteria.items():
        place = ("criteria", id_)
        if each.word and each.word not in known["words"]:
            yield unknown((*place, "word"), each.word, known["words"], "từ", "word")
        for name in each.facts:
            if name not in known["facts"]:
                yield unknown((*place, "facts"), name, known["facts"], "dữ kiện", "fact")
        for start in each.rules if rules is not None else ():
            if not any(code.startswith(start) for code in rules or ()):
                yield unknown((*place, "rules"), start, rules or (), "quy tắc", "rule")
    needed = {*scheme.words, *scheme.criteria}
    for id_, group in scheme.groups.items():
        place = ("groups", id_)
        for name in group.when:
            if name not in known["facts"]:
                yield unknown((*place, "when"), name, known["facts"], "dữ kiện", "fact")
        for name in group.needs:
            if name not in needed:
                yield unknown((*place, "needs"), name, needed, "từ hoặc tiêu chí", "word or criterion")
        if group.next and group.next not in scheme.groups:
            yield unknown((*place, "next"), group.next, known["groups"], "nhóm", "group")
    for id_, label in scheme.labels.items():
        for value, name in label.values.items():
            if name not in scheme.groups:
                yield unknown(("labels", id_, "values", value), name, known["groups"], "nhóm", "group")
    last = list(scheme.groups)[-1:]
    if not last or scheme.groups[last[0]].needs or scheme.groups[last[0]].when:
        what = Text("nhóm cuối phải nhận mọi thửa đất còn lại", "the last group must take all other parcels")
        yield Mistake(("groups", *last), what)
