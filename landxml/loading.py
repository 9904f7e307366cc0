"""Load: the bytes of documents → batches of columns, with every violation of the schema on the way.

A national file is streamed: each member is validated alone, taken into columns and dropped, so memory does
not grow with the file. A dossier is small: it is parsed whole. Whatever cannot be parsed becomes a problem
of that file; the others go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
from lxml import etree

import landxml_schemas
from landxml.columns import BIG_LINE, GML_ID, Extractor, line_of
from landxml.dictionary import Dictionary, Element, national, tree, vendor
from landxml.documents import Refusal
from landxml.geometry import Rings
from landxml.parsing import Problem, Readable, ended, parser, problem, schema, whole
from landxml.schema import violations
from landxml.xsd import unordered

__all__ = [
    "BATCH",
    "UNREAD",
    "Batch",
    "Fault",
    "Hashing",
    "check",
    "digest_of",
    "load_dossier",
    "load_national",
    "parse_fault",
    "refusal_fault",
    "schema_of",
]

UNREAD = frozenset({"PKG001", "PKG002", "PKG003", "PKG009", "PKG014"})
"""Rules whose findings mean that a file was not read to its end."""

BATCH = 100_000
"""Records per batch: large enough for vector work, small enough for a laptop."""
BATCH_BYTES = 64_000_000
"""Bytes per batch, for files whose records are few but huge."""

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
"""Namespace of the attributes that every element may have (``schemaLocation``)."""

Report = Callable[["Fault"], None]


class Hashing:
    """A stream that hashes what is read from it (SHA-256): ``digest``."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        block = self.stream.read(size)
        self.digest.update(block)
        return block


class Fault(NamedTuple):
    """A finding made while a file was read: rule code, place, and the parameters of its message."""

    code: str
    file: str
    line: int
    cls: str
    id: str
    path: str
    params: dict[str, Any]


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
    payload = _Payload(stream)
    extractor = Extractor(dictionary)
    metadata, expected = None, "sieuDuLieu"
    try:
        for member in ended(payload, [*names, f"{{{dictionary.namespace}}}{dictionary.root}"]):
            root = member.getparent()
            if root is None:
                _envelope(member, names, file, report, begun=expected == "thanhVien")
                continue
            if root.getparent() is not None:  # households have an element of that name too
                continue
            _member(member, expected, file, extractor, report)
            expected = "thanhVien"
            _forget(member, names, file, report)
            if extractor.size >= BATCH or payload.taken >= BATCH_BYTES:
                payload.taken = 0
                batch = _batch(extractor)
                metadata = metadata or batch.tables.get("SieuDuLieu")
                yield batch
    except etree.XMLSyntaxError as error:
        at_end = not payload.read(1)
        report(parse_fault(problem(error, payload.kept if at_end else b""), file))
        yield _batch(extractor)
        return
    batch = _batch(extractor)
    payload.check(metadata or batch.tables.get("SieuDuLieu"), file, report)
    yield batch


def _member(member: etree._Element, expected: str, file: str, extractor: Extractor, report: Report) -> None:
    name = member.tag.rpartition("}")[2]
    records = list(member)
    if name != expected or _stray(member, records):
        _wrong(member, expected, file, report)
    if len(records) != 1:
        params = {"element": name, "value": str(len(records)), "expected": "1", "detail": "records"}
        report(Fault("XSD004", file, line_of(member), "", "", name, params))
    for record in records:
        tag, known = record.tag, True
        cls = tag.rpartition("}")[2]
        for found in violations(schema_of("national"), record):
            known &= found.code != "XSD005"
            report(
                Fault(found.code, file, found.line, cls, record.get(GML_ID) or "", found.path, found.params)
            )
        if known and tag not in _kinds()[name]:
            _wrong(record, "SieuDuLieu" if name == "sieuDuLieu" else "ThuaDat, …", file, report)
        extractor.add(record, file)


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
        if before.tag not in names or _written(before.tail):
            _wrong(before, "thanhVien", file, report)
        root.remove(before)


def _envelope(root: etree._Element, names: set[str], file: str, report: Report, *, begun: bool) -> None:
    """Check what is left of the root when all members are gone."""
    for child in root.iterchildren("*"):
        if child.tag not in names:
            _wrong(child, "thanhVien", file, report)
    if not begun:
        _wrong(root, "sieuDuLieu", file, report, "missing")
    elif _stray(root, list(root)):
        _wrong(root, "thanhVien", file, report)


def _stray(element: etree._Element, children: list[etree._Element]) -> bool:
    """Whether an element that only holds others has attributes, or text of its own."""
    names = element.keys()
    if names and not all(str(name).startswith(XSI) for name in names):
        return True
    if _written(element.text):
        return True
    for child in children:  # noqa: SIM110 - a generator would cost more than the test, for every member
        if _written(child.tail):
            return True
    return False


