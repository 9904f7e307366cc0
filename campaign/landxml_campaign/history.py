"""Snapshots of the progress: small Parquet files in a folder, one per count, which are never changed.

A day may be counted again, when late data comes in: the last count of a day is the one that holds, and the
others stay, so that a correction can be seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from landxml.errors import LandXmlError
from landxml.files import Path_, writing
from landxml.text import Text

__all__ = ["Snapshot", "append", "in_order", "read"]

PREFIX = "progress-"
_SCHEMA = pa.schema(
    [("day", pa.date32()), ("counted", pa.timestamp("us", "UTC")), ("commune", pa.string()),
     ("figure", pa.string()), ("value", pa.int64())]
)  # fmt: skip


class Snapshot(NamedTuple):
    """What was counted at one time.

    Attributes
    ----------
    day
        Of which the figures are.
    counted
        When.
    figures
        Commune → figure → value; None: unknown.
    """

    day: dt.date
    counted: dt.datetime
    figures: dict[str, dict[str, int | None]]


def append(folder: Path_, snapshot: Snapshot) -> None:
    """Add a snapshot to a folder, which is made if need be."""
    rows = [
        {"day": snapshot.day, "counted": snapshot.counted, "commune": commune, "figure": name, "value": value}
        for commune, figures in snapshot.figures.items()
        for name, value in figures.items()
    ]
    Path(folder).mkdir(parents=True, exist_ok=True)
    name = f"{PREFIX}{snapshot.day:%Y%m%d}-{snapshot.counted:%Y%m%dT%H%M%S%f}.parquet"
    with writing(Path(folder, name)) as out:
        pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), out)


def read(folder: Path_) -> list[Snapshot]:
    """Return the snapshots of a folder, by day, then by when they were counted.

    Raises
    ------
    LandXmlError
        If one of its files cannot be read.
    """
    found = map(_one, Path(folder).glob(f"{PREFIX}*.parquet"))
    return in_order(each for each in found if each)


def in_order(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Return snapshots by day, then by when they were counted; a copied file makes two of one time."""
    return sorted(snapshots, key=attrgetter("day", "counted"))


def _one(path: Path) -> Snapshot | None:
    """Return a snapshot; None if there were no parcels."""
    try:
        rows = pq.read_table(path, columns=_SCHEMA.names).cast(_SCHEMA).to_pylist()
    except (pa.ArrowException, OSError) as error:
        what = Text("không phải số liệu của landxml progress", "is no snapshot of landxml progress")
        raise LandXmlError(what, file=path) from error
    if not rows:
        return None
    found: dict[str, dict[str, int | None]] = {}
    for row in rows:
        found.setdefault(row["commune"], {})[row["figure"]] = row["value"]
    return Snapshot(rows[0]["day"], rows[0]["counted"], found)
