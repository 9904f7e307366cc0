"""Findings that an office leaves as they are for a time: which, why, who has decided that, until when.

A table says it. It has the columns of a file of findings, so that rows can be copied from there: ``rule``,
and one of ``fingerprint``, ``key``, ``parcel``, ``commune``, of which the first that is filled in counts;
beside these ``reason``, ``author`` and ``until``, the last day.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from landxml import tabular
from landxml.database import rows_of
from landxml.errors import LandXmlError
from landxml.faults import Fault
from landxml.files import Path_
from landxml.mistakes import unknown
from landxml.text import Text

__all__ = ["idle", "read"]

WHICH = ("fingerprint", "key", "parcel", "commune")
"""Columns by which findings are told, the narrowest first."""
WHY = {"reason": ("reason", "lyDo"), "author": ("author", "nguoiQuyetDinh"), "until": ("until", "denNgay")}
_TEXT, _TYPES = pa.string(), {"line": pa.int32(), "until": pa.date32(), "live": pa.bool_()}
SCHEMA = pa.schema(
    [(name, _TYPES.get(name, _TEXT)) for name in ("line", "rule", "by", "value", "until", "live")]
)
CODE = "PKG016"
"""The rule that finds rows of the table without use."""


def read(path: Path_, as_of: dt.date, rules: Collection[str]) -> pa.Table:
    """Read a table: line, rule, by what its findings are told, that value, last day, whether that is to come.

    Parameters
    ----------
    path, as_of
        The table; the date of the check.
    rules
        Codes of all rules.

    Raises
    ------
    LandXmlError
        If it cannot be read, lacks a column, or a row does not say what it must, with its line.
    """
    columns = {name: (name,) for name in ("rule", *WHICH)} | WHY
    needed = ("rule", *WHY)
    tables = (tabular.records(sheet, columns, needed) for sheet in tabular.sheets(path))
    rows = next((rows for rows in tables if rows is not None), None)
    if rows is None:
        said = ", ".join(needed)
        raise _wrong(path, None, f"thiếu cột; cần có: {said}", f"a column is missing; needed are: {said}")
    found = [_row(path, line, cells, rules) for line, cells in rows]
    return pa.Table.from_pylist([row | {"live": row["until"] >= as_of} for row in found], SCHEMA)


def _row(path: Path_, line: int, cells: Mapping[str, str], rules: Collection[str]) -> dict[str, Any]:
    row = {name: cell.removeprefix("'").strip() for name, cell in cells.items()}
    rule, by = row["rule"], next((name for name in WHICH if row.get(name)), None)
    if rule not in rules:
        what = unknown((), rule, rules, "quy tắc", "rule").what
        raise _wrong(path, line, what.vi, what.en)
    if by is None or not row["reason"] or not row["author"]:
        wanted = f"reason, author, {' / '.join(WHICH)}"
        raise _wrong(path, line, f"còn ô trống trong {wanted}", f"a cell is empty: {wanted}")
    return {"line": line, "rule": rule, "by": by, "value": row[by], "until": _day(path, line, row["until"])}


def _day(path: Path_, line: int, text: str) -> dt.date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a day has no zone
    days = "2026-12-31, 31/12/2026"
    raise _wrong(path, line, f"until phải là ngày, ví dụ {days}", f"until is a day, such as {days}")


def _wrong(path: Path_, line: int | None, vi: str, en: str) -> LandXmlError:
    return LandXmlError(Text(vi, en), file=path, line=line)


def idle(con: duckdb.DuckDBPyConnection, data_set: Path, name: Path_) -> Iterator[Fault]:
    """Yield a fault for each row that leaves out no finding: there is none, or its last day has passed.

    ``Suppression`` is what :func:`read` returned.
    """
    told = " UNION ALL ".join(f"SELECT rule, '{by}' AS way, {by} AS value FROM Found" for by in WHICH)
    rows = con.execute(f"""
WITH Found AS (FROM {rows_of([str(data_set)])}), told AS ({told})
SELECT line, rule, until, live FROM Suppression s
WHERE NOT live OR NOT EXISTS (FROM told t WHERE t.rule = s.rule AND t.way = s.by AND t.value = s.value)
ORDER BY line""").fetchall()
    for line, rule, until, live in rows:
        params = {"rule": rule, "until": until.isoformat(), "detail": None if live else "expired"}
        yield Fault(CODE, os.fspath(name), line, "", "", "", params)
