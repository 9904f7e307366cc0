"""What becomes of the code of each parcel: read, computed, and chosen before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from landxml.carriers import Opened
from landxml.documents import Document
from landxml.geometry import Rings, epsg_of, polygons
from landxml.identifiers import form, geohash
from landxml.identifiers.parcel_code import codes, offsets
from landxml.layouts import Layout
from landxml.load import Loader
from landxml_remap import rewrite

__all__ = ["ELEMENT", "PARCEL", "Cells", "Flags", "Parcels", "Source", "chosen", "final", "read", "twice"]

PARCEL, ELEMENT = "ThuaDat", "maThuaDat"

Cells = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]


class Source(rewrite.Source):
    """A national document, and where its parcels begin and end among all."""

    begin: int = 0
    end: int = 0


class Parcels(NamedTuple):
    """What is known of parcels, one array each."""

    line: npt.NDArray[np.int64]
    counts: Flags  # in force, and a parcel
    history: Flags
    written: Flags  # has some code
    formed: Flags  # has a code of the right form
    old: Cells
    computed: Flags
    new: Cells
    off: npt.NDArray[np.float32]


KINDS = (np.int64, bool, bool, bool, bool, np.uint64, bool, np.uint64, np.float32)
"""Kinds of the arrays of :class:`Parcels`."""


def read(
    found: list[tuple[str, Document]],
    precision: float,
    advance: Callable[[int], None],
    layouts: Iterable[Layout] = (),
) -> tuple[list[Source], list[str], Parcels]:
    """Read documents, and compute the codes of their parcels.

    Returns
    -------
    tuple
        The national documents, the names of the others, and all parcels in their order.

    Raises
    ------
    LandXmlError
        If a document cannot be read to its end, or none is national.
    """
    sources: list[Source] = []
    parts = [Parcels(*(np.zeros(0, kind) for kind in KINDS))]
    loader = Loader()

    def look(name: str, document: Document, layout: Layout, seen: Opened) -> None:
        count = sources[-1].end if sources else 0
        source = Source(name, document, layout, seen.found.encoding, begin=count)
        for batch in loader.load(seen, source.fault):
            if PARCEL in batch.tables:
                parts.append(_looked_at(batch.tables[PARCEL], batch.rings, precision))
                count += len(parts[-1].line)
        source.end = count
        sources.append(source)

    others = rewrite.look_at_each(found, layouts, rewrite.NATIONAL, look, advance)
    return sources, [name for name, _ in others], Parcels(*map(np.concatenate, zip(*parts, strict=True)))


def _looked_at(table: pa.Table, rings: Rings, precision: float) -> Parcels:
    """Compute the codes of one batch."""
    count = table.num_rows
    history = _is(table["hieuLuc"], "false", "0")
    counts = ~history & ~_is(table["laDoiTuongChiemDat"], "true", "1")
    words = pc.utf8_trim_whitespace(table[ELEMENT].combine_chunks().fill_null(""))
    formed = np.asarray(pc.match_substring_regex(words, f"^{form('ParcelCode').pattern}$"))
    shapes, epsg = np.full(count, None, object), np.full(count, None, object)
    rows = np.array(rings.rows, np.int64)
    shapes[rows], epsg[rows] = polygons(rings), [epsg_of(srs) for srs in rings.srs]
    shapes[~counts] = None
    made = codes(shapes, epsg, precision)
    return Parcels(
        line=np.asarray(table["_at"].combine_chunks().cast(pa.int64()).fill_null(0)),
        counts=counts,
        history=history,
        written=np.asarray(pc.not_equal(words, "")),
        formed=formed,
        old=_cells(words, formed),
        computed=np.asarray(made.is_valid()),
        new=_cells(made, np.asarray(made.is_valid())),
        off=offsets(words, shapes, epsg).astype(np.float32),
    )


def _is(column: pa.ChunkedArray, *texts: str) -> Flags:
    return np.asarray(pc.is_in(column.combine_chunks().fill_null(""), pa.array(texts)))


def _cells(words: pa.Array, usable: Flags) -> Cells:
    cells = np.zeros(len(words), np.uint64)
    cells[usable] = geohash.parse(np.array(words.filter(pa.array(usable)).to_pylist(), "S"))
    return cells


def chosen(parcels: Parcels, *, replace: bool) -> Flags:
    """Choose the parcels whose computed code is written; one that another parcel has is written nowhere."""
    differs = ~parcels.formed | (parcels.old != parcels.new)
    write = parcels.counts & parcels.computed & (~parcels.written | (replace & differs))
    while (lost := write & twice(parcels, write)).any():
        write &= ~lost
    return np.asarray(write)


def final(parcels: Parcels, write: Flags) -> tuple[Any, Any]:
    """Return which parcels have a code in the end, and which code."""
    has = write | (parcels.counts & parcels.formed)
    return has, np.where(write, parcels.new, parcels.old)


def twice(parcels: Parcels, write: Flags) -> Flags:
    """Tell which parcels have a code that another one has too."""
    has, cells = final(parcels, write)
    _, inverse, numbers = np.unique(cells[has], return_inverse=True, return_counts=True)
    twice = np.zeros(len(has), bool)
    twice[has] = numbers[inverse] > 1
    return np.asarray(twice)
