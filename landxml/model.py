"""The national model: every class of the profile ``vn-land 1.0``, declared once.

Class and element names are the standard's own (Python attributes are the same words in snake_case); the
meaning of each is in its annotation, with the evidence mark and section of the format study. Everything
else (dictionary, XSD, tables, reader, writer, documentation) derives from these declarations; see
:mod:`landxml.dictionary`.

The profile is an open interpretation of Circular 09/2024/TT-BTNMT, not an official schema.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta
from shapely.geometry.base import BaseGeometry

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


# What a field holds. Each returns the annotation of one field: Vietnamese label, English label, source mark.


def _text(
    vi: str, en: str, source: str, length: int | None = None, pattern: str | None = None, **extra: Any
) -> Meta:
    extra |= {"kind": "text", "source": source}
    return Meta(title=vi, description=en, min_length=1, max_length=length, pattern=pattern, extra=extra)


def _number(
    vi: str, en: str, source: str, minimum: int | None = 0, maximum: int | None = None, **extra: Any
) -> Meta:
    extra = {"kind": "int", "source": source, **extra}
    return Meta(title=vi, description=en, ge=minimum, le=maximum, extra=extra)


def _year(vi: str, en: str, source: str, **extra: Any) -> Meta:
    return _number(vi, en, source, 1000, 9999, kind="year", **extra)


def _of(kind: str, vi: str, en: str, source: str, **extra: Any) -> Meta:
    return Meta(title=vi, description=en, extra={"kind": kind, "source": source, **extra})


def _area(vi: str, en: str, source: str) -> Meta:
    return _of("decimal", vi, en, source, unit="m²")


def _to(*targets: str, vi: str, en: str, source: str) -> Meta:
    return _of("reference", vi, en, source, targets=targets)


def _many(minimum: int) -> Meta:
    return Meta(min_length=minimum)


_A = "[E] §1.4"
_B = "[E] §3"
_PARTIES = ("CaNhan", "VoChong", "HoGiaDinh", "ToChuc", "CongDong", "NhomNguoiDongSuDung")

MaXa = Annotated[str, _text("mã đơn vị hành chính cấp xã", "commune code", _A, pattern=r"^[0-9]{5}$")]
Ngay = dt.date
DiaChiText = Annotated[str, _text("địa chỉ", "address as text", _A, 255, personal=True)]
DiaChiChuan = Annotated[str, _to("DiaChi", vi="địa chỉ chuẩn", en="structured address", source=_A)]
ToCaNhan = Annotated[str, _to("CaNhan", vi="cá nhân", en="person", source=_A)]
LoaiDoiTuongSuDungDat = Annotated[
    str,
    _text("loại đối tượng sử dụng đất", "land-user class", _A, 3, codelist="LoaiDoiTuongSuDungDat"),
]


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Bản ghi: a record of the national model.

    Attributes
    ----------
    id
        ``gml:id``, unique in the package.
    """

    KEY: ClassVar[tuple[str, ...]] = ()
    """Elements of the business key that findings quote; never personal data."""

    id: str


class NguonGocDat(Record, frozen=True, kw_only=True):
    """Nguồn gốc sử dụng đất: origin of a land-use purpose."""

    nguon_goc: Annotated[
        str, _text("nguồn gốc sử dụng đất", "origin of use", _A, 50, codelist="LoaiNguonGocDat")
    ]
    nguon_goc_chuyen_quyen: (
        Annotated[
            str,
            _text("nguồn gốc chuyển quyền", "origin of transfer", _A, 50, codelist="LoaiNguonGocChuyenQuyen"),
        ]
        | None
    ) = None
    nguon_goc_chi_tiet: Annotated[str, _text("nguồn gốc chi tiết", "origin in words", _A, 250)] | None = None
    dien_tich: Annotated[Decimal, _area("diện tích theo nguồn gốc", "area of this origin", _A)] | None = None


