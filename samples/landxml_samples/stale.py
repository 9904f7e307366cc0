"""Faults of codes that have gone out of use (COD002, COD003, COD004): they count in recent records only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from landxml.model import CaNhan, GiayChungNhan, ThuaDat, TinhHinhDangKy
from landxml_samples.edits import Edit, Fault, Records, change

__all__ = ["STALE"]

LATELY = dt.date(2025, 6, 2)
"""A day on which the code lists of 2024 were in use."""


def _lately(fault: Callable[[Records], Edit | None]) -> Callable[[Records], Edit | None]:
    """Put a fault into a dossier without certificate, registered of late."""

    def made(records: Records) -> Edit | None:
        if any(isinstance(record, GiayChungNhan) for record in records):
            return None
        days = ("ngay_tiep_nhan", "thoi_diem_dang_ky_lan_dau", "thoi_diem_dang_ky")
        late = dict.fromkeys(days, LATELY)
        return fault([replace(r, **late) if isinstance(r, TinhHinhDangKy) else r for r in records])

    return made


def _cmnd(record: CaNhan) -> dict[str, Any]:
    card = replace(record.giay_to_tuy_than[0], loai_giay_to_tuy_than="CMND", ngay_cap=None)
    return {"giay_to_tuy_than": (card,)}


def _skx(record: ThuaDat) -> dict[str, Any]:
    first, *others = record.muc_dich_su_dung
    return {"muc_dich_su_dung": (replace(first, ma_muc_dich_su_dung="SKX"), *others)}


def _gdc(_: CaNhan) -> dict[str, Any]:
    return {"loai_doi_tuong_su_dung_dat": "GDC"}


STALE = {
    "COD002": Fault(
        "CMND of late", _lately(change(CaNhan, _cmnd, at=lambda person: person.giay_to_tuy_than[0].id))
    ),
    "COD003": Fault("land user GDC of late", _lately(change(CaNhan, _gdc))),
    "COD004": Fault(
        "land use SKX of late",
        _lately(change(ThuaDat, _skx, at=lambda parcel: parcel.muc_dich_su_dung[0].id)),
    ),
}
"""Rule code → fault."""
