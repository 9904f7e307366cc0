"""All findings that count, as formats for work read them: in little memory, however many there are.

They come from the Parquet file of all findings that a check writes (:mod:`landxml_validator.export`), so that
no format words a message again, and a report can be rendered later from that file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from landxml.database import connect, rows_of
from landxml.files import Path_
from landxml.geometry import epsg_of
from landxml.temporary import temporary
from landxml_reports import wording
from landxml_validator.report import Report

__all__ = ["ROWS", "opened", "rows"]

ROWS = 10_000
"""Findings that are in memory together."""
MEMORY = 128
"""Most megabytes that the database takes; what does not fit goes to the disk."""
TEXTS = (
    "message_vi", "message_en", "place", "cls", "key", "parcel", "commune", "file", "part", "column", "path",
)  # fmt: skip


@contextlib.contextmanager
def opened(report: Report, findings: Path_) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the findings that count, as the view ``Found``.

    Beside the columns of the file each row has ``rank``, the place of its rule among those that failed, the
    worst first, and ``epsg``, the CRS of its file, NULL where none is known; that of the delivery where the
    place is that of a parcel in another file. Texts are as :func:`landxml_reports.wording.safe` shows them;
    coordinates are numbers or NULL.
    """
    ranks = {result.rule.code: rank for rank, result in enumerate(wording.worst_first(report))}
    systems = {file.name: epsg_of(file.crs) for file in report.files}
    known = {epsg for epsg in systems.values() if epsg}
    common = known.pop() if len(known) == 1 else "NULL"
    with temporary() as folder, connect(folder, reads=[findings], memory=MEMORY) as con:
        con.register("Failed", _table(ranks, "rule", "rank"))
        con.register("Named", _table(systems, "name", "epsg"))
        source = rows_of([findings])
        con.execute(_SYSTEMS.format(source))
        shown = [f'{_SAFE.format(name)} AS "{name}"' for name in TEXTS]
        shown += [f"if(isfinite({name}), {name}, NULL) AS {name}" for name in ("x", "y")]
        con.execute(f"""
CREATE VIEW Found AS SELECT f.* REPLACE ({", ".join(shown)}), rank,
  coalesce(epsg, if(f.x IS NULL AND f.geometry IS NOT NULL, {common}, NULL)) AS epsg
FROM {source} f JOIN Failed USING (rule) LEFT JOIN System s ON s.file = f.file WHERE state = 'new'""")
        yield con


def rows(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query one after another; unlike a cursor, without keeping all of them."""
    for batch in con.sql(query).to_arrow_reader(ROWS):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


_SYSTEMS = """
CREATE TABLE System AS SELECT file, arg_max(epsg, length(name)) AS epsg
FROM (SELECT DISTINCT file FROM {} WHERE geometry IS NOT NULL) f
JOIN Named ON name = file OR starts_with(file, name) AND substr(file, length(name) + 1, 1) IN ('/', '\\', '!')
GROUP BY file"""
"""Dossiers are told together, by the name of their folder or archive."""
_SAFE = r"""regexp_replace(regexp_replace(f."{}", '[\r\n\v\f\x{{85}}\p{{Zl}}\p{{Zp}}]+', ' ', 'g'),
  '[\p{{Cc}}\p{{Cf}}\x{{FFFE}}\x{{FFFF}}]', '�', 'g')"""


def _table(values: dict[str, int] | dict[str, int | None], key: str, value: str) -> pa.Table:
    columns = {key: pa.array(list(values), pa.string()), value: pa.array(list(values.values()), pa.int32())}
    return pa.table(columns)
