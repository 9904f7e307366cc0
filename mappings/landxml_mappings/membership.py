"""Which records a dossier holds: its own, and whatever they refer to; what several share stands in each."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import duckdb

from landxml.dictionary import national
from landxml_mappings.gathering import BOUNDARIES

__all__ = ["COPIES", "LEFT", "hold", "set_copies_aside"]

COPIES = "copies"
"""Schema of the records that :func:`set_copies_aside` takes out."""

LEFT = ""
"""Name of the dossier of those that no dossier holds."""
_EARLIER = ("TinhHinhDangKy",)
"""Targets of references to other dossiers."""


def set_copies_aside(con: duckdb.DuckDBPyConnection) -> None:
    """Move records to :data:`COPIES`: of those with one id, and boundaries of one parcel, all but the first.

    A dossier, or a row, holds a record once.

    Parameters
    ----------
    con
        Database of a :class:`~landxml_mappings.gathering.Gathering`.
    """
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {COPIES}")
    for name in (*national().classes, BOUNDARIES):
        first = f'SELECT min(rowid) FROM main."{name}" GROUP BY _id'
        con.execute(
            f'CREATE OR REPLACE TABLE {COPIES}."{name}" AS SELECT *, rowid AS nth FROM main."{name}"'
            f" WHERE _id IS NOT NULL AND rowid NOT IN ({first})"
        )
        con.execute(f'DELETE FROM main."{name}" WHERE rowid IN (SELECT nth FROM {COPIES}."{name}")')


def hold(con: duckdb.DuckDBPyConnection, classes: Collection[str]) -> None:
    """Create the tables that tell the records of each dossier.

    ``record``: class, id, owner, dossier and number of each; ``feature``: of each record that which stands
    for itself and holds it; ``held``: dossier and id of each feature, :data:`LEFT` where no dossier holds it.

    Parameters
    ----------
    con
        Holds a table of each national class, and no two records with one id.
    classes
        Those that are wanted.
    """
    every = " UNION ALL ".join(
        f"SELECT '{name}' AS cls, _id AS id, _parent AS owner, _dossier AS dossier, rowid AS nth"
        f' FROM main."{name}"'
        for name in classes
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE record AS {every}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE feature AS WITH RECURSIVE up AS ("
        " SELECT id, id AS feature FROM record WHERE owner IS NULL"
        " UNION ALL SELECT r.id, up.feature FROM record AS r JOIN up ON r.owner = up.id) FROM up"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE edge AS SELECT DISTINCT f.feature AS source, t.feature AS target"
        f" FROM ({' UNION ALL '.join(_edges(classes))}) AS e"
        " JOIN feature AS f ON f.id = e.source JOIN feature AS t ON t.id = e.target"
        " WHERE f.feature <> t.feature"
    )
    features = "FROM record WHERE owner IS NULL AND"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE held AS SELECT DISTINCT dossier, id {features} dossier IS NOT NULL"
    )
    _follow(con)
    con.execute(f"INSERT INTO held SELECT DISTINCT '{LEFT}', id {features} id NOT IN (SELECT id FROM held)")
    _follow(con)


def _follow(con: duckdb.DuckDBPyConnection) -> None:
    """Add what is referred to, until there is nothing left."""
    found = -1
    while found:
        (found,) = con.execute(
            "INSERT INTO held SELECT DISTINCT h.dossier, e.target FROM held AS h"
            " JOIN edge AS e ON e.source = h.id"
            " ANTI JOIN held AS k ON k.dossier = h.dossier AND k.id = e.target"
        ).fetchall()[0]


def _edges(classes: Collection[str]) -> Iterator[str]:
    for name in classes:
        for field in national().classes[name].columns:
            if field.kind == "reference" and field.targets != _EARLIER:
                value = f'unnest("{field.element}")' if field.repeated else f'"{field.element}"'
                yield f'SELECT _id AS source, {value} AS target FROM main."{name}"'