class MucDichSuDung(Record, frozen=True, kw_only=True):
    """Mục đích sử dụng đất: land-use purpose of a parcel."""

    so_thu_tu_muc_dich_su_dung: Annotated[int, _number("số thứ tự mục đích", "sequence in the parcel", _A, 1)]
    ma_muc_dich_su_dung: Annotated[
        str, _text("mã mục đích sử dụng", "land-use code", _A, 3, codelist="LoaiMucDichSuDung")
    ]
    ma_muc_dich_su_dung_phu: (
        Annotated[
            str, _text("mã mục đích phụ", "secondary land-use code", _A, 3, codelist="LoaiMucDichSuDung")
        ]
        | None
    ) = None
    ma_muc_dich_su_dung_quy_hoach: (
        Annotated[
            str,
            _text(
                "mã mục đích quy hoạch", "planned land-use code", _A, 3, codelist="LoaiMucDichSuDungQuyHoach"
            ),
        ]
        | None
    ) = None
    dien_tich: Annotated[Decimal, _area("diện tích theo mục đích", "area of this purpose", _A)]
    thoi_han_su_dung: Annotated[str, _text("thời hạn sử dụng", "term of use in words", _A, 50)] | None = None
    ngay_het_han_su_dung: Annotated[Ngay, _of("date", "ngày hết hạn", "expiry of use", _A)] | None = None
    nguon_goc_dat: Annotated[tuple[NguonGocDat, ...], _many(1)]


class ThuaDat(Record, frozen=True, kw_only=True):
    """Thửa đất: land parcel."""

    KEY = ("maXa", "soHieuToBanDo", "soThuTuThua")

    ma_xa: MaXa
    so_hieu_to_ban_do: Annotated[int, _number("số hiệu tờ bản đồ", "map sheet number", _A)]
    so_thu_tu_thua: Annotated[int, _number("số thứ tự thửa", "parcel number on the sheet", _A)]
    so_hieu_to_ban_do_cu: Annotated[str, _text("số hiệu tờ bản đồ cũ", "old sheet number", _A, 50)] | None = (
        None
    )
    so_thu_tu_thua_cu: Annotated[str, _text("số thứ tự thửa cũ", "old parcel number", _A, 50)] | None = None
    dien_tich: Annotated[Decimal, _area("diện tích", "measured area", _A)]
    dien_tich_phap_ly: Annotated[Decimal, _area("diện tích pháp lý", "legal area", _A)] | None = None
    la_doi_tuong_chiem_dat: Annotated[
        bool, _of("bool", "là đối tượng chiếm đất", "land-occupying object that forms no parcel", _A)
    ]
    dia_chi: Annotated[
        str, _text("địa chỉ thửa đất", "address of the parcel as text", _A, 255, personal=True)
    ]
    in_so_lieu_cu: Annotated[bool, _of("bool", "in số liệu cũ", "print with old numbers", _A)] | None = None
    loai_thua_dat: (
        Annotated[str, _text("loại thửa đất", "parcel kind", "[E] §11.3", 10, codelist="LoaiThuaDat")] | None
    ) = None
    ma_thua_dat: (
        Annotated[
            str,
            _text("mã định danh thửa đất", "parcel code", "[N] §9.1", 12, pattern=r"^[0-9b-hjkmnp-z]{12}$"),
        ]
        | None
    ) = None
    tai_lieu_do_dac: (
        Annotated[str, _to("TaiLieuDoDac", vi="tài liệu đo đạc", en="survey document", source=_A)] | None
    ) = None
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    muc_dich_su_dung: Annotated[tuple[MucDichSuDung, ...], _many(1)]
    ranh_gioi: (
        Annotated[
            BaseGeometry, _of("geometry", "ranh giới thửa đất", "boundary (Polygon, MultiPolygon)", "[I] §10")
        ]
        | None
    ) = None


