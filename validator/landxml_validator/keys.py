"""To which parcel a finding leads, so that an officer finds its place without knowing our ids.

A person, an address or a paper has no number that an officer could look up. But who uses it has: the right
that names the person names the parcel, too. A few joins over the references of the whole
delivery lead there from the records of the findings, and only from those.
"""

from __future__ import annotations

import duckdb

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
CREATE OR REPLACE TEMP TABLE Sought AS
SELECT row_number() OVER () AS place, file, id FROM (SELECT DISTINCT file, id FROM ({}) WHERE id <> '');
CREATE OR REPLACE TEMP TABLE Found (place BIGINT, rank INTEGER, key VARCHAR, parcel BOOLEAN)
"""
_OPEN = "SELECT place, id FROM Sought ANTI JOIN (FROM Found WHERE parcel) f USING (place)"
_USERS = f"""
SELECT place, _id FROM (
  SELECT DISTINCT w.place, r._id, r.cls
  FROM Way w SEMI JOIN ({_OPEN}) o USING (place) JOIN Refs r ON r.target = w._id
) QUALIFY row_number() OVER (PARTITION BY place, cls ORDER BY _id) <= {USERS}
"""
_NAMED = f"""
SELECT w.place, r.target AS _id FROM Way w SEMI JOIN ({_OPEN}) o USING (place) JOIN Refs r ON r._id = w._id
"""


def led_to(con: duckdb.DuckDBPyConnection, dictionary: Dictionary, sought: str) -> None:
    """Create ``Led(file, id, key, parcel)``: the business keys to which records lead, NULL where to none.

    ``key`` is the record's own, else that of its parcel or one of its dossier, else that of its certificate;
    ``parcel`` that of the parcel.

    Parameters
    ----------
    con
        Connection with ``Refs`` and the tables of the classes that have a key, of the whole delivery.
    dictionary
        Of these tables.
    sought
        Query of the ``file`` and ``id`` of the records.
    """
    con.execute(_TABLES.format(sought))
    keys, things = _keys(dictionary), f"{_NAMED} WHERE list_has_any(r.targets, {_things(dictionary)})"
    con.execute(
        "INSERT INTO Found SELECT place, -1, key, parcel FROM Sought s"
        f" JOIN ({keys}) k ON k._id = s.id AND k._file = s.file"
    )
    for first in (_USERS, _NAMED):  # only what nobody uses leads further through what it names itself
        con.execute(f"CREATE OR REPLACE TEMP TABLE Way AS SELECT place, id AS _id FROM ({_OPEN})")
        con.execute(f"CREATE OR REPLACE TEMP TABLE Way AS {first} UNION {things}")
        for _ in range(STEPS):
            if not con.execute("FROM Way LIMIT 1").fetchall():
                break
            con.execute(
                "INSERT INTO Found SELECT DISTINCT place, rank, key, parcel"
                f" FROM Way JOIN ({keys}) k USING (_id)"
            )
            con.execute(f"CREATE OR REPLACE TEMP TABLE Way AS {_USERS} UNION {things}")
    con.execute(f"""
INSERT INTO Found SELECT place, rank + 1, key, parcel
FROM (SELECT place, {_dossier("id")} AS dossier FROM ({_OPEN})) o
JOIN (
  SELECT rank, parcel, min(key) AS key, {_dossier("_id")} AS dossier FROM ({keys}) GROUP BY ALL
) k USING (dossier) WHERE dossier <> '';
CREATE OR REPLACE TEMP TABLE Led AS SELECT file, id, key, parcel FROM Sought LEFT JOIN (
  SELECT place, min_by(key, (rank, key)) AS key, min_by(key, (rank, key)) FILTER (parcel) AS parcel
  FROM Found GROUP BY place
) USING (place);
DROP TABLE Sought; DROP TABLE Found; DROP TABLE Way
""")


def _keys(dictionary: Dictionary) -> str:
    """Query of all keys: ``_file``, ``_id``, ``rank`` (0 of parcels, 2 of others), ``key``, ``parcel``."""
    classes = [cls for cls in dictionary.classes.values() if cls.key]
    return " UNION ALL ".join(
        f"SELECT _file, _id, {0 if cls.name == PARCEL else 2} AS rank, {rule_sql.key(cls, cls.name)} AS key,"
        f" {cls.name == PARCEL} AS parcel FROM {cls.name}"
        for cls in classes
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
