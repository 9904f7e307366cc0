from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from landxml import native, testing
from landxml.dictionary import Element, dictionary, national, tree
from landxml.dossiers.classes import LAYOUT
from landxml.encoding import encode
from landxml.extract import GML_ID, Extractor
from landxml.place import SYSTEM
from landxml.writing import FOOTER, HEADER

GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture(autouse=True, scope="module", params=["python", "native"])
def each_walk(request):
    """All of this holds for the reference and for the walk in C."""
    if request.param == "native":
        if native.walk is None:
            pytest.skip("no walk in C here")
        globals()["Extractor"] = native.Native
    yield
    globals()["Extractor"] = REFERENCE


REFERENCE = Extractor


def rows(extractor: Extractor) -> dict[str, list[dict[str, Any]]]:
    return {name: table.to_pylist() for name, table in extractor.take().items()}


def extracted(*records: Any) -> dict[str, list[dict[str, Any]]]:
    extractor = Extractor(national())
    for member in etree.fromstring(HEADER.encode() + b"".join(map(encode, records)) + FOOTER):
        extractor.add(member[0], "goi.xml")
    return rows(extractor)


@given(package=testing.packages())
def test_every_record_is_one_row_whose_parent_is_where_it_stands(package):
    data = HEADER.encode() + b"".join(map(encode, package[1])) + FOOTER
    found = extracted(*package[1])
    root = etree.fromstring(data)
    classes = {f"{{{national().namespace}}}{name}": name for name in national().classes}
    expected = []
    for element in root.iter(*classes):
        owner = next(element.iterancestors(*classes), None)
        parent = None if owner is None else owner.get(GML_ID)
        expected.append((classes[element.tag], element.get(GML_ID), parent, element.sourceline))
    got = [(name, r["_id"], r["_parent"], r["_at"]) for name, rows in found.items() for r in rows]
    assert sorted(got, key=repr) == sorted(expected, key=repr)


def test_texts_are_kept_as_they_stand(make):
    (row,) = extracted(make("ThuaDat"))["ThuaDat"]
    assert row["diaChi"] == "Đỗ & <Lê>"
    assert (row["dienTich"], row["laDoiTuongChiemDat"]) == ("120.5", "true")
    assert row["taiLieuDoDac"] == "TaiLieuDoDac.1"
    assert row["diaChiChuan"] == ["DiaChi.1", "DiaChi.1"]
    assert list(row) == [*SYSTEM, *(field.element for field in national().classes["ThuaDat"].columns)]


def test_absent_is_none_and_lists_that_are_absent_too():
    extractor = Extractor(national())
    namespace = national().namespace
    extractor.add(etree.fromstring(f'<HoGiaDinh xmlns="{namespace}"/>'), "goi.xml")
    (row,) = rows(extractor)["HoGiaDinh"]
    assert {value for name, value in row.items() if name not in SYSTEM} == {None}
    assert row["_id"] is None


@pytest.mark.parametrize(
    ("href", "target"),
    [("#A", "A"), ("#", None), ("A", None), ("", None), ("goi.xml#A", None), ("urn:x", None), (None, None)],
)
def test_only_references_into_the_package_have_targets(href, target):
    attribute = "" if href is None else f' x:href="{href}"'
    namespaces = f'xmlns="{national().namespace}" xmlns:x="http://www.w3.org/1999/xlink"'
    extractor = Extractor(national())
    content = f"<chuHo{attribute}/><thanhVien{attribute}/>"
    extractor.add(etree.fromstring(f"<HoGiaDinh {namespaces}>{content}</HoGiaDinh>"), "goi.xml")
    (row,) = rows(extractor)["HoGiaDinh"]
    assert row["chuHo"] == target
    assert row["thanhVien"] == [target]


@pytest.mark.parametrize("name", ["ThuaDat", "{urn:x}ThuaDat", f"{{{national().namespace}}}Thua"])
def test_elements_of_other_names_are_no_records(name):
    extractor = Extractor(national())
    extractor.add(etree.Element(name), "goi.xml")
    assert extractor.size == 0
    assert not any(rows(extractor).values())


def test_geometry_belongs_to_its_row(make):
    extractor = Extractor(national())
    parcel = encode(make("ThuaDat")).decode()
    start, end = parcel.index("<ld:ranhGioi>"), parcel.index("</ld:ranhGioi>") + len("</ld:ranhGioi>")
    without = parcel[:start] + parcel[end:]
    members = [parcel, without, encode(make("DiaChi")).decode(), parcel, without, parcel]
    for member in etree.fromstring(HEADER.encode() + "".join(members).encode() + FOOTER):
        extractor.add(member[0], "goi.xml")
    assert extractor.rings.rows == [0, 2, 4]


