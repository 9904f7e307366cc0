"""To which parcel a finding leads, so that an officer finds its place without knowing our ids.

A person, an address or a paper has no number that an officer could look up. But who uses it has: the right
that names the person names the parcel, too. From the records of the findings that are kept, and only from
those, a few joins over the references of the whole delivery lead there.
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb
import pyarrow as pa

from landxml.dictionary import Dictionary
from landxml_validator import rule_sql

__all__ = ["led_to"]

PARCEL = "ThuaDat"
STEPS = 5
"""Most references between a record and its parcel: address, person, couple, right, house, parcel."""
USERS = 3
"""Most users of a class that are followed: an address may be that of a whole village."""
DOSSIER = r"\.((?:tep-)?[0-9a-f-]{12,36})(?:\.|$)"
"""Where the id of a record holds the key of the dossier that it comes from."""

_TABLES = """
CREATE OR REPLACE TEMP TABLE Found (place VARCHAR, rank INTEGER, key VARCHAR);
CREATE OR REPLACE TEMP TABLE Way (place VARCHAR, _id VARCHAR)
"""
_OPEN = "SELECT place FROM Sought ANTI JOIN (FROM Found WHERE rank = 0) f USING (place)"
_USERS = f"""
SELECT place, _id FROM (
  SELECT DISTINCT w.place, r._id, r.cls
  FROM Way w SEMI JOIN ({_OPEN}) o USING (place) JOIN Refs r ON r.target = w._id
) QUALIFY row_number() OVER (PARTITION BY place, cls ORDER BY _id) <= {USERS}
"""
_NAMED = f"""
SELECT w.place, r.target AS _id FROM Way w SEMI JOIN ({_OPEN}) o USING (place) JOIN Refs r ON r._id = w._id
"""


def led_to(con: duckdb.DuckDBPyConnection, dictionary: Dictionary, places: Collection[str]) -> dict[str, str]:
    """Return the business keys to which records lead.

    Parameters
    ----------
    con
        Connection with ``Refs`` and the tables of the classes that have a key, of the whole delivery.
    dictionary
        Of these tables.
    places
        Ids of records.

    Returns
    -------
    dict
        Id → the record's own key, else that of its parcel or one of its dossier,
        else that of its certificate. What leads nowhere is left out.
    """
    con.register("Sought", pa.table({"place": pa.array(sorted(places), pa.string())}))
    con.execute(_TABLES)
    keys, things = _keys(dictionary), f"{_NAMED} WHERE list_has_any(r.targets, {_things(dictionary)})"
    con.execute(f"INSERT INTO Found SELECT place, 0, key FROM Sought JOIN ({keys}) k ON k._id = place")
    for first in (_USERS, _NAMED):  # only what nobody uses leads further through what it names itself
        con.execute(f"CREATE OR REPLACE TEMP TABLE Way AS SELECT place, place AS _id FROM ({_OPEN})")
        con.execute(f"CREATE OR REPLACE TEMP TABLE Way AS {first} UNION {things}")
        for _ in range(STEPS):
            if not con.execute("FROM Way LIMIT 1").fetchall():
                break
            con.execute(f"INSERT INTO Found SELECT place, rank, key FROM Way JOIN ({keys}) k USING (_id)")
            con.execute(f"CREATE OR REPLACE TEMP TABLE Way AS {_USERS} UNION {things}")
    con.execute(f"""
INSERT INTO Found SELECT place, rank + 1, key
FROM (SELECT place, {_dossier("place")} AS dossier FROM ({_OPEN})) o
JOIN (SELECT rank, key, {_dossier("_id")} AS dossier FROM ({keys})) k USING (dossier) WHERE dossier <> ''
""")
    con.unregister("Sought")
    return dict(con.execute("SELECT place, min_by(key, (rank, key)) FROM Found GROUP BY place").fetchall())


def _keys(dictionary: Dictionary) -> str:
    """Query of all keys: ``_id``, ``rank`` (0 of parcels, 2 of others) and ``key``."""
    ranks = {cls: 0 if cls.name == PARCEL else 2 for cls in dictionary.classes.values() if cls.key}
    return " UNION ALL ".join(
        f"SELECT _id, {rank} AS rank, {rule_sql.key(cls, cls.name)} AS key FROM {cls.name}"
        for cls, rank in ranks.items()
    )


def _things(dictionary: Dictionary) -> list[str]:
    """Classes with a key, and what names one: parcels, rights, houses and so on, but no persons."""
    found = {cls.name for cls in dictionary.classes.values() if cls.key}
    while True:
        more = {
            cls.name
            for cls, field in dictionary.fields()
            if field.kind == "reference" and not found.isdisjoint(field.targets)
        }
        if more <= found:
            return sorted(found)
        found |= more


def _dossier(column: str) -> str:
    return f"regexp_extract({column}, '{DOSSIER}', 1)"
