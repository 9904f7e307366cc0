"""Tables of sheet numbers, as MPLIS and officers write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from landxml.errors import LandXmlError
from landxml_mappings.sheets import Renumbering, read

MPLIS = "tinhId,xaId,tinhIdCu,xaIdCu,soHieuToBanDo,soHieuToBanDoCu,soThuTuThua,soThuTuThuaCu,tyLe,ghiChu\n"


def written(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return str(path)


def test_the_table_of_mplis(tmp_path: Path) -> None:
    """Repeated rows count once; parcels that are empty or 0 keep their numbers."""
    text = (
        MPLIS
        + "22,6652,22,6700,101,1,,,1:500,Xã Mẫu\n22,06652,22,06700,101,1,0,0,500,Xã Mẫu\n"
        + "22,06652,22,06700,102,1,8,7,,\n"
    )
    assert read(written(tmp_path / "to.csv", text)) == [
        Renumbering("06700", 1, None, "06652", 101, None, "500"),
        Renumbering("06700", 1, 7, "06652", 102, 8, None),
    ]


def test_the_table_of_an_officer(tmp_path: Path) -> None:
    text = (
        "old_commune,old_sheet,old_parcel,new_sheet,new_parcel\n6655,1,,101,\n06655,2,3,101,900\n06655,9,,,\n"
    )
    assert read(written(tmp_path / "a.csv", text)) == [
        Renumbering("06655", 1, None, None, 101, None, None),
        Renumbering("06655", 2, 3, None, 101, 900, None),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("old_commune,old_sheet,new_sheet\n06655,1,DC5\n", "whole numbers"),
        (MPLIS + "22,06652,22,06700,101,x,,,,\n", "whole numbers"),
        ("xaId,soHieuToBanDo\n06655,1\n", "a column is missing"),
    ],
)
def test_what_is_no_table_of_sheets(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LandXmlError, match=said):
        read(written(tmp_path / "b.csv", text))
