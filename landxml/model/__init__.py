"""The national model: every class of the profile ``vn-land 1.0``, declared once.

Class and element names are the standard's own (Python attributes are the same words in snake_case); the
meaning of each is in its annotation, with the evidence mark and section of the format study. Everything
else (dictionary, XSD, tables, reader, writer, documentation) derives from these declarations; see
:mod:`landxml.dictionary`.

The profile is an open interpretation of Circular 09/2024/TT-BTNMT, not an official schema.
"""

from __future__ import annotations

from landxml.model.kinds import Record
from landxml.model.metadata import SieuDuLieu, SoBanGhi
from landxml.model.parcels import DiaChi, MucDichSuDung, NguonGocDat, TaiLieuDoDac, ThuaDat
from landxml.model.parties import (
    CaNhan,
    CongDong,
    GiayToToChuc,
    GiayToTuyThan,
    HoGiaDinh,
    NhomNguoiDongSuDung,
    ToChuc,
    VoChong,
)
from landxml.model.registration import GiayChungNhan, TinhHinhDangKy
from landxml.model.rights import QuyenSuDungDat
from landxml.model.scans import ChiTietHoSoQuet, HoSoQuet

__all__ = [
    "FEATURES",
    "STRUCTS",
    "CaNhan",
    "ChiTietHoSoQuet",
    "CongDong",
    "DiaChi",
    "GiayChungNhan",
    "GiayToToChuc",
    "GiayToTuyThan",
    "HoGiaDinh",
    "HoSoQuet",
    "MucDichSuDung",
    "NguonGocDat",
    "NhomNguoiDongSuDung",
    "QuyenSuDungDat",
    "Record",
    "SieuDuLieu",
    "SoBanGhi",
    "TaiLieuDoDac",
    "ThuaDat",
    "TinhHinhDangKy",
    "ToChuc",
    "VoChong",
]

FEATURES: tuple[type[Record], ...] = (
    SieuDuLieu,
    ThuaDat,
    DiaChi,
    TaiLieuDoDac,
    CaNhan,
    VoChong,
    HoGiaDinh,
    ToChuc,
    CongDong,
    NhomNguoiDongSuDung,
    GiayChungNhan,
    QuyenSuDungDat,
    TinhHinhDangKy,
    HoSoQuet,
)
"""Every class that stands for itself in a package, in the order in which documents list them."""

STRUCTS: dict[str, type[Record]] = {struct.__name__: struct for struct in Record.__subclasses__()}
"""Every class by name, nested ones included."""
