from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import xmlschema
from lxml import etree

from landxml.dictionary import Element, Field, national, tree
from landxml.dossiers.classes import LAYOUT
from landxml.encoding import encode
from landxml.layouts import Layout, builtin
from landxml.safe_xml import parser
from landxml.values import KINDS
from landxml.writing import FOOTER, HEADER
from landxml.xsd_check import schema_of
from landxml.xsd_write import national_xsd, unordered, written

LAYOUTS = [layout for layout in builtin().values() if layout.schema]
XS = "{http://www.w3.org/2001/XMLSchema}"
GML = "{http://www.opengis.net/gml/3.2}"
LD = f"{{{national().namespace}}}"


def path_of(layout: Layout) -> str:
    return str(layout.path(layout.schema))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_schemas_are_fresh(layout):
    with open(path_of(layout), encoding="utf-8") as file:  # noqa: PTH123 - a path as text
        assert written(layout) in {file.read(), None}, "run tasks/build_xsd.py"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_schemas_compile_everywhere(layout):
    schema_of(layout)
    assert not xmlschema.XMLSchema(path_of(layout), validation="lax").all_errors


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not installed")
@pytest.mark.parametrize("layout", [national().layout, LAYOUT], ids=lambda layout: layout.id)
def test_schemas_compile_under_xmllint(layout, tmp_path, full_document):
    document = full_document if layout.model else etree.tostring(dossier())
    (tmp_path / "a.xml").write_bytes(document)
    command = ["xmllint", "--nonet", "--noout", "--schema", path_of(layout), str(tmp_path / "a.xml")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


# National: the schema as xmlschema sees it, side by side with the dictionary.


@pytest.fixture(scope="module")
def full_document(document, make):
    return document(*(make(cls.name) for cls in national().features() if cls.name != "SieuDuLieu"))


@pytest.mark.parametrize("cls", national().classes.values(), ids=lambda cls: cls.name)
def test_every_class_is_in_the_schema_as_the_dictionary_says(cls, oracle):
    element = oracle.elements[cls.name]
    base = "AbstractFeature" if cls.owner is None else "AbstractGML"
    assert element.substitution_group == f"{GML}{base}"
    assert documentation(element.type) == [cls.vi, cls.en]
    assert [described(child) for child in element.type.content.iter_elements()] == [
        expected(field) for field in cls.fields
    ]


def test_the_root_holds_metadata_and_one_feature_each(oracle):
    metadata, member = oracle.elements["DuLieuDatDai"].type.content.iter_elements()
    assert [(e.local_name, e.min_occurs, e.max_occurs) for e in (metadata, member)] == [
        ("sieuDuLieu", 1, 1),
        ("thanhVien", 0, None),
    ]
    choices = [child.local_name for child in member.type.content.iter_elements()]
    assert ["SieuDuLieu", *choices] == [cls.name for cls in national().features()]


def documentation(component: Any) -> list[str]:
    return [] if component.annotation is None else [note.text for note in component.annotation.documentation]


def described(element: Any) -> dict[str, Any]:
    """What the schema says of one element, in the words of the dictionary."""
    kind = element.type
    facets = {
        name.removeprefix(XS): facet for name, facet in (getattr(kind, "facets", None) or {}).items() if name
    }
    inside = [] if kind.is_simple() else [e.local_name for e in kind.content.iter_elements()]
    return {
        "element": element.local_name,
        "occurs": (element.min_occurs, element.max_occurs),
        "type": kind.local_name or (kind.base_type.local_name if kind.is_simple() else None),
        "inside": inside,
        "length": facets["maxLength"].value if "maxLength" in facets else None,
        "bounds": tuple(
            int(facets[name].value) if name in facets and kind.local_name is None else None
            for name in ("minInclusive", "maxInclusive")
        ),
        "pattern": facets["pattern"].regexps if "pattern" in facets and not kind.local_name else [],
        "not_empty": "minLength" in facets or ("pattern" in facets and not kind.is_valid("")),
        "notes": documentation(element),
    }


def expected(field: Field) -> dict[str, Any]:
    types = {
        "text": "string", "int": "soNguyen", "decimal": "soThapPhan", "bool": "boolean", "date": "ngay",
        "datetime": "thoiDiem", "guid": "guid", "reference": "ThamChieuType", "geometry": "RanhGioiType",
        "object": None, "year": "nam",
    }  # fmt: skip
    inside = {"object": list(field.targets), "geometry": ["Polygon", "MultiSurface"]}
    forms = {"text", "date", "datetime", "year", "guid"} | ({"int"} if field.minimum is None else set())
    return {
        "element": field.element,
        "occurs": (int(field.required), None if field.repeated else 1),
        "type": types[field.kind],
        "inside": inside.get(field.kind, []),
        "length": None if field.pattern else field.length,  # a pattern says it itself
        "bounds": (field.minimum, field.maximum) if field.kind == "int" else (None, None),
        "pattern": [field.pattern.removeprefix("^").removesuffix("$")] if field.pattern else [],
        "not_empty": field.kind in forms,
        "notes": [note for note in (field.vi, field.en) if note],
    }


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("soThapPhan", "0 120.5 99999999999999.9999 00.50000 .5", "-1 1.00001 100000000000000 1e2 NaN 1,5"),
        ("ngay", "2024-02-29 0001-01-01 9999-12-31", "2023-02-29 01/08/2024 2024-8-1 2024-08-01Z 2024-08"),
        ("nam", "1000 1975 9999", "0999 975 19755 1975Z -1975"),
        (
            "thoiDiem",
            "2026-01-02T03:04:05 2026-01-02T03:04:05.123456Z 2026-01-02T23:59:59+07:00",
            "2026-01-02T24:00:00 2026-01-02T03:04:05.1234567 2026-02-30T03:04:05 12026-01-02T03:04:05",
        ),
        (
            "guid",
            "0f8fad5b-d9cb-469f-a165-70867728950e 0F8FAD5B-D9CB-469F-A165-70867728950E",
            "0f8fad5bd9cb469fa16570867728950e {0f8fad5b-d9cb-469f-a165-70867728950e} g",
        ),
    ],
)
def test_types_accept_and_refuse(kind, good, bad, oracle):
    simple = oracle.types[kind]
    assert [text for text in good.split() if not simple.is_valid(text)] == []
    assert [text for text in bad.split() if simple.is_valid(text)] == []
    assert not simple.is_valid("")


