"""Assets attached to land: houses, apartments, constructions, forest and perennial crops."""

from decimal import Decimal
from typing import Annotated

from landxml.model.kinds import A, DiaChiChuan, Feature, MaXa, Record, ToThuaDat, area, number, text, to, year

__all__ = [
    "CanHo",
    "CayLauNam",
    "CongTrinhNgam",
    "CongTrinhXayDung",
    "HangMucCongTrinh",
    "HangMucSoHuuChung",
    "KhuChungCu",
    "NhaChungCu",
    "NhaRiengLe",
    "RungTrong",
]

SoTang = Annotated[str, text("số tầng", "storeys", A, 150)]
SoTangHam = Annotated[str, text("số tầng hầm", "basement storeys", A, 150)]
NamXayDung = Annotated[int, year("năm xây dựng", "year built", A)]
NamHoanThanh = Annotated[int, year("năm hoàn thành", "year completed", A)]
CapHang = Annotated[str, text("cấp hạng", "construction grade", A, 150)]
KetCau = Annotated[str, text("kết cấu", "structure", A, 255)]
DienTichXayDung = Annotated[Decimal, area("diện tích xây dựng", "footprint area", A)]
DienTichSan = Annotated[Decimal, area("diện tích sàn", "floor area", A)]
ThoiHan50 = Annotated[str, text("thời hạn sở hữu", "term of ownership", A, 50)]
DiaChiCongTrinh = Annotated[str, text("địa chỉ", "address", A, 255)]
LoaiQuyenSoHuu = Annotated[
    int, number("loại quyền sở hữu", "state of the asset owned", A, codelist="LoaiQuyenSoHuu")
]


class HangMucSoHuuChung(Record, frozen=True, kw_only=True):
    """Hạng mục sở hữu chung: commonly owned item."""

    ten_hang_muc: Annotated[str, text("tên hạng mục", "item name", A, 255)]
    dien_tich: Annotated[Decimal, area("diện tích hạng mục", "area of the item", A)]
    vi_tri_tang: Annotated[str, text("vị trí tầng", "floor of the item", A, 150)] | None = None
    ghi_chu: Annotated[str, text("ghi chú", "note", A, 255)] | None = None


class HangMucCongTrinh(Record, frozen=True, kw_only=True):
    """Hạng mục công trình: construction item."""

    ten_hang_muc: Annotated[str, text("tên hạng mục", "item name", A, 255)]
    cong_nang: Annotated[str, text("công năng", "function", A, 150)]
    dien_tich_xay_dung: DienTichXayDung
    dien_tich_san: DienTichSan
    so_tang: SoTang | None = None
    so_tang_ham: SoTangHam | None = None
    ket_cau: KetCau | None = None
    nam_xay_dung: NamXayDung | None = None
    nam_hoan_thanh: NamHoanThanh | None = None
    thoi_han_so_huu: ThoiHan50 | None = None
    cap_hang: CapHang | None = None
    dia_chi_chi_tiet: Annotated[str, text("địa chỉ chi tiết", "detailed address", A, 255)] | None = None


class NhaRiengLe(Feature, frozen=True, kw_only=True):
    """Nhà riêng lẻ: house."""

    ma_xa: MaXa
    loai_nha_rieng_le: Annotated[int, number("loại nhà riêng lẻ", "house kind", A)] | None = None
    loai_quyen_so_huu_nha_rieng_le: LoaiQuyenSoHuu | None = None
    so_nha: Annotated[str, text("số nhà", "house number", A, 100, personal=True)] | None = None
    thoi_han_so_huu: Annotated[str, text("thời hạn sở hữu", "term of ownership", A, 100)] | None = None
    dien_tich_xay_dung: DienTichXayDung
    dien_tich_su_dung: Annotated[Decimal, area("diện tích sử dụng", "usable area", A)] | None = None
    dien_tich_san: DienTichSan
    dien_tich_san_phu: Annotated[Decimal, area("diện tích sàn phụ", "auxiliary floor area", A)] | None = None
    so_tang: SoTang | None = None
    so_tang_ham: SoTangHam | None = None
    nam_hoan_thanh: NamHoanThanh | None = None
    cap_hang: CapHang | None = None
    dia_chi: Annotated[str, text("địa chỉ", "address", A, 255, personal=True)] | None = None
    ket_cau: KetCau | None = None
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thua_dat: tuple[ToThuaDat, ...] = ()


class KhuChungCu(Feature, frozen=True, kw_only=True):
    """Khu chung cư: apartment zone."""

    ma_xa: MaXa
    ten_khu: Annotated[str, text("tên khu", "zone name", A, 255)]
    dien_tich_khu: Annotated[Decimal, area("diện tích khu", "zone area", A)]
    dia_chi: DiaChiCongTrinh
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thua_dat: tuple[ToThuaDat, ...] = ()


