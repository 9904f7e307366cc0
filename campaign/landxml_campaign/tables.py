"""Flat tables as CSV, JSON, Parquet and XLSX: their columns are data, with titles in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any, Literal

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from landxml import workbooks
from landxml.csv_rows import writer
from landxml.tabular import quoted
from landxml.text import Text
from landxml_campaign.sheets import begin, inform

__all__ = ["FORMS", "Column", "json_schema", "rows", "write"]

Kind = Literal["text", "number", "decimal", "bool", "list", "date"]
_JSON: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"}, "number": {"type": "integer"}, "bool": {"type": "boolean"},
    "decimal": {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "list": {"type": "array", "items": {"type": "string"}},
}  # fmt: skip


WIDTHS: dict[Kind, int] = {"number": 9, "bool": 9, "list": 34}
"""Width in characters of what each kind of column holds in a workbook; others have 16."""


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column of a table.

    Attributes
    ----------
    vi, en
        Its title.
    kind
        What it holds; any may be empty.
    personal
        Whether it is masked unless personal data is asked for.
    note
        Evidence of its meaning.
    """

    vi: str
    en: str
    kind: Kind = "text"
    personal: bool = False
    note: str = ""

    @property
    def title(self) -> Text:
        """Its title."""
        return Text(self.vi, self.en)


Columns = dict[str, Column]


def json_schema(columns: Columns, title: Text) -> dict[str, Any]:
    """Return the JSON Schema of the rows of a table as JSON."""
    properties = {
        name: {
            "anyOf": [_JSON[each.kind], {"type": "null"}],
            "title": each.vi,
            "description": f"{each.en}. {each.note}".rstrip(" ."),
        }
        for name, each in columns.items()
    }
    row = {
        "type": "object", "properties": properties, "required": [*columns], "additionalProperties": False,
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"{title.vi} / {title.en}",
        "type": "array", "items": row,
    }  # fmt: skip


def rows(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a query; first a batch without any, which has the columns where there are none."""
    reader = con.sql(query).to_arrow_reader()
    yield pa.RecordBatch.from_pylist([], schema=reader.schema)
    yield from reader


def write(
    form: str,
    out: IO[bytes],
    columns: Columns,
    batches: Iterable[pa.RecordBatch],
    lang: str = "vi",
    *,
    legend: Iterable[tuple[str, str]] = (),
) -> None:
    """Write a table into an open file, in little memory.

    Parameters
    ----------
    form
        One of :data:`FORMS`. Lists are joined by commas in CSV and XLSX.
    columns, batches
        The columns, and the rows with them, in this order.
    lang
        Of the titles in a workbook; elsewhere the names stand.
    legend
        What the words in its cells mean, for a further sheet of a workbook.
    """
    if form == "xlsx":
        _xlsx(out, columns, batches, lang, legend)
    else:
        _WRITERS[form](out, columns, batches)


def _parquet(out: IO[bytes], _: Columns, batches: Iterable[pa.RecordBatch]) -> None:
    table: pq.ParquetWriter | None = None
    for batch in batches:
        table = table or pq.ParquetWriter(out, batch.schema, compression="zstd")
        table.write_batch(batch)
    if table:
        table.close()


def _csv(out: IO[bytes], columns: Columns, batches: Iterable[pa.RecordBatch]) -> None:
    with writer(out) as table:
        table.writerow(columns)
        for batch in batches:
            table.writerows([quoted(_plain(cell)) for cell in row] for row in _rows(batch))


def _json(out: IO[bytes], _: Columns, batches: Iterable[pa.RecordBatch]) -> None:
    encode, between = msgspec.json.Encoder(decimal_format="string").encode, b"[\n"
    for batch in batches:
        for row in batch.to_pylist():
            out.write(between + encode(row))
            between = b",\n"
    out.write(b"[]\n" if between == b"[\n" else b"\n]\n")


def _xlsx(
    out: IO[bytes],
    columns: Columns,
    batches: Iterable[pa.RecordBatch],
    lang: str,
    legend: Iterable[tuple[str, str]],
) -> None:
    with workbooks.opened(out) as book:
        sheet, at = _sheet(book, columns, lang), 1
        for batch in batches:
            for row in _rows(batch):
                if at == workbooks.LIMIT:
                    sheet, at = _sheet(book, columns, lang), 1
                for column, cell in enumerate(row):
                    if isinstance(cell, int) and not isinstance(cell, bool):
                        sheet.write_number(at, column, cell)
                    elif isinstance(cell, Decimal):
                        sheet.write_number(at, column, float(cell))
                    elif cell is not None:
                        sheet.write_string(at, column, quoted(_plain(cell)))
                at += 1
        if said := [*legend]:
            inform(book, said)


def _sheet(book: Any, columns: Columns, lang: str) -> Any:
    titles = [(each.title.get(lang), WIDTHS.get(each.kind, 16)) for each in columns.values()]
    number = book.add_format({"align": "right", "indent": 1})  # so that it keeps apart from what follows
    styles = [number if each.kind in {"number", "decimal"} else None for each in columns.values()]
    sheet = begin(book, None, titles, styles)
    sheet.autofilter(0, 0, workbooks.LIMIT - 1, len(columns) - 1)
    return sheet


def _rows(batch: pa.RecordBatch) -> Iterable[Sequence[Any]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _plain(cell: Any) -> str | None:
    """Return a cell as text; None stays."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, list):
        return ", ".join(map(str, cell))
    if isinstance(cell, bool):
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


_WRITERS: dict[str, Callable[[IO[bytes], Columns, Iterable[pa.RecordBatch]], None]] = {
    "csv": _csv, "json": _json, "parquet": _parquet,
}  # fmt: skip
FORMS = (*_WRITERS, "xlsx")
"""Forms of a table; their suffixes are in :mod:`landxml.files`."""
