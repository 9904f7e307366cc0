"""What the fields of the national model hold, and what every record is.

Each function returns the annotation of one field: Vietnamese label, English label, source (evidence mark and
section of the format study), facets.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from landxml.objects import Object

__all__ = [
    "PARTIES",
    "PROFILE",
    "A",
    "B",
    "DiaChiChuan",
    "DiaChiText",
    "LoaiDoiTuongSuDungDat",
    "MaXa",
    "Ngay",
    "Record",
    "ToCaNhan",
    "area",
    "many",
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


def to(*targets: str, vi: str, en: str, source: str) -> Meta:
    """Refer to a record of one of the classes."""
    return of("reference", vi, en, source, targets=targets)


def many(minimum: int) -> Meta:
    """At least so many items in a list."""
    return Meta(min_length=minimum)


A = "[E] §1.4"
B = "[E] §3"
PROFILE = "profile"
"""Sources: layouts A and B′ of the format study, and the profile itself."""

PARTIES = ("CaNhan", "VoChong", "HoGiaDinh", "ToChuc", "CongDong", "NhomNguoiDongSuDung")

MaXa = Annotated[str, text("mã đơn vị hành chính cấp xã", "commune code", A, pattern=r"^[0-9]{5}$")]
Ngay = dt.date
DiaChiText = Annotated[str, text("địa chỉ", "address as text", A, 255, personal=True)]
DiaChiChuan = Annotated[str, to("DiaChi", vi="địa chỉ chuẩn", en="structured address", source=A)]
ToCaNhan = Annotated[str, to("CaNhan", vi="cá nhân", en="person", source=A)]
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
