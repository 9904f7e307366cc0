"""Build the corpus: for each rule, files that pass it and files that fail it, one change from a base file.

    python tasks/build_corpus.py

The base files are in ``tests/corpus/base/``; what a file name cannot say (another date of the check, findings
that are left as they are) stands in ``tests/corpus/expected.toml``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import struct
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import xlsxwriter

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
NATIONAL = (CORPUS / "base/national.xml").read_text("utf-8")
DOSSIER = (CORPUS / "base/hosoxml.xml").read_text("utf-8")
COLLECTION = (CORPUS / "base/collection.xml").read_text("utf-8")
OBJECTS = (CORPUS / "base/mplis.json").read_text("utf-8")
FEATURES = (CORPUS / "base/thua_dat.gml").read_text("utf-8")

RECORDS = {
    re.findall(r"<ld:(\w+) gml:id", text)[0]: text
    for text in re.findall(
        r"<ld:thanhVien>\n.*?\n</ld:thanhVien>\n", (CORPUS / "base/records.xml").read_text("utf-8"), re.DOTALL
    )
}
"""Records of further classes, by class."""

END, METADATA_END = "</ld:DuLieuDatDai>", "</ld:SieuDuLieu>"
CODE, CODE_OF_THE_EDGE, CODE_FAR_AWAY = "w7spq253xddy", "w7spq2598sqs", "w7spq2ncwx2n"
"""Parcel codes: of the base parcel, of a point on its eastern edge, of a point 500 m to the east."""
METADATA = re.findall(r"<ld:sieuDuLieu>.*</ld:sieuDuLieu>\n", NATIONAL, re.DOTALL)[0]
PARCEL = re.findall(r"<ld:thanhVien>\n<ld:ThuaDat.*?</ld:thanhVien>\n", NATIONAL, re.DOTALL)[0]
BOUNDARY = re.findall(r" <ld:ranhGioi>.*</ld:ranhGioi>\n", NATIONAL)[0]
POSITIONS = re.findall(r"<gml:posList>(.*)</gml:posList>", NATIONAL)[0]
PURPOSE = re.findall(r" <ld:mucDichSuDung>.*?</ld:mucDichSuDung>\n", NATIONAL, re.DOTALL)[0]
ORIGIN = re.findall(r" {3}<ld:nguonGocDat>.*?</ld:nguonGocDat>\n", NATIONAL, re.DOTALL)[0]
CERTIFICATE = re.findall(r"<ld:thanhVien>\n<ld:GiayChungNhan.*?</ld:thanhVien>\n", NATIONAL, re.DOTALL)[0]
ISSUED, SERIAL = "<ld:ngayCap>2020-05-20<", "<ld:soPhatHanh>CD 123456<"
MODEL_2024 = (
    (">11</ld:loaiGiayChungNhan>", ">98</ld:loaiGiayChungNhan>"),
    (SERIAL, SERIAL.replace("CD 123456", "AA 01234567")),
    (ISSUED, ISSUED.replace("2020", "2025")),
    ("CS 00123", "VP 00123"),
)
"""Changes to a certificate of the model of 2024."""
CARD = (">CMND<", ">CCCD<"), (">100000002<", ">022070000002<")
"""Changes to a paper that is still in use."""
HUSBAND, MALE = "<ld:namSinh>1970</ld:namSinh>", "<ld:gioiTinh>1</ld:gioiTinh>"
FARM = (">ODT<", ">CLN<")
RIGHT = re.findall(r"<ld:thanhVien>\n<ld:QuyenSuDungDat.*?</ld:thanhVien>\n", NATIONAL, re.DOTALL)[0]
PERSON = re.findall(r"<ld:thanhVien>\n<ld:CaNhan.*?</ld:thanhVien>\n", NATIONAL, re.DOTALL)[0]
WHOLE = (' <ld:mucDichSuDung xlink:href="#MucDichSuDung.1"/>\n', "")
"""Change of the right to one to the whole parcel."""
HANOI = (("Phường Hà Tu<", "Phường Ba Đình<"), ("Tỉnh Quảng Ninh<", "Thành phố Hà Nội<"))
ABROAD = (
    ">CNV</ld:loaiDoiTuongSuDungDat>\n <ld:hoTen>Trần",
    ">NGV</ld:loaiDoiTuongSuDungDat>\n <ld:hoTen>Trần",
)
UNDATED = (f" {ISSUED}/ld:ngayCap>\n", "")
OTHER_KIND = (">11</ld:loaiGiayChungNhan>", ">18</ld:loaiGiayChungNhan>")
"""A certificate of another kind, which needs no date."""
MADE = ("2025-08-01T08:00:00", "2026-01-01T08:00:00")
MADE_2024 = ((MADE[0], "2024-07-01T08:00:00"), (">2025-07-01<", ">2024-07-01<"))
"""Change to a package that was made on the date of the check."""
TERM = "   <ld:thoiHanSuDung>Lâu dài</ld:thoiHanSuDung>\n"
AREAS = ("\n <ld:dienTich", "\n   <ld:dienTich", "\n     <ld:dienTich")
"""Places of the areas of the parcel, its purpose and its origin."""
ADDRESS = " <ld:diaChi>Tổ 1, khu 2, phường Hà Tu, tỉnh Quảng Ninh</ld:diaChi>\n"
SAID = re.findall("<gml:Polygon(.*)>", FEATURES)[0]
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

PASSED_BY_BASE = (
    "PKG004 PKG009 PKG012 PKG014 UNQ007 XSD004 XSD005 XSD006 GEO001 GEO004 GEO009 GEO013 GEO014 GEO015"
    " CRS002 CRS004 ADM005 LND002 PTY002 TXT001 TXT003"
)
"""Rules that the base file passes as nearly as any other would."""

ATTRIBUTES = {
    "MaXa": "06652", "SoHieuToBanDo": 12, "SoThuTuThua": 345, "DienTich": 120.0, "KyHieuMucDichSuDung": "ODT",
    "DiaChi": "xom Bai Bang",
}  # fmt: skip
"""Of the base parcel in a map layer."""
PRJ = (
    'PROJCS["VN-2000 / TM-3 107-45",GEOGCS["VN-2000",DATUM["Vietnam_2000",'
    'SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",107.75],PARAMETER["scale_factor",0.9999],'
    'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]'
)
NAMES = (
    "DDK_maXa", "TD_soHieuToBanDo", "TD_soThuTuThua", "TD_dienTich", "TD_diaChiChiTiet", "TD_maMucDichSuDung",
    "TD_dienTichMDSD", "TD_thoiHanSuDung",
)  # fmt: skip
ROW = ("06652", "12", "345", "120.5", "Tổ 1, khu 2", "ODT", "120.5", "Lâu dài")
"""Columns and row of a registration workbook: the parcel of the base file."""

Change = tuple[str, str]
Cases = dict[str, str | bytes]


def changed(text: str, *changes: Change) -> str:
    """Make each change once, at the first place."""
    for old, new in changes:
        if old not in text:
            raise ValueError(f"not in the base file: {old!r}")
        text = text.replace(old, new, 1)
    return text


def national(*changes: Change) -> str:
    """Return the national base file with some changes."""
    return changed(NATIONAL, *changes)


def dossier(*changes: Change) -> str:
    """Return the HoSoXml base file with some changes."""
    return changed(DOSSIER, *changes)


def features(*changes: Change) -> str:
    """Return the base file of the parcel GML with changes, each made wherever it can be."""
    text = FEATURES
    for old, new in changes:
        text = changed(text, (old, new)).replace(old, new)
    return text


def added(*members: str) -> Change:
    """Return the change that adds members at the end."""
    return END, "".join(members) + END


def member(xml: str) -> str:
    """Return a member that holds a record."""
    return f"<ld:thanhVien>\n{xml}\n</ld:thanhVien>\n"


def stated(xml: str) -> Change:
    """Return the change that adds an element to the metadata."""
    return METADATA_END, f" {xml}\n{METADATA_END}"


def parcel(number: int, *changes: Change, east: float = 0.0) -> str:
    """Return another parcel, ``east`` metres from that of the base file."""
    text = re.sub(r"(ThuaDat|MucDichSuDung|NguonGocDat|RanhGioi)\.1\b", rf"\1.{number}", PARCEL)
    text = text.replace(">345<", f">{344 + number}<").replace(POSITIONS, shifted(east))
    return changed(text, *changes)


def shifted(east: float) -> str:
    """Return the positions of the base parcel moved to the east."""
    numbers = [float(number) for number in POSITIONS.split()]
    return " ".join(f"{number + (0 if n % 2 else east):.1f}" for n, number in enumerate(numbers))


def positions(*points: str) -> Change:
    """Return the change of all coordinates."""
    return POSITIONS, " ".join(points)


def crs(epsg: int) -> tuple[Change, ...]:
    """Return the changes to another CRS, coordinates untouched."""
    return ("EPSG::5899", f"EPSG::{epsg}"), (">5899<", f">{epsg}<")


def purposes(*areas: str, numbers: str = "12") -> Change:
    """Return the change to several purposes of these areas, without areas of origin."""
    parts = [
        re.sub(r"(MucDichSuDung|NguonGocDat)\.1\b", rf"\1.{n}", PURPOSE)
        .replace("     <ld:dienTich>120.0</ld:dienTich>\n", "")
        .replace(">120.0<", f">{area}<")
        .replace("<ld:soThuTuMucDichSuDung>1<", f"<ld:soThuTuMucDichSuDung>{number}<")
        for n, (area, number) in enumerate(zip(areas, numbers, strict=False), 1)
    ]
    return PURPOSE, "".join(parts)


def area(square_metres: str) -> tuple[Change, ...]:
    """Return the changes of the area of the parcel, its purpose and its origin."""
    return tuple((f"{place}>120.0<", f"{place}>{square_metres}<") for place in AREAS)


def unit(record: str, code: str) -> Change:
    """Return the change of the commune code of a record."""
    start = f'"{record}">\n <ld:maXa>'
    return f"{start}06652<", f"{start}{code}<"


def before(element: str, xml: str) -> Change:
    """Return the change that puts an element before the first of another name."""
    return f" <ld:{element}", f" {xml}\n <ld:{element}"


def record(cls: str, *changes: Change, number: int = 1) -> str:
    """Return a record of a class that the base file does not have, with changes."""
    own = re.sub(r'gml:id="(\w+)\.1"', rf'gml:id="\1.{number}"', RECORDS[cls])
    return changed(own, *changes)


def right_of(holder: str, certificate: str = "GiayChungNhan.1", *changes: Change) -> str:
    """Return another right to the base parcel."""
    named = (("Dat.1", "Dat.2"), ("VoChong.1", holder), ("GiayChungNhan.1", certificate))
    return changed(RIGHT, *named, *changes)


def numbered(number: str) -> Change:
    """Return the change that gives the husband an identification number."""
    return MALE, f"{MALE}\n <ld:maSoDinhDanh>{number}</ld:maSoDinhDanh>"


def coded(code: str) -> Change:
    """Return the change that gives the parcel a code."""
    return before("taiLieuDoDac", f"<ld:maThuaDat>{code}</ld:maThuaDat>")


def archive(**members: str | bytes) -> bytes:
    """Return a zip archive with the same bytes on every machine."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, text in members.items():
            path = re.sub("_(xml|csv|geojson|pdf)$", r".\1", name.replace("__", "/"))
            made.writestr(zipfile.ZipInfo(path), text)
    return file.getvalue()


