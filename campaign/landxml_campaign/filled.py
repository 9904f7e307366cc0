"""Work lists that come back filled in: held against the package, shown as a diff, and written into it.

A row is taken only if its record is there and still has the value that the list was made of, and if the new
one fits its field. While a row is refused nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from decimal import InvalidOperation
from typing import Any, NamedTuple

import duckdb

from landxml import csv_rows, files, tabular
from landxml.codelists import codelist
from landxml.database import connect
from landxml.dictionary import Field, national
from landxml.layouts import Layout
from landxml.layouts import national as national_layout
from landxml.lexical import parser_of
from landxml.progress import OnProgress
from landxml.sources import Path_, Paths, listed
from landxml.tabular import quoted
from landxml.temporary import temporary
from landxml.text import Text
from landxml_campaign import seals
from landxml_campaign.present import gather_values
from landxml_campaign.receivers import COLUMNS
from landxml_campaign.sheets import Finding, Judged, Table, day, text_of
from landxml_remap import rewrite
from landxml_remap.corrections import Corrected, Correction, correct
from landxml_remap.workspace import insert

__all__ = ["Edit", "Filled", "apply_worklists", "read_worklists", "write_diff"]

NAMES = {source: [label.vi, label.en] for source, (label, _) in COLUMNS.items()}
NEEDED = ("done", "new", "key", "class", "element", "check")
REASON = "worklist"
"""Why a value was corrected, in the reference table."""


class Edit(NamedTuple):
    """A value of a record that is to be another, and the cell that says so.

    ``old`` is the text that stands there, ``new`` the value as XSD has it; both may be personal data.
    """

    file: str
    cls: str
    id: str
    at: int
    element: str
    old: str
    new: str
    sheet: str


class Filled(Judged, kw_only=True):
    """What sheets that came back say together.

    Attributes
    ----------
    counts
        Rows: ``edits``, ``same`` (the value is there already), ``done`` (ticked, mended elsewhere), ``open``.
    edits
        Values to be written.
    """

    counts: dict[str, int]
    edits: list[Edit]


class _Row(NamedTuple):
    """A row that is filled in, with the references of its cells."""

    table: Table
    line: int
    record: str
    cls: str
    element: str
    check: str
    new: str

    def cell(self, source: str) -> str:
        return self.table.cell(source, self.line)


def read_worklists(
    sheets: Iterable[Path_], paths: Paths, *, salt: Path_, layouts: Iterable[Layout] = ()
) -> Filled:
    """Read sheets that came back, and hold them against the package.

    Parameters
    ----------
    sheets
        Workbooks that :func:`landxml_campaign.make_worklists` wrote, filled in.
    paths
        The package that they were made of; what other sheets have changed in it meanwhile does not matter.
    salt
        Salt of the campaign.
    layouts
        Layouts beside the built-in ones.

    Raises
    ------
    LandXmlError
        If a sheet or the package cannot be read.
    """
    paths, own, secret = listed(paths), tuple(layouts), seals.salt(salt)
    reading = _Reading()
    for path in dict.fromkeys(os.fspath(sheet) for sheet in sheets):
        reading.book(path)
    with temporary() as folder, connect(folder, file=folder / "work.duckdb", memory=400) as con:
        con.execute("CREATE TABLE wanted (record VARCHAR, element VARCHAR)")
        insert(
            con, "wanted", ("record", "element"), sorted({(row.record, row.element) for row in reading.rows})
        )
        wanted: dict[str, set[str]] = {}
        for row in reading.rows:
            wanted.setdefault(row.cls, set()).add(row.element)
        gather_values(con, rewrite.documents(paths, own), wanted, secret, own)
        reading.judge(_found(con, secret))
    reading.counts["edits"] = len(reading.edits)
    return Filled(counts=reading.counts, edits=reading.edits, findings=reading.findings)


_Present = tuple[str, str, str, int, str, str]
"""File, class, id, line, text, and its check."""


def _found(con: duckdb.DuckDBPyConnection, salt: str) -> dict[tuple[str, str], _Present]:
    rows = con.execute(
        "SELECT record, element, file, cls, id, \"at\", coalesce(text, ''),"
        " left(sha256($salt || concat_ws('|', record, element, text)), 16) FROM value",
        {"salt": salt},
    ).fetchall()
    return {(record, element): rest for record, element, *rest in rows}  # type: ignore[misc]


class _Reading:
    """Reads sheets; what is wrong with them is told, what is right kept."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.findings: list[Finding] = []
        self.edits: list[Edit] = []
        self.counts = {"edits": 0, "same": 0, "done": 0, "open": 0}

    def tell(self, table: Table, kind: str, cell: str, vi: str, en: str) -> None:
        self.findings.append(
            Finding(kind=kind, file=table.file, sheet=table.name, cell=cell, what=Text(vi, en))
        )

    def book(self, path: str) -> None:
        """Read the sheets of a workbook."""
        seen = False
        for sheet in tabular.worksheets(path):
            table = Table.of(sheet, NAMES, path)
            if table is None:
                continue
            seen = True
            if lacking := [COLUMNS[each][0] for each in NEEDED if each not in table.at]:
                vi, en = (", ".join(each.get(lang) for each in lacking) for lang in ("vi", "en"))
                self.tell(table, "columns", "", f"thiếu cột: {vi}", f"columns are missing: {en}")
                continue
            for line, row in table.rows():
                self._row(table, line, row)
        if not seen:
            vi, en = "không có dòng tên cột của danh sách", "has no row with the names of the columns"
            self.findings.append(Finding(kind="columns", file=path, sheet="", cell="", what=Text(vi, en)))

    def _row(self, table: Table, line: int, row: Mapping[str, Any]) -> None:
        done, new, check = text_of(row["done"]), row["new"], text_of(row["check"])
        given = text_of(new) not in {"", "–"}
        if not done and not given:
            self.counts["open"] += 1
        elif not check and given:
            self.tell(table, "no-place", table.cell("new", line), *NO_PLACE)
        elif not check:
            self.counts["done"] += 1
        elif not (done and given):
            self.tell(table, "half", table.cell("new" if done else "done", line), *HALF)
        else:
            cls, element = text_of(row["class"]), text_of(row["element"])
            value = self._value(table, line, _field(cls, element), new)
            if value is not None:
                self.rows.append(_Row(table, line, text_of(row["key"]), cls, element, check, value))

    def _value(self, table: Table, line: int, field: Field | None, cell: Any) -> str | None:
        """Return a new value as XSD has it; None where it does not fit its field."""
        at = table.cell("new", line)
        if field is None:
            self.tell(table, "no-place", at, *NO_PLACE)
            return None
        text = text_of(cell)
        if field.kind == "text" and isinstance(cell, int | float):
            self.tell(table, "zeros", at, *LOST)
            return None
        if field.kind == "date":
            text = day(cell) or ""
        elif field.kind == "decimal":
            text = text.replace(",", ".")
        known = {code.code for code in codelist(field.codelist)} if field.codelist else None
        try:
            parser_of(field.kind, national_layout())(text)
            fits = (
                bool(text) and (known is None or text in known) and len(text) <= (field.length or len(text))
            )
        except (ValueError, InvalidOperation):
            fits = False
        if not fits:
            self.tell(
                table,
                "value",
                at,
                f"không đúng dạng của “{field.vi}”",
                f"does not fit the field “{field.en}”",
            )
            return None
        return text

    def judge(self, found: Mapping[tuple[str, str], _Present]) -> None:
        """Hold the rows against what stands in the package."""
        if self.rows and not any((row.record, row.element) in found for row in self.rows):
            first = self.rows[0]
            self.tell(first.table, "other-delivery", first.cell("key"), *OTHER)
            return
        taken: dict[tuple[str, str], _Row] = {}
        for row in self.rows:
            place = (row.record, row.element)
            other = taken.setdefault(place, row)
            if other.new != row.new:
                said = f"{other.table.file}!{other.table.name}!{other.cell('new')}"
                self.tell(
                    row.table, "conflict", row.cell("new"), f"khác với {said}; hãy giữ một giá trị",
                    f"says something else than {said}; keep one value",
                )  # fmt: skip
            if other is not row:
                continue
            self._held(row, found.get(place))

    def _held(self, row: _Row, present: _Present | None) -> None:
        if present is None:
            self.tell(row.table, "changed", row.cell("key"), *GONE)
            return
        file, cls, identifier, at, text, check = present
        if _same(row, text):
            self.counts["same"] += 1
        elif check != row.check:
            self.tell(row.table, "changed", row.cell("new"), *CHANGED)
        else:
            cell = f"{row.table.file}!{row.table.name}!{row.cell('new')}"
            self.edits.append(Edit(file, cls, identifier, at, row.element, text, row.new, cell))