def test_taking_starts_anew(make):
    extractor = Extractor(national())
    for _ in range(2):
        member = etree.fromstring(HEADER.encode() + encode(make("ThuaDat")) + FOOTER)[0]
        extractor.add(member[0], "goi.xml")
        assert extractor.size == 1 + 2 + 4  # two purposes of two origins each
        taken = extractor.take()
        assert {name: table.num_rows for name, table in taken.items()} == {
            "ThuaDat": 1,
            "MucDichSuDung": 2,
            "NguonGocDat": 4,
        }
        assert extractor.size == 0
    assert extractor.take() == {}


def test_extractors_do_not_share_rows(make):
    first, second = Extractor(national()), Extractor(national())
    first.add(etree.fromstring(HEADER.encode() + encode(make("DiaChi")) + FOOTER)[0][0], "goi.xml")
    assert second.take() == {}


# Vendor: a dossier made from the element tree, where every container and leaf stands once.


BEFORE = (
    "<HoSoXml><ThongTinTaiSan><ThongTinThuaDat><DC_ThuaDat><thuaDatId>9</thuaDatId></DC_ThuaDat>"
    "</ThongTinThuaDat></ThongTinTaiSan></HoSoXml>"
)


def dossier(node: Element) -> etree._Element:
    element = etree.Element(node.field.element)
    element.text = "\n"
    for child in node.children:
        if child.field.kind == "object":
            element.append(dossier(child))
        elif child.field.kind == "dossier":
            element.append(etree.fromstring(BEFORE))
        else:
            etree.SubElement(element, child.field.element).text = f"{node.name}/{child.field.element}"
    return element


SIDES = {"BenTheChap", "BenNhanTheChap", "BenBaoLanh"}


def class_of(element: etree._Element) -> str | None:
    """Class of an element: its name, but the parties of a secured transaction are named by their side."""
    if element.tag == "Chu":
        (side,) = element.iterancestors(*SIDES)
        return str(side.tag)
    return None if element.tag in SIDES else str(element.tag)


@pytest.fixture(scope="module")
def whole() -> etree._Element:
    root = dossier(tree(LAYOUT))
    for guid in root.findall("hoSoGuid"):
        guid.text = f" {{{GUID.upper()}}}\n"
    return etree.fromstring(etree.tostring(root))


def test_every_leaf_of_a_dossier_arrives_in_the_row_of_its_class(whole):
    extractor = Extractor(dictionary(LAYOUT))
    assert extractor.add_dossier(whole, "hs.xml") == GUID
    found = rows(extractor)
    classes = dictionary(LAYOUT).classes
    count = Counter(class_of(element) for element in whole.iter())
    assert {name: len(rows) for name, rows in found.items()} == {name: count[name] for name in classes}
    earlier = {name: row for name, rows in found.items() for row in rows if row["_dossier"] != GUID}
    assert {row["_dossier"] for row in earlier.values()} == {f"{GUID}-truoc-1"}
    assert earlier.keys() == {"HoSoXml", "DC_ThuaDat"}
    assert earlier["DC_ThuaDat"]["thuaDatId"] == "9"
    assert earlier["HoSoXml"]["_parent"] == found["DC_GiaoDich"][0]["_id"]
    for name, row in earlier.items():
        found[name].remove(row)
    for name, cls in classes.items():
        for field in cls.columns:
            values = {row[field.element] for row in found[name]} - {None}
            assert values, (name, field.element)
            if field.element != "hoSoGuid":
                assert values == {f"{name}/{field.element}"}
    assert {row["_dossier"] for rows in found.values() for row in rows} == {GUID}


def test_parents_of_vendor_records_are_their_owners(whole):
    extractor = Extractor(dictionary(LAYOUT))
    extractor.add_dossier(whole, "hs.xml")
    found = rows(extractor)
    names = {row["_id"]: name for name, rows in found.items() for row in rows}
    owners = {name: {names.get(row["_parent"]) for row in rows} for name, rows in found.items()}
    assert owners["HoSoXml"] == {None, "DC_GiaoDich"}
    assert owners["DC_ThuaDat"] == {"HoSoXml"}
    assert owners["DC_MucDichSuDung"] == {"DC_ThuaDat"}
    assert owners["DC_NguonGocDat"] == {"DC_MucDichSuDung"}
    assert owners["DC_GiayToTuyThan"] == {"DC_CaNhan"}
    assert all(parents != {None} for name, parents in owners.items() if name != "HoSoXml")


