"""A database for one run, which spills to disk early: memory must not grow with the province."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from landxml.database import connect
from landxml.temporary import temporary

__all__ = ["insert", "scratch"]

LEAST, MOST = 150, 400
"""Megabytes. What belongs together within a document is joined in one piece: its size in MB was enough for
that; more than the most is not asked for, as joins of any size were seen to get by with it."""


@contextlib.contextmanager
def scratch(
    largest: int = 0, reads: Iterable[str | os.PathLike[str]] = ()
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Offer an empty database and the folder it lies in; both are gone afterwards.

    Parameters
    ----------
    largest
        Size of the largest document, bytes.
    reads
        Files that queries may read.
    """
    limit = min(max(LEAST, largest // 1_000_000), MOST)
    with (
        temporary() as folder,
        # One thread: each would need a share of the memory.
        connect(folder, file=folder / "scratch.duckdb", memory=limit, reads=reads) as con,
    ):
        yield con, folder


def insert(
    con: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert rows into the columns of these names."""
    if rows:
        con.register("rows", pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))))
        con.execute(f"INSERT INTO {table} BY NAME FROM rows")
        con.unregister("rows")
