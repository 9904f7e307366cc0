"""The reference table: every parcel old and new, and every record that was changed, with what brings it back.

CSV, XLSX or Parquet, by the suffix. The column ``changes`` holds, as JSON, each place that changed (in
characters from the beginning of the file that was written), what stood there, and what stands there now; a
row of the class ``(file)`` ends each document and holds the SHA-256 of the original.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from landxml import csv_rows, files, tabular, workbooks
from landxml.errors import LandXmlError
from landxml.privacy import shown
from landxml.sources import suffixes
from landxml.text import Text
from landxml_remap.patch import Change
from landxml_remap.workspace import insert, scratch

__all__ = ["DOCUMENT", "FORMS", "Append", "Row", "bare", "beside", "encoded", "open_table", "undone"]

DOCUMENT = "(file)"
BATCH = 5_000
SHEET_ROWS = 1_000_000
WIDTHS = {"class": 20, "id": 56, "resolution": 22, "changes": 60}
"""Columns of a workbook that are wider than the others, in characters."""


class Row(NamedTuple):
    """A record before and after.

    Attributes
    ----------
    file, class_, id
        Place in the package; what it is.
    reason
        Kind of the transition, or why the record is not settled.
    resolution
        Resolutions that the transition rests on; ``[I]`` where a step of it is inferred.
    basis
        What settled it: ``table`` (of transitions), ``geometry``, ``resolve`` (table of an officer),
        ``parcel`` (its parcels went there), ``left`` (its code was a new one).
    candidates
        What it may become, where it is not settled.
    """

    file: str
    class_: str
    id: str
    old_commune: str | None = None
    new_commune: str | None = None
    old_sheet: str | None = None
    new_sheet: str | None = None
    old_parcel: str | None = None
    new_parcel: str | None = None
    reason: str | None = None
    resolution: str | None = None
    basis: str | None = None
    candidates: str | None = None
    changes: str | None = None


NEEDED = ("file", "class", "id", "changes")
"""Columns that bring a package back."""
COLUMNS = tuple(name.rstrip("_") for name in Row._fields)
Append = Callable[[Row], None]


def beside(out: str | os.PathLike[str]) -> Path:
    """Return where the reference table goes if nobody says.

    Raises
    ------
    LandXmlError
        If ``out`` is no file of a name.
    """
    if files.is_stream(out):
        raise LandXmlError(
            Text(
                "hãy dùng --table để cho biết ghi bảng đối chiếu vào đâu",
                "say with --table where the reference table goes",
            ),
            file=out,
        )
    path = Path(out)
    return path.with_name(f"{path.stem if path.suffix else path.name}.remap.csv")


@contextlib.contextmanager
def open_table(path: str | os.PathLike[str], *, force: bool = False) -> Iterator[Append]:
    """Offer a function that appends rows to a table, which stands there when the block ends well.

    It holds names and ends of addresses: only its owner can read it.

    Raises
    ------
    LandXmlError
        If the suffix is none of :data:`FORMS`, or the file exists.
    """
    opened = FORMS[files.form(path, FORMS)]
    with files.writing(path, force=force, private=True) as out, opened(out) as append:
        yield append


@contextlib.contextmanager
def _csv(out: IO[bytes]) -> Iterator[Append]:
    with csv_rows.writer(out) as writer:
        writer.writerow(COLUMNS)
        yield lambda row: writer.writerow(map(tabular.quoted, row))


def bare(cell: str) -> str:
    """Return the text of a cell without the apostrophe that it was written with."""
    return cell.removeprefix("'")


@contextlib.contextmanager
def _parquet(out: IO[bytes]) -> Iterator[Append]:
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    rows: list[Row] = []
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:

        def flush() -> None:
            if rows:
                arrays = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
                writer.write_table(pa.table(arrays, schema=schema))
                rows.clear()

        def append(row: Row) -> None:
            rows.append(row)
            if len(rows) >= BATCH:
                flush()

        yield append
        flush()


@contextlib.contextmanager
def _xlsx(out: IO[bytes]) -> Iterator[Append]:
    with workbooks.opened(out) as book:
        bold = book.add_format({"bold": True})
        count = 0
        sheet: Any = None

        def append(row: Row) -> None:
            nonlocal count, sheet
            if count % SHEET_ROWS == 0:
                sheet = book.add_worksheet()
                sheet.freeze_panes(1, 0)
                sheet.autofilter(0, 0, SHEET_ROWS, len(COLUMNS) - 1)
                for at, name in enumerate(COLUMNS):
                    sheet.set_column(at, at, WIDTHS.get(name, 14))
                sheet.write_row(0, 0, COLUMNS, bold)
            for at, value in enumerate(map(tabular.quoted, row)):
                if value is not None:
                    sheet.write_string(1 + count % SHEET_ROWS, at, value)
            count += 1

        yield append
        if sheet is None:
            book.add_worksheet().write_row(0, 0, COLUMNS, bold)


FORMS = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
"""Form of a table → what opens it."""


@contextlib.contextmanager
def undone(
    path: str | os.PathLike[str], names: Sequence[str]
) -> Iterator[tuple[dict[str, str], Callable[[int], Iterator[Change]]]]:
    """Offer what a table knows of a package: SHA-256 of its documents, the changes of the n-th one in order.

    The documents are asked for in their order, each once.

    Raises
    ------
    LandXmlError
        If the table cannot be read or is none of ours, or was made with another package.
    """
    with scratch(reads=[path]) as (con, _):
        _load(con, path)
        digests = dict(con.execute("SELECT file, id FROM known WHERE class = ?", [DOCUMENT]).fetchall())
        if strange := next((name for name in digests if name not in names), None):
            raise LandXmlError(
                Text(
                    f"gói không có tệp {_named(strange)} mà bảng nói đến",
                    f"the package lacks {_named(strange)}, of which it tells",
                ),
                file=path,
            )
        if not digests:
            raise _strange(path)
        if incomplete := con.execute(INCOMPLETE, [DOCUMENT]).fetchone():
            raise LandXmlError(
                Text(
                    f"bảng đã mất dòng {DOCUMENT} của tệp {_named(incomplete[0])}",
                    f"the table has lost its row {DOCUMENT} of {_named(incomplete[0])}",
                ),
                file=path,
            )
        con.register("names", pa.table({"no": range(len(names)), "file": pa.array(names, pa.string())}))
        rows = _rows(con, path)
        pending = next(rows, None)

        def changes(no: int) -> Iterator[Change]:
            nonlocal pending
            while pending is not None and pending[0] == no:
                yield Change(*pending[1:])
                pending = next(rows, None)

        yield digests, changes


INCOMPLETE = "SELECT file FROM known WHERE file <> '' GROUP BY file HAVING count_if(class = ?) = 0"
CHANGES = """
WITH change AS (
  SELECT n.no, unnest(from_json(k.changes, '["JSON"]')) AS c
  FROM known k JOIN names n USING (file) WHERE k.changes <> ''
)
SELECT no, (c->>0)::BIGINT AS place, c->>1, c->>2 FROM change ORDER BY no, place
"""


def _rows(con: duckdb.DuckDBPyConnection, path: str | os.PathLike[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the changes; a cell of them that somebody wrote in makes the table none of ours."""
    try:
        result = con.execute(CHANGES)
        while rows := result.fetchmany(BATCH):
            if any(None in row for row in rows):
                raise _strange(path)
            yield from rows
    except duckdb.Error as error:
        raise _strange(path) from error


