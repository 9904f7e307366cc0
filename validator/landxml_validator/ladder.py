"""The ladder: what remains of overlaps and gaps of parcels at which width. It tells noise from error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

import landxml_units as units
from landxml_validator.report import Ladder, Wider

__all__ = ["LADDER", "RUNGS", "count", "read"]

LADDER = "ladder"
"""Name of the folder of the parts."""
RUNGS = (1, 10, 50, 100)
"""Widths in millimetres."""
_COUNTS = ", ".join(f"count(*) FILTER (width > {rung / 1000}) AS over_{rung}" for rung in RUNGS)


def count(con: duckdb.DuckDBPyConnection, folder: Path, one: str, two: str = "") -> None:
    """Write how many overlaps and gaps of ``commune.Topology`` are wider than each rung, for :func:`read`.

    Parameters
    ----------
    con, folder
        Of the task.
    one, two
        Code of the commune, or those of both on a border.
    """
    counts = con.sql(
        f"SELECT '{one}' AS one, '{two}' AS two, kind, {_COUNTS} FROM commune.Topology"
        " WHERE kind <> 'vertex' GROUP BY kind ORDER BY kind"
    ).to_arrow_table()
    if counts.num_rows:
        (folder / LADDER).mkdir()
        pq.write_table(counts, folder / LADDER / f"{one}-{two}.parquet")


def read(parts: Iterable[str], as_of: dt.date) -> Ladder | None:
    """Return overlaps and gaps by width, from the files that all tasks wrote; None if there are none.

    ``as_of`` is the day on which communes have the names that are given.
    """
    rows = sorted(
        (row["one"], row["two"], row["kind"], [row[f"over_{rung}"] for rung in RUNGS])
        for part in parts
        for row in pq.read_table(part).to_pylist()
    )
    places = [
        Wider(
            kind=kind,
            counts=counts,
            commune=one,
            name=units.name(one, as_of),
            neighbour=two,
            neighbour_name=units.name(two, as_of),
        )
        for one, two, kind, counts in rows
    ]
    return Ladder(millimetres=list(RUNGS), places=places) if places else None
