"""Metadata of a package file."""

import datetime as dt
from typing import Annotated

from landxml.model.kinds import PROFILE, MaXa, Ngay, Record, number, of, text

__all__ = ["SieuDuLieu", "SoBanGhi"]


class SoBanGhi(Record, frozen=True, kw_only=True):
    """Số bản ghi: number of records of one class in the file."""

    lop: Annotated[str, text("lớp", "class", PROFILE, 50)]
    so_luong: Annotated[int, number("số lượng", "count", PROFILE)]


class SieuDuLieu(Record, frozen=True, kw_only=True):
    """Siêu dữ liệu: metadata of a package file."""

    KEY = ("maGoi",)

    ma_goi: Annotated[str, text("mã gói dữ liệu", "package id", PROFILE, 100)]
    he_thong: Annotated[str, text("hệ thống tạo lập", "producing system", PROFILE, 100)]
    phien_ban_he_thong: Annotated[str, text("phiên bản hệ thống", "system version", PROFILE, 50)] | None = (
        None
    )
    don_vi_cung_cap: Annotated[str, text("đơn vị cung cấp", "supplying office", PROFILE, 255)]
    thoi_diem_lap: Annotated[dt.datetime, of("datetime", "thời điểm lập", "time of creation", PROFILE)]
    ho_so: Annotated[str, text("hồ sơ tiêu chuẩn", "profile", PROFILE, pattern=r"^vn-land$")] = "vn-land"
    phien_ban: Annotated[str, text("phiên bản tiêu chuẩn", "profile version", PROFILE, pattern=r"^1\.0$")] = (
        "1.0"
    )
    he_toa_do: (
        Annotated[int, number("hệ tọa độ", "EPSG code of the geometry", PROFILE, 1024, 998999)] | None
    ) = None
    ngay_hieu_luc_ma_don_vi: Annotated[
        Ngay, of("date", "ngày hiệu lực mã đơn vị", "date on which its unit codes are valid", PROFILE)
    ]
    ma_xa: tuple[MaXa, ...] = ()
    so_ban_ghi: tuple[SoBanGhi, ...] = ()
    ma_bam_noi_dung: (
        Annotated[str, text("mã băm nội dung", "SHA-256 of the members", PROFILE, pattern=r"^[0-9a-f]{64}$")]
        | None
    ) = None
