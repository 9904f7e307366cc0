"""Stages of a run that see more than one batch: what their rules use of each, and the rules of one file.

The rules of stage ``file`` run where the file is read, when it ends: over tables of all its batches, with
just the columns that they name. What later stages use leaves the process, personal data as hashes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec

from landxml.boundary import of_the_run
from landxml.cast import empty
from landxml.database import connect, parsed
from landxml.dictionary import Dictionary, Field, national
from landxml.faults import Fault
from landxml.geometry import MEASURES
from landxml.layouts import Layout
from landxml.place import PLACE, SYSTEM
from landxml_mappings import link
from landxml_mappings.sheets import Renumbering
from landxml_validator import lookup_tables, rule_sql, scanned_papers, shared_scans
from landxml_validator.ledger import Ledger, Outcome
from landxml_validator.rule import Rule, RuleError
from landxml_validator.rule_set import RuleSet

__all__ = [
    "MANIFEST", "Held", "Settings", "WholeFile", "applying", "column", "connected", "evaluate", "evaluated",
    "extracts",
]  # fmt: skip

MANIFEST = {"SieuDuLieu", "SoBanGhi"}
"""Classes with what a file states of itself; of a half-read file that cannot be judged."""


PARTS = ("Ids", "Refs", "StaleCodes", scanned_papers.NAMES)
"""Views that rules look at as a whole, handed on like the classes."""
WHOLE = (*PARTS, "Codes", "RecordCounts", "Texts")
"""Views of which the rules of a file see the rows of all its batches; ``UnitCodes`` is of their tables."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for all processes of a run.

    ``folder`` is the temporary one of the run; ``outcomes`` takes what tasks have done, under names that
    follow from their documents and ``basis`` (:mod:`landxml_validator.store`); ``remote`` is the address in
    an object store of which both are copies, ``""`` if they are not, and ``apart`` tells whether tasks are
    carried out on machines that then have copies of their own; ``salt`` goes into the hashes that stand
    there for personal data; ``known`` are names of elements that are no personal data, beside the built-in
    ones; ``crs`` is the EPSG code of geometry that does not say its own; ``sheets`` are their new numbers, by
    which attributes and map are linked; ``scans`` tells whether scans lie beside the data, so that their
    names are wanted, ``existing`` where the keys of what is in operation stand
    (:mod:`landxml_validator.existing`), ``inventory`` whether tasks write
    :mod:`landxml_validator.inventory`: kept outcomes have it, for whoever looks at them later.
    """

    rules: RuleSet
    as_of: dt.date
    samples: int
    personal_data: bool
    folder: str
    outcomes: str
    basis: str
    salt: str
    remote: str = ""
    apart: bool = False
    known: frozenset[str] = frozenset()
    crs: int | None = None
    sheets: tuple[Renumbering, ...] = ()
    scans: bool = False
    existing: str = ""
    inventory: bool = False

    def ledger(self, folder: Path) -> Ledger:
        """Return the empty ledger of a task, whose folder is made."""
        folder.mkdir()
        return Ledger(
            rules=self.rules.named,
            folder=str(folder),
            personal_data=self.personal_data,
            known=self.known,
        )


def extracts(rules: Sequence[Rule], *, hashed: bool, entire: Iterable[str] = ()) -> dict[str, str]:
    """Return the queries of what rules use of each table, by its name.

    Parameters
    ----------
    rules
        Rules that see more than one batch.
    hashed
        Whether personal data stands there as hashes (SQL macro ``hidden``), because it leaves the process.
    entire
        Classes of which all columns are used.
    """
    links = [rule for rule in rules if rule.stage == "link"]  # of a batch they use its parcels only
    rules = [rule for rule in rules if rule.stage != "link"]
    words, dictionary = rule_sql.words(rules), national()
    fields = rule_sql.shared(dictionary, rules)
    fields |= {name: list(dictionary.classes[name].columns) for name in entire}
    if links:
        named = {*link.FIELDS, *rule_sql.words(links), *(f.element for f in fields[link.PARCEL])}
        fields[link.PARCEL] = [f for f in dictionary.classes[link.PARCEL].columns if f.element in named]
    columns = {
        name: [*SYSTEM, *(column(field, hashed=hashed) for field in used)] for name, used in fields.items()
    }
    queries = {name: _extract(name, used) for name, used in columns.items()}
    if links:
        queries[link.PARCEL] = link.parcels(columns[link.PARCEL])
    if words["HinhHoc"] or hashed:  # of each commune the parcels with a shape are counted
        measures = [name for name in MEASURES.names[1:] if words[name]]
        queries["HinhHoc"] = _extract("HinhHoc", [*PLACE, "_id", *measures])
    return queries


def _extract(table: str, columns: Sequence[str]) -> str:
    return f'SELECT {", ".join(columns)} FROM "{table}"'


def column(field: Field, *, hashed: bool) -> str:
    """Return a field in the list of a SELECT; ``hashed``: if it is personal data, its hash."""
    name = f'"{field.element}"'
    return f"hidden({name}::VARCHAR) AS {name}" if hashed and field.personal else name


def applying(rules: Iterable[Rule], layout: Layout, counts: Mapping[str, int]) -> Iterator[Rule]:
    """Yield the rules that can find something in records of a layout, counted by class."""
    for rule in rules:
        if rule.suits(layout) and not (rule.applies_to and counts.keys().isdisjoint(rule.applies_to)):
            yield rule


def evaluated(
    con: duckdb.DuckDBPyConnection, rules: Sequence[Rule], present: Dictionary, settings: Settings
) -> Iterator[tuple[str, Outcome]]:
    """Run rules, and yield what came of each; of those that shared scans found silent, nothing."""
    silent = shared_scans.silent(con, rules, settings.as_of)
    for rule in rules:
        if rule.name not in silent:
            yield rule.name, evaluate(con, rule, present, settings)


def evaluate(con: duckdb.DuckDBPyConnection, rule: Rule, present: Dictionary, settings: Settings) -> Outcome:
    """Run one rule over the classes that are present; return what it finds, or why it cannot be run."""
    try:
        if rule.function is not None:
            found: list[Fault] = import_module(rule.function).find(con, rule)
            return found
        return rule_sql.run(con, rule, present, as_of=settings.as_of)
    except RuleError as error:
        return error
    except Exception as error:  # the other rules go on
        if of_the_run(error):
            raise
        return RuleError(f"{rule.code}: {type(error).__name__}")


def connected(settings: Settings, reads: Sequence[str] = (), threads: int = 1) -> duckdb.DuckDBPyConnection:
    """Open the database for the tables of a whole delivery, which may lie in further folders."""
    fast = {"preserve_insertion_order": "false", "enable_external_file_cache": "false"}
    return connect(settings.folder, folders=[settings.outcomes, *reads], memory=300, threads=threads, **fast)


class Held(NamedTuple):
    """A batch whose rules of stage ``record`` have run, and whose tables are still there.

    ``counts`` are its records by class; ``views`` the queries of :func:`landxml_validator.rule_sql.views`;
    ``words`` those of the rules for which some of them were prepared.
    """

    counts: Mapping[str, int]
    views: Mapping[str, str]
    words: Collection[str]


class WholeFile:
    """The batches of one file: the tables of the only one, or of several what rules use of each.

    That stands in a schema of its own, so that the next batch can come.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rules = settings.rules.at("file")
        self.extracts = extracts(self.rules, hashed=False)
        words = rule_sql.words(self.rules)
        self.views = [name for name in WHOLE if words[name]]
        self.counts = Counter[str]()
        self.made: set[str] = set()

    def begin(self) -> None:
        """Forget a file that did not come to its end."""
        self.counts.clear()

    def add(self, con: duckdb.DuckDBPyConnection, batch: Held) -> None:
        """Keep what rules use of a batch, whose tables ``con`` holds."""
        if not self.counts:
            con.execute("CREATE OR REPLACE SCHEMA whole")
            self.made = set()
        self.counts.update(batch.counts)
        found = {
            name: sql for name, sql in self.extracts.items() if name in batch.counts or name == "HinhHoc"
        }
        for name, sql in (found | {name: batch.views[name] for name in self.views}).items():
            how = f'INSERT INTO whole."{name}"' if name in self.made else f'CREATE TABLE whole."{name}" AS'
            con.execute(parsed(con, f"{how} {sql}"))
            self.made.add(name)

    def judge(
        self, con: duckdb.DuckDBPyConnection, layout: Layout, last: Held, *, read: bool
    ) -> Iterator[tuple[str, Outcome]]:
        """Run the rules over the file, which ends here, and yield what came of each; forget what was kept.

        Parameters
        ----------
        con, layout
            Connection with the tables of the last batch; the layout of the file.
        last
            That batch.
        read
            Whether the file was read to its end.
        """
        alone = read and not self.counts
        if not alone:
            self.add(con, last)
        counts, self.counts = Counter(last.counts) if alone else self.counts, Counter()
        rules = list(applying(self.rules, layout, counts))
        lookup_tables.load(con, rule_sql.words(rules), self.settings.as_of)
        if alone:
            missing = {name: sql for name, sql in last.views.items() if name not in last.words}
            rule_sql.prepare(con, missing, rules, self.rules)
        else:
            con.execute("SET search_path = 'whole,main'")
            if rule_sql.words(self.rules)["UnitCodes"]:  # else the tables lack their columns
                units = rule_sql.views(national().only(counts), ())["UnitCodes"]
                con.execute(f"CREATE {'VIEW' if read else 'TABLE'} UnitCodes AS {units}")
            for name in () if read else MANIFEST:  # other classes that are not there are empty below it
                con.execute(empty(national().classes[name]))
        yield from evaluated(con, rules, national().only(counts), self.settings)
        if not alone:
            con.execute("SET search_path = 'main'; DROP SCHEMA whole CASCADE")
