"""Rows of a flat layout ↔ national records: the laws of the mapping, on a toy layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landxml import cast, layouts
from landxml.dictionary import national
from landxml_mappings import from_rows, to_rows
from landxml_mappings.loss import conflicts
from landxml_mappings.row_spec import row_mapping
from tests.marks import costly

LAYOUT = layouts.load(Path(__file__).parents[1] / "layouts" / "toy_sheet")
SPEC = row_mapping(LAYOUT)
Row = dict[str, str]


def table(rows: Sequence[Row], places: Sequence[int] | None = None) -> pa.Table:
    names = [*SPEC.elements]
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    system = {
        "_file": pa.array(["a.xlsx"] * len(rows)),
        "_part": pa.array(["DuLieu"] * len(rows)),
        "_at": pa.array(places or range(4, 4 + len(rows)), pa.int64()),
    }
    return pa.table(system | columns)


def loaded(rows: pa.Table) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    cast.clear(con, national())
    from_rows.apply(con, LAYOUT, rows)
    return con


def records(con: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """All records by class, without their places."""
    found = {}
    for name in SPEC.classes:
        rows = con.sql(f'SELECT * EXCLUDE (_file, _part, _at) FROM "{name}" ORDER BY _id').to_arrow_table()
        found[name] = [{k: v for k, v in row.items() if v is not None} for row in rows.to_pylist()]
    return found


def one(con: duckdb.DuckDBPyConnection, cls: str) -> dict[str, Any]:
    (found,) = records(con)[cls]
    return found


PARCEL = {"maXa": "00052", "GCN_soPhatHanh": "CD 123456", "TD_soHieuToBanDo": "12", "TD_soThuTuThua": "34"}
COUPLE = {
    "CHU_hoTen": "Trần Văn Mẫu", "CHU_ngaySinh": "1961", "CHU_gioiTinh": "NAM",
    "VC_hoTen": "Lê Thị Mẫu", "VC_ngaySinh": "02/03/1965", "VC_gioiTinh": "nữ",
}  # fmt: skip


COMMA = "DG-KTT; Nhận chuyển quyền do giải quyết khiếu nại, tố cáo"


def test_a_person_on_several_rows_of_a_dossier_is_one_person() -> None:
    rows = [PARCEL | COUPLE, PARCEL | COUPLE | {"TD_soThuTuThua": "35"}]
    found = records(loaded(table(rows)))
    assert [(one["hoTen"], one["namSinh"], one["gioiTinh"]) for one in found["CaNhan"]] == [
        ("Lê Thị Mẫu", 1965, 0), ("Trần Văn Mẫu", 1961, 1),
    ]  # fmt: skip
    assert [one["_id"] for one in found["ThuaDat"]] == ["ThuaDat.00052-12-34", "ThuaDat.00052-12-35"]
    (couple,) = found["VoChong"]
    assert (couple["vo"], couple["chong"]) == tuple(one["_id"] for one in found["CaNhan"])
    assert [one["chu"] for one in found["QuyenSuDungDat"]] == [couple["_id"]] * 2
    assert {one["_dossier"] for each in found.values() for one in each} == {couple["_dossier"]}


def test_the_same_person_in_two_dossiers_is_two_records() -> None:
    rows = [PARCEL | COUPLE, PARCEL | COUPLE | {"GCN_soPhatHanh": "CD 123457", "TD_soThuTuThua": "35"}]
    assert len(records(loaded(table(rows)))["CaNhan"]) == 4


@pytest.mark.parametrize(
    ("given", "cls", "field", "value"),
    [
        ({"maXa": "52"}, "ThuaDat", "maXa", "00052"),
        ({"TD_dienTich": " 120,5\u00a0"}, "ThuaDat", "dienTich", "120.5000"),
        ({"TD_inSoLieuCu": "1"}, "ThuaDat", "inSoLieuCu", "True"),
        ({}, "ThuaDat", "inSoLieuCu", "False"),
        ({}, "ThuaDat", "laDoiTuongChiemDat", "False"),
        ({"GCN_loai": "giấy  hợp thức hoá"}, "GiayChungNhan", "loaiGiayChungNhan", "7"),
        ({"GCN_loai": "7"}, "GiayChungNhan", "loaiGiayChungNhan", "7"),
        ({"GCN_ngayCap": "Ngày 01 tháng 8 năm 2014"}, "GiayChungNhan", "ngayCap", "2014-08-01"),
        ({"GCN_ngayCap": "2014-08-01"}, "GiayChungNhan", "ngayCap", "2014-08-01"),
        ({"mucDich1": "ont"}, "MucDichSuDung", "maMucDichSuDung", "ONT"),
        ({"mucDich1": "ONT", "nguonGoc1": "NCQ-9; DG-KTT"}, "NguonGocDat", "nguonGoc", "DG-KTT"),
        ({"mucDich1": "ONT", "nguonGoc1": "NCQ-9; DG-KTT"}, "NguonGocDat", "nguonGocChuyenQuyen", "NCQ-9"),
        ({"mucDich1": "ONT", "nguonGoc1": COMMA}, "NguonGocDat", "nguonGocChuyenQuyen", "NCQ-4"),
        ({"mucDich1": "đất lạ"}, "MucDichSuDung", "maMucDichSuDung", "đất lạ"),
    ],
)
def test_what_a_cell_says_becomes_the_national_value(given: Row, cls: str, field: str, value: str) -> None:
    assert str(one(loaded(table([PARCEL | given])), cls)[field]) == value


def test_scans_in_one_cell_are_one_record_each() -> None:
    con = loaded(table([PARCEL | {"HS_tep": "a.pdf, b.pdf,c.pdf"}]))
    assert [each["tenFile"] for each in records(con)["ChiTietHoSoQuet"]] == ["a.pdf", "b.pdf", "c.pdf"]


def test_a_record_has_the_place_of_its_first_row() -> None:
    con = loaded(table([PARCEL | COUPLE, PARCEL | COUPLE | {"TD_soThuTuThua": "35"}], [7, 8]))
    assert con.sql('SELECT DISTINCT _file, _part, _at FROM "CaNhan"').fetchall() == [("a.xlsx", "DuLieu", 7)]
    assert con.sql('SELECT _at FROM "ThuaDat" ORDER BY 1').fetchall() == [(7,), (8,)]


def test_rows_that_contradict_each_other_are_told_with_both_places() -> None:
    rows = [PARCEL | {"TD_dienTich": "5"}, PARCEL | {"TD_dienTich": "5,0"}, PARCEL | {"TD_dienTich": "6"}]
    (found,) = conflicts(loaded(table(rows)), LAYOUT)
    assert (found.cls, found.id, found.field) == ("ThuaDat", "ThuaDat.00052-12-34", "dienTich")
    assert (found.value, found.place.at, found.other, found.other_place.at) == ("5.0000", 4, "6.0000", 6)


def test_three_purposes_in_two_blocks_take_a_second_row() -> None:
    rows = [
        PARCEL | {"mucDich1": "ONT", "dienTichMDSD1": "1", "mucDich2": "CLN", "dienTichMDSD2": "2"},
        PARCEL | {"mucDich1": "LUC", "dienTichMDSD1": "3"},
    ]
    con = loaded(table(rows))
    written = to_rows.rows(con, LAYOUT)
    assert [len(written), *written["mucDich1"].to_pylist(), *written["mucDich2"].to_pylist()] == [
        2, "CLN", "LUC", "ONT", None,
    ]  # fmt: skip
    assert records(loaded(placed(written))) == records(con)


def placed(rows: pa.Table) -> pa.Table:
    return table(rows.to_pylist())


def cells(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *values])


def person(block: str) -> st.SearchStrategy[Row]:
    """Who somebody is says what is known of them: rows agree with each other."""
    people = [
        {"hoTen": name, "ngaySinh": birth, "gioiTinh": sex, "GT_soGiayTo": paper, "GT_loaiGiayTo": kind}
        for name, birth, sex, paper, kind in [
            ("Trần Văn Mẫu", "1961", "Nam", "", ""),
            ("Lê Thị Mẫu", "02/03/1965", "Nữ", "012345678", "Chứng minh nhân dân"),
            ("Lê Thị Mẫu", "1966", "Nữ", "001", "5"),
            ("Đỗ Mẫu", "", "Nam", "", ""),
            ("", "", "", "", ""),
        ]
    ]
    return st.sampled_from(people).map(lambda one: {f"{block}_{name}": value for name, value in one.items()})


@st.composite
def sheets(draw: st.DrawFn) -> list[Row]:
    rows = []
    for _ in range(draw(st.integers(1, 8))):
        serial = draw(st.sampled_from(["CD 123456", "CD123456", "BA 000001", "S 1"]))
        dossier = serial.replace(" ", "")
        number = draw(st.integers(1, 3))
        first, second = draw(person("CHU")), draw(person("VC"))
        if list(first.values()) == list(second.values()):
            second = {}
        row = first | second | {
            "GCN_soPhatHanh": serial, "GCN_ngayCap": {"S1": "01/02/2003"}.get(dossier, "2020-01-31"),
            "GCN_loai": {"S1": "Giấy hợp thức hóa"}.get(dossier, ""), "maXa": "00052",
            "maDon": f"Đơn {dossier}",
            "TD_soHieuToBanDo": "1", "TD_soThuTuThua": f"{number}", "TD_dienTich": f"{number}00,5",
            "TD_inSoLieuCu": "1" if number == 2 else "", "TD_diaChi": f"Thôn {number}",
            "TC_tenToChuc": draw(cells("Công ty Mẫu")), "HS_tep": {"S1": "a.pdf, b.pdf"}.get(dossier, ""),
        }  # fmt: skip
        for block in "12":
            purpose = draw(cells("ONT", "CLN", "luc"))
            origins = {"ONT": "NCQ-9; DG-KTT", "CLN": "DG-KTT", "luc": ""}
            if purpose:
                row |= {
                    f"mucDich{block}": purpose, f"dienTichMDSD{block}": f"{len(origins[purpose])}{number}",
                    f"nguonGoc{block}": origins[purpose],
                }  # fmt: skip
        rows.append(row)
    return rows


@given(sheets(), st.randoms())
@costly(8)
def test_the_order_of_rows_makes_no_difference(rows: list[Row], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    assert records(loaded(table(shuffled))) == records(loaded(table(rows)))


@given(sheets())
@costly(8)
def test_splitting_a_file_between_dossiers_makes_no_difference(rows: list[Row]) -> None:
    whole = records(loaded(table(rows)))
    dossiers: dict[str, list[Row]] = {}
    for row in rows:
        dossiers.setdefault(row["GCN_soPhatHanh"].replace(" ", ""), []).append(row)
    parts = [records(loaded(table(each))) for each in dossiers.values()]
    for name, found in whole.items():
        ids = {each["_id"]: each for part in parts for each in part[name]}
        assert {each["_id"] for each in found} == ids.keys()
        if SPEC.ordinal(name):
            assert found == sorted(ids.values(), key=lambda each: each["_id"])


@pytest.mark.slow
@given(sheets())
@settings(max_examples=40, deadline=None)
def test_national_records_come_back_from_rows_as_they_were(rows: list[Row]) -> None:
    con = loaded(table(rows))
    assert shared(records(loaded(placed(to_rows.rows(con, LAYOUT))))) == shared(records(con))


def shared(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The same without the dossier of records that several may share: only what refers to them says it."""
    for name in (name for name in found if not SPEC.ordinal(name)):
        for each in found[name]:
            del each["_dossier"]
    return found
