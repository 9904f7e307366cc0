"""What the fields of the national model hold, and what every record is.

Each function returns the annotation of one field: Vietnamese label, English label, source (evidence mark and
section of the format study), facets.
"""

import datetime as dt
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from landxml.base import Object

__all__ = [
    "ASSETS",
    "PARTIES",
    "PROFILE",
    "VERSIONS",
    "A",
    "B",
    "DiaChiChuan",
    "DiaChiText",
    "Feature",
    "LaThuaDat",
    "LoaiDoiTuongSuDungDat",
    "MaXa",
    "Ngay",
    "Record",
    "ToCaNhan",
    "ToCanHo",
    "ToChu",
    "ToGiaoDich",
    "ToGiayChungNhan",
    "ToHanChe",
    "ToHangMuc",
    "ToHoSo",
    "ToMucDich",
    "ToNghiaVu",
    "ToTaiSan",
    "ToThuaDat",
    "area",
    "many",
    "money",
    "number",
    "of",
    "text",
    "to",
    "year",
]


def text(
    vi: str, en: str, source: str, length: int | None = None, pattern: str | None = None, **extra: Any
) -> Meta:
    """Text of at least one character; of at most ``length``, or of a pattern."""
    extra |= {"kind": "text", "source": source}
    return Meta(title=vi, description=en, min_length=1, max_length=length, pattern=pattern, extra=extra)


def number(
    vi: str, en: str, source: str, minimum: int | None = 0, maximum: int | None = None, **extra: Any
) -> Meta:
    """Whole number."""
    extra = {"kind": "int", "source": source, **extra}
    return Meta(title=vi, description=en, ge=minimum, le=maximum, extra=extra)


def year(vi: str, en: str, source: str, **extra: Any) -> Meta:
    """Year of four digits."""
    return number(vi, en, source, 1000, 9999, kind="year", **extra)


def of(kind: str, vi: str, en: str, source: str, **extra: Any) -> Meta:
    """Anything of a kind (:data:`landxml.dictionary.Kind`) that needs no facets."""
    return Meta(title=vi, description=en, extra={"kind": kind, "source": source, **extra})


def area(vi: str, en: str, source: str) -> Meta:
    """Area in square metres, a decimal."""
    return of("decimal", vi, en, source, unit="m²")


def money(vi: str, en: str, source: str) -> Meta:
    """Amount of money, a decimal."""
    return of("decimal", vi, en, source, unit="VND")


def to(*targets: str, vi: str, en: str, source: str) -> Meta:
    """Refer to a record of one of the classes."""
    return of("reference", vi, en, source, targets=targets)


def many(minimum: int) -> Meta:
    """At least so many items in a list."""
    return Meta(min_length=minimum)


A = "[E] §1.4"
B = "[E] §3"
PROFILE = "profile"
VERSIONS = "[E] §2.3, §3 parcels and parties; [I] the other classes"
"""Sources: layouts A and B′ of the format study, and the profile itself."""

PARTIES = ("CaNhan", "VoChong", "HoGiaDinh", "ToChuc", "CongDong", "NhomNguoiDongSuDung")
ASSETS = (
    "ThuaDat", "NhaRiengLe", "CanHo", "NhaChungCu", "KhuChungCu", "CongTrinhXayDung", "CongTrinhNgam",
    "RungTrong", "CayLauNam",
)  # fmt: skip

MaXa = Annotated[str, text("mã đơn vị hành chính cấp xã", "commune code", A, pattern=r"^[0-9]{5}$")]
Ngay = dt.date
DiaChiText = Annotated[str, text("địa chỉ", "address as text", A, 255, personal=True)]
DiaChiChuan = Annotated[str, to("DiaChi", vi="địa chỉ chuẩn", en="structured address", source=A)]
LaThuaDat = Annotated[bool, of("bool", "là thửa đất", "for a parcel, not for an apartment", A)]
ToCaNhan = Annotated[str, to("CaNhan", vi="cá nhân", en="person", source=A)]
ToChu = Annotated[str, to(*PARTIES, vi="chủ", en="party", source=A)]
ToTaiSan = Annotated[str, to(*ASSETS, vi="tài sản", en="asset", source=A)]
ToHangMuc = Annotated[
    str,
    to("HangMucSoHuuChung", "HangMucCongTrinh", vi="hạng mục của tài sản", en="item of the asset", source=A),
]
ToThuaDat = Annotated[str, to("ThuaDat", vi="thửa đất", en="parcel", source=A)]
ToMucDich = Annotated[str, to("MucDichSuDung", vi="mục đích sử dụng", en="land-use purpose", source=A)]
ToCanHo = Annotated[str, to("CanHo", vi="căn hộ", en="apartment", source=A)]
ToGiayChungNhan = Annotated[str, to("GiayChungNhan", vi="giấy chứng nhận", en="certificate", source=A)]
ToNghiaVu = Annotated[
    str, to("NghiaVuTaiChinh", vi="nghĩa vụ tài chính", en="financial obligation", source=A)
]
ToHanChe = Annotated[str, to("HanCheQuyen", vi="hạn chế quyền", en="restriction", source=A)]
ToGiaoDich = Annotated[str, to("GiaoDich", vi="giao dịch biến động", en="transaction", source=A)]
ToHoSo = Annotated[
    str, to("TinhHinhDangKy", vi="hồ sơ trước biến động", en="dossier before the change", source=A)
]
LoaiDoiTuongSuDungDat = Annotated[
    str,
    text("loại đối tượng sử dụng đất", "land-user class", A, 3, codelist="LoaiDoiTuongSuDungDat"),
]


class Record(
    Object, frozen=True, kw_only=True, rename="camel", tag_field="class", tag=True, omit_defaults=True
):
    """Bản ghi: a record of the national model.

    Attributes
    ----------
    id
        ``gml:id``, unique in the package.
    """

    KEY: ClassVar[tuple[str, ...]] = ()
    """Elements of the business key that findings quote; never personal data."""

    id: str


class Feature(Record, frozen=True, kw_only=True):
    """Đối tượng: a record that stands for itself, in versions.

    Attributes
    ----------
    phien_ban
        Number of the version, from 1.
    hieu_luc
        False where a later version or dossier has replaced this one.
    """

    phien_ban: Annotated[int, number("phiên bản", "version", VERSIONS, 1)] | None = None
    hieu_luc: Annotated[bool, of("bool", "hiệu lực", "in force, not replaced", VERSIONS)] | None = None
