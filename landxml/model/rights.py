"""Rights to land and to assets, their restrictions, and shared or separate registration."""

from decimal import Decimal
from typing import Annotated

from landxml.model.kinds import (
    A,
    Feature,
    Ngay,
    ToChu,
    ToGiayChungNhan,
    ToHanChe,
    ToHangMuc,
    ToMucDich,
    ToNghiaVu,
    ToTaiSan,
    ToThuaDat,
    area,
    number,
    of,
    text,
)

__all__ = [
    "DangKyChungRieng",
    "HanCheQuyen",
    "QuyenQuanLyDat",
    "QuyenSoHuuTaiSanGanLienVoiDat",
    "QuyenSuDungDat",
]


class QuyenSuDungDat(Feature, frozen=True, kw_only=True):
    """Quyền sử dụng đất: land-use right."""

    chu: ToChu
    thua_dat: ToThuaDat
    muc_dich_su_dung: ToMucDich | None = None
    giay_chung_nhan: ToGiayChungNhan | None = None
    nghia_vu_tai_chinh: ToNghiaVu | None = None
    han_che_quyen: ToHanChe | None = None


class QuyenQuanLyDat(Feature, frozen=True, kw_only=True):
    """Quyền quản lý đất: land-management right."""

    chu: ToChu
    thua_dat: ToThuaDat
    muc_dich_su_dung: ToMucDich | None = None


class QuyenSoHuuTaiSanGanLienVoiDat(Feature, frozen=True, kw_only=True):
    """Quyền sở hữu tài sản gắn liền với đất: right to an asset attached to land."""

    chu: ToChu
    tai_san: ToTaiSan
    hang_muc_tai_san: ToHangMuc | None = None
    giay_chung_nhan: ToGiayChungNhan | None = None
    nghia_vu_tai_chinh: ToNghiaVu | None = None
    han_che_quyen: ToHanChe | None = None


class DangKyChungRieng(Feature, frozen=True, kw_only=True):
    """Đăng ký sở hữu chung riêng: registration of shared or separate ownership."""

    tai_san: ToTaiSan
    hang_muc_tai_san: ToHangMuc | None = None
    dien_tich: Annotated[Decimal, area("diện tích chung hoặc riêng", "shared or separate area", A)]
    su_dung_chung: Annotated[bool, of("bool", "sử dụng chung", "shared use", A)]
    du_dieu_kien: Annotated[bool, of("bool", "đủ điều kiện cấp giấy", "qualifies for a certificate", A)]
    ngay_bat_dau: Annotated[Ngay, of("date", "ngày bắt đầu", "start date", A)] | None = None
    ngay_het_han: Annotated[Ngay, of("date", "ngày hết hạn", "expiry date", A)] | None = None
    thoi_han: Annotated[str, text("thời hạn", "term", A, 150)] | None = None
    chu: tuple[ToChu, ...] = ()


class HanCheQuyen(Feature, frozen=True, kw_only=True):
    """Hạn chế quyền: restriction."""

    loai_han_che: Annotated[int, number("loại hạn chế", "kind of restriction", A, codelist="LoaiHanChe")]
    dien_tich: Annotated[Decimal, area("diện tích bị hạn chế", "restricted area", A)]
    noi_dung_han_che: (
        Annotated[str, text("nội dung hạn chế", "content of the restriction", A, 255, personal=True)] | None
    ) = None
    han_che_mot_phan: Annotated[bool, of("bool", "hạn chế một phần", "partial restriction", A)]
    so_do_ranh_gioi_han_che: (
        Annotated[str, text("sơ đồ ranh giới hạn chế", "sketch of the restricted boundary", A)] | None
    ) = None
    loai_van_ban_han_che: (
        Annotated[
            int,
            number(
                "loại văn bản hạn chế", "type of the restricting document", A, codelist="LoaiVanBanHanChe"
            ),
        ]
        | None
    ) = None
    so_van_ban: Annotated[str, text("số văn bản", "document number", A, 15)] | None = None
    ngay_ban_hanh: Annotated[Ngay, of("date", "ngày ban hành", "document date", A)] | None = None
    co_quan_ban_hanh: Annotated[str, text("cơ quan ban hành", "issuing authority", A, 150)] | None = None
    ban_quet: Annotated[str, text("bản quét", "scan", A)] | None = None
