"""Transactions, secured transactions, registered changes and printed confirmations."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from landxml.model.kinds import (
    A,
    Feature,
    LaThuaDat,
    Ngay,
    Record,
    ToCanHo,
    ToChu,
    ToGiaoDich,
    ToGiayChungNhan,
    ToHangMuc,
    ToHoSo,
    ToTaiSan,
    ToThuaDat,
    area,
    money,
    number,
    of,
    text,
    to,
)

__all__ = ["ChiTietGiaoDichBaoDam", "DangKyThayDoi", "GiaoDich", "GiaoDichBaoDam", "NoiDungInXacNhan"]


class GiaoDich(Feature, frozen=True, kw_only=True):
    """Giao dịch biến động: transaction."""

    loai_giao_dich_bien_dong: Annotated[
        str, text("loại biến động", "change type", A, 10, codelist="LoaiBienDong")
    ]
    thoi_diem_dang_ky_bien_dong: Annotated[
        dt.datetime, of("datetime", "thời điểm đăng ký biến động", "time the change was registered", A)
    ]
    noi_dung_bien_dong: (
        Annotated[str, text("nội dung biến động", "content of the change", A, 255, personal=True)] | None
    ) = None
    ma_bien_dong: Annotated[str, text("mã biến động", "change code", A, 20)]
    ma_ho_so_thu_tuc_dang_ky: Annotated[
        str, text("mã hồ sơ thủ tục đăng ký", "procedure dossier code", A, 15)
    ]
    so_hop_dong: Annotated[str, text("số hợp đồng", "contract number", A, 20)] | None = None
    ngay_hop_dong: Annotated[Ngay, of("date", "ngày hợp đồng", "contract date", A)] | None = None
    gia_tri_hop_dong: Annotated[Decimal, money("giá trị hợp đồng", "contract value", A)] | None = None
    noi_dung_hop_dong: (
        Annotated[str, text("nội dung hợp đồng", "contract content", A, 255, personal=True)] | None
    ) = None
    quyen_cong_chung: Annotated[str, text("quyển công chứng", "notary book", A, 20)] | None = None
    so_cong_chung: Annotated[str, text("số công chứng", "notary number", A, 20)] | None = None
    ngay_cong_chung: Annotated[Ngay, of("date", "ngày công chứng", "notary date", A)] | None = None
    noi_cong_chung: Annotated[str, text("nơi công chứng", "notary place", A, 150)] | None = None
    ho_so_truoc_bien_dong: tuple[ToHoSo, ...] = ()


class ChiTietGiaoDichBaoDam(Record, frozen=True, kw_only=True):
    """Chi tiết giao dịch bảo đảm: detail of the secured transaction."""

    giay_chung_nhan: ToGiayChungNhan
    tai_san: ToTaiSan
    hang_muc_tai_san: ToHangMuc | None = None
    dien_tich_the_chap: Annotated[Decimal, area("diện tích thế chấp", "mortgaged area", A)] | None = None


class GiaoDichBaoDam(Feature, frozen=True, kw_only=True):
    """Giao dịch bảo đảm: secured transaction."""

    giao_dich: ToGiaoDich
    giao_dich_bao_dam_cha: (
        Annotated[
            str, to("GiaoDichBaoDam", vi="giao dịch bảo đảm gốc", en="parent secured transaction", source=A)
        ]
        | None
    ) = None
    loai_giao_dich_bao_dam: Annotated[
        int, number("loại giao dịch bảo đảm", "secured-transaction type", A, codelist="LoaiGiaoDichBaoDam")
    ]
    quyen_so_giao_dich_bao_dam: (
        Annotated[str, text("quyển sổ giao dịch bảo đảm", "secured-transaction book", A, 20)] | None
    ) = None
    so_thu_tu: (
        Annotated[
            str, text("số thứ tự giao dịch bảo đảm", "sequence number of the secured transaction", A, 20)
        ]
        | None
    ) = None
    so_dang_ky: Annotated[str, text("số đăng ký", "registration number", A, 20)] | None = None
    thoi_diem_dang_ky: Annotated[Ngay, of("date", "thời điểm đăng ký", "registration time", A)]
    ngay_bat_dau: Annotated[Ngay, of("date", "ngày bắt đầu", "start date", A)]
    ngay_ket_thuc: Annotated[Ngay, of("date", "ngày kết thúc", "end date", A)] | None = None
    ben_the_chap: tuple[ToChu, ...] = ()
    ben_nhan_the_chap: tuple[ToChu, ...] = ()
    ben_bao_lanh: tuple[ToChu, ...] = ()
    chi_tiet_giao_dich_bao_dam: tuple[ChiTietGiaoDichBaoDam, ...] = ()


class DangKyThayDoi(Feature, frozen=True, kw_only=True):
    """Đăng ký thay đổi: registered change."""

    giao_dich: ToGiaoDich | None = None
    la_thua_dat: LaThuaDat | None = None
    thua_dat: ToThuaDat | None = None
    can_ho: ToCanHo | None = None
    thoi_diem_dang_ky_thay_doi: (
        Annotated[
            dt.datetime, of("datetime", "thời điểm đăng ký thay đổi", "time of the registered change", A)
        ]
        | None
    ) = None
    noi_dung_dang_ky_thay_doi: (
        Annotated[
            str, text("nội dung đăng ký thay đổi", "content of the registered change", A, 500, personal=True)
        ]
        | None
    ) = None


class NoiDungInXacNhan(Feature, frozen=True, kw_only=True):
    """Nội dung in xác nhận: printed confirmation."""

    giay_chung_nhan: ToGiayChungNhan | None = None
    giao_dich: ToGiaoDich | None = None
    noi_dung_thay_doi: (
        Annotated[
            str,
            text("nội dung thay đổi in trên giấy", "text printed on the certificate", A, 500, personal=True),
        ]
        | None
    ) = None
    co_quan_xac_nhan: Annotated[str, text("cơ quan xác nhận", "confirming authority", A, 150)] | None = None
    ngay_xac_nhan: Annotated[Ngay, of("date", "ngày xác nhận", "confirmation date", A)] | None = None
    trang_giay_chung_nhan: Annotated[int, number("trang giấy chứng nhận", "certificate page", A)] | None = (
        None
    )
