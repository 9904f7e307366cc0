"""Corrections: single values of named records, found out by people or other registers, put in their places.

What is to be corrected is said in national terms, of whatever layout the document is. Each correction says
what it takes to stand there: where something else does, the package is another one or was changed since, and
nothing is written. A value that is there already is no change, so that correcting twice is correcting once.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landxml import files
from landxml.carriers import Batch, Opened
from landxml.dictionary import Class, Dictionary, Field, dictionary
from landxml.documents import Document
from landxml.errors import LandXmlError
from landxml.extract import EARLIER
from landxml.layouts import Layout
from landxml.load import Loader
from landxml.privacy import identifier
from landxml.progress import OnProgress
from landxml.sources import Path_, Paths, listed
from landxml.text import Text
from landxml_mappings.spec import is_national, mapping
from landxml_remap import edits, reference_table, rewrite
from landxml_remap.patch import Change, Record
from landxml_remap.reference_table import Append

__all__ = ["Corrected", "Correction", "correct", "place_of", "spelt"]

KINDS = frozenset({"text", "int", "decimal", "bool", "date", "datetime", "year", "guid"})
"""Fields whose text can be replaced by another."""


class Correction(NamedTuple):
    """One value that is to be another.

    Attributes
    ----------
    file
        Name of the document in its package, as :func:`landxml_remap.rewrite.documents` gives it.
    cls, id, at
        National class, id and line of the record.
    element
        National element.
    old, new
        What stands there, ``""`` for nothing, and what is to stand there: texts as XSD has them.
    reason
        Why, for the reference table; not personal.
    """

    file: str
    cls: str
    id: str
    at: int
    element: str
    old: str
    new: str
    reason: str


class Corrected(msgspec.Struct, kw_only=True):
    """What was corrected.

    Attributes
    ----------
    changed, same
        Values that were replaced or added; values that were there already.
    output, table
        What was written; the reference table, by which :func:`landxml_remap.reverse` leads back.
    """

    changed: int
    same: int
    output: str
    table: str


def place_of(layout: Layout, cls: str, element: str) -> tuple[Class, Field] | None:
    """Return the class and field of a layout in which a national value stands as it is; None if in none.

    >>> from landxml.layouts import builtin
    >>> cls, field = place_of(builtin()["vbdlis-xml"], "CaNhan", "hoTen")
    >>> cls.name, field.element
    ('DC_CaNhan', 'hoTen')
    """
    source, name = source_of(layout, cls), element
    if source is None:
        return None
    if layout.model != "national":
        spec = mapping(layout).classes[cls]
        if element in {*spec.references, *spec.dossier, *spec.absent}:
            return None
        name = spec.elements.get(element, element)
    known = dictionary(layout).classes.get(source)
    field = next((each for each in known.columns if each.element == name), None) if known else None
    if known is None or field is None or field.kind not in KINDS or field.repeated:
        return None
    return known, field


def spelt(layout: Layout, field: Field, value: str) -> str:
    """Return a value as a layout writes it: vendors have days before months."""
    if layout.model != "national" and field.kind == "date" and value:
        return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
    return value


def correct(
    paths: Paths,
    out: Path_,
    corrections: Sequence[Correction],
    *,
    table_path: Path_ | None = None,
    layouts: Iterable[Layout] = (),
    force: bool = False,
    progress: OnProgress | None = None,
) -> Corrected:
    """Write a package again with single values corrected.

    Parameters
    ----------
    paths
        Files, folders or zips, one path or many.
    out
        What to write, in the form of what went in.
    table_path
        Reference table to write; by default ``<out>.remap.csv``.
    layouts
        Layouts beside the built-in ones.
    force
        Replace files that exist at ``out`` and ``table_path``.

    Raises
    ------
    LandXmlError
        If a record is not there, or another value stands there; if anything cannot be read, or an output
        would harm something (:mod:`landxml.files`). Nothing is written then.
    """
    paths, own = listed(paths), tuple(layouts)
    found = rewrite.documents(paths, own)
    target = Path(table_path) if table_path else reference_table.beside(out)
    files.form(target, reference_table.FORMS)
    rewrite.check_out(paths, out, found, tables=[target], force=force)
    advance = rewrite.counted(progress, 2 * sum(document.size for _, document in found))
    search = _Search(corrections, found)
    rewrite.look_at_each(found, own, rewrite.WRITABLE, search.look, advance)
    for batch in search.loader.rest():
        search.take(batch)
    places = search.places()
    counts = Counter[str]()
    write = partial(_write, places=places, counts=counts)
    edits.package(
        paths, out, target, found=found, sources=search.sources, write=write, advance=advance, force=force
    )
    return Corrected(
        changed=counts["changed"], same=counts["same"], output=os.fspath(out), table=os.fspath(target)
    )


_Place = tuple[str, str, int]
"""Name of the document as readers quote it, class of its layout, number of the record among these."""


class _Search:
    """Finds the records of corrections: the how manieth of its class in its document each is."""

    def __init__(self, corrections: Sequence[Correction], found: Sequence[tuple[str, Document]]) -> None:
        names = {name: document.name for name, document in found}
        self.corrections = corrections
        self.ids: dict[str, pa.Array] = {}
        self.of: dict[tuple[str, str, str], list[Correction]] = defaultdict(list)
        for one in corrections:
            if one.file not in names:
                raise LandXmlError(Text("gói không có tệp này", "the package lacks this file"), file=one.file)
            self.of[names[one.file], one.cls, one.id].append(one)
        for cls in {one.cls for one in corrections}:
            self.ids[cls] = pa.array(sorted({one.id for one in corrections if one.cls == cls}), pa.string())
        self.sources: list[rewrite.Source] = []
        self.hits: dict[Correction, list[tuple[int, _Place]]] = defaultdict(list)
        self.before = Counter[tuple[str, str]]()
        self.loader = Loader(self._wanted)

    def _wanted(self, layout: Layout) -> Dictionary:
        whole = dictionary(layout)
        if layout.model != "national":
            return whole
        owners = {owner for cls in self.ids if cls in whole.classes and (owner := whole.classes[cls].owner)}
        return whole.only({*self.ids, *owners})

    def look(self, name: str, document: Document, layout: Layout, seen: Opened) -> None:
        """Read a document."""
        source = rewrite.Source(name, document, layout, seen.found.encoding)
        self.sources.append(source)
        for batch in self.loader.load(seen, source.fault):
            self.take(batch)

    def take(self, batch: Batch) -> None:
        """Look for the records in a batch; dossiers before a change stay as they were issued."""
        for cls in self.ids:
            source = source_of(batch.layout, cls)
            table = batch.tables.get(source or "")
            if source and table is not None and table.num_rows:
                earlier = pc.match_substring(pc.fill_null(table["_dossier"], ""), EARLIER)
                self._records(table.filter(pc.invert(earlier)), source, cls)

    def _records(self, table: pa.Table, source: str, cls: str) -> None:
        rows = np.flatnonzero(pc.is_in(table["_id"], self.ids[cls]).to_numpy())
        numbers = self._numbers(table["_file"], source)
        picked = table.select(["_file", "_id", "_at"]).take(pa.array(rows)).to_pylist()
        for row, number in zip(picked, numbers[rows].tolist(), strict=True):
            for one in self.of.get((row["_file"], cls, row["_id"]), ()):
                self.hits[one].append((row["_at"], (row["_file"], source, number)))

    def _numbers(self, files: pa.ChunkedArray, source: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the number of each record in its document; those of a document stand together."""
        codes = files.combine_chunks().dictionary_encode()
        names, first, of = np.unique(codes.indices.to_numpy(), return_index=True, return_inverse=True)
        before = [self.before[codes.dictionary[int(name)].as_py(), source] for name in names]
        counts = np.bincount(of)
        for name, count in zip(names, counts, strict=True):
            self.before[codes.dictionary[int(name)].as_py(), source] += int(count)
        return np.arange(len(files)) - first[of] + np.array(before, np.int64)[of]

    def places(self) -> dict[_Place, list[Correction]]:
        """Return the corrections of each record.

        Raises
        ------
        LandXmlError
            If one is not there, or several have its id and none stands where it stood.
        """
        found: dict[_Place, list[Correction]] = defaultdict(list)
        editable = {source.name for source in self.sources}
        if strange := next((one for one in self.corrections if one.file not in editable), None):
            raise LandXmlError(
                Text(
                    "tệp loại này không sửa tại chỗ được; hãy sửa ở nguồn",
                    "files of this layout cannot be edited in place; correct them at their source",
                ),
                file=strange.file,
            )
        for one in self.corrections:
            hits = self.hits.get(one, [])
            exact = [place for line, place in hits if line == one.at] if len(hits) > 1 else []
            if len(hits) != 1 and len(exact) != 1:
                raise _changed(one.file, one.at, one.element)
            found[exact[0] if exact else hits[0][1]].append(one)
        return found


