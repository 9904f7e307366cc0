"""Dossiers → typed objects of the national model, for people who program; the validator stays with tables."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb

from landxml.columns import Extractor
from landxml.dictionary import Class, national, vendor
from landxml.errors import LandXmlError
from landxml.intake import Refusal, RefusedError, find
from landxml.layout import sniff
from landxml.loading import Fault, load_dossier
from landxml.model import STRUCTS, Record
from landxml.reading import Source, typed, unreadable
from landxml.tables import clear, create
from landxml_mappings import engine

__all__ = ["convert"]

LAYOUT = "vbdlis-xml"
BATCH = 20_000
"""Records of dossiers that are mapped at a time."""


def convert(path: str | os.PathLike[str]) -> Iterator[tuple[Record, Source]]:
    """Iterate over the records of HoSoXml dossiers as objects of the national model.

    Parameters
    ----------
    path
        File, folder or zip archive; ``-`` is standard input.

    Yields
    ------
    tuple
        Each record, and the file and line of its element in the dossier, class by class.

    Raises
    ------
    LandXmlError
        At the first document that is no dossier, or record that the national model does not allow.
    """
    extractor = Extractor(vendor(LAYOUT))
    for document in find([os.fspath(path)]):
        if isinstance(document, Refusal):
            raise RefusedError(document)
        with document.open() as stream:
            found = sniff(stream)
            if found.problem is not None:
                raise unreadable(found.problem, document.name)
            if found.layout != LAYOUT:
                raise LandXmlError("not a HoSoXml dossier", vi="không phải hồ sơ HoSoXml", file=document.name)
            load_dossier(stream, document.name, extractor, _refuse)
        if extractor.size >= BATCH:
            yield from _records(extractor)
    yield from _records(extractor)


def _refuse(fault: Fault) -> None:
    """Refuse what cannot be parsed. What breaks the schema becomes an empty value, as in the validator."""
    if fault.code.startswith("PKG"):
        reason = fault.params["reason"]
        raise LandXmlError(reason["en"], vi=reason["vi"], file=fault.file, line=fault.line)


def _records(extractor: Extractor) -> Iterator[tuple[Record, Source]]:
    with duckdb.connect() as con:
        clear(con, national())
        engine.apply(con, LAYOUT, create(con, extractor.dictionary, extractor.take()))
        for cls in national().features():
            for row in _rows(con, cls):
                source = Source(row.pop("_file"), row.pop("_line"))
                yield typed(row, STRUCTS[cls.name], source), source


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
