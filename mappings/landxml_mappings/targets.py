"""National tables → batches of the source tables of any layout that can be written: the inverse of load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landxml.carriers import Batch
from landxml.cast import spelt
from landxml.dictionary import Class, Field, national
from landxml.errors import LandXmlError
from landxml.geometry import Rings, epsg_of
from landxml.layouts import Layout
from landxml.place import PLACE, SYSTEM
from landxml.text import Text
from landxml.wkb import Shapes
from landxml_mappings import membership, to_dossiers, to_rows
from landxml_mappings.gathering import BOUNDARIES
from landxml_mappings.revert import province, revert
from landxml_mappings.row_spec import RowMapping, has_rows, row_mapping
from landxml_mappings.spec import is_mapped

__all__ = ["batches"]

RECORDS, DOSSIERS = 20_000, 5_000
"""Most records of a class in a batch, beside what is nested in them; most dossiers in a batch of rows."""


def batches(con: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[Batch]:
    """Yield what national tables hold, as a layout has it.

    Parameters
    ----------
    con
        Database of a :class:`~landxml_mappings.gathering.Gathering` that is settled.
    layout
        National, or with a mapping.

    Raises
    ------
    LandXmlError
        If it is neither.
    """
    if layout.model == "national":
        return _national(con, layout)
    if is_mapped(layout):
        membership.set_copies_aside(con)
        return _rows(con, layout) if has_rows(layout) else to_dossiers.batches(con, layout)
    vi, en = "không có ánh xạ từ mô hình quốc gia", "has no mapping from the national model"
    raise LandXmlError(Text(f"định dạng “{layout.id}” {vi}", f"the layout “{layout.id}” {en}"))


def _national(con: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[Batch]:
    for cls in national().features():
        count = con.sql(f'SELECT coalesce(max(rowid) + 1, 0) FROM "{cls.name}"').fetchall()[0][0]
        for start in range(0, count, RECORDS):
            kept = _between(start)
            con.execute(f'CREATE OR REPLACE TEMP TABLE kept AS SELECT _id FROM "{cls.name}" WHERE {kept}')
            tables = dict(_nested(con, cls, kept))
            yield Batch(layout, tables, _shapes(con, tables[cls.name]) if _has_shape(cls) else Rings())


def _between(start: int) -> str:
    return f"rowid BETWEEN {start} AND {start + RECORDS - 1}"


def _nested(con: duckdb.DuckDBPyConnection, cls: Class, kept: str) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables of some records of a class as texts, and of what is nested in them."""
    system = [f"{name}::{kind} AS {name}" for name, kind in SYSTEM.items()]
    values = (
        f'list_transform("{f.element}", lambda x: {spelt(f.kind, "x")}) AS "{f.element}"'
        if f.repeated
        else f'{spelt(f.kind, f"{chr(34)}{f.element}{chr(34)}")} AS "{f.element}"'
        for f in cls.columns
    )
    table = con.sql(
        f'SELECT {", ".join([*system, *values])} FROM "{cls.name}" WHERE {kept} ORDER BY rowid'
    ).to_arrow_table()
    yield cls.name, table
    for field in cls.fields:
        if field.kind == "object":
            inner = national().classes[field.targets[0]]
            name = f"kept {inner.name}"
            above = f'SELECT _id FROM "{cls.name}" WHERE {kept}'
            con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {above}')
            yield from _nested(con, inner, f'_parent IN (FROM "{name}")')


def _has_shape(cls: Class) -> bool:
    return any(field.kind == "geometry" for field in cls.fields)


def _shapes(con: duckdb.DuckDBPyConnection, records: pa.Table) -> Rings:
    """Return the boundaries of parcels, by the number of their rows; an id that is null has none."""
    con.register(
        "wanted", pa.table({"_id": records["_id"], "nth": pa.array(range(len(records)), pa.int64())})
    )
    found = con.sql(
        f"SELECT nth, srs, wkb FROM wanted JOIN {BOUNDARIES} USING (_id) ORDER BY nth"
    ).to_arrow_table()
    con.unregister("wanted")
    rings = Shapes(found["wkb"].combine_chunks())
    rings.srs = found["srs"].to_pylist()
    rings.rows = found["nth"].take(pa.array(rings.rows, pa.int64())).to_pylist()
    return rings


