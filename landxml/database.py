"""DuckDB, always opened the same way: few threads, limited memory, and the user's files out of reach."""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

__all__ = ["connect", "literal", "parsed", "rows_of", "write_rows", "writing_to"]


def connect(
    folder: str | Path | None = None,
    *,
    file: str | Path = ":memory:",
    reads: Iterable[str | os.PathLike[str]] = (),
    folders: Iterable[str | os.PathLike[str]] = (),
    memory: int | None = None,
    threads: int = 1,
    **settings: str,
) -> duckdb.DuckDBPyConnection:
    """Open a database whose queries can neither read nor write files but those named here.

    Parameters
    ----------
    folder
        Where what does not fit into memory goes, and where queries may read and write files.
    file
        Where the tables are; by default in memory.
    reads
        Files that queries may read beside those of the folder.
    folders
        Further folders whose files they may read and write.
    memory
        Most megabytes that it takes; by default most of the machine's.
    settings
        Further settings of DuckDB.
    """
    limits = {"memory_limit": f"{memory}MB"} if memory else {}
    # Processes may share the folder, even of several machines, and DuckDB's names are the same in each.
    spill = {"temp_directory": f"{folder}/spill-{secrets.token_hex(8)}"} if folder else {}
    # After so many bytes all tables are packed anew, which takes a tenth of the time where they come and go.
    still = {"checkpoint_threshold": "1TB"} if file == ":memory:" else {}
    con = duckdb.connect(file, config={"threads": threads, **limits, **spill, **still, **settings})
    con.execute("SET enable_progress_bar = false")  # it would stand in a report on standard output
    con.execute(f"SET allowed_directories = {_listed([*([folder] if folder else []), *folders])}")
    con.execute(f"SET allowed_paths = {_listed(reads)}")
    con.execute("SET enable_external_access = false")
    return con


_PARSED: dict[str, duckdb.Statement] = {}
atexit.register(_PARSED.clear)  # one that is there when Python ends is told as a leak
MOST_PARSED = 2_000
"""Statements that are kept."""


def parsed(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """Return a statement that comes again with each batch, parsed once per process.

    To parse it takes a third of the time of one over few rows.

    Raises
    ------
    duckdb.ParserException
        If it is wrong.
    """
    if sql not in _PARSED:
        if len(_PARSED) == MOST_PARSED:
            _PARSED.clear()
        (_PARSED[sql],) = con.extract_statements(sql)
    return _PARSED[sql]


def _listed(paths: Iterable[str | os.PathLike[str]]) -> str:
    return f"[{', '.join(literal(os.fspath(path)) for path in paths)}]"


def rows_of(files: Iterable[str | os.PathLike[str]], **options: bool) -> str:
    """Return SQL for the rows of Parquet files; names of folders mean nothing, whatever they look like."""
    said = (f", {name} = {value}" for name, value in options.items())
    return f"read_parquet({_listed(files)}, hive_partitioning = false{''.join(said)})"


def write_rows(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> int:
    """Write the rows of a query into a Parquet file; return how many.

    They are read once, or once in each run that finds them in the store: not worth compressing.
    """
    copy = f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION uncompressed)"
    ((count,),) = con.execute(copy).fetchall()
    return int(count)


@contextlib.contextmanager
def writing_to(place: str | os.PathLike[str]) -> Iterator[None]:
    """Raise what the database says of the disk as an error of the system about a path that the user knows."""
    try:
        yield
    except duckdb.IOException as error:
        found = re.search(r'"errno":"(\d+)"', str(error))
        number = int(found[1]) if found else errno.ENOENT * ("No files found" in str(error))
        if number:
            raise OSError(number, os.strerror(number), os.fspath(place)) from error
        raise
    except duckdb.TransactionException as error:  # it quotes what the system says, without the number
        known = (number for number in errno.errorcode if os.strerror(number) in str(error))
        if (code := next(known, None)) is not None:
            raise OSError(code, os.strerror(code), os.fspath(place)) from error
        raise


def literal(value: str) -> str:
    """Return a text as SQL has it, in quotes."""
    return "'" + value.replace("'", "''") + "'"
