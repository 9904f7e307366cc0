"""The one way in: documents are opened and recognised, and their records loaded in batches of source tables.

Every command begins with :func:`opened`. Who wants objects hands the stream to :mod:`landxml.reading`, all
others load tables. What is wrong with a document is reported as a fault, and the next one follows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from landxml import layouts
from landxml.boundary import contained
from landxml.carriers import Batch, Carrier, Opened, carrier, kind
from landxml.dictionary import Dictionary, dictionary
from landxml.documents import Document, Refusal, RefusedError, open_many
from landxml.errors import LandXmlError
from landxml.faults import Report, parse_fault, refusal_fault
from landxml.layouts import Layout
from landxml.nearest import nearest
from landxml.recognise import sniff, strange
from landxml.text import Text
from landxml.xsd_check import schema_of

__all__ = ["Loader", "layout", "layout_of", "opened", "reported"]


def layout(name: str) -> Layout:
    """Return a built-in layout by its id, or that of a folder by the path of it.

    Raises
    ------
    LandXmlError
        If there is none, or the folder cannot be used.
    """
    known = layouts.builtin()
    if name in known:
        return known[name]
    if not Path(name).is_dir():
        near, choices = nearest(name, known), ", ".join(known)
        vi, en = (f"có phải ý bạn là {near}?", f"did you mean {near}?") if near else ("", "")
        raise LandXmlError(
            Text(
                f"không có định dạng hay thư mục “{name}”; {vi or f'có: {choices}'}",
                f"there is no layout or folder “{name}”; {en or f'there are: {choices}'}",
            )
        )
    return layout_of(Path(name))


def layout_of(folder: Path) -> Layout:
    """Return the layout of a folder, which can be used.

    Raises
    ------
    LandXmlError
        If it cannot.
    """
    found = layouts.load(folder)
    kind(found)
    if found.schema:
        schema_of(found)
    return found


def opened(
    items: Iterable[Document | Refusal], report: Report, own: Iterable[Layout] = (), crs: int | None = None
) -> Iterator[Opened]:
    """Open documents one after another, and recognise the layout of each.

    Parameters
    ----------
    items
        As :func:`landxml.sources.find` yields them.
    report
        Called with the fault of each that cannot be opened.
    own
        Layouts beside the built-in ones; they may claim documents of those.
    crs
        EPSG code of the geometry of documents that do not say it.

    Yields
    ------
    Opened
        Also of no known layout; its stream is closed when the next one is asked for.
    """
    known = (*own, *sorted(layouts.builtin().values(), key=lambda layout: layout.flat))
    for document, stream in open_many(_documents(items, report)):
        if isinstance(stream, Refusal):
            report(refusal_fault(stream))
            continue
        with reported(document.name, report):
            source = Opened(document.name, stream, document, sniff(stream), crs=crs)
            _recognise(source, known)
            yield source


def _recognise(source: Opened, known: Sequence[Layout]) -> None:
    """Find the layout of a document, or say why it is of none."""
    for layout in known:  # whose carrier is imported only when it is asked
        if kind(layout).recognises(source, layout):
            source.layout, source.problem = layout, None
            return
    source.problem = source.problem or strange(source.found, known)


def _documents(items: Iterable[Document | Refusal], report: Report) -> Iterator[Document]:
    for item in items:
        if isinstance(item, Refusal):
            report(refusal_fault(item))
        else:
            yield item


@contextlib.contextmanager
def reported(name: str, report: Report) -> Iterator[None]:
    """Report whatever goes wrong while the document of this name is read, so that the next one follows."""
    try:
        with contained(name):
            yield
    except RefusedError as error:
        report(refusal_fault(error.refusal))


class Loader:
    """Loads the records of open documents, one document after another; small ones share batches.

    Parameters
    ----------
    wanted
        Which classes and fields of a layout become columns.
    """

    def __init__(self, wanted: Callable[[Layout], Dictionary] = dictionary) -> None:
        self.wanted = wanted
        self.carriers: dict[Layout, Carrier] = {}

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Load one document to its end, and report what is wrong with it.

        Raises
        ------
        RefusedError, LimitError
            If it is damaged, or beyond the limits; :func:`reported` makes faults of that.
        """
        found = self._carrier(source, report)
        return found.load(source, report) if found else iter(())

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Load one document without a look at the schema; report only why it cannot be read to its end."""
        found = self._carrier(source, report)
        return found.scan(source, report) if found else iter(())

    def rest(self) -> Iterator[Batch]:
        """Yield the records that no batch has held yet; they are asked for when all documents are loaded."""
        for each in self.carriers.values():
            yield from each.rest()

    def _carrier(self, source: Opened, report: Report) -> Carrier | None:
        """Return the carrier of a document; if it has none, report why."""
        if source.problem is not None:
            report(parse_fault(source.problem, source.name))
        layout = source.layout
        if layout is not None and layout not in self.carriers:
            self.carriers[layout] = carrier(layout, self.wanted(layout))
        return self.carriers[layout] if layout else None
