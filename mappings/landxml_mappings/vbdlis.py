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
from landxml.encoding import refuse_forbidden
from landxml.model import STRUCTS, GiaoDich, Record, TinhHinhDangKy
from landxml_mappings.mapping import Reference, mapping

__all__ = ["dossier"]

LAYOUT = "vbdlis-xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


Group = dict[str, list[Record]]
"""Records of one dossier, by class."""


class _Document(msgspec.Struct):
    """The lines so far.

    ``scope`` is what stands between class and key in every id of the dossier, ``earlier`` holds the records
    of the dossiers before its changes, by their scope.
    """

    guid: str
    scope: str
    lines: list[str]
    earlier: dict[str, Group]


Step = Callable[[Any, _Document], None]
Value = Callable[[Any, _Document], str | None]
"""Text of one element, from the record and the document that it stands in; None where there is no value."""
Members = Callable[[Any], Iterable[Any]]


class _Place(msgspec.Struct):
    """What is known inside an element: values of leaves, and records of classes, by vendor element."""

    values: dict[str, Value]
    records: dict[str, tuple[Members, Callable[[], _Place]]]
    dossiers: Members | None = None


def dossier(objects: Iterable[Record]) -> bytes:
    """Return one registration dossier as a ``HoSoXml`` document.

    Elements stand in the order of the vendor's workbook, one per line, without attributes; a key is the last
    part of an id, dates are ``dd/MM/yyyy``, booleans ``1`` and ``0``; what has no value is left out. What the
    layout cannot hold (geometry, newer codes: see ``absent`` in ``vbdlis_xml.toml``) is not written.

    Parameters
    ----------
    objects
        Records of one dossier, in any order, one ``TinhHinhDangKy`` among them. Ids are
        ``<class>.<dossier>.<integer>``, the same ``<dossier>`` throughout. Records with another are those of
        a dossier before a change, if a ``GiaoDich`` refers to its ``TinhHinhDangKy``.

    Raises
    ------
    ValueError
        If the layout has no place for a class, asks for a value that is missing, or cannot hold a value (too
        long, a key that is no integer, a reference out of the dossier, a character that XML cannot hold). The
        message names record and element, never the value.
    """
    records = list(objects)
    groups: dict[str, Group] = {}
    for record in records:
        group = groups.setdefault(_parts(record.id)[1], {})
        group.setdefault(type(record).__name__, []).append(record)
    strange = {type(record).__name__ for record in records} - _features()
    if strange:
        raise ValueError(f"HoSoXml has no place for {', '.join(sorted(strange))} by itself")
    lines = [DECLARATION]
    _write(_scope(records), groups, lines, 0)
    if groups:
        (record, *_), *_ = next(iter(groups.values())).values()
        raise ValueError(f"{record.id} does not belong to the dossier, and no change refers to its own")
    text = "\n".join([*lines, ""])
    refuse_forbidden(text, records)
    return text.encode()


def _scope(records: Iterable[Record]) -> str:
    """Middle part of the ids of the dossier that the others stand in."""
    earlier = {i for record in records if isinstance(record, GiaoDich) for i in record.ho_so_truoc_bien_dong}
    found = [r.id for r in records if isinstance(r, TinhHinhDangKy) and r.id not in earlier]
    if len(found) != 1:
        raise ValueError(f"a dossier has one TinhHinhDangKy, not {len(found)}")
    return _parts(found[0])[1]


def _write(scope: str, groups: dict[str, Group], lines: list[str], depth: int) -> None:
    """Write one dossier, and take its records out of the groups."""
    group = groups.pop(scope, {})
    guid = _guid(group.get("TinhHinhDangKy", []), scope)
    _plan(depth)(group, _Document(guid, scope, lines, groups))


def _guid(found: Collection[Record], scope: str) -> str:
    if len(found) != 1:
        raise ValueError(f"a dossier has one TinhHinhDangKy, not {len(found)}")
    registration = cast(TinhHinhDangKy, next(iter(found)))
    guid = registration.ho_so_guid or scope
    if not _GUID.fullmatch(guid):
        raise ValueError(f"{registration.id}: hoSoGuid is required, and the id holds no GUID")
    return guid


def _parts(identifier: str) -> tuple[str, str, str]:
    head, _, key = identifier.rpartition(".")
    cls, _, scope = head.partition(".")
    return cls, scope, key


