"""Load: the bytes of documents → batches of columns, with every violation of the schema on the way.

A national file is streamed: each member is validated alone, taken into columns and dropped, so memory does
not grow with the file. A dossier is small: it is parsed whole. Whatever cannot be parsed becomes a problem
of that file; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple, NoReturn

import pyarrow as pa
from lxml import etree

import landxml_schemas
from landxml.content import FOREIGN, Content, contents, foreign
from landxml.dictionary import Dictionary, national, vendor
from landxml.digests import Payload
from landxml.documents import Refusal
from landxml.errors import LandXmlError
from landxml.extract import BIG_LINE, GML_ID, Extractor, line_of
from landxml.geometry import Rings
from landxml.safe_xml import Problem, Readable, ended, parser, problem, schema, whole
from landxml.xsd_check import violations

__all__ = [
    "BATCH",
    "UNREAD",
    "Batch",
    "Fault",
    "check",
    "error_of",
    "load_dossier",
    "load_national",
    "parse_fault",
    "refusal_fault",
    "schema_of",
]

UNREAD = frozenset({"PKG001", "PKG002", "PKG003", "PKG009", "PKG014", FOREIGN})
"""Rules whose findings mean that a file was not read to its end."""

BATCH = 100_000
"""Records per batch: large enough for vector work, small enough for a laptop."""
BATCH_BYTES = 64_000_000
"""Bytes per batch, for files whose records are few but huge."""

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_HINTS = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"}  # which every element may have

Report = Callable[["Fault"], None]


class Fault(NamedTuple):
    """A finding made by code, mostly while a file was read: rule code, place, parameters of its message."""

    code: str
    file: str
    line: int
    cls: str
    id: str
    path: str
    params: dict[str, Any]
    part: str = ""
    x: float | None = None
    y: float | None = None


class Batch(NamedTuple):
    """Raw texts per class, and the geometry of its parcels."""

    tables: dict[str, pa.Table]
    rings: Rings


def load_national(
    stream: Readable, file: str, report: Report, *, wanted: Dictionary | None = None
) -> Iterator[Batch]:
    """Stream one national file into batches.

    Parameters
    ----------
    stream
        Bytes of the file, from its beginning; a DOCTYPE has been refused before.
    file
        Name of the file as findings quote it.
    report
        Called with every fault found on the way.
    wanted
        Which classes and fields become columns: the national dictionary, or part of it.
    """
    dictionary = wanted or national()
    names = {f"{{{dictionary.namespace}}}{tag}" for tag in ("thanhVien", "sieuDuLieu")}
    payload = Payload(stream)
    extractor = Extractor(dictionary)
    metadata, expected = None, "sieuDuLieu"
    try:
        for member in ended(payload, ["{*}thanhVien", "{*}sieuDuLieu", f"{{*}}{dictionary.root}"]):
            root = member.getparent()
            if root is None:
                _envelope(member, names, file, report, begun=expected == "thanhVien")
                continue
            if root.getparent() is not None:  # households have an element of that name too
                continue
            if _local(member) == dictionary.root:  # one in another is told of with the envelope
                continue
            if member.tag not in names:
                _refuse_foreign(member, names, file)
            _member(member, expected, file, extractor, report)
            expected = "thanhVien"
            _forget(member, names, file, report)
            if extractor.size >= BATCH or payload.taken >= BATCH_BYTES:
                payload.taken = 0
                batch = _batch(extractor)
                metadata = metadata or batch.tables.get("SieuDuLieu")
                yield batch
    except etree.XMLSyntaxError as error:
        near, at_end = payload.last, not payload.read(1)
        report(parse_fault(problem(error, payload.kept if at_end else b"", near), file))
        yield _batch(extractor)
        return
    except _ForeignError as error:
        report(error.fault)
        yield _batch(extractor)
        return
    batch = _batch(extractor)
    _check_digest(payload.hexdigest(), metadata or batch.tables.get("SieuDuLieu"), file, report)
    yield batch


def _check_digest(found: str | None, metadata: pa.Table | None, file: str, report: Report) -> None:
    """Compare the hash of the members with the one that the metadata declare, where there is one."""
    declared = metadata["maBamNoiDung"].to_pylist() if metadata is not None else []
    if metadata is None or found is None or not declared or not declared[0] or found == declared[0]:
        return
    line = metadata["_at"].to_pylist()[0]
    identifier = metadata["_id"].to_pylist()[0] or ""
    params = {"declared": declared[0][:16], "found": found[:16]}
    report(Fault("PKG011", file, line, "SieuDuLieu", identifier, "SieuDuLieu/maBamNoiDung", params))


class _ForeignError(Exception):
    """Something stands in a wrong namespace; nothing behind it is read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def _member(member: etree._Element, expected: str, file: str, extractor: Extractor, report: Report) -> None:
    name = _local(member)
    records = list(member)
    if name != expected:
        _wrong(member, file, report, "late" if name == "sieuDuLieu" else "missing", expected)
    _bare(member, records, file, report)
    if len(records) != 1:
        _wrong(member, file, report, "records", "1", value=str(len(records)))
    for record in records:
        tag, known = record.tag, True
        cls = _local(record)
        for found in violations(schema_of("national"), record):
            known &= found.code != "XSD005"
            named = record.get(GML_ID) or ""
            fault = Fault(found.code, file, found.line, cls, named, found.path, found.params)
            if found.code == FOREIGN:
                raise _ForeignError(fault)
            report(fault)
        if known and tag not in _kinds()[name]:
            _wrong(record, file, report, "place", name)
        extractor.add(record, file)


