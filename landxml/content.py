"""What may stand in an element, and which mistake its children are.

libxml2 says at which child the content of an element goes wrong, and what it had hoped for; that child may be
unknown, misspelt, in another namespace, there twice, or before its time. The dictionaries tell which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from lxml import etree

from landxml.dictionary import Element, Field, national, tree
from landxml.layouts import builtin
from landxml.nearest import nearest
from landxml.privacy import path, shown
from landxml.xsd_write import unordered

__all__ = [
    "Content",
    "Mistake",
    "contents",
    "foreign",
    "foreign_attribute",
    "mistake",
    "records",
    "similar",
]

_VERSIONS = {"http://www.opengis.net/gml": "GML 3.1.1", "http://www.opengis.net/gml/3.2": "GML 3.2.1"}

ALIKE = 0.8
"""Least likeness of two names, of 1, from which one is taken for a misspelling of the other."""


class Content(NamedTuple):
    """The elements that may stand in an element, in their order; names without namespace.

    ``ordered``: their order counts. ``counted``: XSD 1.0 can say how often each may stand.
    """

    namespace: str
    names: tuple[str, ...]
    required: frozenset[str]
    single: frozenset[str]
    ordered: bool
    counted: bool = True


class Mistake(NamedTuple):
    """What is wrong with the children of an element: which it is, and what a message names."""

    detail: str
    element: str
    expected: str


@cache
def contents() -> dict[str, Content]:
    """Return the content of each element of the built-in layouts that holds others, by its tag."""
    found = {f"{{{national().namespace}}}{name}": content for name, content in _national()}
    for layout in builtin().values():
        for name, content in _vendor(tree(layout)) if layout.dictionary and layout.schema else ():
            # The same element at several places: what one of them allows is let pass.
            found[name] = _either(found[name], content) if name in found else content
    return found


def _national() -> Iterator[tuple[str, Content]]:
    namespace = national().namespace
    for cls in national().classes.values():
        yield cls.name, _content(cls.fields, namespace, ordered=True)
        for field in cls.fields:
            if field.kind == "object":
                names = field.targets[:1]
                yield (
                    field.element,
                    Content(namespace, names, frozenset(names), frozenset(names), ordered=True),
                )


def _vendor(node: Element) -> Iterator[tuple[str, Content]]:
    if node.children:
        fields = tuple(child.field for child in node.children)
        content = _content(fields, "", ordered=False)
        yield node.field.element, content._replace(counted=len(fields) == 1 or unordered(node))
    for child in node.children:
        yield from _vendor(child)


def _content(fields: tuple[Field, ...], namespace: str, *, ordered: bool) -> Content:
    return Content(
        namespace,
        tuple(field.element for field in fields),
        frozenset(field.element for field in fields if field.required and not field.empty),
        frozenset(field.element for field in fields if not field.repeated),
        ordered,
    )


def _either(one: Content, other: Content) -> Content:
    names = tuple(dict.fromkeys(one.names + other.names))
    required, single = one.required & other.required, one.single & other.single
    return one._replace(names=names, required=required, single=single, counted=one.counted and other.counted)


def mistake(parent: etree._Element, child: etree._Element | None) -> Mistake | None:
    """Say what is wrong with the children of an element.

    Parameters
    ----------
    parent
        The element.
    child
        The first child that has no place where it stands; None if only something is missing.

    Returns
    -------
    Mistake or None
        None where the content of the element is not known, or nothing is wrong with it.
    """
    content = contents().get(str(parent.tag))
    if content is None:
        return None
    present = [etree.QName(each).localname for each in parent.iterchildren("*")]
    found = None if child is None else _misplaced(content, present, parent.index(child))
    lacking = [name for name in content.names if name in content.required and name not in present]
    if found is None and lacking:
        return Mistake("missing", etree.QName(parent).localname, ", ".join(lacking))
    return found


def _misplaced(content: Content, present: list[str], at: int) -> Mistake | None:
    """Say what is wrong with one of the children; None if only others are."""
    before, name, behind = present[:at], present[at], present[at + 1 :]
    if name not in content.names:
        near = similar(name, content.names)
        return Mistake("misspelt" if near else "unknown", name, near)
    if name in content.single and name in before:
        return Mistake("repeated", name, "1")
    if content.ordered:
        first = content.names[: content.names.index(name)]
        for other in before:
            if other != name and other not in first:
                return Mistake("order", name, other)
        for other in first:
            if other in content.required and other not in before and other in behind:
                return Mistake("order", other, name)
    return None


@lru_cache(1_000)
def similar(name: str, names: tuple[str, ...]) -> str:
    """Return the name of an element that another was probably meant to be; empty if there is none."""
    return nearest(name, names, ALIKE) or ""


@cache
def records() -> tuple[str, ...]:
    """Return the names of the national records that stand for themselves."""
    return tuple(cls.name for cls in national().features())


def foreign(
    element: etree._Element, wanted: Iterable[str], namespace: str | None = None
) -> dict[str, str] | None:
    """Say that only the namespace of an element is wrong; None if it is not so.

    Parameters
    ----------
    element
        One that has no place where it stands.
    wanted
        Tags of some that would have.
    namespace
        That of national records in this document; by default that of the built-in layout.
    """
    namespace = namespace or national().namespace
    name = etree.QName(element)
    parent = element.getparent()
    content = contents().get(str(parent.tag)) if parent is not None else None
    if name.localname in records() and name.namespace != namespace:
        return _namespaces(name.localname, name.namespace, namespace)
    names = [etree.QName(tag) for tag in wanted]
    needed: list[str | None] = [each.namespace for each in names if each.localname == name.localname]
    if content is not None and name.localname in content.names:
        needed = [content.namespace or None]
    elif name.namespace in _VERSIONS:  # a shape that is not allowed has a name that none of the others has
        needed = needed or [each.namespace for each in names]
    return (
        _namespaces(name.localname, name.namespace, needed[0])
        if needed and name.namespace not in needed
        else None
    )


def foreign_attribute(element: etree._Element, wanted: str) -> dict[str, str] | None:
    """Say that an element has an attribute that it lacks, but in another namespace; None if it has not."""
    needed = etree.QName(wanted)
    for name in map(etree.QName, element.keys()):
        if name.localname == needed.localname and name.namespace in _VERSIONS:
            return _namespaces(f"@{name.localname}", name.namespace, needed.namespace)
    return None


def _namespaces(name: str, found: str | None, needed: str | None) -> dict[str, str]:
    name = path(name)
    return {
        "vi": f"không gian tên của {name} là {_told(found, '(trống)')}; cần {_told(needed, '(trống)')}",
        "en": f"the namespace of {name} is {_told(found, '(none)')}; needed: {_told(needed, '(none)')}",
    }


def _told(namespace: str | None, none: str) -> str:
    version = _VERSIONS.get(namespace or "")
    return f"{version} ({namespace})" if version else shown(namespace) if namespace else none