@pytest.mark.parametrize(
    ("key", "identifier"),
    [
        ("1", f"ThuaDat.{GUID}.1"),
        (" 1\n", f"ThuaDat.{GUID}.1"),
        ("001", f"ThuaDat.{GUID}.1"),
        ("-7", f"ThuaDat.{GUID}.-7"),
        ("{7D444840-9DC0-11D1-B245-5FFDCE74FAD2}", f"ThuaDat.{GUID}.7d444840-9dc0-11d1-b245-5ffdce74fad2"),
        ("Nguyễn Văn Mẫu", f"ThuaDat.{GUID}.stt-1"),
        ("9" * 5_000, f"ThuaDat.{GUID}.stt-1"),
        ("١", f"ThuaDat.{GUID}.stt-1"),
        ("", f"ThuaDat.{GUID}.stt-1"),
        (None, f"ThuaDat.{GUID}.stt-1"),
    ],
)
def test_keys_of_vendors_become_ids(key, identifier):
    inside = "<diaChi/>" if key is None else f"<diaChi/><thuaDatId>{key}</thuaDatId>"
    extractor = Extractor(dictionary(LAYOUT))
    text = (
        f"<HoSoXml><hoSoGuid>{GUID}</hoSoGuid><ThongTinTaiSan><ThongTinThuaDat>\n<DC_ThuaDat>{inside}</DC_ThuaDat>"
        "</ThongTinThuaDat></ThongTinTaiSan></HoSoXml>"
    )
    extractor.add_dossier(etree.fromstring(text), "hs.xml")
    (row,) = rows(extractor)["DC_ThuaDat"]
    assert row["_id"] == identifier
    assert row["_at"] == 2


@pytest.mark.parametrize("guid", [None, "", "Nguyễn Văn Mẫu"])
def test_a_dossier_without_a_guid_never_takes_a_name_into_its_ids(guid):
    text = "<HoSoXml/>" if guid is None else f"<HoSoXml><hoSoGuid>{guid}</hoSoGuid></HoSoXml>"
    extractor = Extractor(dictionary(LAYOUT))
    names = [f"goi.zip!/{n}/Nguyễn Văn Mẫu.xml" for n in range(3)]
    found = [extractor.add_dossier(etree.fromstring(text), name) for name in names]
    assert len(set(found)) == 3
    assert all(re.fullmatch(r"tep-[0-9a-f]{12}", dossier) for dossier in found)
    assert [row["_id"] for row in rows(extractor)["HoSoXml"]] == [f"HoSoXml.{name}.stt-1" for name in found]


def test_records_without_keys_are_numbered_by_class_and_dossier():
    parcel = "<DC_ThuaDat><diaChi/></DC_ThuaDat>"
    parcels = f"<ThongTinThuaDat>{parcel * 2}</ThongTinThuaDat>"
    extractor = Extractor(dictionary(LAYOUT))
    other = GUID.replace("0", "1")
    for guid in (GUID, other):
        root = f"<HoSoXml><hoSoGuid>{guid}</hoSoGuid><ThongTinTaiSan>{parcels}</ThongTinTaiSan></HoSoXml>"
        extractor.add_dossier(etree.fromstring(root), "hs.xml")
    ids = [row["_id"] for row in rows(extractor)["DC_ThuaDat"]]
    assert ids == [f"ThuaDat.{guid}.stt-{n}" for guid in (GUID, other) for n in (1, 2)]


def test_lines_of_vendor_records_beyond_65535_are_right():
    parcel = "<DC_ThuaDat>\n<thuaDatId>1</thuaDatId>\n</DC_ThuaDat>"
    inside = f"<ThongTinTaiSan><ThongTinThuaDat>{parcel}</ThongTinThuaDat></ThongTinTaiSan>"
    extractor = Extractor(dictionary(LAYOUT))
    before = "\n" * 70_000
    extractor.add_dossier(etree.fromstring(f"<HoSoXml>{before}{inside}</HoSoXml>"), "hs.xml")
    (row,) = rows(extractor)["DC_ThuaDat"]
    assert row["_at"] == 70_001
