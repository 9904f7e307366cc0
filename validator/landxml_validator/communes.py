"""Stages ``commune`` and ``border``: parcels and their neighbours, whatever files hold them.

With each batch the shapes of its parcels are written, one part per commune. When all files are read, each
commune is a task; after these, each two communes that meet. Rules of stage ``commune`` find two tables:
``HinhHoc``, the measures that they name, among them ``wkb``, the shape itself, with the columns of
``ThuaDat`` that they name, personal data as hashes; and ``Topology``, what is wrong between two parcels
(:mod:`landxml_validator.neighbours`). Those of stage ``border`` find ``Topology``, of parcels on either side.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb

from landxml.boundary import of_the_run
from landxml.database import rows_of, write_rows
from landxml.dictionary import national
from landxml.geometry import MEASURES
from landxml.place import PLACE
from landxml_validator import lookup_tables, neighbours, rule_sql
from landxml_validator.ledger import Outcome
from landxml_validator.rule import PARCEL, Rule, RuleError, Stage
from landxml_validator.stages import Settings, column, evaluate

__all__ = ["FOLDER", "Border", "Commune", "borders", "judge", "shapes", "tasks", "words", "write"]

FOLDER = "communes"
"""Name of the folder of the parts, in that of a task."""


class Commune(NamedTuple):
    """A task: the parcels of a commune.

    A parcel that states none belongs to that of the others in its file, if they state one only. ``code`` is
    ``""`` for those of which nothing tells the commune.
    """

    code: str
    parts: tuple[str, ...]

    @property
    def stage(self) -> Stage:
        """Stage of the rules."""
        return "commune"

    @property
    def id(self) -> str:
        """Digest of the parts: equal for equal parcels."""
        digests = sorted(hashlib.sha256(Path(part).read_bytes()).digest() for part in self.parts)
        return hashlib.sha256(b"".join(digests)).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes of the parts."""
        return sum(Path(part).stat().st_size for part in self.parts)

    def found(self, where: Callable[[Iterable[str]], list[str]]) -> Commune:
        """Return the task with its parts where they are on this machine."""
        return self._replace(parts=tuple(where(self.parts)))

    def halves(self) -> list[Commune]:
        """Return none: neighbours must stay together."""
        return []


class Border(NamedTuple):
    """A task: the parcels on either side of the border between two communes, with the outlines of these."""

    one: Commune
    two: Commune
    outlines: tuple[str, str]

    @property
    def stage(self) -> Stage:
        """Stage of the rules."""
        return "border"

    @property
    def id(self) -> str:
        """Digest of the parts of both."""
        return hashlib.sha256(f"{self.one.id} {self.two.id}".encode()).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes of the parts of both."""
        return self.one.size + self.two.size

    def found(self, where: Callable[[Iterable[str]], list[str]]) -> Border:
        """Return the task with its parts where they are on this machine."""
        one, two = where(self.outlines)
        return Border(self.one.found(where), self.two.found(where), (one, two))

    def halves(self) -> list[Border]:
        """Return none: neighbours must stay together."""
        return []


def words(rules: Sequence[Rule]) -> Counter[str]:
    """Count the words of rules, those of ``Topology`` among them if they name it."""
    named = rule_sql.words(rules)
    return named + Counter(rule_sql.words_of(neighbours.PARCELS)) if named["Topology"] else named


def shapes(rules: Sequence[Rule]) -> str:
    """Return the query of what rules use of parcels that have a shape, and of their ``commune``."""
    named = words(rules)
    measures = [f"h.{name}" for name in MEASURES.names[1:] if named[name]]
    fields = [column(f, hashed=True) for f in national().classes[PARCEL].columns if named[f.element]]
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
        mine = f"SELECT * EXCLUDE (commune) FROM Shape WHERE commune = '{code}'"
        write_rows(con, mine, folder / FOLDER / f"{code}-{name}")
    con.execute("DROP TABLE Shape")


def tasks(parts: Iterable[str]) -> list[Commune]:
    """Return the tasks of the parts that all files have, the largest first."""

    def code(part: str) -> str:
        return Path(part).name.partition("-")[0]

    found = groupby(sorted(parts, key=lambda part: (code(part), part)), code)
    return sorted((Commune(*each) for each in ((c, tuple(p)) for c, p in found)), key=lambda c: -c.size)


def borders(communes: Iterable[Commune], outlines: Iterable[str]) -> list[Border]:
    """Return the tasks of the communes that meet, the largest first.

    Parameters
    ----------
    communes
        The communes of a delivery.
    outlines
        Files that their tasks wrote.
    """
    by_code = {commune.code: commune for commune in communes}
    paths = {Path(path).stem: path for path in outlines}
    met = neighbours.meeting({code: path for code, path in paths.items() if code})
    found = (Border(by_code[one], by_code[two], (paths[one], paths[two])) for one, two in met)
    return sorted(found, key=lambda border: -border.size)


def judge(
    con: duckdb.DuckDBPyConnection, task: Commune | Border, settings: Settings, folder: Path
) -> Iterator[tuple[str, Outcome]]:
    """Run the rules over a commune or a border, and yield what came of each.

    Parts of what else is known of it are written into ``folder``.
    """
    known = settings.rules
    rules = known.of_commune(task.code) if isinstance(task, Commune) else known.at(task.stage)
    named = words([*rules, *known.at("border")])  # for which communes write their outlines
    lookup_tables.load(con, named, settings.as_of)
    con.execute("CREATE OR REPLACE SCHEMA commune; SET search_path = 'commune,main'")
    if isinstance(task, Commune):
        con.execute(f"CREATE VIEW commune.HinhHoc AS FROM {rows_of(task.parts)}")
    present, failed = national().only([PARCEL]), None
    if named["Topology"]:
        failed = _topology(con, task, folder)
    for rule in rules:
        outcome = failed if "Topology" in rule_sql.words_of(rule.source) else None
        yield rule.name, outcome or evaluate(con, rule, present, settings)
    con.execute("SET search_path = 'main'; DROP SCHEMA commune CASCADE")


def _topology(con: duckdb.DuckDBPyConnection, task: Commune | Border, folder: Path) -> RuleError | None:
    """Create ``Topology``; return why its rules cannot be evaluated, if that fails."""
    try:
        if isinstance(task, Commune):
            neighbours.of_commune(con, task.code, rows_of(task.parts), folder)
        else:
            codes, rows = (task.one.code, task.two.code), (rows_of(task.one.parts), rows_of(task.two.parts))
            neighbours.of_border(con, codes, rows, task.outlines, folder)
    except Exception as error:  # the other rules go on
        if of_the_run(error):
            raise
        return RuleError(f"Topology: {type(error).__name__}")
    return None
