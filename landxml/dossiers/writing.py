"""Writing dossiers: values and records, wherever they come from → one ``HoSoXml`` document.

The vendor's element tree gives order and names; a :class:`Place` says where the values inside an element come
from. Both are compiled once into one list of steps per element, so that a dossier is plain string building.
Here they come from the classes of dossiers themselves, in ``landxml_mappings`` from national records.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from landxml.carriers import Opened, carrier
from landxml.dictionary import Element, Field, Kind, dictionary, tree
from landxml.dossiers.classes import LAYOUT, attribute, struct
from landxml.encoding import FORBIDDEN, escaped
from landxml.errors import LandXmlError
from landxml.faults import Fault
from landxml.files import writing
from landxml.text import Text
from landxml.values import KINDS
from landxml.xsd_check import expected

if TYPE_CHECKING:
    from landxml.dossiers import HoSoXml

__all__ = ["DECLARATION", "Document", "Members", "Place", "Step", "Value", "value", "whole", "write_dossier"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


class Document(msgspec.Struct):
    """A dossier that is being written: the lines so far."""

    lines: list[str]


Step = Callable[[Any, Any], None]
"""Writes an element, from the record and the document that it stands in."""
Value = Callable[[Any, Any], str | None]
"""Text of one element, from the record and the document that it stands in; None where there is no value."""
Members = Callable[[Any], Iterable[Any]]


class Place(msgspec.Struct):
    """Sources of the content of an element, by vendor element: values of leaves, records of classes.

    ``dossiers`` makes the step that writes the dossiers before a change so deep.
    """

    values: dict[str, Value]
    records: dict[str, tuple[Members, Callable[[], Place]]]
    dossiers: Callable[[int], Step] | None = None


def write_dossier(path: str | os.PathLike[str], dossier: HoSoXml, *, force: bool = False) -> None:
    """Write a valid dossier in the vendor's order and forms, complete or not at all.

    Elements stand one per line, dates are ``dd/MM/yyyy``, booleans ``1`` and ``0``; what has no value is left
    out.

    Parameters
    ----------
    path
        File to write (:mod:`landxml.files`).
    dossier
        With all its records, as :func:`landxml.read_dossiers` gives it.
    force
        Replace a file that exists, when the new one is complete.

    Raises
    ------
    LandXmlError
        If a required value is missing, or one is of another type than its field or too long for it; names
        record and element, never the value. If the file exists.
    OSError
        If the disk is full or the folder is not writable; nothing is left behind.
    """
    document = Document([DECLARATION])
    if type(dossier) is not struct(LAYOUT, "HoSoXml"):
        found = type(dossier).__name__
        raise LandXmlError(Text(f"cần HoSoXml, không phải {found}", f"expected HoSoXml, not {found}"))
    try:
        _dossier(0)(dossier, document)
    except ValueError as error:
        raise LandXmlError(Text(f"không ghi được hồ sơ: {error}", str(error))) from None
    content = "\n".join([*document.lines, ""]).encode()
    list(carrier(LAYOUT).load(Opened("", io.BytesIO(content)), _refuse))
    with writing(path, force=force) as out:
        out.write(content)


def _refuse(fault: Fault) -> None:
    """Refuse what the schema refuses."""
    vi, en = expected(fault.params)
    raise LandXmlError(Text(f"giá trị không hợp lệ; cần {vi}", f"not valid; expected {en}"), field=fault.path)


@cache
def _dossier(depth: int) -> Step:
    """Return the step that writes a dossier so deep in another."""
    return whole(tree(LAYOUT), _place(tree(LAYOUT)), depth)


def _earlier(depth: int) -> Step:
    """Return the step that writes the dossiers before a change."""
    members = _members(dictionary(LAYOUT).root)

    def step(change: Any, document: Document) -> None:
        for dossier in members(change):
            _dossier(depth)(dossier, document)

    return step


def _place(node: Element) -> Place:
    """Return where the values of an object of a class come from: its attributes."""
    place, classes = Place({}, {}), dict[str, list[Element]]()
    for child in _below(node):
        name = child.field.element
        if child.field.kind == "dossier":
            place.dossiers = _earlier
        elif child.is_class:
            classes.setdefault(child.name, []).append(child)
        else:
            place.values[name] = value(attrgetter(attribute(name)), child.field)
    for name, found in classes.items():
        # Members of a household may stand at two places: the larger one has room for all of them.
        largest = max(found, key=lambda child: len(child.children))
        key = f"{name}/{largest.children[-1].field.element}"
        place.records[key] = (_members(name), partial(_place, largest))
    return place


def _members(name: str) -> Members:
    """Return what gives the records of a class in an object, which may be any objects at run time."""
    get, wanted = attrgetter(attribute(name)), struct(LAYOUT, name)

    def members(owner: Any) -> Any:
        found = get(owner)
        if type(found) is not tuple or any(type(record) is not wanted for record in found):
            raise ValueError(f"{attribute(name)} is not a tuple of {name}")
        return found

    return members


def _below(node: Element) -> Iterator[Element]:
    """Leaves and classes directly below an element, looking through the wrappers that only group."""
    for child in node.children:
        if child.is_class or child.field.kind != "object":
            yield child
        else:
            yield from _below(child)


def whole(root: Element, place: Place, depth: int) -> Step:
    """Return the step that writes a document, or one so deep in another."""
    return _wrapper(root, [*_steps(root, depth + 1, place)], depth)


def value(get: Callable[[Any], Any], field: Field) -> Value:
    """Return what writes a value in the form of its field."""
    form, length, wanted = _FORMS[field.kind], field.length, KINDS[field.kind].python

    def written(record: Any, _: Document) -> str | None:
        found = get(record)
        if found is None:
            return None
        if not isinstance(found, wanted):
            raise ValueError(f"{field.element} is {wanted.__name__}, not {type(found).__name__}")  # noqa: TRY004 - as all others
        if wanted is str and length is not None and len(found) > length:
            raise ValueError(f"{field.element} holds at most {length} characters, not {len(found)}")
        if wanted is str and FORBIDDEN.search(found):
            raise ValueError(f"{field.element} holds a character that XML cannot hold")
        return form(found)

    return written


def _bool(value: object) -> str:
    return "1" if value else "0"


def _date(value: dt.date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def _datetime(value: dt.datetime) -> str:
    if value.microsecond:
        raise ValueError("HoSoXml holds no part of a second")
    return f"{_date(value)} {value:%H:%M:%S}"


_FORMS: dict[Kind, Callable[[Any], str]] = {
    "text": escaped, "guid": escaped, "int": str, "decimal": "{:f}".format, "bool": _bool, "date": _date,
    "datetime": _datetime,
}  # fmt: skip


def _steps(node: Element, depth: int, place: Place) -> Iterable[Step]:
    for child in node.children:
        name = child.field.element
        if child.field.kind == "dossier":
            if place.dossiers:
                yield place.dossiers(depth)
        elif name in place.values:
            yield _leaf(child.field, place.values[name], depth)
        elif found := _take(child, place):
            members, inside = found
            yield _records(child.field, members, [*_steps(child, depth + 1, inside())], depth)
        elif not child.is_class and (below := [*_steps(child, depth + 1, place)]):
            yield _wrapper(child, below, depth)


def _take(node: Element, place: Place) -> tuple[Members, Callable[[], Place]] | None:
    """Take the records that an element holds; those that two places could hold stand in the first."""
    names = (node.name, *(f"{node.name}/{leaf.field.element}" for leaf in node.children))
    return next((place.records.pop(name) for name in names if name in place.records), None)


def _leaf(field: Field, value: Value, depth: int) -> Step:
    opening, closing = f"{'  ' * depth}<{field.element}>", f"</{field.element}>"
    must = field.required and not field.empty

    def step(record: Any, document: Document) -> None:
        text = value(record, document)
        if text:
            document.lines.append(opening + text + closing)
        elif must:
            raise ValueError(f"{field.element} is required in HoSoXml and has no value")

    return step


def _records(field: Field, members: Members, steps: list[Step], depth: int) -> Step:
    opening, closing = f"{'  ' * depth}<{field.element}>", f"{'  ' * depth}</{field.element}>"

    def step(owner: Any, document: Document) -> None:
        for number, record in enumerate(members(owner), 1):
            document.lines.append(opening)
            try:
                for inner in steps:
                    inner(record, document)
            except ValueError as error:
                name = getattr(record, "id", f"{field.element}[{number}]")
                raise ValueError(f"{name}: {error}") from None
            document.lines.append(closing)

    return step


def _wrapper(node: Element, steps: list[Step], depth: int) -> Step:
    """Write a group; leave it out when there is nothing in it, unless it is required."""
    pad, name = "  " * depth, node.field.element

    def step(owner: Any, document: Document) -> None:
        lines = document.lines
        start = len(lines)
        lines.append(f"{pad}<{name}>")
        for inner in steps:
            inner(owner, document)
        if len(lines) > start + 1:
            lines.append(f"{pad}</{name}>")
        elif node.field.required:
            lines[start] = f"{pad}<{name}/>"
        else:
            lines.pop()

    return step
