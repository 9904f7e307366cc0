"""The request: the persons whose data are to be verified, each once, as a sheet that comes back with answers.

Each row has a key, a hash with the salt of the campaign: the same person has the same key in the next
request, and who does not know the salt learns nothing from it. The request has one, too, made of its rows.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import duckdb
import msgspec

from landxml import csv_rows, files, workbooks
from landxml.codelists import codelist
from landxml.errors import LandXmlError
from landxml.faults import raised
from landxml.layouts import Layout
from landxml.progress import OnProgress
from landxml.sources import Path_, Paths, listed
from landxml.tabular import quoted
from landxml.text import Text
from landxml.version import TOOL
from landxml_campaign import seals
from landxml_campaign.decisions import ASKED, COLUMNS, OFFERED
from landxml_campaign.matching import match
from landxml_campaign.persons import database, gather
from landxml_campaign.present import passed_over
from landxml_campaign.presets import ANSWERED, WORDS, Column, Preset, preset
from landxml_campaign.sheets import FREE, begin, inform
from landxml_remap import rewrite

__all__ = ["DIGITS", "FORMS", "KEY", "Requested", "keyed", "matched", "request_persons"]

FORMS = ("xlsx", "csv")
BATCH = 10_000
ROWS = 1_000_000
"""Rows of a sheet; what is left stands in a further one."""
DIGITS = 16
KEY = f"left(sha256($salt || {{}}), {DIGITS})"
"""Key of a person, of what they are known by."""


class Requested(msgspec.Struct, kw_only=True):
    """What was asked for.

    Attributes
    ----------
    request
        Name of the request, which is in each of its rows.
    records, persons
        Records of persons that were read; persons after de-duplication.
    kinds
        Persons by what they are known by: ``number`` (12 digits), ``card`` (9 digits), ``bare`` (neither).
    communes
        Persons by commune; ``""`` where no land leads to one.
    claims
        Records with several valid numbers.
    doubts
        Pairs of persons who may be one, by the reason: ``number`` or ``card`` (which they share, while name
        or year say otherwise), ``birthday``, ``year`` (names are alike).
    """

    tool: str
    created: dt.datetime
    inputs: list[str]
    output: str
    doubts_output: str | None
    request: str
    records: int
    persons: int
    kinds: dict[str, int]
    communes: dict[str, int]
    claims: int
    doubts: dict[str, int]


def request_persons(
    paths: Paths,
    out: Path_,
    *,
    salt: Path_,
    columns: str = "office",
    communes: Collection[str] = (),
    doubts: Path_ | None = None,
    password: str | None = None,
    layouts: Iterable[Layout] = (),
    force: bool = False,
    progress: OnProgress | None = None,
) -> Requested:
    """Write a request for the persons of files of any layout.

    Parameters
    ----------
    paths
        Files, folders or zips, one path or many.
    out
        XLSX or CSV to write; it holds personal data, and only its owner can read it.
    salt
        Salt of the campaign; made where there is none. Without it no reply can be matched.
    columns
        Preset of this package (:data:`landxml_campaign.presets.PRESETS`), or a file of that form.
    communes
        Only persons with land in these communes.
    doubts
        CSV or XLSX to write with the pairs of persons who may be one, for an officer to decide.
    password
        Encrypt the workbooks with it.
    layouts
        Layouts beside the built-in ones.
    force
        Replace files that exist at ``out`` and ``doubts``.

    Raises
    ------
    LandXmlError
        If anything cannot be read, there is no person, or an output would harm something
        (:mod:`landxml.files`); nothing is written then, but perhaps the salt.
    """
    paths, chosen = listed(paths), preset(columns)
    outputs = [path for path in (out, doubts) if path is not None]
    forms = [files.form(path, FORMS) for path in outputs]
    if password is not None and "csv" in forms:
        raise LandXmlError(Text("chỉ XLSX có mật khẩu", "only XLSX can have a password"), file=out)
    files.check([*outputs], [*paths, salt], force=force)
    known = seals.salt(salt, make=True)
    with matched(paths, known, layouts, progress) as con:
        told = _counted(con, communes)
        _write(con, out, forms[0], chosen, request=told["request"], password=password, force=force)
        if doubts is not None:
            _write_doubts(con, doubts, forms[1], told["request"], password, force=force)
    return Requested(
        tool=TOOL, created=dt.datetime.now(dt.UTC), inputs=paths, output=os.fspath(out),
        doubts_output=None if doubts is None else os.fspath(doubts), **told,
    )  # fmt: skip


@contextmanager
def matched(
    paths: Sequence[Path_],
    salt: str,
    layouts: Iterable[Layout] = (),
    progress: OnProgress | None = None,
    *,
    whole: bool = True,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Offer a database of the persons of files: ``individual`` with keys, ``belongs``, ``entry``, ``doubt``.

    Raises
    ------
    LandXmlError
        If anything cannot be read, and all is needed ``whole``.
    """
    own = tuple(layouts)
    found = [document for _, document in rewrite.documents(paths, own, whole=whole)]
    with database() as con:
        gather(con, found, own, progress, raised if whole else passed_over)
        match(con)
        keyed(con, salt)
        yield con


