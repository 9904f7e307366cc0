"""The carrier ``workbook``, and writing: what offices do to a sheet, and where each row stands."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter

from landxml import layouts, workbooks
from landxml.carriers import Batch
from landxml.dictionary import dictionary
from landxml.documents import Document
from landxml.errors import LandXmlError
from landxml.faults import Fault
from landxml.load import Loader, opened
from landxml.sources import find

TOY = layouts.load(Path(__file__).parents[1] / "layouts" / "toy_sheet")
HEADER = ["STT", "Mã xã", "Số phát hành", "Ngày cấp GCN", "Tờ bản đồ số", "Số thửa", "Diện tích thửa đất"]
NAMES = ["STT", "maXa", "GCN_soPhatHanh", "GCN_ngayCap", "TD_soHieuToBanDo", "TD_soThuTuThua", "TD_dienTich"]
ROW = [1, "00052", "CD 123456", dt.date(2020, 1, 31), 12, 34, 120.5]
TEXTS = ["1", "00052", "CD 123456", "2020-01-31", "12", "34", "120.5"]


def book(
    path: Path,
    rows: Sequence[Sequence[Any]],
    change: Callable[[Any, Any], None] = lambda *_: None,
    **options: Any,
) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy", **options}) as made:
        sheet = made.add_worksheet("DuLieu")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(at, column, value)
        change(made, sheet)
    return path


def load(path: Path) -> tuple[list[Batch], list[Fault]]:
    faults: list[Fault] = []
    loader = Loader()
    batches: list[Batch] = []
    document = Document(name=str(path), path=str(path), size=path.stat().st_size)
    for source in opened([document], faults.append, [TOY]):
        batches += loader.load(source, faults.append)
    return [*batches, *loader.rest()], faults


def rows(path: Path) -> list[list[str]]:
    """Number of each row, and its texts in the columns of the header."""
    ((_, tables, *_),) = load(path)[0]
    (table,) = tables.values()
    return [[row["_at"], *(row[name] for name in NAMES)] for row in table.to_pylist()]


def codes(path: Path) -> list[tuple[str, int]]:
    return [(fault.reason, fault.line) for fault in load(path)[1]]


@pytest.mark.parametrize("epoch", [False, True])
def test_a_row_is_texts_with_its_sheet_and_its_number(tmp_path, epoch) -> None:
    path = book(tmp_path / "a.xlsx", [["BẢNG KÊ"], [], HEADER, ROW, [], ROW], date_1904=epoch)
    assert rows(path) == [[4, *TEXTS], [6, *TEXTS]]
    ((_, tables, *_),), faults = load(path)
    assert set(tables["Dong"]["_part"].to_pylist()) == {"DuLieu"}
    assert set(tables["Dong"]["_file"].to_pylist()) == {str(path)}
    assert faults == []


@pytest.mark.parametrize("name", ["so.xls", "so.ods"])
def test_old_workbooks_and_those_of_libreoffice_are_read(name) -> None:
    path = Path(__file__).parent / "books" / name
    assert rows(path) == [[2, *TEXTS], [3, *TEXTS]]
    assert codes(path) == []


def test_columns_may_begin_anywhere(tmp_path) -> None:
    assert rows(book(tmp_path / "a.xlsx", [["", "", *HEADER], ["", "", *ROW]])) == [[2, *TEXTS]]


def test_numbers_as_texts_and_blanks_stay_as_they_are(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, ["1", " 00052\u00a0", "", "2020", "12", "34", "120,5"]])
    assert rows(path) == [[2, "1", " 00052\u00a0", "", "2020", "12", "34", "120,5"]]


def test_a_cell_merged_over_rows_stands_in_each(tmp_path) -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_range(1, 0, 2, 0, 7)

    path = book(tmp_path / "a.xlsx", [HEADER, ROW, ROW, ROW], merge)
    assert [row[1] for row in rows(path)] == ["7", "7", "1"]


def test_cells_merged_beside_the_table_are_left_alone(tmp_path) -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_range("A2:A3", "")
        sheet.merge_range("ZZ2:ZZ3", "")

    path = book(tmp_path / "a.xlsx", [["", *HEADER], ["", *ROW], ["", *ROW]], merge)
    assert rows(path) == [[2, *TEXTS], [3, *TEXTS]]


def test_truth_values_and_numbers_of_a_column_are_told_apart(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, *([value, *ROW[1:]] for value in (True, 1, False, 0))])
    assert [row[1] for row in rows(path)] == ["True", "1", "False", "0"]


def test_what_has_the_name_of_a_workbook_does_not_matter(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        archive.write(book(tmp_path / "so.xlsx", [HEADER, ROW]), "so.xlsx")
        archive.writestr("so.pdf", "scan", zipfile.ZIP_LZMA)
    assert [Path(item.name).name for item in find(tmp_path / "goi.zip", own=[TOY])] == ["so.xlsx"]


def test_error_values_formulas_without_value_and_hidden_rows_are_told(tmp_path) -> None:
    def spoil(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 6, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 6, "=A1", None, "")
        sheet.set_row(3, None, None, {"hidden": True})

    path = book(tmp_path / "a.xlsx", [HEADER, ROW, ROW, ROW], spoil)
    faults = load(path)[1]
    found = {fault.params["detail"]: (fault.line, fault.params["column"], fault.part) for fault in faults}
    assert found == {"error": (2, "G", "DuLieu"), "formula": (3, "G", "DuLieu"), "hidden": (4, "", "DuLieu")}
    assert [row[-1] for row in rows(path)] == ["", "", "120.5"]


def test_hidden_columns_that_are_read_are_told(tmp_path) -> None:
    def hide(_: Any, sheet: Any) -> None:
        for first, last in ((2, 3), (7, 9)):
            sheet.set_column(first, last, None, None, {"hidden": True})

    ((fault),) = load(book(tmp_path / "a.xlsx", [HEADER, ROW], hide))[1]
    assert (fault.reason, fault.part) == ("row", "DuLieu")
    assert fault.params == {"column": "C", "count": 2, "detail": "columns"}


def test_merged_cells_are_told(tmp_path) -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_range("D2:D3", "2020-01-31")
        sheet.merge_range("F2:G2", 7)

    faults = load(book(tmp_path / "a.xlsx", [HEADER, ROW, ROW], merge))[1]
    found = {fault.params["detail"]: (fault.line, fault.params["column"]) for fault in faults}
    assert found == {"rows": (2, "D"), "columns": (2, "F")}


def test_total_rows_are_left_out_and_told(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, ROW, ["Tổng cộng", "", "", "", "", "", 120.5]])
    assert rows(path) == [[2, *TEXTS]]
    assert codes(path) == [("row", 3)]


def test_unknown_columns_are_told(tmp_path) -> None:
    ((fault),) = load(book(tmp_path / "a.xlsx", [[*HEADER, "Lạ"], [*ROW, 1]]))[1]
    assert (fault.reason, fault.line) == ("column", 1)
    assert fault.params == {"column": "H", "name": "Lạ", "detail": "unknown"}


def test_a_scan_says_no_word_about_cells(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [[*HEADER, "Lạ"], [*ROW, 1]])
    faults: list[Fault] = []
    document = Document(name=str(path), path=str(path), size=path.stat().st_size)
    (batch,) = [b for s in opened([document], faults.append, [TOY]) for b in Loader().scan(s, faults.append)]
    assert (len(batch.tables["Dong"]), faults) == (1, [])


def test_other_sheets_are_left_alone(tmp_path) -> None:
    def guide(made: Any, _: Any) -> None:
        made.add_worksheet("CachNhap").write(0, 0, "Hướng dẫn")

    assert rows(book(tmp_path / "a.xlsx", [HEADER, ROW], guide)) == [[2, *TEXTS]]


def test_sheets_of_a_layout_are_one_batch_that_knows_the_columns_of_each(tmp_path) -> None:
    def second(made: Any, _: Any) -> None:
        sheet = made.add_worksheet("Tiep")
        sheet.write_row(1, 1, HEADER[::-1])
        sheet.write_row(2, 1, TEXTS[::-1])

    ((_, tables, _, columns, _),), faults = load(book(tmp_path / "a.xlsx", [HEADER, ROW], second))
    table = tables["Dong"]
    places = zip(*(table[name].to_pylist() for name in ("_part", "_at", "TD_dienTich")), strict=True)
    assert list(places) == [("DuLieu", 2, "120.5"), ("Tiep", 3, "120.5")]
    assert (columns["DuLieu"]["TD_dienTich"], columns["Tiep"]["TD_dienTich"]) == ("G", "B")
    assert faults == []


def test_the_nearest_template_is_named_and_what_lacks(tmp_path) -> None:
    path = book(tmp_path / "a.xlsx", [[*HEADER[:4], *"abcdefgh"], [*ROW[:4], *range(8)]])
    batches, (fault,) = load(path)
    assert (batches, fault.reason) == ([], "layout")
    assert "toy-sheet" in fault.params["reason"]["en"]
    assert "“maDon”" in fault.params["reason"]["vi"]


def test_a_table_is_found_if_it_has_the_header_of_a_layout(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("goi").mkdir()
    book(Path("goi/so.xlsx"), [HEADER, ROW])
    Path("goi/so.csv").write_text(f"{';'.join(HEADER)}\n{';'.join(TEXTS)}\n", "utf-8")
    Path("goi/danh-sach.csv").write_text("a;b\n1;2\n", "utf-8")
    Path("goi/hong.xls").write_bytes(Path("goi/so.xlsx").read_bytes()[:99])
    with zipfile.ZipFile("goi.zip", "w") as archive:
        for path in Path("goi").iterdir():
            archive.write(path)
    for goi in ("goi", "goi.zip"):
        skipped = Counter[str]()
        assert {Path(item.name).name for item in find([goi], skipped, [TOY])} == {"so.xlsx", "so.csv"}
        assert skipped == {".csv": 1, ".xls": 1}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_csv_is_a_table_too(tmp_path, encoding) -> None:
    path = tmp_path / "a.csv"
    path.write_text(";".join(HEADER) + "\n" + ";".join(TEXTS) + "\n", encoding)
    assert rows(path) == [[2, *TEXTS]]


@pytest.mark.parametrize("content", [b"PK\3\4" + b"\0" * 100, b"\xd0\xcf\x11\xe0" + b"\0" * 1000, b"a;b\n"])
def test_what_is_no_workbook_of_a_layout_is_one_fault(tmp_path, content) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    batches, faults = load(path)
    assert (batches, len(faults)) == ([], 1)


def test_what_is_written_is_read_again(tmp_path) -> None:
    table = pa.table(
        {field: pa.array([text, None], pa.string()) for field, text in zip(NAMES, TEXTS, strict=True)}
    )
    empty = pa.nulls(2, pa.string())
    for name in dictionary(TOY).classes["Dong"].columns:
        if name.element not in NAMES:
            table = table.append_column(name.element, empty)
    path = tmp_path / "a.xlsx"
    assert workbooks.write(path, TOY, [table, table]) == 4
    assert rows(path) == [[4, *TEXTS], [6, *TEXTS]]  # a row without a value is none
    with pytest.raises(LandXmlError):
        workbooks.write(path, TOY, [table])


def test_what_stands_in_a_cell_is_no_formula(tmp_path) -> None:
    names = [field.element for field in dictionary(TOY).classes["Dong"].columns]
    table = pa.table({name: pa.array(["=1+1" if name == "maDon" else "1"]) for name in names})
    path = tmp_path / "a.xlsx"
    workbooks.write(path, TOY, [table])
    ((_, tables, *_),), faults = load(path)
    assert (tables["Dong"]["maDon"].to_pylist(), faults) == (["=1+1"], [])


def test_what_looks_like_markup_of_a_workbook_is_text(tmp_path) -> None:
    names = [field.element for field in dictionary(TOY).classes["Dong"].columns]
    table = pa.table(
        {name: pa.array(["<r>A & B</r>" if name == "GCN_soPhatHanh" else "1"]) for name in names}
    )
    workbooks.write(tmp_path / "a.xlsx", TOY, [table])
    (row,) = rows(tmp_path / "a.xlsx")
    assert " <r>A & B</r>" in row or "<r>A & B</r>" in row
