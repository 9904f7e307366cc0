"""Queries of rules of the user's own, run in a database that can reach nothing.

It has no files, network and extensions; its settings are locked; memory, disk and time are little. A query
that was judged (:mod:`landxml_validator.own_sql`) finds copies of the tables that it names there, and of
these only the columns that it names. What it returns must be places of records that are there, and values
that can be masked.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from landxml.database import connect, literal
from landxml.dictionary import national
from landxml.mistakes import unknown
from landxml.place import SYSTEM
from landxml.text import Text
from landxml_validator import lookup_tables, own_sql
from landxml_validator.rule import PARAMETER, Rule, RuleError, Stage, words_of
from landxml_validator.sql_macros import macros

__all__ = ["columns", "found", "interrupt"]

SECONDS = 60
"""Longest that a rule may look at one batch, file, commune or delivery."""
MOST = 1_000_000
"""Most findings of one look; more come from a join without its condition."""
_MEGABYTES, _DISK = 300, "4GB"
_GIVEN = {
    "_file": "VARCHAR", "_part": "VARCHAR", "_at": "INTEGER", "_id": "VARCHAR", "_cls": "VARCHAR",
    "_path": "VARCHAR", "_x": "DOUBLE", "_y": "DOUBLE",
}  # fmt: skip
"""Columns with ``_`` that a rule may return; the first four are the place of a record."""
_PLACE = tuple(_GIVEN)[:4]
_PLAIN = ("BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "VARCHAR", "TIMESTAMP")
"""Types of values, beside those of whole numbers, that stay; others become texts, which can be masked."""


def found(con: duckdb.DuckDBPyConnection, rule: Rule, known: Mapping[str, Any]) -> pa.Table:
    """Return the rows that a rule finds.

    Parameters
    ----------
    con
        Connection that holds the tables.
    rule
        A rule of the user's own, whose query was :func:`judged`.
    known
        Values of what ``$name`` may stand for.

    Raises
    ------
    RuleError
        If the query fails, takes more than it may, or returns something else than places and values.
    """
    with _room(con) as room, _watched(room, rule.code), _said(rule):
        columns, there = _run(con, room.con, rule.source, rule.stage, known)
        _refuse(room.con, columns, there)
        return room.con.sql(f"SELECT {', '.join(_shown(rule, columns))} FROM Rows").to_arrow_table()


def columns(con: duckdb.DuckDBPyConnection, sql: str, stage: Stage, known: Mapping[str, Any]) -> list[str]:
    """Return the columns of what a query returns; its other parameters are those of :func:`found`.

    Raises
    ------
    RuleError, duckdb.Error
        If it fails, or returns columns that a finding does not have.
    """
    with _room(con) as room, _watched(room, sql):
        return [*_run(con, room.con, sql, stage, known)[0]]


def _run(
    con: duckdb.DuckDBPyConnection,
    room: duckdb.DuckDBPyConnection,
    sql: str,
    stage: Stage,
    known: Mapping[str, Any],
) -> tuple[dict[str, str], str]:
    """Make ``Rows`` of what a query returns; return its columns with their types, and SQL for all places."""
    places = [
        f"FROM ({query})" for table in own_sql.tables(sql, stage) if (query := _handed(con, room, table, sql))
    ]
    bound = {name: known[name] for name in own_sql.parameters(sql)}
    room.execute(f"CREATE OR REPLACE TEMP TABLE Rows AS {sql.strip().rstrip(';')}", bound)
    columns = {name: kind for name, kind, *_ in room.execute("DESCRIBE Rows").fetchall()}
    for name in columns:
        if not PARAMETER.fullmatch(f"${name}") and name not in _GIVEN:
            raise _unfit(unknown((), name, _GIVEN, "cột kết quả", "column of findings").what)
    if "_file" not in columns:
        raise _unfit(Text("câu SELECT không trả về _file", "the query returns no _file"))
    nowhere = f"SELECT {', '.join(f'NULL AS {name}' for name in _PLACE)} LIMIT 0"
    return columns, " UNION ALL ".join(places) or nowhere


def _handed(
    con: duckdb.DuckDBPyConnection, room: duckdb.DuckDBPyConnection, table: str, sql: str
) -> str | None:
    """Copy the columns of a table that a query names; return SQL for the places in it, if it has any."""
    words = {*SYSTEM, *words_of(sql)}
    names = [name for name, *_ in con.execute(f'FROM "{table}" LIMIT 0').description if name in words]
    quoted = ", ".join(f'"{name}"' for name in names) or "1 AS _nothing"
    room.register("handed", con.sql(f'SELECT {quoted} FROM "{table}"').to_arrow_reader())
    room.execute(f'CREATE OR REPLACE TABLE "{table}" AS FROM handed')
    room.unregister("handed")
    return f'SELECT {", ".join(_PLACE)} FROM "{table}"' if {*_PLACE} <= {*names} else None


def _refuse(room: duckdb.DuckDBPyConnection, columns: Collection[str], there: str) -> None:
    """Refuse what is no finding.

    Raises
    ------
    RuleError
        If a row is at no place of the tables, or about nothing that there is, or there are too many.
    """
    ((count,),) = room.execute("SELECT count(*) FROM Rows").fetchall()
    if count > MOST:
        vi = f"tìm thấy {count} dòng, nhiều hơn {MOST}; thiếu điều kiện nối bảng?"
        en = f"finds {count} rows, more than {MOST}; is the condition of a join missing?"
        raise _unfit(Text(vi, en))
    joined = " AND ".join(f"r.{name} IS NOT DISTINCT FROM p.{name}" for name in _PLACE if name in columns)
    classes = national().classes
    known = {"_cls": [*classes], "_path": ["", *(f.element for cls in classes.values() for f in cls.columns)]}
    wrong = [f"ANTI JOIN ({there}) p ON {joined}"]
    wrong += [f"WHERE {name} NOT IN (SELECT unnest(${name}))" for name in known if name in columns]
    for query in wrong:
        bound = {name: values for name, values in known.items() if f"${name}" in query}
        if room.execute(f"FROM Rows r {query} LIMIT 1", bound).fetchall():
            vi = "có dòng không phải là một bản ghi của các bảng mà quy tắc xét, hoặc _cls, _path không có"
            en = "a row is no record of the tables that the rule looks at, or its _cls or _path is unknown"
            raise _unfit(Text(vi, en))


def _shown(rule: Rule, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield the columns as they are handed back, in forms that can be masked."""
    for name, kind in columns.items():
        if name in _GIVEN:
            hidden = rule.personal and name in {"_x", "_y"}  # numbers are not masked
            yield f"{'NULL' if hidden else name}::{_GIVEN[name]} AS {name}"
        elif name == "detail":  # a case, never data
            cases = ", ".join(map(literal, rule.cases)) or "NULL"
            yield f"if(detail::VARCHAR IN ({cases}), detail::VARCHAR, NULL) AS detail"
        else:
            yield name if kind.startswith(_PLAIN) or kind.endswith("INT") else f"{name}::VARCHAR AS {name}"


