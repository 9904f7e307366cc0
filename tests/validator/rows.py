"""Rows of national tables, and those on which rules of the link of attributes and map are tried."""

from __future__ import annotations

import datetime as dt
from typing import Any

GOOD = {
    "epsg": 5899, "rings": 1, "points": 5, "closed": True, "finite": True, "valid": True, "area": 120.0,
    "x": 437875.0, "y": 2318886.0, "lon": 107.154, "lat": 20.962,
}  # fmt: skip
"""A parcel of 120 m² in the commune 06652."""

Row = tuple[str, dict[str, Any]]


def parcel(
    identifier: str, geometry: dict[str, Any] | None = None, _file: str = "a.xml", **values: Any
) -> list[Row]:
    """Rows of a parcel and its geometry, which stand at the same place."""
    place = {"_file": _file, "_id": identifier, "_part": "", "_at": int(identifier)}
    values = {"maXa": "06652", "dienTich": 120} | values
    return [("ThuaDat", place | values), ("HinhHoc", place | GOOD | (geometry or {}))]


def defect(identifier: str, kind: str, width: float, **values: Any) -> Row:
    """Row of what is wrong between two parcels."""
    share = {"covered": 0.1, "equal": 0.1} if kind == "overlap" else {}
    return "Topology", {"_id": identifier, "kind": kind, "width": width, "area": 5.0} | share | values


def purpose(identifier: str, parent: str, **values: Any) -> Row:
    return "MucDichSuDung", {"_id": identifier, "_parent": parent} | values


def metadata(**values: Any) -> Row:
    return "SieuDuLieu", {"_id": "m", "maXa": [], "ngayHieuLucMaDonVi": dt.date(2025, 7, 1)} | values


def registered(date: dt.date, cls: str, values: dict[str, Any]) -> list[Row]:
    """Rows of a record, and of the registration of its dossier."""
    dossier = {"_dossier": str(values["_id"])}
    return [(cls, values | dossier), ("TinhHinhDangKy", {"thoiDiemDangKy": date} | dossier)]


def dossier(key: str, number: int = 1, sheet: int = 1, serial: str = "CD 123456") -> list[Row]:
    """Rows of a dossier with one parcel and its certificate."""
    place = {"_file": f"{key}.xml", "_dossier": key}
    entry = {"_id": key, "maXa": "06652", "soThuTu": number, "thoiDiemDangKy": dt.date(2020, 4, 1)}
    return [
        ("TinhHinhDangKy", place | entry),
        ("ThuaDat", place | {"maXa": "06652", "soHieuToBanDo": sheet, "soThuTuThua": 1}),
        ("GiayChungNhan", place | {"soPhatHanh": serial}),
    ]


def described(identifier: str, number: int, **values: Any) -> Row:
    """Row of a parcel in a dossier of its own."""
    numbers = {"maXa": "06652", "soHieuToBanDo": 12, "soThuTuThua": number, "dienTich": 120}
    return "ThuaDat", {"_file": f"{identifier}.xml", "_id": identifier} | numbers | values


def mapped(identifier: str, number: int, geometry: dict[str, Any] | None = None, **values: Any) -> list[Row]:
    """Rows of a parcel of the map, and of its shape."""
    return parcel(
        identifier, geometry, _file="map.xml", **{"soHieuToBanDo": 12, "soThuTuThua": number} | values
    )


def used(file: str, parent: str, *codes: str) -> list[Row]:
    return [purpose(code, parent, _file=file, maMucDichSuDung=code) for code in codes]


def owned(parcel: str, name: str | None, cls: str | None = None) -> list[Row]:
    """Rows of a right to a parcel, and of its holder."""
    person = {"_id": f"CaNhan.{parcel}", "hoTen": name, "loaiDoiTuongSuDungDat": cls}
    return [("CaNhan", person), ("QuyenSuDungDat", {"thuaDat": parcel, "chu": f"CaNhan.{parcel}"})]


