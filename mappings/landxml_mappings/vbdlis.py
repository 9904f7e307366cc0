"""Writing VBDLIS: the national records of one registration dossier → one ``HoSoXml`` document.

``vbdlis_xml.toml`` says where each value of a dossier stands in a national record;
:mod:`landxml.dossiers.writing` does the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache, partial
from operator import attrgetter
from typing import Any, cast

import msgspec

from landxml.dictionary import dictionary, national, tree
from landxml.dossiers.classes import LAYOUT
from landxml.dossiers.writing import DECLARATION, Document, Members, Place, Step, Value, value, whole
from landxml.model import STRUCTS, GiaoDich, Record, TinhHinhDangKy
from landxml_mappings.spec import Reference, mapping

__all__ = ["dossier"]

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


Group = dict[str, list[Record]]
"""Records of one dossier, by class."""


class _Document(Document):
    """A dossier that is being written.

    ``scope`` is what stands between class and key in every id of the dossier, ``earlier`` holds the records
    of the dossiers before its changes, by their scope.
    """

    guid: str
    scope: str
    earlier: dict[str, Group]


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
    return "\n".join([*lines, ""]).encode()


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
    _plan(depth)(group, _Document(lines, guid, scope, groups))


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
    place = Place(
        values={"hoSoGuid": lambda _, document: document.guid},
        records={classes[name].source: (_of_class(name), _place_of(name)) for name in _features()},
    )
    return whole(root, place, depth)


def _of_class(name: str) -> Members:
    return lambda group: group.get(name, ())


def _place_of(name: str) -> Callable[[], Place]:
    return lambda: _class_place(name)


def _class_place(name: str) -> Place:
    spec, renamed = mapping(LAYOUT).classes[name], mapping(LAYOUT).renamed(name)
    source = {field.element: field for field in dictionary(LAYOUT).classes[spec.source].fields}
    attributes = {info.encode_name: info.name for info in msgspec.structs.fields(STRUCTS[name])}
    place = Place({}, {})
    for field in national().classes[name].fields:
        get = attrgetter(attributes[field.element])
        reference = spec.references.get(field.element)
        if field.kind == "object":
            nested = field.targets[0]
            place.records[mapping(LAYOUT).classes[nested].source] = (get, _place_of(nested))
        elif reference is not None:
            _add_reference(place, get, reference)
        elif field.element not in renamed:
            place.values[field.element] = value(get, source[field.element])
    # A scanned file has its GUID as a field and as its key: there the field is written.
    place.values.setdefault(spec.id, _key(attrgetter("id"), {name: ""}))
    return place


def _add_reference(place: Place, get: Callable[[Any], Any], reference: Reference) -> None:
    to = {"": reference.to} if isinstance(reference.to, str) else reference.to
    codes = {cls: code for code, cls in to.items()}
    if reference.within:
        place.dossiers = partial(_earlier, get)
    elif reference.rows:
        row = msgspec.structs.replace(reference, rows=None)
        inside = Place({}, {})
        _add_reference(inside, lambda identifier: identifier, row)
        place.records[f"{reference.rows}/{reference.key}"] = (get, lambda: inside)
    else:
        place.values[reference.key] = _key(get, codes)
        if reference.kind:
            place.values[reference.kind] = _kind(get, codes, place.values.get(reference.kind))


def _key(get: Callable[[Any], Any], classes: Collection[str]) -> Value:
    """Last part of an id that must be of one of the classes, and of the same dossier."""

    def text(record: Any, document: _Document) -> str | None:
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

    return text


def _kind(get: Callable[[Any], Any], codes: dict[str, str], other: Value | None) -> Value:
    """Code of the class of an id; ``other`` gives that of an asset, which its item must agree with."""

    def text(record: Any, document: _Document) -> str | None:
        identifier, code = get(record), other(record, document) if other else None
        if identifier is None:
            return code
        cls = _parts(identifier)[0]
        if cls not in codes:
            raise ValueError(f"{identifier} is not of class {', '.join(codes)}")
        if code not in {None, codes[cls]}:
            raise ValueError(f"{identifier} is not an item of such an asset")
        return codes[cls]

    return text


def _earlier(members: Members, depth: int) -> Step:
    def step(change: Any, document: _Document) -> None:
        for registration in members(change):
            _write(_parts(registration)[1], document.earlier, document.lines, depth)

    return step
