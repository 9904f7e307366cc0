"""All records of files of any layout in one database: national tables, and the boundaries of the parcels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from landxml.carriers import Batch
from landxml.cast import clear
from landxml.database import connect
from landxml.dictionary import national
from landxml.geometry import polygons
from landxml.place import SYSTEM
from landxml.temporary import temporary
from landxml_mappings.load import load, parcels
from landxml_mappings.row_spec import has_rows

__all__ = ["BOUNDARIES", "Gathering"]

BOUNDARIES = "RanhGioi"
"""Table of the boundaries: ``_id`` of the parcel, name of the CRS, WKB."""
_SCOPE = r"regexp_extract(_id, '^[^.]+\.(.+)\.[^.]+$', 1)"
"""What stands between class and key in an id: the dossier, where there is one."""

MEMORY = 1_000
"""Megabytes of the tables of a batch that are held in memory."""

Connection = duckdb.DuckDBPyConnection
Look = Callable[[Connection, Batch], object]


class Gathering:
    """Takes batches of source tables, one after another, as national tables of one database.

    Parameters
    ----------
    con
        The database; it may be larger than memory.
    schema
        Where the tables stand in it.
    look
        Called for each batch with the connection that holds its tables.

    Attributes
    ----------
    conflicts
        Values that were dropped because another batch says another of the same record, by ``Class.field``.
    """

    def __init__(self, con: Connection, schema: str = "main", look: Look = lambda *_: None) -> None:
        self.con = con
        self.schema = schema
        self.look = look
        self.rows = False
        self.conflicts = Counter[str]()
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        con.execute(f"USE {schema}")
        con.begin()  # or each table would wait for the disk
        clear(con, national())
        con.execute(f"CREATE OR REPLACE TABLE {BOUNDARIES} (_id VARCHAR, srs VARCHAR, wkb BLOB)")
        con.commit()
        con.execute("USE main")

    def take(self, batch: Batch) -> None:
        """Take the records of a batch."""
        self.rows |= has_rows(batch.layout)
        with temporary() as folder, connect(folder, memory=MEMORY) as con:
            for name in load(con, batch):
                table = con.sql(f'FROM "{name}"').to_arrow_table()
                nested = national().classes[name].owner is not None
                self._add(name, table if nested else table.drop_columns(["_parent"]))
            if batch.rings.rows:
                self._shapes(parcels(con, batch), batch)
            self.look(con, batch)

    def settle(self) -> None:
        """Make one record of those that rows of several batches hold, and say of which dossier each is."""
        present = [name for name in national().classes if self.count(name)]
        for name in present if self.rows else ():
            self._merge(name)
        known = f"SELECT {_SCOPE} FROM {self.schema}.TinhHinhDangKy WHERE {_SCOPE} <> ''"
        for name in present:
            unknown = f"_dossier IS NULL AND {_SCOPE} IN ({known})"
            self.con.execute(f'UPDATE {self.schema}."{name}" SET _dossier = {_SCOPE} WHERE {unknown}')

    def count(self, name: str) -> int:
        """Return the number of records of a class."""
        (found,) = self.con.execute(f'SELECT count(*) FROM {self.schema}."{name}"').fetchall()[0]
        return int(found)

    def _merge(self, name: str) -> None:
        """Make one record of those with the same id: of each field the first value counts."""
        table, fields = (
            f'{self.schema}."{name}"',
            [field.element for field in national().classes[name].columns],
        )
        columns = [column for column in SYSTEM if column != "_id"] + fields
        first = ", ".join(f'arg_min("{column}", rowid) AS "{column}"' for column in columns)
        other = ", ".join(f'greatest(count(DISTINCT "{field}") - 1, 0) AS "{field}"' for field in fields)
        several = f"FROM {table} GROUP BY _id HAVING count(*) > 1"
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE merged AS SELECT _id, {first} {several}")
        sums = ", ".join(f'coalesce(sum("{field}"), 0)' for field in fields)
        found = self.con.execute(f"SELECT {sums} FROM (SELECT {other} {several})").fetchall()[0]
        self.conflicts.update(
            {f"{name}.{field}": int(n) for field, n in zip(fields, found, strict=True) if n}
        )
        self.con.execute(f"DELETE FROM {table} WHERE _id IN (SELECT _id FROM merged)")
        self.con.execute(f"INSERT INTO {table} BY NAME FROM merged")

    def _add(self, name: str, table: pa.Table) -> None:
        self.con.register("given", table)
        self.con.execute(f'INSERT INTO {self.schema}."{name}" BY NAME FROM given')
        self.con.unregister("given")

    def _shapes(self, found: pa.Table, batch: Batch) -> None:
        """Keep the boundaries that are polygons."""
        rings = batch.rings
        index = pc.index_in(pa.array(rings.rows, pa.int64()), found["row"].combine_chunks())
        wkb = pa.array(shapely.to_wkb(polygons(rings)), pa.binary())
        ids, srs = found["_id"].combine_chunks().take(index), pa.array(rings.srs, pa.string())
        table = pa.table({"_id": ids, "srs": srs, "wkb": wkb})
        self._add(BOUNDARIES, table.filter(pc.and_(table["_id"].is_valid(), table["wkb"].is_valid())))
