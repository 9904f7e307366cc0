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

JULY, AUGUST = DAY(2024, 7, 31), DAY(2024, 8, 1)
MADE = {"maXa": [], "thoiDiemLap": "2025-08-01 23:00:00"}
HELD = {"chu": "p", "thuaDat": "t", "mucDichSuDung": "m", "giayChungNhan": "g"}


def right(identifier: str, **values: object) -> Row:
    return "QuyenSuDungDat", {"_id": identifier} | values


def entry(identifier: str, **values: object) -> Row:
    return "TinhHinhDangKy", {"_id": identifier, "_dossier": identifier} | values


HOLDERS: dict[str, tuple[list[Row], list[str]]] = {
    "PTY013": (
        [
            person("w", gioiTinh=0), person("h", gioiTinh=1), person("x", gioiTinh=2),
            ("VoChong", {"_id": "a", "vo": "h", "chong": "w"}),
            ("VoChong", {"_id": "b", "vo": "h", "chong": "x"}),
            ("VoChong", {"_id": "c", "vo": "none", "chong": "w"}),
            ("VoChong", {"_id": "ok", "vo": "w", "chong": "h"}),
            ("VoChong", {"_id": "ok2", "vo": "h", "chong": "h"}),
            ("VoChong", {"_id": "ok3", "vo": "x", "chong": "x"}),
        ],
        ["a", "b", "c"],
    ),
    "PTY014": (
        [
            ("HoGiaDinh", {"_id": "h"}), person("p"), certificate("g", ngayCap=AUGUST),
            certificate("f", ngayCap=JULY),
            right("a", chu="h", giayChungNhan="g"), right("ok", chu="h", giayChungNhan="f"),
            right("ok2", chu="p", giayChungNhan="g"),
        ],
        ["a"],
    ),
    "PTY015": (
        [
            person("p", namMat=2023), person("q", namMat=2024), certificate("g", ngayCap=AUGUST),
            right("a", chu="p", giayChungNhan="g"), right("ok", chu="q", giayChungNhan="g"),
            right("ok2", chu="p"),
        ],
        ["a"],
    ),
    "PTY016": (
        [
            *(person(f"{n}", _file=file, ngaySinh=DAY(1970, 1, day)) for file, count, day in (
                ("a.xml", 10, 1), ("a.xml", 80, 2), ("b.xml", 9, 1), ("c.xml", 10, 1), ("c.xml", 90, 2)
            ) for n in range(count)),
        ],
        [""],
    ),
    "PTY017": (
        [person("a", ngaySinh=DAY(1900, 1, 1)), person("b", ngaySinh=DAY(1899, 12, 30)),
        person("ok", ngaySinh=DAY(1900, 1, 2))],
        ["a", "b"],
    ),
    "LND016": (
        [
            certificate("g", ngayCap=AUGUST), purpose("a", "t", ngayHetHanSuDung=JULY),
            purpose("ok", "t", ngayHetHanSuDung=AUGUST), purpose("ok2", "t", ngayHetHanSuDung=JULY),
            *(right(name, mucDichSuDung=name, giayChungNhan="g") for name in ("a", "ok")),
            right("r", mucDichSuDung="a"),
        ],
        ["a"],
    ),
    "CRT013": (
        [
            certificate("g", soPhatHanh="CD 1"), certificate("h", soPhatHanh="CD 2"),
            right("a", **HELD), right("a2", **HELD | {"giayChungNhan": "h"}),
            right("ok", **HELD | {"chu": "q", "giayChungNhan": "h"}),
            right("ok2", **HELD | {"mucDichSuDung": "n"}),
            right("ok3", **HELD | {"_file": "b.xml", "giayChungNhan": "h"}),
        ],
        ["a"],
    ),
    "CRT014": (
        [
            certificate("g", soPhatHanh="CD 1"), certificate("a", soPhatHanh="CD 2"), certificate("asset"),
            certificate("ok", soPhatHanh="CD1"), certificate("ok2", _file="b.xml"),
            right("r", giayChungNhan="g"),
            ("QuyenSoHuuTaiSanGanLienVoiDat", {"giayChungNhan": "asset"}), right("s", _file="b.xml"),
        ],
        ["a"],
    ),
    "CRT015": (
        [
            ("SieuDuLieu", MADE), certificate("a", ngayCap=DAY(2025, 8, 2)),
            certificate("ok", ngayCap=DAY(2025, 8, 1)),
            certificate("ok2", ngayCap=DAY(2026, 1, 2)),
            certificate("ok3", _file="b.xml", ngayCap=DAY(2025, 8, 2)),
        ],
        ["a"],
    ),
    "CRT016": (
        [
            land("t", maXa="06652"), land("u", maXa="99999"),
            *(
                row for name, code, where in (
                    ("a", "T10100000001", "t"), ("ok", "T12200000001", "t"), ("ok2", "T101", "t"),
                    ("ok3", "T10100000001", "u")
                )
                for row in (
                    certificate(name, maGiayChungNhan=code),
                    right(f"r{name}", giayChungNhan=name, thuaDat=where),
                )
            ),
        ],
        ["a"],
    ),
}  # fmt: skip

