"""Registration dossiers, certificates and cadastral books."""

import datetime as dt
from typing import Annotated

from landxml.model.kinds import A, Feature, LaThuaDat, MaXa, Ngay, ToCanHo, ToThuaDat, number, of, text, to

__all__ = ["GiayChungNhan", "SoDiaChinh", "TinhHinhDangKy"]


class GiayChungNhan(Feature, frozen=True, kw_only=True):
    """Giấy chứng nhận: land certificate."""

    KEY = ("soPhatHanh",)

    loai_giay_chung_nhan: Annotated[
        int, number("loại giấy chứng nhận", "certificate type", A, codelist="LoaiGiayChungNhan")
    ]
    so_ho_so_goc: Annotated[int, number("số hồ sơ gốc", "original dossier number", A)] | None = None
    so_ho_so_goc_cu: Annotated[str, text("số hồ sơ gốc cũ", "old dossier number", A)] | None = None
    so_vao_so: Annotated[str, text("số vào sổ", "register number", A, 20)]
    so_vao_so_cu: Annotated[str, text("số vào sổ cũ", "old register number", A, 20)] | None = None
    so_phat_hanh: Annotated[str, text("số phát hành", "serial", A, 20)]
    ma_vach: Annotated[str, text("mã vạch", "barcode MX.MN.ST", A, 25)] | None = None
    ma_giay_chung_nhan: (
        Annotated[str, text("mã giấy chứng nhận", "certificate code", "[E-law] §9.3", 12)] | None
    ) = None
    ngay_cap: Annotated[Ngay, of("date", "ngày cấp", "date of issue", A)] | None = None
    ten_nguoi_ky: Annotated[str, text("tên người ký", "signer", A, 150, personal=True)] | None = None
    da_cong_nhan_phap_ly: (
        Annotated[bool, of("bool", "đã công nhận pháp lý", "legally recognised", A)] | None
    ) = None
    don_vi_cap: Annotated[int, number("đơn vị cấp", "issuing level", A, codelist="DonViCap")] | None = None
    ghi_chu_trang1: Annotated[str, text("ghi chú trang 1", "note on page 1", A, personal=True)] | None = None
    ghi_chu_trang2: Annotated[str, text("ghi chú trang 2", "note on page 2", A, personal=True)] | None = None
    ban_quet: Annotated[str, text("bản quét", "path or GUID of the scan", A)] | None = None


class TinhHinhDangKy(Feature, frozen=True, kw_only=True):
    """Tình hình đăng ký: registration dossier."""

    ho_so_guid: Annotated[str, of("guid", "mã hồ sơ toàn quốc", "nationwide dossier key", A)] | None = None
    ma_xa: MaXa
    ma_don: Annotated[str, text("mã đơn", "application code", A)] | None = None
    ngay_tiep_nhan: Annotated[Ngay, of("date", "ngày tiếp nhận", "date received", A)] | None = None
    thoi_diem_dang_ky_lan_dau: (
        Annotated[Ngay, of("date", "thời điểm đăng ký lần đầu", "first registration", A)] | None
    ) = None
    thoi_diem_dang_ky: Annotated[Ngay, of("date", "thời điểm đăng ký", "registration time", A)]
    so_thu_tu: Annotated[int, number("số thứ tự hồ sơ", "dossier sequence number", A)]
    dai_dien_khai_trinh: Annotated[
        str, to("CaNhan", vi="đại diện khai trình", en="declaring representative", source=A)
    ]
    co_quyen_su_dung: Annotated[bool, of("bool", "có quyền sử dụng", "claims a use right", A)]
    co_quyen_so_huu: Annotated[bool, of("bool", "có quyền sở hữu", "claims ownership of assets", A)]
    co_quyen_quan_ly: Annotated[bool, of("bool", "có quyền quản lý", "claims a management right", A)]
    cap_giay_nguoi_dai_dien: (
        Annotated[bool, of("bool", "cấp giấy cho người đại diện", "certificate to the representative", A)]
        | None
    ) = None
    so_thu_tu_bien_dong: Annotated[int, number("số thứ tự biến động", "number of changes", A)] | None = None


class SoDiaChinh(Feature, frozen=True, kw_only=True):
    """Sổ địa chính: cadastral book."""

    la_thua_dat: LaThuaDat | None = None
    thua_dat: ToThuaDat | None = None
    can_ho: ToCanHo | None = None
    thoi_diem_lap_so: (
        Annotated[dt.datetime, of("datetime", "thời điểm lập sổ", "time the book was made", A)] | None
    ) = None
    ten_file: Annotated[str, text("tên tệp", "file name", A, 150, personal=True)] | None = None
    mo_ta: Annotated[str, text("đường dẫn tệp", "file path", A, 250, personal=True)] | None = None
    ban_quet: Annotated[str, text("bản quét sổ địa chính", "scan of the cadastral book", A)] | None = None
