"""Inspect: what data is and how much of it there is, without schema and without rules."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

import duckdb
import msgspec
import pyarrow as pa

import landxml_units as units
from landxml.carriers import Batch, Opened
from landxml.crs import checked
from landxml.dictionary import Dictionary, dictionary, national
from landxml.faults import Fault
from landxml.layouts import Layout
from landxml.load import Loader, opened, reported
from landxml.localised import today
from landxml.privacy import dated, mask, shown
from landxml.sources import Paths, find, listed
from landxml.text import Text
from landxml_mappings.load import load
from landxml_mappings.row_spec import has_rows
from landxml_validator.inspection_link import linked
from landxml_validator.report import Link

__all__ = ["Commune", "Inspection", "Trouble", "inspect"]

LISTED = 10
"""Most troubles kept per input; all are counted."""


class Commune(msgspec.Struct, frozen=True):
    """A commune code in the data, and the number of records that have it.

    ``name`` is that of the day that the metadata state (of each, if they state several), else of today; of a
    code not valid then its last, and ``until`` its last day. It is ``""`` if the code never was a commune's.
    """

    code: str
    name: str
    until: dt.date | None = None
    count: int = 0


class Trouble(msgspec.Struct, frozen=True):
    """Why a file cannot be read, or not to its end; ``line`` 0 stands for the whole file."""

    file: str
    line: int
    reason: Text


class Inspection(msgspec.Struct, kw_only=True):
    """What one input holds.

    Attributes
    ----------
    name
        The path as given.
    bytes, documents
        Size and number of the documents in it; unpacked, where it is a zip.
    layouts, encodings
        Number of documents of each.
    records
        Records per class, by the class names of the layout; of sheets also the national ones that their rows
        hold. Earlier dossiers inside dossiers do not count.
    communes, codes_valid_on, crs
        Commune codes; the days on which these are valid, as metadata say; CRS names as geometry gives them.
    others
        Number of files that lie beside and were not looked at, by suffix.
    troubles, unread
        The first troubles; number of all.
    link
        How attributes and map of all inputs fit together, if they have several layouts.
    """

    name: str
    bytes: int = 0
    documents: int = 0
    layouts: Counter[str] = msgspec.field(default_factory=Counter)
    encodings: Counter[str] = msgspec.field(default_factory=Counter)
    records: Counter[str] = msgspec.field(default_factory=Counter)
    communes: list[Commune] = []
    codes_valid_on: list[str] = []
    crs: list[str] = []
    others: Counter[str] = msgspec.field(default_factory=Counter)
    troubles: list[Trouble] = []
    unread: int = 0
    link: Link | None = None


def inspect(paths: Paths, layouts: Iterable[Layout] = (), crs: int | None = None) -> list[Inspection]:
    """Look into files, folders and zips. All is read once, and where there are several layouts once more.

    Parameters
    ----------
    paths
        One path or many; ``-`` is standard input.
    layouts
        Layouts beside the built-in ones.
    crs
        EPSG code of the geometry of map layers that do not say it, or say what cannot be true.

    Raises
    ------
    LandXmlError
        If EPSG has no such ``crs``.
    """
    own, known = list(layouts), checked(crs)
    found = [_Look(path).look(own, known) for path in listed(paths)]
    if len({name for each in found for name in each.layouts if name}) > 1:
        link = linked([each.name for each in found], own, known)
        for each in found:
            each.link = link
    return found


class _Look:
    """One input, while it is read."""

    def __init__(self, name: str) -> None:
        self.found = Inspection(name=name)
        self.codes: Counter[str] = Counter()
        self.days: set[str] = set()
        self.crs: set[str] = set()
        self.loader = Loader()

    def look(self, own: Iterable[Layout], crs: int | None) -> Inspection:
        for source in opened(find(self.found.name, self.found.others, own), self._unread, own, crs):
            with reported(source.name, self._unread):
                self._document(source)
        for batch in self.loader.rest():
            self._count(batch)
        days = _days(self.days) or [today()]
        self.found.communes = [_commune(code, count, days) for code, count in sorted(self.codes.items())]
        self.found.codes_valid_on = sorted(self.days)
        self.found.crs = sorted(self.crs)
        return self.found

    def _document(self, source: Opened) -> None:
        self.found.documents += 1
        self.found.bytes += source.size
        self.found.layouts[source.layout.id if source.layout else ""] += 1
        self.found.encodings[source.found.encoding] += 1
        for batch in self.loader.scan(source, self._unread):
            self._count(batch)

    def _count(self, batch: Batch) -> None:
        """Count the records of a batch, and note their communes and CRS."""
        self.crs |= {shown(srs) for srs in batch.rings.srs if srs}
        for known, name, table in _tables(batch):
            self.found.records[name] += table.num_rows
            if _has_commune(known, name):
                for code, count in _counted(table["maXa"]):
                    self.codes[shown(code.strip())] += count
            if name == "SieuDuLieu":
                days = {day.strip() for day, _ in _counted(table["ngayHieuLucMaDonVi"])}
                self.days |= {day if dated(day) else mask(day) for day in days}

    def _unread(self, fault: Fault) -> None:
        self.found.unread += 1
        if len(self.found.troubles) < LISTED:
            reason = Text(**fault.params["reason"])
            self.found.troubles.append(Trouble(fault.file, fault.line, reason))


def _tables(batch: Batch) -> Iterator[tuple[Dictionary, str, pa.Table]]:
    """Yield the tables of a batch; where they are rows, also those of the national records in these."""
    yield from ((dictionary(batch.layout), *table) for table in batch.tables.items())
    if has_rows(batch.layout):
        with duckdb.connect() as con:
            for name in load(con, batch):
                yield national(), name, con.sql(f'FROM "{name}"').to_arrow_table()


def _has_commune(layout: Dictionary, name: str) -> bool:
    fields = layout.classes[name].columns if name in layout.classes else ()
    return any(field.element == "maXa" and not field.repeated for field in fields)


def _counted(texts: pa.ChunkedArray) -> list[tuple[str, int]]:
    """Return each text that is not empty, and how often it occurs."""
    return [(text, count) for text, count in Counter(texts.to_pylist()).items() if text]


def _days(texts: Iterable[str]) -> list[dt.date]:
    """Return those texts that are dates, in their order in time."""
    found = []
    for text in sorted(texts):
        with contextlib.suppress(ValueError):
            found.append(dt.date.fromisoformat(text))
    return found


def _commune(code: str, count: int, days: list[dt.date]) -> Commune:
    names = dict.fromkeys(unit.name for day in days if (unit := units.commune(code, day)))
    if names:
        return Commune(code, " / ".join(names), count=count)
    known = [unit for unit in units.validities(code) if unit.level == "commune"]
    return (
        Commune(code, known[-1].name, known[-1].valid_to, count) if known else Commune(code, "", None, count)
    )
