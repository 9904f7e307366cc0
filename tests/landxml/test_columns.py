from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from landxml import layouts
from landxml.columns import columns_of
from landxml.dictionary import dictionary

TOY = layouts.load(Path(__file__).parents[1] / "layouts" / "toy_sheet")
FIELDS = next(iter(dictionary(TOY).classes.values())).columns
WORDS = [field.vi for field in FIELDS]
CODES = [field.element for field in FIELDS]
DATA = ["1", "00052"]


def spoilt(text: str) -> str:
    """The same words as people type them."""
    return unicodedata.normalize("NFD", f"  {text.upper()} (*)\n").replace(" ", "\u00a0", 1)


@pytest.mark.parametrize("header", [CODES, WORDS, [*map(spoilt, WORDS)], [*map(str.lower, CODES)]])
def test_columns_are_known_by_codes_and_by_words_however_written(header) -> None:
    found = columns_of([["BẢNG KÊ"], [], header, DATA], [TOY])
    assert found is not None
    assert (found.header, found.first) == ((2,), 3)
    assert [*found.elements.values()] == CODES
    assert (found.unknown, found.ambiguous, found.missing) == ({}, {}, ())


def test_columns_may_stand_in_any_order() -> None:
    order = sorted(range(len(CODES)), key=lambda at: at * 7 % 33)
    found = columns_of([[WORDS[at] for at in order], DATA], [TOY])
    assert found is not None
    assert [*found.elements.values()] == [CODES[at] for at in order]


def test_words_above_merged_columns_count() -> None:
    above = ["", "", "Thửa đất", "", "Giấy chứng nhận"]
    found = columns_of([above, ["TT", "Mã xã", "Số thửa", "Tờ bản đồ số", "Số phát hành"], DATA], [TOY])
    assert found is not None
    assert [*found.elements.values()] == [
        "STT", "maXa", "TD_soThuTuThua", "TD_soHieuToBanDo", "GCN_soPhatHanh",
    ]  # fmt: skip


def test_the_item_row_is_no_data_and_tells_columns_of_one_name_apart() -> None:
    header = ["Mã xã", "Số phát hành", "Ngày cấp GCN", "Hình thức pháp lý"]
    found = columns_of([header, ["(1)", "(2)", "(3)", "(4)"], DATA], [TOY])
    assert found is not None
    assert found.first == 2


def test_columns_of_one_name_are_blocks_in_their_order() -> None:
    found = columns_of([["Mã xã", "Số thửa", "Loại đất", "Diện tích", "Loại đất", "Diện tích"], DATA], [TOY])
    assert found is not None
    assert [*found.elements.values()][2:] == ["mucDich1", "dienTichMDSD1", "mucDich2", "dienTichMDSD2"]


def test_what_is_unknown_or_one_too_many_is_named() -> None:
    known = ["Mã xã", "Số thửa", "Số phát hành", "Ngày cấp GCN", "Tờ bản đồ số", "Tên tệp quét"]
    found = columns_of([[*known, "Cột lạ", "Loại đất", "Loại đất", "Loại đất", "Số thửa"], DATA], [TOY])
    assert found is not None
    assert found.unknown == {6: "Cột lạ"}
    assert found.ambiguous == {7: "Loại đất", 8: "Loại đất", 9: "Loại đất", 10: "Số thửa"}
    assert "TT" in found.missing


def test_lines_that_explain_the_header_are_no_data() -> None:
    layout = layouts.builtin()["vbdlis-sheet-129"]
    codes = [field.element for field in next(iter(dictionary(layout).classes.values())).columns]
    explained = ["giải thích"] * len(codes)
    found = columns_of([codes, explained, explained, explained, ["1", "00052"]], [layout])
    assert found is not None
    assert found.first == 4
    shorter = columns_of([codes, ["1", "00052"]], [layout])
    assert shorter is not None
    assert shorter.first == 1


@pytest.mark.parametrize("rows", [[], [[]], [["a", "b", "c"]], [["Mã xã", "b", "c", "d", "e", "f"]]])
def test_a_table_of_another_kind_is_none(rows) -> None:
    assert columns_of(rows, [TOY]) is None


@pytest.mark.parametrize(
    "name", [each.id for each in layouts.builtin().values() if each.carrier == "workbook"]
)
def test_each_layout_is_told_from_all_others_in_any_order_of_its_columns(name) -> None:
    known = [each for each in layouts.builtin().values() if each.carrier == "workbook"]
    layout = layouts.builtin()[name]
    fields = next(iter(dictionary(layout).classes.values())).columns
    header = [next(iter(each.names), each.element) for each in fields]
    order = sorted(range(len(header)), key=lambda at: at * 37 % 101)
    items = [next((each[1:] for each in field.names if each.startswith("#")), "") for field in fields]
    found = columns_of([[header[at] for at in order], [items[at] for at in order]], known)
    assert found is not None
    assert found.layout.id == name
    right = sum(found.elements.get(at) == fields[order[at]].element for at in range(len(order)))
    assert right >= 0.9 * len(fields)