NO_PLACE = (
    "chỗ này không sửa được bằng một giá trị; hãy bỏ trống, xong thì chỉ đánh dấu ✓",
    "this is not mended by one value; leave it empty, and just put ✓ when it is done",
)
HALF = (
    "mới điền một phần: cần cả giá trị mới và dấu ✓, hoặc bỏ trống cả hai",
    "is filled in half: both the new value and ✓ are needed, or neither",
)
LOST = (
    "ô là số nên có thể đã mất các số 0 ở đầu; hãy định dạng ô là văn bản và ghi lại",
    "the cell is a number, which may have lost its leading zeros; make it a text and write it again",
)
OTHER = (
    "không có việc nào của danh sách trong gói: danh sách của đợt giao nộp khác, hoặc sai tệp muối",
    "nothing of the list is in the package: it is of another delivery, or the salt is another one",
)
GONE = (
    "bản ghi không còn trong gói, hoặc có nhiều bản ghi trùng mã",
    "the record is no longer in the package, or several there have its id",
)
CHANGED = (
    "giá trị trong gói đã đổi sau khi lập danh sách; hãy lập danh sách mới",
    "the value in the package was changed since the list was made; make a new list",
)


def _field(cls: str, element: str) -> Field | None:
    known = national().classes.get(cls)
    return next((each for each in known.columns if each.element == element), None) if known else None


