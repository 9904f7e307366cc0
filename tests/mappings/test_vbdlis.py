from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from graphlib import TopologicalSorter
from operator import itemgetter
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import landxml
from landxml.dictionary import Field, dictionary, national
from landxml.dossiers import writing
from landxml.dossiers.classes import LAYOUT
from landxml.model import (
    FEATURES,
    STRUCTS,
    CaNhan,
    GiayChungNhan,
    GiayToTuyThan,
    NhomNguoiDongSuDung,
    QuyenSuDungDat,
    Record,
    TinhHinhDangKy,
)
from landxml.xsd_check import schema_of
from landxml_mappings import read
from landxml_mappings.spec import mapping
from landxml_mappings.vbdlis import dossier
from tests.marks import costly

SPEC = mapping(LAYOUT)
CLASSES = [struct.__name__ for struct in FEATURES if struct.__name__ in SPEC.classes]
GUID = "7d1e1c9e-2f54-4c0f-9d54-0a5b1f6f2a31"

CHARACTERS = st.sampled_from("\t\n\r") | st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
)


def attributes(name: str) -> dict[str, str]:
    return {info.encode_name: info.name for info in msgspec.structs.fields(STRUCTS[name])}


def value(field: Field, limit: int | None) -> st.SearchStrategy[Any]:
    if field.pattern:
        return st.from_regex(field.pattern.removeprefix("^").removesuffix("$"), fullmatch=True)
    least = 0 if field.minimum is None else field.minimum
    return {
        "text": st.text(CHARACTERS, min_size=1, max_size=min(limit or 20, field.length or 20, 20)),
        "int": st.integers(least, 10**12),
        "year": st.integers(1000, 9999),
        "decimal": st.decimals(0, 10**12, places=4),
        "bool": st.booleans(),
        "date": st.dates(dt.date(1000, 1, 1)),
        "datetime": st.datetimes(dt.datetime(1000, 1, 1)).map(lambda time: time.replace(microsecond=0)),  # noqa: DTZ001
        "guid": st.uuids().map(str),
    }[field.kind]


