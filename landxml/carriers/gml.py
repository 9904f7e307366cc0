"""GML: members that are streamed; some at a time are validated, taken into columns and dropped.

So memory does not grow with the document.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import pyarrow as pa
from lxml import etree

from landxml import native
from landxml.carriers.base import BATCH, BATCH_BYTES, Batch, Opened, taken
from landxml.content import foreign
from landxml.dictionary import Dictionary, dictionary
from landxml.digests import Payload
from landxml.documents import RefusedError
from landxml.extract import GML_ID, Extractor, line_of, namespace_of
from landxml.faults import Fault, Report, parse_fault
from landxml.geometry import GML, Named
from landxml.layouts import Layout
from landxml.privacy import shown
from landxml.recognise import first_record
from landxml.safe_xml import LimitError, Problem, ended, members, problem
from landxml.text import Text
from landxml.xsd_check import Violation, schema_of, violations
from landxml.xsd_conforming import conforming

__all__ = ["Gml"]

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
BOUNDED_BY = f"{GML}boundedBy"
TOGETHER = 256_000
"""Bytes of members that are validated together, where the manifest names the metadata: to call libxml2 for
each of them costs more than what it does."""
_BLANKS = " \t\r\n"
_HINTS = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"}  # which every element may have


class Gml:
    """Reads documents of members; what is around them is checked where the manifest names the metadata."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        self.layout = layout
        self.wanted = wanted or dictionary(layout)
        names = [name for name in (layout.metadata, layout.member) if name]
        self.members = [layout.tag(name) for name in names]
        self.tags = [f"{{*}}{name}" for name in (*names, layout.root)]
        if not layout.metadata:
            self.tags.append(BOUNDED_BY)

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether the root element of a document is that of the layout.

        Where its namespace may be any, the first record must be of a class of the layout besides.
        """
        if not layout.open or not source.found.has_root(layout):
            return source.found.has_root(layout)
        name = first_record(source.head, layout.member)
        known = any(name in cls.called for cls in dictionary(layout).features())
        source.problem = None if known else source.problem or _strange(name)
        return known

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Stream one document, and report what is wrong with it."""
        file, payload, extractor = source.name, Payload(source.stream), native.extractor(self.wanted)
        metadata, found, given = None, _Members(self.layout, file, extractor, report), 0
        try:
            for _ in self._taken(payload, found):
                if extractor.size >= BATCH or payload.passed - given >= BATCH_BYTES:
                    given = payload.passed
                    batch = taken(extractor)
                    metadata = metadata or batch.tables.get("SieuDuLieu")
                    yield batch
                    del batch  # else it stays while the next is read
        except etree.XMLSyntaxError as error:
            near, at_end = payload.last, not payload.read(1)
            report(parse_fault(problem(error, payload.kept if at_end else b"", near), file))
            yield taken(extractor)
            return
        except _ForeignError as error:
            report(error.fault)
            yield taken(extractor)
            return
        batch = taken(extractor)
        _check_digest(payload.hexdigest(), metadata or batch.tables.get("SieuDuLieu"), file, report)
        yield batch

    def _taken(self, payload: Payload, found: _Members) -> Iterator[None]:
        """Take the members of a document; yield whenever some have been taken."""
        before = 0
        try:
            for element in ended(payload, self.tags):
                if found.reach(element) and payload.passed - before >= found.together:
                    before = payload.passed
                    found.take()
                    yield
        except (etree.XMLSyntaxError, LimitError, RefusedError):  # not one that comes out of what is taken
            found.end()
            raise
        found.end()

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Stream one document without a look at the schema."""
        file, extractor = source.name, native.extractor(self.wanted)
        try:
            for member in members(source.stream, self.members):
                for record in member:
                    extractor.add(record, file)
                if extractor.size >= BATCH:
                    yield taken(extractor)
        except etree.XMLSyntaxError as error:
            report(parse_fault(problem(error), file))
        yield taken(extractor)

    def rest(self) -> Iterator[Batch]:
        """Yield nothing: no two documents share a batch."""
        yield from ()

    def write(self, batches: Iterable[Batch], path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write one document; of the national model the first batch holds its metadata."""
        from landxml import features  # noqa: PLC0415 - who only reads needs none of it
        from landxml.markup import Markup, metadata  # noqa: PLC0415
        from landxml.writing import write_members  # noqa: PLC0415

        if self.layout.collection:
            features.write(path, self.layout, batches, force=force)
            return
        found, markup = iter(batches), Markup(self.layout)
        first = next(found)
        members = (text for batch in itertools.chain([first], found) for text in markup.members(batch))
        write_members(path, members, metadata(first), force=force)


