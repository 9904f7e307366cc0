"""Stage ``key`` bucket by bucket: rows with equal keys are together, whichever files they are from.

Of a small delivery all rows are one bucket, and the rules run where all of it is seen. Of a large one they
run in tasks. First the tables are written once more for each key, piece by piece, each in the order of a hash
of it. A bucket is a range of that order, and of each piece only its row groups are read. (Parts of documents
could not be written so: most have one row group, and a table has several keys.) So no step needs more memory
than a bucket and what its rules find, and all buckets together give what all rows at once would.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeAlias

import duckdb
import pyarrow as pa

from landxml.boundary import of_the_run
from landxml.database import literal, rows_of
from landxml.dictionary import Dictionary, national
from landxml.text import Text
from landxml_validator import findings, rule_sql, store
from landxml_validator.executors import Advance, Executor, Lost
from landxml_validator.hashes import sha256
from landxml_validator.ledger import Ledger, Outcome, Tally
from landxml_validator.rule import Rule, RuleError
from landxml_validator.stages import Settings, connected, evaluated

__all__ = ["Bucket", "Extract", "Key", "Rows", "Whole", "divisible", "judge", "keys", "number", "working"]

BYTES = 1_000_000_000
"""Of the tables in one bucket, about."""
PIECE = 250_000_000
"""Bytes of parts that are brought in order together."""
HASHES = 1 << 16
"""The order of a table has so many places; a bucket is a range of them."""
GROUP = 20_480
"""Rows of a row group: few, so that a bucket reads little beside its own."""
AGAIN = "Again"
"""Table of all rows of :data:`landxml_validator.rule_sql.AGAIN`."""
MADE = "Made"
"""Table of the statements that make views and macros."""

Rows: TypeAlias = Callable[[Sequence[str]], str]
"""Gives SQL for the rows of some parts of a table, as a FROM has it."""
Tables: TypeAlias = tuple[tuple[str, str], ...]
"""Names of tables, and queries of their rows."""


class Key(NamedTuple):
    """Columns of a table whose values, taken together, bring rows into a bucket."""

    table: str
    columns: tuple[str, ...]


IDS = Key("Ids", ("_id",))
"""By which ids repeat others."""


class Extract(NamedTuple):
    """A task: what a query returns, written as a part of a table.

    Attributes
    ----------
    rules
        Names of those that need it.
    tables
        What is seen of other tables (:func:`_see`).
    table, query
        Name of what is written; what.
    """

    rules: tuple[str, ...]
    tables: Tables
    table: str
    query: str

    @property
    def id(self) -> str:
        """Digest of all that it looks at: parts lie in folders named by what they depend on."""
        return _digest(self)

    def halves(self) -> list[Extract]:
        """Return none: nothing in it is a document."""
        return []


class Bucket(NamedTuple):
    """A task: rules over the rows of a bucket.

    Attributes
    ----------
    rules, tables
        By name; what they see (:func:`_see`).
    present
        Classes of the delivery.
    """

    rules: tuple[str, ...]
    tables: Tables
    present: tuple[str, ...]

    @property
    def id(self) -> str:
        """Digest of all that it looks at."""
        return _digest(self)

    def halves(self) -> list[Bucket]:
        """Return none: rows with equal keys must stay together."""
        return []


def _digest(task: Extract | Bucket) -> str:
    return hashlib.sha256(repr(task).encode()).hexdigest()[:32]


def keys(rule: Rule) -> tuple[Key, ...]:
    """Return the key of a rule in each of its tables."""
    found = defaultdict[str, list[str]](list)
    for column in rule.key:
        table, _, name = column.partition(".")
        found[table].append(name)
    return tuple(Key(table, tuple(names)) for table, names in found.items())


def divisible(rule: Rule) -> bool:
    """Tell whether a rule looks at the tables of its key: ``Repeats`` is made of all buckets before."""
    tables = {key.table for key in keys(rule)}
    return bool(tables) and not rule.added and tables <= rule_sql.words([rule]).keys()


def number(files: Iterable[str]) -> int:
    """Return how many buckets the tables in some files make."""
    return 1 + sum(Path(file).stat().st_size for file in files) // BYTES


class Whole(NamedTuple):
    """What is judged, and where it is.

    Attributes
    ----------
    con, parts
        Connection with the tables of the whole delivery; the files of these.
    settings, present
        Of the run; classes of the delivery.
    rows, reads
        How to read parts, and folders where they lie beside those of the run.
    number
        Of buckets.
    """

    con: duckdb.DuckDBPyConnection
    parts: Mapping[str, Sequence[str]]
    settings: Settings
    present: Dictionary
    rows: Rows = rows_of
    reads: Sequence[str] = ()
    number: int = 1


def judge(whole: Whole, rules: Sequence[Rule], executor: Executor) -> tuple[dict[str, Text], list[str]]:
    """Run rules in tasks, and create ``Repeats`` if some look at it.

    Parameters
    ----------
    whole
        What is judged.
    rules
        Those of them that are :func:`divisible` are run; others may need ``Repeats``.
    executor
        Carries out the tasks.

    Returns
    -------
    tuple
        Codes of the rules that could not be evaluated, and why; files of what was found.
    """
    own = whole.settings.ledger(Path(whole.settings.folder, "key"))
    work = partial(working, whole.settings, whole.reads)
    rounds = (store.addressed(tasks, whole.settings) for tasks in _rounds(whole, rules, own))
    for outcome in executor(work, rounds, lambda _: None):
        if isinstance(outcome, Lost):
            named = whole.settings.rules.named
            own.broken |= {named[name].code: outcome.reason for name in outcome.task.rules}
        else:
            own.add(store.taken(outcome, whole.settings))
    parts = own.parts.get(findings.FOLDER)
    return own.broken, [_together(whole.con, parts, own)] if parts else []


def _rounds(whole: Whole, rules: Sequence[Rule], own: Ledger) -> Iterator[list[Extract | Bucket]]:
    """Yield the tasks that write tables by keys; those of rules; those of rules that look at ``Repeats``.

    Which ids repeat others a bucket tells; whether a file repeats another as a whole, all of them.
    """

    def left(*, repeats: bool) -> list[Rule]:
        return [rule for rule in rules if rule.code not in own.broken and _repeats(rule) is repeats]

    yield list(_shuffles(whole, rules))
    again = _again(whole, left(repeats=True), own.parts)
    yield [*_buckets(whole, filter(divisible, left(repeats=False)), own.parts), *again]
    if repeating := left(repeats=True):
        files = own.parts.get(AGAIN)
        made = f"FROM {rows_of(files)}" if files else rule_sql.AGAIN
        whole.con.execute(f"CREATE TABLE Repeats AS {rule_sql.REPEATS.format(again=made)}")
        yield [*_buckets(whole, filter(divisible, repeating), own.parts)]


def _repeats(rule: Rule) -> bool:
    return "Repeats" in rule_sql.words([rule])


def _shuffles(whole: Whole, rules: Iterable[Rule]) -> Iterator[Extract]:
    """Yield the tasks that write tables in the order of their keys, without rows that have none."""
    needed = defaultdict[Key, list[str]](list)
    for rule in rules:
        ids = [IDS] if _repeats(rule) else []
        for key in dict.fromkeys([*(keys(rule) if divisible(rule) else ()), *ids]):
            needed[key].append(rule.name)
    for key, names in needed.items():
        for piece in _pieces(whole.parts.get(key.table, ())):
            table, columns = _items(whole.con, key, whole.rows(piece))
            query = (
                f"SELECT *, {hashed(columns, whole.settings.salt)} AS _hash FROM {table}"
                " WHERE _hash IS NOT NULL ORDER BY _hash"
            )
            yield Extract(tuple(names), (), _name(key), query)


def _name(key: Key) -> str:
    return "-".join((key.table, *key.columns))


def _pieces(files: Iterable[str]) -> Iterator[list[str]]:
    taken, size = list[str](), 0
    for file in files:
        taken.append(file)
        size += Path(file).stat().st_size
        if size >= PIECE:
            yield taken
            taken, size = [], 0
    if taken:
        yield taken


def _buckets(whole: Whole, rules: Iterable[Rule], parts: Mapping[str, Sequence[str]]) -> Iterator[Bucket]:
    """Yield the tasks of rules: those that look at the same buckets are judged together."""
    together = defaultdict[tuple[Key, ...], list[Rule]](list)
    for rule in rules:
        together[keys(rule)].append(rule)
    for wanted, same in together.items():
        words = rule_sql.words(same).keys() | rule_sql.around(same, whole.present)
        for tables in _tables(whole, wanted, words, parts):
            yield Bucket(tuple(rule.name for rule in same), tables, tuple(whole.present.classes))


def _again(whole: Whole, rules: Sequence[Rule], parts: Mapping[str, Sequence[str]]) -> Iterator[Extract]:
    """Yield the tasks that write which ids repeat others."""
    if rules and _name(IDS) in parts:
        for tables in _tables(whole, (IDS,), rule_sql.words_of(rule_sql.AGAIN), parts):
            yield Extract(tuple(rule.name for rule in rules), tables, AGAIN, rule_sql.AGAIN)


def _tables(
    whole: Whole, wanted: Iterable[Key], words: Collection[str], parts: Mapping[str, Sequence[str]]
) -> Iterator[Tables]:
    """Yield what is seen of tables in each bucket: of those that have a key its rows, of others all."""
    shuffled = {key.table: parts[_name(key)] for key in wanted if _name(key) in parts}
    beside = _beside(whole, set(words) - shuffled.keys())
    for n in range(whole.number):
        first, last = (HASHES * each // whole.number for each in (n, n + 1))
        ranges = f"WHERE _hash >= {first} AND _hash < {last}"
        rows = {
            table: f"SELECT * EXCLUDE (_hash) FROM {rows_of(files, union_by_name=True)} {ranges}"
            for table, files in shuffled.items()
        }
        yield *rows.items(), *beside


def _beside(whole: Whole, names: Collection[str]) -> Tables:
    """Write tables, views (tasks can read their parts, too) and macros; return them as :func:`_see` takes."""
    con, settings = whole.con, whole.settings
    made = [sql for name, sql in con.execute(_MADE).fetchall() if not name or name in names]
    seen = {*names, *(word for sql in made for word in rule_sql.words_of(sql))}
    with TemporaryDirectory(dir=settings.folder) as folder:
        ledger, digest = settings.ledger(Path(folder, "new")), hashlib.sha256()
        con.register(MADE, pa.table({"sql": store.addressed(made, settings)}))
        tables = [name for (name,) in con.execute(_TABLES).fetchall() if name in seen]
        for name in (*tables, MADE):
            file = Path(ledger.folder, name, "00000.parquet")
            file.parent.mkdir()
            con.execute(f'COPY (FROM "{name}" ORDER BY ALL) TO {literal(str(file))} (FORMAT parquet)')
            digest.update(sha256(str(file)).encode())
        con.unregister(MADE)
        tally = store.keep(ledger, store.place(digest.hexdigest()[:32], settings), settings)
    found = {part.partition("/")[0]: rows_of([f"{tally.folder}/{part}"]) for part in tally.parts}
    return tuple((name, f"FROM {rows}") for name, rows in found.items())


_MADE = """
SELECT '' AS name, concat(
  'CREATE MACRO ', function_name, '(', array_to_string(parameters, ', '), ') AS ', macro_definition
) AS sql FROM duckdb_functions() WHERE NOT internal AND function_type = 'macro'
UNION ALL SELECT view_name, sql FROM duckdb_views() WHERE NOT internal AND NOT temporary"""
_TABLES = "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY ALL"


def _together(con: duckdb.DuckDBPyConnection, parts: Sequence[str], own: Ledger) -> str:
    """Bring what all buckets found in one order; of a rule that failed in one of them nothing is left."""
    file = str(Path(own.folder, "found.parquet"))
    broken = ", ".join(map(literal, sorted(own.broken)))
    order = ", ".join(f'"{name}"' for name in findings.ORDER)
    con.execute(
        f"COPY (FROM {rows_of(parts)} WHERE NOT list_contains([{broken}]::VARCHAR[], rule)"
        f" ORDER BY {order}) TO {literal(file)} (FORMAT parquet)"
    )
    return file


@contextlib.contextmanager
def working(
    settings: Settings, reads: Sequence[str]
) -> Iterator[Callable[[Extract | Bucket, Advance], Tally]]:
    """Give the function that carries out tasks, each with a database of its own."""
    with store.here(settings) as own:
        yield partial(_carry_out, own, reads)


def _carry_out(settings: Settings, reads: Sequence[str], task: Extract | Bucket, _: Advance) -> Tally:
    """Carry out a task, unless that was done before."""
    place = store.place(task.id, settings)
    if kept := store.find(place, settings):
        return kept
    with TemporaryDirectory(dir=settings.folder) as folder, connected(settings, reads) as con:
        ledger = settings.ledger(Path(folder, "new"))
        for name, outcome in _outcomes(con, store.readable(task, settings), settings, Path(ledger.folder)):
            ledger.enter(name, outcome)
        return store.keep(ledger, place, settings)


def _outcomes(
    con: duckdb.DuckDBPyConnection, task: Extract | Bucket, settings: Settings, folder: Path
) -> Iterator[tuple[str, Outcome]]:
    """Do what a task says, and yield what came of each rule."""
    try:
        _see(con, task.tables, settings)
        if isinstance(task, Extract):
            (folder / task.table).mkdir()
            file = literal(str(folder / task.table / "00000.parquet"))
            how = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
            con.execute(f"COPY ({task.query}) TO {file} {how}")
            return
    except Exception as error:  # the other rules go on
        if of_the_run(error):
            raise
        yield from ((name, RuleError(f"{name}: {type(error).__name__}")) for name in task.rules)
        return
    rules = [settings.rules.named[name] for name in task.rules]
    yield from evaluated(con, rules, national().only(task.present), settings)


def _see(con: duckdb.DuckDBPyConnection, tables: Tables, settings: Settings) -> None:
    """Create tables as queries of their rows; then whatever statements stand in one of them, ``Made``."""
    for name, query in tables:
        con.execute(f'CREATE VIEW "{name}" AS {query}')
    if MADE in dict(tables):
        for (sql,) in con.execute(f"FROM {MADE}").fetchall():
            con.execute(store.readable(sql, settings))


def hashed(columns: Sequence[str], salt: str) -> str:
    """Return SQL for the place of a row in the order of a key, NULL without one.

    Case and blanks do not tell keys apart here: rules may take texts that differ in them for equal.
    """
    plain = (rf"upper(regexp_replace({name}::VARCHAR, '\s', '', 'g'))" for name in columns)
    joined = " || chr(31) || ".join((literal(salt), *plain))
    return f"(md5_number_lower({joined}) % {HASHES})::INTEGER"


def _items(con: duckdb.DuckDBPyConnection, key: Key, rows: str) -> tuple[str, Sequence[str]]:
    """Return the rows of a table and the columns of its key; of a list each item has a row."""
    (name, *_) = key.columns
    ((kind,),) = con.execute(
        f"SELECT typeof({name}) FROM (SELECT NULL) LEFT JOIN {rows} ON true LIMIT 1"
    ).fetchall()
    if not kind.endswith("[]"):
        return rows, key.columns
    item = f"SELECT * REPLACE ([_item] AS {name}) FROM (SELECT *, unnest({name}) AS _item FROM {rows})"
    return f"({item})", ("_item",)
