"""Financial obligations, exemptions and deferred payments."""

from decimal import Decimal
from typing import Annotated

from landxml.model.kinds import A, Feature, Ngay, ToNghiaVu, money, number, of, text

__all__ = ["MienGiamNghiaVuTaiChinh", "NghiaVuTaiChinh", "NoNghiaVuTaiChinh"]


class NghiaVuTaiChinh(Feature, frozen=True, kw_only=True):
    """Nghĩa vụ tài chính: financial obligation."""

    loai_nghia_vu_tai_chinh: Annotated[str, text("loại nghĩa vụ tài chính", "kind of obligation", A, 30)]
    tong_so_tien: Annotated[Decimal, money("tổng số tiền", "total due", A)]
    tong_so_tien_mien_giam: Annotated[Decimal, money("tổng số tiền miễn giảm", "total exempted", A)]
    tong_so_tien_no: Annotated[Decimal, money("tổng số tiền nợ", "total owed", A)]
    ngay_bat_dau: Annotated[Ngay, of("date", "ngày bắt đầu", "start date", A)]
    hoan_thanh: Annotated[bool, of("bool", "đã hoàn thành", "fulfilled", A)]


class MienGiamNghiaVuTaiChinh(Feature, frozen=True, kw_only=True):
    """Miễn giảm nghĩa vụ tài chính: exemption."""

    nghia_vu_tai_chinh: ToNghiaVu
    loai_che_do_mien_giam_id: Annotated[int, number("chế độ miễn giảm", "exemption regime", A)] | None = None
    so_tien_mien_giam: Annotated[Decimal, money("số tiền miễn giảm", "exempted amount", A)]
    so_quyet_dinh_mien_giam: Annotated[
        str, text("số quyết định miễn giảm", "exemption decision number", A, 15)
    ]
    ngay_ra_quyet_dinh_mien_giam: Annotated[
        Ngay, of("date", "ngày ra quyết định miễn giảm", "exemption decision date", A)
    ]
    co_quan_ra_quyen_dinh_mien_giam: Annotated[
        str, text("cơ quan ra quyết định miễn giảm", "authority that decided the exemption", A, 150)
    ]


class NoNghiaVuTaiChinh(Feature, frozen=True, kw_only=True):
    """Nợ nghĩa vụ tài chính: deferred obligation."""

    nghia_vu_tai_chinh: ToNghiaVu
    loai_che_do_no_id: Annotated[int, number("chế độ nợ", "deferral regime", A)] | None = None
    so_tien_no: Annotated[Decimal, money("số tiền nợ", "owed amount", A)]
    so_quyet_dinh_no: Annotated[str, text("số quyết định cho nợ", "deferral decision number", A, 30)]
    ngay_ra_quyet_dinh_no: Annotated[
        Ngay, of("date", "ngày ra quyết định cho nợ", "deferral decision date", A)
    ]
    co_quan_ra_quyen_dinh_no: Annotated[
        str, text("cơ quan ra quyết định cho nợ", "authority that decided the deferral", A, 255)
    ]