def _refuse_foreign(member: etree._Element, names: Iterable[str], file: str) -> NoReturn:
    reason = {"reason": foreign(member, names)}
    raise _ForeignError(Fault(FOREIGN, file, line_of(member), "", "", _local(member), reason))


@cache
def _kinds() -> dict[str, set[str]]:
    """Tags of the records that each element of the envelope may hold."""
    dictionary = national()
    tags = {f"{{{dictionary.namespace}}}{cls.name}" for cls in dictionary.features()}
    metadata = {f"{{{dictionary.namespace}}}SieuDuLieu"}
    return {"sieuDuLieu": metadata, "thanhVien": tags - metadata}


def _forget(member: etree._Element, names: set[str], file: str, report: Report) -> None:
    """Drop what has been read: the content of this member and every element before it."""
    member.clear(keep_tail=True)  # type: ignore[call-arg]
    root = member.getparent()
    if root is None:
        return
    while (before := member.getprevious()) is not None:
        if before.tag not in names:
            _wrong(before, file, report, "unknown", "thanhVien")
        elif _written(before.tail):
            _wrong(before, file, report, "text")
        root.remove(before)


def _envelope(root: etree._Element, names: set[str], file: str, report: Report, *, begun: bool) -> None:
    """Check what is left of the root when all members are gone."""
    for child in root.iterchildren("*"):
        if child.tag not in names:
            _wrong(child, file, report, "unknown", "thanhVien")
    if not begun:
        _wrong(root, file, report, "missing", "sieuDuLieu")
    _bare(root, list(root), file, report)


def _bare(element: etree._Element, children: list[etree._Element], file: str, report: Report) -> None:
    """Report attributes of an element that only holds others, and text of its own."""
    for name in element.keys():  # noqa: SIM118 - an element is no mapping
        if name not in _HINTS:
            _wrong(element, file, report, "attribute", value=str(name).replace(_XSI, "xsi:"))
    if _written("".join([element.text or "", *[child.tail or "" for child in children]])):
        _wrong(element, file, report, "text")


def _written(text: str | None) -> bool:
    return text is not None and text.strip(" \t\r\n") != ""


def _wrong(
    element: etree._Element, file: str, report: Report, detail: str, expected: str = "", *, value: str = ""
) -> None:
    name = _local(element)
    params = {"element": name, "value": value, "expected": expected, "detail": detail}
    report(Fault("XSD004", file, line_of(element), "", "", name, params))


def _local(element: etree._Element) -> str:
    return _without_namespace(str(element.tag))


@lru_cache(1024)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def load_dossier(stream: Readable, file: str, extractor: Extractor, report: Report) -> int:
    """Read one ``HoSoXml`` into the extractor; return 1, or 0 when it could not be parsed."""
    root = _dossier(stream, file, report)
    if root is None:
        return 0
    identifier = f"HoSoXml.{extractor.add_dossier(root, file)}"
    _check_dossier(root, extractor.dictionary.layout, file, identifier, report)
    return 1