def _same(row: _Row, text: str) -> bool:
    """Tell whether a value is there already, however its layout writes it."""
    field = _field(row.cls, row.element)
    return text.strip() == row.new or (field is not None and field.kind == "date" and day(text) == row.new)


def apply_worklists(
    filled: Filled,
    paths: Paths,
    out: Path_,
    *,
    table_path: Path_ | None = None,
    layouts: Iterable[Layout] = (),
    force: bool = False,
    progress: OnProgress | None = None,
) -> Corrected:
    """Write the package again with the new values; :func:`landxml_remap.reverse` leads back by the table.

    Raises
    ------
    LandXmlError
        If a sheet does not fit, or as of :func:`landxml_remap.corrections.correct`; nothing is written then.
    """
    filled.require()
    corrections = [Correction._make((*edit[:-1], REASON)) for edit in filled.edits]
    return correct(
        paths, out, corrections, table_path=table_path, layouts=layouts, force=force, progress=progress
    )


def write_diff(filled: Filled, out: Path_, *, force: bool = False) -> None:
    """Write what would change as CSV, for somebody to look through: place, old and new value, cell.

    It holds personal data, and only its owner can read it.

    Raises
    ------
    LandXmlError, OSError
        As of :mod:`landxml.files`.
    """
    files.form(out, ["csv"])
    with files.writing(out, force=force, private=True) as file, csv_rows.writer(file) as writer:
        writer.writerow(Edit._fields)
        writer.writerows(map(quoted, map(str, edit)) for edit in filled.edits)