class _Room(NamedTuple):
    """The locked database of a thread, and where what does not fit into its memory goes."""

    con: duckdb.DuckDBPyConnection
    spill: str


_threads = threading.local()
_running: set[duckdb.DuckDBPyConnection] = set()
"""Databases in which a rule is running."""
_stopped: dict[tuple[str, str], RuleError] = {}
"""Rules that took too long, by the folder of their run and code: they are not tried again there."""


@contextlib.contextmanager
def _room(con: duckdb.DuckDBPyConnection) -> Iterator[_Room]:
    """Give the locked database of this thread beside another; it is not used again if something fails."""
    ((spill,),) = con.execute("SELECT current_setting('temp_directory')").fetchall()
    room: _Room | None = getattr(_threads, "room", None)
    if room is None or room.spill != spill:
        place = f"{spill}-locked" if "spill-" in spill else ""
        made = connect(memory=_MEGABYTES, temp_directory=place, max_temp_directory_size=_DISK)
        lookup_tables.define(made, macros())
        made.execute("SET lock_configuration = true")
        room = _Room(made, spill)
    _threads.room = None
    yield room
    for (name,) in room.con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        room.con.execute(f'DROP TABLE "{name}"')
    _threads.room = room


@contextlib.contextmanager
def _watched(room: _Room, code: str) -> Iterator[None]:
    """Stop what runs in a database when it takes too long.

    Raises
    ------
    RuleError
        If it was stopped, now or before in this run.
    """
    if stopped := _stopped.get((room.spill, code)):
        raise stopped
    done, late = threading.Event(), threading.Event()

    def watch() -> None:
        if not done.wait(SECONDS):
            late.set()
            while not done.wait(0.1):
                room.con.interrupt()

    threading.Thread(target=watch, daemon=True).start()
    _running.add(room.con)
    try:
        yield
    except duckdb.InterruptException as error:
        if not late.is_set():
            raise
        what = Text(f"chạy quá {SECONDS} giây", f"takes more than {SECONDS} seconds")
        _stopped[room.spill, code] = stopped = _unfit(what)
        raise stopped from error
    finally:
        _running.discard(room.con)
        done.set()


def interrupt() -> None:
    """Stop the rules that are running in any thread, because the run ends."""
    for con in [*_running]:
        con.interrupt()


@contextlib.contextmanager
def _said(rule: Rule) -> Iterator[None]:
    """Say what went wrong; not what the database says, where it may quote personal data."""
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.OutOfMemoryException as error:
        limits = f"{_MEGABYTES} MB", _DISK
        vi = "cần hơn {} bộ nhớ hoặc {} đĩa".format(*limits)
        raise _unfit(Text(vi, "needs more than {} of memory or {} of disk".format(*limits))) from error
    except duckdb.Error as error:
        raise RuleError(type(error).__name__ if rule.personal else str(error)) from error


def _unfit(what: Text) -> RuleError:
    return RuleError(what.en, what)
