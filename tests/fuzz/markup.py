"""Mutations of structure: elements, attributes, namespaces, and what may stand between them."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from random import Random

from lxml import etree

from landxml.dictionary import dictionary, national
from landxml.dossiers.classes import LAYOUT
from tests.fuzz.octets import Pool

Node = etree._Element
XSI = "http://www.w3.org/2001/XMLSchema-instance"
GML = "http://www.opengis.net/gml/3.2"
NAMES = sorted({name for layout in (national(), dictionary(LAYOUT)) for name in layout.classes})
DEPTHS = (1, 2, 30, 240, 300, 3000)
ATTRIBUTES = {
    f"{{{XSI}}}nil": ("true", "false", "1"),
    f"{{{XSI}}}type": ("ld:ThuaDat", "xs:string", "a:b", "ThuaDatKhac"),
    f"{{{XSI}}}schemaLocation": ("urn:landxml:vn-land:1.0 http://example.org/x.xsd", "odd"),
    f"{{{XSI}}}noNamespaceSchemaLocation": ("file:///etc/hosts",),
    f"{{{GML}}}id": ("ThuaDat.1", "RanhGioi.1", "1x", "", "a b"),
    "{http://www.w3.org/1999/xlink}href": ("#ThuaDat.1", "#", "", "#không", "http://example.org/#ThuaDat.1"),
    "srsName": ("EPSG:5899", "urn:ogc:def:crs:EPSG::4326", " ", "urn:ogc:def:crs:EPSG::99999999999"),
    "srsDimension": ("3", "2", "x"),
    "count": ("5", "-1", "x"),
    "id": ("1",),
    "{http://www.w3.org/XML/1998/namespace}lang": ("vi",),
    "{http://www.w3.org/XML/1998/namespace}base": ("http://example.org/",),
}


def _on_tree(change: Callable[[Node, Random, Pool], None]) -> Callable[[bytes, Random, Pool], bytes]:
    """Make a mutation of one that changes a tree; what has none stays as it is."""

    def mutation(data: bytes, rng: Random, pool: Pool) -> bytes:
        try:
            root = etree.fromstring(data, etree.XMLParser(no_network=True, resolve_entities=False))
        except etree.XMLSyntaxError:
            return data
        change(root, rng, pool)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    mutation.__name__ = change.__name__
    return mutation


def _any(root: Node, rng: Random) -> Node:
    return rng.choice(list(root.iter("*")))


def _inner(root: Node, rng: Random) -> Node:
    """Choose an element below the root, or the root if there is none."""
    return rng.choice(list(root.iterdescendants("*")) or [root])


@_on_tree
def drop(root: Node, rng: Random, _: Pool) -> None:
    if (parent := (node := _inner(root, rng)).getparent()) is not None:
        parent.remove(node)


@_on_tree
def double(root: Node, rng: Random, _: Pool) -> None:
    node = _inner(root, rng)
    for _n in range(rng.choice((1, 1, 2, 200)) if node is not root else 0):
        node.addnext(copy.deepcopy(node))


@_on_tree
def move(root: Node, rng: Random, _: Pool) -> None:
    node, there = _inner(root, rng), _any(root, rng)
    if node is not root and there not in node.iter():
        there.insert(rng.randrange(len(there) + 1), node)


@_on_tree
def shuffle(root: Node, rng: Random, _: Pool) -> None:
    node = _any(root, rng)
    node[:] = rng.sample(list(node), len(node))


@_on_tree
def rename(root: Node, rng: Random, _: Pool) -> None:
    node = _any(root, rng)
    name = rng.choice((etree.QName(_any(root, rng)).localname, rng.choice(NAMES), "lạ", "a.b-c", "x" * 3000))
    space = rng.choice((etree.QName(node).namespace, etree.QName(_any(root, rng)).namespace, None, "urn:la"))
    node.tag = etree.QName(space, name).text


@_on_tree
def nest(root: Node, rng: Random, _: Pool) -> None:
    """Put copies of an element into itself, or into its descendant, to some depth."""
    node = _any(root, rng)
    alone = copy.deepcopy(node) if len(node) < LARGE else etree.Element(node.tag)
    for _n in range(rng.choice(DEPTHS) if len(node) < 2 else rng.choice(DEPTHS[:3])):
        inside = copy.deepcopy(alone)
        node.append(inside)
        node = inside


LARGE = 5


@_on_tree
def unwrap(root: Node, rng: Random, _: Pool) -> None:
    node = _inner(root, rng)
    if (parent := node.getparent()) is not None:
        at = parent.index(node)
        parent[at : at + 1] = list(node)


@_on_tree
def wrap(root: Node, rng: Random, _: Pool) -> None:
    node = _inner(root, rng)
    if (parent := node.getparent()) is not None:
        outer = etree.Element(rng.choice((node.tag, parent.tag, "lạ")))
        parent.replace(node, outer)
        outer.append(node)


@_on_tree
def graft(root: Node, rng: Random, pool: Pool) -> None:
    """Take an element from another document."""
    try:
        other = etree.fromstring(rng.choice(pool), etree.XMLParser(no_network=True, resolve_entities=False))
    except etree.XMLSyntaxError:
        return
    _any(root, rng).append(_any(other, rng))


CHANGE = """<ThongTinGiaoDich><DC_GiaoDich><giaoDichId>1</giaoDichId>
<loaiGiaoDichBienDong>CN</loaiGiaoDichBienDong><thoiDiemDangKyBienDong>01/02/2021</thoiDiemDangKyBienDong>
<maBienDong>1</maBienDong><maHoSoThuTucDangKy>1</maHoSoThuTucDangKy><HoSoTruocBienDong/></DC_GiaoDich>
</ThongTinGiaoDich>"""


@_on_tree
def earlier(root: Node, rng: Random, _: Pool) -> None:
    """Put the dossier into itself as the one before a change, and that one again."""
    alone = copy.deepcopy(root)
    for _n in range(rng.choice((1, 1, 2, 30))):
        change = etree.fromstring(CHANGE)
        root.append(change)
        root = copy.deepcopy(alone)
        change[0][-1].append(root)


@_on_tree
def strip(root: Node, rng: Random, _: Pool) -> None:
    """Remove an attribute."""
    if having := [node for node in root.iter("*") if node.attrib]:
        attributes = rng.choice(having).attrib
        del attributes[rng.choice(list(attributes))]


@_on_tree
def attribute(root: Node, rng: Random, _: Pool) -> None:
    name = rng.choice([*ATTRIBUTES])
    _any(root, rng).set(name, rng.choice(ATTRIBUTES[name]))


@_on_tree
def empty(root: Node, rng: Random, _: Pool) -> None:
    node = _inner(root, rng)
    node[:] = []
    node.text = rng.choice((None, "", " ", "x"))


def undeclare(data: bytes, rng: Random, _: Pool) -> bytes:
    """Remove the declaration of a prefix."""
    found = list(re.finditer(rb"\sxmlns(:\w+)?=(\"[^\"]*\"|'[^']*')", data))
    if not found:
        return data
    one = rng.choice(found)
    return data[: one.start()] + data[one.end() :]


def default(data: bytes, rng: Random, _: Pool) -> bytes:
    """Let the namespace of a prefix be the default one, or get another prefix."""
    prefixes = re.findall(rb"\sxmlns:(\w+)=", data)
    if not prefixes:
        return data
    old, new = rng.choice(prefixes), rng.choice((b"", b"", "đất".encode(), b"xml1", b"_", b"gml"))
    colon = new + b":" if new else b""
    data = re.sub(rb"(</?)" + old + b":", lambda m: m[1] + colon, data)
    return data.replace(b"xmlns:" + old, b"xmlns:" + new if new else b"xmlns").replace(
        b" " + old + b":", b" " + colon
    )


def prefix(data: bytes, rng: Random, _: Pool) -> bytes:
    """Give one tag a prefix, declared or not."""
    tags = list(re.finditer(rb"<(?=[\w:])", data))
    if not tags:
        return data
    at = rng.choice(tags).end()
    return data[:at] + rng.choice((b"gml:", b"gml2:", b"ld:", b"xml:", b":", b"xsi:", b"{a}")) + data[at:]


def namespace(data: bytes, rng: Random, _: Pool) -> bytes:
    names = re.findall(rb"xmlns(?::\w+)?=[\"']([^\"']*)[\"']", data) or [b"?"]
    new = rng.choice((b"http://www.opengis.net/gml", b"urn:landxml:vn-land:2.0", b"", b"a b", names[0]))
    return data.replace(rng.choice(names), new, rng.choice((1, -1)))


BETWEEN = (
    "<!-- ghi chú -->", "<!---->", "<?xml-stylesheet href='a.xsl'?>", "<?php echo 1 ?>", "<![CDATA[]]>",
    "<![CDATA[<&>]]>", "&lt;", "&#8238;", "&amp;amp;", "&không;", "chữ", "\u202e", "\x85", "]]&gt;", "\t\n",
    "<?xml version='1.0'?>", "<a/>", "<!-- -- -->", "&#0;", "&#x110000;", "<!-- " + "x" * 70_000 + " -->",
)  # fmt: skip


def interject(data: bytes, rng: Random, _: Pool) -> bytes:
    """Put a comment, an instruction, a CDATA section, an entity or text between tags, or into a value."""
    places = [found.end() for found in re.finditer(rb">[^<]{0,3}", data)] or [0]
    for at in sorted(rng.choices(places, k=rng.choice((1, 1, 5))), reverse=True):
        data = data[:at] + rng.choice(BETWEEN).encode() + data[at:]
    return data


def doctype(data: bytes, rng: Random, _: Pool) -> bytes:
    kinds = (
        b"<!DOCTYPE a>",
        b'<!DOCTYPE a [<!ENTITY x "y">]>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]>',
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
    )
    at = max(data.find(b"?>") + 2, 0) if data.startswith(b"<?xml") else 0
    return data[:at] + rng.choice(kinds) + data[at:]


MUTATIONS = [
    drop, double, move, shuffle, rename, nest, unwrap, wrap, graft, earlier, strip, attribute, attribute,
    empty, undeclare, default, prefix, namespace, interject, interject, doctype,
]  # fmt: skip