def _rows(con: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[Batch]:
    spec, before = row_mapping(layout), (0, 0)
    written = [name for name, field in spec.elements.items() if field.column or field.kind == "geometry"]
    for _ in _parts(con, spec):
        found = to_rows.rows(con, layout, before)
        rings = _shapes(con, found.select([to_rows.PARCEL]).rename_columns(["_id"]))
        if "revert" in layout.capabilities:
            rings.reverts = _reverts(con, rings, found[to_rows.PARCEL])
        numbers = pa.array(range(before[0] + 1, before[0] + len(found) + 1), pa.int64())
        before = before[0] + len(found), before[1] + pc.count_distinct(found[to_rows.DOSSIER]).as_py()
        table = _told_apart(found.select(written), spec.elements, rings)
        for name, column in zip(PLACE, (*[pa.repeat("", len(found))] * 2, numbers), strict=True):
            table = table.append_column(name, column)
        yield Batch(layout, {spec.row: table}, rings)


def _told_apart(rows: pa.Table, elements: Mapping[str, Field], rings: Rings) -> pa.Table:
    """Return rows with the numbers of their shapes, by which parcels with equal numbers are still two."""
    marks = np.full(len(rows), None, object)
    marks[rings.rows] = [str(row) for row in rings.rows]
    for at, name in enumerate(rows.column_names):
        if elements[name].kind == "geometry":
            rows = rows.set_column(at, name, pa.array(marks, pa.string()))
    return rows


def _reverts(con: duckdb.DuckDBPyConnection, rings: Rings, parcels: pa.ChunkedArray) -> dict[int, str]:
    """Return the second names of the CRS, by the number of the shape."""
    communes = dict(con.execute('SELECT _id, "maXa" FROM "ThuaDat"').fetchall())
    ids = parcels.to_pylist()
    return {
        at: revert(epsg_of(srs), province(communes.get(ids[row])))
        for at, (row, srs) in enumerate(zip(rings.rows, rings.srs, strict=True))
    }


def _parts(con: duckdb.DuckDBPyConnection, spec: RowMapping) -> Iterator[None]:
    """Let the national tables hold some records after others, those that stand in a row together."""
    features = [name for name in spec.classes if not spec.owner(name)]
    parts = _dossiers(con) if spec.dossier or len(features) > 1 else _features(con, spec, features[0])
    for names in parts:
        yield
        for name in names:
            con.execute(f'DROP TABLE temp."{name}"')


def _features(con: duckdb.DuckDBPyConnection, spec: RowMapping, feature: str) -> Iterator[Sequence[str]]:
    """Take some features after others, whatever dossier they are of; yield the names of the tables."""
    count = con.sql(f'SELECT coalesce(max(rowid), 0) + 1 FROM main."{feature}"').fetchall()[0][0]
    for start in range(0, count, RECORDS):
        for name in spec.order():  # a temporary table comes before one of the file
            owner = spec.owner(name)
            kept = f'_parent IN (SELECT _id FROM temp."{owner}")' if owner else _between(start)
            con.execute(
                f'CREATE TEMP TABLE "{name}" AS SELECT * FROM main."{name}" WHERE {kept} ORDER BY rowid'
            )
        yield spec.order()


def _dossiers(con: duckdb.DuckDBPyConnection) -> Iterator[Sequence[str]]:
    """Take some dossiers after others, then what no dossier holds; yield the names of the tables."""
    names = list(national().classes)
    membership.hold(con, names)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE part AS SELECT dossier,"
        f" (row_number() OVER (ORDER BY dossier = '{membership.LEFT}', min(nth), dossier) - 1) // {DOSSIERS}"
        " AS number FROM (SELECT h.dossier, nth FROM held AS h JOIN record USING (id)) GROUP BY dossier"
    )
    last = con.execute("SELECT coalesce(max(number), 0) FROM part").fetchall()[0][0]
    for number in range(last + 1) if last else ():
        con.execute(
            "CREATE OR REPLACE TEMP TABLE here AS SELECT DISTINCT f.id FROM part JOIN held USING (dossier)"
            f" JOIN feature AS f ON f.feature = held.id WHERE number = {number}"
        )
        for name in names:
            kept = f'SELECT n.* FROM main."{name}" AS n SEMI JOIN here ON here.id = n._id ORDER BY n.rowid'
            con.execute(f'CREATE TEMP TABLE "{name}" AS {kept}')
        yield names
    if not last:
        yield ()