class Maker:
    """Draws the records of one dossier: values that both models can hold, references to what there is."""

    def __init__(self, draw: st.DrawFn, scope: str, depth: int = 0) -> None:
        self.draw = draw
        self.scope = scope
        self.depth = depth
        self.keys = itertools.count(draw(st.integers(1, 10**9)))
        self.ids: dict[str, list[str]] = {}
        self.earlier: list[Record] = []

    def dossier(self) -> list[Record]:
        """Draw the records of the dossier, then those of the dossiers before its changes."""
        wanted = {"TinhHinhDangKy": 1, "CaNhan": self.draw(st.integers(1, 3)), "ThuaDat": 1}
        counts = {name: wanted.get(name, self.draw(st.integers(0, 1 if self.depth else 2))) for name in ORDER}
        made = []
        for name in ORDER:
            self.ids[name] = []
            for _ in range(counts[name] if self.possible(name) else 0):
                identifier = f"{name}.{self.scope}.{next(self.keys)}"
                made.append(self.record(name, identifier))
                self.ids[name].append(identifier)
        return sorted(made, key=lambda record: CLASSES.index(type(record).__name__)) + self.earlier

    def possible(self, name: str) -> bool:
        return all(any(map(self.ids.get, targets)) for targets in needed(name))

    def record(self, name: str, identifier: str) -> Record:
        fields = {field.element: field for field in national().classes[name].fields}
        values = {
            attribute: self.field(name, fields[element])
            for element, attribute in attributes(name).items()
            if element != "id"
        }
        if name == "ChiTietHoSoQuet":
            identifier = f"{name}.{self.scope}.{values['chi_tiet_ho_so_quet_id']}"
        if item := values.get("hang_muc_tai_san"):
            fitting = ITEMS.get(values["tai_san"].partition(".")[0]) == item.partition(".")[0]
            values["hang_muc_tai_san"] = item if fitting else None
        return STRUCTS[name](id=identifier, **values)

    def field(self, name: str, field: Field) -> Any:
        spec = SPEC.classes[name]
        reference = spec.references.get(field.element)
        if field.element in spec.dossier:
            return str(self.draw(st.uuids())) if self.depth else self.scope
        if field.kind == "object":
            most = 2 if self.possible(field.targets[0]) else 0
            return tuple(self.nested(field) for _ in range(self.draw(st.integers(int(field.required), most))))
        if field.element in SPEC.renamed(name) and reference is None:
            earlier = field.element in SPEC.everywhere.earlier and self.depth
            return SPEC.everywhere.earlier[field.element] if earlier else None
        if reference is not None and reference.within:
            return tuple(self.before() for _ in range(0 if self.depth > 1 else self.draw(st.integers(0, 2))))
        targets = [known for target in field.targets for known in self.ids.get(target, ())]
        known = st.sampled_from(targets) if targets else st.nothing()
        if reference is not None and reference.rows:
            return tuple(self.draw(st.lists(known, max_size=3 if targets else 0)))
        source = {f.element: f for f in dictionary(LAYOUT).classes[spec.source].fields}
        there = source[reference.key if reference else field.element]
        drawn = known if reference else value(field, there.length)
        must = field.required or (there.required and not there.empty)
        return self.draw(drawn if must else st.none() | drawn)

    def nested(self, field: Field) -> Record:
        (name,) = field.targets
        identifier = f"{name}.{self.scope}.{next(self.keys)}"
        self.ids.setdefault(name, []).append(identifier)
        return self.record(name, identifier)

    def before(self) -> str:
        """Draw a dossier before a change; return the id of its registration."""
        number = self.ids.setdefault("HoSoXml", [])
        number.append("")
        maker = Maker(self.draw, f"{self.scope}-truoc-{len(number)}", self.depth + 1)
        self.earlier += maker.dossier()
        return maker.ids["TinhHinhDangKy"][0]


ITEMS = {"NhaChungCu": "HangMucSoHuuChung", "CongTrinhXayDung": "HangMucCongTrinh"}


def needed(name: str) -> Iterator[tuple[str, ...]]:
    """Targets of each reference without which a dossier cannot hold a record of a class."""
    spec = SPEC.classes[name]
    source = {field.element: field for field in dictionary(LAYOUT).classes[spec.source].fields}
    for field in national().classes[name].fields:
        reference = spec.references.get(field.element)
        if reference is not None and not reference.rows:
            key = source[reference.key]
            if key.required and not key.empty:
                yield field.targets


def order() -> list[str]:
    """Classes of a dossier, each after those that it, or what is nested in it, refers to."""
    known = national().classes

    def owner(name: str) -> str:
        above = known[name].owner
        return owner(above) if above else name

    def targets(name: str) -> Iterator[str]:
        for field in known[name].fields:
            if field.kind == "object":
                yield from targets(field.targets[0])
            elif field.kind == "reference" and field.element != "hoSoTruocBienDong":
                yield from field.targets

    graph = {name: {owner(target) for target in targets(name)} & {*CLASSES} - {name} for name in CLASSES}
    return list(TopologicalSorter(graph).static_order())


ORDER = order()


@st.composite
def dossiers(draw: st.DrawFn) -> list[Record]:
    return Maker(draw, str(draw(st.uuids()))).dossier()


@costly(15)
@given(objects=dossiers())
def test_a_dossier_that_is_read_whole_is_written_the_same(objects, tmp_path_factory):
    path = tmp_path_factory.mktemp("ho-so") / "hs.xml"
    path.write_bytes(dossier(objects))
    ((whole, _),) = landxml.read_dossiers(path)
    landxml.write_dossier(path, whole, force=True)
    schema_of(LAYOUT).assertValid(etree.parse(path))
    ((again, _),) = landxml.read_dossiers(path)
    assert again == whole


Row = tuple[str, str | None, dict[str, Any]]