def source_of(layout: Layout, cls: str) -> str | None:
    """Return the class of a layout whose records are those of a national one; None if there is none."""
    if layout.model == "national":
        return cls
    spec = mapping(layout).classes.get(cls) if rewrite.writable(layout) and is_national(layout) else None
    return spec.source if spec else None


def _write(
    source: rewrite.Source,
    *,
    places: Mapping[_Place, Sequence[Correction]],
    counts: Counter[str],
    stream: BinaryIO,
    out: IO[bytes],
    append: Append,
) -> None:
    """Copy a document with its corrections."""
    seen = Counter[str]()
    wanted = {cls for file, cls, _ in places if file == source.document.name}

    def decide(record: Record) -> edits.Decided:
        here = places.get((source.document.name, record.cls, seen[record.cls]), ())
        seen[record.cls] += 1
        changes = [change for one in here for change in _corrected(source, record, one)]
        counts["changed"] += len(changes)
        counts["same"] += len(here) - len(changes)
        return edits.Decided(
            changes, identifier(here[0].id) if here else "", " ".join(sorted({one.reason for one in here}))
        )

    classes = {
        cls.name: [field.element for field in cls.columns] if cls.name in wanted else []
        for cls in dictionary(source.layout).classes.values()
    }
    edits.document(source, stream, out, classes=classes, decide=decide, append=append)


