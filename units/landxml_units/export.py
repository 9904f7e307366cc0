"""Export of the tables: files that databases and spreadsheets load, codes as text and dates as dates."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from pyarrow import csv

from landxml.database import literal
from landxml_units.resolver import crosswalk
from landxml_units.tables import TWO_TIERS_SINCE, at, table

__all__ = ["FORMATS", "Sheet", "export", "sheets"]

ROWS = 500
"""Rows per INSERT."""
SQL_TYPES = {"string": "TEXT", "date32[day]": "DATE", "bool": "BOOLEAN", "int32": "INTEGER"}
XLSX_WIDTHS = {"vi": 100, "en": 100, "name": 34, "old_name": 28, "new_name": 28, "note": 28, "basis": 24}


class Sheet(NamedTuple):
    """A table to export: its rows, what makes a row unique, and the columns by which it is searched."""

    rows: pa.Table
    key: tuple[str, ...]
    indexes: tuple[str, ...] = ()


def sheets(as_of: dt.date) -> dict[str, Sheet]:
    """Return the tables by name; `crosswalk` leads from the last day of three tiers to `as_of`."""
    about = table("words").rename_columns(["topic", "word", "vi", "en"])
    dated = pa.table(
        {"topic": ["about"], "word": ["as_of"], "vi": [f"{as_of:%d/%m/%Y}"], "en": [as_of.isoformat()]}
    )
    return {
        "about": Sheet(pa.concat_tables([dated, about]), ("topic", "word")),
        "units": Sheet(table("units"), ("code", "valid_from"), ("parent",)),
        "transitions": Sheet(
            table("transitions"), ("date", "old_code", "new_code"), ("old_code", "new_code")
        ),
        "crosswalk": Sheet(_crosswalk(as_of), ("old_code", "new_code"), ("new_code",)),
        "unit_names": Sheet(table("variants"), ("code", "name")),
        "stale_codes": Sheet(table("stale"), ("code",)),
    }


def _crosswalk(as_of: dt.date) -> pa.Table:
    """Return the crosswalk with the names of both units beside their codes."""
    last = TWO_TIERS_SINCE - dt.timedelta(days=1)
    rows = crosswalk(last, as_of)
    named = [rows["old"], _names(rows["old"], last), rows["new"], _names(rows["new"], as_of)]
    columns = ["old_code", "old_name", "new_code", "new_name", *rows.column_names[2:]]
    return pa.table([*named, *rows.columns[2:]], columns)


def _names(codes: pa.ChunkedArray, day: dt.date) -> pa.ChunkedArray:
    known = at(day)
    return known["name"].take(pc.index_in(codes, known["code"]))


def export(format: str, as_of: dt.date) -> bytes:  # noqa: A002 - the word that users know
    """Return all tables as one file.

    Parameters
    ----------
    format
        One of :data:`FORMATS`. ``csv``: a zip of CSV files in UTF-8. ``json``: one object, each table an
        array of objects. ``sql``: a script for SQLite and PostgreSQL. ``xlsx``: a workbook of one sheet each.
    as_of
        Day to which the `crosswalk` leads.

    Raises
    ------
    KeyError
        If there is no such format.
    """
    return FORMATS[format](sheets(as_of))


def _csv(tables: dict[str, Sheet]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, sheet in tables.items():
            data = io.BytesIO()
            csv.write_csv(sheet.rows, data)
            archive.writestr(zipfile.ZipInfo(f"{name}.csv"), data.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _json(tables: dict[str, Sheet]) -> bytes:
    return msgspec.json.encode({name: sheet.rows.to_pylist() for name, sheet in tables.items()}) + b"\n"


def _sql(tables: dict[str, Sheet]) -> bytes:
    lines = ["BEGIN;", *(line for name, sheet in tables.items() for line in _script(name, sheet)), "COMMIT;"]
    return "\n".join([*lines, ""]).encode()


def _script(name: str, sheet: Sheet) -> Iterator[str]:
    """Yield the statements that make and fill a table; a key with empty parts cannot be a primary one."""
    columns = [f"{field.name} {SQL_TYPES[str(field.type)]}" for field in sheet.rows.schema]
    complete = not any(sheet.rows[column].null_count for column in sheet.key)
    columns.append(f"{'PRIMARY KEY' if complete else 'UNIQUE'} ({', '.join(sheet.key)})")
    yield f"CREATE TABLE {name} (" + ", ".join(columns) + ");"
    for batch in sheet.rows.to_batches(ROWS):
        rows = (", ".join(map(_literal, row.values())) for row in batch.to_pylist())
        yield f"INSERT INTO {name} VALUES\n" + ",\n".join(f"({row})" for row in rows) + ";"
    for column in sheet.indexes:
        yield f"CREATE INDEX {name}_{column} ON {name} ({column});"


def _literal(value: object) -> str:
    if value is None or isinstance(value, bool | int):
        return "NULL" if value is None else str(value).upper()
    return literal(str(value))


def _xlsx(tables: dict[str, Sheet]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for name, sheet in tables.items():
        page = book.add_worksheet(name)
        for number, column in enumerate(sheet.rows.column_names):
            page.set_column(number, number, XLSX_WIDTHS.get(column, 14))
        page.write_row(0, 0, sheet.rows.column_names, head)
        for line, row in enumerate(sheet.rows.to_pylist(), 1):
            for number, value in enumerate(row.values()):
                if isinstance(value, str):  # a code must not become a number
                    page.write_string(line, number, value)
                elif value is not None:
                    page.write(line, number, value, day if isinstance(value, dt.date) else None)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, sheet.rows.num_rows, sheet.rows.num_columns - 1)
    book.close()
    return out.getvalue()


FORMATS: dict[str, Callable[[dict[str, Sheet]], bytes]] = {
    "csv": _csv,
    "json": _json,
    "sql": _sql,
    "xlsx": _xlsx,
}
"""Format → what makes it from the tables."""
