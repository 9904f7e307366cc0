"""Faults of content: a field that cannot be true, or contradicts another of its dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from landxml.model import CaNhan, GiayChungNhan, GiayToTuyThan, ThuaDat
from landxml_samples.edits import Edit, Fault, Records, change
from landxml_samples.layouts import PACKAGES

__all__ = ["SLIPS"]

Edited = Callable[[Records], Edit | None]


def _origin(fields: Callable[[Decimal], dict[str, Any]]) -> Edited:
    """Change the first origin of a long-term purpose, by its area."""

    def changed(land: ThuaDat) -> dict[str, Any] | None:
        use, *others = land.muc_dich_su_dung
        first, *more = use.nguon_goc_dat
        if use.ngay_het_han_su_dung is not None or first.dien_tich is None or first.dien_tich < 2:
            return None
        origins = (replace(first, **fields(first.dien_tich)), *more)
        return {"muc_dich_su_dung": (replace(use, nguon_goc_dat=origins), *others)}

    return change(ThuaDat, changed, at=lambda land: land.muc_dich_su_dung[0].id)


def _nothing_left(land: ThuaDat) -> dict[str, Any] | None:
    """Give the second of two purposes the area of both, without areas of origins."""
    if len(land.muc_dich_su_dung) != 2:
        return None
    first, second = (
        replace(use, nguon_goc_dat=tuple(replace(origin, dien_tich=None) for origin in use.nguon_goc_dat))
        for use in land.muc_dich_su_dung
    )
    second = replace(second, dien_tich=first.dien_tich + second.dien_tich)
    return {"muc_dich_su_dung": (replace(first, dien_tich=Decimal(0)), second)}


def _another_day(land: ThuaDat) -> dict[str, Any] | None:
    use, *others = land.muc_dich_su_dung
    if use.ngay_het_han_su_dung is None:
        return None
    return {"muc_dich_su_dung": (replace(use, thoi_han_su_dung="Đến ngày 31/12/2099"), *others)}


def _paper(fields: Callable[[CaNhan, GiayToTuyThan], dict[str, Any]], *, of_person: bool = False) -> Edited:
    """Change the paper of a person; the finding is about it, or about the person."""

    def changed(person: CaNhan) -> dict[str, Any]:
        paper = person.giay_to_tuy_than[0]
        return {"giay_to_tuy_than": (replace(paper, **fields(person, paper)),)}

    return change(CaNhan, changed, at=lambda one: one.id if of_person else one.giay_to_tuy_than[0].id)


def _before_birth(person: CaNhan, _: GiayToTuyThan) -> dict[str, Any]:
    return {"loai_giay_to_tuy_than": "GKS", "ngay_cap": dt.date(person.nam_sinh - 1, 5, 5)}


def _another_number(_: CaNhan, paper: GiayToTuyThan) -> dict[str, Any]:
    return {"so_giay_to": paper.so_giay_to[:-1] + ("1" if paper.so_giay_to[-1] == "0" else "0")}


def _barcode(years: int, more: int) -> Edited:
    """Give a certificate a barcode with another year or number."""

    def changed(record: GiayChungNhan) -> dict[str, Any] | None:
        if record.ngay_cap is None or record.so_ho_so_goc is None:
            return None
        year, number = (record.ngay_cap.year + years) % 100, record.so_ho_so_goc + more
        return {"ma_vach": f"00004{year:02}{number:06}"}

    return change(GiayChungNhan, changed)


def _another_level(record: GiayChungNhan) -> dict[str, Any] | None:
    symbol = record.so_vao_so[:2]
    return None if symbol == "CN" else {"don_vi_cap": 1 if symbol == "CH" else 0}


def _another_authority(record: GiayChungNhan) -> dict[str, Any] | None:
    code = record.ma_giay_chung_nhan
    return {"ma_giay_chung_nhan": f"T1{code[2:]}"} if code else None


OLD_NUMBERS = "so_hieu_to_ban_do_cu", "so_thu_tu_thua_cu"

SLIPS: dict[str, Fault] = {
    "LND008": Fault("legal area of 0 m²", change(ThuaDat, lambda _: {"dien_tich_phap_ly": Decimal(0)})),
    "LND009": Fault(
        "old parcel number without sheet",
        change(ThuaDat, lambda _: dict(zip(OLD_NUMBERS, (None, "17"), strict=True))),
    ),
    "LND010": Fault(
        "to be printed with old numbers that are not there",
        change(ThuaDat, lambda _: {"in_so_lieu_cu": True} | dict.fromkeys(OLD_NUMBERS)),
    ),
    "LND011": Fault("parcel number 0", change(ThuaDat, lambda _: {"so_thu_tu_thua": 0})),
    "LND012": Fault(
        "purpose of 0 m²",
        change(ThuaDat, _nothing_left, at=lambda land: land.muc_dich_su_dung[0].id),
    ),
    "LND013": Fault("origin 1 m² smaller than its purpose", _origin(lambda area: {"dien_tich": area - 1})),
    "LND014": Fault(
        "term in words with another day",
        change(ThuaDat, _another_day, at=lambda land: land.muc_dich_su_dung[0].id),
    ),
    "LND015": Fault("leased for a long term", _origin(lambda _: {"nguon_goc": "DT-THN"})),
    "PTY007": Fault("paper of before birth", _paper(_before_birth)),
    "PTY008": Fault("paper issued in 2999", _paper(lambda *_: {"ngay_cap": dt.date(2999, 1, 1)})),
    "PTY009": Fault("citizen card issued in 2015", _paper(lambda *_: {"ngay_cap": dt.date(2015, 1, 1)})),
    "PTY010": Fault("card of another number", _paper(_another_number, of_person=True)),
    "PTY011": Fault("name that says unknown", change(CaNhan, lambda _: {"ho_ten": "Chưa rõ"})),
    "PTY012": Fault("name without accents", change(CaNhan, lambda _: {"ho_ten": "NGUYEN THI MAU"})),
    "CRT008": Fault("barcode of no form", change(GiayChungNhan, lambda _: {"ma_vach": "SAI"})),
    "CRT009": Fault("barcode of another year", _barcode(1, 0)),
    "CRT010": Fault("barcode of another dossier", _barcode(0, 1)),
    "CRT011": Fault("issued at another level than the register", change(GiayChungNhan, _another_level)),
    "CRT012": Fault(
        "code of another authority than the register", change(GiayChungNhan, _another_authority), PACKAGES
    ),
}
"""Rule code → fault."""
