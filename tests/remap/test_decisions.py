from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from landxml.errors import LandXmlError
from landxml_remap.decisions import Choice, choices
from landxml_units import TWO_TIERS_SINCE


def written(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return str(path)


def test_a_table_says_where_parcels_sheets_and_communes_go(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        "\ufeffnew_commune;old_sheet;old_commune;old_parcel;note\n06661;7;06655;;\n06706;7;06655;12;x\n;8;06655;;\n07682;;07693;;\n",
    )
    assert choices(path, TWO_TIERS_SINCE) == [
        Choice("06655", "06661", "7"),
        Choice("06655", "06706", "7", "12"),
        Choice("07693", "07682"),
    ]


def test_rows_of_a_reference_table_without_a_parcel_speak_of_one_record(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        "class,id,old_commune,new_commune,old_sheet,old_parcel,basis\n"
        "ThuaDat,T.1,06655,06661,7,12,geometry\nThuaDat,T.2,06655,06706,,3,\nThuaDat,T.3,06655,,7,,\n"
        "DiaChi,D.1,06655,06661,,,parcel\nDiaChi,D.2,06655,06706,,,\n,,07693,07682,,,\n",
    )
    assert choices(path, TWO_TIERS_SINCE) == [
        Choice("06655", "06661", "7", "12"),
        Choice("06655", "06706", cls="ThuaDat", id="T.2"),
        Choice("06655", "06706", cls="DiaChi", id="D.2"),
        Choice("07693", "07682"),
    ]


def test_codes_that_a_spreadsheet_took_for_numbers_get_their_zeros_back(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["maXaCu", "soHieuToBanDo", "maXaMoi"])
        sheet.write_row(1, 0, [6655, 7, 6661])
    assert choices(str(path), TWO_TIERS_SINCE) == [Choice("06655", "06661", "7")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("old_commune,sheet\n06655,7\n", "needed are: .*new_commune"),
        ("", "needed are: old_commune"),
        ("old_commune,new_commune\n06655,06655\n", "2: there is no commune 06655"),
        ("old_commune,sheet,new_commune\n06655,7,06661\n06655,7,06706\n", "3: two new communes for 06655/7"),
        ("old_commune,parcel,new_commune\n06655,12,06661\n", "2: parcel 12 lacks its sheet"),
        ("class,id,old_commune,new_commune\nA,B,06655,06661\nA,B,06655,06706\n", "communes for 06655/A/B"),
        ("old_commune,new_commune\n06655,079188246813\n", "2: there is no commune ‹9{12}›"),
        ("old_commune,sheet,new_commune\nX,Lê Mẫu,06661\nX,Lê Mẫu,06706\n", "communes for X/‹Xx Xxx›$"),
    ],
)
def test_a_table_that_cannot_be_followed_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(LandXmlError, match=said) as told:
        choices(written(tmp_path / "a.csv", text), TWO_TIERS_SINCE)
    assert told.value.what.vi


def test_what_was_quoted_for_a_spreadsheet_is_meant_without_the_quote(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Old commune;old_sheet;new_commune\n'06655;'=1+cmd|x;06661\n")
    assert choices(path, TWO_TIERS_SINCE) == [Choice("06655", "06661", "=1+cmd|x")]


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\3\4old_commune")
    with pytest.raises(LandXmlError, match=r"cut off|damaged"):
        choices(str(path), TWO_TIERS_SINCE)
