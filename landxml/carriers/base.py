"""What every carrier does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import pyarrow as pa

from landxml.extract import Extractor
from landxml.faults import Report
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.safe_xml import Readable

__all__ = ["BATCH", "BATCH_BYTES", "Batch", "Carrier", "taken"]

BATCH = 100_000
"""Records per batch: large enough for vector work, small enough for a laptop."""
BATCH_BYTES = 64_000_000
"""Bytes per batch, for documents whose records are few but huge."""


class Batch(NamedTuple):
    """Raw texts per class of a layout, and the geometry of its parcels."""

    layout: Layout
    tables: dict[str, pa.Table]
    rings: Rings


class Carrier(Protocol):
    """Reads documents of one layout.

    A document has been recognised, and a DOCTYPE refused, before. Small documents may share a batch: what is
    left when all are read is in :meth:`rest`.
    """

    def load(self, stream: Readable, file: str, report: Report) -> Iterator[Batch]:
        """Read a document to its end, and report what is wrong with it.

        Parameters
        ----------
        stream
            Bytes of the document, from its beginning.
        file
            Name of the document as faults and rows quote it.
        report
            Called with every fault found on the way.
        """

    def scan(self, stream: Readable, file: str, report: Report) -> Iterator[Batch]:
        """Read a document without a look at the schema; report only why it cannot be read to its end."""

    def rest(self) -> Iterator[Batch]:
        """Yield the records that no batch has held yet."""


def taken(extractor: Extractor) -> Batch:
    """Return the records collected so far."""
    rings, extractor.rings = extractor.rings, Rings()
    return Batch(extractor.dictionary.layout, extractor.take(), rings)
