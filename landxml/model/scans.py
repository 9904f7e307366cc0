"""Scanned papers."""

from typing import Annotated

from landxml.model.kinds import A, Feature, Record, ToGiayChungNhan, number, of, text

__all__ = ["ChiTietHoSoQuet", "HoSoQuet"]


class ChiTietHoSoQuet(Record, frozen=True, kw_only=True):
    """Chi tiết hồ sơ quét: one scanned file."""

    chi_tiet_ho_so_quet_id: Annotated[str, of("guid", "mã tệp quét", "file key", A)]
    ten_file: Annotated[str, text("tên tệp", "file name", A, 150, personal=True)]
    mo_ta: Annotated[str, text("mô tả, đường dẫn", "relative path or GUID", A, 250, personal=True)] | None = (
        None
    )
    la_giay_to_ve_nguon_goc: (
        Annotated[bool, of("bool", "là giấy tờ về nguồn gốc", "origin paper", A)] | None
    ) = None
    la_giay_chung_nhan: (
        Annotated[bool, of("bool", "là giấy chứng nhận", "the certificate itself", A)] | None
    ) = None
    giay_chung_nhan: ToGiayChungNhan | None = None


class HoSoQuet(Feature, frozen=True, kw_only=True):
    """Hồ sơ quét: dossier of scans."""

    kho: Annotated[str, text("kho", "store", A, 50)] | None = None
    day: Annotated[str, text("dãy", "row", A, 50)] | None = None
    ke: Annotated[str, text("kệ", "shelf", A, 50)] | None = None
    hop: Annotated[str, text("hộp", "box", A, 50)] | None = None
    so_thu_tu_ho_so: Annotated[int, number("số thứ tự hồ sơ", "sequence of the dossier", A)] | None = None
    chi_tiet_ho_so_quet: tuple[ChiTietHoSoQuet, ...] = ()