def test_forms_are_those_of_the_dictionary():
    kinds = {field.kind for _, field in national().fields()}
    assert {kind for kind, value in KINDS.items() if value.national} <= kinds


def test_what_our_gml_accepts_is_accepted_by_the_full_gml(full_document, full_gml):
    swaps = [
        (b"<gml:posList>", b'<gml:posList srsDimension="2" count="5" srsName="urn:ogc:def:crs:EPSG::5899">'),
        (b"<gml:Polygon ", b'<gml:Polygon srsDimension="2" '),
        (b' srsName="urn:ogc:def:crs:EPSG::5899"', b""),
        (b"512355.5 ", b"INF "),
        (b"512355.5 ", b"\n5.123555E5\t"),
        (b"</gml:exterior>", b"</gml:exterior>" + HOLE * 2),
        (b"<ld:ranhGioi>", b'<ld:ranhGioi><gml:MultiSurface gml:id="M" srsDimension="2"><gml:surfaceMember>'),
    ]
    for before, after in swaps:
        changed = full_document.replace(before, after, 1)
        if b"MultiSurface" in after:
            end = b"</gml:surfaceMember></gml:MultiSurface></ld:ranhGioi>"
            changed = changed.replace(b"</ld:ranhGioi>", end, 1)
        assert changed != full_document
        root = etree.fromstring(changed, parser())
        schema_of(national().layout).assertValid(root)
        full_gml.assertValid(root)


HOLE = b"<gml:interior><gml:LinearRing><gml:posList>0 0</gml:posList></gml:LinearRing></gml:interior>"


@pytest.mark.parametrize("name", sorted(national().classes))
def test_every_record_element_is_global(name, make):
    element = etree.fromstring(HEADER.encode() + encode(make(name)) + FOOTER)[0][0]
    schema_of(national().layout).assertValid(element)


