"""Stage ``link``: parcels whose attributes and shapes come in files of several layouts, over all of them.

It runs where all tasks are done, over their parts, and only if the delivery has more than one layout.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

import landxml_units as units
from landxml import privacy
from landxml.layouts import Layout
from landxml_mappings import link
from landxml_mappings.sheets import Renumbering
from landxml_mappings.spec import is_national
from landxml_validator.report import File, Link, LinkCounts

__all__ = ["begin", "join"]


def begin(con: duckdb.DuckDBPyConnection, files: Iterable[File], known: Mapping[str, Layout]) -> bool:
    """Create ``MapFile(_file)``: the files that only hold a map, where a delivery has several layouts.

    That are those of a layout without registration, and those to whose parcels nothing refers.

    Parameters
    ----------
    con
        Connection with ``Refs``.
    files, known
        What was read; the layouts, by id.

    Returns
    -------
    bool
        Whether there are several layouts, and others than maps among them.
    """
    con.execute("CREATE TABLE MapFile (_file VARCHAR)")
    of_layout: dict[str, list[str]] = {}
    for file in files:
        of_layout.setdefault(file.layout, []).append(file.name)
    of_layout = {name: names for name, names in of_layout.items() if name and is_national(known[name])}
    if len(of_layout) < 2:
        return False
    for name, names in of_layout.items():
        if "geometry" in known[name].capabilities:
            referring = f"SELECT _file FROM Refs WHERE list_contains(targets, '{link.PARCEL}')"
            where = f"_file NOT IN ({referring})" if "registration" in known[name].capabilities else "true"
            con.execute(
                f"INSERT INTO MapFile FROM (SELECT unnest($names) AS _file) WHERE {where}", {"names": names}
            )
    ((maps,),) = con.execute("SELECT count(*) FROM MapFile").fetchall()
    return bool(maps < sum(map(len, of_layout.values())))


def join(
    con: duckdb.DuckDBPyConnection, folder: Path, as_of: dt.date, sheets: Iterable[Renumbering] = ()
) -> Link:
    """Link the parcels (:func:`landxml_mappings.link.link`), and count them by commune.

    Parameters
    ----------
    con
        Connection with the parcels of the whole delivery, after :func:`begin`.
    folder
        Of the run.
    as_of
        Day on which communes have the names that are given.
    sheets
        New numbers of sheets.
    """
    columns = [name for name, *_ in con.execute(f"DESCRIBE {link.PARCEL}").fetchall() if name[0] != "_"]
    link.link(con, columns, folder / "links.parquet", sheets)
    counts = [_counts(row, as_of) for row in con.execute(_COUNTS).fetchall()]
    total = LinkCounts(**{name: sum(getattr(each, name) for each in counts) for name in _NUMBERS})
    ways = dict(con.execute(_WAYS).fetchall())
    return Link(total=total, communes=counts, ways=ways)


def _counts(row: Sequence[Any], as_of: dt.date) -> LinkCounts:
    code, *numbers = row
    counts = dict(zip(_NUMBERS, numbers, strict=True))
    return LinkCounts(**counts, commune=privacy.shown(code), name=units.name(code, as_of))


_NUMBERS = ("attributes", "shapes", "linked", "without_shape", "without_attributes", "open")
_COUNTS = """
SELECT coalesce(commune, ''), sum(attributes)::BIGINT, sum(shapes)::BIGINT, sum(linked)::BIGINT,
  sum(without_shape)::BIGINT, sum(without_attributes)::BIGINT, sum(open)::BIGINT
FROM (
  SELECT commune, count(*) AS attributes, count(*) AS shapes, count(*) AS linked, 0 AS without_shape,
    0 AS without_attributes, 0 AS open
  FROM Numbered WHERE described > 0 AND shaped > 0 GROUP BY ALL
  UNION ALL
  SELECT coalesce(r.commune, r.maXa), count(*) FILTER (r.described), count(*) FILTER (NOT r.described),
    count(*) FILTER (r.described AND u.n IS NULL), count(*) FILTER (r.described AND NOT open),
    count(*) FILTER (NOT r.described AND NOT open), count(*) FILTER (open)
  FROM Rest r LEFT JOIN Unlinked u USING (n) GROUP BY ALL
) GROUP BY ALL ORDER BY ALL
"""
_WAYS = """
SELECT way, sum(parcels)::BIGINT FROM (
  SELECT way, count(*) AS parcels FROM Numbered WHERE described > 0 AND shaped > 0 GROUP BY way
  UNION ALL SELECT way, count(*) FROM Linked GROUP BY way
) GROUP BY way ORDER BY way
"""
