"""Any layout → typed objects of the national model, for people who program; the validator keeps to tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, cast

import duckdb

from landxml.carriers import Batch, Opened
from landxml.cast import clear
from landxml.database import connect
from landxml.dictionary import Class, national
from landxml.errors import LandXmlError
from landxml.faults import Fault, error_of
from landxml.layouts import Layout
from landxml.load import Loader
from landxml.model import STRUCTS, Record
from landxml.place import Place
from landxml.reading import Item, OnError, items, raised, records, typed
from landxml.reasons import UNREAD
from landxml.sources import Paths
from landxml.text import Text
from landxml_mappings.load import load
from landxml_mappings.spec import is_mapped

__all__ = ["read"]

OBJECTS = 20_000
"""Records of which objects are made at a time: they take ten times the room of the tables."""


def read(
    paths: Paths, *, on_error: OnError | None = None, layouts: Iterable[Layout] = ()
) -> Iterator[tuple[Record, Place]]:
    """Iterate over the records of a file, folder or archive of any layout as objects of the national model.

    Parameters
    ----------
    paths
        Files, folders or zip archives, one path or many; ``-`` is standard input.
    on_error
        Called with what cannot be read or has no place in the national model; it is skipped, as in
        :func:`landxml.read`, and a dossier that is not well-formed is skipped whole.
    layouts
        Layouts beside the built-in ones (:func:`landxml.load.layout`).

    Yields
    ------
    tuple
        Each record, and the file and line of its element; those of dossiers class by class.

    Raises
    ------
    LandXmlError
        At the first document that cannot be read, or record that the national model does not allow.
    """
    return cast("Iterator[tuple[Record, Place]]", _items(paths, on_error or raised, layouts))


def _items(paths: Paths, report: OnError, layouts: Iterable[Layout]) -> Iterator[Item]:
    loader = Loader()
    yield from items(paths, report, partial(_mapped, loader), layouts)
    for batch in loader.rest():
        yield from _records(batch, report)


def _mapped(loader: Loader, source: Opened, report: OnError) -> Iterator[Item]:
    """Yield the national records of a document; small ones wait for others."""

    def refuse(fault: Fault) -> None:
        if fault.reason in UNREAD:
            report(error_of(fault))  # what breaks the schema becomes an empty value, as in the validator

    if source.layout is None or source.layout.model == "national":
        yield from records(source, report)
    elif is_mapped(source.layout):
        for batch in loader.load(source, refuse):
            yield from _records(batch, report)
    else:
        what = Text(
            "định dạng không có ánh xạ sang mô hình quốc gia",
            "its layout has no mapping to the national model",
        )
        report(LandXmlError(what, file=source.name))


def _records(batch: Batch, report: OnError) -> Iterator[Item]:
    """Yield the records of whole documents, as many at a time as there is room for their objects."""
    files, size = [], 0
    for file, count in batch.documents().items():
        files.append(file)
        size += count
        if size >= OBJECTS:
            yield from _objects(batch.of(files), report)
            files, size = [], 0
    if files:
        yield from _objects(batch.of(files), report)


def _objects(batch: Batch, report: OnError) -> Iterator[Item]:
    with connect() as con:
        clear(con, national())
        load(con, batch)
        for cls in national().features():
            for row in _rows(con, cls):
                source = Place(row.pop("_file"), row.pop("_part", ""), row.pop("_at"))
                try:
                    record = typed(row, STRUCTS[cls.name], source)
                except LandXmlError as error:
                    report(error)
                else:
                    yield Item(record, source)


def _rows(con: duckdb.DuckDBPyConnection, cls: Class) -> list[dict[str, Any]]:
    """Return the records of a class by element name, with all that is nested in them."""
    rows = con.sql(f'FROM "{cls.name}"').to_arrow_table().to_pylist()
    for row in rows:
        row |= {"id": row.pop("_id")}
    for field in cls.fields:
        if field.kind == "object":
            owned = defaultdict(list)
            for inner in _rows(con, national().classes[field.targets[0]]):
                owned[inner["_file"], inner["_parent"]].append(inner)
            for row in rows:
                found = owned[row["_file"], row["id"]]
                row[field.element] = found if field.repeated else next(iter(found), None)
    return [{name: _plain(value) for name, value in row.items() if value is not None} for row in rows]


def _plain(value: Any) -> Any:
    """Return a quantity without the zeros that the table added."""
    return Decimal(f"{value:f}".rstrip("0").rstrip(".")) if isinstance(value, Decimal) and value else value
