"""Personal data in findings: masked where a finding is made, so that no output can leak it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from landxml.dictionary import national, vendor
from landxml_validator.rule import Rule

__all__ = ["mask", "masked"]


def mask(value: object) -> str:
    """Return what may be shown of a personal value: its length.

    >>> mask("Nguyễn Văn Mẫu")
    '•••(14)'
    """
    return f"•••({len(str(value))})"


def masked(rule: Rule, cls: str, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a finding with personal data masked.

    What is personal is said by the rule (``personal``), or by the dictionary for the element that the finding
    is about (rules that hold for any field).
    """
    personal = set(rule.personal)
    element = str(params.get("element") or path).rpartition("/")[2]
    if (cls, element) in _personal() or ("", element) in _personal():
        personal |= {"value", "text", "raw"}
    return {name: mask(value) if name in personal and value else value for name, value in params.items()}


@cache
def _personal() -> frozenset[tuple[str, str]]:
    """(class, element) of every personal field; ("", element) for those personal wherever they stand."""
    places: dict[str, set[bool]] = {}
    found = set()
    for dictionary in (national(), vendor("vbdlis-xml")):
        for cls, field in dictionary.fields():
            places.setdefault(field.element, set()).add(field.personal)
            if field.personal:
                found.add((cls.name, field.element))
    return frozenset(found | {("", element) for element, flags in places.items() if flags == {True}})