def _corrected(source: rewrite.Source, record: Record, one: Correction) -> list[Change]:
    """Return the change of one value; none where it is right already."""
    place = place_of(source.layout, one.cls, one.element)
    if place is None:
        raise _no_place(source, record, one.element)
    cls, field = place
    new, fields = spelt(source.layout, field, one.new), record.fields.get(field.element, [])
    said = record.value(fields[0]).strip() if fields else ""
    if len(fields) > 1 or said not in {spelt(source.layout, field, one.old), one.old, new}:
        raise _changed(source.document.name, record.line, field.element)
    if said == new:
        return []
    if not fields and (field.within or not new):
        raise _no_place(source, record, one.element)
    before = [each.element for each in cls.columns if not each.within]
    known = before[: before.index(field.element) + 1] if not fields else [field.element]
    return [
        edits.put(
            record._replace(fields={n: f for n, f in record.fields.items() if n in known}), field.element, new
        )
    ]


def _changed(file: str, line: int, element: str) -> LandXmlError:
    return LandXmlError(
        Text(
            "không còn bản ghi hoặc giá trị đã được đọc trước đây: là gói khác, hoặc đã bị sửa sau đó",
            "the record or value that was read is no longer there: another package, or changed since",
        ),
        file=file,
        line=line,
        field=element,
    )


def _no_place(source: rewrite.Source, record: Record, element: str) -> LandXmlError:
    return LandXmlError(
        Text(
            f"định dạng {source.layout.id} không có chỗ để ghi giá trị này",
            f"the layout {source.layout.id} has no place where this value can be written",
        ),
        file=source.document.name,
        line=record.line,
        field=element,
    )
