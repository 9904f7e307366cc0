"""Stage ``key`` bucket by bucket: rows with equal keys are together, whichever files they are from.

Of a small delivery all rows are one bucket. Of a large one the tables are written once more for each key, in
the order of a hash of it: a bucket is a range of that order, and of the file only its row groups are read. So
no step needs more memory than a bucket and what its rules find; what comes of all buckets is what comes of
all rows at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from landxml.database import literal, rows_of
from landxml.place import PLACE
from landxml_validator import rule_sql
from landxml_validator.ledger import Outcome
from landxml_validator.rule import Rule

__all__ = ["SCHEMAS", "Key", "Shuffled", "divisible", "joined", "keys", "number", "together"]

BYTES = 1_000_000_000
"""Of the tables in one bucket, about."""
HASHES = 1 << 16
"""The order of a table has so many places; a bucket is a range of them."""
GROUP = 20_480
"""Rows of a row group: few, so that a bucket reads little beside its own."""
SCHEMAS = "bucket,main"
"""Where the rules of a bucket look for their tables."""


class Key(NamedTuple):
    """Columns of a table whose values, taken together, bring rows into a bucket."""

    table: str
    columns: tuple[str, ...]


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


def together(rules: Iterable[Rule]) -> dict[tuple[Key, ...], list[Rule]]:
    """Return the rules that look at the same buckets, by their key."""
    found = defaultdict[tuple[Key, ...], list[Rule]](list)
    for rule in rules:
        found[keys(rule)].append(rule)
    return found


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what came of a rule from what came of it in each bucket."""
    tables = []
    for outcome in outcomes:
        if not isinstance(outcome, pa.Table):
            return outcome
        if outcome.num_rows:
            tables.append(outcome)
    order = [(name, "ascending") for name in (*PLACE, "_id", "_path")]
    return pa.concat_tables(tables).sort_by(order) if tables else pa.table({})


def number(files: Iterable[str]) -> int:
    """Return how many buckets the tables in some files make."""
    return 1 + sum(Path(file).stat().st_size for file in files) // BYTES


class Shuffled:
    """Tables in the order of their keys, and the buckets of that.

    Parameters
    ----------
    con
        Connection with the tables, which may write into the folder.
    folder, salt
        Of the run: the salt goes into the hash, so that nobody makes a bucket large on purpose.
    count
        Number of buckets.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path, salt: str, count: int) -> None:
        self.con = con
        self.folder = folder
        self.salt = salt
        self.count = count
        self.files: dict[Key, str] = {}

    def repeats(self) -> None:
        """Create table ``Repeats`` of :mod:`landxml_validator.rule_sql`.

        Which ids repeat others a bucket tells; whether a file repeats another as a whole, all of them.
        """
        with self.con.cursor() as con:
            for n in self.of((Key("Ids", ("_id",)),)):
                con.execute(f"SET search_path = '{SCHEMAS}'")
                how = "INSERT INTO main.Again" if n else "CREATE TABLE main.Again AS"
                con.execute(f"{how} {rule_sql.AGAIN}")
        self.con.execute(f"CREATE TABLE Repeats AS {rule_sql.REPEATS.format(again='FROM Again')}")

    def of(self, tables: Sequence[Key]) -> Iterator[int]:
        """Yield the number of each bucket while the schema ``bucket`` holds it, in views of the tables."""
        files = {key.table: self._sorted(key) for key in tables}
        self.con.execute("CREATE OR REPLACE SCHEMA bucket")
        for n in range(self.count):
            first, last = (HASHES * each // self.count for each in (n, n + 1))
            for table, file in files.items():
                self.con.execute(
                    f'CREATE OR REPLACE VIEW bucket."{table}" AS SELECT * EXCLUDE (_hash)'
                    f" FROM {rows_of([file])} WHERE _hash >= {first} AND _hash < {last}"
                )
            yield n
        self.con.execute("DROP SCHEMA bucket CASCADE")

    def _sorted(self, key: Key) -> str:
        """Return the file of a table in the order of a key, without rows that have none."""
        if key not in self.files:
            file = self.files[key] = str(self.folder / f"key-{len(self.files)}.parquet")
            rows, columns = _items(self.con, key)
            self.con.execute(
                f"COPY (SELECT *, {hashed(columns, self.salt)} AS _hash FROM {rows}"
                f" WHERE _hash IS NOT NULL ORDER BY _hash) TO {literal(file)}"
                f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
            )
        return self.files[key]


def hashed(columns: Sequence[str], salt: str) -> str:
    """Return SQL for the place of a row in the order of a key, NULL without one.

    Case and blanks do not tell keys apart here: rules may take texts that differ in them for equal.
    """
    plain = (rf"upper(regexp_replace({name}::VARCHAR, '\s', '', 'g'))" for name in columns)
    joined = " || chr(31) || ".join((literal(salt), *plain))
    return f"(md5_number_lower({joined}) % {HASHES})::INTEGER"


def _items(con: duckdb.DuckDBPyConnection, key: Key) -> tuple[str, Sequence[str]]:
    """Return the rows of a table and the columns of its key; of a list each item has a row."""
    (name, *_), table = key.columns, f'"{key.table}"'
    ((kind,),) = con.execute(
        f"SELECT typeof({name}) FROM (SELECT NULL) LEFT JOIN {table} ON true LIMIT 1"
    ).fetchall()
    if not kind.endswith("[]"):
        return table, key.columns
    return f"(SELECT * REPLACE ([_item] AS {name}) FROM (SELECT *, unnest({name}) AS _item FROM {table}))", (
        "_item",
    )