RIGHTS: dict[str, tuple[list[Row], list[str]]] = {
    "RGT001": (
        [
            land("t"), land("u"), purpose("m", "t"), purpose("n", "u"),
            right("a", thuaDat="t", mucDichSuDung="n"),
            ("QuyenQuanLyDat", {"_id": "b", "thuaDat": "u", "mucDichSuDung": "m"}),
            right("ok", thuaDat="t", mucDichSuDung="m"), right("ok2", thuaDat="t"),
            right("ok3", thuaDat="t", mucDichSuDung="x"),
        ],
        ["a", "b"],
    ),
    "RGT002": (
        [
            right("ok", **HELD), right("a", **HELD), right("ok2", **HELD | {"chu": "q"}),
            right("ok3", **HELD | {"giayChungNhan": None}), right("ok4", **HELD | {"_file": "b.xml"}),
            right("ok5", thuaDat="t"), right("ok6", thuaDat="t"),
        ],
        ["a"],
    ),
    "RGT003": (
        [
            purpose("m", "t"), purpose("a", "t"), right("r", thuaDat="t", mucDichSuDung="m"),
            purpose("n", "u"), purpose("ok", "u"), right("s", thuaDat="u", mucDichSuDung="n"),
            right("s2", thuaDat="u"),
            purpose("ok2", "v"), right("v", thuaDat="v", mucDichSuDung="m"),
            purpose("o", "w"), purpose("ok3", "w"), right("w", thuaDat="w", mucDichSuDung="o"),
            ("QuyenQuanLyDat", {"thuaDat": "w", "mucDichSuDung": "ok3"}),
        ],
        ["a"],
    ),
    "RGT004": (
        [
            entry("a", coQuyenSuDung=True), entry("b", coQuyenSoHuu=True, coQuyenSuDung=False),
            right("r", _dossier="b"), entry("ok", coQuyenSuDung=True, coQuyenQuanLy=False),
            right("s", _dossier="ok"),
            entry("ok2", _dossier=None, coQuyenQuanLy=True),
        ],
        ["a", "b", "b"],
    ),
    "RGT005": (
        [
            person("p"), ("VoChong", {"_id": "v", "vo": "p"}), ("ToChuc", {"_id": "o"}),
            *(("QuyenQuanLyDat", {"_id": name, "chu": of})
                for name, of in (("a", "p"), ("b", "v"), ("ok", "o"), ("ok2", "x"))),
        ],
        ["a", "b"],
    ),
    "RGT006": (
        [
            entry("a", thoiDiemDangKyLanDau=AUGUST, thoiDiemDangKy=JULY),
            entry("b", ngayTiepNhan=DAY(2026, 1, 2)),
            entry("ok", thoiDiemDangKyLanDau=JULY, thoiDiemDangKy=JULY),
            entry("ok2", thoiDiemDangKy=DAY(2026, 1, 1)),
        ],
        ["a", "b"],
    ),
    "RGT007": (
        [
            entry("a", ngayTiepNhan=AUGUST, thoiDiemDangKy=JULY),
            entry("ok", ngayTiepNhan=JULY, thoiDiemDangKy=JULY),
            entry("ok2", ngayTiepNhan=JULY),
        ],
        ["a"],
    ),
    "RGT008": (
        [
            ("DangKyChungRieng", {"_id": "a", "ngayBatDau": AUGUST, "ngayHetHan": JULY}),
            ("DangKyChungRieng", {"_id": "ok", "ngayBatDau": JULY, "ngayHetHan": JULY}),
        ],
        ["a"],
    ),
    "RGT009": (
        [
            land("t", dienTich=100), land("u", dienTich=100, dienTichPhapLy=110),
            *(("DangKyChungRieng", {"_id": name, "taiSan": of, "dienTich": area}) for name, of, area in (
                ("a", "t", "100.6"), ("ok", "t", "100.5"), ("b", "u", "110.6"), ("ok2", "u", 110),
                ("ok3", "x", 900)
            )),
        ],
        ["a", "b"],
    ),
    "RGT010": (
        [
            ("HanCheQuyen", {"_id": "a", "ngayBanHanh": DAY(2026, 1, 2)}),
            ("HanCheQuyen", {"_id": "ok", "ngayBanHanh": DAY(2026, 1, 1)}),
        ],
        ["a"],
    ),
    "RGT011": (
        [
            land("t", dienTich=100), land("u", dienTich=50),
            *(("HanCheQuyen", {"_id": name, "dienTich": area})
                for name, area in (("a", 101), ("ok", 100), ("ok2", 150), ("ok3", 9))),
            right("r", hanCheQuyen="a", thuaDat="t"), right("s", hanCheQuyen="ok", thuaDat="t"),
            right("v", hanCheQuyen="ok2", thuaDat="t"), right("w", hanCheQuyen="ok2", thuaDat="u"),
        ],
        ["a"],
    ),
    "RGT012": (
        [
            ("HanCheQuyen", {"_id": "a", "hanCheMotPhan": True, "dienTich": 0}),
            ("HanCheQuyen", {"_id": "ok", "hanCheMotPhan": False, "dienTich": 0}),
            ("HanCheQuyen", {"_id": "ok2", "hanCheMotPhan": True, "dienTich": 1}),
        ],
        ["a"],
    ),
    "RGT013": (
        [
            ("HangMucSoHuuChung", {"_id": "i", "_parent": "n"}),
            ("HangMucCongTrinh", {"_id": "j", "_parent": "c"}),
            *(("QuyenSoHuuTaiSanGanLienVoiDat", {"_id": name, "taiSan": asset, "hangMucTaiSan": item})
                for name, asset, item in (
                ("a", "c", "i"), ("ok", "n", "i"), ("ok2", "c", "j"), ("ok3", "n", None), ("ok4", "n", "x")
            )),
        ],
        ["a"],
    ),
}  # fmt: skip


CONTENT = LAND | PARTIES | CERTIFICATES | HOLDERS | RIGHTS
"""Rule code → rows, and the ids of those that offend."""