class NhaChungCu(Feature, frozen=True, kw_only=True):
    """Nhà chung cư: apartment building."""

    khu_chung_cu: (
        Annotated[str, to("KhuChungCu", vi="khu chung cư", en="apartment zone", source=A)] | None
    ) = None
    loai_nha_chung_cu: (
        Annotated[int, number("loại nhà chung cư", "apartment-building kind", A, codelist="LoaiNhaChungCu")]
        | None
    ) = None
    ten_chung_cu: Annotated[str, text("tên chung cư", "building name", A, 255)]
    dien_tich_xay_dung: DienTichXayDung
    dien_tich_san: DienTichSan
    tong_so_can: Annotated[int, number("tổng số căn", "number of units", A)] | None = None
    so_tang: SoTang | None = None
    so_tang_ham: SoTangHam | None = None
    nam_xay_dung: NamXayDung | None = None
    nam_hoan_thanh: NamHoanThanh | None = None
    thoi_han_so_huu: ThoiHan50 | None = None
    cap_hang: CapHang | None = None
    dia_chi: DiaChiCongTrinh | None = None
    hang_muc_so_huu_chung: tuple[HangMucSoHuuChung, ...] = ()
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thua_dat: tuple[ToThuaDat, ...] = ()


class CanHo(Feature, frozen=True, kw_only=True):
    """Căn hộ: apartment."""

    nha_chung_cu: Annotated[str, to("NhaChungCu", vi="nhà chung cư", en="apartment building", source=A)]
    loai_can_ho: Annotated[int, number("loại căn hộ", "apartment kind", A, codelist="LoaiCanHo")] | None = (
        None
    )
    loai_quyen_so_huu_can_ho: LoaiQuyenSoHuu | None = None
    so_hieu_can_ho: Annotated[str, text("số hiệu căn hộ", "apartment number", A, 20)]
    tang_so: Annotated[int, number("tầng số", "floor, negative below ground", A, None)] | None = None
    dien_tich_san: DienTichSan
    dien_tich_su_dung: Annotated[Decimal, area("diện tích sử dụng", "usable area", A)]


class CongTrinhXayDung(Feature, frozen=True, kw_only=True):
    """Công trình xây dựng: construction."""

    ma_xa: MaXa
    ten_cong_trinh: Annotated[str, text("tên công trình", "construction name", A, 255)]
    loai_quyen_so_huu_cong_trinh_xay_dung: LoaiQuyenSoHuu | None = None
    dien_tich_xay_dung: DienTichXayDung
    dien_tich_san: DienTichSan
    so_tang: SoTang | None = None
    so_tang_ham: SoTangHam | None = None
    nam_xay_dung: NamXayDung | None = None
    nam_hoan_thanh: NamHoanThanh | None = None
    thoi_han_so_huu: ThoiHan50 | None = None
    cap_hang: CapHang | None = None
    dia_chi: DiaChiCongTrinh | None = None
    hang_muc_cong_trinh: tuple[HangMucCongTrinh, ...] = ()
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thua_dat: tuple[ToThuaDat, ...] = ()


class CongTrinhNgam(Feature, frozen=True, kw_only=True):
    """Công trình ngầm: underground construction."""

    ma_xa: MaXa
    ten_cong_trinh: Annotated[str, text("tên công trình", "construction name", A, 255)]
    loai_cong_trinh_ngam: (
        Annotated[str, text("loại công trình ngầm", "kind of underground construction", A, 50)] | None
    ) = None
    loai_quyen_so_huu_cong_trinh_ngam: LoaiQuyenSoHuu | None = None
    dien_tich_cong_trinh: Annotated[Decimal, area("diện tích công trình", "construction area", A)] | None = (
        None
    )
    do_sau_toi_da: Annotated[str, text("độ sâu tối đa", "maximum depth", A, 150)] | None = None
    vi_tri_dau_noi: Annotated[str, text("vị trí đấu nối", "connection point", A, 150)] | None = None
    nam_xay_dung: NamXayDung | None = None
    nam_hoan_thanh: NamHoanThanh | None = None
    thoi_han_so_huu: Annotated[str, text("thời hạn sở hữu", "term of ownership", A, 150)] | None = None
    dia_chi: DiaChiCongTrinh | None = None
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thua_dat: tuple[ToThuaDat, ...] = ()


class RungTrong(Feature, frozen=True, kw_only=True):
    """Rừng trồng: planted forest."""

    ten_rung: Annotated[str, text("tên rừng", "forest name", A, 150)]
    loai_cay_rung: Annotated[str, text("loại cây rừng", "main tree species", A, 255)] | None = None
    dien_tich: Annotated[Decimal, area("diện tích rừng", "forest area", A)]
    dia_chi: Annotated[str, text("địa chỉ", "address", A, 255, personal=True)] | None = None
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thua_dat: tuple[ToThuaDat, ...] = ()


class CayLauNam(Feature, frozen=True, kw_only=True):
    """Cây lâu năm: perennial crop."""

    ten_cay_lau_nam: Annotated[str, text("tên cây lâu năm", "crop name", A, 150)]
    loai_cay_trong: Annotated[str, text("loại cây trồng", "main crop species", A, 255)] | None = None
    dien_tich: Annotated[Decimal, area("diện tích cây lâu năm", "area of perennial crop", A)]
    dia_chi: Annotated[str, text("địa chỉ", "address", A, 255, personal=True)] | None = None
    dia_chi_chuan: tuple[DiaChiChuan, ...] = ()
    thua_dat: tuple[ToThuaDat, ...] = ()