# HoSoXml: whole dossiers made from the element tree.

SAMPLES = {
    "int": "1", "decimal": "120.5", "bool": "1", "date": "01/08/2024", "datetime": "01/08/2024 07:30:00",
    "guid": "0f8fad5b-d9cb-469f-a165-70867728950e",
}  # fmt: skip


def dossier(node: Element | None = None, *, inner: bool = False, copies: int = 2) -> etree._Element:
    """A dossier with every element of the dictionary, several of each that repeats."""
    node = node or tree(LAYOUT)
    element = etree.Element(node.field.element)
    for child in node.children:
        for _ in range(copies if child.field.repeated else 1):
            if child.field.kind == "object":
                element.append(dossier(child, inner=inner, copies=copies))
            elif child.field.kind != "dossier":
                leaf = etree.SubElement(element, child.field.element)
                leaf.text = SAMPLES.get(child.field.kind, "Đỗ & <Lê>")[: child.field.length]
            elif not inner:
                element.append(dossier(inner=True, copies=copies))
    return element


def nodes(node: Element) -> Iterator[Element]:
    yield node
    for child in node.children:
        yield from nodes(child)


@pytest.fixture(scope="module")
def valid_dossier():
    root = dossier(inner=True, copies=1)
    return etree.tostring(root, encoding="unicode")


@pytest.fixture(scope="module")
def vendor_oracle():
    return xmlschema.XMLSchema(path_of(LAYOUT))


def test_a_dossier_with_every_element_is_valid(vendor_oracle):
    root = dossier()
    names = {element.tag for element in root.iter()}
    assert names == {node.field.element for node in nodes(tree(LAYOUT))}
    schema_of(LAYOUT).assertValid(root)
    assert vendor_oracle.is_valid(root)


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_elements_does_not_matter(seed):
    shuffler = random.Random(seed)  # noqa: S311 - not a secret
    root = dossier()
    for element in root.iter():
        children = list(element)
        shuffler.shuffle(children)
        element[:] = children
    schema_of(LAYOUT).assertValid(root)


@pytest.mark.parametrize(
    "node", [n for n in nodes(tree(LAYOUT)) if n.children], ids=lambda node: node.field.element
)
def test_the_schema_of_every_container_is_that_of_the_tree(node, vendor_oracle):
    found = [e for e in vendor_oracle.iter_components(xmlschema.XsdElement) if e.name == node.field.element]
    shapes = []
    for element in found:
        if element.ref is None:
            children = element.type.content.iter_elements()
            shapes.append({e.local_name: (e.min_occurs, e.max_occurs, kind_of(e)) for e in children})
    assert {
        child.field.element: (
            int(child.field.required and not child.field.empty),
            None if child.field.repeated else 1,
            type_of(child.field),
        )
        for child in node.children
    } in shapes


def type_of(field: Field) -> str:
    """Name of the type of a leaf: its kind, for texts the length, and whether it may be empty."""
    if field.kind in {"dossier", "object"}:
        return field.kind
    length = field.length or "" if field.kind == "text" else ""
    return f"{field.kind}{length}{'' if field.required and not field.empty else 'Trong'}"


def kind_of(element: Any) -> str:
    if element.ref is not None:
        return "dossier"
    return element.type.local_name or "object"


TEXTS = sorted({type_of(n.field) for n in nodes(tree(LAYOUT)) if n.field.kind == "text"})


@pytest.mark.parametrize("name", TEXTS)
def test_the_length_of_a_text_type_is_in_its_name(name, vendor_oracle):
    longest = int("".join(filter(str.isdigit, name)) or 10_000)
    simple = vendor_oracle.types[f"{name}Gia"]
    assert simple.is_valid("Đ" * longest)
    assert simple.is_valid("Đ" * (longest + 1)) == (longest == 10_000)
    assert simple.is_valid("") == name.endswith("Trong")


def test_only_repeats_among_others_leave_the_content_open():
    loose = {n.field.element for n in nodes(tree(LAYOUT)) if len(n.children) > 1 and not unordered(n)}
    # format.md 1.6: they repeat directly inside their parent, without a wrapper
    assert loose >= {"DC_NhaChungCu", "DC_CongTrinhXayDung"}


XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
DIRECT = "<ThanhVienHoGiaDinh><caNhanId>1</caNhanId></ThanhVienHoGiaDinh>"
WRAPPED = (
    "<ThongTinThanhVienHoGiaDinh><ThanhVienHoGiaDinh><caNhanId>1</caNhanId><voChongId/></ThanhVienHoGiaDinh>"
    "</ThongTinThanhVienHoGiaDinh>"
)


def changed(dossier: str, *swaps: tuple[str, str]) -> etree._Element:
    for before, after in swaps:
        assert before in dossier
        dossier = dossier.replace(before, after, 1)
    return etree.fromstring(dossier.encode(), parser())


def household(members: str) -> etree._Element:
    root = dossier()
    (element, *_) = root.iter("DC_HoGiaDinh")
    for child in list(element):
        if "ThanhVienHoGiaDinh" in str(child.tag):
            element.remove(child)
    element.extend(etree.fromstring(f"<a>{members}</a>"))
    return root


@pytest.mark.parametrize("members", ["", DIRECT, DIRECT * 3, WRAPPED], ids=["none", "one", "three", "sample"])
def test_household_members_in_both_forms(members):
    schema_of(LAYOUT).assertValid(household(members))


ACCEPTED = {
    "attributes of the sample": ("<maXa>", '<maXa Trang="57" DM="DM_Xa" GhiChu="BoSung">'),
    "attributes of a container": ("<DC_ThuaDat>", '<DC_ThuaDat Trang="37">'),
    "declarations of a serializer": (
        "<HoSoXml>",
        '<HoSoXml xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' + XSI + ">",
    ),
    "nil leaf": ("<maDon>Đỗ &amp; &lt;Lê&gt;</maDon>", f'<maDon {XSI} xsi:nil="true"/>'),
    "nil number": ("<soThuTuBienDong>1</soThuTuBienDong>", f'<soThuTuBienDong {XSI} xsi:nil="true"/>'),
    "empty text": ("<maDon>Đỗ &amp; &lt;Lê&gt;</maDon>", "<maDon></maDon>"),
    "empty number": ("<soThuTuBienDong>1</soThuTuBienDong>", "<soThuTuBienDong/>"),
    "blanks around": ("<soThuTu>1</soThuTu>", "<soThuTu>\n 1\t</soThuTu>"),
    "absent": ("<soThuTuBienDong>1</soThuTuBienDong>", ""),
    "ISO date": ("<ngayTiepNhan>01/08/2024<", "<ngayTiepNhan>2024-08-01<"),
    "ISO date with time": ("<ngayTiepNhan>01/08/2024<", "<ngayTiepNhan>2024-08-01T00:00:00<"),
    "short date": ("<ngayTiepNhan>01/08/2024<", "<ngayTiepNhan>1/8/2024<"),
    "ISO time": ("01/08/2024 07:30:00", "2024-08-01T07:30:00.000+07:00"),
    "date for a time": ("01/08/2024 07:30:00", "01/08/2024"),
    "word for yes": ("<coQuyenSuDung>1<", "<coQuyenSuDung>true<"),
    "word for no": ("<coQuyenSuDung>1<", "<coQuyenSuDung>false<"),
    "decimal comma": ("120.5", "120,5"),
    "whole number for a decimal": ("120.5", "120"),
    "exponent": ("120.5", "1.2E-05"),
    "braces": (f"<hoSoGuid>{SAMPLES['guid']}<", f"<hoSoGuid>{{{SAMPLES['guid'].upper()}}}<"),
    "third sex": ("<gioiTinh>1<", "<gioiTinh>2<"),
    "no transfer origin": ("<nguonGocChuyenQuyen>Đỗ &amp; &lt;Lê&gt;<", "<nguonGocChuyenQuyen><"),
    "decision date as text": ("<ngayQuyetDinh>Đỗ &amp; &lt;Lê&gt;<", "<ngayQuyetDinh>tháng 5 năm 1998<"),
    "comment": ("<maXa>", "<!-- mã --><maXa>"),
}


