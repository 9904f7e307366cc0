"""What is in operation already: the keys of its records, with which those of a delivery may collide.

It is given as data of any layout, read as a delivery is, or as tables that people export. Rules find it as
``Existing(kind, key, parcel, _file, _part, _at)``: ``kind`` is one of those of :data:`KEYS`, ``parcel`` the
number of the parcel to which a code belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from landxml import tabular
from landxml.archive import printable
from landxml.cast import empty, typed
from landxml.database import connect, rows_of
from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.reasons import UNREAD
from landxml.text import Text
from landxml_validator.configuration import Setting
from landxml_validator.report import Report
from landxml_validator.rule import Rule, builtin, words_of

__all__ = ["KEYS", "NAME", "compares", "create", "read"]

NAME = "Existing"
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in ("kind", "key", "parcel", "_file", "_part")), ("_at", pa.int32())]
)
_NUMBER = "maXa || '/' || soHieuToBanDo || '/' || soThuTuThua"
KEYS = {
    "parcel": f"{_NUMBER} AS key, NULL AS parcel, _file, _part, _at FROM ThuaDat",
    "code": f"maThuaDat, {_NUMBER}, _file, _part, _at FROM ThuaDat",
    "serial": r"upper(regexp_replace(soPhatHanh, '\s', '', 'g')), NULL, _file, _part, _at FROM GiayChungNhan"
    " WHERE regexp_matches(soPhatHanh, '[1-9]')",
    "dossier": "maXa || '/' || soThuTu, NULL, _file, _part, _at FROM TinhHinhDangKy WHERE soThuTu > 0",
}
"""Kind of a key → which records have one: key, number of the parcel, place."""
_ALL = f"""
FROM ({" UNION ALL ".join(f"SELECT '{kind}' AS kind, {query}" for kind, query in KEYS.items())})
WHERE key IS NOT NULL"""
COLUMNS = {
    "maXa": ("maXa", "commune"),
    "soHieuToBanDo": ("soHieuToBanDo", "sheet"),
    "soThuTuThua": ("soThuTuThua", "parcel"),
    "maThuaDat": ("maThuaDat", "parcel_code"),
    "soPhatHanh": ("soPhatHanh", "serial"),
    "soThuTu": ("soThuTu", "dossier_number"),
}
"""Column of a table of keys → the names that it may have."""
NEEDED = (("maXa", "soHieuToBanDo", "soThuTuThua"), ("maXa", "soThuTu"), ("maThuaDat",), ("soPhatHanh",))
"""Columns of which a table has one group at least."""
TABLES = (".csv", ".xlsx")
ROWS = 50_000
"""Rows that are in memory together."""
_NUMBERS = ", ".join(
    f"{typed('int', name)} AS {name}" for name in ("soHieuToBanDo", "soThuTuThua", "soThuTu")
)
_TABLE = f"""
CREATE OR REPLACE VIEW ThuaDat AS SELECT * REPLACE (
  -- a spreadsheet takes the zeros away
  if(regexp_full_match(maXa, '\\d{{1,5}}'), lpad(maXa, 5, '0'), nullif(maXa, '')) AS maXa,
  {_NUMBERS}, nullif(maThuaDat, '') AS maThuaDat
) FROM Given;
CREATE OR REPLACE VIEW GiayChungNhan AS FROM ThuaDat;
CREATE OR REPLACE VIEW TinhHinhDangKy AS FROM ThuaDat"""


def compares(rule: Rule) -> bool:
    """Tell whether a rule compares a delivery with what exists."""
    return NAME in words_of(rule.source)


def create(con: duckdb.DuckDBPyConnection, folder: str) -> None:
    """Create ``Existing`` of what :func:`read` wrote."""
    con.execute(f"CREATE VIEW {NAME} AS FROM {rows_of(sorted(Path(folder).glob('*.parquet')))}")


def read(paths: Iterable[str], folder: Path, check: Callable[..., Report]) -> str:
    """Write the keys of what exists into a new folder; return its path.

    Parameters
    ----------
    paths
        Data, and tables of keys.
    folder
        Which is made.
    check
        :func:`landxml_validator.validate`, with what is the same for the delivery.

    Raises
    ------
    LandXmlError
        If data cannot be read to the end, or if nothing of it has a key.
    """
    folder.mkdir()
    data = []
    for path in paths:
        rows = _rows(path) if path.lower().endswith(TABLES) else iter(())
        if (first := next(rows, None)) is None:
            data.append(path)
            continue
        with connect(folder, threads=2) as con:
            _fill(con, path, chain([first], rows))
            con.execute(_TABLE)
            _write(con, folder)
        _refuse_empty(folder, path)
    if data:
        codes = [c for c, rule in builtin().items() if compares(rule) or UNREAD.intersection(rule.reasons)]
        report = check(
            data,
            configuration=[Setting(key="select", code=code) for code in codes],
            look=lambda con, _: _write(con, folder),
        )
        _refuse(report)
        _refuse_empty(folder, data[0])
    return str(folder)


def _rows(path: str) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Yield the rows of a table of keys, of all its sheets, each with its sheet; data has none."""
    for sheet in tabular.worksheets(path):
        texts = ((line, list(map(tabular.text, cells))) for line, cells in sheet.rows)
        first = list(islice(texts, tabular.SEARCHED))
        tables = (tabular.records(chain(first, texts), COLUMNS, needed) for needed in NEEDED)
        for line, cells in next((table for table in tables if table is not None), ()):
            yield sheet.name, line, cells


