"""Values of single elements: text in the form that the schema of its layout takes → Python value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from lxml import etree

from landxml.dictionary import Kind
from landxml.layouts import Layout
from landxml.privacy import path
from landxml.text import Text
from landxml.values import BLANKS, KINDS, LARGEST, PLACES

__all__ = ["BadValueError", "parser_of"]


class BadValueError(Exception):
    """An element that cannot be read: where it stands, and why, in both languages."""

    def __init__(self, element: etree._Element, what: Text, field: str | None = "") -> None:
        super().__init__(what.en)
        self.element = element
        self.what = what
        self.field = path(_named(element)) if field == "" else field


def _named(element: etree._Element) -> str:
    """Return the name of an element, with its namespace where that is another than around it."""
    name, parent = etree.QName(element), element.getparent()
    strange = parent is not None and etree.QName(parent).namespace != name.namespace
    return str(element.tag) if strange else name.localname


_REMEMBERED = 1 << 16
"""Texts per kind whose value is kept: dates, numbers and areas recur."""


@cache
def parser_of(kind: Kind, layout: Layout) -> Callable[[str], Any]:
    """Return the function from the text of an element to its value; where there is none, a ``ValueError``.

    White space around a text counts only where the kind is ``text``.
    """
    if kind == "text":
        return str
    national, parse = layout.model == "national", _PARSERS[kind]
    pattern = KINDS[kind].national if national else KINDS[kind].vendor
    form, bounded = re.compile(pattern) if pattern else None, kind == "decimal" and national

    def value(text: str) -> Any:
        text = text.strip(BLANKS)
        if form is not None and not form.fullmatch(text):
            raise ValueError(f"not of the form of a {kind}")
        found = parse(text)
        if bounded and not (0 <= found <= LARGEST and found == round(found, PLACES)):
            raise ValueError("too large, negative, or with too many decimals")
        return found

    return value if kind == "guid" else lru_cache(_REMEMBERED)(value)


def _int(text: str) -> int:
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise ValueError("beyond 64 bits")
    return value


def _date(text: str) -> dt.date:
    if "/" in text:
        return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a date has no zone
    return dt.date.fromisoformat(text[:10])  # vendors write a time of day behind it


def _bool(text: str) -> bool:
    if text not in {"0", "1", "false", "true"}:
        raise ValueError(text)
    return text in {"1", "true"}


def _datetime(text: str) -> dt.datetime:
    if "/" not in text:
        return dt.datetime.fromisoformat(text)
    form = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S")[text.count(":")]
    return dt.datetime.strptime(text, form)  # noqa: DTZ007 - local time, as offices write it


_PARSERS: dict[Kind, Callable[[str], Any]] = {
    "guid": lambda text: text.strip("{}").lower(), "int": _int, "year": _int, "bool": _bool,
    "decimal": lambda text: Decimal(text.replace(",", ".")), "date": _date, "datetime": _datetime,
}  # fmt: skip
"""Text of the right form, without blanks around it → value."""
