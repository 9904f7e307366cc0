from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from landxml import testing
from landxml.dictionary import Class, Field, national
from landxml.dossiers.classes import LAYOUT
from landxml.encoding import encode
from landxml.extract import GML_ID, XLINK_HREF, line_of
from landxml.writing import FOOTER, HEADER
from landxml.xsd_check import LONGEST, schema_of, violations

LD = f"{{{national().namespace}}}"
GML = "{http://www.opengis.net/gml/3.2}"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
Change = Callable[[etree._Element, etree._Element], None]
"""What to do with a record and the first element of one of its fields."""


def text(value: str) -> Change:
    def change(_: etree._Element, element: etree._Element) -> None:
        element.text = value

    return change


def remove(record: etree._Element, element: etree._Element) -> None:
    for same in record.findall(str(element.tag)):
        record.remove(same)


def repeat(_: etree._Element, element: etree._Element) -> None:
    again = etree.fromstring(etree.tostring(element))
    again.tail = "\n"
    element.addnext(again)


def stranger(_: etree._Element, element: etree._Element) -> None:
    element.addprevious(etree.Element(f"{LD}laLam"))


def attribute(_: etree._Element, element: etree._Element) -> None:
    element.set("la", "1")


def href(value: str | None) -> Change:
    def change(_: etree._Element, element: etree._Element) -> None:
        element.attrib.pop(XLINK_HREF)
        if value is not None:
            element.set(XLINK_HREF, value)

    return change


def hollow(_: etree._Element, element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)


def changes(field: Field) -> Iterator[tuple[str, str, Change]]:
    """Name, code and change for every constraint on a field."""
    wrong = {
        "int": "12a", "decimal": "1,5", "bool": "Có", "date": "01/08/2024", "datetime": "2024-08-01",
        "year": "năm 75", "guid": "123",
    }  # fmt: skip
    beyond = {"decimal": "-0.1", "int": str(2**63)}
    yield "stranger", "structure", stranger
    yield "attribute", "structure", attribute
    if field.required:
        yield "missing", "structure", remove
    if not field.repeated:
        yield "twice", "structure", repeat
    if field.kind in wrong:
        yield "type", "type", text(wrong[field.kind])
        yield "empty", "type", text("")
    if field.kind in beyond:
        yield "beyond", "facet" if field.kind == "decimal" else "type", text(beyond[field.kind])
    if field.kind == "decimal":
        yield "decimals", "facet", text("1.00001")
    if field.kind == "text":
        yield "empty", "facet", text("")
    if field.length is not None:
        yield "long", "facet", text("0" * (field.length + 1))
    if field.pattern is not None:
        yield "pattern", "facet", text("~")
    if field.kind == "int" and field.minimum is not None:
        yield "low", "facet", text(str(field.minimum - 1))
    if field.kind == "int" and field.maximum is not None:
        yield "high", "facet", text(str(field.maximum + 1))
    if field.kind == "reference":
        yield "no target", "structure", href(None)
        yield "not #id", "facet", href("ThuaDat.1")
        yield "text", "structure", text("ThuaDat.1")
    if field.kind in {"object", "geometry"}:
        yield "hollow", "structure", hollow


CASES = [
    pytest.param(cls, field, case, id=f"{cls.name}.{field.element}-{case[0]}")
    for cls in national().classes.values()
    for field in cls.fields
    for case in changes(field)
]


@pytest.fixture(scope="module")
def record(make) -> Callable[[str], etree._Element]:
    def parsed(name: str) -> etree._Element:
        return etree.fromstring(HEADER.encode() + encode(make(name)) + FOOTER)[0][0]

    return parsed


def again(element: etree._Element) -> etree._Element:
    """The record after writing its file and reading it: what stands on which line is then known."""
    return etree.fromstring(etree.tostring(element.getroottree()))[0][0]


def lines_of(root: etree._Element, tag: object) -> set[Any]:
    return {element.sourceline for element in root.iter(str(tag))}