def rows(record: Record, owner: str | None = None) -> Iterator[tuple[str, Row]]:
    """Class, id, owner and values of a record and of all that is nested in it."""
    name = type(record).__name__
    values = {}
    for field in national().classes[name].fields:
        found = getattr(record, attributes(name)[field.element])
        if field.kind == "object":
            for nested in found:
                yield from rows(nested, record.id)
        elif field.kind != "geometry":
            values[field.element] = list(found) if isinstance(found, tuple) else found
    yield name, (record.id, owner, values)


def stored(con, name: str) -> list[Row]:
    cls = national().classes[name]
    elements = [field.element for field in cls.columns]
    columns = ", ".join(f'"{element}"' for element in elements)
    found = con.execute(f'SELECT _id, _parent, {columns} FROM "{name}" ORDER BY rowid').fetchall()
    return [(r[0], r[1] if cls.owner else None, dict(zip(elements, r[2:], strict=True))) for r in found]


@costly(15)
@given(objects=dossiers())
def test_what_is_written_is_valid_and_reads_back_the_same(load, objects):
    expected: dict[str, list[Row]] = {name: [] for name in national().classes}
    for record in objects:
        for name, row in rows(record):
            expected[name].append(row)
    con = load(dossier(objects))
    for name, wanted in expected.items():
        assert sorted(stored(con, name), key=itemgetter(0)) == sorted(wanted, key=itemgetter(0))


@costly(5)
@given(objects=dossiers())
def test_a_dossier_read_as_national_objects_is_written_the_same(tmp_path_factory, objects):
    before = dossier(objects)
    path = tmp_path_factory.mktemp("ho-so") / "hs.xml"
    path.write_bytes(before)
    after = dossier(record for record, _ in read(path))
    assert without_zeros(after) == without_zeros(before)


def without_zeros(document: bytes) -> bytes:
    """Drop the zeros behind a decimal point, which say nothing of the value."""
    return re.sub(rb"(\.[0-9]*?)0+<", lambda found: found[1].removesuffix(b".") + b"<", document)


def identifier(name: str, key: object = 1) -> str:
    return f"{name}.{GUID}.{key}"


PERSON = CaNhan(
    id=identifier("CaNhan"),
    loai_doi_tuong_su_dung_dat="GDC",
    ho_ten="Trần Văn Mẫu",
    nam_sinh=1961,
    gioi_tinh=1,
    quoc_tich_id="VNM",
    dan_toc_id=1,
    dia_chi='Thôn Mẫu <1> & "2"',
    giay_to_tuy_than=(
        GiayToTuyThan(
            id=identifier("GiayToTuyThan"),
            loai_giay_to_tuy_than="CCCD",
            so_giay_to="000000000001",
            noi_cap="CA",
        ),
    ),
)
REGISTRATION = TinhHinhDangKy(
    id=identifier("TinhHinhDangKy"),
    ma_xa="00004",
    thoi_diem_dang_ky=dt.date(2020, 5, 6),
    so_thu_tu=1,
    dai_dien_khai_trinh=PERSON.id,
    co_quyen_su_dung=True,
    co_quyen_so_huu=False,
    co_quyen_quan_ly=False,
)
RIGHT = QuyenSuDungDat(
    id=identifier("QuyenSuDungDat"),
    chu=PERSON.id,
    thua_dat=identifier("ThuaDat"),
    muc_dich_su_dung=identifier("MucDichSuDung"),
)
CERTIFICATE = GiayChungNhan(
    id=identifier("GiayChungNhan"), loai_giay_chung_nhan=11, so_vao_so="CH 00001", so_phat_hanh="AA 000001"
)


