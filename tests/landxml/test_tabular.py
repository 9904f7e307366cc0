"""Tables in every form that people write them in; and such as would take all memory, refused."""

from __future__ import annotations

import itertools
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from landxml import tabular
from landxml.errors import LandXmlError

ROWS = [["Mã xã", "Tên"], ["00004", "Phường Ba Đình"], ["6655", "Đường; số, 7"]]


def read(path: Path) -> list[list[tuple[int, list[str]]]]:
    return [list(sheet) for sheet in tabular.sheets(path)]


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def zipped(path: Path, name: str, parts: dict[str, str]) -> Path:
    """Copy a workbook with some of its parts changed."""
    made = path.with_name(name)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, parts.get(part) or old.read(part))
    return made


def ods(path: Path, rows: str) -> Path:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", content)
    return path


def cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = ROWS if encoding != "cp1258" else [["Ma xa", "Tên"], ["00004", "Phố"], ["6655", "Đ; s, 7"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    path = tmp_path / "a.csv"
    path.write_bytes(
        text.replace("ố", "ô\u0301").encode(encoding) if encoding == "cp1258" else text.encode(encoding)
    )
    ((*found,),) = read(path)
    assert [line for line, _ in found] == [1, 2, 3]
    assert [[cell.replace("ô\u0301", "ố") for cell in cells] for _, cells in found] == rows


@pytest.mark.parametrize("separator", [";", "\t"])
def test_commas_within_cells_do_not_separate_them(tmp_path: Path, separator: str) -> None:
    rows = [["rule", "parcel", "reason"], *([f"R{n}", "a, b, c, d, e", "f, g, h, i, j"] for n in range(3))]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["Danh sách, năm 2024, quý 1", *map(separator.join, rows)]), "utf-8")
    assert [cells for _, cells in read(path)[0]][1:] == rows


def test_what_a_file_is_its_content_says(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["maXa"], ["00004"], [4], [4.5], [True]], [["x"]])
    named = path.rename(tmp_path / "a.csv")
    assert read(named) == [
        [(1, ["maXa"]), (2, ["00004"]), (3, ["4"]), (4, ["4.5"]), (5, ["True"])],
        [(1, ["x"])],
    ]
    text = tmp_path / "b.xlsx"
    text.write_text("maXa\n00004\n", "utf-8")
    assert read(text) == [[(1, ["maXa"]), (2, ["00004"])]]