class DiaChi(Record, frozen=True, kw_only=True):
    """Địa chỉ: structured address."""

    ma_xa: MaXa
    so_nha: Annotated[str, _text("số nhà", "house number", _A, 50, personal=True)] | None = None
    ten_duong_pho: Annotated[str, _text("tên đường phố", "street", _A, 50, personal=True)] | None = None
    ten_to_dan_pho: (
        Annotated[str, _text("tên tổ dân phố, thôn", "residential group or hamlet", _A, 50, personal=True)]
        | None
    ) = None
    ten_xa: Annotated[str, _text("tên xã", "commune name", _A, 50)] | None = None
    ten_quan: Annotated[str, _text("tên quận, huyện", "district name", _A, 50)] | None = None
    ten_tinh: Annotated[str, _text("tên tỉnh", "province name", _A, 50)] | None = None
    dia_chi_chi_tiet: (
        Annotated[str, _text("địa chỉ chi tiết", "detailed address", _A, 255, personal=True)] | None
    ) = None


class TaiLieuDoDac(Record, frozen=True, kw_only=True):
    """Tài liệu đo đạc: survey document."""

    ma_xa: MaXa
    loai_ban_do_dia_chinh: Annotated[
        int, _number("loại bản đồ địa chính", "map kind", _A, codelist="LoaiBanDoDiaChinh")
    ]
    don_vi_do_dac: Annotated[str, _text("đơn vị đo đạc", "survey unit", _A, 100)]
    phuong_phap_do: Annotated[str, _text("phương pháp đo", "survey method", _A, 100)] | None = None
    muc_do_chinh_xac: Annotated[str, _text("mức độ chính xác", "accuracy", _A, 30)] | None = None
    ty_le_do_dac: Annotated[str, _text("tỷ lệ đo đạc", "scale", _A, 20)]
    ngay_hoan_thanh: Annotated[Ngay, _of("date", "ngày hoàn thành", "completion date", _A)]


class GiayToTuyThan(Record, frozen=True, kw_only=True):
    """Giấy tờ tùy thân: identity paper of a person."""

    loai_giay_to_tuy_than: Annotated[
        str, _text("loại giấy tờ tùy thân", "kind of identity paper", _A, 10, codelist="LoaiGiayToTuyThan")
    ]
    so_giay_to: Annotated[str, _text("số giấy tờ", "paper number", _A, 30, personal=True)]
    ngay_cap: Annotated[Ngay, _of("date", "ngày cấp", "date of issue", _A, personal=True)] | None = None
    noi_cap: Annotated[str, _text("nơi cấp", "place of issue", _A, 100)]


class CaNhan(Record, frozen=True, kw_only=True):
    """Cá nhân: natural person."""

    loai_doi_tuong_su_dung_dat: LoaiDoiTuongSuDungDat
    ho_ten: Annotated[str, _text("họ tên", "full name", _A, 255, personal=True)]
    ngay_sinh: Annotated[Ngay, _of("date", "ngày sinh", "date of birth", _A, personal=True)] | None = None
    nam_sinh: Annotated[int, _year("năm sinh", "year of birth", _A, personal=True)]
    nam_mat: Annotated[int, _year("năm mất", "year of death", _A, personal=True)] | None = None
    gioi_tinh: Annotated[int, _number("giới tính", "sex", "[E] §1.6", codelist="GioiTinh")]
    ma_so_thue: Annotated[str, _text("mã số thuế", "tax code", _A, 20, personal=True)] | None = None
    so_dien_thoai: Annotated[str, _text("số điện thoại", "phone", _A, 20, personal=True)] | None = None
    email: Annotated[str, _text("thư điện tử", "e-mail", _A, 255, personal=True)] | None = None
    ma_so_dinh_danh: (
        Annotated[str, _text("mã số định danh", "personal identification number", _A, 150, personal=True)]
        | None
    ) = None
    quoc_tich_id: Annotated[str, _text("quốc tịch", "nationality", _A, 3, codelist="QuocTich")]
    dan_toc_id: Annotated[int, _number("dân tộc", "ethnic group", _A, codelist="DanToc")]
    dia_chi: DiaChiText
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    giay_to_tuy_than: Annotated[tuple[GiayToTuyThan, ...], _many(1)]


class VoChong(Record, frozen=True, kw_only=True):
    """Vợ chồng: married couple."""

    vo: Annotated[str, _to("CaNhan", vi="vợ", en="wife", source=_A)]
    chong: Annotated[str, _to("CaNhan", vi="chồng", en="husband", source=_A)]
    in_vo_truoc: Annotated[bool, _of("bool", "in vợ trước", "print wife first", _A)] | None = None


