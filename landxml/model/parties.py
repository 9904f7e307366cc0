"""Parties: persons, couples, households, organisations, communities, groups of co-users."""

from typing import Annotated

from landxml.model.kinds import (
    A,
    B,
    DiaChiChuan,
    DiaChiText,
    Feature,
    LoaiDoiTuongSuDungDat,
    Ngay,
    Record,
    ToCaNhan,
    many,
    number,
    of,
    text,
    to,
    year,
)

__all__ = [
    "CaNhan",
    "CongDong",
    "GiayToToChuc",
    "GiayToTuyThan",
    "HoGiaDinh",
    "NhomNguoiDongSuDung",
    "ToChuc",
    "VoChong",
]


HinhThucXacThuc = Annotated[
    int, number("hình thức xác thực", "how it was authenticated", B, codelist="HinhThucXacThuc")
]
ToVoChong = Annotated[
    str, to("VoChong", vi="vợ chồng là thành viên", en="couple as members", source="[E] §1.5 sample")
]


class GiayToTuyThan(Record, frozen=True, kw_only=True):
    """Giấy tờ tùy thân: identity paper of a person."""

    loai_giay_to_tuy_than: Annotated[
        str, text("loại giấy tờ tùy thân", "kind of identity paper", A, 10, codelist="LoaiGiayToTuyThan")
    ]
    so_giay_to: Annotated[str, text("số giấy tờ", "paper number", A, 30, personal=True)]
    ngay_cap: Annotated[Ngay, of("date", "ngày cấp", "date of issue", A, personal=True)] | None = None
    noi_cap: Annotated[str, text("nơi cấp", "place of issue", A, 100)]
    ma_dinh_danh_ca_nhan: (
        Annotated[str, text("mã định danh cá nhân", "personal identifier", B, 150, personal=True)] | None
    ) = None
    hinh_thuc_xac_thuc: HinhThucXacThuc | None = None
    phien_ban_ca_nhan: Annotated[int, number("phiên bản cá nhân", "version of the person", B, 1)] | None = (
        None
    )
    hieu_luc: Annotated[bool, of("bool", "hiệu lực", "in force, not replaced", "[E] §2.3")] | None = None


class CaNhan(Feature, frozen=True, kw_only=True):
    """Cá nhân: natural person."""

    loai_doi_tuong_su_dung_dat: LoaiDoiTuongSuDungDat
    ho_ten: Annotated[str, text("họ tên", "full name", A, 255, personal=True)]
    ngay_sinh: Annotated[Ngay, of("date", "ngày sinh", "date of birth", A, personal=True)] | None = None
    nam_sinh: Annotated[int, year("năm sinh", "year of birth", A, personal=True)]
    nam_mat: Annotated[int, year("năm mất", "year of death", A, personal=True)] | None = None
    gioi_tinh: Annotated[int, number("giới tính", "sex", "[E] §1.6", codelist="GioiTinh")]
    ma_so_thue: Annotated[str, text("mã số thuế", "tax code", A, 20, personal=True)] | None = None
    so_dien_thoai: Annotated[str, text("số điện thoại", "phone", A, 20, personal=True)] | None = None
    email: Annotated[str, text("thư điện tử", "e-mail", A, personal=True)] | None = None
    ma_so_dinh_danh: (
        Annotated[str, text("mã số định danh", "personal identification number", A, personal=True)] | None
    ) = None
    quoc_tich_id: Annotated[str, text("quốc tịch", "nationality", A, 3, codelist="QuocTich")]
    dan_toc_id: Annotated[int, number("dân tộc", "ethnic group", A, codelist="DanToc")]
    dia_chi: DiaChiText
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    giay_to_tuy_than: Annotated[tuple[GiayToTuyThan, ...], many(1)]


class VoChong(Feature, frozen=True, kw_only=True):
    """Vợ chồng: married couple."""

    vo: Annotated[str, to("CaNhan", vi="vợ", en="wife", source=A)]
    chong: Annotated[str, to("CaNhan", vi="chồng", en="husband", source=A)]
    in_vo_truoc: Annotated[bool, of("bool", "in vợ trước", "print wife first", A)] | None = None