def keyed(con: duckdb.DuckDBPyConnection, salt: str) -> None:
    """Give each person a key, and make the view ``asked`` of all."""
    con.execute("ALTER TABLE individual ADD COLUMN key VARCHAR")
    con.execute(f"UPDATE individual SET key = {KEY.format('identity')}", {"salt": salt})


def _counted(con: duckdb.DuckDBPyConnection, communes: Collection[str]) -> dict[str, Any]:
    """Choose who is asked for, and count."""
    con.execute("CREATE TABLE wanted (commune VARCHAR)")
    for code in communes:
        con.execute("INSERT INTO wanted VALUES (?)", [code])
    chosen = "WHERE commune IN (FROM wanted)" if communes else ""
    con.execute(f"CREATE VIEW asked AS FROM individual {chosen}")

    def counts(what: str, table: str) -> dict[str, int]:
        found = con.execute(f"SELECT {what}, count(*) FROM {table} GROUP BY ALL ORDER BY ALL").fetchall()
        return dict(found)

    persons, records, name = con.execute(
        "SELECT count(*), coalesce(sum(records), 0)::BIGINT,"
        " left(sha256(string_agg(key, '' ORDER BY key)), 12)"
        " FROM asked"
    ).fetchall()[0]
    if not persons:
        raise LandXmlError(Text("không có người sử dụng đất nào", "there is no land user"))
    return {
        "request": name, "records": records, "persons": persons, "kinds": counts("kind", "asked"),
        "communes": counts("commune", "asked"),
        "claims": con.execute("SELECT count(*) FROM entry WHERE several").fetchall()[0][0],
        "doubts": counts("reason", f"doubt {BOTH}"),
    }  # fmt: skip


BOTH = "JOIN asked x ON x.person = a JOIN asked y ON y.person = b"
"""Of doubts only those about two persons who are asked for."""
SOURCES = {
    "key": "key", "request": "$request", "commune": "commune", "number": "coalesce(number, stated)",
    "card": "card",
    "papers": "papers",
    "name": "trim(name)", "family": "string_split_regex(trim(name), '\\s+')[1]",
    "middle": "array_to_string(string_split_regex(trim(name), '\\s+')[2:-2], ' ')",
    "given": "CASE WHEN trim(name) SIMILAR TO '.*\\s.*' THEN string_split_regex(trim(name), '\\s+')[-1] END",
    "birth": "coalesce(strftime(birth, '%d/%m/%Y'), born::VARCHAR)",
    "compact_birth": "coalesce(strftime(birth, '%Y%m%d'), born::VARCHAR)", "sex": "sex::VARCHAR",
    "address": "address",
}  # fmt: skip
"""What a column holds → its expression; columns to be filled in are empty."""


def _write(
    con: duckdb.DuckDBPyConnection,
    out: Path_,
    form: str,
    chosen: Preset,
    *,
    request: str,
    password: str | None,
    force: bool,
) -> None:
    cells = ", ".join(SOURCES.get(column.source, "NULL") for column in chosen.columns)
    query = f"SELECT {cells} FROM asked ORDER BY commune, plain, key"
    bound = {"request": request} if "$request" in cells else {}
    with files.writing(out, force=force, private=True) as file, seals.sealing(file, password) as book:
        written = _xlsx if form == "xlsx" else _csv
        written(book, chosen, _rows(con, query, bound, chosen.columns), request)


def _rows(
    con: duckdb.DuckDBPyConnection, query: str, bound: dict[str, str], columns: Sequence[Column]
) -> Iterator[list[str | None]]:
    sexes = {code.code: code.vi for code in codelist("GioiTinh")}
    at = [i for i, column in enumerate(columns) if column.source == "sex"]
    result = con.execute(query, bound)
    while rows := result.fetchmany(BATCH):
        for row in map(list, rows):
            for i in at:
                row[i] = sexes.get(row[i], row[i])
            yield row


