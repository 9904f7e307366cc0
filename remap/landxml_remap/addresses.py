"""Addresses as text: the part that names commune, district and province, at the end, and nothing else.

A text is rewritten only where its end names the commune that its record had, or one that there was only once;
house, street and hamlet stay as they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import landxml_units as units
from landxml_remap.codes import chain
from landxml_units.tables import KINDS

__all__ = ["Tail", "commune_of", "renamed", "tail"]

SEPARATOR = re.compile(r"\s*[,;]\s*|\s+[-–]\s+")
LEVELS = (("commune", "district", "province"), ("commune", "province"), ("commune", "district"), ("commune",))
"""What the last parts of an address may name, the longest run first."""


class Tail(NamedTuple):
    """The end of an address: which text becomes which."""

    old: str
    new: str


class _Part(NamedTuple):
    text: str
    start: int
    end: int


def _parts(text: str) -> list[_Part]:
    """Cut an address into its parts, each with its place; a full stop at the end belongs to none."""
    end = len(text.rstrip(" .\t\r\n"))
    starts = [0, *(found.end() for found in SEPARATOR.finditer(text, 0, end))]
    ends = [*(found.start() for found in SEPARATOR.finditer(text, 0, end)), end]
    return [_Part(text[a:b], a, b) for a, b in zip(starts, ends, strict=True)]


def tail(text: str, code: str, since: dt.date, new: str, until: dt.date) -> Tail | None:
    """Return the end of an address in a commune, and what it becomes in another one.

    None where the text does not end in the names of the commune and what it belonged to.

    >>> days = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
    >>> tail("Thôn 2, xã Hải Sơn, TP. Móng Cái, tỉnh Quảng Ninh", "06724", days[0], "06724", days[1])
    Tail(old='xã Hải Sơn, TP. Móng Cái, tỉnh Quảng Ninh', new='xã Hải Sơn, tỉnh Quảng Ninh')
    """
    starts = [found.end() for found in SEPARATOR.finditer(text, 0, len(text.rstrip(" .\t\r\n")))]
    return _tail(text[starts[-3] if len(starts) > 2 else 0 :], code, since, new, until)


@lru_cache(maxsize=10_000)
def _tail(text: str, code: str, since: dt.date, new: str, until: dt.date) -> Tail | None:
    """Judge the last three parts of an address: those of a commune are few, its addresses many."""
    before, after = chain(code, since), chain(new, until)
    parts = _parts(text)
    for levels in LEVELS:
        ends = parts[-len(levels) :]
        if _all_named([part.text for part in ends], levels, before, since):
            break
    else:
        return None
    if not after or (len(levels) == 1 and not _stands_alone(parts, before, since)):
        return None
    likes = dict(zip(levels, ends, strict=True))
    made = [
        _styled(unit.name, likes.get(level, ends[0]).text, before[level].name if level in before else "")
        for level, unit in sorted(after.items(), key=lambda item: LEVELS[0].index(item[0]))
        if level in likes or (level == "province" and "district" in likes)
    ]
    separator = text[ends[-2].end : ends[-1].start] if len(ends) > 1 else ", "
    return Tail(text[ends[0].start :], separator.join(made) + text[ends[-1].end :])


def _stands_alone(parts: Sequence[_Part], before: Mapping[str, units.Unit], since: dt.date) -> bool:
    """Whether a lone name at the end is that of the commune: with its kind, and nothing out of order."""
    above = [unit for level, unit in before.items() if level != "commune"]
    turned = any(_names(part.text, unit.code, since) for part in parts[-3:-1] for unit in above)
    return _kind(parts[-1].text, before["commune"].name) and not turned


@lru_cache(maxsize=10_000)
def renamed(text: str, old: units.Unit, new: units.Unit, since: dt.date) -> str | None:
    """Return the name of a unit in the manner of a text; None if that does not name the old unit."""
    return _styled(new.name, text, old.name) if _names(text, old.code, since) else None


@lru_cache(maxsize=10_000)
def _names(text: str, code: str, day: dt.date) -> bool:
    """Whether a text can be the name of a unit: in an official spelling, with its kind or without."""
    return any(match.exact and match.unit.code == code for match in units.find(text, day))


def _bare(official: str) -> str:
    kinds = (words for words in KINDS if official.casefold().startswith(f"{words.casefold()} "))
    return official[len(next(kinds)) + 1 :]


def _kind(text: str, official: str) -> bool:
    """Whether a text says the kind of the unit that it names."""
    return bool(official) and " ".join(text.split()).casefold() != _bare(official).casefold()


def _styled(official: str, like: str, old: str) -> str:
    """Write an official name with its kind in full, in small letters, or without it, as another text does."""
    if old and not _kind(like, old):
        return _bare(official)
    return official[0].lower() + official[1:] if like[:1].islower() else official


def commune_of(text: str, day: dt.date) -> str | None:
    """Return the only commune that the end of an address can mean on a day, if it names what that lies in."""
    ends = tuple(part.text for part in _parts(text)[-3:])
    return _commune(ends, day) or _commune(ends[-2:], day)


@lru_cache(maxsize=10_000)
def _commune(ends: tuple[str, ...], day: dt.date) -> str | None:
    if len(ends) < 2:
        return None
    found = {m.unit.code for m in units.find(", ".join(ends), day) if m.exact and m.unit.level == "commune"}
    fitting = [
        code for code in found
        if any(_all_named(ends, levels, chain(code, day), day) for levels in LEVELS)
    ]  # fmt: skip
    return fitting[0] if len(fitting) == 1 else None


def _all_named(
    texts: Sequence[str], levels: Sequence[str], known: Mapping[str, units.Unit], day: dt.date
) -> bool:
    """Whether texts name the units of these levels, one by one."""
    return len(texts) == len(levels) and all(
        level in known and _names(text, known[level].code, day)
        for level, text in zip(levels, texts, strict=True)
    )
