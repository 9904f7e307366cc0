"""What the population database has answered about the persons of a delivery, for groups and progress.

The tables are those that ``landxml reconcile import --answers`` writes. Who was wrong is so until the package
has what is right instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from landxml import tabular
from landxml.errors import LandXmlError
from landxml.files import Path_
from landxml.identifiers import PersonalNumber
from landxml.layouts import Layout
from landxml.sources import Paths, listed
from landxml.text import Text
from landxml_campaign import seals
from landxml_campaign.presets import WORDS
from landxml_campaign.request import DIGITS, KEY, matched
from landxml_campaign.sheets import day, text_of
from landxml_remap.workspace import insert

__all__ = ["NOBODY", "SCHEMA", "answered"]

NAMES = ("key", "status", "number", "name", "birth", "date")
"""Columns of a table of answers that are looked at."""
SCHEMA = pa.schema([("file", pa.string()), ("id", pa.string()), ("state", pa.string())])
"""A row per record of a person: ``verified``, ``wrong`` or ``pending``."""
TOLD = f"""
WITH last AS (
  FROM answer QUALIFY row_number() OVER (PARTITION BY key ORDER BY date DESC, rowid DESC) = 1
), told AS (  -- a person with a corrected number has another key
  FROM last UNION ALL
  SELECT {KEY.format("'number|' || number")} AS key, * EXCLUDE (key) FROM last WHERE number <> ''
)
SELECT e.file, e.id, arg_max(CASE
  WHEN t.status = 'check' THEN 'pending' WHEN t.status = 'verified' THEN 'verified'
  WHEN t.number || t.name || t.birth <> '' AND t.number IN ('', e.number) AND t.name IN ('', trim(e.name))
    AND t.birth IN ('', e.birth::VARCHAR, e.born::VARCHAR) THEN 'verified'
  ELSE 'wrong' END, t.date) AS state
FROM told t JOIN individual i USING (key) JOIN belongs b USING (person) JOIN entry e USING (entry)
GROUP BY ALL"""


def answered(paths: Paths, tables: Iterable[Path_], salt: Path_, layouts: Iterable[Layout] = ()) -> pa.Table:
    """Return what tables of answers say of the records of a delivery; of several answers the last counts.

    Parameters
    ----------
    paths, layouts
        The delivery, as for :func:`landxml_campaign.progress`; what cannot be read is passed over.
    salt
        Salt of the campaign.

    Raises
    ------
    LandXmlError
        If a table is none of answers, or none of its persons is in the delivery.
    """
    secret, rows = seals.salt(salt), [row for path in tables for row in _rows(path)]
    with matched(listed(paths), secret, layouts, whole=False) as con:
        con.execute(f"CREATE TABLE answer ({', '.join(f'{name} VARCHAR' for name in NAMES)})")
        insert(con, "answer", NAMES, rows)
        found = con.sql(TOLD, params={"salt": secret}).to_arrow_table()
    if rows and not found.num_rows:
        raise LandXmlError(NOBODY)
    return found


def _rows(path: Path_) -> Iterator[tuple[str, ...]]:
    """Yield the answers of a table.

    Raises
    ------
    LandXmlError
        If it lacks a column, or an answer has no key, result or day, with its line.
    """
    for line, row in _read(path):
        key, status, number, name, birth, date = (text_of(row[name]) for name in NAMES)
        told, held = day(date), not number or PersonalNumber.fits(number)
        if len(key) != DIGITS or status not in WORDS or not held or told is None:
            what = Text(
                "không còn như landxml đã ghi: mã dòng, kết quả, số hoặc ngày đã bị đổi",
                "is not as landxml wrote it: the key, result, number or day was changed",
            )
            raise LandXmlError(what, file=path, line=line)
        yield key, status, number, name, birth, told


def _read(path: Path_) -> Iterator[tuple[int, Mapping[str, str]]]:
    if os.fspath(path).lower().endswith(".parquet"):
        try:
            yield from enumerate(pq.read_table(path, columns=[*NAMES]).to_pylist(), 1)
        except pa.ArrowException as error:
            raise LandXmlError(NONE, file=path) from error
        return
    tables = (
        tabular.records(sheet, {name: (name,) for name in NAMES}, NAMES) for sheet in tabular.sheets(path)
    )
    rows = next((rows for rows in tables if rows is not None), None)
    if rows is None:
        raise LandXmlError(NONE, file=path)
    yield from rows


NOBODY = Text(
    "không ai trong các kết quả có trong dữ liệu: đợt giao nộp khác, hoặc sai tệp muối",
    "nobody of the answers is in the data: another delivery, or another salt",
)
NONE = Text(
    "không phải bảng do landxml reconcile import --answers ghi",
    "is no table as landxml reconcile import --answers writes it",
)
