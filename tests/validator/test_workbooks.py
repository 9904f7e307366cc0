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
    """Where each rule finds something; the table of a sheet begins in B3."""
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows, 2):
                sheet.write_row(at, 1, row)
    report = validate([path], workers=1)
    return {
        result.rule.code: [finding.where.removeprefix(f"{path}!") for finding in result.samples]
        for result in report.results if result.count
    }  # fmt: skip


def test_findings_point_to_cells(tmp_path: Path) -> None:
    wrong = ("06652", "12", "", "rộng", "Tổ 1, khu 2", "đất lạ", "120.5", "Lâu dài")
    assert places(tmp_path / "a.xlsx", ((*NAMES, "cột lạ"), ROW, wrong)) == {
        "MAP001": ["Sheet1!J3"],
        "MAP005": ["Sheet1!D5"],
        "XSD002": ["Sheet1!E5"],
        "COD001": ["Sheet1!G5"],
    }


def test_a_parcel_of_two_sheets_is_one(tmp_path: Path) -> None:
    table = (NAMES[::-1], ROW[::-1])
    assert places(tmp_path / "a.xlsx", (NAMES, ROW), table) == {}
    table = (NAMES[::-1], (*ROW[:3], "130", *ROW[4:])[::-1])
    assert places(tmp_path / "b.xlsx", (NAMES, ROW), table) == {"MAP004": ["Sheet1!E4"]}
