"""Lists of JSON objects: what is read of them, and what is said of those that are damaged or hostile."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from landxml.carriers import Batch, Opened, carrier
from landxml.carriers import json as lists
from landxml.documents import Refusal
from landxml.faults import Fault
from landxml.layouts import builtin
from landxml.load import opened
from landxml.sources import find

LAYOUT = builtin()["mplis-json"]
OBJECT = {
    "DANGKYQUYEN_tinhHinhDangKyId": 7001, "THUADAT_xaId": 6652, "THUADAT_soHieuToBanDo": 12,
    "THUADAT_soThuTuThua": 345, "THUADAT_dienTich": 120.50, "CANHAN1_hoTen": "Nguyễn Văn Mẫu",
    "CANHAN1_gioiTinh": True, "TINHHINHDANGKY_thoiDiemDangKy": None,
}  # fmt: skip
TEXT = json.dumps([OBJECT, OBJECT], ensure_ascii=False, indent=1)


def load(data: str | bytes) -> tuple[list[Batch], list[Fault]]:
    faults: list[Fault] = []
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(carrier(LAYOUT).load(Opened("ds.json", stream), faults.append)), faults


def column(data: str | bytes, name: str) -> list[Any]:
    batches, _ = load(data)
    return [value for batch in batches for value in batch.tables["Dong"][name].to_pylist()]


def known(path: Path) -> tuple[str | None, str]:
    (source,) = opened(find(path), lambda _: None)
    return source.layout.id if source.layout else None, source.problem.what.en if source.problem else ""


def test_values_are_texts_as_they_are_written():
    text = TEXT.replace("120.5", "120.50", 1)
    assert column(text, "THUADAT_dienTich") == ["120.50", "120.5"]
    assert column(text, "CANHAN1_gioiTinh") == ["1", "1"]
    assert column(text, "TINHHINHDANGKY_thoiDiemDangKy") == [None, None]
    assert column(text, "_at") == [1, 2]
    assert column(text, "_part") == ["$", "$"]
    assert load(text)[1] == []


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("/Date(1388509200000)/", "2014-01-01"),
        ("/Date(-157766400000+0700)/", "1965-01-01"),
        ("/Date(999999999999999)/", "/Date(999999999999999)/"),
        ("01/02/2014", "01/02/2014"),
    ],
)
def test_dates_of_the_web_application_become_days(written, date):
    text = json.dumps([OBJECT | {"TINHHINHDANGKY_thoiDiemDangKy": written}, OBJECT])
    assert column(text, "TINHHINHDANGKY_thoiDiemDangKy") == [date, None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_unicode_encoding_is_read(encoding):
    assert column(TEXT.encode(encoding), "CANHAN1_hoTen") == ["Nguyễn Văn Mẫu"] * 2


@pytest.mark.parametrize("block", [1, 7, 100])
@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_blocks_and_chunks_change_nothing(block, chunk, monkeypatch):
    whole = load(TEXT)[0][0].tables["Dong"]
    monkeypatch.setattr(lists, "BLOCK", block)
    monkeypatch.setattr(lists, "CHUNK", chunk)
    assert load(TEXT)[0][0].tables["Dong"].combine_chunks().equals(whole.combine_chunks())


def test_a_member_that_comes_late_is_a_column_too(monkeypatch):
    monkeypatch.setattr(lists, "CHUNK", 1)
    text = json.dumps([OBJECT, OBJECT | {"THUADAT_diaChi": "Tổ 1"}])
    assert column(text, "THUADAT_diaChi") == [None, "Tổ 1"]


# What is wrong with objects


def said(data: str | bytes) -> list[tuple[str, int, dict[str, Any]]]:
    return [(fault.reason, fault.line, fault.params) for fault in load(data)[1]]


def test_what_is_no_object_is_left_out():
    text = json.dumps([5, OBJECT, None, [1]])
    assert [(reason, at) for reason, at, _ in said(text)] == [("row", 1), ("row", 3), ("row", 4)]
    assert column(text, "_at") == [2]


def test_a_member_that_is_there_twice_is_told_and_the_later_taken():
    text = TEXT.replace('"THUADAT_xaId": 6652', '"THUADAT_xaId": 1, "THUADAT_xaId": 2, "la": 1, "la": 2', 1)
    assert column(text, "THUADAT_xaId") == ["2", "6652"]
    found = [(reason, at, params["column"], params["detail"]) for reason, at, params in said(text)]
    assert found == [
        ("column", 1, "THUADAT_xaId", "twice"),
        ("column", 1, "…", "twice"),
        ("column", 0, "la", "field"),
    ]


def test_members_that_differ_in_case_are_one_and_lose_nothing():
    bare = {name: value for name, value in OBJECT.items() if name != "THUADAT_xaId"}
    text = json.dumps(
        [OBJECT, bare | {"thuadat_xaid": 7}, *(OBJECT | {"thuadat_xaid": n} for n in (None, 8))]
    )
    assert column(text, "THUADAT_xaId") == ["6652", "7", "6652", "8"]
    assert [(at, params["column"], params["detail"]) for _, at, params in said(text)] == [
        (4, "THUADAT_xaId", "twice")
    ]


def test_members_that_are_no_elements_are_named_but_not_without_end():
    text = json.dumps([OBJECT | {f"la{n}": n for n in range(3)}] * 2)
    assert [params["column"] for _, _, params in said(text)] == ["la0", "la1", "la2"]
    assert len(said(json.dumps([OBJECT | {f"la{n}": n for n in range(5_000)}]))) == lists.MOST_NAMES


def test_the_name_of_a_type_is_no_value():
    text = json.dumps([OBJECT, *[OBJECT | {"THUADAT_geo": "System.Collections.Generic.List`1[T]"}] * 2])
    assert column(text, "THUADAT_geo") == [None, None, None]
    assert said(text) == [("cell", 2, {"column": "THUADAT_geo", "count": 2, "detail": "type"})]


def test_half_a_character_is_replaced():
    assert column(TEXT.replace('"Nguyễn Văn Mẫu"', r'"a\ud800b"', 1), "CANHAN1_hoTen")[0] == "a?b"


def test_values_with_values_inside_are_kept_as_text():
    text = json.dumps([OBJECT | {"THUADAT_geo": {"type": "Polygon", "x": [1]}}])
    assert column(text, "THUADAT_geo") == ['{"type": "Polygon", "x": ["1"]}']


# What cannot be read to its end


@pytest.mark.parametrize(
    ("data", "reason", "rows"),
    [
        ("", "truncated", 0),
        ("[", "truncated", 0),
        ("[" + json.dumps(OBJECT), "truncated", 1),
        ("[" + json.dumps(OBJECT) + ",", "truncated", 1),
        ("[" + json.dumps(OBJECT) + ', {"a": "b', "truncated", 1),
        ("[" + json.dumps(OBJECT) + ', {"a" "b"}]', "malformed", 1),
        ("[" + json.dumps(OBJECT) + "] []", "malformed", 1),
        ("[" + json.dumps(OBJECT) + ' {"a": 1}]', "malformed", 1),
        ("[" + json.dumps(OBJECT) + ", {'a': 1}]", "malformed", 1),
        ('[{"a": NaN}]', "malformed", 0),
        ('[{"a": "\x01"}]', "malformed", 0),
        ("[1,]", "malformed", 0),
        ("{}", "malformed", 0),
        ("[" + '{"a":' * 100_000, "limit", 0),
        ("[" * 200_000, "limit", 0),
        (TEXT.encode("cp1258", "replace"), "encoding", 0),
        (TEXT.encode("utf-16")[:-1], "encoding", 2),
    ],
)
def test_a_mistake_is_one_fault(data, reason, rows):
    batches, faults = load(data)
    found = [fault for fault in faults if fault.reason not in {"row", "column"}]
    assert [fault.reason for fault in found] == [reason]
    assert set(found[0].params["reason"]) == {"vi", "en"}
    assert sum(len(batch.tables["Dong"]) for batch in batches) == rows


def test_a_mistake_has_its_line():
    lines = TEXT.replace("12,", "12 12,", 1).encode()
    (fault,) = load(lines)[1]
    assert (fault.reason, fault.line) == ("malformed", 5)


def test_every_cut_is_a_finding():
    data = TEXT.encode()
    for cut in range(len(data)):
        reasons = [fault.reason for fault in load(data[:cut])[1]]
        assert reasons in (["truncated"], ["encoding"]), cut


def test_huge_numbers_are_texts():
    huge = "9" * 50_000
    assert column(TEXT.replace("345", huge, 1), "THUADAT_soThuTuThua") == [huge, "345"]
    assert column(TEXT.replace("345", "1e999999", 1), "THUADAT_soThuTuThua") == ["1e999999", "345"]


def test_a_list_beyond_the_limits_is_refused(monkeypatch):
    monkeypatch.setattr(lists, "LARGEST", 1_000)
    batches, faults = load(json.dumps([OBJECT] * 10))
    assert [fault.reason for fault in faults] == ["limit"]
    assert 0 < len(batches[0].tables["Dong"]) < 10
    monkeypatch.setattr(lists, "BLOCK", 100)
    monkeypatch.setattr(lists, "LARGEST_OBJECT", 1_000)
    assert [fault.reason for fault in load('[{"a": "' + "x" * 9_000)[1]] == ["limit"]


# Recognition


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("indent", [None, 1])
def test_it_is_known_by_its_members(encoding, indent, tmp_path):
    path = tmp_path / "ds.json"
    path.write_bytes(json.dumps([OBJECT], indent=indent).encode(encoding))
    assert known(path) == ("mplis-json", "")
    assert known(tmp_path)[0] == "mplis-json"


def test_an_object_longer_than_what_is_looked_at_is_known_all_the_same(tmp_path):
    path = tmp_path / "ds.json"
    path.write_text(json.dumps([OBJECT | {"THUADAT_geo": "x" * 100_000}]))
    assert known(path)[0] == "mplis-json"


@pytest.mark.parametrize(
    "data", ["[]", "[1]", '[{"a": 1, "b": 2, "c": 3}]', '{"THUADAT_xaId": 1}', "[" * 9_999, "["]
)
def test_other_json_is_not_taken_for_it(data, tmp_path):
    path = tmp_path / "ds.json"
    path.write_text(data)
    layout, why = known(path)
    assert (layout, bool(why)) == (None, True)
    assert [isinstance(found, Refusal) for found in find(tmp_path)] == [True]
