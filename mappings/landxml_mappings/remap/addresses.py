"""Addresses as text: the part that names commune, district and province, at the end, and nothing else.

A text is rewritten only where its end names exactly the commune that its record had, or one that there was
once only; house, street and hamlet stay as they are.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from typing import NamedTuple

from landxml_mappings import units
from landxml_mappings.remap.codes import Names, names
from landxml_mappings.remap.roles import kinds

__all__ = ["Tail", "commune_of", "renamed", "split", "tail"]

SEPARATOR = re.compile(r"\s*[,;]\s*|\s+[-–]\s+")


class Tail(NamedTuple):
    """The end of an address: which text becomes which."""

    old: str
    new: str


class _Part(NamedTuple):
    text: str
    kind: str  # "" if the text does not say
    name: str  # folded


def split(text: str) -> tuple[tuple[str, int], ...]:
    """Cut an address into its parts, each with the place where it begins."""
    parts, start = [], 0
    for found in SEPARATOR.finditer(text):
        parts.append((text[start : found.start()], start))
        start = found.end()
    parts.append((text[start:].rstrip(" .\t\r\n"), start))
    return tuple(parts)


@lru_cache(maxsize=100_000)
def _part(text: str) -> _Part:
    """Tell the kind of a unit from its name: ``TT. Ba Chẽ`` → (thi_tran, ba chẽ)."""
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    for word, kind in kinds().items():
        rest = folded.removeprefix(word)
        if rest != folded and (rest.startswith(" ") or (word.endswith(".") and rest)):
            return _Part(text, kind, rest.strip())
    return _Part(text, "", folded)


def _same(part: _Part, official: str, spellings: frozenset[str]) -> bool:
    """Whether a text names a unit: with its kind, or without one; in an official spelling."""
    unit = _part(official)
    return part.kind in {"", unit.kind} and (part.name == unit.name or part.name in spellings)


@cache
def _spellings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in units.table("variants").to_pylist():
        found[row["code"]].add(_part(row["name"]).name)
    return {code: frozenset(spelt) for code, spelt in found.items()}


def tail(text: str, code: str, since: dt.date, new: str, until: dt.date) -> Tail | None:
    """Return the end of an address in a commune, and what it becomes in another one.

    None where the text does not end in the names of the commune and what it belonged to.

    >>> days = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
    >>> tail("Thôn 2, xã Hải Sơn, TP. Móng Cái, tỉnh Quảng Ninh", "06724", days[0], "06724", days[1])
    Tail(old='xã Hải Sơn, TP. Móng Cái, tỉnh Quảng Ninh', new='xã Hải Sơn, tỉnh Quảng Ninh')
    """
    before, after = names(code, since), names(new, until)
    if before is None or after is None:
        return None
    parts = split(text)
    named = _named(tuple(part for part, _ in parts[-3:]), code, before)
    if not named:
        return None
    count = len(named)
    start = parts[-count][1]
    old = text[start : parts[-1][1] + len(parts[-1][0])]
    separator = text[parts[-2][1] + len(parts[-2][0]) : parts[-1][1]] if count > 1 else ", "
    texts = dict(zip(named, (part for part, _ in parts[-count:]), strict=True))
    made = [
        _styled(getattr(after, level), texts.get(level) or texts["commune"])
        for level in ("commune", "district", "province")
        if getattr(after, level) and (level in texts or (level == "province" and "district" in texts))
    ]
    return Tail(text[start:], separator.join(made) + text[start + len(old) :])


def _named(texts: tuple[str, ...], code: str, before: Names) -> tuple[str, ...]:
    """Levels that the last parts of a text name, the longest run first; all must be right."""
    for levels in (("commune", "district", "province"), ("commune", "province"), ("commune", "district"), ("commune",)):
        ends = texts[-len(levels) :]
        if len(ends) == len(levels) and all(
            (official := getattr(before, level)) is not None
            and _same(_part(end), official, _spellings().get(code, frozenset()) if level == "commune" else frozenset())
            for level, end in zip(levels, ends, strict=True)
        ):
            bare = levels == ("commune",) and not _part(ends[0]).kind
            return () if bare else levels  # a lone name may be that of a hamlet
    return ()


def renamed(text: str, old: str, new: str) -> str | None:
    """Return the new name of a unit in the manner of the old text; None if that does not name the old unit.

    >>> renamed("X. Hải Sơn", "Xã Hải Sơn", "Phường Móng Cái 1"), renamed("Hải Sơn", "Xã Hải Sơn", "Xã Hải Ninh")
    ('Phường Móng Cái 1', 'Hải Ninh')
    """
    part = _part(text)
    return _styled(new, text) if _same(part, old, frozenset()) else None


def _styled(official: str, like: str) -> str:
    """Write an official name with its kind in full, in small letters, or without it, as another text does."""
    part = _part(like)
    kind_length = len(official) - len(_part(official).name)
    if not part.kind:
        return official[kind_length:]
    return official[0].lower() + official[1:] if like[:1].islower() else official


@lru_cache(maxsize=100_000)
def commune_of(texts: tuple[str, ...], day: dt.date) -> str | None:
    """Return the only commune of a day that the last three parts of an address name, with all above it."""
    if len(texts) < 2:
        return None
    name = _part(texts[-3] if len(texts) > 2 and day < units.TWO_TIERS_SINCE else texts[-2]).name
    found = [
        code
        for code in _by_name(day).get(name, ())
        if (known := names(code, day)) and _named(texts, code, known) not in {(), ("commune",), ("commune", "district")}
        and (known.district is None or "district" in _named(texts, code, known))
    ]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8)
def _by_name(day: dt.date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in units.communes(day).select(["code", "name"]).to_pylist():
        for name in {_part(row["name"]).name, *_spellings().get(row["code"], ())}:
            found[name].append(row["code"])
    return found
