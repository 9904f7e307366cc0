"""Reading dossiers: elements of a vendor layout → typed objects (:mod:`landxml.dossiers.classes`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from landxml.base import Object
from landxml.dictionary import Element, Kind, dictionary, tree
from landxml.dossiers.classes import attribute, struct
from landxml.layouts import Layout
from landxml.lexical import BadValueError, parser_of
from landxml.safe_xml import Readable, ended
from landxml.text import Text
from landxml.values import KINDS

__all__ = ["record", "records", "whole"]


class _Step(NamedTuple):
    """What an element means: a value, records of a class, or a wrapper, whose children mean something."""

    attribute: str
    kind: Kind
    parse: Callable[[str], Any] | None = None
    cls: str | None = None
    inside: dict[str, _Step] | None = None


def records(stream: Readable, layout: Layout) -> Iterator[etree._Element]:
    """Yield the elements of one dossier whose records stand for themselves, each when it ends."""
    paths = _paths(layout)
    for element in ended(stream, sorted({path[0] for path in paths})):
        if (element.tag, *(above.tag for above in element.iterancestors())) in paths:
            yield element


@cache
def _paths(layout: Layout) -> frozenset[tuple[str, ...]]:
    """Tags from each class that stands for itself up to the root."""

    def below(node: Element, *above: str) -> Iterator[tuple[str, ...]]:
        for child in node.children:
            path = (layout.tag(child.field.element), *above)
            if child.is_class:
                yield path
            else:
                yield from below(child, *path)

    return frozenset(below(tree(layout), layout.tag(layout.root)))


def whole(stream: Readable, layout: Layout) -> Iterator[etree._Element]:
    """Yield the root of one dossier when all of it is read."""
    return (root for root in ended(stream, [layout.tag(layout.root)]) if root.getparent() is None)


def record(element: etree._Element, layout: Layout) -> Object:
    """Return the object of an element that stands for a class.

    Raises
    ------
    BadValueError
        At the first value that is not of the kind of its field.
    """
    return _object(element, element.tag.rpartition("}")[2], layout)


def _object(element: etree._Element, cls: str, layout: Layout) -> Object:
    values: dict[str, Any] = {}
    _fill(element, _plan(layout)[cls], values, layout)
    return struct(layout, cls)(**values)


def _fill(element: etree._Element, steps: dict[str, _Step], values: dict[str, Any], layout: Layout) -> None:
    """Take the values and records below an element; an empty element is as good as none."""
    for child in element:
        step = steps.get(child.tag)
        if step is None:
            continue
        attribute, kind, parse, cls, inside = step
        if inside is not None:
            _fill(child, inside, values, layout)
        elif cls is not None:
            values[attribute] = (*values.get(attribute, ()), _object(child, cls, layout))
        elif parse is not None and (text := child.text) and (kind == "text" or text.strip()):
            try:
                values.setdefault(attribute, parse(text))
            except ValueError as error:
                what = Text("không phải là ", "not a ") + KINDS[kind].name
                raise BadValueError(child, what, field=attribute) from error


@cache
def _plan(layout: Layout) -> dict[str, dict[str, _Step]]:
    """Return what each element of each class means; the same class may stand at several places."""
    plan: dict[str, dict[str, _Step]] = {name: {} for name in dictionary(layout).classes}
    _add(tree(layout), plan[dictionary(layout).root], plan, layout)
    return plan


def _add(node: Element, steps: dict[str, _Step], plan: dict[str, dict[str, _Step]], layout: Layout) -> None:
    for child in node.children:
        name, kind = child.field.element, child.field.kind
        tag = layout.tag(name)
        if kind == "dossier":
            steps[tag] = _Step(attribute(name), kind, cls=name)
        elif kind != "object":
            steps[tag] = _Step(attribute(name), kind, parse=parser_of(kind, layout))
        elif child.is_class:
            steps[tag] = _Step(attribute(child.name), kind, cls=child.name)
            _add(child, plan[child.name], plan, layout)
        else:
            inside: dict[str, _Step] = {}
            steps[tag] = _Step(attribute(name), kind, inside=inside)
            _add(child, inside, plan, layout)
