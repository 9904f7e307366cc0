"""What surely conforms to a schema, told while the tree is at hand and several times as fast as by libxml2.

What may stand in which element is read from the schema into the tables of :mod:`landxml.walk`. Whatever is
not surely right, or said in the schema in a way that is not understood here, is left to libxml2, which alone
tells what is wrong. Where the walk in C is not built, that is everything.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from landxml import native
from landxml.layouts import Layout
from landxml.safe_xml import parser
from landxml.values import KINDS
from landxml.xsd_check import schema_of

__all__ = ["conforming"]

Form = Any
"""Form of a text, as :mod:`landxml.walk` has it; None of one that is not understood."""
Facets = tuple[tuple[str, str], ...]
"""Names of facets and their values."""
XS = "{http://www.w3.org/2001/XMLSchema}"
MOST = 2**31
"""Stands for any number."""
MARKED = 64
"""Parts of an element that come in any order: which were there is marked in so many bits."""


class _UnknownError(Exception):
    """The schema says something that is not understood here."""


@lru_cache(64)
def conforming(layout: Layout, tag: str) -> Callable[[etree._Element], bool]:
    """Return what tells whether an element surely conforms to the schema of a layout.

    Parameters
    ----------
    layout
        Whose schema it is.
    tag
        Of the element: one that the schema declares for all, or one right in its root.

    Returns
    -------
    Callable
        Of an element; False means that nothing is known.

    Raises
    ------
    LandXmlError
        As of :func:`landxml.xsd_check.schema_of`.
    """
    schema_of(layout)  # what is read below is a schema, and whole
    with suppress(_UnknownError, OSError):
        if native.walk is not None and not layout.open:
            found = _Schema(layout.path(layout.schema).resolve()).element(tag, layout.tag(layout.root))
            holds: Callable[[etree._Element], bool] = found.holds
            return holds
    return lambda _: False


class _Part(NamedTuple):
    """An element in another, how often it may come, and what may stand in it."""

    tag: str
    least: int
    most: int
    content: Any


class _Type(NamedTuple):
    """What a type allows: a text of a form, or parts in some order, perhaps none; and which attributes."""

    text: Form = None
    order: str = "sequence"
    parts: list[_Part] = []  # noqa: RUF012 - never changed
    empty: bool = False
    attributes: list[tuple[str, bool, Form]] = []  # noqa: RUF012
    other: bool = False


class _Schema:
    """What is declared in a schema and all that it imports, by kind and tag, and the contents made so far."""

    def __init__(self, path: Path) -> None:
        self.declared: dict[tuple[str, str], etree._Element] = {}
        self.contents: dict[etree._Element, Any] = {}
        self.read: set[Path] = set()
        self._read(path)

    def _read(self, path: Path) -> None:
        if path in self.read:
            return
        self.read.add(path)
        root = etree.parse(path, parser()).getroot()
        _only(root, {"targetNamespace", "elementFormDefault", "version"})
        for node in _inside(root):
            if (kind := _kind(node)) == "import":
                self._read((path.parent / node.get("schemaLocation", "")).resolve())
            elif name := node.get("name"):
                self.declared[kind, _tag(root.get("targetNamespace"), name)] = node
            else:
                raise _UnknownError(kind)

    def named(self, kind: str, node: etree._Element, name: str) -> etree._Element:
        """Return what a node names."""
        if (key := (kind, _meant(node, name))) not in self.declared:
            raise _UnknownError(name)
        return self.declared[key]

    def element(self, tag: str, root: str) -> Any:
        """Return what may stand in an element declared for all, or right in the root."""
        if ("element", tag) in self.declared:
            return self._content(self.declared["element", tag])
        declared = self.declared.get(("element", root))
        inside = [] if declared is None else declared.iterfind(f"{XS}complexType/{XS}sequence/{XS}element")
        for node in inside:
            if self._tag(node) == tag:
                return self._content(node)
        raise _UnknownError(tag)

    def _tag(self, node: etree._Element) -> str:
        """Tag of an element that is declared there, or referred to."""
        if ref := node.get("ref"):
            return _meant(node, ref)
        schema = node.getroottree().getroot()
        bound = node.getparent() is schema or schema.get("elementFormDefault") == "qualified"
        return _tag(schema.get("targetNamespace") if bound else None, node.get("name", ""))

    def _content(self, node: etree._Element) -> Any:
        """Return what may stand in an element; nothing is known of it before it is made, or if that fails."""
        if ref := node.get("ref"):
            node = self.named("element", node, ref)
        if node not in self.contents:
            self.contents[node] = content = native.walk.Content()
            with suppress(_UnknownError):
                _only(node, {"name", "type", "minOccurs", "maxOccurs", "nillable", "substitutionGroup"})
                content.means(self._tag(node), *self._type(node))
        return self.contents[node]

    def _type(self, node: etree._Element) -> _Type:
        """Return the type of an element."""
        name, inside = node.get("type"), _inside(node)
        if name is not None:
            if inside:  # such as keys
                raise _UnknownError(name)
            if ("complexType", _meant(node, name)) not in self.declared:
                return _Type(_form(*self._named_form(node, name)))
            inside = [self.named("complexType", node, name)]
        (one,) = _one(inside)
        if _kind(one) == "simpleType":
            return _Type(_form(*self._facets(one)))
        _only(one, {"name"})
        return self._complex(one)

    def _complex(self, node: etree._Element) -> _Type:
        inside = _inside(node)
        kind = _kind(inside[0]) if inside else ""
        if kind not in {"simpleContent", "complexContent"}:
            return self._group(inside)
        (extension,) = _one(_inside(*_one(inside)))
        if _kind(extension) != "extension":
            raise _UnknownError(_kind(extension))
        own, base = self._group(_inside(extension)), extension.get("base", "")
        if kind == "simpleContent":
            return own._replace(text=_form(*self._named_form(extension, base)))
        above = self._complex(self.named("complexType", extension, base))
        if above.parts:
            raise _UnknownError(base)
        return own._replace(attributes=above.attributes + own.attributes, other=above.other or own.other)

    def _group(self, inside: list[etree._Element]) -> _Type:
        """Return what a group of elements allows, if there is one, and the attributes behind it."""
        found, attributes = _Type(), []
        for node in inside:
            kind = _kind(node)
            if kind == "attribute":
                attributes.append(self._attribute(node))
            elif kind == "anyAttribute" and node.items() == [("processContents", "skip")]:
                found = found._replace(other=True)
            elif kind in {"sequence", "all", "choice"} and node is inside[0]:
                found = self._parts(node, kind)
            else:
                raise _UnknownError(kind)
        return found._replace(attributes=attributes)

    def _parts(self, node: etree._Element, kind: str) -> _Type:
        """Return what a group of elements allows."""
        _only(node, {"minOccurs", "maxOccurs"})
        parts = [self._part(each) for each in _inside(node)]
        order = {"1": kind, "unbounded": f"{kind}s"}.get(node.get("maxOccurs", "1"), "")
        once = len(parts) <= MARKED and all(part.most == 1 for part in parts)
        known = {"sequence": True, "all": once, "choice": once, "choices": True}
        if not known.get(order) or len({part.tag for part in parts if part.most}) < len(parts):
            raise _UnknownError(order)
        return _Type(order=order, parts=parts, empty=node.get("minOccurs") == "0")

    def _part(self, node: etree._Element) -> _Part:
        if _kind(node) != "element":
            raise _UnknownError(_kind(node))
        least, most = node.get("minOccurs", "1"), node.get("maxOccurs", "1")
        content = self._content(node)
        return _Part(self._tag(node), int(least), MOST if most == "unbounded" else int(most), content)

    def _attribute(self, node: etree._Element) -> tuple[str, bool, Form]:
        ref, needed = node.get("ref"), node.get("use") == "required"
        tag = _meant(node, ref) if ref else node.get("name", "")
        declared = self.named("attribute", node, ref) if ref else node
        if node.get("use") == "prohibited":
            raise _UnknownError(tag)
        _only(node, {"name", "ref", "type", "use"})
        _only(declared, {"name", "type", "use"})
        with suppress(_UnknownError):
            inside, name = _inside(declared), declared.get("type", "")
            found = self._facets(*_one(inside)) if inside else self._named_form(declared, name)
            return tag, needed, _form(*found)
        return tag, needed, None

    def _named_form(self, node: etree._Element, name: str) -> tuple[str, Facets]:
        """Return the built-in type behind a simple one that a node names, and all facets."""
        meant = _meant(node, name)
        if meant.startswith(XS):
            return meant.removeprefix(XS), ()
        return self._facets(self.named("simpleType", node, name))

    def _facets(self, node: etree._Element) -> tuple[str, Facets]:
        """Return the same of a simple type."""
        (one,) = _one(_inside(node))
        if _kind(one) == "list":
            _only(one, {"itemType"})
            return f"list of {_meant(one, one.get('itemType', '')).removeprefix(XS)}", ()
        if _kind(one) != "restriction":
            raise _UnknownError(_kind(one))
        _only(one, {"base"})
        base, facets = self._named_form(one, one.get("base", ""))
        own = tuple((_kind(each), each.get("value", "")) for each in _inside(one))
        if len({name for name, _ in own}) < len(own):  # of several patterns or values one is enough
            raise _UnknownError(own)
        return base, facets + own


def _kind(node: etree._Element) -> str:
    return str(node.tag).removeprefix(XS)


def _tag(space: str | None, name: str) -> str:
    return f"{{{space}}}{name}" if space else name


def _meant(node: etree._Element, name: str) -> str:
    """Tag that a name with a prefix stands for."""
    prefix, _, local = name.rpartition(":")
    return _tag(node.nsmap.get(prefix or None), local)


def _inside(node: etree._Element) -> list[etree._Element]:
    return [each for each in node.iterchildren(etree.Element) if _kind(each) != "annotation"]


def _one(nodes: list[etree._Element]) -> list[etree._Element]:
    if len(nodes) != 1:
        raise _UnknownError(nodes)
    return nodes


def _only(node: etree._Element, attributes: set[str]) -> None:
    if strange := set(node.attrib) - attributes:
        raise _UnknownError(strange)


# Forms of texts

_DIGITS, _NAME = string.digits.encode(), (string.ascii_letters + string.digits + "._-").encode()
_FIRST, _HEX = (string.ascii_letters + "_").encode(), string.hexdigits.encode()
_BYTES: dict[tuple[str, Facets], tuple[int, int, bytes, bytes]] = {
    ("ID", ()): (1, MOST, _FIRST, _NAME),
    ("anyURI", (("pattern", "#.+"),)): (2, MOST, b"#", _NAME),
    ("string", (("pattern", "[0-9]{5}"),)): (5, 5, _DIGITS, _DIGITS),
    ("long", (("pattern", KINDS["int"].national), ("minInclusive", "0"))): (1, 18, _DIGITS, _DIGITS),
    ("token", (("pattern", KINDS["int"].vendor),)): (1, 18, _DIGITS, _DIGITS),
    ("token", (("pattern", f"({KINDS['int'].vendor})?"),)): (0, 18, _DIGITS, _DIGITS),
}
"""What is told by its bytes alone: least and most of them, the first, and those behind it."""
_LIKE: dict[tuple[str, Facets], tuple[bytes, bytes]] = {
    ("string", (("pattern", KINDS["guid"].national),)): (_HEX, b"00000000-0000-0000-0000-000000000000"),
}
"""What is like a text, with some of these bytes in the place of zeros."""
_UP_TO = (("minInclusive", "0"), ("maxInclusive", "99999999999999.9999"), ("fractionDigits", "4"))
_NUMBERS: dict[tuple[str, Facets], dict[str, int]] = {
    ("list of double", ()): {"least": 1, "most": 15, "behind": 15, "several": True},
    ("decimal", _UP_TO): {"least": 1, "most": 14, "behind": 4},
    ("token", (("pattern", KINDS["decimal"].vendor),)): {"least": 1, "most": 14, "behind": 18},
    ("token", (("pattern", f"({KINDS['decimal'].vendor})?"),)): {"least": 0, "most": 14, "behind": 18},
}
"""Numbers, of which there are the most: the digits that they may have."""
_RIGHT = {
    "string": r"[ -~]*",
    "token": r"([!-~]+( [!-~]+)*)?",
    "boolean": r"true|false|0|1",
    "long": r"[+\-]?[0-9]{1,18}",
    "positiveInteger": r"[1-9][0-9]{0,17}",
    "decimal": r"[+\-]?[0-9]{1,18}(\.[0-9]{1,18})?",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "dateTime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{3}|\.[0-9]{6})?(Z|[+\-](0[0-9]|1[0-3]):[0-5][0-9])?",
    "gYear": r"[1-9][0-9]{3}",
    "anyURI": r"EPSG:[0-9]+|urn:ogc:def:crs:EPSG::[0-9]+|https?://www\.opengis\.net/[A-Za-z0-9/.]+",
}
"""Built-in types, and the form in which their values mostly are written."""
_READ: dict[str, Callable[[str], object]] = {
    "date": dt.date.fromisoformat,
    "dateTime": dt.datetime.fromisoformat,
}
"""Those of which some texts of that form are no value; what reads one."""
_PLAIN = re.compile(
    r"([\w\-:/ #,(){}|?+*.]|\\[.\-+{}()]|\[([A-Za-z0-9]-[A-Za-z0-9]|[\w:.,+ ]|\\[\-+.])+\])*", re.ASCII
)
"""Patterns that mean the same to Python, of texts that print."""


@cache
def _form(base: str, facets: Facets) -> Form:
    """Return the form of texts of a built-in type for which all facets hold; it remembers texts."""
    form, names = native.walk.Form, [name for name, _ in facets]
    if known := _BYTES.get((base, facets)):
        return form(*known)
    if like := _LIKE.get((base, facets)):
        digits, text = like
        return form(len(text), len(text), digits, digits, like=text)
    if numbers := _NUMBERS.get((base, facets)):
        return form(**numbers)
    if base == "string" and set(names) <= {"minLength", "maxLength"} and len(set(names)) == len(names):
        lengths = {name: int(value) for name, value in facets}
        return form(lengths.get("minLength", 0), lengths.get("maxLength", MOST))
    if base not in _RIGHT:
        raise _UnknownError(base)
    checks = [_matching(_RIGHT[base]), *(_check(*facet) for facet in facets)]
    read = _READ.get(base, str)

    def right(said: bytes) -> bool:
        try:
            text = said.decode("ascii")
            return all(check(text) for check in checks) and read(text) is not None
        except (ValueError, ArithmeticError):  # the bound is none of a number
            return False

    return form(0, MOST, right=right)


def _check(name: str, value: str) -> Callable[[str], bool]:
    """Return what tells whether a facet holds for a text."""
    if name == "pattern" and _PLAIN.fullmatch(value):
        return _matching(value)
    if name == "minInclusive":
        return lambda text: Decimal(text) >= Decimal(value)
    if name == "maxInclusive":
        return lambda text: Decimal(text) <= Decimal(value)
    if name == "fractionDigits":
        return lambda text: len(text.partition(".")[2]) <= int(value)
    if name == "enumeration":
        return lambda text: text == value
    raise _UnknownError(name)


def _matching(pattern: str) -> Callable[[str], bool]:
    try:
        match = re.compile(pattern).fullmatch
    except re.error as error:
        raise _UnknownError(pattern) from error
    return lambda text: match(text) is not None
