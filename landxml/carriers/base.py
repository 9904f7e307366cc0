"""What every carrier does, and the open documents that it does it with."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from landxml import archive
from landxml.archive import ArchiveError, Entry
from landxml.dictionary import Dictionary
from landxml.documents import Document, RefusedError, open_regular, refused
from landxml.extract import Extractor
from landxml.faults import Report
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.parts import CATALOG, named, together
from landxml.recognise import Sniff, peek
from landxml.remote import is_remote
from landxml.safe_xml import Problem, Readable
from landxml.temporary import temporary

__all__ = ["BATCH", "BATCH_BYTES", "Batch", "Carrier", "Opened", "Writer", "taken"]

BATCH = 100_000
"""Records per batch: large enough for vector work, small enough for a laptop."""
BATCH_BYTES = 64_000_000
"""Bytes per batch, for documents whose records are few but huge."""


class Batch(NamedTuple):
    """Raw texts per class of a layout, and the geometry of its parcels; where the columns of sheets are."""

    layout: Layout
    tables: dict[str, pa.Table]
    rings: Rings
    columns: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    """Sheet → element → letters of its column, or name of the field of a layer; told with its first rows."""
    unknown: Mapping[str, int] = MappingProxyType({})
    """Elements that no class of the layout has, by name, where these are let pass."""

    def documents(self) -> dict[str, int]:
        """Return the number of records of each document."""
        names = pa.chunked_array(
            [part for table in self.tables.values() for part in table["_file"].chunks], pa.string()
        )
        return dict(zip(*(each.to_pylist() for each in names.value_counts().flatten()), strict=True))

    def of(self, files: Sequence[str]) -> Batch:
        """Return what it holds of some of its documents; not for batches with geometry."""
        wanted = pa.array(files)
        parts = {name: table.filter(pc.is_in(table["_file"], wanted)) for name, table in self.tables.items()}
        return self._replace(tables={name: part for name, part in parts.items() if part.num_rows})


class Opened(msgspec.Struct):
    """A document that is open.

    Name and stream may be replaced before its records are asked for.

    Attributes
    ----------
    name
        As faults and rows quote it.
    stream
        Its bytes, from the beginning.
    document
        None for bytes that lie in no file.
    found
        What its first bytes say.
    layout, problem
        Its layout, or why it is of none that is known.
    crs
        EPSG code of its geometry, where it does not say that itself.
    looked
        What the last carrier that was asked has read to recognise it, and needs again.
    """

    name: str
    stream: Readable
    document: Document | None = None
    found: Sniff = Sniff()
    layout: Layout | None = None
    problem: Problem | None = None
    crs: int | None = None
    looked: Any = None

    @property
    def size(self) -> int:
        """Bytes of the document; 0 where it lies in no file."""
        return self.document.size if self.document else 0

    @property
    def head(self) -> bytes:
        """Its first 64 kB, while nothing has been read; also of one that has no stream yet."""
        head = peek(cast("BinaryIO", self.stream))
        if not head and self.document:
            with contextlib.suppress(RefusedError), self.document.open() as stream:
                return peek(stream)
        return head

    @contextlib.contextmanager
    def on_disk(self, *beside: str) -> Iterator[Path]:
        """Give the document as a file, for who must read it in any order.

        Files of the same name with other suffixes lie beside it, as a shapefile needs them; a geodatabase is
        given as its folder. Of an archive they are unpacked into a temporary folder, of an object store the
        document alone is copied there.

        Parameters
        ----------
        beside
            These suffixes, in small letters.

        Raises
        ------
        RefusedError
            If they are damaged, or too large.
        """
        if self.document and not (self.document.entry or is_remote(self.document.path)):
            yield _whole(Path(self.document.path))
            return
        with temporary() as folder:
            if self.document and self.document.entry:
                entry = Path(self.document.entry.name)
                path = folder / entry.parent.name / entry.name
                path.parent.mkdir(exist_ok=True)
                _unpack(self.document, path.parent, beside)
            else:
                path = folder / Path(self.name).name
                whole = self.document.open() if self.document else contextlib.nullcontext(self.stream)
                with whole as stream, path.open("wb") as file:
                    shutil.copyfileobj(stream, file)
            yield _whole(path)


def _whole(path: Path) -> Path:
    return path.parent if path.name == CATALOG else path


def _unpack(document: Document, folder: Path, beside: Sequence[str]) -> None:
    """Unpack an entry of an archive, and those that belong to it."""
    main = Path(document.member or "")

    def is_part(entry: Entry) -> bool:
        return together(Path(entry.name), main, beside)

    def is_namesake(entry: Entry) -> bool:
        return Path(entry.name).name.startswith(main.stem)

    try:
        with open_regular(document.path) as file:
            parts = archive.entries(file).only(is_part)
            archive.refuse_bombs(parts, file.seek(0, os.SEEK_END))
            for entry in sorted(parts, key=is_namesake):  # the last of two that differ in case stays
                with (folder / named(Path(entry.name), main)).open("wb") as out:
                    out.writelines(archive.inflate(file, entry))
    except ArchiveError as error:
        raise RefusedError(refused(document.name, error.what)) from error


class Carrier(Protocol):
    """Reads documents of one layout.

    It is the class that a module of this package has of its own name, and is made of a layout and of what is
    wanted: which classes and fields become columns. Small documents may share a batch: what is left when all
    are read is in :meth:`rest`.
    """

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        """Prepare for the documents of a layout."""

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether a document is of a layout of this carrier; its stream stays where it is.

        If it is of none, ``problem`` may be set to why.
        """

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read a document to its end, and report what is wrong with it.

        A DOCTYPE was refused before.
        """

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read a document without a look at the schema; report only why it cannot be read to its end."""

    def rest(self) -> Iterator[Batch]:
        """Yield the records that no batch has held yet."""


class Writer(Carrier, Protocol):
    """A carrier that writes documents too; its layouts are capable of ``writes``."""

    def write(self, batches: Iterable[Batch], path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write what batches hold, complete or not at all (:mod:`landxml.files`).

        Reading it gives the same texts, if the layout has room for them. Batches are asked for one after
        another, and none is kept.

        Parameters
        ----------
        batches
            Of the layout of the carrier; whole records, with all that is nested in them. Of the places of
            records only ``_file`` is looked at, and only where each document has a file of its own: it is the
            path of that in the folder or zip.
        path
            The file; where there are many documents the folder, or a name that ends in ``.zip``.
        force
            Replace a file that exists, when the new one is complete.

        Raises
        ------
        LandXmlError, OSError
            If something stands at ``path``, or it cannot be written; nothing is left behind then.
        """


def taken(extractor: Extractor) -> Batch:
    """Return the records collected so far."""
    rings, extractor.rings = extractor.rings, Rings(extractor.rings.around)
    return Batch(extractor.dictionary.layout, extractor.take(), rings)
