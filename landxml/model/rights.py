"""Rights to land."""

from __future__ import annotations

from typing import Annotated

from landxml.model.kinds import PARTIES, A, Record, to

__all__ = ["QuyenSuDungDat"]


class QuyenSuDungDat(Record, frozen=True, kw_only=True):
    """Quyền sử dụng đất: land-use right."""

    chu: Annotated[str, to(*PARTIES, vi="chủ sử dụng đất", en="holder of the right", source=A)]
    thua_dat: Annotated[str, to("ThuaDat", vi="thửa đất", en="parcel", source=A)]
    muc_dich_su_dung: (
        Annotated[str, to("MucDichSuDung", vi="mục đích sử dụng", en="land-use purpose", source=A)] | None
    ) = None
    giay_chung_nhan: (
        Annotated[str, to("GiayChungNhan", vi="giấy chứng nhận", en="certificate", source=A)] | None
    ) = None
