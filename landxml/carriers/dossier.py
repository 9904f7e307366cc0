"""Dossiers: small documents, each parsed whole and held against its schema, many of them to a batch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache

from lxml import etree

from landxml import native
from landxml.carriers.base import BATCH_BYTES, Batch, Opened, taken
from landxml.content import Content, contents
from landxml.dictionary import Dictionary, dictionary
from landxml.extract import BIG_LINE, line_of
from landxml.faults import Fault, Report, parse_fault
from landxml.layouts import Layout
from landxml.safe_xml import parser, problem, whole
from landxml.xsd_check import schema_of, violations
from landxml.xsd_conforming import conforming

__all__ = ["Dossier"]

BATCH = 125_000
"""Records per batch, 5,000 dossiers and more: what a batch costs by itself is that of 500 dossiers."""


class Dossier:
    """Reads the dossiers of a layout."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        self.layout = layout
        self.extractor = native.extractor(wanted or dictionary(layout))
        self.bytes = 0

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether the root element of a document is that of the layout."""
        return source.found.has_root(layout)

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read one dossier, and report what is wrong with it."""
        root = self._parsed(source, report)
        if root is not None:
            identifier = f"{self.layout.root}.{self._add(root, source.name)}"
            _check(root, self.layout, source.name, identifier, report)
        yield from self._full()

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read one dossier without a look at the schema."""
        root = self._parsed(source, report)
        if root is not None:
            self._add(root, source.name)
        yield from self._full()

    def _full(self) -> Iterator[Batch]:
        """Yield what has been read if it is enough for a batch."""
        if self.extractor.size >= BATCH or self.bytes >= BATCH_BYTES:
            yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """Yield the dossiers that no batch has held yet."""
        self.bytes = 0
        if self.extractor.size:
            yield taken(self.extractor)

    def write(self, batches: Iterable[Batch], path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write dossiers, each as a file, in the vendor's order of elements; what is empty is left out."""
        from landxml.dossiers.writing import DECLARATION  # noqa: PLC0415 - who only reads needs none of it
        from landxml.markup import Markup  # noqa: PLC0415
        from landxml.packing import packing  # noqa: PLC0415

        markup = Markup(self.layout)
        with packing(path, force=force) as (root, keep):
            for batch in batches:
                for name, text in markup.documents(batch):
                    file = root / name
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(f"{DECLARATION}\n{text}", "utf-8")
                    keep(file)

    def _parsed(self, source: Opened, report: Report) -> etree._Element | None:
        content = whole(source.stream)
        self.bytes += len(content)
        try:
            return etree.fromstring(content, _parser(long=len(content) > BIG_LINE))
        except etree.XMLSyntaxError as error:
            report(parse_fault(problem(error, content[-64:], content), source.name))
            return None

    def _add(self, root: etree._Element, file: str) -> str:
        """Take the records of a dossier, all or none; return what stands for it in their ids."""
        if not self.extractor.plans:  # only the faults are wanted
            return ""
        try:
            return self.extractor.add_dossier(root, file)
        except BaseException:
            self.extractor.forget(file)
            raise


@cache
def _parser(*, long: bool) -> etree.XMLParser:
    """Return the parser of dossiers; making one anew costs a third of parsing one.

    Blanks between elements are half of a tree and say nothing, but for the lines of a long file.
    """
    return parser(remove_blank_text=not long)


def _check(root: etree._Element, layout: Layout, file: str, identifier: str, report: Report) -> None:
    surely = conforming(layout, layout.root)(root)
    for found in () if surely else violations(schema_of(layout), root):
        # Of texts a vendor's schema says the length only, and none that is there is too short.
        reason = "overlong" if found.reason == "facet" and found.params["value"] else found.reason
        cls = _class_of(found.path, layout)
        report(Fault(reason, file, found.line, cls, identifier, found.path, found.params))
        if found.reason == "namespace":
            return
    for element, params in _cardinality(root):
        path = element.getroottree().getpath(element).strip("/")
        report(Fault("structure", file, line_of(element), _class_of(path, layout), identifier, path, params))


def _class_of(path: str, layout: Layout) -> str:
    """Innermost class named in an element path."""
    classes = dictionary(layout).classes
    steps = [step.partition("[")[0] for step in path.split("/")]
    return next((step for step in reversed(steps) if step in classes), layout.root)


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
