"""What a value should have been, where that is certain: the same text written right, or a code's successor.

A mend is named after the rule that finds the mistake, and returns a value that needs none as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

import landxml_units as units
from landxml.codelists import codelist, outcome
from landxml.dictionary import Field, dictionary
from landxml.layouts import Layout
from landxml_remap.roles import classes

__all__ = ["CERTAIN", "RULES", "mended", "mends"]

Mend = Callable[[str], str]

CERTAIN = ("TXT001", "TXT003", "ADM001")
"""Rules whose mends change no meaning."""
RULES = (*CERTAIN, "TXT002", "COD003")
"""All rules that have a mend; a person should look at those of the others: text that was guessed, and codes
that were right in their time."""

_BLANKS = re.compile(r"[\xa0\u2007\u2028\u2029\u202f]")
_INVISIBLE = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_BYTES = {chr(n): n for n in range(0x100)} | {
    bytes([n]).decode("cp1252"): n for n in range(0x80, 0xA0) if n not in b"\x81\x8d\x8f\x90\x9d"
}
"""Characters that stand for bytes where UTF-8 was read as Latin-1 or Windows-1252."""
COMMUNE = 5
"""Digits of the code of a commune."""


def composed(text: str) -> str:
    r"""Return a text in Unicode's composed form, NFC.

    >>> composed("Đa\u0300 Na\u0306\u0303ng") == "Đà Nẵng"
    True
    """
    return unicodedata.normalize("NFC", text)


def trimmed(text: str) -> str:
    r"""Return a text without blanks around it and characters that nobody sees.

    >>> trimmed("\u200b Tổ\xa05 ")
    'Tổ 5'
    """
    return _INVISIBLE.sub("", _BLANKS.sub(" ", text)).strip()


def decoded(text: str) -> str:
    """Return a text that was encoded in UTF-8 twice as it was; any other, as it is.

    >>> decoded("Nguyá»…n VÄƒn"), decoded("Nguyễn Văn")
    ('Nguyễn Văn', 'Nguyễn Văn')
    """
    if text.isascii() or not _BYTES.keys() >= set(text):
        return text
    try:
        return bytes(map(_BYTES.__getitem__, text)).decode("utf-8")
    except UnicodeDecodeError:
        return text


@lru_cache(1 << 14)
def padded(code: str) -> str:
    """Return the code of a commune that a spreadsheet took for a number with its zeros again.

    >>> padded("4"), padded("08071"), padded("99")
    ('00004', '08071', '99')
    """
    whole = code.zfill(COMMUNE)
    return whole if code.isdecimal() and whole != code and units.validities(whole) else code


@cache
def succeeded(name: str) -> Mend:
    """Return the mend of codes of a list: the one successor, where a document names it."""
    found = {}
    for code in codelist(name):
        links = outcome(name, code)["successors"]
        if len(links) == 1 and not links[0].inferred:
            found[code.code] = links[0].code
    return lambda code: found.get(code, code)


@cache
def mends(layout: Layout, rules: frozenset[str]) -> dict[str, dict[str, dict[str, Mend]]]:
    """Return the mends of the elements of a layout: class → element → rule → mend, in the order of RULES."""
    found: dict[str, dict[str, dict[str, Mend]]] = {}
    for cls, field in dictionary(layout).fields():
        code = classes(layout).get(cls.name, {}).get(field.element) == "code"
        possible = {"ADM001": padded} if code else _of(field)
        chosen = {rule: possible[rule] for rule in RULES if rule in possible and rule in rules}
        if chosen:
            found.setdefault(cls.name, {})[field.element] = chosen
    return found


def _of(field: Field) -> dict[str, Mend]:
    if field.codelist:
        return {"COD003": succeeded(field.codelist)}
    if field.kind == "text" and not field.pattern:
        return {"TXT001": composed, "TXT003": trimmed, "TXT002": decoded}
    return {}


def mended(value: str, mends: Mapping[str, Mend]) -> tuple[str, list[str]]:
    """Return what a value becomes, and the rules whose mistakes it had; one that would be empty stays."""
    rules: list[str] = []
    for rule, mend in mends.items():
        new = mend(value)
        if new and new != value:
            value, rules = new, [*rules, rule]
    return value, rules
