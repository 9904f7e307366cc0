"""Stage ``commune``: parcels and their neighbours, whatever files hold them.

With each batch the shapes of its parcels are written, one part per commune. When all files are read, each
commune is a task. Its rules find one table, ``HinhHoc``: the measures that they name, among them ``wkb``, the
shape itself, and the columns of ``ThuaDat`` that they name, personal data as hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb

from landxml.database import literal, rows_of
from landxml.dictionary import national
from landxml.geometry import MEASURES
from landxml.place import PLACE
from landxml_validator import lookup_tables, rule_sql
from landxml_validator.ledger import Outcome
from landxml_validator.rule import Rule
from landxml_validator.stages import Settings, column, evaluate

__all__ = ["FOLDER", "Commune", "judge", "shapes", "tasks", "write"]

FOLDER = "communes"
"""Name of the folder of the parts, in that of a task."""
PARCEL = "ThuaDat"


class Commune(NamedTuple):
    """A task: the parcels of a commune.

    A parcel that states none belongs to that of the others in its file, if they state one only. ``code`` is
    ``""`` for those of which nothing tells the commune.
    """

    code: str
    parts: tuple[str, ...]

    @property
    def id(self) -> str:
        """Digest of the parts: equal for equal parcels."""
        digests = sorted(hashlib.sha256(Path(part).read_bytes()).digest() for part in self.parts)
        return hashlib.sha256(b"".join(digests)).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes of the parts."""
        return sum(Path(part).stat().st_size for part in self.parts)

    def halves(self) -> list[Commune]:
        """Return none: neighbours must stay together."""
        return []


def shapes(rules: Sequence[Rule]) -> str:
    """Return the query of what rules use of parcels that have a shape, and of their ``commune``."""
    words = rule_sql.words(rules)
    measures = [f"h.{name}" for name in MEASURES.names[1:] if words[name]]
    fields = [column(f, hashed=True) for f in national().classes[PARCEL].columns if words[f.element]]
    return f"""
SELECT {", ".join([*PLACE, "_id", *measures, *fields])},
  coalesce(stated, if(min(stated) OVER f = max(stated) OVER f, min(stated) OVER f, NULL), '') AS commune
FROM HinhHoc h JOIN (
  SELECT *, if(regexp_full_match(maXa, '\\d{{5}}'), maXa, NULL) AS stated FROM {PARCEL}
) t USING (_file, _part, _at, _id)
WINDOW f AS (PARTITION BY _file)"""


def write(con: duckdb.DuckDBPyConnection, query: str, folder: Path, name: str) -> None:
    """Write what the query of :func:`shapes` finds in a batch, a part for each commune."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE Shape AS {query}")
    (folder / FOLDER).mkdir(exist_ok=True)
    for (code,) in con.execute("SELECT DISTINCT commune FROM Shape ORDER BY ALL").fetchall():
        path = literal(str(folder / FOLDER / f"{code}-{name}"))
        mine = f"SELECT * EXCLUDE (commune) FROM Shape WHERE commune = '{code}'"
        con.execute(f"COPY ({mine}) TO {path} (FORMAT parquet, COMPRESSION uncompressed)")
    con.execute("DROP TABLE Shape")


def tasks(parts: Iterable[str]) -> list[Commune]:
    """Return the tasks of the parts that all files have, the largest first."""

    def code(part: str) -> str:
        return Path(part).name.partition("-")[0]

    found = groupby(sorted(parts, key=lambda part: (code(part), part)), code)
    return sorted((Commune(*each) for each in ((c, tuple(p)) for c, p in found)), key=lambda c: -c.size)


def judge(
    con: duckdb.DuckDBPyConnection, commune: Commune, settings: Settings
) -> Iterator[tuple[str, Outcome]]:
    """Run the rules over a commune, and yield what came of each."""
    rules = settings.rules.at("commune")
    lookup_tables.load(con, rule_sql.words(rules), settings.as_of)
    con.execute("CREATE OR REPLACE SCHEMA commune")
    con.execute(f"CREATE VIEW commune.HinhHoc AS FROM {rows_of(commune.parts)}")
    con.execute("SET search_path = 'commune,main'")
    present = national().only([PARCEL])
    for rule in rules:
        yield rule.code, evaluate(con, rule, present, settings)
    con.execute("SET search_path = 'main'; DROP SCHEMA commune CASCADE")
