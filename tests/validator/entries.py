"""Rows on which rules of texts, addresses, classes and numbers of several records are tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.validator.content import certificate, entry, land, person, right
from tests.validator.deals import beside, of
from tests.validator.rows import Row, dossier, metadata, purpose

DAY = dt.date
SERIAL = {"soPhatHanh": "CD 123456", "soVaoSo": "CS 00123", "ngayCap": DAY(2020, 5, 20)}
CODED = {"maGiayChungNhan": "T12200000001"}
NUMBER = "022172000001"


def text(*offending: str, ok: list[str]) -> tuple[list[Row], list[str]]:
    """Rows of survey documents made by what a text says."""
    return of(
        "TaiLieuDoDac",
        *({"donViDoDac": said} for said in offending),
        ok=[{"donViDoDac": said} for said in ok],
    )


def address(**values: Any) -> dict[str, Any]:
    return {"maXa": "06652"} | values


SEVERAL: dict[str, tuple[list[Row], list[str]]] = {
    "UNQ008": (
        [
            certificate("ok", _file="a.xml", **SERIAL), certificate("ok2", _file="b.xml", **SERIAL),
            certificate("a", _file="c.xml", **SERIAL | {"ngayCap": DAY(2020, 5, 21)}),
            certificate("b", _file="d.xml", **SERIAL | {"soVaoSo": "CS 00124"}),
            certificate("ok3", _file="e.xml", **SERIAL | {"soVaoSo": "cs00123"}),
            certificate("ok4", _file="e.xml", **SERIAL | {"ngayCap": None}),
            certificate("ok5", _file="f.xml", **SERIAL | {"soPhatHanh": "CD 123457", "ngayCap": None}),
        ],
        ["a", "b"],
    ),
    "UNQ009": (
        [
            certificate("ok", soPhatHanh="CD 1", **CODED), certificate("ok2", soPhatHanh="cd1", **CODED),
            certificate("a", soPhatHanh="CD 2", **CODED),
            certificate("ok3", soPhatHanh="CD 3", maGiayChungNhan="T1"),
            certificate("ok4", soPhatHanh="CD 4", maGiayChungNhan="T1"),
            certificate("ok5", soPhatHanh="CD 5"),
        ],
        ["a"],
    ),
    "UNQ010": (
        [
            person("ok", maSoDinhDanh=NUMBER, namSinh=1972, gioiTinh=0),
            person("ok2", maSoDinhDanh=NUMBER, namSinh=1972),
            person("a", maSoDinhDanh=NUMBER, namSinh=1973, gioiTinh=0),
            person("b", maSoDinhDanh=NUMBER, namSinh=1972, gioiTinh=1), person("ok3", namSinh=1),
            person("ok4", namSinh=2),
        ],
        ["a", "b"],
    ),
    "UNQ011": (
        [*dossier("a"), *dossier("b"), *dossier("c", number=2), *dossier("e", sheet=2),
         *dossier("f", number=0), *dossier("g", number=0, sheet=2)],
        ["e"],
    ),
    "PKG017": (
        [metadata(_id="a", thoiDiemLap="2026-01-02 00:00:00"), metadata(thoiDiemLap="2026-01-01 23:00:00"),
         metadata(_id="b", ngayHieuLucMaDonVi=DAY(2026, 1, 2)), metadata()],
        ["a", "b"],
    ),
    "PTY024": (
        [("CaNhan", {"_id": key, "maSoThue": number}) for key, number in (
            ("a", "02207000000"), ("b", "022070000002"), ("c", "8000000001"), ("d", "8000000001-001"),
            ("e", None), ("f", "không"))],
        ["a"],
    ),
    "RGT014": (
        [*(("QuyenSoHuuTaiSanGanLienVoiDat", {"_id": key, "chu": chu, "taiSan": "n"})
           for key, chu in (("a", "p"), ("b", "p"), ("c", "q"), ("d", None), ("e", None))),
         *(("QuyenQuanLyDat", {"_id": key, "chu": "p", "thuaDat": land})
           for key, land in (("f", "n"), ("g", "t"), ("h", "t")))],
        ["b", "h"],
    ),
}  # fmt: skip

TEXTS: dict[str, tuple[list[Row], list[str]]] = {
    "TXT006": beside(
        [person("ok", hoTen="null")],
        text("NULL", " (null) ", "#N/A", "System.String", "NaN", "[object Object]", ok=["Null Nguyễn", "Nam",
        "System"]),
    ),
    "TXT007": text("Ðo", "đạ\u0441", "\u0410B", ok=["Đo đạc", "5 µm", "góc α", "\u041c\u043e"]),
    "TXT008": text(
        "ngừơi", "HÒANG", "tíên", "mùôn", "quỳên", "ngòai",
        ok=["người", "hòa", "hoà", "quý", "tiến", "muôn", "giò", "khỏe", "toàn", "của ô", "chị ê"],
    ),
    "TXT009": text(
        "t&#226;m", "A &amp; B", "%C3%A2", "\\u00e2", "a<br/>b",
        ok=["A & B", "50%", "x < y", "C:\\usr", "100% 20%"]
    ),
    "TXT010": text("hai  cách", ok=["một cách", " đầu", "cuối  "]),
}  # fmt: skip

PLACES: dict[str, tuple[list[Row], list[str]]] = {
    "ADM006": of(
        "DiaChi", address(tenTinh="Tỉnh Lạng Sơn"), address(tenTinh="HÀ NỘI"),
        ok=[
            address(tenTinh="Quảng Ninh"), address(tenTinh="tinh quang ninh"),
            address(tenTinh="Quảng Nính tỉnh"),
            address(maXa="00001", tenTinh="Tỉnh Lạng Sơn"), address(maXa="99999", tenTinh="Tỉnh Lạng Sơn"),
            address(),
        ],
    ),
    "ADM007": of(
        "DiaChi", address(tenXa="Phường Cao Xanh"),
        ok=[
            address(tenXa="P. Hà Tu"), address(tenXa="Phường Hà Phong"), address(tenXa="Phường Hà Tư gì đó"),
            address(maXa="00001", tenXa="Phường Cao Xanh"), address(),
        ],
    ),
    "ADM008": (
        [
            entry("a", maXa="06658"), land("t", _dossier="a", maXa="06652"),
            entry("ok", maXa="06652"), land("u", _dossier="ok", maXa="06652"),
            land("v", _dossier="ok", maXa="06658"),
            entry("ok2", maXa="00001"), land("w", _dossier="ok2", maXa="06652"), entry("ok3", maXa="06652"),
        ],
        ["a"],
    ),
    "ADM009": beside(
        [land("t", maXa="06652")],
        of(
            "NhaRiengLe", {"maXa": "06658", "thuaDat": ["t"]},
            ok=[{"maXa": "06652", "thuaDat": ["t"]}, {"maXa": "00001", "thuaDat": ["t"]}, {"maXa": "06658",
            "thuaDat": []}],
        ),
    ),
    "CPL001": (
        [
            entry("a"), entry("b", soThuTu=2), entry("ok"), land("t", _dossier="ok"), entry("ok2"),
            ("CanHo", {"_dossier": "ok2"}), entry("ok3", _dossier=None),
        ],
        ["a", "b"],
    ),
    "CPL002": of(
        "GiayChungNhan", {"loaiGiayChungNhan": 11},
        ok=[{"loaiGiayChungNhan": 11, "ngayCap": DAY(2020, 1, 1)}, {"loaiGiayChungNhan": 18}],
    ),
}  # fmt: skip

CLASSES: dict[str, tuple[list[Row], list[str]]] = {
    "LND017": of(
        "MucDichSuDung", {"ngayHetHanSuDung": DAY(2126, 1, 1)}, ok=[{"ngayHetHanSuDung": DAY(2125, 12, 31)}]
    ),
    "LND018": (
        [
            land("t", maXa="06724"), land("u", maXa="06652"), purpose("a", "t", maMucDichSuDung="ODT"),
            purpose("ok", "t", maMucDichSuDung="ONT"), purpose("ok2", "u", maMucDichSuDung="ODT"),
        ],
        ["a"],
    ),
    "LND019": (
        [
            land("a", loaiThuaDat="A"), land("ok", loaiThuaDat="E"), land("ok2", loaiThuaDat="B"),
            land("ok3", loaiThuaDat="C"),
            certificate("g"), right("r", thuaDat="a"), right("s", thuaDat="ok"),
            right("v", thuaDat="ok2", giayChungNhan="g"),
        ],
        ["a"],
    ),
    "LND020": (
        [
            *(land(name, loaiThuaDat=code) for name, code in {"a": "E", "b": "H", "ok": "A",
            "ok2": "G"}.items()),
            certificate("g"),
            *(right(f"r{name}", thuaDat=name, giayChungNhan="g") for name in ("a", "b", "ok", "ok2")),
            land("ok3", loaiThuaDat="E"), right("s", thuaDat="ok3"),
        ],
        ["a", "b"],
    ),
    "LND021": of(
        "TaiLieuDoDac", *({"tyLeDoDac": said} for said in ("500", "1/300", "Jan-00")),
        ok=[{"tyLeDoDac": said} for said in ("1/200", "1:10.000", "1 / 1000")],
    ),
    "LND022": of("TaiLieuDoDac", {"ngayHoanThanh": DAY(2026, 1, 2)}, ok=[{"ngayHoanThanh": DAY(2026, 1, 1)}]),
    "PTY018": of(
        "CaNhan", {"loaiDoiTuongSuDungDat": "TKT"},
        ok=[{"loaiDoiTuongSuDungDat": code} for code in ("CNV", "GDC", "NSD")]
    ),
    "PTY019": of(
        "ToChuc", {"loaiDoiTuongSuDungDat": "GDC"},
        ok=[{"loaiDoiTuongSuDungDat": code} for code in ("TKT", "TVN", "NQL")]
    ),
    "PTY020": of(
        "CaNhan", {"loaiDoiTuongSuDungDat": "CNV", "quocTichId": "KOR"},
        {"quocTichId": "VNM", "danTocId": 55},
        ok=[
            {"loaiDoiTuongSuDungDat": "NGV", "quocTichId": "KOR", "danTocId": 55},
            {"loaiDoiTuongSuDungDat": "CNV"},
            {"loaiDoiTuongSuDungDat": "CNV", "quocTichId": "Việt Nam"},
            {"loaiDoiTuongSuDungDat": "CNV", "quocTichId": "VNM", "danTocId": 1},
        ],
    ),
    "PTY021": of(
        "ToChuc", {"maSoThue": "9800000045"}, {"maSoThue": "980000004"}, {"maSoThue": "9800000044-01"},
        ok=[{"maSoThue": "9800000044"}, {"maSoThue": " 9800000044-001"}, {"maSoThue": "chưa có"}],
    ),
    "PTY022": of(
        "ToChuc", {"tenToChuc": "Mẫu"},
        ok=[{"tenToChuc": "Mẫu", name: "1"} for name in ("maDoanhNghiep", "maSoThue", "soQuyetDinh")] + [{}],
    ),
    "PTY023": beside(
        [("HoGiaDinh", {"chuHo": "p", "voChongChuHo": "q", "thanhVien": ["r", "s"]})],
        of(
            "NhomNguoiDongSuDung", {"nguoiDaiDien": "p", "thanhVien": ["q", "r"]},
            {"nguoiDaiDien": "p", "thanhVien": ["p", "q", "q"]},
            ok=[{"nguoiDaiDien": "p", "thanhVien": ["p", "q"]}, {"thanhVien": ["p", "q"]}],
        ),
    ),
}  # fmt: skip

ENTRIES = SEVERAL | TEXTS | PLACES | CLASSES
"""Rule code → rows, and the ids of those that offend."""
