"""What stands at the places of the first findings, for the report: read again when a run is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from landxml.carriers import Opened
from landxml.documents import Document
from landxml.load import opened, reported
from landxml_validator.explanation.fragment import Quote, fragments, masked, shown, sought
from landxml_validator.explanation.records import cells, marked
from landxml_validator.ledger import Ledger
from landxml_validator.privacy import cut
from landxml_validator.quoted import Excerpt
from landxml_validator.report import Finding
from landxml_validator.samples import in_turn
from landxml_validator.stages import Settings

__all__ = ["read"]

EACH, MOST = 2, 200
"""Most findings of a rule, and of all, of which a report quotes the data."""
ROWS = 2_000_000
"""Bytes of a workbook or layer from which on its rows are not quoted: it would be loaded again for them."""


def read(documents: Iterable[Document], ledger: Ledger, settings: Settings) -> list[Excerpt]:
    """Quote the data at the first findings of each rule, by number.

    Each document is opened once at most. No process is risked for those that could not be read to their end.
    What cannot be read any more is not quoted: the check is over.
    """
    of_records = [
        [each for each in some if each.at and each.file not in ledger.unread]
        for some in ledger.findings.values()
    ]
    wanted: dict[str, list[Finding]] = {}
    for finding in in_turn(of_records, EACH, MOST):
        wanted.setdefault(finding.file, []).append(finding)
    named = (document for document in documents if document.name in wanted) if wanted else ()
    quote, found = shown if settings.personal_data else masked, list[Excerpt]()
    for source in opened(named, lambda _: None, settings.rules.profile.own):
        with reported(source.name, lambda _: None):
            found += _of_document(source, wanted[source.name], quote)
    return sorted(filter(_holds, found), key=lambda each: each.number)


def _holds(excerpt: Excerpt) -> bool:
    return bool(excerpt.lines or excerpt.cells)


def _of_document(source: Opened, findings: Sequence[Finding], quote: Quote) -> Iterator[Excerpt]:
    rows = {each.place for each in findings if each.part}
    values = cells(source, rows, quote) if rows and source.size < ROWS else {}
    for each in findings:
        row = marked(values.get(each.place, ()), each.column)
        yield Excerpt(number=each.number, cells=[replace(cell, value=cut(cell.value)) for cell in row])
    inside = sorted((each for each in findings if not each.part), key=lambda each: each.at)
    codec = source.found.codec
    parts = fragments(source.stream, map(sought, inside), encoding=codec, quote=quote)
    for each, lines in zip(inside, parts, strict=True):
        yield Excerpt(number=each.number, lines=[replace(line, text=cut(line.text)) for line in lines])