def _csv(out: IO[bytes], chosen: Preset, rows: Iterator[list[str | None]], _: str) -> None:
    with csv_rows.writer(out) as writer:
        writer.writerow([column.name for column in chosen.columns])
        writer.writerows(map(quoted, row) for row in rows)


def _xlsx(out: IO[bytes], chosen: Preset, rows: Iterator[list[str | None]], request: str) -> None:
    """Write the sheets of persons, and one that says what this is; cells to be filled in stand out."""
    with workbooks.opened(out) as book:
        text, free = (book.add_format({"num_format": "@", **more}) for more in ({}, FREE))
        day = book.add_format({"num_format": "dd/mm/yyyy", **FREE})
        sheet, at = None, ROWS
        for row in rows:
            if at >= ROWS or sheet is None:
                sheet, at = _sheet(book, chosen, (text, free, day)), 0
            at += 1
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write_string(at, column, quoted(value), text)
        inform(book, _information(chosen, request))


def _sheet(book: Any, chosen: Preset, formats: Sequence[Any]) -> Any:
    text, free, day = formats
    count = len(book.worksheets())
    sources = [column.source for column in chosen.columns]
    sheet = begin(
        book, f"Danh sách ({count + 1})" if count else "Danh sách",
        [(column.name, column.width) for column in chosen.columns],
        [day if each == "date" else free if each in {*ANSWERED, "note"} else text for each in sources],
    )  # fmt: skip
    at, offered = sources.index("status"), [first for first, *_ in WORDS.values()]
    sheet.data_validation(1, at, ROWS, at, {"validate": "list", "source": offered})
    return sheet


def _information(chosen: Preset, request: str) -> Iterator[tuple[str, str]]:
    yield "Yêu cầu", request
    yield "Nội dung", chosen.title.vi
    yield "Mẫu cột", chosen.evidence.vi
    yield (
        "Cách điền",
        (
            "Chỉ điền các cột nền vàng. Không sửa, thêm, xóa cột; không sửa “mã dòng” và “mã yêu cầu”. Số"
            " định danh ghi đủ 12 chữ số, ngày ghi dd/mm/yyyy. Dòng chưa có kết quả để trống."
        ),
    )
    yield "Lưu ý", "Tệp có dữ liệu cá nhân; chỉ gửi cho người có thẩm quyền."
    yield "Phần mềm", TOOL


REASONS = {
    "number": "cùng số định danh, tên khác nhau", "card": "cùng số CMND, tên hoặc năm sinh khác nhau",
    "birthday": "cùng ngày sinh, tên giống nhau", "year": "cùng năm sinh và xã, tên giống nhau",
}  # fmt: skip


def _write_doubts(
    con: duckdb.DuckDBPyConnection, out: Path_, form: str, request: str, password: str | None, *, force: bool
) -> None:
    """Write the pairs of persons of the request who may be one, for an officer to decide."""

    def person(one: str) -> str:
        said = f"coalesce(strftime({one}.birth, '%d/%m/%Y'), {one}.born::VARCHAR)"
        return f"{one}.key, {one}.name, {said}, coalesce({one}.number, {one}.card)"

    rows = (
        [request, *row[:-1], REASONS[row[-1]]]
        for row in con.execute(
            f"SELECT {person('x')}, {person('y')}, round(likeness)::INTEGER::VARCHAR, reason FROM doubt"
            f" {BOTH}"
            " ORDER BY reason, x.plain, x.key, y.key"
        ).fetchall()
    )
    with files.writing(out, force=force, private=True) as file, seals.sealing(file, password) as place:
        if form == "csv":
            with csv_rows.writer(place) as writer:
                writer.writerow(name for name, _ in COLUMNS.values())
                writer.writerows([*map(quoted, row), *[""] * len(ASKED)] for row in rows)
            return
        with workbooks.opened(place) as book:
            text, free = (book.add_format({"num_format": "@", **more}) for more in ({}, FREE))
            styles = [free if source in ASKED else text for source in COLUMNS]
            sheet, at = begin(book, "Nghi trùng", [*COLUMNS.values()], styles), [*COLUMNS].index("decision")
            sheet.data_validation(1, at, ROWS, at, {"validate": "list", "source": [*OFFERED]})
            for at, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write_string(at, column, quoted(value), text)
