"""How alike names of columns are: words in common, without marks, short forms written out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
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
    first, second = words(one), words(other)
    if not first or not second:
        return 0.0
    if "".join(first) == "".join(second):
        return 1.0
    letters = _threes("".join(first)), _threes("".join(second))
    return 0.95 * max(_shared(Counter(first), Counter(second)), _shared(*letters))


def _shared(one: Counter[str], other: Counter[str]) -> float:
    """Share of what two have in common, of 1."""
    return 2 * (one & other).total() / (one.total() + other.total())


def _threes(text: str) -> Counter[str]:
    """Letters by threes: alike in words that are glued together or mistyped."""
    return Counter(text[at : at + 3] for at in range(max(len(text) - 2, 1)))


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
