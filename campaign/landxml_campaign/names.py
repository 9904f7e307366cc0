"""Names of persons as they are compared: however tones, variants and blanks were typed.

A name becomes its syllables in small letters, each with its tone behind it and one letter for ``i`` and
``y`` where they are one sound, joined: so ``Nguyễn Thị Hoà``, ``NGUYỄN THỊ HÒA`` and the three parts of the
population database are the same. Tones and vowels still count: Hùng and Hưng are two names. Only a name that
was typed without any marks is compared by its plain letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

__all__ = ["Ratios", "likeness", "plain", "written"]

Ratios = np.ndarray[Any, np.dtype[np.float32]]
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""Marks of the tones (huyền, hỏi, ngã, sắc, nặng), and the digit that stands behind a syllable for each."""
_LONE_Y = re.compile(r"^([^aeiouyăâêôơư]*|qu)y$")
"""A syllable whose only vowel is y, which is written i as well: Lý and Lí, Quý and Quí."""
_NO_LETTERS = re.compile(r"[^\w]+|_")


@cache
def _syllable(word: str) -> tuple[str, str]:
    """Return a word with its tone behind it, and without any marks."""
    decomposed = unicodedata.normalize("NFD", word.replace("ð", "đ"))
    tones = "".join(_TONES[letter] for letter in decomposed if letter in _TONES)
    toneless = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    toneless = _LONE_Y.sub(r"\1i", toneless)
    bare = "".join(c for c in unicodedata.normalize("NFD", toneless) if not unicodedata.combining(c))
    return toneless + tones, bare.replace("đ", "d")


def _syllables(name: str) -> list[tuple[str, str]]:
    words = _NO_LETTERS.split(unicodedata.normalize("NFC", name).casefold())
    return [_syllable(word) for word in words if word]


def written(name: str) -> str:
    """Return a name as it is compared.

    >>> written("Trần Thị Hoà") == written("TRẦN  THỊ HÒA"), written("Lý Quý") == written("Lí Quí")
    (True, True)
    >>> written("Hùng") == written("Hưng")
    False
    """
    return "".join(syllable for syllable, _ in _syllables(name))


def plain(name: str) -> str:
    """Return the plain letters of a name.

    >>> plain("Đặng Thị Mỹ")
    'dangthimi'
    """
    return "".join(bare for _, bare in _syllables(name))


def likeness(
    names: Sequence[str], others: Sequence[str], plain: Sequence[str], others_plain: Sequence[str]
) -> Ratios:
    """Return how like names are, pair by pair: 0 to 100, where 100 is the same.

    Parameters
    ----------
    names, others
        As :func:`written` gives them.
    plain, others_plain
        As :func:`plain` gives them; they count where one of the two has no marks.
    """
    ratios = process.cpdist(names, others, scorer=fuzz.ratio, dtype=np.float32)
    bare = [a == b or c == d for a, b, c, d in zip(names, plain, others, others_plain, strict=True)]
    at = np.flatnonzero(bare).tolist()
    if at:
        one, other = [plain[i] for i in at], [others_plain[i] for i in at]
        ratios[at] = np.maximum(ratios[at], process.cpdist(one, other, scorer=fuzz.ratio, dtype=np.float32))
    return ratios
