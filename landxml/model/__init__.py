"""The national model: every class of the profile ``vn-land 1.0``, declared once.

Class and element names are the standard's own (Python attributes are the same words in snake_case); the
meaning of each is in its annotation, with the evidence mark and section of the format study. Everything
else (dictionary, XSD, tables, reader, writer, documentation) derives from these declarations; see
:mod:`landxml.dictionary`.

The profile is an open interpretation of Circular 09/2024/TT-BTNMT, not an official schema.
"""

# No postponed annotations in here: every process reads them all when it starts, and as text they take five
# times as long.

from landxml.model.assets import (
    CanHo,
    CayLauNam,
    CongTrinhNgam,
    CongTrinhXayDung,
    HangMucCongTrinh,
    HangMucSoHuuChung,
    KhuChungCu,
    NhaChungCu,
    NhaRiengLe,
    RungTrong,
)
from landxml.model.finances import MienGiamNghiaVuTaiChinh, NghiaVuTaiChinh, NoNghiaVuTaiChinh
from landxml.model.kinds import Feature, Record
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
from landxml.model.registration import GiayChungNhan, SoDiaChinh, TinhHinhDangKy
from landxml.model.rights import (
    DangKyChungRieng,
    HanCheQuyen,
    QuyenQuanLyDat,
    QuyenSoHuuTaiSanGanLienVoiDat,
    QuyenSuDungDat,
)
from landxml.model.scans import ChiTietHoSoQuet, HoSoQuet
from landxml.model.transactions import (
    ChiTietGiaoDichBaoDam,
    DangKyThayDoi,
    GiaoDich,
    GiaoDichBaoDam,
    NoiDungInXacNhan,
)

__all__ = [
    "FEATURES",
    "STRUCTS",
    "CaNhan",
    "CanHo",
    "CayLauNam",
    "ChiTietGiaoDichBaoDam",
    "ChiTietHoSoQuet",
    "CongDong",
    "CongTrinhNgam",
    "CongTrinhXayDung",
    "DangKyChungRieng",
    "DangKyThayDoi",
    "DiaChi",
    "Feature",
    "GiaoDich",
    "GiaoDichBaoDam",
    "GiayChungNhan",
    "GiayToToChuc",
    "GiayToTuyThan",
    "HanCheQuyen",
    "HangMucCongTrinh",
    "HangMucSoHuuChung",
    "HoGiaDinh",
    "HoSoQuet",
    "KhuChungCu",
    "MienGiamNghiaVuTaiChinh",
    "MucDichSuDung",
    "NghiaVuTaiChinh",
    "NguonGocDat",
    "NhaChungCu",
    "NhaRiengLe",
    "NhomNguoiDongSuDung",
    "NoNghiaVuTaiChinh",
    "NoiDungInXacNhan",
    "QuyenQuanLyDat",
    "QuyenSoHuuTaiSanGanLienVoiDat",
    "QuyenSuDungDat",
    "Record",
    "RungTrong",
    "SieuDuLieu",
    "SoBanGhi",
    "SoDiaChinh",
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
    NhaRiengLe,
    KhuChungCu,
    NhaChungCu,
    CanHo,
    CongTrinhXayDung,
    CongTrinhNgam,
    RungTrong,
    CayLauNam,
    CaNhan,
    VoChong,
    HoGiaDinh,
    ToChuc,
    CongDong,
    NhomNguoiDongSuDung,
    GiayChungNhan,
    QuyenSuDungDat,
    QuyenQuanLyDat,
    QuyenSoHuuTaiSanGanLienVoiDat,
    DangKyChungRieng,
    HanCheQuyen,
    NghiaVuTaiChinh,
    MienGiamNghiaVuTaiChinh,
    NoNghiaVuTaiChinh,
    TinhHinhDangKy,
    GiaoDich,
    GiaoDichBaoDam,
    DangKyThayDoi,
    NoiDungInXacNhan,
    SoDiaChinh,
    HoSoQuet,
)
"""Every class that stands for itself in a package, in the order in which documents list them."""

STRUCTS: dict[str, type[Record]] = {
    struct.__name__: struct
    for struct in (*Record.__subclasses__(), *Feature.__subclasses__())
    if struct is not Feature
}
"""Every class by name, nested ones included."""