def sealed(text: str) -> str:
    """Add the SHA-256 of the members to the metadata."""
    members = text.partition("</ld:sieuDuLieu>\n")[2].partition(END)[0]
    digest = hashlib.sha256(members.encode()).hexdigest()
    return changed(text, stated(f"<ld:maBamNoiDung>{digest}</ld:maBamNoiDung>"))


def counts(**classes: int) -> Change:
    """Return the change that states the number of records of some classes."""
    records = [
        f'<ld:soBanGhi><ld:SoBanGhi gml:id="SoBanGhi.{name}"><ld:lop>{name}</ld:lop>'
        f"<ld:soLuong>{number}</ld:soLuong></ld:SoBanGhi></ld:soBanGhi>"
        for name, number in classes.items()
        if number
    ]
    return stated("\n ".join(records))


COUNTS = Counter(re.findall(r"<ld:thanhVien>\n<ld:(\w+)", NATIONAL))


def packages() -> Cases:
    """Cases of the family PKG."""
    entity = '<!DOCTYPE ld:DuLieuDatDai [<!ENTITY ten "Nguyễn Thị Mẫu">]>\n<ld:DuLieuDatDai '
    return {
        "PKG001/fail-cut-off.xml": NATIONAL[: len(NATIONAL) // 2],
        "PKG001/fail-tag.xml": national(("</ld:DiaChi>", "</ld:DiaChii>")),
        "PKG001/fail-prefix.xml": national((' xmlns:gml="http://www.opengis.net/gml/3.2"', "")),
        "PKG001/pass-comment.xml": national(("<ld:thanhVien>", "<!-- & < -->\n<ld:thanhVien>")),
        "PKG002/fail-entity.xml": national(("<ld:DuLieuDatDai ", entity), ("Nguyễn Thị Mẫu<", "&ten;<")),
        "PKG002/pass-cdata.xml": national(("Nguyễn Thị Mẫu", "<![CDATA[Nguyễn Thị Mẫu]]>")),
        "PKG003/fail-traversal.zip": archive(**{"..__goi_xml": NATIONAL}),
        "PKG003/fail-damaged.zip": archive(goi_xml=NATIONAL)[:-30],
        "PKG003/pass-archive.zip": archive(goi__06652_xml=NATIONAL),
        "PKG004/fail-root.xml": '<?xml version="1.0" encoding="UTF-8"?>\n<DanhSach><Thua/></DanhSach>\n',
        "PKG005/fail-mixed.zip": archive(a_xml=NATIONAL, b_xml=DOSSIER),
        "PKG005/pass-dossiers.zip": archive(
            a_xml=DOSSIER,
            b_xml=dossier(
                ("8000-000000000001", "8000-000000000002"), ("<soThuTu>1<", "<soThuTu>2<"), (">345<", ">346<")
            ),
        ),
        "PKG006/fail-count.xml": national(counts(**COUNTS | {"CaNhan": 3})),
        "PKG006/fail-left-out.xml": national(counts(**COUNTS | {"VoChong": 0})),
        "PKG006/pass-counts.xml": national(counts(**COUNTS)),
        "PKG007/fail-communes.xml": national(stated("<ld:maXa>06658</ld:maXa>")),
        "PKG007/pass-not-stated.xml": national((" <ld:maXa>06652</ld:maXa>\n" + METADATA_END, METADATA_END)),
        "PKG008/fail-utf-16.xml": national(("UTF-8", "UTF-16")).encode("utf-16"),
        "PKG008/pass-byte-order-mark.xml": NATIONAL.encode("utf-8-sig"),
        "PKG010/fail-empty.zip": archive(),
        "PKG010/pass-archive.zip": archive(goi_xml=NATIONAL),
        "PKG011/fail-edited.xml": changed(sealed(NATIONAL), ("Trần Văn Thử", "Trần Văn Sửa")),
        "PKG011/pass-sealed.xml": sealed(NATIONAL),
        "PKG017/fail-tomorrow.xml": national((MADE[0], "2026-01-02T08:00:00")),
        "PKG017/fail-units.xml": national(("DonVi>2025-07-01<", "DonVi>2026-01-02<")),
        "PKG017/pass-today.xml": national(MADE),
        "PKG012/fail-image.shp": b"\x89PNG" + bytes(96),
        "PKG013/fail-beside.zip": archive(goi_xml=NATIONAL, **{"ghi chú.docx": "PK"}),
        "PKG013/pass-archive.zip": archive(goi_xml=NATIONAL),
        "PKG016/fail-unused.xml": national(),
        "PKG016/pass-left-as-it-is.xml": national((">120.0<", ">0<")),
        "PKG015/fail-alone.shp": shapefile()["shp"],
        "PKG015/pass-whole.zip": archive(**{f"thua.{suffix}": data for suffix, data in shapefile().items()}),
        "PKG014/fail-depth.xml": f"<HoSoXml>{'<a>' * 300}{'</a>' * 300}</HoSoXml>\n",
    }


def structure() -> Cases:
    """Cases of the family XSD."""
    date = "   <ngayCap>20/05/2020</ngayCap>\n"
    sheet = " <ld:soHieuToBanDo>12</ld:soHieuToBanDo>\n"
    between = "</ld:thanhVien>\n<ld:thanhVien>\n"
    return {
        "XSD001/fail-missing.xml": national((ADDRESS, "")),
        "XSD001/fail-order.xml": national(
            (sheet, ""), ("</ld:soThuTuThua>\n", "</ld:soThuTuThua>\n" + sheet)
        ),
        "XSD001/fail-misspelt.xml": national((ADDRESS, ADDRESS.replace("ld:diaChi", "ld:DiaChi"))),
        "XSD001/fail-nil.xml": national((ADDRESS, f' <ld:diaChi {XSI} xsi:nil="true"/>\n')),
        "XSD001/fail-hosoxml.xml": dossier(("    <soHieuToBanDo>12</soHieuToBanDo>\n", "")),
        "XSD001/pass-hosoxml-any-order.xml": dossier((date, ""), ("   <soVaoSo>", date + "   <soVaoSo>")),
        "XSD002/fail-date.xml": national((ISSUED, "<ld:ngayCap>20/05/2020<")),
        "XSD002/fail-number.xml": national((">12<", ">12A<")),
        "XSD002/fail-hosoxml.xml": dossier((">345<", ">345A<")),
        "XSD002/pass-hosoxml-date.xml": DOSSIER,
        "XSD003/fail-length.xml": national(("CS 00123", "CS 00123 " + "0" * 20)),
        "XSD003/fail-pattern.xml": national(coded("w7eq3k5m2n8i")),
        "XSD003/pass-pattern.xml": national(coded(CODE)),
        "XSD004/fail-two-records.xml": national((f"</ld:DiaChi>\n{between}", "</ld:DiaChi>\n")),
        "XSD004/fail-metadata-missing.xml": national((METADATA, "")),
        "XSD004/fail-stranger.xml": national(added("<ld:ghiChu>mẫu</ld:ghiChu>\n")),
        "XSD004/fail-nil.xml": national(("<ld:thanhVien>", f'<ld:thanhVien {XSI} xsi:nil="true">')),
        "XSD005/fail-unknown.xml": national(added(member('<ld:NhaO gml:id="NhaO.1"/>'))),
        "XSD006/fail-gml-3-1.xml": national(("http://www.opengis.net/gml/3.2", "http://www.opengis.net/gml")),
        "XSD006/fail-no-namespace.xml": NATIONAL.replace("ld:ThuaDat ", "ThuaDat ").replace(
            "ld:ThuaDat>", "ThuaDat>"
        ),
        "XSD007/fail-hosoxml.xml": dossier((">CS 00123<", ">CS 00123456<")),
        "XSD007/pass-hosoxml.xml": DOSSIER,
        "XSD008/fail-iso-date.xml": dossier((">20/05/2020<", ">2020-05-20T00:00:00<")),
        "XSD008/fail-comma.xml": DOSSIER.replace(">120.0<", ">120,0<"),
        "XSD008/pass-hosoxml.xml": DOSSIER,
    }


def relations() -> Cases:
    """Cases of the families COD, REF and UNQ."""
    old_class, registered = (">CNV<", ">GDC<"), (">01/04/2020<", ">31/07/2024<")
    right = '<ld:giayChungNhan xlink:href="#GiayChungNhan.1"/>'
    address = member('<ld:DiaChi gml:id="DiaChi.1">\n <ld:maXa>06652</ld:maXa>\n</ld:DiaChi>')
    other = (CERTIFICATE.replace("GiayChungNhan.1", "GiayChungNhan.2")).replace
    twin = (">346<", ">345<")
    another_key = ("8000-000000000001", "8000-000000000002")
    second = re.findall(r" *<DC_ThuaDat>.*</DC_ThuaDat>\n", DOSSIER, re.DOTALL)[0]
    copied = re.sub(r"<(thuaDatId|mucDichSuDungId|nguonGocDatId)>1<", r"<\1>2<", second)
    return {
        "COD001/fail-purpose.xml": national((">ODT<", ">XYZ<")),
        "COD001/fail-hosoxml.xml": dossier((">CMND<", ">THE<")),
        "COD001/pass-older-code.xml": national((">ODT<", ">BHK<")),
        "COD002/fail-not-yet.xml": national(old_class, old_class, (">ODT<", ">CNT<"), *MADE_2024),
        "COD002/fail-retired.xml": national((">CMND<", ">SHK<"), *MODEL_2024),
        "COD002/fail-no-date.xml": national((">CCCD<", ">CMND<"), UNDATED, OTHER_KIND),
        "COD002/pass-of-its-time.xml": national((">CMND<", ">SHK<")),
        "COD003/fail-younger.xml": national(old_class, *CARD, *MODEL_2024),
        "COD003/fail-hosoxml.xml": dossier(old_class, *CARD, (">20/05/2020<", ">20/05/2024<"), registered),
        "COD003/pass-of-its-time.xml": national(old_class),
        "COD003/pass-hosoxml-registration.xml": dossier(
            old_class, (">20/05/2020<", "><"), ("Nhan>11<", "Nhan>18<")
        ),
        "COD004/fail-one.xml": national((">ODT<", ">NHK<"), *CARD, *MODEL_2024),
        "COD004/fail-several.xml": national((">ODT<", ">SKX<"), *CARD, *MODEL_2024),
        "COD004/fail-none.xml": national((">ODT<", ">DTS<"), *CARD, *MODEL_2024),
        "COD004/pass-of-its-time.xml": national((">ODT<", ">SKX<")),
        "REF001/fail-certificate.xml": national(added(right_of("CaNhan.1", "GiayChungNhan.9"))),
        "REF001/fail-hosoxml.xml": dossier(("<mucDichSuDungId>1<", "<mucDichSuDungId>9<")),
        "REF001/pass-no-certificate.xml": national((f" {right}\n", "")),
        "REF002/fail-parcel.xml": national(('"#ThuaDat.1"', '"#GiayChungNhan.1"')),
        "REF002/pass-person.xml": national(('"#VoChong.1"', '"#CaNhan.1"')),
        "UNQ001/fail-address.xml": national(added(address)),
        "UNQ001/pass-address.xml": national(added(address.replace("DiaChi.1", "DiaChi.2"))),
        "UNQ007/fail-shape.xml": national(('gml:id="RanhGioi.1"', 'gml:id="ThuaDat.1"')),
        "UNQ002/fail-number.xml": national(added(parcel(2, twin, east=10))),
        "UNQ002/fail-hosoxml.xml": dossier((second, second + copied)),
        "UNQ002/pass-no-longer-in-force.xml": national(
            added(parcel(2, twin, (" <ld:maXa>", " <ld:hieuLuc>false</ld:hieuLuc>\n <ld:maXa>")))
        ),
        "UNQ002/pass-neighbour.xml": national(added(parcel(2, east=10))),
        "UNQ002/pass-no-parcel.xml": national(added(parcel(2, twin, (">false<", ">true<"), east=10))),
        "UNQ004/fail-code.xml": national(
            coded(CODE_OF_THE_EDGE), added(parcel(2, coded(CODE_OF_THE_EDGE), east=10))
        ),
        "UNQ004/pass-one-code.xml": national(coded(CODE), added(parcel(2, east=10))),
        "UNQ003/fail-serial.xml": national(added(other("CD 123456", "CD123456"))),
        "UNQ005/fail-another-key.zip": archive(a_xml=DOSSIER, b_xml=dossier(another_key)),
        "UNQ005/pass-another-number.zip": archive(
            a_xml=DOSSIER, b_xml=dossier(another_key, ("<soThuTu>1<", "<soThuTu>2<"))
        ),
        "UNQ006/fail-copied.zip": archive(a_xml=DOSSIER, b_xml=DOSSIER),
        "UNQ006/fail-copied-national.zip": archive(a_xml=NATIONAL, b_xml=NATIONAL),
        "UNQ006/pass-one-file.zip": archive(a_xml=DOSSIER),
        "UNQ003/pass-serial.xml": national(
            added(other("CD 123456", "CD 123457"), right_of("CaNhan.1", "GiayChungNhan.2"))
        ),
    }


def places() -> Cases:
    """Cases of the families GEO, CRS and ADM."""
    a, b, c, d, _ = (" ".join(pair) for pair in zip(*[iter(POSITIONS.split())] * 2, strict=True))
    square = ("4 4", "4 6", "6 6", "6 4")
    # The same parcel in EPSG:3405 and EPSG:32648, to the decimetre.
    utm = "723803.3 2319572.9 723813.3 2319573.1 723813.1 2319585.1 723803.1 2319584.9 723803.3 2319572.9"
    wgs_84 = "724000.1 2319464.8 724010.1 2319464.9 724009.9 2319476.9 723999.9 2319476.8 724000.1 2319464.8"
    swapped = " ".join(" ".join(reversed(point.split())) for point in (a, b, c, d, a))
    # In EPSG:4756: latitude, longitude.
    corners = ("20.963141 107.152521", "20.963142 107.152617", "20.963250 107.152617", "20.963250 107.152521")
    degrees = " ".join((*corners, corners[0]))
    earlier = (">2025-07-01<", ">2025-06-30<")
    made = (MADE[0], "2025-06-30T08:00:00")
    old = changed(NATIONAL.replace("06652", "06664"), earlier)
    return {
        "GEO001/fail-open.xml": national(positions(a, b, c, d, "437870.5 2318880.0")),
        "GEO002/fail-crossing.xml": national(positions(a, c, b, d, a)),
        "GEO002/pass-hole.xml": national(*area("116.0"), holed(*square)),
        "GEO003/fail-area.xml": national(positions(POSITIONS.replace("437880.0", "437881.0"))),
        "GEO003/pass-rounding.xml": national(positions(POSITIONS.replace("437880.0", "437880.05"))),
        "GEO004/fail-no-boundary.xml": national((BOUNDARY, "")),
        "GEO005/fail-three-dimensions.xml": national(positions(*(f"{p} 5.0" for p in (a, b, c, d, a)))),
        "GEO006/fail-count.xml": national(("<gml:posList>", '<gml:posList count="4">')),
        "GEO006/pass-count.xml": national(("<gml:posList>", '<gml:posList count="5">')),
        "GEO005/fail-not-a-number.xml": national(positions(a, b, "NaN 2318892.0", d, a)),
        "GEO005/fail-pair.xml": national(positions(POSITIONS, "437870.0")),
        "GEO005/fail-three-points.xml": national(positions(a, b, a)),
        "GEO005/pass-triangle.xml": national(*area("60.0"), positions(a, b, c, a)),
        "CRS001/fail-wgs-84.xml": national(*crs(32648), positions(wgs_84)),
        "CRS001/fail-missing.xml": national((' srsName="urn:ogc:def:crs:EPSG::5899"', "")),
        "CRS001/pass-address.xml": national(
            ("urn:ogc:def:crs:EPSG::5899", " http://www.opengis.net/def/crs/EPSG/11.022/5899\n")
        ),
        "CRS005/fail-ring.xml": national(
            ("<gml:posList>", '<gml:posList srsName="urn:ogc:def:crs:EPSG::9215">')
        ),
        "CRS005/pass-same.xml": national(("<gml:posList>", '<gml:posList srsName="EPSG:5899">')),
        "CRS001/pass-utm.xml": national(*crs(3405), positions(utm)),
        "CRS002/fail-axes.xml": national(positions(swapped)),
        "CRS002/fail-meridian.xml": national(*crs(9215)),
        "CRS002/fail-axes-and-meridian.xml": national(*crs(9215), positions(swapped)),
        "CRS002/fail-degrees.xml": national(positions(degrees)),
        "CRS002/fail-metres.xml": national(*crs(4756)),
        "CRS002/pass-degrees.xml": national(*crs(4756), positions(degrees)),
        "CRS003/fail-metadata.xml": national((">5899<", ">9215<")),
        "CRS004/fail-withdrawn.xml": national(*crs(6959)),
        "CRS003/pass-not-stated.xml": national((" <ld:heToaDo>5899</ld:heToaDo>\n", "")),
        "ADM001/fail-address.xml": national(unit("DiaChi.1", "99999")),
        "ADM001/pass-other-province.xml": national(unit("DiaChi.1", "00004"), *HANOI),
        "ADM002/fail-registration.xml": national(unit("TinhHinhDangKy.1", "06664")),
        "ADM002/fail-hosoxml.xml": dossier((">06652<", ">06664<")),
        "ADM002/pass-date-stated.xml": national(earlier, made, unit("TinhHinhDangKy.1", "06664")),
        "ADM003/fail-far-away.xml": national(added(parcel(2, east=10), parcel(3, east=40_000))),
        "ADM003/pass-neighbours.xml": national(added(parcel(2, east=10), parcel(3, east=20))),
        "ADM004/fail-old-codes.xml": old,
        "ADM004/fail-code-of-another.xml": national(earlier),
        "ADM004/pass-date-of-check.xml": changed(old, made),
        "ADM005/fail-address.xml": national(unit("DiaChi.1", "06664")),
    }


def details() -> Cases:
    """Cases of what the points of a shape show."""
    a, b, c, d, _ = (" ".join(pair) for pair in zip(*[iter(POSITIONS.split())] * 2, strict=True))
    square = ("4 4", "4 6", "6 6", "6 4")
    return {
        "GEO009/fail-repeated.xml": national(positions(a, a, b, c, d, a)),
        "GEO010/fail-spike.xml": national(
            positions(a, b, "437880 2318885.95", "437900 2318886", "437880 2318886.05", c, d, a)
        ),
        "GEO010/pass-sharp.xml": national(
            positions(a, b, "437880 2318885.5", "437885 2318886", "437880 2318886.5", c, d, a), *area("122.5")
        ),
        "GEO011/fail-strip.xml": national(
            added(ground("30 0", "30.15 0", "30.15 100", "30 100", number=2, square_metres=15))
        ),
        "GEO011/pass-path.xml": national(
            added(ground("30 0", "31 0", "31 100", "30 100", number=2, square_metres=100))
        ),
        "GEO012/fail-hole.xml": national(*area("116.0"), holed(*reversed(square))),
        "GEO012/pass-hole.xml": national(*area("116.0"), holed(*square)),
        "GEO013/fail-short-edge.xml": national(positions(a, b, "437880.0 2318891.995", c, d, a)),
        "GEO014/fail-tiny.xml": national(
            added(ground("30 0", "30.6 0", "30.6 0.6", "30 0.6", number=2, square_metres=0.4))
        ),
        "GEO015/fail-pinhole.xml": national(holed("4 4", "4 4.5", "4.5 4.5", "4.5 4")),
        "GEO016/fail-digits.xml": national(
            positions("437870.12345 2318880", b, c, d, "437870.12345 2318880")
        ),
        "GEO016/pass-binary-tail.xml": national(
            positions("437870.099999999977 2318880", b, c, d, "437870.099999999977 2318880")
        ),
        "GEO017/fail-legal-area.xml": national(
            before("laDoiTuongChiemDat", "<ld:dienTichPhapLy>90.0</ld:dienTichPhapLy>")
        ),
        "GEO017/pass-legal-area.xml": national(
            before("laDoiTuongChiemDat", "<ld:dienTichPhapLy>105.0</ld:dienTichPhapLy>")
        ),
    }


def ring(*corners: str) -> list[str]:
    """Return the points of a closed ring by its corners, metres from the south-west of the base parcel."""
    points = [f"{437870 + float(x):.3f} {2318880 + float(y):.3f}" for x, y in map(str.split, corners)]
    return [*points, points[0]]


def holed(*corners: str) -> Change:
    """Return the change that makes a hole in the base parcel."""
    points = " ".join(ring(*corners))
    hole = (
        f"<gml:interior><gml:LinearRing><gml:posList>{points}</gml:posList></gml:LinearRing></gml:interior>"
    )
    return "</gml:exterior>", f"</gml:exterior>{hole}"


def ground(*corners: str, number: int = 1, square_metres: float = 120, commune: str = "06652") -> str:
    """Return a parcel by its corners, metres to the east and north of the base parcel's."""
    changes = (positions(*ring(*corners)), *area(f"{square_metres:.1f}"), (">06652<", f">{commune}<"))
    return parcel(number, *changes[: 4 if commune == "06652" else 5])


def around(wide: float) -> list[str]:
    """Return three parcels that enclose a gap, ``wide`` metres, to the east of the base parcel."""
    end = f"{10 + wide:g}", f"{20 + wide:g}"
    east = ground(f"{end[0]} 0", f"{end[1]} 0", f"{end[1]} 12", f"{end[0]} 12", number=2)
    sizes = [("12", "22", 3), ("0", "-10", 4)]
    return [east] + [
        ground(
            f"0 {near}", f"10 {near}", f"{end[0]} {near}", f"{end[1]} {near}", f"{end[1]} {far}", f"0 {far}",
            number=number, square_metres=10 * (20 + wide),
        )
        for near, far, number in sizes
    ]  # fmt: skip


def neighbours() -> Cases:
    """Cases of the stages commune and border."""
    lower = ground("10 0", "20 0", "20 6", "10 6", number=2, square_metres=60)
    upper = ground("10 6", "20 6", "20 12", "10 12", number=3, square_metres=60)
    middle = ("3 3", "7 3", "7 9", "3 9")
    inside = added(ground(*middle, number=2, square_metres=24))
    vertex = POSITIONS.replace("437880.0 2318892.0", "437880.0 2318886.0 437880.0 2318892.0")

    def border(east: float) -> str:
        corners = (f"{east} 0", f"{east + 10} 0", f"{east + 10} 12", f"{east} 12")
        return national(
            stated("<ld:maXa>06658</ld:maXa>"), added(ground(*corners, number=2, commune="06658"))
        )

    return {
        "GEO007/fail-overlap.xml": national(added(parcel(2, east=5))),
        "GEO007/pass-neighbour.xml": national(added(parcel(2, east=10))),
        "GEO007/pass-rounding.xml": national(
            added(ground("9.99 0", "19.99 0", "19.99 12", "9.99 12", number=2))
        ),
        "TOP001/fail-gap.xml": national(added(*around(0.5))),
        "TOP001/pass-road.xml": national(added(*around(2))),
        "TOP002/fail-overlap.xml": national(added(parcel(2, east=9.9))),
        "TOP002/fail-gap.xml": national(added(*around(0.05))),
        "TOP002/pass-rounding.xml": national(added(*around(0.01))),
        "TOP003/fail-corner.xml": national(added(lower, upper)),
        "TOP003/pass-vertex.xml": national(positions(vertex), added(lower, upper)),
        "TOP004/fail-same-shape.xml": national(added(parcel(2))),
        "TOP004/pass-neighbour.xml": national(added(parcel(2, east=10))),
        "TOP005/fail-inside.xml": national(inside),
        "TOP005/pass-hole.xml": national(*area("96.0"), holed(*reversed(middle)), inside),
        "TOP006/fail-overlap.xml": border(9),
        "TOP006/pass-neighbour.xml": border(10),
        "TOP007/fail-gap.xml": border(10.2),
        "TOP007/pass-road.xml": border(12),
    }


def lands() -> Cases:
    """Cases of the family LND."""
    expiry = "   <ld:ngayHetHanSuDung>2070-01-01</ld:ngayHetHanSuDung>\n"
    ended = expiry.replace("2070-01-01", "2020-05-19")
    old_sheet = "<ld:soHieuToBanDoCu>3</ld:soHieuToBanDoCu>"
    old_parcel = "<ld:soThuTuThuaCu>17</ld:soThuTuThuaCu>"
    printed_old = before("taiLieuDoDac", "<ld:inSoLieuCu>true</ld:inSoLieuCu>")

    def legal(area: str) -> Change:
        return before("laDoiTuongChiemDat", f"<ld:dienTichPhapLy>{area}</ld:dienTichPhapLy>")

    return {
        "LND001/fail-sum.xml": national(WHOLE, purposes("60.0", "50.0")),
        "LND001/fail-hosoxml.xml": dossier(("      <dienTich>120.0<", "      <dienTich>119.4<")),
        "LND001/pass-rounding.xml": national(WHOLE, purposes("60.0", "59.5")),
        "LND001/pass-legal-area.xml": national(
            before("laDoiTuongChiemDat", "<ld:dienTichPhapLy>100.0</ld:dienTichPhapLy>"), purposes("100.0")
        ),
        "LND002/fail-zero.xml": national((">120.0<", ">0<")),
        "LND003/fail-number.xml": national(WHOLE, purposes("60.0", "60.0", numbers="11")),
        "LND003/pass-numbers.xml": national(WHOLE, purposes("60.0", "60.0")),
        "LND004/fail-sum.xml": national((ORIGIN, ORIGIN.replace("120.0", "130.0"))),
        "LND004/pass-two-origins.xml": national(
            (
                ORIGIN,
                ORIGIN.replace("120.0", "100.0") + ORIGIN.replace("Dat.1", "Dat.2").replace("120.0", "20.4"),
            )
        ),
        "LND005/fail-no-term.xml": national((TERM, "")),
        "LND005/pass-expiry.xml": national((TERM, expiry)),
        "LND006/fail-long-term.xml": national((TERM, TERM + expiry)),
        "LND007/fail-far-away.xml": national(coded(CODE_FAR_AWAY)),
        "LND007/pass-last-characters.xml": national(coded(f"{CODE[:-2]}00")),
        "LND006/pass-fifty-years.xml": national((TERM, TERM.replace("Lâu dài", "50 năm") + expiry)),
        "LND008/fail-zero.xml": national(legal("0")),
        "LND008/pass-area.xml": national(legal("120.0")),
        "LND009/fail-sheet.xml": national(before("dienTich", old_sheet)),
        "LND009/fail-parcel.xml": national(before("dienTich", old_parcel)),
        "LND009/pass-both.xml": national(before("dienTich", old_sheet + old_parcel)),
        "LND010/fail-none.xml": national(printed_old),
        "LND010/pass-numbers.xml": national(before("dienTich", old_sheet + old_parcel), printed_old),
        "LND011/fail-zero.xml": national((">345<", ">0<")),
        "LND011/pass-road.xml": national((">345<", ">0<"), (">false<", ">true<")),
        "LND012/fail-zero.xml": national(WHOLE, purposes("120.0", "0")),
        "LND012/pass-small.xml": national(WHOLE, purposes("119.9", "0.1")),
        "LND013/fail-sum.xml": national((ORIGIN, ORIGIN.replace("120.0", "119.4"))),
        "LND013/pass-rounding.xml": national((ORIGIN, ORIGIN.replace("120.0", "119.5"))),
        "LND014/fail-slashes.xml": national(
            FARM, (TERM, TERM.replace("Lâu dài", "Đến ngày 01/02/2070") + expiry)
        ),
        "LND014/fail-words.xml": national(
            FARM, (TERM, TERM.replace("Lâu dài", "Đến ngày 01 tháng 01 năm 2071") + expiry)
        ),
        "LND014/pass-same.xml": national(FARM, (TERM, TERM.replace("Lâu dài", "đến 1-1-2070") + expiry)),
        "LND014/pass-year.xml": national(FARM, (TERM, TERM.replace("Lâu dài", "2070") + expiry)),
        "LND016/fail-before.xml": national(FARM, (TERM, ended)),
        "LND016/pass-same-day.xml": national(FARM, (TERM, ended.replace("19<", "20<"))),
        "LND015/fail-lease.xml": national((">ODT<", ">SKC<"), (">CNQ-CTT<", ">DT-THN<")),
        "LND015/pass-expiry.xml": national((">ODT<", ">SKC<"), (">CNQ-CTT<", ">DT-THN<"), (TERM, expiry)),
    }


def people() -> Cases:
    """Cases of the family PTY."""
    husband, card = HUSBAND, ">100000002<"
    birthday, death = "<ld:ngaySinh>1970-02-03</ld:ngaySinh>\n ", "\n <ld:namMat>2019</ld:namMat>"
    foreign = (f"{MALE}\n <ld:quocTichId>VNM<", f"{MALE}\n <ld:quocTichId>KOR<")

    return {
        "PTY001/fail-nine-digits.xml": national(numbered("100000002")),
        "PTY001/pass-foreigner.xml": national(foreign, ABROAD, numbered("M1234567")),
        "PTY002/fail-same.xml": national(('chong xlink:href="#CaNhan.2"', 'chong xlink:href="#CaNhan.1"')),
        "PTY003/fail-year.xml": national((husband, husband.replace("1970", "1017"))),
        "PTY003/fail-death.xml": national((husband, husband + death.replace("2019", "1960"))),
        "PTY003/fail-day.xml": national((husband, birthday.replace("1970", "1971") + husband)),
        "PTY003/fail-tomorrow.xml": national(
            (husband, birthday.replace("1970-02-03", "2026-01-02") + husband.replace("1970", "2026"))
        ),
        "PTY003/pass-death.xml": national((husband, birthday + husband + death)),
        "PTY004/fail-eight-digits.xml": national((card, ">10000002<")),
        "PTY004/fail-hosoxml.xml": dossier((card, ">10000002<")),
        "PTY004/pass-twelve-digits.xml": national((card, ">022070000002<")),
        "PTY004/pass-passport.xml": national((">CMND<", ">HC<"), (card, ">C1234567<")),
        "PTY005/fail-sex.xml": national(numbered("022170000002")),
        "PTY005/fail-year.xml": national((">1972<", ">1973<")),
        "PTY005/pass-this-century.xml": national(
            (husband, husband.replace("1970", "2001")),
            numbered("022201000002"),
            (">1972<", ">2001<"),
            (">022172000001<", ">022301000001<"),  # in the person, and on the card
            (">022172000001<", ">022301000001<"),
        ),
        "PTY006/fail-nowhere.xml": national(numbered("000070000002")),
        "PTY006/fail-no-province.xml": national(numbered("097070000002")),
        "PTY006/pass-province.xml": national(numbered("022070000002")),
        "PTY006/pass-abroad.xml": national(numbered("101070000002")),
    }


def papers() -> Cases:
    """Cases of the family PTY about papers, numbers and names."""
    name, wife, man = "Nguyễn Thị Mẫu", ">022172000001</ld:soGiayTo>", ">100000002</ld:soGiayTo>"
    place = "<ld:noiCap>Cơ quan cấp mẫu</ld:noiCap>"
    identifier = "<ld:maDinhDanhCaNhan>022172000003</ld:maDinhDanhCaNhan>"
    born = (HUSBAND, f"<ld:ngaySinh>1970-02-03</ld:ngaySinh>\n {HUSBAND}")

    def paper(of: str, date: str) -> Change:
        return of, f"{of}\n   <ld:ngayCap>{date}</ld:ngayCap>"

    return {
        "PTY007/fail-year.xml": national(paper(man, "1969-12-31")),
        "PTY007/fail-day.xml": national(born, paper(man, "1970-02-02")),
        "PTY007/pass-later.xml": national(born, paper(man, "1990-02-02")),
        "PTY008/fail-tomorrow.xml": national(paper(wife, "2026-01-02")),
        "PTY008/pass-today.xml": national(paper(wife, "2026-01-01")),
        "PTY009/fail-citizen-card.xml": national(paper(wife, "2015-12-31")),
        "PTY009/fail-card.xml": national((">CCCD<", ">9<"), paper(wife, "2024-06-30")),
        "PTY009/fail-old-card.xml": national(paper(man, "2022-01-01")),
        "PTY009/fail-twelve-digits.xml": national(
            (CARD[1][0], ">022070000002<"), paper("2</ld:soGiayTo>", "2012-06-30")
        ),
        "PTY009/pass-citizen-card.xml": national(paper(wife, "2016-01-01")),
        "PTY009/pass-old-card.xml": national(paper(man, "2021-12-31")),
        "PTY010/fail-card.xml": national((f"{wife[:13]}</ld:maSo", ">022172000003</ld:maSo")),
        "PTY010/fail-identifier.xml": national(
            (f"{wife}\n   {place}", f"{wife}\n   {place}\n   {identifier}"),
            (">CCCD<", ">HC<"),
        ),
        "PTY010/pass-same.xml": national(numbered("022070000002")),
        "PTY011/fail-year.xml": national((name, f"{name} 1972")),
        "PTY011/fail-word.xml": national((name, "Chưa rõ")),
        "PTY011/pass-foreigner.xml": national((name, "D'Souza, Anne-Marie X.")),
        "PTY012/fail-capitals.xml": national((name, "NGUYEN THI MAU")),
        "PTY012/fail-small.xml": national((name, "Le Thi Mau")),
        "PTY012/pass-accents.xml": national((name, "NGUYỄN THỊ MẪU")),
        "PTY012/pass-foreign-family.xml": national((name, "Ksor Y Mau")),
    }


def holders() -> Cases:
    """Cases of the family PTY about persons with others, and their rights."""
    household = record("HoGiaDinh")
    of_household = ('chu xlink:href="#VoChong.1"', 'chu xlink:href="#HoGiaDinh.1"')
    of_husband = ('chu xlink:href="#VoChong.1"', 'chu xlink:href="#CaNhan.2"')
    died = (HUSBAND, f"{HUSBAND}\n <ld:namMat>2019</ld:namMat>")
    born = "<ld:namSinh>1900</ld:namSinh>"
    swapped = (
        ('vo xlink:href="#CaNhan.1', 'vo xlink:href="#CaNhan.2'),
        ('chong xlink:href="#CaNhan.2', 'chong xlink:href="#CaNhan.1'),
    )

    def first_of_january(count: int, others: int = 0) -> Change:
        days = ["1972-01-01"] * count + ["1972-01-02"] * others
        people = (re.sub(r"(CaNhan|GiayToTuyThan)\.1\b", rf"\1.{n}", PERSON) for n in range(3, len(days) + 3))
        return added(*(
            one.replace("<ld:namSinh>", f"<ld:ngaySinh>{day}</ld:ngaySinh>\n <ld:namSinh>")
            for one, day in zip(people, days, strict=True)
        ))  # fmt: skip

    return {
        "PTY013/fail-swapped.xml": national(*swapped),
        "PTY013/fail-wife.xml": national(
            *swapped[:1],
            ('chong xlink:href="#CaNhan.2', 'chong xlink:href="#CaNhan.3'),
            added(
                re.sub(r" <ld:maSoDinhDanh>.*\n", "", PERSON)
                .replace("CaNhan.1", "CaNhan.3")
                .replace("Than.1", "Than.3")
                .replace(">0</ld:gioi", ">2</ld:gioi")
            ),
        ),
        "PTY013/pass-other-sex.xml": national((">0</ld:gioiTinh>", ">2</ld:gioiTinh>")),
        "PTY014/fail-household.xml": national(*CARD, *MODEL_2024, of_household, added(household)),
        "PTY014/pass-before.xml": national(of_household, added(household)),
        "PTY015/fail-year.xml": national(died, of_husband),
        "PTY015/pass-same-year.xml": national((died[0], died[1].replace("2019", "2020")), of_husband),
        "PTY016/fail-ten.xml": national(first_of_january(10)),
        "PTY016/pass-nine.xml": national(first_of_january(9)),
        "PTY016/pass-one-of-ten.xml": national(first_of_january(10, 90)),
        "PTY017/fail-zero.xml": national((HUSBAND, f"<ld:ngaySinh>1900-01-01</ld:ngaySinh>\n {born}")),
        "PTY017/pass-day.xml": national((HUSBAND, f"<ld:ngaySinh>1900-01-02</ld:ngaySinh>\n {born}")),
    }


def rights() -> Cases:
    """Cases of the family RGT about rights and dossiers."""
    other_holder = right_of("CaNhan.1")
    second = ('"#MucDichSuDung.1"/>\n <ld:giay', '"#MucDichSuDung.2"/>\n <ld:giay')
    own = (("ThuaDat.1", "ThuaDat.2"), ("SuDung.1", "SuDung.2"))
    managed = record("CongDong") + record("QuyenQuanLyDat")

    def registered(element: str, date: str) -> Change:
        return before("thoiDiemDangKy>", f"<ld:{element}>{date}</ld:{element}>")

    return {
        "RGT001/fail-purpose.xml": national(added(parcel(2, east=10)), second),
        "RGT001/pass-own.xml": national(
            added(parcel(2, east=10), right_of("CaNhan.1", "GiayChungNhan.1", *own))
        ),
        "RGT002/fail-twice.xml": national(added(right_of("VoChong.1"))),
        "RGT002/pass-two-holders.xml": national(added(other_holder)),
        "RGT003/fail-purpose.xml": national(purposes("60.0", "60.0")),
        "RGT003/pass-whole.xml": national(WHOLE, purposes("60.0", "60.0")),
        "RGT004/fail-hosoxml-missing.xml": dossier(("coQuyenQuanLy>0", "coQuyenQuanLy>1")),
        "RGT004/fail-hosoxml-mark.xml": dossier(("coQuyenSuDung>1", "coQuyenSuDung>0")),
        "RGT004/pass-hosoxml.xml": DOSSIER,
        "RGT005/fail-person.xml": national(added(managed.replace("#CongDong.1", "#CaNhan.1"))),
        "RGT005/pass-community.xml": national(added(managed)),
        "RGT006/fail-first.xml": national(registered("thoiDiemDangKyLanDau", "2020-04-02")),
        "RGT006/fail-future.xml": national(*CARD, (">2020-04-01<", ">2026-01-02<")),
        "RGT006/pass-same-day.xml": national(registered("thoiDiemDangKyLanDau", "2020-04-01")),
        "RGT007/fail-after.xml": national(registered("ngayTiepNhan", "2020-04-02")),
        "RGT007/pass-same-day.xml": national(registered("ngayTiepNhan", "2020-04-01")),
    }


def shares() -> Cases:
    """Cases of the family RGT about shared use, restrictions and ownership."""
    managed = record("CongDong") + record("QuyenQuanLyDat")
    shared, ownership = "DangKyChungRieng", "QuyenSoHuuTaiSanGanLienVoiDat"
    certified = '<ld:giayChungNhan xlink:href="#GiayChungNhan.1"/>\n'
    restricted = (certified, f'{certified} <ld:hanCheQuyen xlink:href="#HanCheQuyen.1"/>\n')

    def restriction(*changes: Change) -> str:
        return national(restricted, added(record("HanCheQuyen", *changes)))

    def owned(*changes: Change) -> str:
        buildings = (record("NhaChungCu", ("cư mẫu<", f"cư {n}<"), number=n) for n in (1, 2))
        return national(added(*buildings, record(ownership, *changes)))

    return {
        "RGT008/fail-swapped.xml": national(added(record(shared, ("Han>2020-05-20", "Han>2020-05-19")))),
        "RGT008/pass-same-day.xml": national(added(record(shared))),
        "RGT009/fail-area.xml": national(added(record(shared, ("120.5", "120.6")))),
        "RGT009/pass-rounding.xml": national(added(record(shared))),
        "RGT010/fail-future.xml": restriction(("2020-05-20", "2026-01-02")),
        "RGT010/pass-today.xml": restriction(("2020-05-20", "2026-01-01")),
        "RGT011/fail-area.xml": restriction(("120.5", "120.6")),
        "RGT011/pass-rounding.xml": restriction(),
        "RGT012/fail-zero.xml": restriction(("120.5", "0")),
        "RGT012/pass-area.xml": restriction(("120.5", "0.1")),
        "RGT013/fail-other.xml": owned(("Chung.1", "Chung.2")),
        "RGT013/pass-own.xml": owned(),
        "RGT014/fail-managed.xml": national(added(managed, record("QuyenQuanLyDat", number=2))),
        "RGT014/fail-owned.xml": national(
            added(record("NhaChungCu"), record(ownership), record(ownership, number=2))
        ),
        "RGT014/pass-two-holders.xml": national(
            added(
                record("NhaChungCu"),
                record(ownership),
                record(ownership, ("VoChong.1", "CaNhan.1"), number=2),
            )
        ),
    }


def changes_of_rights() -> Cases:
    """Cases of the family TXN about changes, and what is entered of them."""
    change, entry, printed = "GiaoDich", "DangKyThayDoi", "NoiDungInXacNhan"
    time, day = "2021-03-01T09:00:00", "2020-05-20"

    def changed_on(moment: str) -> str:
        return national(added(record(change, (time, moment))))

    def entered(*changes: Change) -> str:
        return national(added(record(change), record(entry, *changes)))

    return {
        "TXN001/fail-tomorrow.xml": changed_on("2026-01-02T00:00:00"),
        "TXN001/pass-today.xml": changed_on("2026-01-01T23:00:00"),
        "TXN002/fail-contract.xml": national(added(record(change, ("2021-02-01", "2021-03-02")))),
        "TXN002/pass-same-day.xml": national(added(record(change, ("2021-02-01", "2021-03-01")))),
        "TXN014/fail-apartment.xml": entered((">true<", ">false<")),
        "TXN014/pass-parcel.xml": entered(),
        "TXN015/fail-before.xml": entered((time, "2021-02-28T23:00:00")),
        "TXN015/pass-same-day.xml": entered((time, "2021-03-01T01:00:00")),
        "TXN016/fail-before.xml": national(added(record(printed, (day, "2020-05-19")))),
        "TXN016/pass-same-day.xml": national(added(record(printed))),
        "TXN017/fail-tomorrow.xml": national(added(record(printed, (day, "2026-01-02")))),
        "TXN017/pass-today.xml": national(added(record(printed, (day, "2026-01-01")))),
    }


def obligations() -> Cases:
    """Cases of the family TXN about mortgages and what is due."""
    bank, borrower = '\n <ld:benNhanTheChap xlink:href="#CaNhan.1"/>', "#CaNhan.1"
    ends, registered = "2031-02-01", "2021-03-01"
    parent = '<ld:giaoDichBaoDamCha xlink:href="#GiaoDichBaoDam.1"/>'
    with_guarantee = (">0</ld:loai", ">8</ld:loai")
    alters = ("<ld:loaiGiaoDichBaoDam>0", f"{parent}\n <ld:loaiGiaoDichBaoDam>4")

    def mortgage(*changes: Change, kind: str = "TC", more: str = "") -> str:
        secured = record("GiaoDichBaoDam", *changes)
        return national(added(record("GiaoDich", (">TC<", f">{kind}<")), secured, more))

    def altered(date: str) -> str:
        return mortgage(more=record("GiaoDichBaoDam", alters, (registered, date), number=2))

    def due(*changes: Change, decided: int = 40) -> str:
        exemption = record("MienGiamNghiaVuTaiChinh", (">40<", f">{decided}<"))
        return national(added(record("NghiaVuTaiChinh", *changes), exemption))

    done = (">false<", ">true<")
    return {
        "TXN003/fail-swapped.xml": mortgage((ends, "2021-01-31")),
        "TXN003/pass-same-day.xml": mortgage((ends, "2021-02-01")),
        "TXN004/fail-tomorrow.xml": mortgage((registered, "2026-01-02")),
        "TXN004/pass-today.xml": mortgage((registered, "2026-01-01")),
        "TXN005/fail-release.xml": mortgage((">0</ld:loai", ">2</ld:loai"), kind="XC"),
        "TXN005/pass-mortgage.xml": mortgage(),
        "TXN006/fail-before.xml": altered("2021-02-28"),
        "TXN006/pass-same-day.xml": altered(registered),
        "TXN007/fail-kind.xml": mortgage(kind="XC"),
        "TXN007/pass-kind.xml": mortgage(),
        "TXN008/fail-mortgagee.xml": mortgage((bank, "")),
        "TXN008/fail-guarantor.xml": mortgage(with_guarantee),
        "TXN008/pass-guarantor.xml": mortgage(
            with_guarantee, (bank, f'{bank}\n <ld:benBaoLanh xlink:href="#CaNhan.2"/>')
        ),
        "TXN009/fail-same.xml": mortgage((borrower, "#VoChong.1")),
        "TXN009/pass-other.xml": mortgage((borrower, "#CaNhan.2")),
        "TXN010/fail-area.xml": mortgage(("120.5", "120.6")),
        "TXN010/pass-rounding.xml": mortgage(),
        "TXN011/fail-more.xml": due((">60<", ">61<")),
        "TXN011/pass-all.xml": due(),
        "TXN012/fail-owed.xml": due(done),
        "TXN012/pass-paid.xml": due(done, (">60<", ">0<")),
        "TXN013/fail-sum.xml": due(decided=39),
        "TXN013/pass-sum.xml": due(),
    }


def assets() -> Cases:
    """Cases of the family AST."""
    link, built = '\n <ld:thuaDat xlink:href="#ThuaDat.1"/>', "namXayDung>2018<"
    ends, to_be_formed = "namHoanThanh>2019<", (">0</ld:loai", ">1</ld:loai")

    def house(*changes: Change) -> str:
        return national(added(record("NhaRiengLe", *changes)))

    def building(*changes: Change) -> str:
        return national(added(record("NhaChungCu", *changes)))

    def units(*all_of: tuple[Change, ...]) -> str:
        made = (
            record("CanHo", (">A1<", f">A{n}<"), *changes, number=n) for n, changes in enumerate(all_of, 1)
        )
        return national(added(record("NhaChungCu"), *made))

    smaller = ((">150<", ">100<"), (">150<", ">90<"))
    forest = record("RungTrong", (">100<", ">50<"))
    another = record("RungTrong", (">100<", ">50<"), number=2)
    return {
        "AST001/fail-zero.xml": house((">120.5<", ">0<")),
        "AST001/fail-forest.xml": national(added(record("RungTrong", (">100<", ">0<")))),
        "AST001/pass-house.xml": house(),
        "AST002/fail-house.xml": house(("SuDung>200<", "SuDung>200.1<")),
        "AST002/fail-apartment.xml": units((("SuDung>150<", "SuDung>150.1<"),)),
        "AST002/pass-equal.xml": units(()),
        "AST003/fail-house.xml": house((">120.5<", ">120.6<")),
        "AST003/pass-rounding.xml": house(),
        "AST004/fail-house.xml": house((link, "")),
        "AST004/pass-linked.xml": house(),
        "AST005/fail-floor.xml": units(((">3<", ">4<"),)),
        "AST005/pass-floor.xml": units(()),
        "AST006/fail-three.xml": units(smaller, smaller, smaller),
        "AST006/pass-two.xml": units((), ()),
        "AST007/fail-number.xml": units((), ((">A2<", ">a 1<"),)),
        "AST007/pass-numbers.xml": units((), ()),
        "AST008/fail-swapped.xml": building((built, built.replace("2018", "2020"))),
        "AST008/pass-same-year.xml": building((built, built.replace("2018", "2019"))),
        "AST009/fail-next-year.xml": house((ends, ends.replace("2019", "2027"))),
        "AST009/pass-this-year.xml": house((ends, ends.replace("2019", "2026"))),
        "AST009/pass-to-be-formed.xml": house((ends, ends.replace("2019", "2027")), to_be_formed),
        "AST011/fail-forest.xml": national(added(forest, another)),
        "AST011/pass-another-name.xml": national(added(forest, changed(another, ("mẫu<", "hai<")))),
        "AST010/fail-sum.xml": units((), (("San>150<", "San>151.1<"),)),
        "AST010/pass-rounding.xml": units((), (("San>150<", "San>151<"),)),
    }


def certificates() -> Cases:
    """Cases of the family CRT."""
    kind = ">11</ld:loaiGiayChungNhan>"
    oldest = (kind, kind.replace("11", "2"))
    one_letter = (SERIAL, SERIAL.replace("CD 123456", "Đ 123456"))
    late = (">2025-05-20<", ">2025-07-20<")

    def issued(date: str) -> Change:
        return ISSUED, ISSUED.replace("2020-05-20", date)

    def coded(code: str) -> Change:
        return before("ngayCap", f"<ld:maGiayChungNhan>{code}</ld:maGiayChungNhan>")

    return {
        "CRT001/fail-order.xml": national((SERIAL, SERIAL.replace("CD 123456", "123456 CD"))),
        "CRT001/pass-one-letter.xml": national(oldest, issued("2001-05-20"), one_letter),
        "CRT001/pass-ten-digits.xml": national(
            oldest, issued("2001-05-20"), (SERIAL, SERIAL.replace("CD 123456", "0123456789"))
        ),
        "CRT005/fail-series.xml": national((SERIAL, SERIAL.replace("CD 123456", "EA 123456"))),
        "CRT005/fail-seven-digits.xml": national((SERIAL, SERIAL.replace("123456", "1234567"))),
        "CRT005/pass-decree-88.xml": national((SERIAL, SERIAL.replace("CD 123456", "BĐ 123456"))),
        "CRT006/fail-serial.xml": national(*CARD, *MODEL_2024, ("VP 00123", "AA 01234567")),
        "CRT006/fail-zero.xml": national(*CARD, *MODEL_2024, ("VP 00123", "CN 00")),
        "CRT006/pass-office.xml": national(*CARD, *MODEL_2024),
        "CRT002/fail-future.xml": national(*CARD, issued("2062-05-20")),
        "CRT002/fail-year.xml": national(oldest, issued("1902-05-20"), one_letter),
        "CRT002/pass-date-of-check.xml": national(*CARD, *MODEL_2024, (">2025-05-20<", ">2026-01-01<"), MADE),
        "CRT003/fail-older-form.xml": national(*CARD, issued("2025-05-20")),
        "CRT003/pass-model-2024.xml": national(*CARD, *MODEL_2024),
        "CRT003/fail-before-its-circular.xml": national((kind, kind.replace("11", "97"))),
        "CRT007/fail-register.xml": national(*CARD, *MODEL_2024, ("VP 00123", "CH 00123"), late),
        "CRT007/fail-code.xml": national(*CARD, *MODEL_2024, coded("H12200000001"), late),
        "CRT007/pass-before.xml": national(*CARD, *MODEL_2024, ("VP 00123", "CH 00123")),
        "CRT004/fail-authority.xml": national(coded("T92200000001")),
        "CRT004/fail-form.xml": national(coded("222200000001")),
        "CRT004/pass-code.xml": national(coded("T12200000001")),
    }


def in_operation() -> Cases:
    """Cases of the family UNQ about keys that ``base/existing.csv`` has."""
    known = (">12</ld:soHieuToBanDo>", ">99</ld:soHieuToBanDo>"), (">346<", ">1<")
    return {
        "UNQ012/fail-number.xml": national(added(parcel(2, *known, east=10))),
        "UNQ012/fail-hosoxml.xml": dossier((">345<", ">2<")),
        "UNQ012/pass-serial.xml": national(added(parcel(2, known[0], (">99<", ">97<"), known[1], east=10))),
        "UNQ013/fail-number.xml": national(("<ld:soThuTu>1<", "<ld:soThuTu>7777<")),
        "UNQ013/pass-another-commune.xml": national(("<ld:soThuTu>1<", "<ld:soThuTu>7778<")),
        "UNQ013/pass-serial.xml": national(("<ld:soThuTu>1<", "<ld:soThuTu>7779<")),
        "UNQ014/fail-serial.xml": national((SERIAL, SERIAL.replace("CD 123456", "CD 999999"))),
        "UNQ014/pass-another-serial.xml": national((SERIAL, SERIAL.replace("CD 123456", "CD 999998"))),
        "UNQ014/pass-code.xml": national((SERIAL, SERIAL.replace("CD 123456", "CD 999997"))),
        "UNQ015/fail-code.xml": national(coded(CODE)),
        "UNQ015/pass-another-code.xml": national(coded(CODE_OF_THE_EDGE)),
    }


def several() -> Cases:
    """Cases of the family UNQ about numbers of two certificates or persons."""
    code = " <ld:maGiayChungNhan>T12200000001</ld:maGiayChungNhan>\n <ld:ngayCap"
    coded = CERTIFICATE.replace(" <ld:ngayCap", code)
    another = coded.replace("GiayChungNhan.1", "GiayChungNhan.2").replace("123456", "123457")
    with_right = another + right_of("CaNhan.1", "GiayChungNhan.2")
    person = re.sub(r"(CaNhan|GiayToTuyThan)\.1\b", r"\1.3", PERSON)
    second = (("8000-000000000001", "8000-000000000002"), ("<soThuTu>1<", "<soThuTu>2<"), (">345<", ">346<"))
    later = (">20/05/2020<", ">21/05/2020<")
    numberless = (*second[::2], ("<soThuTu>1<", "<soThuTu>0<"))
    return {
        "UNQ011/fail-another-parcel.zip": archive(a_xml=DOSSIER, b_xml=dossier(*second[::2])),
        "UNQ011/pass-no-number.zip": archive(a_xml=DOSSIER, b_xml=dossier(*numberless)),
        "UNQ008/fail-date.zip": archive(a_xml=DOSSIER, b_xml=dossier(*second, later)),
        "UNQ008/fail-register.zip": archive(
            a_xml=DOSSIER, b_xml=dossier(*second, (">CS 00123<", ">CS 00124<"))
        ),
        "UNQ008/pass-same.zip": archive(a_xml=DOSSIER, b_xml=dossier(*second, (">CS 00123<", ">cs00123<"))),
        "UNQ009/fail-code.xml": national((CERTIFICATE, coded), added(with_right)),
        "UNQ009/pass-codes.xml": national(
            (CERTIFICATE, coded), added(with_right.replace("00001<", "00002<"))
        ),
        "UNQ010/fail-sex.xml": national(added(person.replace(">0</ld:gioiTinh>", ">2</ld:gioiTinh>"))),
        "UNQ010/pass-same.xml": national(added(person)),
    }


def contents() -> Cases:
    """Cases of further rules of land, parties and addresses, and of the family CPL."""
    certified = (' <ld:giayChungNhan xlink:href="#GiayChungNhan.1"/>\n', "")
    rural = DOSSIER.replace(">06652<", ">06724<")
    with_spouse, member_1 = "HoGiaDinh", '\n <ld:thanhVien xlink:href="#CaNhan.1"/>'
    tax = "\n <ld:maSoThue>9800000044</ld:maSoThue>"

    def ending(year: int) -> tuple[Change, ...]:
        return FARM, (TERM, f"   <ld:ngayHetHanSuDung>{year}-12-31</ld:ngayHetHanSuDung>\n")

    def classed(code: str) -> Change:
        return before("taiLieuDoDac", f"<ld:loaiThuaDat>{code}</ld:loaiThuaDat>")

    def organisation(*changes: Change) -> str:
        return national(added(record("ToChuc", *changes)))

    return {
        "LND017/fail-far.xml": national(*ending(2126)),
        "LND017/pass-99-years.xml": national(*ending(2125)),
        "LND018/fail-hosoxml.xml": rural,
        "LND018/pass-hosoxml.xml": rural.replace(">ODT<", ">ONT<"),
        "LND019/fail-none.xml": national(classed("A"), certified),
        "LND019/pass-certified.xml": national(classed("B")),
        "LND020/fail-certified.xml": national(classed("E")),
        "LND020/pass-none.xml": national(classed("H"), certified),
        "LND021/fail-number.xml": national((">1/500<", ">500<")),
        "LND021/pass-colon.xml": national((">1/500<", ">1: 1.000<")),
        "LND022/fail-tomorrow.xml": national((">2019-06-30<", ">2026-01-02<")),
        "LND022/pass-today.xml": national((">2019-06-30<", ">2026-01-01<")),
        "PTY018/fail-class.xml": national((">CNV<", ">TKT<")),
        "PTY018/pass-abroad.xml": national((">CNV<", ">NGV<")),
        "PTY019/fail-class.xml": organisation((">TKT<", ">CNV<")),
        "PTY019/pass-class.xml": organisation(),
        "PTY020/fail-country.xml": national((">VNM<", ">KOR<")),
        "PTY020/fail-people.xml": national((">1</ld:danTocId>", ">55</ld:danTocId>")),
        "PTY020/pass-abroad.xml": national((">CNV<", ">NGV<"), (">VNM<", ">KOR<")),
        "PTY021/fail-digit.xml": organisation((tax, tax.replace("44", "45"))),
        "PTY021/pass-branch.xml": organisation((tax, tax.replace("44", "44-001"))),
        "PTY024/fail-eleven.xml": national((MALE, f"{MALE}\n <ld:maSoThue>02207000000</ld:maSoThue>")),
        "PTY024/pass-personal.xml": national((MALE, f"{MALE}\n <ld:maSoThue>022070000002</ld:maSoThue>")),
        "PTY022/fail-none.xml": organisation((tax, "")),
        "PTY022/pass-tax.xml": organisation(),
        "PTY023/fail-spouse.xml": national(added(record(with_spouse, ("#CaNhan.1", "#CaNhan.2")))),
        "PTY023/fail-representative.xml": national(added(record("NhomNguoiDongSuDung", (member_1, "")))),
        "PTY023/pass-group.xml": national(added(record(with_spouse), record("NhomNguoiDongSuDung"))),
    }


def addresses() -> Cases:
    """Cases of the family ADM about names and places, and of the family CPL."""
    empty = re.findall(r" {3}<DC_ThuaDat>.*</DC_ThuaDat>\n", DOSSIER, re.DOTALL)[0]
    right = re.findall(r" <ThongTinQuyenSuDungDat>.*</ThongTinQuyenSuDungDat>\n", DOSSIER, re.DOTALL)[0]
    house_elsewhere = record("NhaRiengLe", (">06652<", ">06658<"))
    return {
        "ADM006/fail-province.xml": national(("Tỉnh Quảng Ninh<", "Tỉnh Lạng Sơn<")),
        "ADM006/pass-no-kind.xml": national(("Tỉnh Quảng Ninh<", "QUẢNG NINH<")),
        "ADM007/fail-commune.xml": national(("Phường Hà Tu<", "Phường Cao Xanh<")),
        "ADM007/pass-old-name.xml": national(("Phường Hà Tu<", "Hà Phong<")),
        "ADM008/fail-hosoxml.xml": dossier(("<maXa>06652<", "<maXa>06658<")),
        "ADM008/pass-hosoxml.xml": DOSSIER,
        "ADM009/fail-house.xml": national(added(house_elsewhere)),
        "ADM009/pass-house.xml": national(added(record("NhaRiengLe"))),
        "CPL001/fail-hosoxml.xml": dossier((empty, ""), (right, ""), ("SuDung>1<", "SuDung>0<")),
        "CPL001/pass-hosoxml.xml": DOSSIER,
        "CPL002/fail-no-date.xml": national(*CARD, UNDATED),
        "CPL002/pass-other-kind.xml": national(*CARD, UNDATED, OTHER_KIND),
    }


def certificate_numbers() -> Cases:
    """Cases of the family CRT about numbers of a certificate, and the rights that name it."""
    another = CERTIFICATE.replace("GiayChungNhan.1", "GiayChungNhan.2").replace("123456", "123457")

    def barred(digits: str) -> Change:
        return before("ngayCap", f"<ld:maVach>{digits}</ld:maVach>")

    def level(number: int) -> Change:
        return "</ld:ngayCap>", f"</ld:ngayCap>\n <ld:donViCap>{number}</ld:donViCap>"

    def original(number: int) -> Change:
        return before("soVaoSo", f"<ld:soHoSoGoc>{number}</ld:soHoSoGoc>")

    def coded(code: str) -> Change:
        return before("ngayCap", f"<ld:maGiayChungNhan>{code}</ld:maGiayChungNhan>")

    return {
        "CRT013/fail-two.xml": national(added(another, right_of("VoChong.1", "GiayChungNhan.2"))),
        "CRT013/pass-two-holders.xml": national(added(another, right_of("CaNhan.1", "GiayChungNhan.2"))),
        "CRT014/fail-alone.xml": national(added(another)),
        "CRT014/pass-no-longer-in-force.xml": national(
            added(another.replace(" <ld:loai", " <ld:hieuLuc>false</ld:hieuLuc>\n <ld:loai", 1))
        ),
        "CRT015/fail-after.xml": national(*CARD, *MODEL_2024, (">2025-05-20<", ">2025-08-02<")),
        "CRT015/pass-same-day.xml": national(*CARD, *MODEL_2024, (">2025-05-20<", ">2025-08-01<")),
        "CRT016/fail-province.xml": national(coded("T10100000001")),
        "CRT016/pass-province.xml": national(coded("T12200000002")),
        "CRT008/fail-no-zero.xml": national(barred("665220000123")),
        "CRT008/fail-power.xml": national(barred("6,65E+11")),
        "CRT008/pass-commune.xml": national(barred("0665220000123")),
        "CRT008/pass-province.xml": national(barred("2206652.20.000123")),
        "CRT009/fail-year.xml": national(barred("0665219000123")),
        "CRT009/pass-year.xml": national(barred("06652.20.000123")),
        "CRT010/fail-number.xml": national(original(124), barred("0665220000123")),
        "CRT010/pass-number.xml": national(original(123), barred("0665220000123")),
        "CRT011/fail-district.xml": national(("CS 00123", "CT 00123"), level(0)),
        "CRT011/fail-province.xml": national(("CS 00123", "CH 00123"), level(1)),
        "CRT011/pass-district.xml": national(("CS 00123", "CH 00123"), level(0)),
        "CRT012/fail-committee.xml": national(*CARD, *MODEL_2024, coded("T12200000001")),
        "CRT012/fail-branch.xml": national(*CARD, *MODEL_2024, coded("H22200000001")),
        "CRT012/pass-office.xml": national(*CARD, *MODEL_2024, coded("T32200000001")),
    }


def texts() -> Cases:
    """Cases of the family TXT."""
    name, survey = "Nguyễn Thị Mẫu", "Trung tâm đo đạc mẫu"
    return {
        "TXT001/fail-decomposed.xml": national((name, unicodedata.normalize("NFD", name))),
        "TXT002/fail-tcvn3.xml": national((name, "NguyÔn ThÞ MÉu")),
        "TXT002/fail-vni.xml": national((survey, "Trung taâm ño ñaïc maãu Haø Noäi")),
        "TXT002/fail-utf-8-twice.xml": national((name, "Mẫu".encode().decode("cp1252"))),
        "TXT002/pass-foreign-names.xml": national((name, "François Müller Peña Saïd Åse Ljungström")),
        "TXT002/pass-vietnamese.xml": national((survey, "XÃ… “PHƯỜNG” ĐẮK Ơ – 120 m², 1½ sào, số 1ª")),
        "TXT004/fail-inside.xml": national((name, "Nguy?n Th? M?u")),
        "TXT004/fail-beginning.xml": national((name, "Lê ?ình Mẫu")),
        "TXT004/pass-question.xml": national((survey, "Tổ đo đạc ? (chưa rõ?), https://mau.vn/?id=1")),
        "TXT006/fail-null.xml": national((survey, "NULL")),
        "TXT006/fail-formula.xml": national((survey, "#N/A")),
        "TXT006/pass-word.xml": national((survey, "Công ty Null")),
        "TXT007/fail-eth.xml": national((survey, "Trung tâm Ðo đạc")),
        "TXT007/fail-cyrillic.xml": national((survey, "Trung tâm đo đạ\u0441")),
        "TXT007/pass-signs.xml": national((survey, "Đo đạc, 5 µm, góc α")),
        "TXT008/fail-rhyme.xml": national((survey, "Trừơng mẫu")),
        "TXT008/fail-ending.xml": national((survey, "TRUNG TÂM HÒANG MẪU")),
        "TXT008/pass-both-styles.xml": national(
            (survey, "Trường hòa, hoà, thúy, thuý, khỏe, ngoài, quý, giò")
        ),
        "TXT009/fail-entity.xml": national((survey, "Trung t&amp;#226;m")),
        "TXT009/fail-address.xml": national((survey, "Trung%20t%C3%A2m")),
        "TXT009/pass-signs.xml": national((survey, "A&amp;B 50% %, x &lt; y")),
        "TXT010/fail-blanks.xml": national((survey, f"{survey[:5]} {survey[5:]}")),
        "TXT010/pass-one.xml": national((survey, "Trung tâm")),
        "TXT005/fail-no-cpg.zip": archive(
            **{f"thua.{suffix}": data for suffix, data in shapefile("x\xb7m B\xb7i B\xbbng").items()}
        ),
        "TXT005/pass-ascii.zip": archive(**{f"thua.{suffix}": data for suffix, data in shapefile().items()}),
        "TXT003/fail-no-break-blank.xml": national((name, name.replace(" ", "\u00a0"))),
        "TXT003/fail-zero-width.xml": national((survey, f"{survey}\u200b")),
        "TXT003/fail-trailing-blank.xml": national((survey, f"{survey} ")),
    }


def tables() -> Cases:
    """Cases of the family MAP: a registration workbook, or CSV with its columns."""
    names, row = NAMES, ROW
    return {
        "MAP001/fail-unknown.csv": sheet((*names, "cột lạ"), (*row, "1")),
        "MAP001/pass-any-order.csv": sheet(names[::-1], row[::-1]),
        "MAP002/fail-formula.xlsx": workbook((*names, "TD_soNha"), (*row, "=1/0")),
        "MAP002/pass-values.xlsx": workbook(names, row),
        "MAP003/fail-total.csv": sheet(names, row, ("Tổng cộng", "", "", "120.5", "", "", "", "")),
        "MAP003/pass-rows.csv": sheet(names, row, ("06652", "12", "346", *row[3:])),
        "MAP004/fail-address.csv": sheet(names, row, (*row[:4], "Tổ 2, khu 2", *row[5:])),
        "MAP004/pass-blank.csv": sheet(names, row, (*row[:4], "", *row[5:])),
        "MAP005/fail-number.csv": sheet(names, row, (*row[:2], "", *row[3:])),
        "MAP005/pass-other-row.csv": sheet(names, row, (*row[:3], "", *row[4:])),
        "MAP006/fail-zeros.csv": sheet(names, ("6652", *row[1:])),
        "MAP006/fail-word.csv": sheet(names, (*row[:5], "Đất ở tại đô thị", *row[6:])),
        "MAP006/pass-comma.csv": sheet(names, (*row[:3], "120,5", row[4], " odt\u00a0", "120,50", row[7])),
        "XSD002/fail-shifted-column.csv": sheet(names, *((*row[:2], n, f"Khu {n}", *row[4:]) for n in "678")),
        "XSD002/fail-shifted-row.csv": sheet(names, row, (*row[:2], "6", *row[4:6], "ODT", *row[7:] * 2)),
        "MAP007/fail-columns.xlsx": workbook((*names, "TD_soNha"), (*row, "7"), merged="C2:D2"),
        "MAP007/fail-rows.xlsx": workbook(names, row, (*row[:2], "346", *row[3:]), merged="E2:E3"),
        "MAP007/pass-title.xlsx": workbook(("Bảng kê khai", ""), names, row, merged="A1:B1"),
    }


def links() -> Cases:
    """Cases of the family LNK: a registration workbook beside a map."""
    use = ("MD1_maMucDichSuDung", "MD1_dienTich", "MD1_thoiHanSuDung")
    coded = ("DVHC_maXa", *NAMES[1:3], "TD_maThuaDat", "TD_diaChi", "TD_dienTich", *use)

    def beside(map_: str, *rows: tuple[str, ...], names: tuple[str, ...] = NAMES) -> bytes:
        return archive(bando_xml=map_, so_csv=sheet(names, *rows))

    def with_code(text: str) -> tuple[str, ...]:
        return (*ROW[:3], text, ROW[4], "120.5", "ODT", "120.5", "Lâu dài")

    other = (*ROW[:2], "346", *ROW[3:])
    old = (*NAMES, "TD_soHieuToBanDoCu", "TD_soThuTuThuaCu")
    numbers = "<ld:soHieuToBanDoCu>12</ld:soHieuToBanDoCu><ld:soThuTuThuaCu>346</ld:soThuTuThuaCu>"
    was = ("\n <ld:dienTich>", f"\n {numbers}\n <ld:dienTich>")
    was_one, was_other = (parcel(n, (">12<", ">3<"), was, east=100 * n) for n in (2, 3))
    mapped_code = only_map(
        ("<ld:mucDichSuDung>", f"<ld:maThuaDat>{CODE}</ld:maThuaDat>\n <ld:mucDichSuDung>")
    )
    return {
        "PKG005/pass-map.zip": beside(only_map(), ROW),
        "PKG005/pass-layer.zip": archive(bando_geojson=layer(), so_csv=sheet(NAMES, ROW)),
        "LNK001/fail-number.zip": beside(only_map(), ROW, other),
        "LNK001/pass-old-numbers.zip": beside(
            only_map(added(parcel(2, (">12<", ">3<"), east=100))), ROW, (*other, "3", "346"), names=old
        ),
        "LNK002/fail-number.zip": beside(only_map(added(parcel(2, east=100))), ROW),
        "LNK002/pass-road.zip": beside(
            only_map(added(parcel(2, ("ChiemDat>false", "ChiemDat>true"), east=100))), ROW
        ),
        "LNK003/fail-area.zip": beside(only_map(), (*ROW[:3], "130", *ROW[4:6], "130", ROW[7])),
        "LNK003/pass-rounded.zip": beside(only_map(), (*ROW[:3], "120", *ROW[4:6], "120", ROW[7])),
        "LNK004/fail-use.zip": beside(only_map(), (*ROW[:5], "CLN", *ROW[6:])),
        "LNK004/pass-small-letters.zip": beside(only_map(), (*ROW[:5], "odt", *ROW[6:])),
        "LNK005/fail-code.zip": beside(mapped_code, with_code(CODE_OF_THE_EDGE), names=coded),
        "LNK005/pass-code.zip": beside(mapped_code, with_code(CODE), names=coded),
        "LNK007/fail-owner.zip": archive(hoso_xml=DOSSIER, bando_geojson=layer(TenChu="Lê Văn Khác")),
        "LNK007/pass-accents.zip": archive(hoso_xml=DOSSIER, bando_geojson=layer(TenChu="Ong TRAN VAN THU")),
        "LNK008/fail-class.zip": archive(hoso_xml=DOSSIER, bando_geojson=layer(KyHieuDoiTuong="GDC")),
        "LNK008/pass-class.zip": archive(hoso_xml=DOSSIER, bando_geojson=layer(KyHieuDoiTuong="cnv")),
        "LNK006/fail-divided.zip": beside(only_map(added(was_one, was_other)), ROW, other),
        "LNK006/pass-renumbered.zip": beside(only_map(added(was_one)), ROW, other),
    }  # fmt: skip


def only_map(*changes: Change) -> str:
    """Return the national base file with its parcel only, to which nothing refers."""
    head = NATIONAL[: NATIONAL.index(METADATA) + len(METADATA)]
    made = changed(head + PARCEL + END + "\n", *changes)
    return re.sub(r" <ld:(taiLieuDoDac|diaChiChuan) [^>]*>\n", "", made)


def sheet(*rows: tuple[str, ...]) -> str:
    """Return rows as CSV."""
    return "".join(";".join(row) + "\n" for row in rows)


def workbook(*rows: tuple[str, ...], merged: str = "") -> bytes:
    """Return rows as a workbook; a formula in it failed, and a range of cells may be merged."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
        page = book.add_worksheet("KeKhaiDangKy")
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                if text.startswith("="):
                    page.write_formula(at, column, text, None, "#DIV/0!")
                else:
                    page.write_string(at, column, text)
        if merged:
            page.merge_range(merged, rows[int(merged[1]) - 1][ord(merged[0]) - 65])
    return out.getvalue()


def layer(kind: str = "Polygon", crs: str = "urn:ogc:def:crs:EPSG::5899", **more: str) -> str:
    """Return a parcel layer as GeoJSON; its one feature has a shape of this type, and more attributes."""
    numbers = list(map(float, POSITIONS.split()))
    points = [numbers[at : at + 2] for at in range(0, len(numbers), 2)]
    feature = {
        "type": "Feature",
        "properties": ATTRIBUTES | more,
        "geometry": {"type": kind, "coordinates": points[0] if kind == "Point" else [points]},
    }
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    return json.dumps({"type": "FeatureCollection"} | named | {"features": [feature]})


def shapefile(address: str = "xom Bai Bang") -> dict[str, bytes]:
    """Return the files of a shapefile with one parcel, by suffix; there is no .cpg."""
    points = list(map(float, POSITIONS.split()))
    box = struct.pack("<4d", min(points[::2]), min(points[1::2]), max(points[::2]), max(points[1::2]))
    shape = struct.pack("<i", 5) + box + struct.pack("<3i", 1, len(points) // 2, 0)
    shape += struct.pack(f"<{len(points)}d", *points)
    record = struct.pack(">2i", 1, len(shape) // 2)

    def head(length: int) -> bytes:
        return struct.pack(">i20xi", 9994, length // 2) + struct.pack("<2i", 1000, 5) + box + bytes(32)

    texts = {name: str(value).encode("latin-1") for name, value in (ATTRIBUTES | {"DiaChi": address}).items()}
    fields = b"".join(
        name.encode()[:10].ljust(11, b"\0") + b"C" + bytes(4) + b"\x20" + bytes(15) for name in texts
    )
    row = b" " + b"".join(text.ljust(32) for text in texts.values())
    dbf = (
        struct.pack("<4BI2H20x", 3, 126, 1, 1, 1, 33 + len(fields), len(row)) + fields + b"\r" + row + b"\x1a"
    )
    return {
        "shp": head(100 + len(record) + len(shape)) + record + shape,
        "shx": head(108) + struct.pack(">2i", 50, len(shape) // 2),
        "dbf": dbf,
        "prj": PRJ.encode(),
    }


def layers() -> Cases:
    """Cases of map layers in several families."""
    return {
        "CRS006/fail-not-stated.geojson": layer(crs=""),
        "CRS006/pass-stated.geojson": layer(),
        "GEO008/fail-point.geojson": layer("Point"),
        "GEO008/pass-polygon.geojson": layer(),
    }


def lists() -> Cases:
    """Cases of the registration list of MPLIS."""
    sheet = '"THUADAT_soHieuToBanDo": 12'
    return {
        "MAP001/fail-member.json": changed(OBJECTS, (sheet, f'"THUADAT_laLam": 1, {sheet}')),
        "MAP001/fail-member-twice.json": changed(OBJECTS, (sheet, f"{sheet}, {sheet}")),
        "MAP001/pass-list.json": OBJECTS,
        "MAP002/fail-type.json": changed(
            OBJECTS,
            ('"THUADAT_geo": null', '"THUADAT_geo": "System.Collections.Generic.List`1[System.Object]"'),
        ),
        "MAP003/fail-no-object.json": changed(OBJECTS, ("\n]", ", null\n]")),
    }


def parcel_gml() -> Cases:
    """Cases of the parcel GML of VBDLIS."""
    variant = (
        ("app:Thua_Dat", "app:ThuaDat"), ("app:mucDichSuDung", "app:maLoaiDat"),
        ("http://www.opengis.net/wfs/2.0", "ThuaDat"), ("http://www.vietbando.com/gml/vlis", "ThuaDat"),
    )  # fmt: skip
    ring = re.findall("<gml:posList>(.*)</gml:posList>", FEATURES)[0]
    corners = ("411501.7 2318417.8", "411511.7 2318417.8", "411511.7 2318429.8", "411501.7 2318429.8")
    zone_108 = ("EPSG::5899", "EPSG::5898"), ("_107.75", "_108"), (ring, " ".join([*corners, corners[0]]))
    return {
        "CRS007/fail-another-meridian.gml": features(("_107.75", "_105.75")),
        "CRS007/fail-another-commune.gml": features(*zone_108),
        "CRS007/pass-same.gml": FEATURES,
        "CRS007/pass-variant.gml": features(*variant),
        "CRS007/pass-envelope.gml": features((f"<gml:Polygon{SAID}", "<gml:Polygon")),
        "MAP005/fail-feature.gml": features((">Tổ 1, khu 2, phường Hà Tu, tỉnh Quảng Ninh<", "><")),
    }


PDF = b"%PDF-1.4\n1 0 obj<</Type/Sig/ByteRange [0 9 9 9]/Contents<00>>>endobj\n%%EOF\n"


def scanned(*changes: Change, **scans: bytes) -> bytes:
    """Return a delivery of the iLIS family: a file that names ``gcn.pdf``, and scans."""
    named = {name.replace("__", ".") if "__" in name else f"{name}.pdf": data for name, data in scans.items()}
    files = {f"06652/ho-so-quet/{name}": data for name, data in named.items()}
    return archive(**{"06652/xml/12/DD-06652-12-345.xml": changed(COLLECTION, *changes)}, **files)


def scans() -> Cases:
    """Cases of scans that lie beside the data."""
    part = re.findall(
        r" *<ThanhPhanHoSoDangKyDatDai>.*?</ThanhPhanHoSoDangKyDatDai>\n", COLLECTION, re.DOTALL
    )[0]
    other = part.replace("7F8FAD5B", "8F8FAD5B").replace("gcn.pdf", "don.pdf")
    second, key = (part, part + other), ("/luu-tru/gcn.pdf", "7f8fad5b-d9cb-469f-a165-70867728950e")
    return {
        "SCN001/fail-absent.zip": scanned(second, gcn=PDF),
        "SCN001/pass-other-case.zip": scanned(GCN=PDF),
        "SCN001/pass-no-scans.zip": scanned(second),
        "SCN001/pass-file-name.zip": scanned(key, gcn=PDF),
        "SCN002/fail-unnamed.zip": scanned(gcn=PDF, khac=PDF),
        "SCN002/pass-named.zip": scanned(second, gcn=PDF, don=PDF),
        "SCN003/fail-page.zip": scanned(gcn=b"<html>404</html>"),
        "SCN003/fail-empty.zip": scanned(gcn=b""),
        "SCN003/fail-cut.zip": scanned(gcn=PDF[:-6] + b" " * 1024),
        "SCN003/fail-image.zip": scanned(
            (">gcn.pdf", ">gcn.jpg"), ("tru/gcn.pdf", "tru/gcn.jpg"), gcn__jpg=b"JPEG"
        ),
        "SCN003/pass-pdf.zip": scanned(gcn=b"\n" + PDF),
        "SCN004/fail-unsigned.zip": scanned(gcn=PDF.replace(b"/ByteRange", b"/Other")),
        "SCN004/pass-signed.zip": scanned(gcn=PDF),
        "SCN004/pass-far-from-the-end.zip": scanned(gcn=PDF[:-6] + b" " * 2**20 + b"%%EOF"),
    }


def corpus() -> dict[str, bytes]:
    """Return every file of the corpus, by its path below ``tests/corpus``."""
    cases: Cases = {f"{code}/pass-base.xml": NATIONAL for code in PASSED_BY_BASE.split()}
    cases |= (
        packages()
        | structure()
        | relations()
        | places()
        | details()
        | neighbours()
        | lands()
        | people()
        | papers()
        | holders()
        | rights()
        | shares()
        | changes_of_rights()
        | obligations()
        | assets()
        | certificate_numbers()
        | in_operation()
        | several()
        | contents()
        | addresses()
    )
    cases |= certificates() | texts() | tables() | layers() | links() | parcel_gml() | lists() | scans()
    return {name: data.encode() if isinstance(data, str) else data for name, data in cases.items()}


def main() -> None:
    """Write the corpus, and delete files that no case makes any more."""
    made = corpus()
    for path in CORPUS.glob("[A-Z]*/*"):
        if path.relative_to(CORPUS).as_posix() not in made:
            path.unlink()
    for name, data in made.items():
        path = CORPUS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