@pytest.mark.parametrize("swap", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_exporters_do_is_accepted(swap, valid_dossier, vendor_oracle):
    root = changed(valid_dossier, swap)
    schema_of(LAYOUT).assertValid(root)
    assert vendor_oracle.is_valid(root)


OPTIONAL = [
    n.field.element
    for n in tree(LAYOUT).children
    if n.field.kind == "object" and not n.field.required and not n.is_class
]


@pytest.mark.parametrize("name", OPTIONAL)
@pytest.mark.parametrize("how", ["empty", "nil", "absent"])
def test_optional_wrappers_may_be_empty(name, how):
    root = dossier()
    element = root.find(name)
    assert element is not None
    if how == "absent":
        root.remove(element)
    else:
        element.clear()
        if how == "nil":
            element.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true")
    schema_of(LAYOUT).assertValid(root)


REFUSED = {
    "unknown element": ("<maXa>", "<maLa/><maXa>"),
    "other spelling": ("<soThuTu>1</soThuTu>", "<SoThuTu>1</SoThuTu>"),
    "twice": ("<soThuTu>1</soThuTu>", "<soThuTu>1</soThuTu><soThuTu>1</soThuTu>"),
    "missing": ("<soThuTu>1</soThuTu>", ""),
    "required but empty": ("<soThuTu>1</soThuTu>", "<soThuTu/>"),
    "required but nil": ("<soThuTu>1</soThuTu>", f'<soThuTu {XSI} xsi:nil="true"/>'),
    "nil but full": ("<soThuTuBienDong>", f'<soThuTuBienDong {XSI} xsi:nil="true">'),
    "word for a number": ("<soThuTu>1<", "<soThuTu>một<"),
    "fraction for a number": ("<soThuTu>1<", "<soThuTu>1.5<"),
    "number beyond the column": ("<soThuTu>1<", f"<soThuTu>{10**18}<"),
    "area beyond the column": ("120.5", str(10**14)),
    "area beyond the column by its exponent": ("120.5", "1E+20"),
    "thousands": ("120.5", "1.200,5"),
    "other date": ("<ngayTiepNhan>01/08/2024<", "<ngayTiepNhan>2024/08/01<"),
    "short year": ("<ngayTiepNhan>01/08/2024<", "<ngayTiepNhan>01/08/24<"),
    "other yes": ("<coQuyenSuDung>1<", "<coQuyenSuDung>Có<"),
    "two": ("<coQuyenSuDung>1<", "<coQuyenSuDung>2<"),
    "short key": (f"<hoSoGuid>{SAMPLES['guid']}<", "<hoSoGuid>1<"),
    "long text": ("<maXa>", "<maXa>0"),
    "element in a value": ("<soThuTu>1<", "<soThuTu>1<a/><"),
    "text between elements": ("<maXa>", "lạ<maXa>"),
    "namespace": ("<HoSoXml>", '<HoSoXml xmlns="urn:x">'),
}


@pytest.mark.parametrize("swap", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_wrong_is_refused(swap, valid_dossier, vendor_oracle):
    root = changed(valid_dossier, swap)
    assert not schema_of(LAYOUT).validate(root)
    assert not vendor_oracle.is_valid(root)


def test_every_form_has_a_type(vendor_oracle):
    for kind, sample in SAMPLES.items():
        required, optional = vendor_oracle.types[f"{kind}Gia"], vendor_oracle.types[f"{kind}TrongGia"]
        assert required.is_valid(sample)
        assert not required.is_valid("")
        assert optional.is_valid(sample)
        assert optional.is_valid("")


def test_numbers_mean_the_same_to_every_engine():
    """Libxml2 before 2.10 keeps blanks around an xs:long, unless a pattern makes it drop them."""
    types = etree.fromstring(national_xsd().encode()).findall(f".//{XS}restriction")
    whole = [kind for kind in types if kind.get("base") == "xs:long"]
    assert len(whole) == 1
    assert whole[0].find(f"{XS}pattern") is not None
    assert 'type="xs:long"' not in national_xsd()