def _written(text: str | None) -> bool:
    return text is not None and text.strip(" \t\r\n") != ""


def _wrong(
    element: etree._Element, expected: str, file: str, report: Report, detail: str = "unexpected"
) -> None:
    name = etree.QName(element).localname
    params = {"element": name, "value": "", "expected": expected, "detail": detail}
    report(Fault("XSD004", file, line_of(element), "", "", name, params))


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
        report(parse_fault(problem(error, content[-64:]), file))
        return None


def _check_dossier(root: etree._Element, layout: str, file: str, identifier: str, report: Report) -> None:
    for found in violations(schema_of(layout), root):
        cls = _class_of(found.path)
        report(Fault(found.code, file, found.line, cls, identifier, found.path, found.params))
    for found_in, params in _cardinality(root, layout):
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


def _cardinality(root: etree._Element, layout: str) -> Iterator[tuple[etree._Element, dict[str, str]]]:
    """Count children where XSD 1.0 cannot (a repeated child among unordered ones)."""
    loose = _loose(layout)
    for element in root.iter(*loose):
        required, single = loose[element.tag]
        tags = [child.tag for child in element]
        for missing in sorted(required - set(tags)):
            yield element, {"element": element.tag, "value": "", "expected": missing, "detail": "missing"}
        for tag in sorted({tag for tag in tags if tag in single and tags.count(tag) > 1}):
            times = str(tags.count(tag))
            yield element, {"element": tag, "value": times, "expected": "1", "detail": "repeated"}


@cache
def _loose(layout: str) -> dict[str, tuple[set[str], set[str]]]:
    """Classes whose content the XSD leaves open: their required and their single children."""
    return dict(_loose_below(tree(layout)))


def _loose_below(node: Element) -> Iterator[tuple[str, tuple[set[str], set[str]]]]:
    if len(node.children) > 1 and not unordered(node):
        fields = [child.field for child in node.children]
        required = {f.element for f in fields if f.required and not f.empty}
        yield node.field.element, (required, {f.element for f in fields if not f.repeated})
    for child in node.children:
        yield from _loose_below(child)


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
"""Problems that are not those of XML which is not well-formed, PKG001."""


def refusal_fault(refusal: Refusal) -> Fault:
    """Return the finding for a file or archive that was refused."""
    reason = {"vi": refusal.vi, "en": refusal.en}
    return Fault(refusal.code, refusal.name, 0, "", "", "", {"reason": reason})


def digest_of(stream: Readable) -> str | None:
    """Return the SHA-256 of the members of a national file; None if its form does not allow one."""
    payload = _Payload(stream)
    while payload.read(1 << 20):
        pass
    return payload.hexdigest()


class _Payload:
    """A stream that hashes the members as they pass: all bytes between the metadata and the end of the root.

    ``kept`` are the last bytes read, ``taken`` counts those since the last batch. Only files in the form that
    :mod:`landxml.writing` gives them have such a hash; of others nothing is said.
    """

    START, END = b"</ld:sieuDuLieu>\n", b"</ld:DuLieuDatDai>"

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.digest: Any = None
        self.kept = b""
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        """Read on, and hash all but the last bytes, which may be the end tag."""
        chunk = self.stream.read(size)
        self.taken += len(chunk)
        self.kept += chunk
        if self.digest is None:
            before, found, after = self.kept.partition(self.START)
            if found:
                self.digest, self.kept = hashlib.sha256(), after
            else:
                self.kept = before[-len(self.START) :]
        if self.digest is not None and len(self.kept) > 64:
            self.digest.update(self.kept[:-64])
            self.kept = self.kept[-64:]
        return chunk

    def hexdigest(self) -> str | None:
        """Return the hash when all has been read."""
        last, found, _ = self.kept.rpartition(self.END)
        if self.digest is None or not found:
            return None
        self.digest.update(last)
        return str(self.digest.hexdigest())

    def check(self, metadata: pa.Table | None, file: str, report: Report) -> None:
        """Compare with the hash that the metadata declares, where there is one."""
        if metadata is None:
            return
        declared = metadata["maBamNoiDung"].to_pylist()
        found = self.hexdigest()
        if found is None or not declared or not declared[0] or found == declared[0]:
            return
        line = metadata["_line"].to_pylist()[0]
        identifier = metadata["_id"].to_pylist()[0] or ""
        params = {"declared": declared[0][:16], "found": found[:16]}
        report(Fault("PKG011", file, line, "SieuDuLieu", identifier, "SieuDuLieu/maBamNoiDung", params))