@pytest.mark.parametrize(("cls", "field", "case"), CASES)
def test_every_constraint_is_one_violation_in_its_place(cls: Class, field: Field, case, record):
    name, code, change = case
    element = record(cls.name)
    schema_of(national().layout).assertValid(element)
    tag = f"{LD}{field.element}"
    first = element.find(tag)
    change(element, first)
    element = again(element)
    found = list(violations(schema_of(national().layout), element))
    assert {violation.reason for violation in found} == {code}
    assert all(violation.path.startswith(cls.name) for violation in found)
    mine = [v for v in found if accounts_for(v, field, name, element)]
    assert mine, found
    assert len(found) == 1 or name == "hollow"


def accounts_for(violation: Any, field: Field, name: str, record: etree._Element) -> bool:
    """Whether a violation names the element, or what is missing, on the line where that can be seen."""
    params = violation.params
    if name == "missing":
        lines = {child.sourceline for child in record} | {record.sourceline}
        return field.element in params["expected"] and violation.line in lines
    if name == "stranger":
        return params["element"] == "laLam" and violation.line in lines_of(record, f"{LD}laLam")
    names = {"attribute": f"{field.element}@la", "not #id": f"{field.element}@xlink:href"}
    lines = lines_of(record, f"{LD}{field.element}")
    if name == "twice":
        lines = {element.sourceline for element in record.findall(f"{LD}{field.element}")[1:]}
    right = params["element"] == names.get(name, field.element) and violation.line in lines
    if name in {"type", "pattern", "low", "high", "decimals", "beyond", "long", "not #id"}:
        right &= bool(params["value"]) and params["expected"] not in ("", "–")
    return right and violation.path.rpartition("/")[2].partition("[")[0] == field.element


@pytest.mark.parametrize("name", national().classes)
def test_order_matters(name, record):
    element = record(name)
    tags = [child.tag for child in element]
    other = next((child for child in element if child.tag != tags[0]), None)
    if other is None:
        pytest.skip("one field only")
    element.insert(0, other)
    found = list(violations(schema_of(national().layout), again(element)))
    assert {v.reason for v in found} == {"structure"}
    assert found[0].params["element"] in {etree.QName(tag).localname for tag in (other, tags[0])}
    assert found[0].params["detail"] in {"order", "missing"}


@pytest.mark.parametrize("name", national().classes)
def test_a_record_needs_an_id(name, record):
    element = record(name)
    del element.attrib[GML_ID]
    (found,) = violations(schema_of(national().layout), again(element))
    assert (found.reason, found.params["element"], found.params["expected"]) == ("structure", name, "gml:id")
    element.set(GML_ID, "1 2")
    (found,) = violations(schema_of(national().layout), again(element))
    assert (found.reason, found.params["element"], found.params["value"]) == ("type", f"{name}@gml:id", "1 2")


@pytest.mark.parametrize(
    "identifier", ["A", "_a-1.b", "thửa-đất.1", "thu\u031b\u0309a", "x" * 200], ids=ascii
)
def test_ids_used_twice_are_left_to_the_uniqueness_rules(identifier, record):
    element = record("ThuaDat")
    for purpose in element.iter(f"{LD}MucDichSuDung", f"{GML}Polygon"):
        purpose.set(GML_ID, identifier)
    element = again(element)
    assert list(violations(schema_of(national().layout), element)) == []


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is measured on Linux only")
def test_ids_are_not_kept(record):
    element = again(record("DiaChi"))

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    before = resident()
    for number in range(20_000):
        element.set(GML_ID, f"a{number:02000}")
        assert schema_of(national().layout).validate(element)
    assert resident() - before < 20_000_000  # they are 40 MB


@pytest.mark.parametrize("before", [0, 65_500, 65_530, 70_000])
def test_lines_beyond_65535_are_right(before, record):
    """Every start tag, and what is found in it, whatever the tag is followed by."""
    document = etree.tostring(record("ThuaDat").getroottree(), encoding="unicode")
    document = document.replace("<ld:DuLieuDatDai", "\n" * before + "<ld:DuLieuDatDai", 1)
    document = document.replace("<ld:maXa>06652<", "<ld:maXa>\n06652\n<").replace(
        "<gml:LinearRing>", "\n<gml:LinearRing>"
    )
    starts = [document.count("\n", 0, tag.start()) + 1 for tag in re.finditer("<[a-z]+:", document)]
    assert [line_of(element) for element in etree.fromstring(document).iter()] == starts


