"""Personal data in findings: masked where a finding is made, so that no output can leak it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from landxml.dictionary import national, vendor
from landxml.objects import mask
from landxml_validator.rule import Rule

__all__ = ["masked"]


def masked(rule: Rule, cls: str, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a finding with personal data masked.

    What is personal is said by the rule (``personal``), or by the dictionary for the element that the finding
    is about (rules that hold for any field).

    Parameters
    ----------
    rule
        The rule that was broken.
    cls, path
        Class of the record; path of the element, in which classes nested in the record may stand.
    params
        Parameters of the message.
    """
    steps = [step.partition("[")[0] for step in path.split("/")]
    element = str(params.get("element") or steps[-1]).partition("@")[0]
    holder = next((step for step in reversed(steps) if step in _personal()), cls)
    personal = set(rule.personal)
    if element in _personal().get(holder, _anywhere()):
        personal |= {"value", "text", "raw"}
    return {name: mask(value) if name in personal and value else value for name, value in params.items()}


@cache
def _personal() -> dict[str, frozenset[str]]:
    """Personal elements of each class of every layout."""
    classes = [*national().classes.values(), *vendor("vbdlis-xml").classes.values()]
    return {cls.name: frozenset(field.element for field in cls.fields if field.personal) for cls in classes}


@cache
def _anywhere() -> frozenset[str]:
    """Elements that are personal in some class: masked where it is not known which class they stand in."""
    return frozenset().union(*_personal().values())
