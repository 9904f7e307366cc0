"""What is taken to conform is valid for libxml2 too, whatever was done to it."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from landxml import native
from landxml.layouts import Layout, builtin
from landxml.safe_xml import parser
from landxml.xsd_check import schema_of
from landxml.xsd_conforming import conforming
from landxml_samples import package

pytestmark = pytest.mark.skipif(native.walk is None, reason="no walk in C here")
Element = Any
Random = random.Random
XS = "http://www.w3.org/2001/XMLSchema"
TEXTS = """
0 -1 1 +5 007 -0 1.5 1,5 .5 5. 1e3 1E-3 1..2 --1 INF NaN true TRUE 99999999999999.9999 99999999999999.99999
100000000000000 999999999999999999 9999999999999999999 2020-02-29 2021-02-29 2021-13-01 0000-01-01 2020-01-01Z
2020-01-01T00:00:00 2020-01-01T24:00:00 2020-01-01T00:00:60 2020-01-01T10:00:00+14:00 31/12/2020 31/12/20
2020-01-01T10:00:00.1234567Z {12345678-1234-1234-1234-123456789012} 12345678-1234-1234-1234-123456789012
12345678-1234-1234-1234-12345678901 12345678-1234-1234-123401234567890123
12345678-1234-1234-1234-12345678901g 01234 0123a abc12345efgh ééé #a # #é a:b _a 1a a.b-c vn-land 1.0
EPSG:9218 http://www.opengis.net/def/crs/EPSG/0/9218 http://:x % 𝔘 ١ &
""".split()
TEXTS += [
    "",
    "  ",
    "1 ",
    "\t1",
    "1 2 3",
    "1  2",
    "1\n2",
    "1.5 -2.5",
    "1\u00a0",
    "ệ" * 300,
    "x" * 1000,
    "a b",
    "\r",
]
NAMES = [
    "x", "id", "srsName", "srsDimension", "count", "{http://www.opengis.net/gml/3.2}id",
    "{http://www.w3.org/1999/xlink}href", "{http://www.w3.org/XML/1998/namespace}lang",
    "{http://www.w3.org/2001/XMLSchema-instance}nil", "{http://www.w3.org/2001/XMLSchema-instance}type",
]  # fmt: skip


def drop(_: Random, one: Element, __: Element) -> None:
    one.getparent().remove(one)


def repeat(_: Random, one: Element, __: Element) -> None:
    one.addnext(copy.deepcopy(one))


def move(chance: Random, one: Element, _: Element) -> None:
    parent = one.getparent()
    parent.insert(chance.randrange(len(parent)), one)


def rename(_: Random, one: Element, other: Element) -> None:
    one.tag = other.tag


def write(chance: Random, one: Element, _: Element) -> None:
    if not len(one):
        one.text = chance.choice(TEXTS)


def slip(chance: Random, one: Element, _: Element) -> None:
    text = one.text or ""
    at = chance.randrange(len(text) + 1)
    if not len(one):
        one.text = text[:at] + chance.choice(" 0-.aé#\n/T:") + text[at + chance.randrange(2) :]


def mark(chance: Random, one: Element, _: Element) -> None:
    one.set(chance.choice(NAMES), chance.choice(TEXTS))


def unmark(_: Random, one: Element, __: Element) -> None:
    for name in one.attrib:
        del one.attrib[name]
        return


def follow(chance: Random, one: Element, _: Element) -> None:
    one.tail = chance.choice(["x", " \n", "\u00a0"])


def insert(chance: Random, one: Element, other: Element) -> None:
    one.append(chance.choice([etree.Comment("c"), etree.PI("p"), etree.Element(other.tag)]))


def quote(_: Random, one: Element, __: Element) -> None:
    one.text = etree.CDATA("1")


CHANGES = [drop, repeat, move, rename, write, write, write, slip, slip, mark, unmark, follow, insert, quote]


def changed(chance: Random, one: Element) -> Element:
    """Return a copy to which up to three things were done."""
    one = copy.deepcopy(one)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        below = [*one.iterdescendants(etree.Element)]
        if below:
            chance.choice(CHANGES)(chance, chance.choice(below), chance.choice(below))
    return one


@pytest.fixture(scope="module")
def members(tmp_path_factory) -> tuple[Element, list[Element]]:
    """Give the root of a national document with its metadata, and some members of each kind."""
    folder = tmp_path_factory.mktemp("national")
    package.write(folder, parcels=300, communes=1)
    (file,) = folder.glob("*.gml")
    root: Element = etree.parse(file, parser()).getroot()
    kinds: dict[str, list[Element]] = {}
    for member in root[1:]:
        kinds.setdefault(member[0].tag, []).append(member)
        root.remove(member)
    return root, [member for found in kinds.values() for member in found[:30]]


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory) -> list[Element]:
    folder = tmp_path_factory.mktemp("dossiers")
    package.write(folder, layout="vbdlis-xml", parcels=60, communes=1)
    return [etree.parse(file, parser()).getroot() for file in sorted(folder.rglob("*.xml"))]


def told(layout: Layout, name: str) -> Callable[[Element], bool]:
    return conforming(layout, layout.tag(name))


RUNS = [1, 2, *(pytest.param(run, marks=pytest.mark.slow) for run in range(3, 60))]


@pytest.mark.parametrize("run", RUNS)
def test_no_changed_member_conforms_that_is_not_valid(members, run):
    layout, (root, known) = builtin()["national"], members
    holds, schema, chance, found = told(layout, layout.member), schema_of(layout), Random(run), 0
    for _ in range(1_500):
        one = changed(chance, chance.choice(known))
        whole = copy.deepcopy(root)
        whole.append(one)
        if holds(one):
            found += 1
            assert schema.validate(whole), (schema.error_log, etree.tostring(one))
    assert found > 300


@pytest.mark.parametrize("run", RUNS)
def test_no_changed_dossier_conforms_that_is_not_valid(dossiers, run):
    layout = builtin()["vbdlis-xml"]
    holds, schema, chance, found = told(layout, layout.root), schema_of(layout), Random(run), 0
    for _ in range(1_500):
        one = changed(chance, chance.choice(dossiers))
        if holds(one):
            found += 1
            assert schema.validate(one), (schema.error_log, etree.tostring(one))
    assert found > 300


def test_what_is_right_mostly_conforms(members, dossiers):
    national, vendor = builtin()["national"], builtin()["vbdlis-xml"]
    assert all(map(told(national, national.member), members[1]))
    assert sum(map(told(vendor, vendor.root), dossiers)) > 0.9 * len(dossiers)


def test_an_element_of_another_name_or_with_a_text_behind_it_does_not(members):
    layout, member = builtin()["national"], copy.deepcopy(members[1][0])
    holds = told(layout, layout.member)
    assert holds(member)
    member.tail = "x"
    whole = copy.deepcopy(members[0])
    whole.append(member)
    assert not holds(member)
    member.tail, member.tag = None, layout.tag(layout.metadata)
    assert not holds(member)


A = "<xs:element name='a' type='xs:long'/>"
KEY = "<xs:unique name='k'><xs:selector xpath='a'/><xs:field xpath='.'/></xs:unique>"


def listed(parts: str, kind: str = "sequence", often: str = "", mixed: str = "") -> str:
    return f"><xs:complexType {mixed}><xs:{kind} {often}>{parts}</xs:{kind}></xs:complexType>"


def restricted(facets: str) -> str:
    return f"><xs:simpleType><xs:restriction base='xs:token'>{facets}</xs:restriction></xs:simpleType>"


@pytest.mark.parametrize(
    ("declared", "content", "known"),
    [
        (listed(A), "<a>1</a>", True),
        (listed("<xs:any processContents='skip'/>"), "<a/>", False),
        (listed("<xs:element name='a'/>"), "<a/>", False),
        (listed("<xs:element name='a' type='xs:long' fixed='1'/>"), "<a>1</a>", False),
        (listed(f"<xs:choice>{A}</xs:choice>"), "<a>1</a>", False),
        (listed(A, often="maxOccurs='2'"), "<a>1</a>", False),
        (listed(A, "choice"), "<a>1</a>", True),
        (listed(A, "choice", "maxOccurs='2'"), "<a>1</a>", False),
        (listed(A, "choice", "maxOccurs='unbounded'"), "<a>1</a><a>2</a>", True),
        (listed(A, mixed="mixed='true'"), "<a>1</a>", False),
        (listed(A) + KEY, "<a>1</a>", False),
        (restricted("<xs:pattern value='[0-9]+'/>"), "12", True),
        (restricted("<xs:minInclusive value='2000-01-01'/>").replace("token", "date"), "2000-01-02", False),
        (restricted("<xs:pattern value='1'/><xs:pattern value='2'/>"), "1", False),
        (restricted(r"<xs:pattern value='\d+'/>"), "1", False),
        (restricted("<xs:pattern value='[^a]'/>"), "1", False),
        (restricted("<xs:whiteSpace value='collapse'/>"), "1", False),
        (" type='xs:duration'>", "P1D", False),
    ],
)
def test_what_is_not_understood_is_left_to_libxml2(tmp_path: Path, declared, content, known):
    text = f"<xs:schema xmlns:xs='{XS}'><xs:element name='HoSoXml'{declared}</xs:element></xs:schema>"
    (tmp_path / "own.xsd").write_text(text)
    one = etree.fromstring(f"<HoSoXml>{content}</HoSoXml>")
    assert etree.XMLSchema(file=tmp_path / "own.xsd").validate(one)
    own = replace(builtin()["vbdlis-xml"], id=str(tmp_path), folder=str(tmp_path), schema="own.xsd")
    assert conforming(own, "HoSoXml")(one) == known


def test_schemas_that_import_each_other_are_read_once(tmp_path: Path):
    head = f"<xs:schema xmlns:xs='{XS}'"
    (tmp_path / "own.xsd").write_text(
        f"{head}><xs:import namespace='urn:b' schemaLocation='b.xsd'/>"
        "<xs:element name='HoSoXml' type='xs:boolean'/></xs:schema>"
    )
    (tmp_path / "b.xsd").write_text(
        f"{head} targetNamespace='urn:b'><xs:import schemaLocation='own.xsd'/></xs:schema>"
    )
    own = replace(builtin()["vbdlis-xml"], id=str(tmp_path), folder=str(tmp_path), schema="own.xsd")
    assert conforming(own, "HoSoXml")(etree.fromstring("<HoSoXml>1</HoSoXml>"))
    assert not conforming(own, "a")(etree.fromstring("<a/>"))


@pytest.mark.parametrize("said", ["name='x' type='xs:long' use='prohibited'", "ref='x'"])
def test_attributes_that_are_forbidden_or_fixed_are_left_to_libxml2(tmp_path: Path, said):
    (tmp_path / "own.xsd").write_text(
        f"<xs:schema xmlns:xs='{XS}'><xs:attribute name='x' type='xs:long' fixed='1'/>"
        f"<xs:element name='HoSoXml'><xs:complexType><xs:attribute {said}/></xs:complexType></xs:element>"
        "</xs:schema>"
    )
    own = replace(builtin()["vbdlis-xml"], id=str(tmp_path), folder=str(tmp_path), schema="own.xsd")
    one = etree.fromstring("<HoSoXml x='2'/>")
    assert not schema_of(own).validate(one)
    assert not conforming(own, "HoSoXml")(one)
