"""Documents of which only the XSD is known: they are checked against it, and their records are counted.

A quoted value may be personal data, and nothing says which is: faults hold it in clear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from landxml.carriers.base import BATCH, Batch, Opened, taken
from landxml.dictionary import Dictionary, dictionary
from landxml.extract import GML_ID, Extractor
from landxml.faults import Fault, Report, parse_fault
from landxml.layouts import Layout
from landxml.safe_xml import LimitError, Readable, members, parser, problem
from landxml.text import Text
from landxml.xsd_check import schema_of, violations

__all__ = ["Xml"]

LARGEST = 64_000_000
"""Bytes of a document that is checked whole; larger ones need ``member`` in the manifest."""
NAMES = 1_000
"""Most names of records that are told apart; a report does not grow with what stands in the data."""

_NO_MEMBER = Text(
    "Tệp trên 64 MB chỉ đọc được từng bản ghi; hãy ghi phần tử của chúng vào member của layout.toml.",
    "A file beyond 64 MB is read record by record only; name their element as member of layout.toml.",
)
_Part = tuple[Any, dict[str, Any]]
"""An element that is validated, and the records in it by the steps that paths of violations have."""


class Xml:
    """Reads documents of a layout; its tables say of each record where it stands, and no more."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        self.layout = layout
        self.extractor = Extractor(wanted or dictionary(layout))

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether the root element of a document is that of the layout."""
        return source.found.has_root(layout)

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Check a document, record by record where the manifest names the element that holds one."""
        compiled = schema_of(self.layout)
        for part, records in self._parts(source, report):
            for found in violations(compiled, part):
                record: Any = records.get("".join(found.path.split("/")[1:2]), part)
                identifier = record.get(GML_ID) or record.get("id") or ""
                report(
                    Fault(
                        found.reason,
                        source.name,
                        found.line,
                        _name(record),
                        identifier,
                        found.path,
                        found.params,
                    )
                )
            yield from self._noted(records.values() or [part], source.name)

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Count the records of a document."""
        for part, records in self._parts(source, report):
            yield from self._noted(records.values() or [part], source.name)

    def rest(self) -> Iterator[Batch]:
        """Yield the records that no batch has held yet."""
        if self.extractor.size:
            yield taken(self.extractor)

    def _parts(self, source: Opened, report: Report) -> Iterator[_Part]:
        try:
            stream = source.stream
            yield from _streamed(stream, self.layout.member) if self.layout.member else _whole(stream)
        except etree.XMLSyntaxError as error:
            report(parse_fault(problem(error), source.name))

    def _noted(self, records: Iterable[etree._Element], file: str) -> Iterator[Batch]:
        for record in records:
            name = _name(record)
            known = name in self.extractor.plans or len(self.extractor.plans) < NAMES
            self.extractor.note(record, name if known else "…", file)
        if self.extractor.size >= BATCH:
            yield taken(self.extractor)


def _streamed(stream: Readable, member: str) -> Iterator[_Part]:
    """Yield the records one by one."""
    for element in members(stream, [f"{{*}}{member}"]):
        for record in element.iterchildren("*"):
            yield record, {}


def _whole(stream: Readable) -> Iterator[_Part]:
    """Yield the root of the document, and its children by the steps that paths of violations have."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise LimitError(_NO_MEMBER)
    root = etree.fromstring(content, parser())
    children = list(root.iterchildren("*"))
    same, seen = Counter(map(_name, children)), Counter[str]()
    steps = {}
    for child in children:
        name = _name(child)
        seen[name] += 1
        steps[f"{name}[{seen[name]}]" if same[name] > 1 else name] = child
    yield root, steps


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
