"""Rows on which rules of content are tried: those that offend, and their nearest neighbours that do not."""

from __future__ import annotations

import datetime as dt

from tests.validator.rows import Row, purpose

DAY = dt.date
NEW_YEAR = DAY(2070, 1, 1)
BARRED = {"maVach": "0665220000123", "ngayCap": DAY(2020, 5, 20)}


def land(identifier: str = "t", **values: object) -> Row:
    return "ThuaDat", {"_id": identifier} | values


def origin(parent: str, **values: object) -> Row:
    return "NguonGocDat", {"_parent": parent} | values


def person(identifier: str = "p", **values: object) -> Row:
    return "CaNhan", {"_id": identifier} | values


def paper(parent: str, identifier: str = "ok", **values: object) -> Row:
    return "GiayToTuyThan", {"_parent": parent, "_id": identifier} | values


def certificate(identifier: str = "g", **values: object) -> Row:
    return "GiayChungNhan", {"_id": identifier} | values


LAND: dict[str, tuple[list[Row], list[str]]] = {
    "LND008": (
        [land("a", dienTichPhapLy=0), land("b", dienTichPhapLy=-1), land("c", dienTichPhapLy="0.1")],
        ["a", "b"],
    ),
    "LND009": (
        [
            land("a", soHieuToBanDoCu="3"), land("b", soThuTuThuaCu="17"),
            land("c", soHieuToBanDoCu="3", soThuTuThuaCu="17"),
        ],
        ["a", "b"],
    ),
    "LND010": (
        [
            land("a", inSoLieuCu=True), land("b", inSoLieuCu=False),
            land("c", inSoLieuCu=True, soThuTuThuaCu="1"),
            land("d", inSoLieuCu=True, soHieuToBanDoCu="1"),
        ],
        ["a"],
    ),
    "LND011": (
        [land("a", soThuTuThua=0), land("b", soThuTuThua=1),
        land("c", soThuTuThua=0, laDoiTuongChiemDat=True)],
        ["a"],
    ),
    "LND012": (
        [purpose("a", "t", dienTich=0), purpose("b", "t", dienTich=-1), purpose("c", "t", dienTich="0.1")],
        ["a", "b"],
    ),
    "LND013": (
        [
            purpose("a", "t", dienTich=100), origin("a", dienTich=50), origin("a", dienTich=49),
            purpose("b", "t", dienTich=100), origin("b", dienTich="99.5"),
            purpose("c", "t", dienTich=100), origin("c", dienTich=50), origin("c"),
            purpose("d", "t", dienTich=100), origin("d", dienTich=200),
        ],
        ["a"],
    ),
    "LND014": (
        [
            purpose(name, "t", thoiHanSuDung=term, ngayHetHanSuDung=NEW_YEAR)
            for name, term in {
                "a": "Đến 02/01/2070", "b": "01-01-2071", "c": "đến ngày 1 tháng 02 năm 2070",
                "d": "01/01/2070", "e": "đến ngày 01 tháng 01 năm 2070", "f": "2071",
                "g": "từ 1/1/2020 đến 1/1/2071",
            }.items()
        ] + [purpose("h", "t", thoiHanSuDung="02/01/2070")],
        ["a", "b", "c"],
    ),
    "LND015": (
        [
            purpose("a", "t", thoiHanSuDung="Lâu dài"), origin("a", nguonGoc="DT-THN"),
            origin("a", nguonGoc="11"),
            purpose("b", "t", thoiHanSuDung="Lâu dài"), origin("b", nguonGoc="CNQ-CTT"),
            purpose("c", "t", thoiHanSuDung="50 năm"), origin("c", nguonGoc="DT-THN"),
            purpose("d", "t", thoiHanSuDung="Lâu dài", ngayHetHanSuDung=NEW_YEAR),
            origin("d", nguonGoc="DT-THN"),
        ],
        ["a"],
    ),
}  # fmt: skip

