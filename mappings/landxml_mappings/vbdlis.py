"""Writing VBDLIS: the national records of one registration dossier → one ``HoSoXml`` document.

The vendor's element tree gives order and names, ``vbdlis_xml.toml`` says where each value stands in a
national record; both are compiled once into one list of steps per element, so that a dossier is plain string
building.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from operator import attrgetter
from typing import Any, cast

import msgspec

from landxml.dictionary import Element, Field, Kind, national, tree, vendor
from landxml.model import STRUCTS, Record, TinhHinhDangKy
from landxml.writing import refuse_forbidden
from landxml_mappings.mapping import Reference, mapping

__all__ = ["dossier"]

LAYOUT = "vbdlis-xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _Document(msgspec.Struct):
    """The lines so far; ``scope`` is what stands between class and key in every id of the dossier."""

    guid: str
    scope: str
    lines: list[str]


Step = Callable[[Any, _Document], None]
Value = Callable[[Any, _Document], str | None]
"""Text of one element, from the record and the document that it stands in; None where there is no value."""
Members = Callable[[Any], Iterable[Any]]


class _Place(msgspec.Struct):
    """What is known inside an element: values of leaves, and records of classes, by vendor element."""

    values: dict[str, Value]
    records: dict[str, tuple[Members, Callable[[], _Place]]]


def dossier(objects: Iterable[Record]) -> bytes:
    """Return one registration dossier as a ``HoSoXml`` document.

    Elements stand in the order of the vendor's workbook, one per line, without attributes; a key is the last
    part of an id, dates are ``dd/MM/yyyy``, booleans ``1`` and ``0``; what has no value is left out. What the
    layout cannot hold (geometry, newer codes: see ``absent`` in ``vbdlis_xml.toml``) is not written.

    Parameters
    ----------
    objects
        Records of one dossier, in any order, one ``TinhHinhDangKy`` among them. Ids are
        ``<class>.<dossier>.<integer>``, the same ``<dossier>`` throughout.

    Raises
    ------
    ValueError
        If the layout has no place for a class, asks for a value that is missing, or cannot hold a value (too
        long, a key that is no integer, a reference out of the dossier, a character that XML cannot hold). The
        message names record and element, never the value.
    """
    group: dict[str, list[Record]] = {}
    for record in objects:
        group.setdefault(type(record).__name__, []).append(record)
    step, known = _plan()
    if strange := sorted(group.keys() - known):
        raise ValueError(f"HoSoXml has no place for {', '.join(strange)} by itself")
    document = _Document(*_identity(group.get("TinhHinhDangKy", [])), [DECLARATION])
    step(group, document)
    text = "\n".join([*document.lines, ""])
    refuse_forbidden(text, (record for records in group.values() for record in records))
    return text.encode()


def _identity(found: Collection[Record]) -> tuple[str, str]:
    """GUID of the dossier, and the middle part of its ids."""
    if len(found) != 1:
        raise ValueError(f"a dossier has one TinhHinhDangKy, not {len(found)}")
    registration = cast(TinhHinhDangKy, next(iter(found)))
    scope = _parts(registration.id)[1]
    guid = registration.ho_so_guid or scope
    if not _GUID.fullmatch(guid):
        raise ValueError(f"{registration.id}: hoSoGuid is required, and the id holds no GUID")
    return guid, scope


def _parts(identifier: str) -> tuple[str, str, str]:
    head, _, key = identifier.rpartition(".")
    cls, _, scope = head.partition(".")
    return cls, scope, key


@cache
def _plan() -> tuple[Step, frozenset[str]]:
    """Return the step that writes a document, and the classes that stand for themselves in it."""
    classes = mapping(LAYOUT).classes
    features = frozenset(cls.name for cls in national().features() if cls.name in classes)
    root = tree(LAYOUT)
    place = _Place(
        values={"hoSoGuid": lambda _, document: document.guid},
        records={classes[name].source: (_of_class(name), _place_of(name)) for name in features},
    )
    step = _wrapper(root, [*_steps(root, 1, place)], 0)
    return step, features


def _of_class(name: str) -> Members:
    return lambda group: group.get(name, ())


def _place_of(name: str) -> Callable[[], _Place]:
    return lambda: _class_place(name)


def _class_place(name: str) -> _Place:
    spec = mapping(LAYOUT).classes[name]
    source = {field.element: field for field in vendor(LAYOUT).classes[spec.source].fields}
    attributes = {info.encode_name: info.name for info in msgspec.structs.fields(STRUCTS[name])}
    place = _Place({}, {})
    for field in national().classes[name].fields:
        get = attrgetter(attributes[field.element])
        reference = spec.references.get(field.element)
        if field.kind == "object":
            nested = field.targets[0]
            place.records[mapping(LAYOUT).classes[nested].source] = (get, _place_of(nested))
        elif reference is not None:
            _add_reference(place, get, reference)
        elif field.element not in {*spec.dossier, *spec.absent}:
            place.values[field.element] = _value(get, source[field.element])
    # A scanned file has its GUID as a field and as its key: there the field is written.
    place.values.setdefault(spec.id, _key(attrgetter("id"), {name: ""}))
    return place


def _add_reference(place: _Place, get: Callable[[Any], Any], reference: Reference) -> None:
    to = {"": reference.to} if isinstance(reference.to, str) else reference.to
    codes = {cls: code for code, cls in to.items()}
    if reference.rows:
        row = _Place({reference.key: _key(lambda identifier: identifier, codes)}, {})
        place.records[reference.rows] = (get, lambda: row)
        return
    place.values[reference.key] = _key(get, codes)
    if reference.kind:
        place.values[reference.kind] = _kind(get, codes)


def _key(get: Callable[[Any], Any], classes: Collection[str]) -> Value:
    """Last part of an id that must be of one of the classes, and of the same dossier."""

    def value(record: Any, document: _Document) -> str | None:
        identifier = get(record)
        if identifier is None:
            return None
        cls, scope, key = _parts(identifier)
        if cls not in classes:
            raise ValueError(f"{identifier} is not of class {', '.join(classes)}")
        if scope != document.scope:
            raise ValueError(f"{identifier} does not belong to dossier {document.scope!r}")
        if not (key.isascii() and key.isdigit()):
            raise ValueError(f"{identifier} does not end in an integer, as keys in HoSoXml are")
        return key

    return value


def _kind(get: Callable[[Any], Any], codes: dict[str, str]) -> Value:
    def value(record: Any, _: _Document) -> str | None:
        identifier = get(record)
        if identifier is None:
            return None
        cls = _parts(identifier)[0]
        if cls not in codes:
            raise ValueError(f"{identifier} is not of class {', '.join(codes)}")
        return codes[cls]

    return value


def _value(get: Callable[[Any], Any], field: Field) -> Value:
    form, length = _FORMS[field.kind], field.length

    def value(record: Any, _: _Document) -> str | None:
        found = get(record)
        return None if found is None else form(found)

    def text(record: Any, _: _Document) -> str | None:
        found: str | None = get(record)
        if found is not None and length is not None and len(found) > length:
            raise ValueError(f"{field.element} holds at most {length} characters, not {len(found)}")
        return None if found is None else form(found)

    return text if field.kind == "text" else value


def _text(value: str) -> str:
    return html.escape(value, quote=False).replace("\r", "&#13;")


def _bool(value: object) -> str:
    return "1" if value else "0"


def _date(value: dt.date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


_FORMS: dict[Kind, Callable[[Any], str]] = {
    "text": _text, "guid": _text, "int": str, "decimal": "{:f}".format, "bool": _bool, "date": _date,
}  # fmt: skip


def _steps(node: Element, depth: int, place: _Place) -> Iterable[Step]:
    for child in node.children:
        name = child.field.element
        if name in place.values:
            yield _leaf(child.field, place.values[name], depth)
        # Popped: of the two places for members of a household only the first, the workbook's, is used.
        elif found := place.records.pop(name, None):
            members, inside = found
            yield _records(child.field, members, [*_steps(child, depth + 1, inside())], depth)
        elif not child.is_class and (below := [*_steps(child, depth + 1, place)]):
            yield _wrapper(child, below, depth)


def _leaf(field: Field, value: Value, depth: int) -> Step:
    opening, closing = f"{'  ' * depth}<{field.element}>", f"</{field.element}>"
    must = field.required and not field.empty

    def step(record: Any, document: _Document) -> None:
        text = value(record, document)
        if text:
            document.lines.append(opening + text + closing)
        elif must:
            raise ValueError(f"{field.element} is required in HoSoXml and has no value")

    return step


def _records(field: Field, members: Members, steps: list[Step], depth: int) -> Step:
    opening, closing = f"{'  ' * depth}<{field.element}>", f"{'  ' * depth}</{field.element}>"

    def step(owner: Any, document: _Document) -> None:
        for record in members(owner):
            document.lines.append(opening)
            try:
                for inner in steps:
                    inner(record, document)
            except ValueError as error:
                raise ValueError(f"{getattr(record, 'id', field.element)}: {error}") from None
            document.lines.append(closing)

    return step


def _wrapper(node: Element, steps: list[Step], depth: int) -> Step:
    """Write a group; leave it out when there is nothing in it, unless it is required."""
    pad, name = "  " * depth, node.field.element

    def step(owner: Any, document: _Document) -> None:
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
