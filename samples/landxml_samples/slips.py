"""Faults of content: a field that cannot be true, or contradicts another of its dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from landxml.model import (
    CaNhan,
    DiaChi,
    GiayChungNhan,
    GiayToTuyThan,
    HoGiaDinh,
    HoSoQuet,
    QuyenSuDungDat,
    ThuaDat,
    TinhHinhDangKy,
    ToChuc,
    VoChong,
)
from landxml_samples.edits import Edit, Fault, Records, change
from landxml_samples.layouts import HOSOXML, PACKAGES

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


def _code(record: GiayChungNhan, start: str) -> dict[str, Any] | None:
    """Give a certificate of a district a code of its own."""
    number = f"{record.so_ho_so_goc or 0:08}"
    return {"ma_giay_chung_nhan": start + number} if record.so_vao_so.startswith("CH") else None


def _another_authority(record: GiayChungNhan) -> dict[str, Any] | None:
    """Give a certificate of a district the code of one of the province."""
    return (
        {"ma_giay_chung_nhan": f"T122{record.so_ho_so_goc or 0:08}"}
        if record.so_vao_so.startswith("CH")
        else None
    )


def _other(identifier: str) -> str:
    """Return an id that no record of the dossier has: the number ten higher."""
    start, _, n = identifier.rpartition(".")
    return f"{start}.{int(n) + 10}"


def _rights(records: Records) -> list[QuyenSuDungDat]:
    return [record for record in records if isinstance(record, QuyenSuDungDat)]


def _certificate(records: Records) -> GiayChungNhan | None:
    return next((record for record in records if isinstance(record, GiayChungNhan)), None)


def _right_twice(records: Records) -> Edit:
    right = _rights(records)[0]
    copy = replace(right, id=_other(right.id))
    return Edit([*records, copy], copy.id)


def _right_missing(records: Records) -> Edit | None:
    """Leave out the right to the second purpose."""
    rights = _rights(records)
    if len(rights) < 2 or rights[1].muc_dich_su_dung is None:
        return None
    return Edit([record for record in records if record is not rights[1]], rights[1].muc_dich_su_dung)


def _replaced(records: Records, *, named: bool) -> Edit | None:
    """Add a certificate with another serial, which a second right of the holder names, or none."""
    old, right = _certificate(records), _rights(records)[0]
    if old is None:
        return None
    letters = old.so_phat_hanh.rstrip("0123456789")
    serial = f"{letters}9{old.so_phat_hanh[len(letters) + 1 :]}"
    new = replace(old, id=_other(old.id), so_phat_hanh=serial, ma_giay_chung_nhan=None)
    if not named:
        return Edit([*records, new], new.id)
    return Edit([*records, new, replace(right, id=_other(right.id), giay_chung_nhan=new.id)], right.id)


def _issued_later(record: GiayChungNhan) -> dict[str, Any] | None:
    return {"ngay_cap": AFTER} if record.loai_giay_chung_nhan == 98 else None


def _another_province(record: GiayChungNhan) -> dict[str, Any] | None:
    """Give a certificate of a district the code of a far district."""
    return (
        {"ma_giay_chung_nhan": f"H196{record.so_ho_so_goc or 0:08}"}
        if record.so_vao_so.startswith("CH")
        else None
    )


def _ended_before(records: Records) -> Edit | None:
    """Let the term of the first purpose end on the day before the certificate."""
    certificate = _certificate(records)
    if certificate is None or certificate.ngay_cap is None:
        return None
    day = certificate.ngay_cap - dt.timedelta(1)

    def changed(land: ThuaDat) -> dict[str, Any] | None:
        use, *others = land.muc_dich_su_dung
        if use.ngay_het_han_su_dung is None:
            return None
        ended = replace(use, thoi_han_su_dung=f"{day:%d/%m/%Y}", ngay_het_han_su_dung=day)
        return {"muc_dich_su_dung": (ended, *others)}

    return change(ThuaDat, changed, at=lambda land: land.muc_dich_su_dung[0].id)(records)


def _swapped(pair: VoChong) -> dict[str, Any]:
    return {"vo": pair.chong, "chong": pair.vo}


def _died_before(records: Records) -> Edit | None:
    persons = {record.id for record in records if isinstance(record, CaNhan)}
    certificate, (right, *others) = _certificate(records), _rights(records)
    if others or right.chu not in persons or certificate is None or certificate.ngay_cap is None:
        return None
    died = {"nam_mat": certificate.ngay_cap.year - 1}
    return Edit([replace(r, **died) if r.id == right.chu else r for r in records], right.id)


def _zero_date(person: CaNhan) -> dict[str, Any]:
    """Let a person be born on the first day of the century, without a number that says otherwise."""
    paper = replace(
        person.giay_to_tuy_than[0], loai_giay_to_tuy_than="GKS", so_giay_to="1/MAU", ngay_cap=None
    )
    born = dt.date(1900, 1, 1)
    return {"ngay_sinh": born, "nam_sinh": 1900, "ma_so_dinh_danh": None, "giay_to_tuy_than": (paper,)}


def _first_later(record: TinhHinhDangKy) -> dict[str, Any]:
    return {"thoi_diem_dang_ky_lan_dau": record.thoi_diem_dang_ky + dt.timedelta(1)}


def _received_later(record: TinhHinhDangKy) -> dict[str, Any]:
    return {"ngay_tiep_nhan": record.thoi_diem_dang_ky + dt.timedelta(1)}


def _far_end(land: ThuaDat) -> dict[str, Any] | None:
    use, *others = land.muc_dich_su_dung
    if use.ngay_het_han_su_dung is None:
        return None
    end = dt.date(2999, 12, 31)
    return {
        "muc_dich_su_dung": (replace(use, thoi_han_su_dung="31/12/2999", ngay_het_han_su_dung=end), *others)
    }


def _classed(code: str, *, certified: bool) -> Edited:
    """Give a parcel a class that its certificate, or its want of one, contradicts."""

    def made(records: Records) -> Edit | None:
        if (_certificate(records) is not None) != certified:
            return None
        return change(ThuaDat, lambda _: {"loai_thua_dat": code})(records)

    return made


def _store(text: str) -> Edited:
    return change(HoSoQuet, lambda _: {"kho": text})


def _another_commune(record: TinhHinhDangKy) -> dict[str, Any]:
    return {"ma_xa": "06652" if record.ma_xa == "06658" else "06658"}


def _name_of_another(record: DiaChi) -> dict[str, Any] | None:
    return {"ten_xa": "Phường Hà Tu" if record.ma_xa == "06658" else "Phường Cao Xanh"}


AFTER = dt.date(2026, 1, 2)
"""The day after that of a sample, unless it is made for another."""
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
    "LND017": Fault(
        "term that ends in 2999", change(ThuaDat, _far_end, at=lambda land: land.muc_dich_su_dung[0].id)
    ),
    "LND019": Fault("class of a certified parcel", _classed("A", certified=False)),
    "LND020": Fault("class of a parcel without certificate", _classed("E", certified=True)),
    "PTY018": Fault("person of class TKT", change(CaNhan, lambda _: {"loai_doi_tuong_su_dung_dat": "TKT"})),
    "PTY019": Fault("company of class CNV", change(ToChuc, lambda _: {"loai_doi_tuong_su_dung_dat": "CNV"})),
    "PTY020": Fault("foreign ethnic group of a citizen", change(CaNhan, lambda _: {"dan_toc_id": 55})),
    "PTY021": Fault("tax code of nine digits", change(ToChuc, lambda _: {"ma_so_thue": "123456789"})),
    "PTY022": Fault(
        "company without numbers",
        change(ToChuc, lambda _: dict.fromkeys(("ma_doanh_nghiep", "ma_so_thue", "so_quyet_dinh"))),
    ),
    "PTY023": Fault(
        "head of a household as own spouse", change(HoGiaDinh, lambda one: {"vo_chong_chu_ho": one.chu_ho})
    ),
    "ADM006": Fault("address in another province", change(DiaChi, lambda _: {"ten_tinh": "Tỉnh Lạng Sơn"})),
    "ADM007": Fault("address in another commune", change(DiaChi, _name_of_another)),
    "ADM008": Fault("registered in another commune", change(TinhHinhDangKy, _another_commune), HOSOXML),
    "CPL002": Fault("certificate without date", change(GiayChungNhan, lambda _: {"ngay_cap": None})),
    "TXT006": Fault("NULL for a text", _store("NULL")),
    "TXT007": Fault("a Nordic letter for Đ", _store("Kho Ðông")),
    "TXT008": Fault("a tone mark on the wrong letter", _store("Kho Trừơng")),
    "TXT009": Fault("an escaped letter", _store("Kho &#226;")),
    "TXT010": Fault("two blanks", _store("Kho  Mẫu")),
    "CRT008": Fault("barcode of no form", change(GiayChungNhan, lambda _: {"ma_vach": "SAI"})),
    "CRT009": Fault("barcode of another year", _barcode(1, 0)),
    "CRT010": Fault("barcode of another dossier", _barcode(0, 1)),
    "CRT011": Fault("issued at another level than the register", change(GiayChungNhan, _another_level)),
    "CRT012": Fault(
        "code of another authority than the register", change(GiayChungNhan, _another_authority), PACKAGES
    ),
    "CRT013": Fault("two certificates of one holder", lambda records: _replaced(records, named=True)),
    "CRT014": Fault("certificate that no right names", lambda records: _replaced(records, named=False)),
    "CRT015": Fault("issued after the package was made", change(GiayChungNhan, _issued_later), PACKAGES),
    "CRT016": Fault("code of another province", change(GiayChungNhan, _another_province), PACKAGES),
    "LND016": Fault("term that ended before the certificate", _ended_before),
    "PTY013": Fault("wife and husband swapped", change(VoChong, _swapped)),
    "PTY015": Fault("holder who died before the certificate", _died_before),
    "PTY017": Fault("born on 1 January 1900", change(CaNhan, _zero_date)),
    "RGT002": Fault("right twice, with another id", _right_twice),
    "RGT003": Fault("no right to the second purpose", _right_missing),
    "RGT004": Fault(
        "management right declared, but not there",
        change(TinhHinhDangKy, lambda _: {"co_quyen_quan_ly": True}),
        HOSOXML,
    ),
    "RGT006": Fault("first registered after the registration", change(TinhHinhDangKy, _first_later)),
    "RGT007": Fault("received after the registration", change(TinhHinhDangKy, _received_later)),
}
"""Rule code → fault."""
