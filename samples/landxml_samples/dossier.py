"""The registration dossier of one parcel: all its records, as the national model has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from shapely.geometry.base import BaseGeometry

from landxml.model import (
    ChiTietHoSoQuet,
    DiaChi,
    GiayChungNhan,
    HoSoQuet,
    MucDichSuDung,
    NguonGocDat,
    QuyenSuDungDat,
    Record,
    TaiLieuDoDac,
    ThuaDat,
    TinhHinhDangKy,
)
from landxml_samples import people
from landxml_samples.noise import Draws, pick
from landxml_samples.people import Case
from landxml_samples.places import Place

__all__ = ["ANYONE", "FIRST_DAY", "NO_GROUPS", "PERSONS", "Parcel", "dossier", "guid", "survey"]

FIRST_DAY = dt.date(1994, 1, 1)
"""No certificate is older."""
MODELS = (
    # First day, type, first letter, letters in all, digits of the serial.
    (dt.date(2025, 1, 1), 98, "A", 2, 8),
    (dt.date(2014, 7, 1), 11, "C", 2, 6),
    (dt.date(2009, 12, 10), 6, "B", 2, 6),
    (dt.date(2004, 7, 1), 1, "A", 2, 6),
    (dt.date.min, 2, "", 1, 6),
)
"""Models of the certificate, newest first: the type of each period and how its serials are formed."""

NO_HOUSEHOLDS = dt.date(2024, 8, 1)
"""Since then certificates name persons."""
LONG_TERM = "Lâu dài"
FARM_TERM = dt.date(2063, 10, 15)
"""Fifty years from 15 October 2013, when the first allocations of farm land ended."""
FARM_LAND = ("CLN", "HNK", "LUC", "NTS", "RSX")
Uses = tuple[str, ...]
HOME = "(home)"
HOLDER_USES: tuple[Uses, ...] = (
    (HOME,), (HOME,), (HOME, "CLN"), (HOME, "CLN"), (HOME, "CLN", "HNK"),
    ("LUC",), ("LUC",), ("HNK",), ("CLN",), ("CLN", "NTS"), ("RSX",),
)  # fmt: skip
COMPANY_USES: tuple[Uses, ...] = (("TMD",), ("SKC",), ("SKC", "TMD"))
COMMUNITY_USES: tuple[Uses, ...] = (("DKV",), ("TIN",), ("NTD",))


class Kind(NamedTuple):
    """A kind of holder: who makes its records, which land it holds, whence and how it came to it."""

    share: int  # per cent
    make: Callable[[Case], list[Record]]
    uses: tuple[Uses, ...]
    home_origins: tuple[str, ...]
    origins: tuple[str, ...]
    transfers: tuple[str | None, ...]


_HOME = ("CNQ-CTT", "CNQ-CTT", "DG-CTT", "CNQ-KTT")
_FARM = ("CNQ-KTT", "DG-KTT")
_RECEIVED = (None, None, None, "2", "3", "5")
KINDS = (
    Kind(50, lambda case: [people.person(case)], HOLDER_USES, _HOME, _FARM, _RECEIVED),
    Kind(35, people.couple, HOLDER_USES, _HOME, _FARM, _RECEIVED),
    Kind(6, people.household, HOLDER_USES, _HOME, _FARM, _RECEIVED),
    Kind(4, people.organisation, COMPANY_USES, (), ("DT-THN", "DT-TML"), (None,)),
    Kind(2, people.community, COMMUNITY_USES, (), ("CNQ-KTT", "DG-KTT"), (None,)),
    Kind(3, people.group, HOLDER_USES, _HOME, _FARM, _RECEIVED),
)
ANYONE = tuple(kind for kind in KINDS for _ in range(kind.share))
NO_GROUPS = tuple(kind for kind in ANYONE if kind.make is not people.group)
PERSONS = tuple(kind for kind in ANYONE if kind in KINDS[:2])
"""Of which kinds holders are, as often as they are drawn: any, no groups of co-users, persons and couples."""


class Parcel(NamedTuple):
    """A parcel of the sample: where it is on the map, and its running number in the delivery."""

    place: Place
    sheet: int
    number: int
    running: int
    boundary: BaseGeometry
    area: float  # m²


def guid(seed: int, *place: object) -> str:
    """Return the GUID of a dossier (or of a sheet): the same for the same seed and place."""
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, ("landxml-sample", seed, *place)))))


def survey(identifier: str, place: Place, sheet: int) -> TaiLieuDoDac:
    """Make the survey document of a sheet."""
    return TaiLieuDoDac(
        id=f"TaiLieuDoDac.{identifier}.1",
        ma_xa=place.code,
        loai_ban_do_dia_chinh=1,
        don_vi_do_dac="Công ty Đo đạc Mẫu",
        phuong_phap_do="Toàn đạc điện tử",
        muc_do_chinh_xac="0,1 m",
        ty_le_do_dac="1/500" if place.urban else "1/1000",
        ngay_hoan_thanh=dt.date(2015, 1, 1) + dt.timedelta(37 * sheet % 3000),
    )


def dossier(
    parcel: Parcel,
    identifier: str,
    draws: Draws,
    *,
    as_of: dt.date,
    survey_id: str,
    among: Sequence[Kind] = ANYONE,
) -> list[Record]:
    """Make the records of one dossier.

    Parameters
    ----------
    identifier
        GUID of the dossier; ids are ``<class>.<guid>.<n>``.
    as_of
        No date of an event is later.
    survey_id
        Id of the sheet's survey document.
    among
        Kinds of which its holder is one.
    """
    kind = pick(draws, among)
    issued = FIRST_DAY + dt.timedelta(next(draws) % (as_of - FIRST_DAY).days)
    if kind.make is people.household and issued >= NO_HOUSEHOLDS:
        kind = next(kind for kind in KINDS if kind.make is people.couple)
    site, home = _addresses(parcel, identifier, draws)
    case = Case(identifier, parcel.running, draws, issued, home.dia_chi_chi_tiet or "", home.id)
    party, *others = kind.make(case)
    land = _land(case, parcel, kind, survey_id, site)
    certificate = _certificate(case, parcel, kind) if next(draws) % 8 else None
    rights = [
        QuyenSuDungDat(
            id=case.id("QuyenSuDungDat", n),
            chu=party.id,
            thua_dat=land.id,
            muc_dich_su_dung=use.id,
            giay_chung_nhan=certificate.id if certificate else None,
        )
        for n, use in enumerate(land.muc_dich_su_dung, 1)
    ]
    return [
        land,
        site,
        home,
        *others,
        party,
        *([certificate] if certificate else []),
        *rights,
        _registration(case, parcel, (others or [party])[0].id),
        _scans(case, certificate),
    ]


def _addresses(parcel: Parcel, identifier: str, draws: Draws) -> tuple[DiaChi, DiaChi]:
    """Make the address of the parcel and that of its holder, in the same commune."""
    place, group = parcel.place, f"{'Khu phố' if parcel.place.urban else 'Thôn'} Mẫu {1 + next(draws) % 9}"
    house = f"Số {1 + next(draws) % 200}"
    commune = ", ".join(filter(None, (place.name, place.district, place.province)))
    site, home = (
        DiaChi(
            id=f"DiaChi.{identifier}.{n}",
            ma_xa=place.code,
            so_nha=number,
            ten_to_dan_pho=group,
            ten_xa=place.name,
            ten_quan=place.district,
            ten_tinh=place.province,
            dia_chi_chi_tiet=", ".join(filter(None, (number, group, commune))),
        )
        for n, number in ((1, None), (2, house))
    )
    return site, home


def _land(case: Case, parcel: Parcel, kind: Kind, survey_id: str, site: DiaChi) -> ThuaDat:
    tenths = round(parcel.area * 10)
    renumbered = next(case.draws) % 3 == 0
    return ThuaDat(
        id=case.id("ThuaDat"),
        ma_xa=parcel.place.code,
        so_hieu_to_ban_do=parcel.sheet,
        so_thu_tu_thua=parcel.number,
        so_hieu_to_ban_do_cu=str(parcel.sheet + 100) if renumbered else None,
        so_thu_tu_thua_cu=str(parcel.number + 500) if renumbered else None,
        dien_tich=_square_metres(tenths),
        dien_tich_phap_ly=_square_metres(tenths),
        la_doi_tuong_chiem_dat=False,
        dia_chi=site.dia_chi_chi_tiet or "",
        in_so_lieu_cu=False,
        tai_lieu_do_dac=survey_id,
        dia_chi_chuan=(site.id,),
        muc_dich_su_dung=tuple(_uses(case, parcel.place, kind, tenths)),
        ranh_gioi=parcel.boundary,
    )


def _uses(case: Case, place: Place, kind: Kind, tenths: int) -> Iterator[MucDichSuDung]:
    """Split an area (tenths of m²) among one to three purposes, and each among one or two origins."""
    codes = pick(case.draws, kind.uses)
    origins = 0
    for n, (code, part) in enumerate(zip(codes, _split(case.draws, tenths, len(codes)), strict=True), 1):
        home = code == HOME
        whence = kind.home_origins if home else kind.origins
        parts = _split(
            case.draws,
            part,
            2 if home and part > 1 and next(case.draws) % 6 == 0 and len({*whence}) > 1 else 1,
        )
        expiry = FARM_TERM if code in FARM_LAND else None
        if kind.make is people.organisation:
            expiry = case.issued.replace(year=case.issued.year + 50, day=1)
        yield MucDichSuDung(
            id=case.id("MucDichSuDung", n),
            so_thu_tu_muc_dich_su_dung=n,
            ma_muc_dich_su_dung=("ODT" if place.urban else "ONT") if home else code,
            dien_tich=_square_metres(part),
            thoi_han_su_dung=f"{expiry:%d/%m/%Y}" if expiry else LONG_TERM,
            ngay_het_han_su_dung=expiry,
            nguon_goc_dat=tuple(
                NguonGocDat(
                    id=case.id("NguonGocDat", origins + m),
                    nguon_goc=origin,
                    nguon_goc_chuyen_quyen=transfer,
                    dien_tich=_square_metres(area),
                )
                for m, (area, (origin, transfer)) in enumerate(
                    zip(parts, _origins(case, whence, kind, len(parts)), strict=True), 1
                )
            ),
        )
        origins += len(parts)


def _origins(case: Case, whence: Sequence[str], kind: Kind, count: int) -> Iterator[tuple[str, str | None]]:
    """Draw the origins of a use, no two of them equal, each with the transfer behind it."""
    known: list[str] = []
    for _ in range(count):
        drawn = pick(case.draws, whence)
        known.append(next(each for each in (drawn, *whence) if each not in known))
        yield known[-1], pick(case.draws, kind.transfers)


def _split(draws: Draws, tenths: int, parts: int) -> list[int]:
    """Split an area into positive parts that add up to it."""
    first = [max(1, tenths * (20 + next(draws) % 20) // 100) for _ in range(parts - 1)]
    return [*first, tenths - sum(first)]


def _square_metres(tenths: int) -> Decimal:
    return Decimal(tenths).scaleb(-1)


def _certificate(case: Case, parcel: Parcel, kind: Kind) -> GiayChungNhan:
    """Make a certificate whose type and serial are those of its date; every number occurs once."""
    _, model, first, letters, digits = next(m for m in MODELS if case.issued >= m[0])
    company = kind.make is people.organisation
    latest = model == 98
    block, serial = divmod(case.number + 1, 10**digits)  # no serial is all zeros
    register = ("VP" if company else "CN") if latest else ("CT" if company else "CH")
    authority = "T2" if company else "H2"
    return GiayChungNhan(
        id=case.id("GiayChungNhan"),
        loai_giay_chung_nhan=model,
        so_ho_so_goc=case.number + 1,
        so_vao_so=f"{register}{case.number + 1:05}",
        so_phat_hanh=f"{first}{chr(ord('A') + block % 26)}"[:letters] + f"{serial:0{digits}}",
        ma_giay_chung_nhan=f"{authority}{parcel.place.province_code}{case.number + 1:08}" if latest else None,
        ngay_cap=case.issued,
        ten_nguoi_ky="Người Ký Mẫu",
        da_cong_nhan_phap_ly=True,
        don_vi_cap=2 if latest else 1 if company else 0,
        ban_quet=f"quet/{case.guid}/gcn.pdf",
    )


def _registration(case: Case, parcel: Parcel, representative: str) -> TinhHinhDangKy:
    registered = case.issued - dt.timedelta(next(case.draws) % 30)
    received = registered - dt.timedelta(1 + next(case.draws) % 30)
    return TinhHinhDangKy(
        id=case.id("TinhHinhDangKy"),
        ho_so_guid=case.guid,
        ma_xa=parcel.place.code,
        ma_don=f"MAU-{case.number + 1:07}",
        ngay_tiep_nhan=received,
        thoi_diem_dang_ky_lan_dau=registered,
        thoi_diem_dang_ky=registered,
        so_thu_tu=case.number + 1,
        dai_dien_khai_trinh=representative,
        co_quyen_su_dung=True,
        co_quyen_so_huu=False,
        co_quyen_quan_ly=False,
    )


def _scans(case: Case, certificate: GiayChungNhan | None) -> HoSoQuet:
    names = ("don-dang-ky.pdf", "gcn.pdf") if certificate else ("don-dang-ky.pdf",)
    files = tuple(
        ChiTietHoSoQuet(
            id=case.id("ChiTietHoSoQuet", n),
            chi_tiet_ho_so_quet_id=str(uuid5(NAMESPACE_URL, f"{case.guid}/{n}")),
            ten_file=name,
            mo_ta=f"quet/{case.guid}/{name}",
            la_giay_to_ve_nguon_goc=name != "gcn.pdf",
            la_giay_chung_nhan=name == "gcn.pdf",
            giay_chung_nhan=certificate.id if certificate and name == "gcn.pdf" else None,
        )
        for n, name in enumerate(names, 1)
    )
    return HoSoQuet(
        id=case.id("HoSoQuet"),
        kho="Kho Mẫu",
        ke=str(1 + case.number // 1000),
        hop=str(1 + case.number // 50),
        so_thu_tu_ho_so=case.number + 1,
        chi_tiet_ho_so_quet=files,
    )