def _fill(con: duckdb.DuckDBPyConnection, path: str, rows: Iterator[tuple[str, int, dict[str, str]]]) -> None:
    """Create ``Given`` of the rows of a table: its columns as texts, with their places."""
    texts = ", ".join(f"{name} VARCHAR" for name in (*COLUMNS, "_file", "_part"))
    con.execute(f"CREATE TABLE Given ({texts}, _at INTEGER)")
    while some := list(islice(rows, ROWS)):
        columns = {
            name: [cells.get(name, "").removeprefix("'").strip() for _, _, cells in some] for name in COLUMNS
        }
        sheets, lines, _ = zip(*some, strict=True)
        place = {"_file": [printable(path)] * len(some), "_part": sheets, "_at": lines}
        con.register("Taken", pa.table(columns | place))
        con.execute("INSERT INTO Given FROM Taken")


def _write(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the keys of what the tables of a connection hold."""
    there = {name for name, *_ in con.execute("SHOW TABLES").fetchall()}
    for name in {"ThuaDat", "GiayChungNhan", "TinhHinhDangKy"} - there:
        con.execute(empty(national().classes[name]))
    file = folder / f"{len(list(folder.iterdir())):03}.parquet"
    with parquet.ParquetWriter(file, SCHEMA) as writer:
        for batch in con.sql(_ALL).to_arrow_reader(ROWS):
            writer.write_table(pa.Table.from_batches([batch]).cast(SCHEMA))


def _refuse_empty(folder: Path, path: str) -> None:
    """Refuse what has no key, in the file that was written last."""
    if parquet.read_metadata(max(folder.iterdir())).num_rows == 0:
        said = Text(
            "không có thửa, giấy chứng nhận hay hồ sơ nào để so",
            "holds no parcel, certificate or dossier to compare with",
        )
        raise LandXmlError(_with_columns(said), file=path)


def _refuse(report: Report) -> None:
    """Refuse data of which something could not be read: what is missed may collide."""
    for result in report.results:
        for sample in result.samples:
            if UNREAD.intersection(result.rule.reasons):
                said = Text(*(f"{result.rule.code}: {result.message(sample, lang)}" for lang in ("vi", "en")))
                table = sample.file.lower().endswith(TABLES)
                raise LandXmlError(
                    _with_columns(said) if table else said, file=sample.file, line=sample.line or None
                )


def _with_columns(said: Text) -> Text:
    """Return what is wrong, and the columns that a table of keys has."""
    columns = " · ".join(", ".join(names) for names in NEEDED)
    return Text(
        f"{said.vi}; bảng khóa cần các cột: {columns}",
        f"{said.en}; a table of keys has the columns: {columns}",
    )