def _load(con: duckdb.DuckDBPyConnection, path: str | os.PathLike[str]) -> None:
    """Make the table ``known`` of a reference table."""
    if not Path(path).is_file():
        raise LandXmlError(Text("không có tệp này", "there is no such file"), file=path)
    if files.suffix(path) == ".parquet":
        try:
            con.read_parquet(os.fspath(path)).select(*NEEDED).create("known")
        except duckdb.Error as error:
            raise _strange(path) from error
        return
    con.execute(f"CREATE TABLE known ({', '.join(f'{name} VARCHAR' for name in NEEDED)})")
    for sheet in tabular.sheets(path):
        records = tabular.records(sheet, {name: [name] for name in NEEDED}, NEEDED)
        if records is None:
            raise _strange(path)
        rows = (tuple(bare(row[name]) for name in NEEDED) for _, row in records)
        while batch := list(itertools.islice(rows, BATCH)):
            insert(con, "known", NEEDED, batch)


def _named(name: str) -> str:
    """Return the name of a document as it may be quoted; what has no suffix of theirs may be anything."""
    return name if name.lower().endswith(suffixes()) else shown(name)


def _strange(path: str | os.PathLike[str]) -> LandXmlError:
    return LandXmlError(
        Text("không phải bảng đối chiếu của landxml remap", "no reference table of landxml remap"), file=path
    )


def encoded(changes: list[Change]) -> str | None:
    """Return changes as the table holds them."""
    return msgspec.json.encode([change[:3] for change in changes]).decode() if changes else None