@cache
def _features() -> frozenset[str]:
    """Classes that stand for themselves in a dossier."""
    return frozenset(cls.name for cls in national().features() if cls.name in mapping(LAYOUT).classes)


@cache
def _plan(depth: int) -> Step:
    """Return the step that writes a dossier so deep in another."""
    classes, root = mapping(LAYOUT).classes, tree(LAYOUT)
    place = _Place(
        values={"hoSoGuid": lambda _, document: document.guid},
        records={classes[name].source: (_of_class(name), _place_of(name)) for name in _features()},
    )
    return _wrapper(root, [*_steps(root, depth + 1, place)], depth)


def _of_class(name: str) -> Members:
    return lambda group: group.get(name, ())


def _place_of(name: str) -> Callable[[], _Place]:
    return lambda: _class_place(name)


def _class_place(name: str) -> _Place:
    spec, renamed = mapping(LAYOUT).classes[name], mapping(LAYOUT).renamed(name)
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
        elif field.element not in renamed:
            place.values[field.element] = _value(get, source[field.element])
    # A scanned file has its GUID as a field and as its key: there the field is written.
    place.values.setdefault(spec.id, _key(attrgetter("id"), {name: ""}))
    return place


def _add_reference(place: _Place, get: Callable[[Any], Any], reference: Reference) -> None:
    to = {"": reference.to} if isinstance(reference.to, str) else reference.to
    codes = {cls: code for code, cls in to.items()}
    if reference.within:
        place.dossiers = get
    elif reference.rows:
        row = msgspec.structs.replace(reference, rows=None)
        inside = _Place({}, {})
        _add_reference(inside, lambda identifier: identifier, row)
        place.records[f"{reference.rows}/{reference.key}"] = (get, lambda: inside)
    else:
        place.values[reference.key] = _key(get, codes)
        if reference.kind:
            place.values[reference.kind] = _kind(get, codes, place.values.get(reference.kind))


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
            raise ValueError(f"{identifier} does not belong to the dossier {document.scope!r}")
        if not (key.isascii() and key.isdigit()):
            raise ValueError(f"{identifier} does not end in an integer, as keys in HoSoXml are")
        return key

    return value


def _kind(get: Callable[[Any], Any], codes: dict[str, str], other: Value | None) -> Value:
    """Code of the class of an id; ``other`` gives that of an asset, which its item must agree with."""

    def value(record: Any, document: _Document) -> str | None:
        identifier, code = get(record), other(record, document) if other else None
        if identifier is None:
            return code
        cls = _parts(identifier)[0]
        if cls not in codes:
            raise ValueError(f"{identifier} is not of class {', '.join(codes)}")
        if code not in {None, codes[cls]}:
            raise ValueError(f"{identifier} is not an item of such an asset")
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


def _datetime(value: dt.datetime) -> str:
    if value.microsecond:
        raise ValueError("HoSoXml holds no part of a second")
    return f"{_date(value)} {value:%H:%M:%S}"


_FORMS: dict[Kind, Callable[[Any], str]] = {
    "text": _text, "guid": _text, "int": str, "decimal": "{:f}".format, "bool": _bool, "date": _date,
    "datetime": _datetime,
}  # fmt: skip


def _steps(node: Element, depth: int, place: _Place) -> Iterable[Step]:
    for child in node.children:
        name = child.field.element
        if child.field.kind == "dossier":
            if place.dossiers:
                yield _earlier(place.dossiers, depth)
        elif name in place.values:
            yield _leaf(child.field, place.values[name], depth)
        elif found := _take(child, place):
            members, inside = found
            yield _records(child.field, members, [*_steps(child, depth + 1, inside())], depth)
        elif not child.is_class and (below := [*_steps(child, depth + 1, place)]):
            yield _wrapper(child, below, depth)


def _take(node: Element, place: _Place) -> tuple[Members, Callable[[], _Place]] | None:
    """Take the records that an element holds; those that two places could hold stand in the first."""
    names = (node.name, *(f"{node.name}/{leaf.field.element}" for leaf in node.children))
    return next((place.records.pop(name) for name in names if name in place.records), None)


def _earlier(members: Members, depth: int) -> Step:
    def step(change: Any, document: _Document) -> None:
        for registration in members(change):
            _write(_parts(registration)[1], document.earlier, document.lines, depth)

    return step


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
