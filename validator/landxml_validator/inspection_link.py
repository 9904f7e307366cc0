"""How attributes and map fit together, for who looks into data without checking it: the counts of a check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from landxml.carriers import Batch
from landxml.cast import empty
from landxml.database import connect
from landxml.dictionary import national
from landxml.faults import Fault
from landxml.layouts import Layout
from landxml.load import Loader, opened, reported
from landxml.localised import today
from landxml.place import PLACE
from landxml.sources import find
from landxml.temporary import temporary
from landxml_mappings import link
from landxml_mappings.load import load, parcels
from landxml_mappings.sheets import PLAIN_SCALE
from landxml_mappings.spec import is_national
from landxml_validator import linking
from landxml_validator.report import File, Link

__all__ = ["linked"]

MEMORY = 1_000
"""Megabytes of parcels that are held in memory."""


def linked(paths: Sequence[str], own: Iterable[Layout], crs: int | None) -> Link | None:
    """Read the parcels of all paths, and link them; None unless attributes and map have several layouts."""
    own, files, known, loader = tuple(own), list[File](), dict[str, Layout](), Loader()
    with temporary() as folder, connect(folder, file=folder / "parcels", memory=MEMORY) as con:
        con.execute(f"CREATE TABLE {link.PARCEL} ({', '.join(_COLUMNS)})")
        con.execute("CREATE TABLE Refs (_file VARCHAR, targets VARCHAR[])")
        for source in opened(find(paths, own=own), _untold, own, crs):
            if source.layout is None or not is_national(source.layout):
                continue
            known[source.layout.id] = source.layout
            files.append(File(name=source.name, layout=source.layout.id, bytes=0, documents=1, records=0))
            with reported(source.name, _untold):
                for batch in loader.scan(source, _untold):
                    _take(con, batch)
        for batch in loader.rest():
            _take(con, batch)
        several = linking.begin(con, files, known)
        return linking.join(con, Path(folder), today()) if several else None


def _untold(_: Fault) -> None:
    """Pass over what the first look has told."""


_TYPES = {
    "laDoiTuongChiemDat": "BOOLEAN",
    "soHieuToBanDo": "BIGINT",
    "soThuTuThua": "BIGINT",
    "_at": "BIGINT",
}
_COLUMNS = [
    *(f"{name} {_TYPES.get(name, 'VARCHAR')}" for name in ("_id", *PLACE, *link.FIELDS)),
    "shaped BOOLEAN",
    "scale VARCHAR",
]


def _take(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Take the parcels of a batch, and from which files records refer to some."""
    with connect() as work:
        counts = load(work, batch)
        for cls in national().only(counts).classes.values():
            for field in (f for f in cls.columns if link.PARCEL in f.targets and not f.repeated):
                rows = work.sql(
                    f'SELECT DISTINCT _file FROM "{cls.name}" WHERE "{field.element}" IS NOT NULL'
                )
                con.register("rows", rows.to_arrow_table())
                con.execute(f"INSERT INTO Refs SELECT _file, ['{link.PARCEL}'] FROM rows")
                con.unregister("rows")
        if link.PARCEL not in counts:
            return
        if "TaiLieuDoDac" not in counts:
            work.execute(empty(national().classes["TaiLieuDoDac"]))
        work.register("shapes", _shaped(work, batch))
        con.register("rows", work.sql(_PARCELS).to_arrow_table())
        con.execute(f"INSERT INTO {link.PARCEL} BY NAME FROM rows")
        con.unregister("rows")


def _shaped(con: duckdb.DuckDBPyConnection, batch: Batch) -> pa.Table:
    """Return the ids of the parcels that have a geometry."""
    if not batch.rings.rows:
        return pa.table({"_id": pa.array([], pa.string())})
    found = parcels(con, batch)
    return found.filter(pc.is_in(found["row"], pa.array(batch.rings.rows, pa.int64()))).select(["_id"])


_SCALE = PLAIN_SCALE.format("tyLeDoDac")
_PARCELS = f"""
SELECT {", ".join(("_id", *PLACE, *link.FIELDS))}, _id IN (SELECT _id FROM shapes) AS shaped, scale
FROM {link.PARCEL}
LEFT JOIN (
  SELECT _file AS of, _id AS survey, min({_SCALE}) AS scale FROM TaiLieuDoDac GROUP BY ALL
) ON of = _file AND survey = taiLieuDoDac
WHERE hieuLuc IS NOT FALSE"""