def test_the_line_of_a_tag_before_thousands_of_others_is_found():
    root = etree.fromstring("<a>" + "\n" * 70_000 + "<b/>" * 5_000 + "\n</a>")
    assert line_of(root[0]) == 70_001


def test_lines_of_violations_beyond_65535_are_right(record):
    before = "\n" * 70_000
    document = etree.tostring(record("ThuaDat").getroottree(), encoding="unicode").replace(
        "<ld:thanhVien>", f"{before}<ld:thanhVien>"
    )
    wrong = re.sub("<ld:nguonGoc>[^<]*<", "<ld:nguonGoc><", document)
    element = etree.fromstring(wrong)[0][0]
    lines = [n for n, line in enumerate(wrong.split("\n"), 1) if "<ld:nguonGoc><" in line]
    found = list(violations(schema_of(national().layout), element))
    assert [violation.line for violation in found] == lines
    assert min(lines) > 70_000


GEOMETRY = {
    "garbage": ("<gml:posList>", "<gml:posList>x ", "type", "posList"),
    "no exterior": ("exterior>", "interior>", "structure", "interior"),
    "no id": ('<gml:Polygon gml:id="ThuaDat.1.ranhGioi"', "<gml:Polygon", "structure", "Polygon"),
    "three dimensions": ("<gml:posList>", '<gml:posList srsDimension="3">', "facet", "posList@srsDimension"),
    "another shape": ("gml:Polygon", "gml:Surface", "structure", "Surface"),
    "another namespace": ("<gml:posList>", '<gml:posList xmlns:gml="urn:x">', "namespace", "posList"),
}


@pytest.mark.parametrize(("before", "after", "code", "element"), GEOMETRY.values(), ids=GEOMETRY.keys())
def test_geometry_is_held_to_the_profile(before, after, code, element, record):
    document = etree.tostring(record("ThuaDat").getroottree(), encoding="unicode")
    assert before in document
    root = etree.fromstring(document.replace(before, after))
    found = list(violations(schema_of(national().layout), root[0][0]))
    assert [(v.reason, v.params["element"]) for v in found] == [(code, element)]


def test_many_violations_are_found_in_linear_time():
    person = "<DC_CaNhan><caNhanId>x</caNhanId><la/></DC_CaNhan>\n"
    people = f"<ThongTinCaNhan>{person * 4_000}</ThongTinCaNhan>"
    root = etree.fromstring(f"<HoSoXml><ThongTinChu>{people}</ThongTinChu></HoSoXml>")
    start = time.process_time()
    found = list(violations(schema_of(LAYOUT), root))
    assert time.process_time() - start < 4
    paths = {v.path for v in found if v.params["element"] == "caNhanId"}
    assert len(paths) == 4_000
    assert "HoSoXml/ThongTinChu/ThongTinCaNhan/DC_CaNhan[4000]/caNhanId" in paths


def test_long_values_are_cut(record):
    document = etree.tostring(record("ThuaDat").getroottree(), encoding="unicode")
    wrong = re.sub("<gml:posList>", "<gml:posList>" + "9" * 5_000_000 + "x ", document, count=1)
    (found,) = violations(schema_of(national().layout), etree.fromstring(wrong)[0][0])
    assert found.params["value"] == "9" * LONGEST + "…"
    assert all(len(value) <= LONGEST + 1 for value in found.params.values())


