"""How alike names of columns are: words in common, without marks, short forms written out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

import landxml_schemas
from landxml.tabular import folded

__all__ = ["likeness", "words"]

_WORD = re.compile(r"[A-ZÀ-ỸĐ]+(?![a-zà-ỹđ])|[A-ZÀ-ỸĐ]?[a-zà-ỹđ]+|\d+")
"""A word of a header, or of a name like ``soThuTuThua`` or ``TD_dienTich``."""


@lru_cache(1 << 20)
def likeness(one: str, other: str) -> float:
    """Return how alike two names are: 1 if they have the same words, 0 if they have nothing in common.

    >>> likeness("Số thửa", "so_thua"), likeness("DT (m2)", "Diện tích (m2)"), likeness("Họ tên", "Tờ")
    (1.0, 1.0, 0.0)
    """
    (glued, *parts), (other_glued, *others) = _parts(one), _parts(other)
    if not glued or not other_glued:
        return 0.0
    return 1.0 if glued == other_glued else 0.95 * max(map(_shared, parts, others))


Numbered = frozenset[tuple[str, int]]


def _shared(one: Numbered, other: Numbered) -> float:
    """Share of what two have in common, of 1."""
    return 2 * len(one & other) / (len(one) + len(other))


@lru_cache(1 << 14)
def _parts(name: str) -> tuple[str, Numbered, Numbered]:
    """Return the words of a name glued together, each by itself, and its letters by threes.

    Threes are alike in words that are glued together or mistyped.
    """
    found = words(name)
    glued = "".join(found)
    return glued, _numbered(found), _numbered(glued[at : at + 3] for at in range(max(len(glued) - 2, 1)))


def _numbered(parts: Iterable[str]) -> Numbered:
    """Tell the second of the same from the first: so a set, which is compared quickly, holds both."""
    return frozenset((part, number) for part, count in Counter(parts).items() for number in range(count))


@lru_cache(1 << 14)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters.

    >>> words("MĐSD_1"), words("soThuTuThua")
    (('muc', 'dich', 'su', 'dung', '1'), ('so', 'thu', 'tu', 'thua'))
    """
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", name)):
        found += _written_out().get(folded(word)) or [folded(word)]
    return tuple(found)


@cache
def _written_out() -> dict[str, list[str]]:
    rows = landxml_schemas.rows("synonyms.csv")
    return {folded(row["short"]): list(map(folded, row["words"].split())) for row in rows}