LINKS: dict[str, tuple[list[Row], list[str]]] = {
    "PKG005": (
        [
            described("a", 1), described("b", 1), described("c", 2), *mapped("3", 2),  # dossiers, and the map
            metadata(_file="d.xml"), described("d", 1), described("e", 4),  # as national GML
        ],
        ["a"],
    ),
    "LNK001": (
        [
            described("a", 1), *mapped("2", 1), described("b", 2), described("c", 2),
            described("d", 3, maXa="06658"),
            described("old", 4, soHieuToBanDoCu="7", soThuTuThuaCu="9"), *mapped("5", 9, soHieuToBanDo=7),
        ],
        ["b", "d"],
    ),
    "LNK002": (
        [
            described("a", 1), *mapped("2", 1), *mapped("3", 2), *mapped("4", 2),
            *mapped("5", 3, laDoiTuongChiemDat=True), *mapped("6", 4, soThuTuThua=None),
        ],
        ["3", "6"],
    ),
    "LNK003": (
        [
            *(described(each, at, dienTich=130) for at, each in enumerate("abcde", 1)),
            described("f", 6, dienTich=120.5), *mapped("1", 1), *mapped("2", 2, dienTichPhapLy=130),
            *mapped("3", 3, {"area": 119.96}, dienTich=None),
            *mapped("4", 4), *mapped("5", 4), *mapped("6", 6),  # 4: two shapes, UNQ002
        ],
        ["a", "c"],
    ),
    "LNK004": (
        [
            described("a", 1), *used("a.xml", "a", "ODT"), *mapped("2", 1), *used("map.xml", "2", "CLN"),
            described("b", 2), *used("b.xml", "b", "ODT", "CLN"),
            *mapped("3", 2), *used("map.xml", "3", "CLN", "ODT"),
            described("c", 3), *used("c.xml", "c", "ODT"), *mapped("4", 3),
        ],
        ["a"],
    ),
    "LNK005": (
        [
            described("a", 1, maThuaDat="w7spq253xddy"), *mapped("2", 1, maThuaDat="w7spq2598sqs"),
            described("b", 2, maThuaDat="w7spq2ncwx2n"), *mapped("3", 2, maThuaDat="w7spq2ncwx2n"),
            described("c", 3), *mapped("4", 3, maThuaDat="w7spq2ncwx2p"),
        ],
        ["a"],
    ),
    "LNK006": (
        [
            described("a", 1), *mapped("2", 8, soHieuToBanDoCu="12", soThuTuThuaCu="1"),
            *mapped("3", 9, soHieuToBanDoCu="12", soThuTuThuaCu="1"), described("b", 2),
            *mapped("4", 7, maThuaDat="w"),
            described("c", 3, maThuaDat="w"), described("d", 4, maThuaDat="w"),
        ],
        ["a", "c", "d"],
    ),
    "LNK007": (
        [
            described("a", 1), *owned("a", "Nguyễn Văn Mẫu"), *mapped("1", 1), *owned("1", "Trần Thị Thử"),
            described("b", 2), *owned("b", "Nguyễn Văn Mẫu"), *mapped("2", 2),
            *owned("2", "Hộ ông NGUYEN VAN  MAU và bà Lê Thử"),
            described("c", 3), *owned("c", "Lê Cũ"), described("d", 3), *owned("d", "Lê Mới"),
            ("ToChuc", {"_id": "tc", "tenToChuc": "Mẫu", "nguoiDaiDien": "CaNhan.6"}), described("f", 5),
            *mapped("5", 5), *owned("5", "Lê Diện"), ("QuyenSuDungDat", {"thuaDat": "f", "chu": "tc"}),
            ("CaNhan", {"_id": "CaNhan.6", "hoTen": "Lê Diện"}),
            *mapped("3", 3), *owned("3", "Lê Mới"), described("e", 4), *mapped("4", 4), *owned("4", "Lê Thử"),
        ],
        ["a"],
    ),
    "LNK008": (
        [
            described("a", 1), *owned("a", None, "GDC"), *mapped("1", 1), *owned("1", None, "UBQ"),
            described("b", 2), *owned("b", None, "GDC"), *mapped("2", 2), *owned("2", None, "GDC"),
            described("c", 3), *mapped("3", 3), *owned("3", None, "GDC"),
        ],
        ["a"],
    ),
}  # fmt: skip
"""Rule: rows, and the ids of those that offend."""
