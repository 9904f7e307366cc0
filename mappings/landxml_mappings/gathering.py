"""All records of files of any layout in one database: national tables, and the boundaries of the parcels."""

from __future__ import annotations

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
from landxml_mappings.load import load, parcels
from landxml_mappings.row_spec import has_rows

__all__ = ["BOUNDARIES", "Gathering"]

BOUNDARIES = "RanhGioi"
"""Table of the boundaries: ``_id`` of the parcel, name of the CRS, WKB."""
_SCOPE = r"regexp_extract(_id, '^[^.]+\.(.+)\.[^.]+$', 1)"
"""What stands between class and key in an id: the dossier, where there is one."""


class Gathering:
    """Takes batches of source tables, one after another, as national tables of one database.

    Parameters
    ----------
    con
        The database; it may be larger than memory.
    look
        Called for each batch with the connection that holds its tables, before they are taken.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        look: Callable[[duckdb.DuckDBPyConnection, Batch], None] = lambda *_: None,
    ) -> None:
        self.con = con
        self.look = look
        self.rows = False
        clear(con, national())
        con.execute(f"CREATE OR REPLACE TABLE {BOUNDARIES} (_id VARCHAR, srs VARCHAR, wkb BLOB)")

    def take(self, batch: Batch) -> None:
        """Take the records of a batch."""
        self.rows |= has_rows(batch.layout)
        with connect() as con:
            counts = load(con, batch)
            for name in counts:
                table = con.sql(f'FROM "{name}"').to_arrow_table()
                nested = national().classes[name].owner is not None
                self._add(name, table if nested else table.drop_columns(["_parent"]))
            if batch.rings.rows:
                self._shapes(parcels(con, batch), batch)
            self.look(con, batch)

    def settle(self) -> None:
        """Make one record of those that rows of several batches hold, and say of which dossier each is."""
        for name in national().classes:
            if self.rows:
                first = f'SELECT min(rowid) FROM "{name}" GROUP BY _id'
                self.con.execute(f'DELETE FROM "{name}" WHERE rowid NOT IN ({first})')
            known = f"SELECT {_SCOPE} FROM TinhHinhDangKy WHERE {_SCOPE} <> ''"
            unknown = f"_dossier IS NULL AND {_SCOPE} IN ({known})"
            self.con.execute(f'UPDATE "{name}" SET _dossier = {_SCOPE} WHERE {unknown}')

    def count(self, name: str) -> int:
        """Return the number of records of a class."""
        (found,) = self.con.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0]
        return int(found)

    def _add(self, name: str, table: pa.Table) -> None:
        self.con.register("given", table)
        self.con.execute(f'INSERT INTO "{name}" BY NAME FROM given')
        self.con.unregister("given")

    def _shapes(self, found: pa.Table, batch: Batch) -> None:
        """Keep the boundaries that are polygons."""
        rings = batch.rings
        index = pc.index_in(pa.array(rings.rows, pa.int64()), found["row"].combine_chunks())
        wkb = pa.array(shapely.to_wkb(polygons(rings)), pa.binary())
        ids, srs = found["_id"].combine_chunks().take(index), pa.array(rings.srs, pa.string())
        table = pa.table({"_id": ids, "srs": srs, "wkb": wkb})
        self._add(BOUNDARIES, table.filter(pc.and_(table["_id"].is_valid(), table["wkb"].is_valid())))
