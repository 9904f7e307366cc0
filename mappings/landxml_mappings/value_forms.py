"""What values of a column say of the element that it may be: codes of a list, a kind, a pattern."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from landxml.dictionary import Field, Kind, dictionary, national
from landxml.layouts import Layout
from landxml.lexical import parser_of
from landxml_mappings.row_values import decoder
from landxml_mappings.takers import takers

__all__ = ["Form", "fits", "forms"]

FEW, MOST = 3, 50
"""Different values from which on they say something, and of which no more are looked at."""


class Form(NamedTuple):
    """What a value of an element looks like.

    Attributes
    ----------
    lists
        Code lists, one of which has it as code or word, with the kind of the code.
    kind
        Where there is no list.
    patterns
        Of texts, one of which it has.
    """

    lists: tuple[tuple[str, Kind], ...] = ()
    kind: Kind = "text"
    patterns: tuple[str, ...] = ()

    @property
    def telling(self) -> bool:
        """Whether only few elements have such values."""
        return bool(self.lists or self.patterns)


def fits(values: Iterable[str], layout: Layout) -> list[float]:
    """Return of each element of a flat layout which share of some values it can have.

    It is -1 where the values are too few, or the element can have any.
    """
    different = list(itertools.islice(dict.fromkeys(filter(None, map(str.strip, values))), MOST))
    if len(different) < FEW:
        return [-1.0] * len(forms(layout))
    shares = {form: _share(different, form, layout) for form in set(forms(layout))}
    return [shares[form] for form in forms(layout)]


def _share(values: list[str], form: Form, layout: Layout) -> float:
    if form == Form():
        return -1.0
    return sum(_has(form, value, layout) for value in values) / len(values)


def _has(form: Form, value: str, layout: Layout) -> bool:
    if form.lists:
        return any(decoder(name, kind, member=True)(value) is not None for name, kind in form.lists)
    if form.patterns:
        return any(re.fullmatch(pattern, value) for pattern in form.patterns)
    try:
        return parser_of(form.kind, layout)(value) is not None
    except ValueError:
        return False


@cache
def forms(layout: Layout) -> tuple[Form, ...]:
    """Return the form of each element of a flat layout, in the order of its dictionary."""
    fields = {f"{cls.name}.{field.element}": field for cls, field in national().fields()}
    (row,) = dictionary(layout).classes.values()
    return tuple(
        _form(element, [fields[name] for name in takers(layout).get((row.name, element.element), ())])
        for element in row.columns
    )


def _form(element: Field, targets: list[Field]) -> Form:
    lists = {(field.codelist, field.kind): None for field in (element, *targets) if field.codelist}
    if lists:
        return Form(lists=tuple(lists))
    if element.kind not in {"text", "bool"}:
        return Form(kind=element.kind)
    return Form(patterns=tuple(dict.fromkeys(field.pattern for field in targets if field.pattern)))
