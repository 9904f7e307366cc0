"""The faults that can be put into a sample: for each rule one that leads to a finding of it, and of no other.

Rules without a fault here are about whole deliveries or archives (PKG003, PKG005, PKG009, PKG010), two
parcels in one place (UNQ004), or files that repeat others (UNQ005, UNQ006).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from msgspec.structs import replace

import landxml_units as units
from landxml.model import CaNhan, DiaChi, GiayChungNhan, HoSoQuet, ThuaDat, TinhHinhDangKy, VoChong
from landxml.writing import FOOTER
from landxml_samples import flat, plots, shapes
from landxml_samples.edits import Edit, Fault, Records, about_file, change, document, rewrite, sub
from landxml_samples.layouts import DELIVERIES, FILES, HOSOXML, MAPS, PACKAGES, PARCEL_GML, SCANNED
from landxml_samples.slips import SLIPS
from landxml_samples.stale import STALE

__all__ = ["FAULTS"]

NEVER = "99999"
"""A code that no commune has."""
GONE = "00001"
"""The commune of this code ended on 30 June 2025."""


# Areas.


def _first_use(record: ThuaDat) -> str:
    return record.muc_dich_su_dung[0].id


def _second_use(record: ThuaDat) -> str:
    return record.muc_dich_su_dung[1].id


def _first_larger(record: ThuaDat) -> dict[str, Any]:
    use = record.muc_dich_su_dung[0]
    origins = tuple(replace(origin, dien_tich=None) for origin in use.nguon_goc_dat)
    return plots.uses(record, 0, dien_tich=use.dien_tich + 5, nguon_goc_dat=origins)


def _no_term(record: ThuaDat) -> dict[str, Any]:
    return plots.uses(record, 0, thoi_han_su_dung=None, ngay_het_han_su_dung=None)


def _long_term(record: ThuaDat) -> dict[str, Any]:
    return plots.uses(record, 0, thoi_han_su_dung="Lâu dài", ngay_het_han_su_dung=dt.date(2063, 10, 15))


def _second_number(record: ThuaDat) -> dict[str, Any] | None:
    return plots.uses(record, 1, so_thu_tu_muc_dich_su_dung=1) if len(record.muc_dich_su_dung) > 1 else None


def _origin_larger(record: ThuaDat) -> dict[str, Any]:
    use = record.muc_dich_su_dung[0]
    first, *others = use.nguon_goc_dat
    return plots.uses(record, 0, nguon_goc_dat=(replace(first, dien_tich=use.dien_tich + 10), *others))


def _all_larger(record: ThuaDat) -> dict[str, Any] | None:
    """Add 10 m² to the parcel, its use and its origin."""
    return plots.sized(record, record.dien_tich + 10)


def _another_use(record: ThuaDat) -> dict[str, Any] | None:
    """Make orchards of fields, and fields of orchards."""
    other = {"CLN": "HNK", "HNK": "CLN", "LUC": "HNK", "RSX": "CLN"}
    use = record.muc_dich_su_dung[0].ma_muc_dich_su_dung
    return plots.uses(record, 0, ma_muc_dich_su_dung=other[use]) if use in other else None


# Keys and references.


def _copied_address(records: Records) -> Edit:
    """Repeat an address under the same id."""
    address = next(record for record in records if isinstance(record, DiaChi))
    return Edit([*records, address], address.id)


def _copied_certificate(records: Records) -> Edit | None:
    """Repeat a certificate under another id."""
    found = next((record for record in records if isinstance(record, GiayChungNhan)), None)
    if found is None:
        return None
    copy = replace(found, id=plots.other_id(found.id), ma_giay_chung_nhan=None)
    return Edit([*records, copy], copy.id)


def _dangling(record: CaNhan) -> dict[str, Any]:
    return {"dia_chi_chuan": tuple(map(plots.other_id, record.dia_chi_chuan))}


def _to_a_person(record: CaNhan) -> dict[str, Any]:
    return {"dia_chi_chuan": (record.id,)}


# Persons.


def _card(record: CaNhan) -> dict[str, Any]:
    card = record.giay_to_tuy_than[0]
    return {"giay_to_tuy_than": (replace(card, so_giay_to=card.so_giay_to[:-1]),)}


def _card_id(record: CaNhan) -> str:
    return record.giay_to_tuy_than[0].id


def _number(record: CaNhan) -> dict[str, Any]:
    return {"ma_so_dinh_danh": (record.ma_so_dinh_danh or "")[:-1]}


def _no_place(record: CaNhan) -> dict[str, Any]:
    """Give the number, also that of the card, the first digits of no province."""
    number, card = f"000{(record.ma_so_dinh_danh or '')[3:]}", record.giay_to_tuy_than[0]
    return {"ma_so_dinh_danh": number, "giay_to_tuy_than": (replace(card, so_giay_to=number),)}


def _other_sex(record: CaNhan) -> dict[str, Any]:
    """Give the number, also that of the card, the digit of the other sex."""
    old = record.ma_so_dinh_danh or ""
    number, card = f"{old[:3]}{int(old[3]) ^ 1}{old[4:]}", record.giay_to_tuy_than[0]
    return {"ma_so_dinh_danh": number, "giay_to_tuy_than": (replace(card, so_giay_to=number),)}


# Certificates and registrations.


def _serial(record: GiayChungNhan) -> dict[str, Any]:
    return {"so_phat_hanh": f"#{record.so_phat_hanh[1:]}"}


def _other_type(record: GiayChungNhan) -> dict[str, Any]:
    return {"loai_giay_chung_nhan": 11 if record.loai_giay_chung_nhan == 6 else 6}


def _other_series(record: GiayChungNhan) -> dict[str, Any] | None:
    """Give a serial letters that no generation has."""
    digits = record.so_phat_hanh.lstrip("ABCD")
    return {"so_phat_hanh": f"EE{digits}"} if record.loai_giay_chung_nhan != 98 else None


def _other_register(record: GiayChungNhan) -> dict[str, Any] | None:
    return {"so_vao_so": "SAI 01"} if record.loai_giay_chung_nhan == 98 else None


def _of_a_district(record: GiayChungNhan) -> dict[str, Any] | None:
    """Let a certificate be issued by a district when there were none any more."""
    issued = max(record.ngay_cap or units.TWO_TIERS_SINCE, units.TWO_TIERS_SINCE)
    return {"so_vao_so": "CH 00001", "ngay_cap": issued} if record.loai_giay_chung_nhan == 98 else None


def _no_such_day(text: bytes) -> bytes:
    day = "2020-02-31" if b"<ld:" in text else "31/02/2020"
    return sub(RECEIVED, rf"\g<1>{day}")(text)


# Scans.


def _store(text: str) -> Callable[[Records], Edit | None]:
    return change(HoSoQuet, lambda _: {"kho": text})


_first_scan = change(HoSoQuet, lambda _: {}, at=lambda record: record.chi_tiet_ho_so_quet[0].id)


def _long(text: bytes) -> bytes:
    return sub("(<(?:ld:)?kho>)[^<]*", rf"\1{'K' * 60}")(text)


# Whole files.


def _reseal(text: bytes) -> bytes:
    """Correct the hash of the members after they were changed."""
    members = text.partition(b"</ld:sieuDuLieu>\n")[2].removesuffix(FOOTER)
    return sub(r"(<ld:maBamNoiDung>)[^<]*", rf"\g<1>{hashlib.sha256(members).hexdigest()}")(text)


def _cut(text: bytes) -> bytes:
    """Cut the end tag of the root off."""
    return text[: text.rindex(b"</")]


def _another_root(text: bytes) -> bytes:
    roots = "DuLieuDatDai|HoSoXml|FeatureCollection"
    return sub(rf"(</?)((?:\w+:)?)({roots})\b(.*)\3>", r"\1\2KhongRo\4KhongRo>")(text)


def _early(text: bytes) -> bytes:
    """Put an element before the metadata."""
    return sub("<ld:sieuDuLieu>", "<ld:ghiChu/>\n<ld:sieuDuLieu>")(text)


def _all_in_degrees(records: Records) -> Edit | None:
    """Give the shape in degrees, and say so in the metadata."""
    found = change(ThuaDat, shapes.in_degrees)(records)
    return found and found._replace(rewrite=sub(r"<ld:heToaDo>\d*", "<ld:heToaDo>4326"))


def _withdrawn(text: bytes) -> bytes:
    """Name the CRS by a code that EPSG withdrew."""
    return _reseal(re.sub(rb"(EPSG::|<ld:heToaDo>)\d+", rb"\g<1>6959", text))


def _stranger(text: bytes) -> bytes:
    """Add a record of a kind that the layout does not have."""
    identifier = re.findall(rb'<ld:ThuaDat gml:id="([^"]*)"', text)[-1]
    member = b'<ld:thanhVien>\n<ld:NhaKho gml:id="NhaKho.%s"/>\n</ld:thanhVien>\n' % identifier
    return _reseal(text.removesuffix(FOOTER) + member + FOOTER)


def _another_commune(text: bytes) -> bytes:
    """Declare a commune more in the metadata."""
    code = b"00008" if b"<ld:maXa>00004<" in text else b"00004"
    return sub(r"(<ld:maXa>)", rf"\g<1>{code.decode()}</ld:maXa>\n  \g<1>")(text)


def _another_zone(text: bytes) -> bytes:
    """Declare another zone in the metadata."""
    return sub(r"<ld:heToaDo>\d*", f"<ld:heToaDo>{9206 if b'>9205<' in text else 9205}")(text)


def _old_codes(records: Records) -> Edit | None:
    """Give a whole file the code of a commune that went into this one, and the last day of that code."""
    code = next(record.ma_xa for record in records if isinstance(record, ThuaDat))
    last = units.TWO_TIERS_SINCE - dt.timedelta(1)
    old = units.predecessors(code, last, units.TWO_TIERS_SINCE)["old"].to_pylist()
    gone = next((old_code for old_code in old if units.commune(old_code, dt.date.max) is None), None)
    if gone is None:
        return None

    def rename(text: bytes) -> bytes:
        text = sub("(<ld:ngayHieuLucMaDonVi>)[^<]*", rf"\g<1>{last}")(text)
        return _reseal(text.replace(f"<ld:maXa>{code}<".encode(), f"<ld:maXa>{gone}<".encode()))

    return Edit(records, "", "SieuDuLieu", rename)


def _utf16(text: bytes) -> bytes:
    return text.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"', 1).encode("utf-16")


META, PARCEL = "SieuDuLieu", "Thua_?Dat"
NO_PLACE = r"\n *<((?:ld:)?)noiCap>[^<]*</\1noiCap>"
RECEIVED = "(ngayTiepNhan>)[^<]*"
SLASHES, ISO = r"(ngayTiepNhan>)(\d+)/(\d+)/(\d+)", r"\1\4-\3-\2"
STORE = "Kho Mẫu"

_FAULTS: dict[str, Fault] = {
    "PKG001": Fault("file cut off before its end tag", document(_cut, -1), FILES, alone=True),
    "PKG002": Fault("a DOCTYPE", document(sub(r"\?>\n", "?>\n<!DOCTYPE ho>\n"), 0), FILES, alone=True),
    "PKG004": Fault("a root element of no layout", document(_another_root, 1), FILES, alone=True),
    "PKG006": Fault(
        "a wrong count of records", document(sub("<ld:soLuong>", "<ld:soLuong>1"), META), PACKAGES, True
    ),
    "PKG007": Fault(
        "a commune declared that has no parcels", document(_another_commune, META), PACKAGES, True
    ),
    "PKG008": Fault("file encoded in UTF-16", document(_utf16, 1), FILES, alone=True),
    "PKG011": Fault(
        "a wrong hash", document(sub("(<ld:maBamNoiDung>).{8}", r"\g<1>00000000"), META), PACKAGES, True
    ),
    "XSD001": Fault("identity paper without noiCap", rewrite(CaNhan, sub(NO_PLACE, ""), at=_card_id)),
    # In HoSoXml not the schema finds it but the conversion, which knows the line of the record.
    "XSD002": Fault("received on 31 February", rewrite(TinhHinhDangKy, _no_such_day, "ld:ngayTiepNhan")),
    "XSD003": Fault("kho of 60 characters", rewrite(HoSoQuet, _long, "kho"), PACKAGES),
    "XSD007": Fault("kho of 60 characters", rewrite(HoSoQuet, _long, "kho"), HOSOXML),
    "XSD008": Fault("a date in ISO form", rewrite(TinhHinhDangKy, sub(SLASHES, ISO)), HOSOXML),
    "XSD004": Fault("an element before the metadata", document(_early, "ghiChu"), PACKAGES, True),
    "XSD005": Fault("a record of an unknown kind", document(_stranger, "NhaKho"), PACKAGES, True),
    "COD001": Fault("ethnic group 77", change(CaNhan, lambda _: {"dan_toc_id": 77})),
    **STALE,
    **SLIPS,
    "REF001": Fault("reference to an address that is not there", change(CaNhan, _dangling)),
    "REF002": Fault("reference to a person for an address", change(CaNhan, _to_a_person), PACKAGES),
    "UNQ001": Fault("an address twice, with the same id", _copied_address),
    "UNQ002": Fault("a parcel twice, with another id", plots.copied, FILES),
    "UNQ003": Fault("a certificate twice, with another id", _copied_certificate),
    "GEO001": Fault("boundary not closed", rewrite(ThuaDat, shapes.unclosed), MAPS),
    "GEO002": Fault("boundary crosses itself", change(ThuaDat, shapes.crossing), MAPS),
    "GEO003": Fault("shape too small for dienTich", change(ThuaDat, shapes.smaller), MAPS),
    "GEO004": Fault("no boundary", change(ThuaDat, lambda _: {"ranh_gioi": None}), MAPS),
    "GEO005": Fault("boundary of two points", rewrite(ThuaDat, shapes.two_points), MAPS),
    "GEO007": Fault("two parcels that share 6 m²", plots.two(partial(shapes.halves, area=-6)), MAPS),
    "GEO009": Fault("a point of the boundary twice", rewrite(ThuaDat, shapes.repeated), MAPS),
    "GEO012": Fault(
        "a hole that runs the wrong way", change(ThuaDat, partial(shapes.holed, side=0.9, turned=True)), MAPS
    ),
    "GEO013": Fault("an edge of 5 mm", change(ThuaDat, shapes.short_edge), MAPS),
    "GEO015": Fault("a hole of 0.09 m²", change(ThuaDat, partial(shapes.holed, side=0.3)), MAPS),
    "GEO017": Fault(
        "half the legal area",
        change(ThuaDat, lambda land: {"dien_tich_phap_ly": land.dien_tich / 2}),
        PACKAGES,
    ),
    "TOP001": Fault("6 m² between two parcels", plots.two(partial(shapes.halves, area=6)), MAPS),
    "TOP002": Fault(
        "1 m² between two parcels, a few centimetres wide", plots.two(partial(shapes.halves, area=1)), MAPS
    ),
    "TOP003": Fault("a vertex that one of two parcels has", plots.two(partial(shapes.halves, area=0)), MAPS),
    "TOP004": Fault("a parcel twice, with another number", lambda r: plots.copied(r, 5_000), MAPS),
    "TOP005": Fault("a parcel inside another", plots.two(shapes.inner), MAPS),
    "TOP006": Fault("two parcels of two communes that share 6 m²", plots.across(-6), PACKAGES, True),
    "TOP007": Fault("6 m² between parcels of two communes", plots.across(6), PACKAGES, True),
    "CRS001": Fault("coordinates in EPSG:4326", _all_in_degrees, MAPS, True),
    "CRS002": Fault(
        "northing before easting", about_file(change(ThuaDat, shapes.swapped), PARCEL), MAPS, True
    ),
    "CRS003": Fault("another zone in the metadata", document(_another_zone, META), PACKAGES, True),
    "CRS004": Fault("a withdrawn code of the CRS", document(_withdrawn, PARCEL), MAPS, True),
    "CRS007": Fault(
        "another meridian in srsRevert", document(shapes.another_meridian, PARCEL), (PARCEL_GML,), True
    ),
    "ADM001": Fault("address in commune 99999", change(DiaChi, lambda _: {"ma_xa": NEVER})),
    "ADM002": Fault("registered in a commune of the past", change(TinhHinhDangKy, lambda _: {"ma_xa": GONE})),
    "ADM003": Fault("parcel 150 km to the east of its place", change(ThuaDat, shapes.moved), MAPS),
    "ADM004": Fault("file with a code of before the reform", _old_codes, PACKAGES, True),
    "ADM005": Fault("address in a commune of the past", change(DiaChi, lambda _: {"ma_xa": GONE})),
    "LND001": Fault("first purpose 5 m² too large", change(ThuaDat, _first_larger)),
    "LND002": Fault("parcel of 0 m²", change(ThuaDat, lambda _: {"dien_tich": Decimal(0)}), FILES),
    "LND003": Fault("two purposes number 1", change(ThuaDat, _second_number, at=_second_use)),
    "LND004": Fault("origin 10 m² larger than its purpose", change(ThuaDat, _origin_larger, at=_first_use)),
    "LND005": Fault("purpose without term", change(ThuaDat, _no_term, at=_first_use)),
    "LND006": Fault("long-term purpose that expires", change(ThuaDat, _long_term, at=_first_use)),
    "LND007": Fault("parcel code of another place", change(ThuaDat, shapes.code_of_another_place), PACKAGES),
    "LNK001": Fault("dossier of a parcel that the map lacks", change(ThuaDat, lambda _: {}), DELIVERIES),
    "LNK002": Fault("shape of a parcel without dossier", change(ThuaDat, lambda _: {}), DELIVERIES),
    "LNK003": Fault("10 m² more in the dossier than on the map", change(ThuaDat, _all_larger), DELIVERIES),
    "LNK004": Fault("another use in the dossier than on the map", change(ThuaDat, _another_use), DELIVERIES),
    "PTY001": Fault("identification number of 11 digits", change(CaNhan, _number)),
    "PTY002": Fault("one person as wife and husband", change(VoChong, lambda pair: {"vo": pair.chong})),
    "PTY003": Fault("died before birth", change(CaNhan, lambda person: {"nam_mat": person.nam_sinh - 1})),
    "PTY004": Fault("identity card of 11 digits", change(CaNhan, _card, at=_card_id)),
    "PTY005": Fault("sex that the identification number contradicts", change(CaNhan, _other_sex)),
    "PTY006": Fault("identification number of no province", change(CaNhan, _no_place)),
    "CRT001": Fault("serial that begins with #", change(GiayChungNhan, _serial)),
    "CRT002": Fault("issued in 2999", change(GiayChungNhan, lambda _: {"ngay_cap": dt.date(2999, 1, 1)})),
    "CRT003": Fault("type that was not issued on its date", change(GiayChungNhan, _other_type)),
    "CRT004": Fault(
        "a wrong certificate code", change(GiayChungNhan, lambda _: {"ma_giay_chung_nhan": "SAI"}), PACKAGES
    ),
    "CRT005": Fault("serial of no generation", change(GiayChungNhan, _other_series)),
    "CRT006": Fault("register number of no form", change(GiayChungNhan, _other_register)),
    "CRT007": Fault("register number of a district since July 2025", change(GiayChungNhan, _of_a_district)),
    "SCN001": Fault("scan that is named and left out", _first_scan, SCANNED),
    "SCN002": Fault("scan that nothing names", _first_scan, SCANNED),
    "SCN003": Fault("scan of 0 bytes", _first_scan, SCANNED),
    "SCN004": Fault("scan without a signature", _first_scan, SCANNED),
    "TXT001": Fault("decomposed text", _store(unicodedata.normalize("NFD", STORE))),
    "TXT002": Fault("UTF-8 read as Windows-1252", _store(STORE.encode().decode("cp1252"))),
    "TXT003": Fault("a blank of no width", _store(f"{STORE}\N{ZERO WIDTH SPACE}")),
    "TXT004": Fault("a letter lost to a question mark", _store(STORE.replace("ẫ", "?"))),
}
FAULTS = {
    code: fault._replace(
        layouts=(*fault.layouts, *(layout for layout, codes in flat.FAULTS.items() if code in codes))
    )
    for code, fault in _FAULTS.items()
}
"""Rule code → fault."""
