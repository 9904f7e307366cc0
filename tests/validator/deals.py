"""Rows on which the rules of changes, mortgages, obligations and assets are tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.validator.content import certificate, land
from tests.validator.rows import Row

DAY = dt.date


def of(cls: str, *offending: dict[str, Any], ok: list[dict[str, Any]]) -> tuple[list[Row], list[str]]:
    """Rows of one class: those that offend, and those that do not."""
    named = [(f"bad{n}", values) for n, values in enumerate(offending)]
    return (
        [(cls, {"_id": name} | values) for name, values in named]
        + [(cls, {"_id": f"ok{n}"} | values) for n, values in enumerate(ok)],
        [name for name, _ in named],
    )


def beside(more: list[Row], case: tuple[list[Row], list[str]]) -> tuple[list[Row], list[str]]:
    """Return a case with rows of other classes."""
    return more + case[0], case[1]


NOON, DAWN = "2021-03-01 12:00:00", "2026-01-02 00:00:00"
SPRING, TOMORROW = DAY(2021, 3, 1), DAY(2026, 1, 2)
BEFORE = DAY(2021, 2, 28)
SECURED = "GiaoDichBaoDam"
TRANSACTIONS: dict[str, tuple[list[Row], list[str]]] = {
    "TXN001": of("GiaoDich", {"thoiDiemDangKyBienDong": DAWN},
    ok=[{"thoiDiemDangKyBienDong": "2026-01-01 23:59:59"}]),
    "TXN002": of(
        "GiaoDich", {"thoiDiemDangKyBienDong": NOON, "ngayHopDong": DAY(2021, 3, 2)},
        {"thoiDiemDangKyBienDong": NOON, "ngayHopDong": BEFORE, "ngayCongChung": DAY(2021, 3, 2)},
        ok=[{"thoiDiemDangKyBienDong": NOON, "ngayHopDong": SPRING}, {"ngayHopDong": SPRING}],
    ),
    "TXN003": of(
        SECURED, {"ngayBatDau": SPRING, "ngayKetThuc": BEFORE},
        ok=[{"ngayBatDau": SPRING, "ngayKetThuc": SPRING}]
    ),
    "TXN004": of(SECURED, {"thoiDiemDangKy": TOMORROW}, ok=[{"thoiDiemDangKy": DAY(2026, 1, 1)}]),
    "TXN005": of(
        SECURED, {"loaiGiaoDichBaoDam": 2}, {"loaiGiaoDichBaoDam": 10},
        ok=[{"loaiGiaoDichBaoDam": 2, "giaoDichBaoDamCha": "x"},
        {"loaiGiaoDichBaoDam": 0}, {"loaiGiaoDichBaoDam": 8}, {"loaiGiaoDichBaoDam": 9}],
    ),
    "TXN006": of(
        SECURED, {"giaoDichBaoDamCha": "ok0", "thoiDiemDangKy": BEFORE},
        ok=[{"thoiDiemDangKy": SPRING}, {"giaoDichBaoDamCha": "ok0", "thoiDiemDangKy": SPRING},
        {"giaoDichBaoDamCha": "x"}],
    ),
    "TXN007": beside(
        [("GiaoDich", {"_id": "t", "loaiGiaoDichBienDong": "TC"}),
        ("GiaoDich", {"_id": "x", "loaiGiaoDichBienDong": "XC"})],
        of(
            SECURED, {"loaiGiaoDichBaoDam": 2, "giaoDich": "t"}, {"loaiGiaoDichBaoDam": 0, "giaoDich": "x"},
            ok=[
                {"loaiGiaoDichBaoDam": 2, "giaoDich": "x"}, {"loaiGiaoDichBaoDam": 9, "giaoDich": "t"},
                {"loaiGiaoDichBaoDam": 4, "giaoDich": "x"},
            ],
        ),
    ),
    "TXN008": of(
        SECURED, {"loaiGiaoDichBaoDam": 0, "benTheChap": [], "benNhanTheChap": ["b"]},
        {"loaiGiaoDichBaoDam": 1, "benTheChap": ["a"], "benNhanTheChap": []},
        {"loaiGiaoDichBaoDam": 8, "benTheChap": ["a"], "benNhanTheChap": ["b"], "benBaoLanh": []},
        ok=[
            {"loaiGiaoDichBaoDam": 0, "benTheChap": ["a"], "benNhanTheChap": ["b"], "benBaoLanh": []},
            {"loaiGiaoDichBaoDam": 2, "benTheChap": [], "benNhanTheChap": []},
        ],
    ),
    "TXN009": of(
        SECURED, {"benTheChap": ["a", "b"], "benNhanTheChap": ["b"]},
        ok=[{"benTheChap": ["a"], "benNhanTheChap": ["b"]}]
    ),
    "TXN010": beside(
        [land("t", dienTich=100), land("u", dienTich=100, dienTichPhapLy=110)],
        of(
            "ChiTietGiaoDichBaoDam", {"taiSan": "t", "dienTichTheChap": "100.6"},
            ok=[{"taiSan": "t", "dienTichTheChap": "100.5"}, {"taiSan": "u", "dienTichTheChap": 110},
            {"taiSan": "t"}],
        ),
    ),
    "TXN011": of(
        "NghiaVuTaiChinh", {"tongSoTien": 100, "tongSoTienMienGiam": 40, "tongSoTienNo": 61},
        {"tongSoTien": 100, "tongSoTienMienGiam": -1, "tongSoTienNo": 0},
        ok=[{"tongSoTien": 100, "tongSoTienMienGiam": 40, "tongSoTienNo": 60}, {"tongSoTien": 1,
        "tongSoTienNo": 9}],
    ),
    "TXN012": of(
        "NghiaVuTaiChinh", {"hoanThanh": True, "tongSoTienNo": 1},
        ok=[{"hoanThanh": True, "tongSoTienNo": 0}, {"hoanThanh": False, "tongSoTienNo": 1}],
    ),
    "TXN013": beside(
        [
            *(("MienGiamNghiaVuTaiChinh",
            {"nghiaVuTaiChinh": name, "soTienMienGiam": 20}) for name in ("bad0", "ok0", "ok0")),
            *(("NoNghiaVuTaiChinh", {"nghiaVuTaiChinh": name, "soTienNo": 5}) for name in ("bad1", "ok0")),
        ],
        of(
            "NghiaVuTaiChinh", {"tongSoTienMienGiam": 21}, {"tongSoTienNo": 6},
            ok=[{"tongSoTienMienGiam": 40, "tongSoTienNo": 5}, {"tongSoTienMienGiam": 7}],
        ),
    ),
    "TXN014": of(
        "DangKyThayDoi", {"laThuaDat": True, "canHo": "c"}, {"laThuaDat": False, "thuaDat": "t"},
        ok=[{"laThuaDat": True, "thuaDat": "t"}, {"laThuaDat": False, "canHo": "c"}, {"thuaDat": "t"},
        {"laThuaDat": True}],
    ),
    "TXN015": beside(
        [("GiaoDich", {"_id": "g", "thoiDiemDangKyBienDong": NOON})],
        of(
            "DangKyThayDoi", {"giaoDich": "g", "thoiDiemDangKyThayDoi": "2021-02-28 23:00:00"},
            ok=[{"giaoDich": "g", "thoiDiemDangKyThayDoi": "2021-03-01 01:00:00"}, {"giaoDich": "g"}],
        ),
    ),
    "TXN016": beside(
        [certificate("g", ngayCap=SPRING), certificate("f", ngayCap=TOMORROW)],
        of(
            "NoiDungInXacNhan", {"giayChungNhan": "g", "ngayXacNhan": BEFORE},
            ok=[{"giayChungNhan": "g", "ngayXacNhan": SPRING}, {"giayChungNhan": "f", "ngayXacNhan": SPRING}],
        ),
    ),
    "TXN017": (
        [("NghiaVuTaiChinh", {"_id": "a", "ngayBatDau": DAY(2026, 1, 2)}),
        ("NghiaVuTaiChinh", {"ngayBatDau": DAY(2026, 1, 1)}), ("NghiaVuTaiChinh", {}),
        ("GiayToToChuc", {"_id": "b", "ngayCap": DAY(2999, 1, 1)})],
        ["a", "b"],
    ),
}  # fmt: skip

BUILDING: list[Row] = [
    ("NhaChungCu", {"_id": "n", "soTang": " 3", "tongSoCan": 2, "dienTichSan": 300}),
    ("NhaChungCu", {"_id": "m", "soTang": "ba"}),
]
ASSETS: dict[str, tuple[list[Row], list[str]]] = {
    "AST001": beside(
        [("CanHo", {"dienTichSan": 1}), ("RungTrong", {"dienTich": 1}), ("NhaRiengLe", {})],
        of("CongTrinhNgam", {"dienTichCongTrinh": 0}, {"dienTichCongTrinh": -1}, ok=[{"dienTichCongTrinh": 1},
        {}]),
    ),
    "AST002": beside(
        [("CanHo", {"dienTichSan": 100, "dienTichSuDung": 100})],
        of(
            "NhaRiengLe", {"dienTichSan": 100, "dienTichSanPhu": 5, "dienTichSuDung": 106},
            ok=[
                {"dienTichSan": 100, "dienTichSanPhu": 5, "dienTichSuDung": 105}, {"dienTichSuDung": 9},
                {"dienTichSan": 0, "dienTichSuDung": 9},
            ],
        ),
    ),
    "AST003": beside(
        [land("t", dienTich=100), land("u", dienTich=50)],
        of(
            "RungTrong", {"dienTich": 101, "thuaDat": ["t"]}, {"dienTich": 101, "thuaDat": ["t", "t"]},
            ok=[
                {"dienTich": "100.5", "thuaDat": ["t"]}, {"dienTich": 150, "thuaDat": ["t", "u"]},
                {"dienTich": 900, "thuaDat": ["t", "x"]}, {"dienTich": 900, "thuaDat": []},
            ],
        ),
    ),
    "AST004": of(
        "NhaChungCu", {"thuaDat": []}, ok=[{"thuaDat": ["t"]}, {"thuaDat": [], "khuChungCu": "k"}]
    ),
    "AST005": beside(
        BUILDING,
        of(
            "CanHo", {"nhaChungCu": "n", "tangSo": 4},
            ok=[{"nhaChungCu": "n", "tangSo": 3}, {"nhaChungCu": "n", "tangSo": -1}, {"nhaChungCu": "m",
            "tangSo": 9}],
        ),
    ),
    "AST006": (
        [*BUILDING, *(("CanHo", {"nhaChungCu": name}) for name in "nnnmmm"), ("NhaChungCu",
        {"_id": "k", "tongSoCan": 3})],
        ["n"],
    ),
    "AST007": of(
        "CanHo", {"nhaChungCu": "n", "soHieuCanHo": "z 1", "_at": 99},
        ok=[
            {"nhaChungCu": "n", "soHieuCanHo": "Z1"}, {"nhaChungCu": "m", "soHieuCanHo": "Z1"},
            {"nhaChungCu": "n"}, {"nhaChungCu": "n"}, {"soHieuCanHo": "Z1"},
        ],
    ),
    "AST008": of(
        "HangMucCongTrinh", {"namXayDung": 2020, "namHoanThanh": 2019},
        ok=[{"namXayDung": 2019, "namHoanThanh": 2019}]
    ),
    "AST009": of(
        "CongTrinhXayDung", {"namHoanThanh": 2027},
        {"namHoanThanh": 2027, "loaiQuyenSoHuuCongTrinhXayDung": 2},
        ok=[{"namHoanThanh": 2026}, {"namHoanThanh": 2027, "loaiQuyenSoHuuCongTrinhXayDung": 1}],
    ),
    "AST010": (
        [*BUILDING, *(("CanHo", {"nhaChungCu": "n", "dienTichSan": area}) for area in (150, "151.1")),
        ("CanHo", {"nhaChungCu": "m"})],
        ["n"],
    ),
    "AST011": (
        [*(("RungTrong", {"_id": key, "thuaDat": [land], "tenRung": "Rừng mẫu", "dienTich": 50})
        for key, land in (("a", "t"), ("b", "t"), ("c", "u"))), ("RungTrong", {"thuaDat": []}),
        ("CayLauNam", {"thuaDat": ["t"], "tenCayLauNam": "Rừng mẫu", "dienTich": 50})],
        ["b"],
    ),
}  # fmt: skip

DEALS = TRANSACTIONS | ASSETS
"""Rule code → rows, and the ids of those that offend."""