def test_the_document_is_plain_and_in_the_order_of_the_workbook():
    text = dossier([PERSON, RIGHT, REGISTRATION]).decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<HoSoXml>\n  <hoSoGuid>' + GUID)
    lines = [line.strip() for line in text.splitlines()]
    order = [
        "<tinhHinhDangKyId>1</tinhHinhDangKyId>",
        "<thoiDiemDangKy>06/05/2020</thoiDiemDangKy>",
        "<coQuyenSuDung>1</coQuyenSuDung>",
        "<coQuyenSoHuu>0</coQuyenSoHuu>",
        "<loaiDoiTuong>0</loaiDoiTuong>",
        "<chuId>1</chuId>",
        "<ThongTinTaiSan/>",
        '<diaChi>Thôn Mẫu &lt;1&gt; &amp; "2"</diaChi>',
    ]
    assert [lines.index(line) for line in order] == sorted(lines.index(line) for line in order)
    assert "ngaySinh" not in text


def test_the_guid_comes_from_the_registration_before_the_id():
    other = msgspec.structs.replace(REGISTRATION, ho_so_guid=GUID.replace("7", "8"))
    assert GUID.replace("7", "8").encode() in dossier([PERSON, other])


replace = msgspec.structs.replace


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ([PERSON], "one TinhHinhDangKy, not 0"),
        ([REGISTRATION, REGISTRATION], "one TinhHinhDangKy, not 2"),
        ([REGISTRATION, PERSON.giay_to_tuy_than[0]], "no place for GiayToTuyThan by itself"),
        (
            [
                REGISTRATION,
                NhomNguoiDongSuDung(
                    id=identifier("NhomNguoiDongSuDung"), nguoi_dai_dien=PERSON.id, thanh_vien=(PERSON.id,)
                ),
            ],
            "no place for NhomNguoiDongSuDung",
        ),
        (
            [REGISTRATION, replace(RIGHT, muc_dich_su_dung=None)],
            "QuyenSuDungDat.*: mucDichSuDungId is required in HoSoXml and has no value",
        ),
        (
            [REGISTRATION, replace(RIGHT, chu=identifier("NhomNguoiDongSuDung"))],
            "not of class CaNhan, VoChong, HoGiaDinh, ToChuc, CongDong",
        ),
        ([REGISTRATION, replace(PERSON, id=identifier("CaNhan", "A"))], "does not end in an integer"),
        ([REGISTRATION, replace(PERSON, id="CaNhan.khac.1")], "does not belong to the dossier"),
        (
            [REGISTRATION, replace(PERSON, ho_ten="Mẫu\x00")],
            f"^{PERSON.id}: hoTen holds a character that XML cannot hold$",
        ),
        (
            [REGISTRATION, replace(PERSON, ho_ten="Mẫu\ud800")],
            f"^{PERSON.id}: hoTen holds a character that XML cannot hold$",
        ),
        (
            [REGISTRATION, replace(CERTIFICATE, so_phat_hanh="AA 00000001")],
            f"GiayChungNhan.{GUID}.1: soPhatHanh holds at most 10 characters, not 11",
        ),
        (
            [replace(REGISTRATION, id="TinhHinhDangKy.1", dai_dien_khai_trinh="CaNhan.1")],
            "hoSoGuid is required",
        ),
    ],
)  # fmt: skip
def test_what_the_layout_cannot_hold_is_refused(objects, message):
    with pytest.raises(ValueError, match=message):
        dossier(objects)


def test_a_message_never_quotes_a_value():
    person = replace(PERSON, so_dien_thoai="0" * 21)
    with pytest.raises(ValueError, match="soDienThoai") as caught:
        dossier([REGISTRATION, person])
    assert "000" not in str(caught.value)


def test_areas_are_written_without_exponent():
    assert writing._FORMS["decimal"](Decimal("1E+3")) == "1000"


def test_what_is_personal_is_so_on_both_sides():
    spec = mapping(LAYOUT)
    vendors = {
        cls.name: {f.element: f.personal for f in cls.columns} for cls in dictionary(LAYOUT).classes.values()
    }
    differ = [
        f"{cls.name}.{field.element}"
        for cls in national().classes.values()
        if (made := spec.classes.get(cls.name)) is not None
        for field in cls.columns
        if field.personal != vendors[made.source].get(field.element, field.personal)
    ]
    assert differ == []
