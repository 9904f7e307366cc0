"""Records no longer in force: earlier versions, and the dossier before a change.

They keep the codes and numbers of their time, and repeat those of what replaced them. So they are held to the
schema, their ids must be unique and may be referred to, but no other rule looks at them.
"""

from __future__ import annotations

import duckdb

from landxml.dictionary import Class, Dictionary
from landxml.extract import EARLIER

__all__ = ["create", "retire"]

TABLE = "HetHieuLuc"


def create(con: duckdb.DuckDBPyConnection, *, replace: bool = False) -> None:
    """Create ``HetHieuLuc``: place, id, class and owner's class of each record no longer in force."""
    how = f"OR REPLACE TABLE {TABLE}" if replace else f"TABLE IF NOT EXISTS {TABLE}"
    con.execute(
        f"CREATE {how} (_file VARCHAR, _part VARCHAR, _at INTEGER, _id VARCHAR, cls VARCHAR, owner VARCHAR)"
    )


def retire(con: duckdb.DuckDBPyConnection, dictionary: Dictionary) -> None:
    """Move what is no longer in force, and what is nested in it, out of the tables into ``HetHieuLuc``.

    Parameters
    ----------
    con
        Connection that holds the tables of the classes, and ``HinhHoc``.
    dictionary
        Of the classes whose tables are not empty.
    """
    create(con, replace=True)
    classes = list(dictionary.classes.values())  # owners before the nested
    marked = [cls for cls in classes if _has_mark(cls)]
    found = " UNION ALL ".join(f'SELECT 1 FROM "{cls.name}" WHERE hieuLuc = false' for cls in marked)
    if not marked or con.execute(f"FROM ({found}) LIMIT 1").fetchone() is None:
        return
    for cls in classes:
        owner = f"'{cls.owner}'" if cls.owner else "NULL"
        nested = f"(_file, _parent) IN (SELECT (_file, _id) FROM {TABLE} WHERE cls = {owner})"
        own = f"hieuLuc = false OR contains(_dossier, '{EARLIER}')" if _has_mark(cls) else "false"
        gone = f"{own} OR {nested}"
        found = f"SELECT _file, _part, _at, _id, '{cls.name}', {owner} FROM {cls.name} WHERE {gone}"
        con.execute(f"INSERT INTO {TABLE} {found}")
        con.execute(f"DELETE FROM {cls.name} WHERE {gone}")  # not by id: one in force may repeat it
    con.execute(f"DELETE FROM HinhHoc WHERE (_file, _at, _id) IN (SELECT (_file, _at, _id) FROM {TABLE})")


def _has_mark(cls: Class) -> bool:
    return any(field.element == "hieuLuc" for field in cls.columns)