def check(stream: Readable, layout: str, file: str, report: Report) -> None:
    """Report what loading one document would report, and keep nothing of it."""
    if layout == "national":
        for _ in load_national(stream, file, report, wanted=national().only(())):
            pass
    elif (root := _dossier(stream, file, report)) is not None:
        _check_dossier(root, layout, file, "", report)


def _dossier(stream: Readable, file: str, report: Report) -> etree._Element | None:
    content = whole(stream)
    try:
        return etree.fromstring(content, _parser(long=len(content) > BIG_LINE))
    except etree.XMLSyntaxError as error:
        report(parse_fault(problem(error, content[-64:], content), file))
        return None


def _check_dossier(root: etree._Element, layout: str, file: str, identifier: str, report: Report) -> None:
    for found in violations(schema_of(layout), root):
        # Of texts a vendor's schema says the length only, and none that is there is too short.
        code = "XSD007" if found.code == "XSD003" and found.params["value"] else found.code
        report(Fault(code, file, found.line, _class_of(found.path), identifier, found.path, found.params))
        if found.code == FOREIGN:
            return
    for found_in, params in _cardinality(root):
        path = found_in.getroottree().getpath(found_in).strip("/")
        report(Fault("XSD001", file, line_of(found_in), _class_of(path), identifier, path, params))


@cache
def _parser(*, long: bool) -> etree.XMLParser:
    """Return the parser of dossiers; making one anew costs a third of parsing one.

    Blanks between elements are half of a tree and say nothing, but for the lines of a long file.
    """
    return parser(remove_blank_text=not long)


def _class_of(path: str) -> str:
    """Innermost class named in an element path."""
    classes = vendor("vbdlis-xml").classes
    return next(
        (p for p in reversed([s.partition("[")[0] for s in path.split("/")]) if p in classes), "HoSoXml"
    )


def _cardinality(root: etree._Element) -> Iterator[tuple[etree._Element, dict[str, str]]]:
    """Count children where XSD 1.0 cannot (a repeated child among unordered ones)."""
    loose = _loose()
    for element in root.iter(*loose):
        content = loose[element.tag]
        tags = [child.tag for child in element]
        if lacking := [name for name in content.names if name in content.required and name not in tags]:
            expected = ", ".join(lacking)
            yield element, {"element": element.tag, "value": "", "expected": expected, "detail": "missing"}
        for tag in sorted({tag for tag in tags if tag in content.single and tags.count(tag) > 1}):
            yield element, {
                "element": tag, "value": str(tags.count(tag)), "expected": "1", "detail": "repeated",
                "within": element.tag,
            }  # fmt: skip


@cache
def _loose() -> dict[str, Content]:
    """Return the contents of dossiers that their XSD leaves open, by tag."""
    return {tag: content for tag, content in contents().items() if not content.counted}


@cache
def schema_of(layout: str) -> etree.XMLSchema:
    """Return the compiled schema of a layout, once per process."""
    manifest = landxml_schemas.layouts()[layout]
    return schema(landxml_schemas.path(layout.replace("-", "_"), manifest["schema"]))


def _batch(extractor: Extractor) -> Batch:
    rings, extractor.rings = extractor.rings, Rings()
    return Batch(extractor.take(), rings)


def parse_fault(found: Problem, file: str) -> Fault:
    """Return the finding for a file that cannot be parsed; the reason is a text in both languages."""
    code = _RULES.get(found.code, "PKG001")
    return Fault(code, file, found.line or 0, "", "", "", {"reason": {"vi": found.vi, "en": found.en}})


_RULES = {"doctype": "PKG002", "layout": "PKG004", "binary": "PKG012", "limit": "PKG014"}


def error_of(fault: Fault, file: str) -> LandXmlError:
    """Return the error for a file that was not read to its end, from the fault that says why."""
    reason = fault.params["reason"]
    return LandXmlError(reason["en"], vi=reason["vi"], file=file, line=fault.line or None)


def refusal_fault(refusal: Refusal) -> Fault:
    """Return the finding for a file or archive that was refused."""
    return Fault(refusal.code, refusal.name, 0, "", "", "", {"reason": {"vi": refusal.vi, "en": refusal.en}})
