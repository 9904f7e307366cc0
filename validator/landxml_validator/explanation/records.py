"""What is loaded of a document again: the cells of a row, and the parcels that have a shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from msgspec.structs import replace

from landxml.carriers import Batch, Opened
from landxml.database import connect
from landxml.dictionary import Class, dictionary
from landxml.faults import Fault
from landxml.geometry import Rings, polygons
from landxml.load import Loader, reported
from landxml.place import Place
from landxml.text import Text
from landxml_mappings.load import load, parcels
from landxml_mappings.row_spec import has_rows
from landxml_validator.explanation.fragment import Quote
from landxml_validator.quoted import Cell
from landxml_validator.surroundings import Parcel

__all__ = ["cells", "marked", "parcels_of"]


def cells(source: Opened, places: Collection[Place], quote: Quote) -> dict[Place, list[Cell]]:
    """Return the values of rows, features or objects, by place, without those that are not there any more."""
    found: dict[Place, list[Cell]] = {}
    for batch in _batches(source):
        for cls in dictionary(batch.layout).classes.values():
            table = batch.tables.get(cls.name)
            if table is None:
                continue
            for place in places:
                here = pc.and_(pc.equal(table["_part"], place.part), pc.equal(table["_at"], place.at))
                letters = batch.columns.get(place.part, {})
                for row in table.filter(here).slice(0, 1).to_pylist():
                    found[place] = list(_cells(cls, row, letters, quote))
        if found.keys() >= set(places):
            break
    return found


def marked(row: Iterable[Cell], column: str) -> list[Cell]:
    """Mark what stands in a column; nothing if it has no name."""
    return [replace(cell, marked=column != "" and cell.column == column) for cell in row]


def _cells(cls: Class, row: Mapping[str, Any], letters: Mapping[str, str], quote: Quote) -> Iterator[Cell]:
    for field in cls.columns:
        if row.get(field.element):
            yield Cell(
                column=letters.get(field.element, ""),
                element=field.element,
                title=Text(field.vi, field.en),
                value=quote(f"{cls.name}/{field.element}", str(row[field.element])),
            )


def parcels_of(source: Opened) -> Iterator[list[Parcel]]:
    """Yield the parcels of a document that have a proper shape, batch by batch."""
    for batch in _batches(source):
        if batch.rings.rows:
            yield list(_parcels(batch))


def _batches(source: Opened) -> Iterator[Batch]:
    """Load a document; where it cannot be read further, what was read is all there is."""
    loader, faults = Loader(), list[Fault]()
    with reported(source.name, faults.append):
        yield from loader.scan(source, faults.append)
        yield from loader.rest()


def _parcels(batch: Batch) -> Iterator[Parcel]:
    shapes = dict(zip(batch.rings.rows, _drawable(batch.rings), strict=True))
    for row in _rows(batch).to_pylist():
        shape = shapes.get(row["row"])
        if shape is not None:
            place = Place(row["_file"], row["_part"] or "", int(row["_at"]))
            yield Parcel(place, row["_id"] or "", str(row.get("soThuTuThua") or ""), shape)


def _drawable(rings: Rings) -> npt.NDArray[Any]:
    """Return the shape of each geometry: a polygon, or the lines of which none can be made."""
    shapes = polygons(rings)
    numbers, starts = rings.numbers()
    owner = np.array(rings.owner)
    for index in np.flatnonzero(shapely.is_missing(shapes)):
        parts = [numbers[starts[ring] : starts[ring + 1]] for ring in np.flatnonzero(owner == index)]
        lines = [part.reshape(-1, 2) for part in parts if len(part) > 2 and len(part) % 2 == 0]
        finite = [line for line in lines if np.isfinite(line).all()]
        shapes[index] = shapely.MultiLineString(finite) if finite else None
    return shapes


def _rows(batch: Batch) -> pa.Table:
    """Return place, id, number of the parcels of a batch, and the row by which geometries refer to them."""
    with connect() as con:
        if not has_rows(batch.layout):
            found = parcels(con, batch)
            numbers = batch.tables["ThuaDat"]
            return found.append_column("soThuTuThua", numbers["soThuTuThua"])
        load(con, batch)
        con.register("Row", parcels(con, batch))
        return con.sql('SELECT r.*, soThuTuThua FROM Row r JOIN "ThuaDat" USING (_id)').to_arrow_table()