class HoGiaDinh(Record, frozen=True, kw_only=True):
    """Hộ gia đình: household."""

    chu_ho: Annotated[str, _to("CaNhan", vi="chủ hộ", en="head of household", source=_A)]
    vo_chong_chu_ho: (
        Annotated[str, _to("CaNhan", vi="vợ hoặc chồng chủ hộ", en="spouse of the head", source=_A)] | None
    ) = None
    dia_chi: DiaChiText
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thanh_vien: tuple[ToCaNhan, ...] = ()


class GiayToToChuc(Record, frozen=True, kw_only=True):
    """Giấy tờ tổ chức: paper of an organisation."""

    loai_giay_to_to_chuc: Annotated[
        int, _number("loại giấy tờ tổ chức", "kind of paper", _A, codelist="LoaiGiayToToChuc")
    ]
    so_giay_to: Annotated[str, _text("số giấy tờ", "paper number", _A, 30)]
    ngay_cap: Annotated[Ngay, _of("date", "ngày cấp", "date of issue", _A)] | None = None
    noi_cap: Annotated[str, _text("nơi cấp", "place of issue", _A, 100)]
    ghi_chu: Annotated[str, _text("ghi chú", "note", _A, 255)] | None = None


class ToChuc(Record, frozen=True, kw_only=True):
    """Tổ chức: organisation."""

    loai_doi_tuong_su_dung_dat: LoaiDoiTuongSuDungDat
    ten_to_chuc: Annotated[str, _text("tên tổ chức", "name", _A, 150)]
    ten_viet_tat: Annotated[str, _text("tên viết tắt", "short name", _A, 30)] | None = None
    ten_to_chuc_ta: Annotated[str, _text("tên tiếng Anh", "English name", _A, 120)] | None = None
    nguoi_dai_dien: (
        Annotated[str, _to("CaNhan", vi="người đại diện", en="representative", source=_A)] | None
    ) = None
    so_quyet_dinh: Annotated[str, _text("số quyết định", "decision number", _A, 30)] | None = None
    ngay_quyet_dinh: (
        Annotated[str, _text("ngày quyết định", "decision date as text", "[E] §1.6", 30)] | None
    ) = None
    loai_quyet_dinh_thanh_lap: (
        Annotated[str, _text("loại quyết định thành lập", "class of decision", _A, 150)] | None
    ) = None
    ma_doanh_nghiep: Annotated[str, _text("mã doanh nghiệp", "enterprise code", _A, 30)] | None = None
    ma_so_thue: Annotated[str, _text("mã số thuế", "tax code", _A, 20)] | None = None
    loai_to_chuc: (
        Annotated[str, _text("loại tổ chức", "organisation class", "[E] §1.6", 3, codelist="LoaiToChuc")]
        | None
    ) = None
    dia_chi: Annotated[str, _text("địa chỉ", "address as text", _A, 255)]
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    giay_to_to_chuc: Annotated[tuple[GiayToToChuc, ...], _many(1)]


class CongDong(Record, frozen=True, kw_only=True):
    """Cộng đồng dân cư: residential community."""

    loai_doi_tuong_su_dung_dat: LoaiDoiTuongSuDungDat
    ten_cong_dong: Annotated[str, _text("tên cộng đồng", "name", _A, 255)]
    nguoi_dai_dien: (
        Annotated[str, _to("CaNhan", vi="người đại diện", en="representative", source=_A)] | None
    ) = None
    dia_danh_cu_tru: Annotated[str, _text("địa danh cư trú", "place of residence", _A, 255)]
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()


class NhomNguoiDongSuDung(Record, frozen=True, kw_only=True):
    """Nhóm người đồng sử dụng: group of co-users."""

    nguoi_dai_dien: Annotated[str, _to("CaNhan", vi="người đại diện", en="representative", source=_B)]
    thanh_vien: Annotated[tuple[ToCaNhan, ...], _many(1)]


