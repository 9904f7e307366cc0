"""Personal data in findings: masked once, where a run ends, so that no output can leak them.

A value that does not have the form of its field is personal until proven otherwise: a name may be typed into
any field. What :mod:`landxml.privacy` calls plain, and dates and codes in their fields, is quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Any

import msgspec

import landxml_schemas
from landxml import privacy
from landxml.dictionary import Field, national, vendor
from landxml.privacy import identifier, mask
from landxml_validator.report import Finding
from landxml_validator.rule import Rule

__all__ = ["masked", "office"]

LARGEST = 10**privacy.DIGITS
"""Numbers from here on may be those of persons."""

_OFFICE = re.compile(
    r"(văn phòng|chi nhánh|sở|ubnd|ủy ban|uỷ ban|phòng|trung tâm|công ty|tổng cục|cục|bộ|ban|viện)\b"
    r"(?!.*\d{9})",
    re.IGNORECASE,
)


def masked(rule: Rule, found: Finding, known: Collection[str] = ()) -> Finding:
    """Return a finding with everything masked that may be personal.

    Shown are the parameters that the program words itself (``own`` of the rule, texts in both languages), and
    values of a form that personal data do not have. Always masked is what the rule (``personal``) or the
    dictionary says to be personal. Names of files stay.

    Parameters
    ----------
    rule, found
        The rule that was broken, and where.
    known
        Names of elements beside those of the built-in layouts.
    """
    near = all(value is None or abs(value) < LARGEST for value in (found.x, found.y))
    return msgspec.structs.replace(
        found,
        cls=privacy.path(found.cls, known),
        id=privacy.identifier(found.id, known),
        key=privacy.key(found.key),
        path=privacy.path(found.path, known),
        x=found.x if near else None,
        y=found.y if near else None,
        params=_params(rule, found, known),
    )


def _params(rule: Rule, finding: Finding, known: Collection[str]) -> dict[str, Any]:
    element, fields = _about(finding)

    def judged(name: str, value: Any) -> Any:
        if not value or value == "–" or name in rule.own or isinstance(value, dict | bool):
            return value
        if name in rule.personal:
            return mask(value) if value != ABSENT else value
        if isinstance(value, list):
            return [judged(name, item) for item in value]
        if isinstance(value, int | float):
            return value if abs(value) < LARGEST else mask(value)
        if name == "element":
            return privacy.path(value, known)
        if name in _OF_THE_FIELD and element:
            return _quoted(value, fields)
        return privacy.key(value, known)

    return {name: judged(name, value) for name, value in finding.params.items()}


ABSENT = "–"
"""What rules say of a value that is not there."""
_OF_THE_FIELD = frozenset({"value", "text", "raw", "code"})
"""Parameters that quote the element that the finding is about; others may quote another."""


def _quoted(text: str, fields: Collection[Field]) -> str:
    """Return a value if it has the form of a field that it may be of; of an unknown field none has."""
    if not fields or any(field.personal for field in fields):
        return mask(text)
    return text if any(_fits(text.strip(), field) for field in fields) else identifier(text)


def _fits(text: str, field: Field) -> bool:
    if field.kind in {"date", "datetime"}:
        return privacy.dated(text)
    return field.codelist is not None and mask(text) in _shapes(field.codelist)


@cache
def _shapes(codelist: str) -> frozenset[str]:
    return frozenset(mask(row["code"]) for row in landxml_schemas.codelist(codelist))


def _about(finding: Finding) -> tuple[str, tuple[Field, ...]]:
    """Return the element that a finding is about, and the fields that it may be: one if its class is known.

    Of an attribute, and of a record as a whole, the element is ``""``.
    """
    steps = [step.partition("[")[0] for step in finding.path.split("/")]
    element = str(finding.params.get("element") or steps[-1])
    holder = next((step for step in (*reversed(steps), finding.cls) if step in _classes()), "")
    if "@" in element or element in _classes():
        return "", ()
    found = _classes()[holder].get(element) if holder else None
    return element, (found,) if found else () if holder else _anywhere().get(element, ())


@cache
def _classes() -> dict[str, dict[str, Field]]:
    """Fields of each class of every layout, by element."""
    classes = [*national().classes.values(), *vendor("vbdlis-xml").classes.values()]
    return {cls.name: {field.element: field for field in cls.fields} for cls in classes}


@cache
def _anywhere() -> dict[str, tuple[Field, ...]]:
    """Fields of all classes by element: for elements of which it is not known in which class they stand."""
    found: dict[str, tuple[Field, ...]] = {}
    for fields in _classes().values():
        for element, field in fields.items():
            found[element] = (*found.get(element, ()), field)
    return found


def office(text: str) -> str:
    """Return the name of an office; a text that does not begin like one may be the name of a person.

    >>> office("Văn phòng đăng ký đất đai Mẫu"), office("Lê Văn Mẫu")
    ('Văn phòng đăng ký đất đai Mẫu', '‹Xx Xxx Xxx›')
    """
    return text if _OFFICE.match(unicodedata.normalize("NFC", text.strip())) else mask(text)