def _check_digest(found: str | None, metadata: pa.Table | None, file: str, report: Report) -> None:
    """Compare the hash of the members with the one that the metadata declare, where there is one."""
    if metadata is None or found is None:
        return
    declared = metadata["maBamNoiDung"].to_pylist()
    if not declared or not declared[0] or found == declared[0]:
        return
    line = metadata["_at"].to_pylist()[0]
    identifier = metadata["_id"].to_pylist()[0] or ""
    params = {"declared": declared[0][:16], "found": found[:16]}
    report(Fault("digest", file, line, "SieuDuLieu", identifier, "SieuDuLieu/maBamNoiDung", params))


def _strange(name: str) -> Problem:
    """Say that the records of a collection are those of no known layout."""
    if not name:
        return Problem(
            "layout", Text("Tập hợp không có đối tượng nào.", "The collection has no features."), 1
        )
    name = shown(name)
    vi = f"Đối tượng đầu tiên, “{name}”, không thuộc định dạng nào."
    return Problem("layout", Text(vi, f"The first feature, “{name}”, is that of no known layout."), 1)


class _ForeignError(Exception):
    """Something stands in a wrong namespace; nothing behind it is read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class _Members:
    """The members of one document, as they come."""

    def __init__(self, layout: Layout, file: str, extractor: Extractor, report: Report) -> None:
        self.layout = layout
        self.file = file
        self.extractor = extractor
        self.report = report
        self.kinds = _kinds(layout)
        self.names = {} if layout.open else {layout.tag(name): name for name in self.kinds}
        self.schema = schema_of(layout)
        self.conforms = conforming(layout, layout.tag(layout.member))
        self.expected = layout.metadata or layout.member
        self.whole = bool(layout.metadata)
        """Whether the manifest tells all that may stand in a document."""
        self.together = TOGETHER if self.whole else 0
        self.root: etree._Element | None = None
        self.last: etree._Element | None = None
        """The last member that has ended. The parser adds the next behind it: it stays until then."""
        self.around: etree._Element | None = None
        """A root for members that are validated together; the metadata stay there, before whatever comes."""

    def reach(self, element: etree._Element) -> bool:
        """Note an element that has ended; tell whether it stands right below the root."""
        root = element.getparent()
        if root is None:
            self.root, self.last = element, None
            return False
        if root is not self.root:  # the root is looked at once, not for each member
            if root.getparent() is not None:  # households have an element of that name too
                return False
            self.root = root
        self.last = element
        return True

    def take(self) -> None:
        """Check what stands before the last member, take the records, and drop it."""
        if self.root is not None and self.last is not None:
            self._take(self.root, self.root.index(self.last))

    def end(self) -> None:
        """Take the rest, for the document ends here or cannot be read on; then check what is around them."""
        if self.root is None:
            return
        if self.last is not None:
            self._take(self.root, self.root.index(self.last) + 1)
            return
        self._take(self.root, len(self.root))
        if self.whole:
            self._envelope(self.root)

    def _take(self, root: etree._Element, count: int) -> None:
        """Check so many elements at the beginning of the root, take the records of members, and drop them."""
        holder, first, valid = root, 0, self.whole and self.expected == self.layout.member
        valid = valid and all(map(self.conforms, itertools.islice(root, count)))
        if self.whole and count and not valid:
            if self.around is None:
                self.around = etree.Element(root.tag, nsmap=root.nsmap)  # type: ignore[arg-type]
            holder, first = self.around, len(self.around)
            holder.extend([*itertools.islice(root, count)])
            valid = self.schema.validate(holder)
        end = first + count
        for member in itertools.islice(holder, first, end):
            if not valid:
                self._check(member)
                continue
            for record in member:
                self.extractor.add(record, self.file)
            self.expected = self.layout.member
        if holder is self.around and not first and self.names.get(holder[0].tag) == self.layout.metadata:
            first = 1
        del holder[first:end]

    def _check(self, member: etree._Element) -> None:
        """Tell all that is wrong with an element below the root, and take its records if it is a member."""
        name = self._name(member)
        if self.whole:
            self._place(member, name)
        if name is None:
            return
        for record in member:
            found = violations(self.schema, record, self.layout.namespace)
            if found or (self.whole and record.tag not in self.kinds[name]):
                self._wrong_record(record, name, found)
            self.extractor.add(record, self.file)
        self.expected = self.layout.member

    def _name(self, element: etree._Element) -> str | None:
        """Return what a member is called, None if it is none; refuse a foreign one."""
        if name := self.names.get(element.tag):
            return name
        if element.tag == BOUNDED_BY and not self.whole:
            self.extractor.rings.around = _named(element)
            return None
        name = self._bound(element)
        if name is None and _local(element) in self.kinds:
            reason = {"reason": foreign(element, self.names, self.layout.namespace)}
            found = Fault("namespace", self.file, line_of(element), "", "", _local(element), reason)
            raise _ForeignError(found)
        return name

    def _bound(self, member: etree._Element) -> str | None:
        """Take the namespaces of the first member and its record for those of all, if they may be any."""
        if not self.layout.open or _local(member) != self.layout.member:
            return None
        if len(member):
            self.names = {str(member.tag): self.layout.member}
            self.layout = self.layout.bound(namespace_of(member[0]))
            self.schema = schema_of(self.layout)
        return self.layout.member

    def _place(self, member: etree._Element, name: str | None) -> None:
        """Tell that an element stands in a wrong place, or that something else stands in or behind it."""
        if name is None:
            self._wrong(member, "unknown", self.layout.member)
        else:
            if name != self.expected:
                self._wrong(member, "late" if name == self.layout.metadata else "missing", self.expected)
            if len(member) != 1:
                self._wrong(member, "records", "1", value=str(len(member)))
            self._bare(member)
        if (tail := member.tail) and tail.strip(_BLANKS):
            self._wrong(member, "text")

    def _wrong_record(self, record: etree._Element, name: str, found: Iterable[Violation]) -> None:
        """Tell what is wrong with a record."""
        known, cls, named = True, _local(record), record.get(GML_ID) or ""
        for each in found:
            known &= each.reason != "record"
            fault = Fault(each.reason, self.file, each.line, cls, named, each.path, each.params)
            if each.reason == "namespace":
                raise _ForeignError(fault)
            self.report(fault)
        if known and self.whole and record.tag not in self.kinds[name]:
            self._wrong(record, "place", name)

    def _envelope(self, root: etree._Element) -> None:
        """Check what is left of the root when all members are gone."""
        if self.expected == self.layout.metadata:
            self._wrong(root, "missing", self.expected)
        self._bare(root)

    def _bare(self, element: etree._Element) -> None:
        """Report attributes of an element that only holds others, and text of its own."""
        if native.bare(element):
            return
        for name in element.keys():  # noqa: SIM118 - an element is no mapping
            if name not in _HINTS:
                self._wrong(element, "attribute", value=str(name).replace(_XSI, "xsi:"))
        texts = [element.text, *[child.tail for child in element]]
        if any([text and text.strip(_BLANKS) for text in texts]):  # noqa: C419 - quicker
            self._wrong(element, "text")

    def _wrong(self, element: etree._Element, detail: str, expected: str = "", *, value: str = "") -> None:
        name = _local(element)
        params = {"element": name, "value": value, "expected": expected, "detail": detail}
        self.report(Fault("envelope", self.file, line_of(element), "", "", name, params))


def _named(bounds: etree._Element) -> Named:
    """Return what the envelope of a collection says of its CRS."""
    for envelope in bounds:
        return Named(envelope.get("srsName") or None, envelope.get("srsRevert") or "")
    return Named()


@cache
def _kinds(layout: Layout) -> dict[str, frozenset[str]]:
    """Tags of the records that each element of the envelope may hold."""
    tags = frozenset(layout.tag(cls.name) for cls in dictionary(layout).features())
    metadata = frozenset({layout.tag("SieuDuLieu")})
    return {layout.member: tags - metadata} | ({layout.metadata: metadata} if layout.metadata else {})


def _local(element: etree._Element) -> str:
    return _without_namespace(str(element.tag))


@lru_cache(1024)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]
