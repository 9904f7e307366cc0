"""Nothing of a row is lost unseen: what became of its cells sums up to what was read."""

from __future__ import annotations

import pytest
from hypothesis import given

from landxml_mappings import loss
from tests.mappings.test_rows import COMMA, COUPLE, LAYOUT, PARCEL, Row, loaded, sheets, table
from tests.marks import costly


def found(*rows: Row) -> dict[str, loss.Loss]:
    return {each.element: each for each in loss.losses(loaded(table(rows)), LAYOUT)}


def test_each_cell_is_carried_changed_or_dropped_for_a_reason() -> None:
    counts = found(
        PARCEL
        | COUPLE
        | {"STT": "1", "ghiChu": "x", "maXa": "52", "TD_dienTich": "120,5", "mucDich1": "ONT"},
        PARCEL | COUPLE | {"TD_dienTich": "7", "GCN_ngayCap": "31/02/2020", "nguonGoc1": "DG-KTT"},
    )
    assert counts["STT"].dropped == {"lost": 1}
    assert counts["maXa"] == loss.Loss(element="maXa", read=2, carried=1, changed={"zeros": 1})
    assert counts["CHU_gioiTinh"].changed == {"word": 2}
    assert (counts["CHU_ngaySinh"].carried, counts["VC_ngaySinh"].changed) == (2, {"date": 2})
    assert counts["TD_dienTich"] == loss.Loss(
        element="TD_dienTich", read=2, carried=1, dropped={"conflict": 1}
    )
    assert counts["GCN_ngayCap"].dropped == {"unread": 1}
    assert counts["mucDich1"].carried == 1


def test_what_cannot_be_read_is_told_with_its_place() -> None:
    con = loaded(
        table([PARCEL, PARCEL | {"GCN_ngayCap": "31/02/2020", "CHU_hoTen": "A", "CHU_ngaySinh": "1961"}])
    )
    ((place, element, text),) = loss.unread(con, LAYOUT)
    assert (place.part, place.at, element, text) == ("DuLieu", 5, "GCN_ngayCap", "31/02/2020")


@pytest.mark.parametrize("text", ["NCQ-9; lạ", "DG-KTT; DG-CTT", "DG-KTT, DG-CTT", "lạ"])
def test_a_cell_with_an_item_that_no_field_takes_is_told(text) -> None:
    con = loaded(table([PARCEL | {"mucDich1": "ONT", "nguonGoc1": text}, PARCEL | {"nguonGoc1": "DG-KTT"}]))
    (cell,) = loss.unread(con, LAYOUT)
    assert (cell[0].at, cell[1], cell[2]) == (4, "nguonGoc1", text)
    ((lost),) = (each for each in loss.losses(con, LAYOUT) if each.element == "nguonGoc1")
    assert (lost.read, lost.dropped) == (2, {"unread": 1})


def test_the_comma_of_a_word_parts_no_items() -> None:
    con = loaded(table([PARCEL | {"mucDich1": "ONT", "nguonGoc1": COMMA}]))
    assert list(loss.unread(con, LAYOUT)) == []


def test_values_that_no_cell_said_are_counted() -> None:
    con = loaded(table([PARCEL, PARCEL | {"TD_soThuTuThua": "35", "TD_inSoLieuCu": "1"}]))
    counts = loss.defaulted(con, LAYOUT)
    assert (counts["ThuaDat.inSoLieuCu"], counts["ThuaDat.laDoiTuongChiemDat"]) == (1, 2)


@given(sheets())
@costly(5)
def test_the_counts_sum_up_to_what_was_read(rows: list[Row]) -> None:
    for name, each in found(*rows).items():
        assert each.read == sum(bool(row.get(name)) for row in rows)
        assert each.read == each.carried + sum(each.changed.values()) + sum(each.dropped.values())
