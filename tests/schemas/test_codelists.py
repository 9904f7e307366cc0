from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

import landxml_schemas

STUDY = Path(__file__).resolve().parents[3] / "shared" / "format.md"
WORKBOOK = "[E] §1.7"
SIZES = {
    "DanToc": 56,
    "LoaiBanDoDiaChinh": 5,
    "LoaiBienDong": 35,
    "LoaiCanHo": 2,
    "LoaiDoiTuong": 5,
    "LoaiDoiTuongSuDungDat": 19,
    "LoaiGiaoDichBaoDam": 11,
    "LoaiGiayChungNhan": 12,
    "LoaiGiayToToChuc": 15,
    "LoaiGiayToTuyThan": 9,
    "LoaiMucDichSuDung": 53,
    "LoaiMucDichSuDungQuyHoach": 42,
    "LoaiNguonGocChuyenQuyen": 18,
    "LoaiNguonGocDat": 11,
    "LoaiNhaChungCu": 2,
    "LoaiNhaRiengLe": 3,
    "LoaiTaiSan": 9,
    "LoaiToChuc": 14,
    "LoaiVanBanHanChe": 25,
    "QuocTich": 249,
}
INLINE = {"DonViCap", "GioiTinh", "HinhThucXacThuc", "LoaiHanChe", "LoaiThuaDat"}
NAMES = landxml_schemas.codelists()


def codes(name: str) -> set[str]:
    return {row["code"] for row in landxml_schemas.codelist(name)}


def test_lists_are_those_of_the_workbook_and_the_inline_ones():
    assert set(NAMES) >= {*SIZES, *INLINE}


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_whole(name):
    for row in landxml_schemas.codelist(name):
        assert list(row) == ["code", "vi", "en", "valid_from", "valid_to", "source"]
        assert row["code"], row
        assert row["vi"], row
        assert row["en"], row
        assert re.match(r"\[(E|E-law|N|I|R)\] ", row["source"]), row
        for text in row.values():
            assert unicodedata.is_normalized("NFC", text), row
            assert text == text.strip(), row


@pytest.mark.parametrize("name", NAMES)
def test_a_code_means_one_thing_on_a_day(name):
    spans = [
        (
            row["code"],
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
        )
        for row in landxml_schemas.codelist(name)
    ]
    assert all(start <= end for _, start, end in spans)
    for (code, start, end), (other, begin, finish) in combinations(spans, 2):
        assert code != other or end < begin or finish < start, code


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_workbook_lists_are_complete(name, size):
    assert sum(row["source"].startswith(WORKBOOK) for row in landxml_schemas.codelist(name)) == size


@pytest.mark.skipif(not STUDY.exists(), reason="the format study is not at hand")
@pytest.mark.parametrize("name", SIZES)
def test_workbook_lists_say_what_the_study_says(name):
    text = STUDY.read_text(encoding="utf-8")
    found = re.search(rf"^\*\*(?:DM_)?{name}\*\* \((\d+) entries\) +\n(.+)$", text, re.MULTILINE)
    assert found
    studied = dict(re.findall(r"`([^`]+)`(?: (.+?))?(?=[;,] `|$)", found[2]))
    kept = {
        row["code"]: row["vi"] for row in landxml_schemas.codelist(name) if row["source"].startswith(WORKBOOK)
    }
    assert len(studied) == int(found[1]) == SIZES[name]
    assert studied.keys() == kept.keys()
    if name != "QuocTich":  # the study has its codes only
        assert studied == kept


@pytest.mark.parametrize(
    ("name", "some"),
    [
        ("DonViCap", {"0", "1", "2"}),
        ("GioiTinh", {"0", "1", "2"}),
        ("HinhThucXacThuc", {"1", "2", "3"}),
        ("LoaiDoiTuongSuDungDat", {"GDC", "CNV", "NGV", "KTQ"}),
        ("LoaiGiayChungNhan", {"11", "97", "98", "99"}),
        ("LoaiGiayToTuyThan", {"CCCD", "SHK", *map(str, range(1, 11))}),
        ("LoaiHanChe", {"1", "2", "3", "4"}),
        ("LoaiMucDichSuDung", {"ONT", "CNT", "MCS", "NNP", "COC", "RDM", "TSK"}),
        ("LoaiNguonGocChuyenQuyen", {"1", "21", *(f"NCQ-{n}" for n in range(1, 18))}),
        ("LoaiThuaDat", set("ABCDEGH")),
    ],
)
def test_later_and_inline_codes_are_there(name, some):
    assert codes(name) >= some


def test_a_new_certificate_starts_with_its_law():
    (row,) = (row for row in landxml_schemas.codelist("LoaiGiayChungNhan") if row["code"] == "98")
    assert row["valid_from"] == "2025-01-01"