@pytest.mark.parametrize(
    ("element", "value", "expected"),
    [
        ("dienTich", "nhiều", {"vi": "số thập phân", "en": "decimal"}),
        ("soThuTuThua", "12a", {"vi": "số nguyên", "en": "integer"}),
        ("laDoiTuongChiemDat", "Có", "true / false"),
        ("soThuTuThuaCu", "x" * 51, {"vi": "không quá 50 ký tự", "en": "at most 50 characters"}),
        ("diaChi", "", {"vi": "không để trống", "en": "not empty"}),
        ("dienTich", "1.00001", {"vi": "không quá 4 chữ số thập phân", "en": "at most 4 decimals"}),
        ("dienTich", "-1", "≥ 0"),
        ("maXa", "6652", "[0-9]{5}"),
    ],
)
def test_what_is_expected_is_said_in_few_words(element, value, expected, record):
    parcel = record("ThuaDat")
    parcel.find(f"{LD}{element}").text = value
    (found,) = violations(schema_of(national().layout), again(parcel))
    assert found.params["expected"] == expected
    assert found.params["value"] == (value if len(value) <= LONGEST else f"{value[:LONGEST]}…")


def test_a_name_of_thousands_of_letters_is_a_violation_too(record):
    element = record("ThuaDat")
    element.insert(0, etree.Element(f"{LD}{'x' * 3000}"))
    found = list(violations(schema_of(national().layout), element))
    assert [(one.reason, one.path) for one in found] == [("structure", "ThuaDat")]


@pytest.mark.parametrize("prefix", ["", "ns0:"])
def test_paths_do_not_depend_on_the_prefix(prefix, record):
    document = etree.tostring(record("ThuaDat").getroottree(), encoding="unicode")
    wrong = re.sub("<ld:nguonGoc>[^<]*<", "<ld:nguonGoc><", document)
    declared = f"xmlns:{prefix.rstrip(':')}=" if prefix else "xmlns="
    other = wrong.replace("<ld:", f"<{prefix}").replace("</ld:", f"</{prefix}").replace("xmlns:ld=", declared)
    schema = schema_of(national().layout)
    found = [v.path for v in violations(schema, etree.fromstring(wrong)[0][0])]
    assert found[1] == "ThuaDat/mucDichSuDung[1]/MucDichSuDung/nguonGocDat[2]/NguonGocDat/nguonGoc"
    assert [v.path for v in violations(schema, etree.fromstring(other)[0][0])] == found


def test_an_unknown_record_is_said_to_be_unknown():
    for name, meant in (("ThuaDatt", "ThuaDat"), ("DuongBo", "")):
        (found,) = violations(schema_of(national().layout), etree.Element(f"{LD}{name}"))
        assert (found.reason, found.params["element"]) == ("record", name)
        assert found.params["expected"].strip("–") == meant


MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "only what is required is missing": ("<ld:maXa>[^<]*</ld:maXa>", "", "missing", "ThuaDat: maXa"),
    "several": ("<ld:(?:maXa|dienTich)>.*?</ld:\\w+>", "", "missing", "ThuaDat: maXa, dienTich"),
    "unknown": ("<ld:maXa>", "<ld:laLam/><ld:maXa>", "unknown", "laLam: "),
    "case": ("ld:maMucDichSuDung>", "ld:MaMucDichSuDung>", "misspelt", "MaMucDichSuDung: maMucDichSuDung"),
    "typing": ("ld:dienTich>", "ld:dienTch>", "misspelt", "dienTch: dienTich"),
    "twice": ("(<ld:maXa>.*?</ld:maXa>)", r"\1\1", "repeated", "maXa: 1"),
    "twice, apart": ("(<ld:maXa>.*?</ld:maXa>)(.*?)(<ld:dienTich>)", r"\1\2\1\3", "repeated", "maXa: 1"),
    "order": (
        "(<ld:maXa>.*?)(<ld:soHieuToBanDo>.*?)(<ld:soThuTuThua>)", r"\2\1\3", "order",
        "maXa: soHieuToBanDo",
    ),
    "optional, late": (
        "(<ld:phienBan>.*?)(<ld:maXa>.*?)(<ld:soHieuToBanDo>)", r"\2\1\3", "order", "phienBan: maXa"
    ),
    "shape": ("gml:Polygon", "gml:Surface", "geometry", "Surface: Polygon / MultiSurface"),
    "nil": ("<ld:maXa>[^<]*<", '<ld:maXa xsi:nil="true"><', "nil", "maXa: –"),
    "nil, full": ("<ld:maXa>", '<ld:maXa xsi:nil="true">', "nil", "maXa: –"),
    "type": ("<ld:maXa>", '<ld:maXa xsi:type="x">', "attribute", "maXa@xsi:type: –"),
    "attribute": ("<ld:maXa>", '<ld:maXa la="x">', "attribute", "maXa@la: –"),
    "element in a value": ("<ld:maXa>[^<]*<", "<ld:maXa><ld:x/><", "content", "maXa: –"),
    "text in a reference": (
        "(<ld:taiLieuDoDac[^>]*)/>", r"\1>x</ld:taiLieuDoDac>", "content", "taiLieuDoDac: –"
    ),
    "text between": ("<ld:ranhGioi>", "<ld:ranhGioi>x", "text", "ranhGioi: –"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "detail", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_the_content_is_named_for_what_it_is(old, new, detail, says, record):
    document = etree.tostring(record("ThuaDat").getroottree(), encoding="unicode")
    document = document.replace("<ld:DuLieuDatDai", f'<ld:DuLieuDatDai xmlns:xsi="{XSI}"', 1)
    changed, count = re.subn(old, new, document, flags=re.DOTALL)
    assert count
    found = list(violations(schema_of(national().layout), etree.fromstring(changed)[0][0]))
    assert {(v.reason, v.params["detail"]) for v in found} == {("structure", detail)}
    assert f"{found[0].params['element']}: {found[0].params['expected']}" == says


def test_a_value_with_blanks_around_it_is_said_to_have_them(record):
    parcel = record("ThuaDat")
    parcel.find(f"{LD}maXa").text = " 06652"
    (found,) = violations(schema_of(national().layout), again(parcel))
    assert (found.reason, found.params["detail"], found.params["value"]) == ("facet", "blanks", " 06652")


NAMESPACES = {
    "geometry of GML 3.1": ("gml:", "g:", 'xmlns:g="http://www.opengis.net/gml"', "GML 3.1.1"),
    "shape that only GML 3.1 has": (
        "gml:Polygon",
        "g:Surface",
        'xmlns:g="http://www.opengis.net/gml"',
        "GML 3.2.1",
    ),
    "ids of GML 3.1": (" gml:id", " g:id", 'xmlns:g="http://www.opengis.net/gml"', "GML 3.1.1"),
    "another version": (
        "ld:ThuaDat",
        "x:ThuaDat",
        'xmlns:x="urn:landxml:vn-land:2.0"',
        "urn:landxml:vn-land:2.0",
    ),
    "a name of a person": ("ld:ThuaDat", "x:ThuaDat", 'xmlns:x="urn:LeVanMau"', "is ‹xxx:XxXxxXxx›;"),
    "no namespace": ("ld:ThuaDat", "ThuaDat", "", "(none)"),
    "a field without": ("ld:dienTich>", "dienTich>", "", "(none)"),
}


@pytest.mark.parametrize(("old", "new", "declared", "named"), NAMESPACES.values(), ids=NAMESPACES.keys())
def test_a_wrong_namespace_is_all_that_is_said(old, new, declared, named, record):
    document = etree.tostring(record("ThuaDat").getroottree(), encoding="unicode").replace(old, new)
    root = etree.fromstring(document.replace("<ld:DuLieuDatDai", f"<ld:DuLieuDatDai {declared}", 1))
    (found,) = violations(schema_of(national().layout), root[0][0])
    assert found.reason == "namespace"
    assert named in found.params["reason"]["en"]
    assert found.params["reason"]["vi"].startswith("không gian tên")


@given(package=testing.packages())
def test_valid_records_violate_nothing(package):
    for record in package[1]:
        element = etree.fromstring(HEADER.encode() + encode(record) + FOOTER)[0][0]
        assert list(violations(schema_of(national().layout), element)) == []
