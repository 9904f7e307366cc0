"""Workbooks under the rules: findings point to the cells of the sheet that was given."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from landxml_validator import validate

NAMES = (
    "DDK_maXa", "TD_soHieuToBanDo", "TD_soThuTuThua", "TD_dienTich", "TD_diaChiChiTiet",
    "TD_maMucDichSuDung", "TD_dienTichMDSD", "TD_thoiHanSuDung",
)  # fmt: skip
ROW = ("06652", "12", "345", "120.5", "Tổ 1, khu 2", "ODT", "120.5", "Lâu dài")


def places(path: Path, *sheets: tuple[tuple[str, ...], ...]) -> dict[str, list[str]]:
    """Where each rule finds something."""
    report = validate([_book(path, *sheets)], workers=1)
    return {
        result.rule.code: [finding.where.removeprefix(f"{path}!") for finding in result.samples]
        for result in report.results if result.count
    }  # fmt: skip


def _book(path: Path, *sheets: tuple[tuple[str, ...], ...]) -> Path:
    """Write a workbook; the table of a sheet begins in B3."""
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows, 2):
                sheet.write_row(at, 1, row)
    return path


def test_findings_point_to_cells(tmp_path: Path) -> None:
    wrong = ("06652", "12", "", "rộng", "Tổ 1, khu 2", "đất lạ", "120.5", "Lâu dài")
    assert places(tmp_path / "a.xlsx", ((*NAMES, "cột lạ"), ROW, wrong)) == {
        "MAP001": ["Sheet1!J3"],
        "MAP005": ["Sheet1!D5"],
        "XSD002": ["Sheet1!E5"],
        "COD001": ["Sheet1!G5"],
    }


def test_findings_about_a_further_land_use_point_to_its_columns(tmp_path: Path) -> None:
    parts = ("maMucDichSuDung", "dienTich", "thoiHanSuDung")
    uses = (f"MD{number}_{name}" for number in (1, 2, 3) for name in parts)
    names = ("DVHC_maXa", "TD_soHieuToBanDo", "TD_soThuTuThua", "TD_diaChi", "TD_dienTich", *uses)
    house, strange = ("ODT", "100", "Lâu dài"), ("đất lạ", "20.5", "Lâu dài")
    parcel = (*ROW[:3], "Tổ 1, khu 2", "120.5", *house, *strange)
    other = (*ROW[:2], "346", *parcel[3:8], "CLN", "20.5", "Lâu dài", "đất khác", "0", "")
    assert places(tmp_path / "a.xlsx", (names, parcel, other)) == {
        "COD001": ["Sheet1!J4", "Sheet1!M5"],
        "LND005": ["Sheet1!O5"],
        "LND012": ["Sheet1!N5"],
    }


def test_lost_zeros_and_words_among_codes_are_told_once_for_a_column(tmp_path: Path) -> None:
    low = [("6652", "12", str(number), *ROW[3:5], "Đất ở tại đô thị", *ROW[6:]) for number in range(3)]
    report = validate([_book(tmp_path / "a.xlsx", (NAMES, *low))], workers=1)
    (result,) = (each for each in report.results if each.rule.code == "MAP006")
    found = [(each.column, each.at, each.params["taken"], each.params["count"]) for each in result.samples]
    assert found == [("B", 4, "06652", 3), ("G", 4, "ODT", 3)]


def test_a_shifted_column_is_told_once(tmp_path: Path) -> None:
    rows = [(*ROW[:2], str(number), f"Tổ {number}, khu 2", *ROW[4:]) for number in range(1, 5)]
    assert places(tmp_path / "a.xlsx", (NAMES, *rows)) == {"XSD002": ["Sheet1!E4"]}


def test_a_year_of_two_digits_is_no_date(tmp_path: Path) -> None:
    rows = ((*NAMES, "DDK_ngayTiepNhan"), (*ROW, "02/01/10"))
    assert places(tmp_path / "a.xlsx", rows)["XSD002"] == ["Sheet1!J4"]


def test_an_owner_is_no_total_row(tmp_path: Path) -> None:
    names = ("TC_tenToChuc", *NAMES)
    owners = ("Tổng công ty Mẫu", "Cộng đồng dân cư thôn Mẫu")
    rows = [(owner, *ROW[:2], str(number), *ROW[3:]) for number, owner in enumerate(owners, 1)]
    total = [(text, *[""] * 8) for text in ("Tổng cộng toàn xã", "Cộng: 2 thửa", "TỔNG SỐ")]
    report = validate([_book(tmp_path / "a.xlsx", (names, *rows, *total))], workers=1)
    assert report.records["ToChuc"] == 2
    assert {each.rule.code: each.count for each in report.results if each.count}["MAP003"] == 3


def test_a_parcel_of_two_sheets_is_one(tmp_path: Path) -> None:
    table = (NAMES[::-1], ROW[::-1])
    assert places(tmp_path / "a.xlsx", (NAMES, ROW), table) == {}
    table = (NAMES[::-1], (*ROW[:3], "130", *ROW[4:])[::-1])
    assert places(tmp_path / "b.xlsx", (NAMES, ROW), table) == {"MAP004": ["Sheet1!E4"]}