class HoGiaDinh(Feature, frozen=True, kw_only=True):
    """Hộ gia đình: household."""

    chu_ho: Annotated[str, to("CaNhan", vi="chủ hộ", en="head of household", source=A)]
    vo_chong_chu_ho: (
        Annotated[str, to("CaNhan", vi="vợ hoặc chồng chủ hộ", en="spouse of the head", source=A)] | None
    ) = None
    dia_chi: DiaChiText
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thanh_vien: tuple[ToCaNhan, ...] = ()
    vo_chong_thanh_vien: tuple[ToVoChong, ...] = ()


class GiayToToChuc(Record, frozen=True, kw_only=True):
    """Giấy tờ tổ chức: paper of an organisation."""

    loai_giay_to_to_chuc: Annotated[
        int, number("loại giấy tờ tổ chức", "kind of paper", A, codelist="LoaiGiayToToChuc")
    ]
    so_giay_to: Annotated[str, text("số giấy tờ", "paper number", A, 30)]
    ngay_cap: Annotated[Ngay, of("date", "ngày cấp", "date of issue", A)] | None = None
    noi_cap: Annotated[str, text("nơi cấp", "place of issue", A, 100)]
    ghi_chu: Annotated[str, text("ghi chú", "note", A, 255)] | None = None
    ma_dinh_danh_doanh_nghiep: (
        Annotated[str, text("mã định danh doanh nghiệp", "enterprise identifier", B, 150)] | None
    ) = None
    hinh_thuc_xac_thuc: HinhThucXacThuc | None = None
    phien_ban_to_chuc: (
        Annotated[int, number("phiên bản tổ chức", "version of the organisation", B, 1)] | None
    ) = None


class ToChuc(Feature, frozen=True, kw_only=True):
    """Tổ chức: organisation."""

    loai_doi_tuong_su_dung_dat: LoaiDoiTuongSuDungDat
    ten_to_chuc: Annotated[str, text("tên tổ chức", "name", A, 150)]
    ten_viet_tat: Annotated[str, text("tên viết tắt", "short name", A, 30)] | None = None
    ten_to_chuc_ta: Annotated[str, text("tên tiếng Anh", "English name", A, 120)] | None = None
    nguoi_dai_dien: (
        Annotated[str, to("CaNhan", vi="người đại diện", en="representative", source=A)] | None
    ) = None
    so_quyet_dinh: Annotated[str, text("số quyết định", "decision number", A, 30)] | None = None
    ngay_quyet_dinh: Annotated[str, text("ngày quyết định", "decision date as text", "[E] §1.6")] | None = (
        None
    )
    loai_quyet_dinh_thanh_lap: (
        Annotated[str, text("loại quyết định thành lập", "class of decision", A, 150)] | None
    ) = None
    ma_doanh_nghiep: Annotated[str, text("mã doanh nghiệp", "enterprise code", A, 30)] | None = None
    ma_so_thue: Annotated[str, text("mã số thuế", "tax code", A, 20)] | None = None
    loai_to_chuc: (
        Annotated[str, text("loại tổ chức", "organisation class", "[E] §1.6", 3, codelist="LoaiToChuc")]
        | None
    ) = None
    dia_chi: Annotated[str, text("địa chỉ", "address as text", A, 255)]
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    giay_to_to_chuc: Annotated[tuple[GiayToToChuc, ...], many(1)]


class CongDong(Feature, frozen=True, kw_only=True):
    """Cộng đồng dân cư: residential community."""

    loai_doi_tuong_su_dung_dat: LoaiDoiTuongSuDungDat
    ten_cong_dong: Annotated[str, text("tên cộng đồng", "name", A, 255)]
    nguoi_dai_dien: (
        Annotated[str, to("CaNhan", vi="người đại diện", en="representative", source=A)] | None
    ) = None
    dia_danh_cu_tru: Annotated[str, text("địa danh cư trú", "place of residence", A, 255)]
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()


class NhomNguoiDongSuDung(Feature, frozen=True, kw_only=True):
    """Nhóm người đồng sử dụng: group of co-users."""

    nguoi_dai_dien: Annotated[str, to("CaNhan", vi="người đại diện", en="representative", source=B)]
    thanh_vien: Annotated[tuple[ToCaNhan, ...], many(1)]
