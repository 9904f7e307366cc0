"""Typed objects of a vendor layout: struct types made from its dictionary, and reading dossiers into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec
from lxml import etree

from landxml.columns import line_of
from landxml.dictionary import Element, Kind, tree, vendor
from landxml.objects import Object
from landxml.parsing import parser
from landxml.values import KINDS, TYPES, BadValueError, parser_of

__all__ = ["read", "struct"]


class _Step(NamedTuple):
    """What an element means: a value, records of a class, or a wrapper, whose children mean something."""

    attribute: str
    kind: Kind
    parse: Callable[[str], Any] | None = None
    cls: str | None = None
    inside: dict[str, _Step] | None = None


def read(stream: BinaryIO, layout: str) -> Iterator[tuple[Object, int]]:
    """Yield the records of one dossier that stand for themselves, each with its line."""
    root = etree.parse(stream, parser()).getroot()
    for element, cls in _features(root, _plan(layout)[vendor(layout).root]):
        yield _object(element, cls, layout), line_of(element)


def _features(element: etree._Element, steps: dict[str, _Step]) -> Iterator[tuple[etree._Element, str]]:
    for child in element:
        step = steps.get(child.tag)
        if step is not None and step.cls is not None:
            yield child, step.cls
        elif step is not None and step.inside is not None:
            yield from _features(child, step.inside)


def _object(element: etree._Element, cls: str, layout: str) -> Object:
    values: dict[str, Any] = {}
    _fill(element, _plan(layout)[cls], values, layout)
    return struct(layout, cls)(**values)


def _fill(element: etree._Element, steps: dict[str, _Step], values: dict[str, Any], layout: str) -> None:
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
                vi, en = KINDS[kind]
                raise BadValueError(child, f"not a {en}", f"không phải là {vi}", field=attribute) from error


@cache
def _plan(layout: str) -> dict[str, dict[str, _Step]]:
    """Return what each element of each class means; the same class may stand at several places."""
    plan: dict[str, dict[str, _Step]] = {name: {} for name in vendor(layout).classes}
    _add(tree(layout), plan[vendor(layout).root], plan, layout)
    return plan


def _add(node: Element, steps: dict[str, _Step], plan: dict[str, dict[str, _Step]], layout: str) -> None:
    for child in node.children:
        name, kind = child.field.element, child.field.kind
        if kind == "dossier":
            steps[name] = _Step(attribute(name), kind, cls=name)
        elif kind != "object":
            steps[name] = _Step(attribute(name), kind, parse=parser_of(kind, layout))
        elif child.is_class:
            steps[name] = _Step(attribute(child.name), kind, cls=child.name)
            _add(child, plan[child.name], plan, layout)
        else:
            inside: dict[str, _Step] = {}
            steps[name] = _Step(attribute(name), kind, inside=inside)
            _add(child, inside, plan, layout)


@cache
def struct(layout: str, name: str) -> type[Object]:
    """Return the struct type of a class of a vendor layout, made from its dictionary.

    Every field may be absent (None), lists may be empty: vendors' files are as they are. The dossiers before
    a change are in the list ``ho_so_xml`` of the change.
    """
    fields: list[tuple[str, Any, Any]] = []
    for field in vendor(layout).classes[name].fields:
        if field.kind == "object":
            nested: Any = struct(layout, field.targets[0])
            fields.append((attribute(field.targets[0]), tuple[nested, ...], ()))
        elif field.kind == "dossier":
            fields.append((attribute(field.element), tuple[Object, ...], ()))
        else:
            fields.append((attribute(field.element), TYPES[field.kind] | None, None))
    personal = {attribute(field.element) for field in vendor(layout).classes[name].fields if field.personal}
    made = msgspec.defstruct(
        name, fields, bases=(Object,), namespace={"PERSONAL": frozenset(personal)}, frozen=True, kw_only=True,
        module=__name__,
    )  # fmt: skip
    return cast("type[Object]", made)


def attribute(element: str) -> str:
    """Return the attribute name of an element.

    >>> attribute("DC_MucDichSuDung"), attribute("soHieuToBanDo")
    ('muc_dich_su_dung', 'so_hieu_to_ban_do')
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", element.removeprefix("DC_")).lower()