PARTIES: dict[str, tuple[list[Row], list[str]]] = {
    "PTY007": (
        [
            person("p", namSinh=1970), paper("p", "a", ngayCap=DAY(1969, 12, 31)),
            paper("p", ngayCap=DAY(1970, 1, 1)),
            person("q", namSinh=1970, ngaySinh=DAY(1970, 2, 3)), paper("q", "b", ngayCap=DAY(1970, 2, 2)),
            person("r"), paper("r", ngayCap=DAY(1900, 1, 1)),
        ],
        ["a", "b"],
    ),
    "PTY008": (
        [paper("p", "a", ngayCap=DAY(2026, 1, 2)), paper("p", ngayCap=DAY(2026, 1, 1)), paper("p")],
        ["a"],
    ),
    "PTY009": (
        [
            paper("p", "a", loaiGiayToTuyThan="CCCD", ngayCap=DAY(2015, 12, 31)),
            paper("p", "b", loaiGiayToTuyThan="9", ngayCap=DAY(2024, 6, 30)),
            paper("p", "c", loaiGiayToTuyThan="CMND", ngayCap=DAY(2022, 1, 1)),
            paper("p", "d", loaiGiayToTuyThan="2", soGiayTo="022070000002", ngayCap=DAY(2012, 6, 30)),
            paper("p", loaiGiayToTuyThan="5", ngayCap=DAY(2016, 1, 1)),
            paper("p", loaiGiayToTuyThan="9", ngayCap=DAY(2024, 7, 1)),
            paper("p", loaiGiayToTuyThan="CMND", soGiayTo="022070000002", ngayCap=DAY(2012, 7, 1)),
            paper("p", loaiGiayToTuyThan="CMND", soGiayTo="100000002", ngayCap=DAY(1990, 7, 1)),
            paper("p", loaiGiayToTuyThan="HC", ngayCap=DAY(2022, 7, 1)), paper("p", loaiGiayToTuyThan="CCCD"),
        ],
        ["a", "b", "c", "d"],
    ),
    "PTY010": (
        [
            person("a", maSoDinhDanh="022070000002"),
            paper("a", loaiGiayToTuyThan="CCCD", soGiayTo="022070000003"),
            person("b", maSoDinhDanh="022070000002"),
            paper("b", loaiGiayToTuyThan="HC", soGiayTo="C1", maDinhDanhCaNhan="022070000003"),
            person("c", maSoDinhDanh="022070000002"),
            paper("c", loaiGiayToTuyThan="CCCD", soGiayTo="022070000002"),
            person("d", maSoDinhDanh="022070000002"),
            paper("d", loaiGiayToTuyThan="CMND", soGiayTo="022070000003"),
            person("e", maSoDinhDanh="022070000002"),
            paper("e", loaiGiayToTuyThan="CCCD", soGiayTo="0220700"),
        ],
        ["a", "b"],
    ),
    "PTY011": (
        [
            person(name, hoTen=text)
            for name, text in {
                "a": "Nguyễn Thị Mẫu 1972", "b": " Chưa rõ", "c": "x", "d": "...", "e": "ABSENT",
                "ok": "Xa Thị Mẫu", "ok2": "D'Souza", "ok3": "Không Văn Mẫu",
            }.items()
        ],
        ["a", "b", "c", "d", "e"],
    ),
    "PTY012": (
        [
            person(name, hoTen=text, quocTichId=country)
            for name, text, country in (
                ("a", "NGUYEN VAN MAU", "VNM"), ("b", "le thi mau", "VNM"), ("ok", "NGUYỄN VĂN MAU", "VNM"),
                ("ok2", "Ksor Mau", "VNM"), ("ok3", "Tran Mau", "USA"), ("ok4", "Le", "VNM"),
            )
        ],
        ["a", "b"],
    ),
}  # fmt: skip

CERTIFICATES: dict[str, tuple[list[Row], list[str]]] = {
    "CRT008": (
        [
            certificate(name, maVach=text)
            for name, text in {
                "a": "665220000123", "b": "6,65E+11", "ok": " 0665220000123 ", "ok2": "2206652.20.000123",
            }.items()
        ],
        ["a", "b"],
    ),
    "CRT009": (
        [
            certificate("a", **BARRED | {"ngayCap": DAY(2019, 5, 20)}), certificate("ok", **BARRED),
            certificate("ok2", **BARRED | {"ngayCap": None}),
            certificate("ok3", maVach="99", ngayCap=DAY(2019, 1, 1)),
        ],
        ["a"],
    ),
    "CRT010": (
        [
            certificate("a", **BARRED, soHoSoGoc=124), certificate("ok", **BARRED, soHoSoGoc=123),
            certificate("ok2", **BARRED, soHoSoGoc=0), certificate("ok3", **BARRED, soHoSoGoc=1000123),
        ],
        ["a"],
    ),
    "CRT011": (
        [
            certificate(name, soVaoSo=number, donViCap=level, ngayCap=day)
            for name, number, level, day in (
                ("a", "CT 00123", 0, None), ("b", "VP00123", 0, DAY(2025, 8, 1)),
                ("c", "CH 00123", 2, DAY(2020, 1, 1)),
                ("ok", "CH 00123", 0, None), ("ok2", "CT 00123", 1, None), ("ok3", "CS 00123", 0, None),
                ("ok4", "CH 00123", 1, DAY(2025, 7, 1)), ("ok5", "CTY", 0, None),
            )
        ],
        ["a", "b", "c"],
    ),
    "CRT012": (
        [
            certificate(name, soVaoSo=number, maGiayChungNhan=f"{code}2200000001", ngayCap=day)
            for name, number, code, day in (
                ("a", "VP 00123", "T1", None), ("b", "CN 00123", "T3", None),
                ("c", "CT00123", "H2", DAY(2025, 8, 1)),
                ("ok", "CT 00123", "T1", None), ("ok2", "VP 00123", "T2", None),
                ("ok3", "CS 00123", "T1", None),
                ("ok4", "VP 00123", "H1", DAY(2025, 7, 1)), ("ok5", "CH 00123", "H2", DAY(2025, 7, 1)),
            )
        ],
        ["a", "b", "c"],
    ),
}  # fmt: skip

CONTENT = LAND | PARTIES | CERTIFICATES
"""Rule code → rows, and the ids of those that offend."""