class GiayChungNhan(Record, frozen=True, kw_only=True):
    """Giấy chứng nhận: land certificate."""

    KEY = ("soPhatHanh",)

    loai_giay_chung_nhan: Annotated[
        int, _number("loại giấy chứng nhận", "certificate type", _A, codelist="LoaiGiayChungNhan")
    ]
    so_ho_so_goc: Annotated[int, _number("số hồ sơ gốc", "original dossier number", _A)] | None = None
    so_ho_so_goc_cu: Annotated[str, _text("số hồ sơ gốc cũ", "old dossier number", _A, 50)] | None = None
    so_vao_so: Annotated[str, _text("số vào sổ", "register number", _A, 20)]
    so_vao_so_cu: Annotated[str, _text("số vào sổ cũ", "old register number", _A, 20)] | None = None
    so_phat_hanh: Annotated[str, _text("số phát hành", "serial", _A, 20)]
    ma_vach: Annotated[str, _text("mã vạch", "barcode MX.MN.ST", _A, 25)] | None = None
    ma_giay_chung_nhan: (
        Annotated[str, _text("mã giấy chứng nhận", "certificate code", "[E-law] §9.3", 12)] | None
    ) = None
    ngay_cap: Annotated[Ngay, _of("date", "ngày cấp", "date of issue", _A)] | None = None
    ten_nguoi_ky: Annotated[str, _text("tên người ký", "signer", _A, 150, personal=True)] | None = None
    da_cong_nhan_phap_ly: (
        Annotated[bool, _of("bool", "đã công nhận pháp lý", "legally recognised", _A)] | None
    ) = None
    don_vi_cap: Annotated[int, _number("đơn vị cấp", "issuing level", _A, codelist="DonViCap")] | None = None
    ghi_chu_trang1: Annotated[str, _text("ghi chú trang 1", "note on page 1", _A, personal=True)] | None = (
        None
    )
    ghi_chu_trang2: Annotated[str, _text("ghi chú trang 2", "note on page 2", _A, personal=True)] | None = (
        None
    )
    ban_quet: Annotated[str, _text("bản quét", "path or GUID of the scan", _A)] | None = None


class QuyenSuDungDat(Record, frozen=True, kw_only=True):
    """Quyền sử dụng đất: land-use right."""

    chu: Annotated[str, _to(*_PARTIES, vi="chủ sử dụng đất", en="holder of the right", source=_A)]
    thua_dat: Annotated[str, _to("ThuaDat", vi="thửa đất", en="parcel", source=_A)]
    muc_dich_su_dung: (
        Annotated[str, _to("MucDichSuDung", vi="mục đích sử dụng", en="land-use purpose", source=_A)] | None
    ) = None
    giay_chung_nhan: (
        Annotated[str, _to("GiayChungNhan", vi="giấy chứng nhận", en="certificate", source=_A)] | None
    ) = None


class TinhHinhDangKy(Record, frozen=True, kw_only=True):
    """Tình hình đăng ký: registration dossier."""

    ho_so_guid: Annotated[str, _of("guid", "mã hồ sơ toàn quốc", "nationwide dossier key", _A)] | None = None
    ma_xa: MaXa
    ma_don: Annotated[str, _text("mã đơn", "application code", _A, 50)] | None = None
    ngay_tiep_nhan: Annotated[Ngay, _of("date", "ngày tiếp nhận", "date received", _A)] | None = None
    thoi_diem_dang_ky_lan_dau: (
        Annotated[Ngay, _of("date", "thời điểm đăng ký lần đầu", "first registration", _A)] | None
    ) = None
    thoi_diem_dang_ky: Annotated[Ngay, _of("date", "thời điểm đăng ký", "registration time", _A)]
    so_thu_tu: Annotated[int, _number("số thứ tự hồ sơ", "dossier sequence number", _A)]
    dai_dien_khai_trinh: Annotated[
        str, _to("CaNhan", vi="đại diện khai trình", en="declaring representative", source=_A)
    ]
    co_quyen_su_dung: Annotated[bool, _of("bool", "có quyền sử dụng", "claims a use right", _A)]
    co_quyen_so_huu: Annotated[bool, _of("bool", "có quyền sở hữu", "claims ownership of assets", _A)]
    co_quyen_quan_ly: Annotated[bool, _of("bool", "có quyền quản lý", "claims a management right", _A)]
    cap_giay_nguoi_dai_dien: (
        Annotated[bool, _of("bool", "cấp giấy cho người đại diện", "certificate to the representative", _A)]
        | None
    ) = None
    so_thu_tu_bien_dong: Annotated[int, _number("số thứ tự biến động", "number of changes", _A)] | None = None


