from __future__ import annotations

import datetime as dt

import pytest

from landxml_remap.addresses import Tail, commune_of, tail

BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
OLD, NEW = "00001", "00097"  # Phường Phúc Xá, Quận Ba Đình → Phường Hồng Hà


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Tổ 3, Phường Phúc Xá, Quận Ba Đình, TP. Hà Nội", "Tổ 3, Phường Hồng Hà, Thành phố Hà Nội"),
        ("12 An Xá - phường Phúc Xá - quận Ba Đình - Hà Nội.", "12 An Xá - phường Hồng Hà - Hà Nội."),
        ("P. Phúc Xá, Q. Ba Đình, TP. Hà Nội", "Phường Hồng Hà, Thành phố Hà Nội"),
        ("Phúc Xá, Ba Đình, Hà Nội ", "Hồng Hà, Hà Nội "),
        ("Tổ 3, phường Phúc Xá", "Tổ 3, phường Hồng Hà"),
        ("Tổ 3, Phường Phúc Xá, Quận Ba Đình", "Tổ 3, Phường Hồng Hà, Thành phố Hà Nội"),
    ],
)  # fmt: skip
def test_only_the_end_of_an_address_changes(text: str, becomes: str) -> None:
    made = tail(text, OLD, BEFORE, NEW, AFTER)
    assert made is not None
    assert text.removesuffix(made.old) + made.new == becomes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Phúc Xá",  # may be a hamlet
        "Phường Trúc Bạch, Quận Ba Đình, Thành phố Hà Nội",  # another commune
        "Phường Phúc Xá, Quận Tây Hồ, Thành phố Hà Nội",  # another district
        "Hà Nội, Quận Ba Đình, Phường Phúc Xá",
        "Phường Phúc Xá, gần chợ Long Biên",
        "phuong Phuc Xa, quan Ba Dinh, Ha Noi",  # not as it is spelt
    ],
)
def test_an_address_that_does_not_clearly_name_the_old_commune_stays(text: str) -> None:
    assert tail(text, OLD, BEFORE, NEW, AFTER) is None


def test_a_text_without_a_code_is_understood_if_there_is_only_one_such_commune() -> None:
    assert commune_of("Số 5, Phường Phúc Xá, Quận Ba Đình, Hà Nội", BEFORE) == OLD
    # Several communes of Lạng Sơn have this name; the whole address tells them apart.
    assert commune_of("Phường Hoàng Văn Thụ, Thành phố Lạng Sơn, Tỉnh Lạng Sơn", BEFORE) == "05971"
    assert commune_of("Hoàng Văn Thụ, Lạng Sơn", BEFORE) is None
    assert commune_of("Phường Phúc Xá", BEFORE) is None
    assert commune_of("", BEFORE) is None


def test_between_two_days_of_three_tiers_districts_stay() -> None:
    early, late = dt.date(2019, 1, 1), dt.date(2025, 1, 1)
    text = "Xã Thanh Lòa, Huyện Cao Lộc, Tỉnh Lạng Sơn"
    assert tail(text, "06193", early, "06193", late) == Tail(text, text)
