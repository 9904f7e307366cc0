"""Codes out of tables that people made: whatever the column is called, wherever it stands."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter

from landxml.errors import LandXmlError
from landxml_units.code_column import HEADERS, codes


@pytest.mark.parametrize("header", [*HEADERS, "Mã xã", "MÃ_XÃ", "mã đơn vị hành chính", "Old code"])
def test_the_column_is_known_by_its_name(tmp_path: Path, header: str) -> None:
    path = tmp_path / "xa.csv"
    path.write_text(f"STT,{header},Tên\n1,00001,a\n2,00004,b\n3,00001,c\n4,,d\n", "utf-8")
    assert codes(path) == Counter({"00001": 2, "00004": 1})


def test_sheets_are_counted_together_and_those_without_codes_passed_over(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "xa.xlsx") as book:
        for rows in ([["maXa"], ["00001"], [4]], [["Ghi chú"], ["00007"]], [["x", "MaXa"], ["", " 00001 "]]):
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    assert codes(tmp_path / "xa.xlsx") == Counter({"00001": 2, "4": 1})


def test_a_name_in_the_column_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "xa.csv").write_text("maXa\nLê Văn Mẫu\n079085001234\n", "utf-8")
    assert set(codes(tmp_path / "xa.csv")) == {"‹Xx Xxx Xxx›", "‹999999999999›"}


def test_a_table_without_such_a_column_is_told_which_names_are_known(tmp_path: Path) -> None:
    (tmp_path / "xa.csv").write_text("tên\nHà Tu\n", "utf-8")
    with pytest.raises(LandXmlError) as told:
        codes(tmp_path / "xa.csv")
    assert told.value.file == str(tmp_path / "xa.csv")
    for header in HEADERS:
        assert header in told.value.what.en
        assert header in told.value.what.vi