def test_names_of_columns_are_found_below_a_title_and_in_any_spelling(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Danh sách"], [], ["Số tờ", "MÃ XÃ"], [7, "00004"], [], [8]])
    (sheet,) = tabular.sheets(path)
    rows = tabular.records(sheet, {"code": ["ma_xa", "maXa"], "sheet": ["soTo"], "more": ["x"]}, ["code"])
    assert rows is not None
    assert list(rows) == [(4, {"code": "00004", "sheet": "7"}), (6, {"code": "", "sheet": "8"})]
    assert tabular.records(iter([(1, ["a"])]), {"code": ["maXa"]}, ["code"]) is None


def test_of_several_names_of_a_column_the_first_counts() -> None:
    table = iter([(1, ["maXa", "maXaCu"]), (2, ["06652", "06655"])])
    rows = tabular.records(table, {"code": ["maXaCu", "maXa"]}, ["code"])
    assert rows is not None
    assert list(rows) == [(2, {"code": "06655"})]


SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<worksheet xmlns="{MAIN}"><sheetData>'
TAIL = "</sheetData></worksheet>"


def far(folder: Path, kind: str) -> Path:
    """A small file whose grid is huge."""
    first = workbook(folder / "a.xlsx", [["maXa"], ["00004"]])
    far = '<row r="1048576"><c r="KO1048576"><v>1</v></c></row>'
    wide = "<c><v>1</v></c>" * 16_000
    parts = {
        "corner": f'<dimension ref="A1:B2"/><row r="1"><c r="A1"><v>1</v></c></row>{far}',
        "astray": '<row r="1"><c r="A1"/></row><row r="2"><c r="KO1048576"/></row>',
        "prefix": f'<x:row r="1"><x:c r="A1"/></x:row>{far}',
        "loose": f"<row>{wide}</row>" + "<row><c><v>1</v></c></row>" * 2_000,
        "backwards": '<row r="9"><c s="1" r = "XFD9"><v>1</v></c></row>'
        '<row r="1048576"><c r="A1048576"/></row>',
    }
    if kind in parts:
        return zipped(first, f"{kind}.xlsx", {SHEET: f"{HEAD}{parts[kind]}{TAIL}"})
    rows = {
        "rows": f'<table:table-row table:number-rows-repeated="1048576">{cell("1") * 40}</table:table-row>',
        "columns": "<table:table-row>"
        + cell("1", ' table:number-columns-repeated="99999999"')
        + "</table:table-row>",
        "gap": f'<table:table-row table:number-rows-repeated="1048575"/><table:table-row>'
        f'<table:table-cell table:number-columns-repeated="1000"/>{cell("1")}</table:table-row>',
    }
    return ods(folder / f"{kind}.ods", rows[kind])


KINDS = ["corner", "astray", "prefix", "loose", "backwards", "rows", "columns", "gap"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_grid_that_takes_all_memory_is_refused(tmp_path: Path, kind: str) -> None:
    path = far(tmp_path, kind)
    assert path.stat().st_size < 100_000
    with pytest.raises(LandXmlError, match=r"a sheet reaches to row \d+, column") as caught:
        read(path)
    assert "trang tính kéo đến dòng" in caught.value.text("vi")


def repeating(folder: Path, kind: str) -> Path:
    """A small file whose cells show a text, or blanks, more often than anybody can hold."""
    long = "x" * 999_999
    rows = {
        "cells": f'<table:table-row table:number-rows-repeated="999999">{cell("x") * 14}</table:table-row>',
        "text": f'<table:table-row table:number-rows-repeated="2000">{cell(long)}</table:table-row>',
        "blanks": f"<table:table-row>{cell('<text:s text:c=`2000000000`/>')}</table:table-row>",
    }
    if kind in rows:
        return ods(folder / f"{kind}.ods", rows[kind].replace("`", '"'))
    shown = '<c t="s"><v>1</v></c>' * 2_000
    strings = f'<sst xmlns="{MAIN}"><si><t>maXa</t></si><si><t>{long}</t></si></sst>'
    parts = {SHEET: f'{HEAD}<row r="1">{shown}</row>{TAIL}', "xl/sharedStrings.xml": strings}
    return zipped(workbook(folder / "a.xlsx", [["maXa"]]), "shared.xlsx", parts)


@pytest.mark.parametrize("kind", ["cells", "text", "blanks", "shared"])
def test_texts_that_take_all_memory_are_refused(tmp_path: Path, kind: str) -> None:
    path = repeating(tmp_path, kind)
    assert path.stat().st_size < 100_000
    with pytest.raises(LandXmlError, match=r"repeat their texts so often that these take \d+ MB") as caught:
        read(path)
    assert "lặp lại nội dung quá nhiều lần" in caught.value.text("vi")


def test_texts_that_are_shown_often_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what they take together counts, not the longest of them."""
    rows: list[list[object]] = [["maXa"], ["x" * 10_000]]
    rows.extend(["00004"] for _ in range(1_000))
    monkeypatch.setattr(tabular, "MAX_COPIES", 100_000)
    ((*found,),) = read(workbook(tmp_path / "a.xlsx", rows))
    assert len(found) == len(rows)
    monkeypatch.setattr(tabular, "MAX_COPIES", 1_000)
    with pytest.raises(LandXmlError, match="repeat"):
        read(tmp_path / "a.xlsx")


def test_a_binary_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.bin", b"")
    with pytest.raises(LandXmlError, match="save it as XLSX"):
        read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit of memory")
@pytest.mark.parametrize(
    ("make", "kind"), [(far, "corner"), (far, "rows"), (repeating, "cells"), (repeating, "shared")]
)
def test_it_is_refused_before_it_takes_the_memory(
    tmp_path: Path, make: Callable[[Path, str], Path], kind: str
) -> None:
    program = (
        "import resource, sys\n"
        "from landxml import tabular\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))\n"
        "[list(sheet) for sheet in tabular.sheets(sys.argv[1])]\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, make(tmp_path, kind)], check=False, capture_output=True, text=True
    )
    assert "LandXmlError" in run.stderr.splitlines()[-1]


def test_what_an_office_program_writes_behind_a_table_is_nothing(tmp_path: Path) -> None:
    """LibreOffice fills a sheet up with empty cells and rows, each written once."""
    empty = '<table:table-cell table:number-columns-repeated="16382"/>'
    rows = (
        f"<table:table-row>{cell('maXa')}{empty}</table:table-row><table:table-row>{cell('00004')}{empty}"
        '</table:table-row><table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    ((*found,),) = read(ods(tmp_path / "a.ods", rows))
    assert found == [(1, ["maXa"]), (2, ["00004"])]


@pytest.mark.parametrize(
    "data", [b"PK\3\4", b"PK\3\4" + b"x" * 99, b"\xd0\xcf\x11\xe0", b"\xd0\xcf\x11\xe0" + b"\0" * 999]
)
def test_a_workbook_that_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(LandXmlError) as caught:
        read(path)
    assert caught.value.file == str(path)
    assert caught.value.text("vi") != caught.value.text("en")


def test_lines_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_LINE", 100)
    path = tmp_path / "a.csv"
    path.write_text("maXa\n" + "x" * 101, "utf-8")
    with pytest.raises(LandXmlError, match="too long"):
        read(path)


def test_rows_come_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("maXa\n" + "00004\n" * 100_000, "utf-8")
    (rows,) = tabular.sheets(path)
    assert list(itertools.islice(rows, 2)) == [(1, ["maXa"]), (2, ["00004"])]
