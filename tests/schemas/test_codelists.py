from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

import landxml_schemas

STUDY = Path(__file__).resolve().parents[3] / "shared" / "format.md"
WORKBOOK = "VBDLIS workbook"
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
NAMES = list(landxml_schemas.codelists())
CROSSWALKS = sorted(file.stem for file in landxml_schemas.path("codelists", "crosswalks").glob("*.csv"))
COLUMNS = "code vi en valid_from deprecated valid_to evidence source"
EVIDENCE = {"E", "E-law", "N", "I", "R"}


def codes(name: str) -> set[str]:
    return {row["code"] for row in landxml_schemas.codelist(name)}


def test_lists_are_those_of_the_workbook_and_the_inline_ones():
    assert set(NAMES) >= {*SIZES, *INLINE}


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_whole(name):
    for row in landxml_schemas.codelist(name):
        assert list(row) == COLUMNS.split()
        assert row["code"], row
        assert row["vi"], row
        assert row["en"], row
        assert row["evidence"] in EVIDENCE, row
        assert row["source"], row
        assert "§" not in row["source"], row  # a section of ours says nothing to a reader
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


def test_every_file_is_named_in_the_index_with_its_titles():
    assert sorted(file.stem for file in landxml_schemas.path("codelists").glob("*.csv")) == NAMES
    for row in landxml_schemas.rows("codelists.csv"):
        assert list(row) == ["list", "vi", "en", "source"]
        assert all(row.values()), row


@pytest.mark.parametrize("name", NAMES)
def test_a_code_is_deprecated_while_it_is_in_the_list(name):
    for row in landxml_schemas.codelist(name):
        if row["deprecated"]:
            assert row["valid_from"] <= row["deprecated"] <= (row["valid_to"] or "9")


@pytest.mark.parametrize("name", CROSSWALKS)
def test_crosswalks_lead_from_codes_to_codes(name):
    rows = landxml_schemas.crosswalk(name)
    for row in rows:
        assert list(row) == ["code", "relation", "target", "evidence", "source"]
        assert row["relation"] in {"same", "successor"}
        assert row["target"] in codes(name), row
        # Vocabularies of other systems may stand in no list: the numbers of nationalities.
        assert row["code"] in codes(name) or (name == "QuocTich" and row["relation"] == "same"), row
        assert row["evidence"] in EVIDENCE
        assert row["source"], row
        assert "§" not in row["source"], row
    assert len({(row["code"], row["relation"], row["target"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", CROSSWALKS)
def test_successors_replace_what_ended_and_go_on(name):
    listed = landxml_schemas.codelist(name)
    ended = {row["code"] for row in listed if row["deprecated"] or row["valid_to"]}
    going_on = {row["code"] for row in listed if not row["deprecated"] and not row["valid_to"]}
    for row in landxml_schemas.crosswalk(name):
        if row["relation"] == "successor":
            assert row["code"] in ended
            assert row["target"] in going_on


def test_crosswalks_belong_to_lists():
    assert set(CROSSWALKS) <= set(NAMES)


@pytest.mark.skipif(not STUDY.exists(), reason="the format study is not at hand")
def test_land_use_codes_are_those_of_circular_08_2024():
    text = STUDY.read_text(encoding="utf-8")
    section = text.partition("### 11.1 ")[2].partition("### 11.2 ")[0]
    current = set(re.findall(r"\b[A-Z]{3}\b", section.partition("Group codes")[0]))
    legacy = section.partition("Legacy codes still met:")[2].partition(". Circular")[0]
    rows = {row["code"]: row for row in landxml_schemas.codelist("LoaiMucDichSuDung")}
    assert {code for code in current if rows[code]["deprecated"]} == set()
    assert set(re.findall(r"\b[A-Z]{3}\b", legacy)) == {code for code in rows if rows[code]["deprecated"]}
    groups = set(re.findall(r"\b[A-Z]{3}\b", section.partition("Group codes")[2].partition("Meanings")[0]))
    assert set(rows) == current | groups | {code for code in rows if rows[code]["deprecated"]}
