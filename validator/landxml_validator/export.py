"""All findings of a run as a file for people and programs: CSV, Parquet or JSON lines.

Beside the columns of :data:`landxml_validator.findings.SCHEMA` each row has its number, title,
message (both in both languages) and the place as it is written. What is masked in a report is masked here.
The Parquet file holds all that the others hold, and reports are made of it (``landxml_reports``).
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from landxml.csv_rows import writer
from landxml.errors import LandXmlError
from landxml.files import Path_, form, naming, writing
from landxml.tabular import quoted
from landxml.text import Text
from landxml_validator.findings import SCHEMA, finding
from landxml_validator.report import Report, Result

__all__ = ["COLUMNS", "FORMS", "batches", "of_report", "opened", "write", "written"]

ROWS = 10_000
"""Findings that are in memory together."""
ADDED = ("title_vi", "title_en", "message_vi", "message_en", "place")
COLUMNS = pa.schema(
    [
        ("number", pa.int64()),
        SCHEMA.field("rule"),
        SCHEMA.field("severity"),
        *((name, pa.string()) for name in ADDED),
        *(field for field in SCHEMA if field.name not in {"rule", "severity"}),
    ]
)

Batches = Iterable[pa.RecordBatch]
Write = Callable[[Path, Iterable[Result]], None]


@contextlib.contextmanager
def opened(path: Path_, *, force: bool = False, private: bool = False) -> Iterator[Write]:
    """Offer a function that writes a data set, by the results of its rules; the file is tried at once.

    Raises
    ------
    LandXmlError, OSError
        As :mod:`landxml.files` says; if the suffix is none of :data:`FORMS`.
    """
    written = _WRITERS[form(path, FORMS)]
    with writing(path, force=force, private=private) as out:
        yield lambda data_set, results: written(
            out, _told(data_set, {result.rule.code: result for result in results})
        )


def write(form: str, out: IO[bytes], findings: Path_) -> None:
    """Write all findings in another form, one of :data:`FORMS`, from the Parquet file."""
    _WRITERS[form](out, batches(findings))


def batches(findings: Path_, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the rows of the Parquet file: all that belong to a rule together, new ones first, then by place.

    Parameters
    ----------
    findings
        As ``form="parquet"`` is written.
    columns
        Which of :data:`COLUMNS`; all by default.
    """
    with pq.ParquetFile(os.fspath(findings)) as file:
        yield from file.iter_batches(ROWS, columns=columns)


def of_report(findings: Path_, report: Report) -> None:
    """See that a Parquet file holds the findings of a report.

    Raises
    ------
    LandXmlError
        If it is no such file, or that of another report.
    OSError
        If it cannot be opened.
    """
    try:
        with naming(findings):
            known = pq.read_schema(os.fspath(findings)).names
    except pa.ArrowInvalid:
        known = []
    if known != COLUMNS.names:
        raise LandXmlError(
            Text(
                "không phải tệp phát hiện .parquet do phiên bản này của landxml validate ghi",
                "is no .parquet of findings as this version of landxml validate writes it",
            ),
            file=findings,
        )
    found = Counter[str]()
    for batch in batches(findings, ["rule", "state"]):
        rules = batch.filter(pc.equal(batch["state"], "new"))["rule"]
        found.update({each["values"]: each["counts"] for each in pc.value_counts(rules).to_pylist()})
    if found != Counter({result.rule.code: result.count for result in report.results}):
        raise LandXmlError(
            Text(
                "chứa phát hiện của một lần kiểm tra khác với báo cáo",
                "holds the findings of another check than the report",
            ),
            file=findings,
        )


def _told(data_set: Path, results: Mapping[str, Result]) -> Iterator[pa.RecordBatch]:
    first = 1
    for batch in batches(data_set):
        added = [_added(results[row["rule"]], row) for row in batch.to_pylist()]
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        columns |= dict(zip(ADDED, zip(*added, strict=True), strict=True))
        columns["number"] = range(first, first + batch.num_rows)
        first += batch.num_rows
        yield pa.record_batch([pa.array(columns[field.name], field.type) for field in COLUMNS], COLUMNS)


def _added(result: Result, row: dict[str, Any]) -> tuple[str, ...]:
    """Return the columns of :data:`ADDED` for a row."""
    found, title = finding(row), result.rule.title
    messages = (result.message(found, "vi"), result.message(found, "en"))
    return title.vi, title.en, *messages, found.where


def _parquet(out: IO[bytes], batches: Batches) -> None:
    with pq.ParquetWriter(out, COLUMNS, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _csv(out: IO[bytes], batches: Batches) -> None:
    names = [name for name in COLUMNS.names if name != "geometry"]
    with writer(out) as table:
        table.writerow(names)
        for batch in batches:
            columns = (batch[name] for name in names)
            cells = [
                map(quoted, column.to_pylist()) if pa.types.is_string(column.type) else column.to_pylist()
                for column in columns
            ]
            table.writerows(zip(*cells, strict=True))


def _jsonl(out: IO[bytes], batches: Batches) -> None:
    encode = msgspec.json.Encoder().encode
    for batch in batches:
        rows = batch.drop_columns(["geometry"]).to_pylist()
        lines = (encode(row | {"params": msgspec.Raw(row["params"])}) for row in rows)
        out.writelines(line + b"\n" for line in lines)


_WRITERS: dict[str, Callable[[IO[bytes], Batches], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "jsonl": _jsonl,
}
FORMS = tuple(_WRITERS)
"""Forms of the file; their suffixes are in :mod:`landxml.files`."""


def written(form: str, columns: Mapping[str, str]) -> str:
    """Return SQL for the rows of such a file, whose path is the parameter ``path``.

    Parameters
    ----------
    form
        One of :data:`FORMS`.
    columns
        Those of interest, and their DuckDB types; of CSV all are texts.
    """
    return {
        "csv": "read_csv($path, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')",
        "parquet": "read_parquet($path, hive_partitioning = false)",
        "jsonl": f"read_json($path, format = 'newline_delimited', columns = {dict(columns)})",
    }[form]
