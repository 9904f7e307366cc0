"""Mutations of tables: rows and cells, and the workbooks in which they come."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import xlsxwriter

from tests.fuzz.octets import Pool
from tests.fuzz.values import CANARIES, ODD

Rows = list[list[str]]


def _rows(data: bytes) -> Rows:
    text = data.decode("utf-8-sig", "replace")
    try:
        return list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return [line.split(",") for line in text.splitlines()]


def _on_rows(change: Callable[[Rows, Random], None]) -> Callable[[bytes, Random, Pool], bytes]:
    """Make a mutation of CSV of one that changes rows."""

    def mutation(data: bytes, rng: Random, _: Pool) -> bytes:
        rows = _rows(data)
        if rows and rows[0]:
            change(rows, rng)
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return out.getvalue().encode("utf-8", "replace")

    mutation.__name__ = change.__name__
    return mutation


def _place(rows: Rows, rng: Random) -> tuple[list[str], int]:
    row = rng.choice([row for row in rows if row])
    return row, rng.randrange(len(row))


@_on_rows
def cell(rows: Rows, rng: Random) -> None:
    row, at = _place(rows, rng)
    row[at] = rng.choice((*ODD, *CANARIES[:2], row[at] + ".0", f" {row[at]} ", row[at].lstrip("0"), '["x"]'))


@_on_rows
def name(rows: Rows, rng: Random) -> None:
    """Call a column otherwise, or as another."""
    rows[0][rng.randrange(len(rows[0]))] = rng.choice((*rows[0], "maXa", "code", "new_commune", "", "lạ"))


@_on_rows
def drop(rows: Rows, rng: Random) -> None:
    del rows[rng.randrange(len(rows))]


@_on_rows
def double(rows: Rows, rng: Random) -> None:
    row = rng.choice(rows)
    rows[rng.randrange(len(rows)) :] = [list(row) for _ in range(rng.choice((1, 2, 3000)))]


@_on_rows
def ragged(rows: Rows, rng: Random) -> None:
    row, at = _place(rows, rng)
    row[at:] = row[at + 1 :] if rng.random() < 1 / 2 else [*row[at:], *ODD[: rng.choice((1, 70))]]


@_on_rows
def blank(rows: Rows, rng: Random) -> None:
    rows[rng.randrange(len(rows)) : 0] = [[""] * rng.choice((0, 1, 300)) for _ in range(rng.choice((1, 30)))]


@_on_rows
def transpose(rows: Rows, _: Random) -> None:
    rows[:] = [list(column) for column in zip(*rows, strict=False)]


def separate(data: bytes, rng: Random, _: Pool) -> bytes:
    """Use another separator, quote, line end or encoding."""
    text = data.decode("utf-8", "replace")
    text = text.replace(*rng.choice(((",", ";"), (",", "\t"), ('"', "'"), (",", '",'), ("\r\n", "\r"))))
    return text.encode(rng.choice(("utf-8-sig", "utf-16", "cp1258", "utf-8")), "replace")


CORNERS = ((1_048_575, 296), (1_048_575, 16_383), (0, 16_383), (200_000, 3))


def xlsx(data: bytes, rng: Random, _: Pool) -> bytes:
    """Write an Excel workbook: cells of other types, formulas, merged cells, one in a far corner."""
    rows = _rows(data)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "nan_inf_to_errors": True}) as book:
        book.set_properties({"created": dt.datetime(2025, 7, 1)})  # noqa: DTZ001 - as Excel has them
        for _n in range(rng.choice((1, 1, 1, 3))):
            sheet: Any = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, value in enumerate(row[:16_000]):
                    _typed(sheet, at, column, value[:30_000], rng)
            if rng.random() < 1 / 3:
                sheet.write(*rng.choice(CORNERS), "x")
            if rng.random() < 1 / 6:
                sheet.merge_range(0, 0, rng.choice((1, 3)), 1, "maXa")
    return out.getvalue()


def _typed(sheet: Any, row: int, column: int, value: str, rng: Random) -> None:
    kind = rng.randrange(40)
    if kind == 0:
        sheet.write_formula(row, column, rng.choice(("=1/0", "=A1", "=HYPERLINK(1)")), None, value)
    elif kind == 1:
        sheet.write_datetime(row, column, dt.datetime(2025, 7, 1), None)  # noqa: DTZ001 - as Excel has them
    elif kind == 2:
        sheet.write_boolean(row, column, 1)
    elif kind < 8 and value.isascii() and value.isdecimal():
        sheet.write_number(row, column, float(value[:300]))
    else:
        sheet.write_string(row, column, value)


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>
<office:spreadsheet><table:table table:name="a">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods(data: bytes, rng: Random, _: Pool) -> bytes:
    """Write an OpenDocument workbook, some of its cells or rows repeated a million times."""
    rows = _rows(data)
    many = f' table:number-columns-repeated="{rng.choice((2, 1000, 16384))}"'
    lines = (
        "<table:table-row>{}</table:table-row>".format(
            "".join(
                f'<table:table-cell office:value-type="string"{many if rng.random() < 1 / 60 else ""}>'
                f"<text:p>{html.escape(''.join(filter(str.isprintable, value)))}</text:p></table:table-cell>"
                for value in row
            )
        )
        for row in rows
    )
    content = "".join(lines)
    if rng.random() < 1 / 3:
        often = rng.choice((3, 1_048_000, 2**31))
        content = content.replace(
            "<table:table-row", f'<table:table-row table:number-rows-repeated="{often}"', 1
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(zipfile.ZipInfo("mimetype"), MIME)
        made.writestr(zipfile.ZipInfo("content.xml"), ODS.format(content), zipfile.ZIP_DEFLATED)
        made.writestr(
            zipfile.ZipInfo("META-INF/manifest.xml"),
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/></manifest:manifest>',
        )
    return out.getvalue()


MUTATIONS = [cell, cell, cell, name, drop, double, ragged, blank, transpose, separate]
FORMS = [xlsx, xlsx, ods]
