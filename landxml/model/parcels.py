"""Parcels, their purposes and origins, addresses and survey documents."""

from decimal import Decimal
from typing import Annotated

from shapely.geometry.base import BaseGeometry

from landxml.model.kinds import A, DiaChiChuan, Feature, MaXa, Ngay, Record, area, many, number, of, text, to

__all__ = ["DiaChi", "MucDichSuDung", "NguonGocDat", "TaiLieuDoDac", "ThuaDat"]


class NguonGocDat(Record, frozen=True, kw_only=True):
    """Nguồn gốc sử dụng đất: origin of a land-use purpose."""

    nguon_goc: Annotated[
        str, text("nguồn gốc sử dụng đất", "origin of use", A, 50, codelist="LoaiNguonGocDat")
    ]
    nguon_goc_chuyen_quyen: (
        Annotated[
            str,
            text("nguồn gốc chuyển quyền", "origin of transfer", A, 50, codelist="LoaiNguonGocChuyenQuyen"),
        ]
        | None
    ) = None
    nguon_goc_chi_tiet: Annotated[str, text("nguồn gốc chi tiết", "origin in words", A, 250)] | None = None
    dien_tich: Annotated[Decimal, area("diện tích theo nguồn gốc", "area of this origin", A)] | None = None


class MucDichSuDung(Record, frozen=True, kw_only=True):
    """Mục đích sử dụng đất: land-use purpose of a parcel."""

    so_thu_tu_muc_dich_su_dung: Annotated[int, number("số thứ tự mục đích", "sequence in the parcel", A, 1)]
    ma_muc_dich_su_dung: Annotated[
        str, text("mã mục đích sử dụng", "land-use code", A, 3, codelist="LoaiMucDichSuDung")
    ]
    ma_muc_dich_su_dung_phu: (
        Annotated[str, text("mã mục đích phụ", "secondary land-use code", A, 3, codelist="LoaiMucDichSuDung")]
        | None
    ) = None
    ma_muc_dich_su_dung_quy_hoach: (
        Annotated[
            str,
            text(
                "mã mục đích quy hoạch", "planned land-use code", A, 3, codelist="LoaiMucDichSuDungQuyHoach"
            ),
        ]
        | None
    ) = None
    dien_tich: Annotated[Decimal, area("diện tích theo mục đích", "area of this purpose", A)]
    thoi_han_su_dung: Annotated[str, text("thời hạn sử dụng", "term of use in words", A, 50)] | None = None
    ngay_het_han_su_dung: Annotated[Ngay, of("date", "ngày hết hạn", "expiry of use", A)] | None = None
    nguon_goc_dat: Annotated[tuple[NguonGocDat, ...], many(1)]


class ThuaDat(Feature, frozen=True, kw_only=True):
    """Thửa đất: land parcel."""

    KEY = ("maXa", "soHieuToBanDo", "soThuTuThua")

    ma_xa: MaXa
    so_hieu_to_ban_do: Annotated[int, number("số hiệu tờ bản đồ", "map sheet number", A)]
    so_thu_tu_thua: Annotated[int, number("số thứ tự thửa", "parcel number on the sheet", A)]
    so_hieu_to_ban_do_cu: Annotated[str, text("số hiệu tờ bản đồ cũ", "old sheet number", A, 50)] | None = (
        None
    )
    so_thu_tu_thua_cu: Annotated[str, text("số thứ tự thửa cũ", "old parcel number", A, 50)] | None = None
    dien_tich: Annotated[Decimal, area("diện tích", "measured area", A)]
    dien_tich_phap_ly: Annotated[Decimal, area("diện tích pháp lý", "legal area", A)] | None = None
    la_doi_tuong_chiem_dat: Annotated[
        bool, of("bool", "là đối tượng chiếm đất", "land-occupying object that forms no parcel", A)
    ]
    dia_chi: Annotated[str, text("địa chỉ thửa đất", "address of the parcel as text", A, personal=True)]
    in_so_lieu_cu: Annotated[bool, of("bool", "in số liệu cũ", "print with old numbers", A)] | None = None
    loai_thua_dat: (
        Annotated[str, text("loại thửa đất", "parcel kind", "[E] §11.3", 10, codelist="LoaiThuaDat")] | None
    ) = None
    ma_thua_dat: (
        Annotated[
            str,
            text("mã định danh thửa đất", "parcel code", "[N] §9.1", 12, pattern=r"^[0-9b-hjkmnp-z]{12}$"),
        ]
        | None
    ) = None
    phan_loai_du_lieu: (
        Annotated[int, number("phân loại dữ liệu", "class of the data; values unknown", "[E] §2.3")] | None
    ) = None
    trang_thai_dang_ky: (
        Annotated[int, number("trạng thái đăng ký", "state of registration; values unknown", "[E] §2.3")]
        | None
    ) = None
    tai_lieu_do_dac: (
        Annotated[str, to("TaiLieuDoDac", vi="tài liệu đo đạc", en="survey document", source=A)] | None
    ) = None
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    muc_dich_su_dung: Annotated[tuple[MucDichSuDung, ...], many(1)]
    ranh_gioi: (
        Annotated[
            BaseGeometry, of("geometry", "ranh giới thửa đất", "boundary (Polygon, MultiPolygon)", "[I] §10")
        ]
        | None
    ) = None


class DiaChi(Feature, frozen=True, kw_only=True):
    """Địa chỉ: structured address."""

    ma_xa: MaXa
    so_nha: Annotated[str, text("số nhà", "house number", A, 50, personal=True)] | None = None
    ten_duong_pho: Annotated[str, text("tên đường phố", "street", A, 50, personal=True)] | None = None
    ten_to_dan_pho: (
        Annotated[str, text("tên tổ dân phố, thôn", "residential group or hamlet", A, 50, personal=True)]
        | None
    ) = None
    ten_xa: Annotated[str, text("tên xã", "commune name", A, 50)] | None = None
    ten_quan: Annotated[str, text("tên quận, huyện", "district name", A, 50)] | None = None
    ten_tinh: Annotated[str, text("tên tỉnh", "province name", A, 50)] | None = None
    dia_chi_chi_tiet: (
        Annotated[str, text("địa chỉ chi tiết", "detailed address", A, 255, personal=True)] | None
    ) = None


class TaiLieuDoDac(Feature, frozen=True, kw_only=True):
    """Tài liệu đo đạc: survey document."""

    ma_xa: MaXa
    loai_ban_do_dia_chinh: Annotated[
        int, number("loại bản đồ địa chính", "map kind", A, codelist="LoaiBanDoDiaChinh")
    ]
    don_vi_do_dac: Annotated[str, text("đơn vị đo đạc", "survey unit", A, 100)]
    phuong_phap_do: Annotated[str, text("phương pháp đo", "survey method", A, 100)] | None = None
    muc_do_chinh_xac: Annotated[str, text("mức độ chính xác", "accuracy", A, 30)] | None = None
    ty_le_do_dac: Annotated[str, text("tỷ lệ đo đạc", "scale", A, 20)]
    ngay_hoan_thanh: Annotated[Ngay, of("date", "ngày hoàn thành", "completion date", A)]
