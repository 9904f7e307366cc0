"""Files DD-….xml of the iLIS family, as their one reader knows them: a parcel, owners, papers, scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from landxml.dictionary import Element, Field, dictionary, tree
from landxml.layouts import builtin
from landxml.model import HoSoQuet, QuyenSuDungDat, Record
from landxml_mappings.spec import mapping
from landxml_samples.layouts import COLLECTION
from landxml_samples.mplis_json import number, plain

__all__ = ["PDF", "UNSIGNED", "document", "key", "line", "scanned"]

LAYOUT = builtin()[COLLECTION]
SPEC = mapping(LAYOUT)
NATIONAL = {spec.source: name for name, spec in SPEC.classes.items()}
"""National class of each class of the layout."""
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<ThongTin xmlns:gml="http://www.opengis.net/gml1">
"""
"""The name of the root is not known; so is the namespace, which is no OGC one [E]."""
FOOT = "</ThongTin>\n"
UNSIGNED = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PDF = UNSIGNED.replace(b"trailer", b"2 0 obj<</Type/Sig/ByteRange[0 9 9 9]/Contents<00>>>endobj\ntrailer")
"""A scan of no pages."""
Values = Mapping[str, Any]


def scanned(records: Sequence[Record], prefix: str) -> tuple[list[Record], list[str]]:
    """Give the scans of a dossier names that no other has, where they are looked for; return these too."""
    found, names = list(records), []
    for at, record in enumerate(found):
        if isinstance(record, HoSoQuet):
            files = [
                replace(file, ten_file=f"{prefix}-{file.ten_file}") for file in record.chi_tiet_ho_so_quet
            ]
            names += [file.ten_file for file in files]
            paths = (replace(file, mo_ta=f"/luu-tru/{file.ten_file}") for file in files)
            found[at] = replace(record, chi_tiet_ho_so_quet=tuple(paths))
    return found, names


def document(records: Sequence[Record]) -> bytes:
    """Return the text of the file of a dossier."""
    rights = [record for record in records if isinstance(record, QuyenSuDungDat)]
    found = [plain(record) for record in records if record not in rights[1:]]  # a file has one
    inside = "".join(_collection(node, found, 1) for node in tree(LAYOUT).children)
    return f"{HEAD}{inside}{FOOT}".encode()


def key(identifier: str) -> str:
    """Return the key of a record: 32 hexadecimal digits."""
    return uuid5(NAMESPACE_URL, identifier).hex.upper()


def line(text: bytes, identifier: str) -> int:
    """Return the line on which a record begins: its key is the first thing in it, and stands there first."""
    return text.count(b"\n", 0, text.index(key(identifier).encode()))


def _collection(node: Element, found: Sequence[Values], depth: int) -> str:
    """Write the records of one class among some; nothing where there are none."""
    (inner,), pad, tag = node.children, " " * depth, node.field.element
    cls = NATIONAL[inner.name]
    inside = "".join(_record(inner, each, depth + 1) for each in found if each["id"].startswith(f"{cls}."))
    return f"{pad}<{tag}>\n{inside}{pad}</{tag}>\n" if inside else ""


def _record(node: Element, values: Values, depth: int) -> str:
    texts, pad, tag = dict(_texts(node, values)), " " * depth, node.field.element
    inside = "".join(
        f"{pad} <{name}>{texts[name]}</{name}>\n" if name in texts else ""
        for name in (child.field.element for child in node.children)
    )
    for child in (child for child in node.children if child.children):
        nested = [each for value in values.values() if isinstance(value, tuple) for each in value]
        inside += _collection(child, [each for each in nested if isinstance(each, dict)], depth + 1)
    return f"{pad}<{tag}>\n{inside}{pad}</{tag}>\n"


def _texts(node: Element, values: Values) -> Iterator[tuple[str, str]]:
    """Yield what stands in the elements of a record."""
    spec = SPEC.classes[NATIONAL[node.name]]
    for name, reference in spec.references.items():
        if name in values:
            yield reference.key, key(values[name])
    national = {element: name for name, element in spec.elements.items()}
    for field in dictionary(LAYOUT).classes[node.name].columns:
        name = national.get(field.element, field.element)
        if values.get(name) is not None:
            yield field.element, _text(field, values[name])
    if not any(spec.id == reference.key for reference in spec.references.values()):
        yield spec.id, key(values["id"])


def _text(field: Field, value: Any) -> str:
    if field.kind == "date":
        return f"{value} 00:00:00"
    if field.kind == "bool":
        return "true" if value else "false"
    if field.kind == "decimal":
        return f"{float(value):.2f}"
    return escape(number(field.codelist, str(value)) if field.codelist else str(value))