class ChiTietHoSoQuet(Record, frozen=True, kw_only=True):
    """Chi tiết hồ sơ quét: one scanned file."""

    chi_tiet_ho_so_quet_id: Annotated[str, _of("guid", "mã tệp quét", "file key", _A)]
    ten_file: Annotated[str, _text("tên tệp", "file name", _A, 150, personal=True)]
    mo_ta: (
        Annotated[str, _text("mô tả, đường dẫn", "relative path or GUID", _A, 250, personal=True)] | None
    ) = None
    la_giay_to_ve_nguon_goc: (
        Annotated[bool, _of("bool", "là giấy tờ về nguồn gốc", "origin paper", _A)] | None
    ) = None
    la_giay_chung_nhan: (
        Annotated[bool, _of("bool", "là giấy chứng nhận", "the certificate itself", _A)] | None
    ) = None
    giay_chung_nhan: (
        Annotated[str, _to("GiayChungNhan", vi="giấy chứng nhận", en="certificate", source=_A)] | None
    ) = None


class HoSoQuet(Record, frozen=True, kw_only=True):
    """Hồ sơ quét: dossier of scans."""

    kho: Annotated[str, _text("kho", "store", _A, 50)] | None = None
    day: Annotated[str, _text("dãy", "row", _A, 50)] | None = None
    ke: Annotated[str, _text("kệ", "shelf", _A, 50)] | None = None
    hop: Annotated[str, _text("hộp", "box", _A, 50)] | None = None
    so_thu_tu_ho_so: Annotated[int, _number("số thứ tự hồ sơ", "sequence of the dossier", _A)] | None = None
    chi_tiet_ho_so_quet: tuple[ChiTietHoSoQuet, ...] = ()


_M = "profile"


class SoBanGhi(Record, frozen=True, kw_only=True):
    """Số bản ghi: number of records of one class in the file."""

    lop: Annotated[str, _text("lớp", "class", _M, 50)]
    so_luong: Annotated[int, _number("số lượng", "count", _M)]


class SieuDuLieu(Record, frozen=True, kw_only=True):
    """Siêu dữ liệu: metadata of a package file."""

    KEY = ("maGoi",)

    ma_goi: Annotated[str, _text("mã gói dữ liệu", "package id", _M, 100)]
    he_thong: Annotated[str, _text("hệ thống tạo lập", "producing system", _M, 100)]
    phien_ban_he_thong: Annotated[str, _text("phiên bản hệ thống", "system version", _M, 50)] | None = None
    don_vi_cung_cap: Annotated[str, _text("đơn vị cung cấp", "supplying office", _M, 255)]
    thoi_diem_lap: Annotated[dt.datetime, _of("datetime", "thời điểm lập", "time of creation", _M)]
    ho_so: Annotated[str, _text("hồ sơ tiêu chuẩn", "profile", _M, pattern=r"^vn-land$")] = "vn-land"
    phien_ban: Annotated[str, _text("phiên bản tiêu chuẩn", "profile version", _M, pattern=r"^1\.0$")] = "1.0"
    he_toa_do: Annotated[int, _number("hệ tọa độ", "EPSG code of the geometry", _M, 1024, 998999)] | None = (
        None
    )
    ngay_hieu_luc_ma_don_vi: Annotated[
        Ngay, _of("date", "ngày hiệu lực mã đơn vị", "date on which its unit codes are valid", _M)
    ]
    ma_xa: tuple[MaXa, ...] = ()
    so_ban_ghi: tuple[SoBanGhi, ...] = ()
    ma_bam_noi_dung: (
        Annotated[str, _text("mã băm nội dung", "SHA-256 of the members", _M, pattern=r"^[0-9a-f]{64}$")]
        | None
    ) = None


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
