"""XSD validation of one record or one dossier, with messages that a rule can show in two languages.

libxml2 finds the violations, fast and with right lines; its English sentences are taken apart here into
reason, element, value and what was expected, and :mod:`landxml.content` says which mistake it is. Ids
used twice are left to the uniqueness rules, which see the whole delivery.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from landxml.content import foreign, foreign_attribute, mistake, records, similar
from landxml.dictionary import Kind
from landxml.errors import LandXmlError
from landxml.extract import BIG_LINE, line_of
from landxml.layouts import Layout
from landxml.reasons import Reason
from landxml.text import Text
from landxml.values import KINDS
from landxml.xsd_compile import schema

__all__ = ["Violation", "expected", "schema_of", "violations"]

_SHAPE = re.compile(r"Element '([^']*)'(?:, attribute '([^']*)')?: (?:\[facet '(\w+)'\] )?(.*)", re.DOTALL)
_VALUE = re.compile(r"(?:The value )?'(.*?)' (?:is |has )", re.DOTALL)
_EXPECTED = re.compile(
    r"(?:Expected is (?:one of )?\( (?P<elements>.*?) \)"
    r"|pattern '(?P<pattern>.*)'|(?:atomic|list|union) type '(?P<type>.*)'"
    r"|(?P<local>local atomic type)|The attribute '(?P<attribute>.*)' is required but missing"
    r"|allowed (?P<which>maximum|minimum) length of '(?P<length>\d+)'|of the set \{(?P<set>.*)\}"
    r"|(?P<bound>minimum|maximum) value allowed \('(?P<limit>[^']*)'\)|\('(?P<digits>\d+)'\))\.?$",
    re.DOTALL,
)
_NOTHING: dict[str, str | None] = dict.fromkeys(_EXPECTED.groupindex)
_NAMESPACE = re.compile(r"\{([^}]*)\}")
_PREFIXES = {
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:", "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.opengis.net/gml/3.2": "gml:",
}  # fmt: skip
"""Of attributes, as people write them; elements are named without."""
_NCNAME = re.compile(r"[^\W\d][\w.\-\u0300-\u036f]*$")
_REASONS: dict[str, Reason] = {
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "type",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "type",
    "SCHEMAV_CVC_ELT_1": "record",
}
_REPEATS = {"SCHEMAV_CVC_DATATYPE_VALID_1_2_2"}
"""Says of a whole list what was said of its item before."""
_DETAILS = {
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "attribute missing", "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "content",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "text", "SCHEMAV_CVC_TYPE_3_1_2": "content",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "attribute", "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "attribute",
    "SCHEMAV_CVC_TYPE_3_1_1": "attribute", "SCHEMAV_CVC_ELT_4_2": "attribute",
    "SCHEMAV_CVC_ELT_4_3": "attribute", "SCHEMAV_CVC_ELT_3_1": "nil", "SCHEMAV_CVC_ELT_3_2_1": "nil",
}  # fmt: skip
"""Violations that name their mistake themselves → which it is."""

Words = str | dict[str, str]
"""What a message names: the same in both languages, or one text for each."""


def _both(vi: str, en: str) -> Words:
    return {"vi": vi, "en": en}


_INTEGER, _NUMBER = _both("số nguyên", "integer"), _both("số", "number")
_TYPES: dict[str, Words] = {
    "soThapPhan": _both("số thập phân", "decimal"), "soNguyen": _INTEGER, "long": _INTEGER, "double": _NUMBER,
    "ngay": "yyyy-MM-dd", "nam": "yyyy", "thoiDiem": "yyyy-MM-ddTHH:mm:ss", "boolean": "true / false",
    "ID": _both("mã", "id"), "NCName": _both("mã", "id"),
}  # fmt: skip
_VENDOR: dict[Kind, Words] = {
    "int": _INTEGER, "decimal": _NUMBER, "bool": "0 / 1", "date": "dd/MM/yyyy",
    "datetime": "dd/MM/yyyy HH:mm:ss", "guid": "GUID",
}  # fmt: skip
_FORMS: dict[str, Words] = {
    pattern: wanted
    for kind, wanted in _VENDOR.items()
    for pattern in (KINDS[kind].vendor, f"({KINDS[kind].vendor})?")
} | {
    KINDS["int"].national: _INTEGER, KINDS["date"].national: _TYPES["ngay"],
    KINDS["datetime"].national: _TYPES["thoiDiem"], KINDS["year"].national: _TYPES["nam"],
    KINDS["guid"].national: "GUID",
}  # fmt: skip
"""Patterns that are the form of a type, and what people call it."""
LONGEST = 80
"""Characters of an offending value that are quoted; libxml2 quotes a wrong posList whole."""


_Known = dict[Any, dict[str, tuple[Any, str]]]
"""Children of the elements looked into so far: looking for each violation anew would be quadratic."""


class Violation(NamedTuple):
    """One violation: reason, line, path of the element, and the parameters of the message."""

    reason: Reason
    line: int
    path: str
    params: dict[str, Any]


@lru_cache(64)
def schema_of(layout: Layout) -> etree.XMLSchema:
    """Return the compiled schema of a layout, once per process.

    Raises
    ------
    LandXmlError
        If a file is missing or wrong, or the XSD refers to something outside of its folder.
    """
    path = layout.path(layout.schema)
    try:
        return schema(path, "" if layout.open else layout.namespace)
    except (OSError, etree.LxmlError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        vi, en = _INSIDE if isinstance(error, etree.XMLSchemaParseError) else ("", "")
        raise LandXmlError(Text(f"không dùng được: {said}{vi}", f"{said}{en}"), file=str(path)) from error


_INSIDE = (
    " (mọi lược đồ được import hoặc include phải là tệp trong thư mục này)",
    " (schemas that are imported or included must be files of this folder)",
)


def violations(
    schema: etree.XMLSchema, element: etree._Element, namespace: str | None = None
) -> list[Violation]:
    """Validate a record or a whole dossier; return what violates the schema, in document order.

    Where something stands in a wrong namespace, that is all that is returned: whatever else there is
    follows from it. ``namespace`` is that of national records, by default that of the built-in layout.
    """
    if schema.validate(element):
        return []
    found = list(_violations(schema, element, namespace))
    return [violation for violation in found if violation.reason == "namespace"][:1] or found


def expected(params: dict[str, Any]) -> tuple[str, str]:
    """Return what was expected instead of a violation, in Vietnamese and English."""
    wanted: Words = params["expected"]
    return (wanted["vi"], wanted["en"]) if isinstance(wanted, dict) else (wanted, wanted)


def _violations(
    schema: etree.XMLSchema, element: etree._Element, namespace: str | None
) -> Iterator[Violation]:
    known: _Known = {}
    broken = ""
    for entry in schema.error_log:  # type: ignore[attr-defined]
        found = _SHAPE.match(entry.message)
        if found is None or entry.type_name in _REPEATS:
            continue
        _, attribute, facet, text = found.groups()
        value = _VALUE.match(text)
        if attribute and value and text.endswith("'xs:ID'.") and _NCNAME.match(value.group(1)):
            continue
        node, path = _follow(element, entry.path or "", known)
        reason: Reason = "facet" if facet else _REASONS.get(entry.type_name, "structure")
        wanted = _EXPECTED.search(text)
        expected = wanted.groupdict() if wanted else _NOTHING
        params: dict[str, Any] = {"element": _name(node, attribute), "value": ""}
        params |= {"expected": "–", "detail": ""}
        if reason in {"structure", "record"}:
            broken = path
            said = _foreign(entry.type_name, node, expected, namespace) or _structure(
                entry.type_name, node, text, expected
            )
        elif path == broken and not attribute:  # what should hold a value holds something else
            continue
        else:
            # The message has no value where the length is wrong, and no end where it is very long.
            quoted = value.group(1) if value else node.text or ""
            said = _value(quoted, facet, expected)
        params |= said
        line = entry.line if entry.line < BIG_LINE else line_of(node)
        yield Violation(params.pop("instead", reason), line, path, params)


def _foreign(
    kind: str, node: etree._Element, expected: dict[str, str | None], namespace: str | None
) -> dict[str, Any]:
    """Say that it is the namespace which is wrong; nothing if it is not."""
    reason = None
    if kind in {"SCHEMAV_ELEMENT_CONTENT", "SCHEMAV_CVC_ELT_1"}:
        reason = foreign(node, _elements(expected), namespace)
    elif expected["attribute"]:
        reason = foreign_attribute(node, expected["attribute"])
    return {"instead": "namespace", "reason": reason} if reason else {}


def _structure(kind: str, node: etree._Element, text: str, expected: dict[str, str | None]) -> dict[str, Any]:
    """Say what is wrong with an element or an attribute as such."""
    if kind == "SCHEMAV_CVC_ELT_1":
        near = similar(_local(str(node.tag)), records())
        return {"detail": "misspelt", "expected": near} if near else {}
    if kind != "SCHEMAV_ELEMENT_CONTENT":
        return {"detail": _DETAILS.get(kind, ""), "expected": _prefixed(expected["attribute"] or "–")}
    wanted = [_local(tag) for tag in _elements(expected)]
    lacking = text.startswith("Missing")
    parent = node if lacking else node.getparent()
    if parent is None:
        return {}
    found = mistake(parent, None if lacking else node)
    if found is not None:
        return {**found._asdict(), "within": _name(parent)}
    detail = "missing" if lacking else "geometry" if "Polygon" in wanted else ""
    return {"detail": detail, "expected": _short(" / ".join(wanted)) or "–"}


def _value(quoted: str, facet: str | None, expected: dict[str, str | None]) -> dict[str, Any]:
    """Say what is wrong with a value."""
    said: dict[str, Any] = {"value": _short(quoted), "expected": _wanted(expected, facet)}
    if expected["pattern"] in _FORMS:
        said["instead"] = "type"
    if quoted != quoted.strip():
        said["detail"] = "blanks"
    return said


def _elements(expected: dict[str, str | None]) -> list[str]:
    return (expected["elements"] or "").split(", ") if expected["elements"] else []


def _follow(element: etree._Element, path: str, known: _Known) -> tuple[etree._Element, str]:
    """Return the element that a path of libxml2 names, and its path without prefixes."""
    node = element
    names = [_local(str(node.tag))]
    for step in path.strip("/").split("/")[1:]:
        if node not in known:
            known[node] = _steps(node)
        if step not in known[node]:  # libxml2 cuts names of thousands of letters short
            break
        node, name = known[node][step]
        names.append(name)
    return node, "/".join(names)


def _steps(parent: etree._Element) -> dict[str, tuple[etree._Element, str]]:
    """Return the children by the step that libxml2 writes for each, with the step that people read.

    libxml2 writes ``*`` for every element of a default namespace, which would tell a reader nothing.
    """
    below = list(parent.iterchildren("*"))
    same, seen = Counter(child.tag for child in below), Counter[str]()
    steps: dict[str, tuple[etree._Element, str]] = {}
    for child in below:
        name = _local(str(child.tag))
        prefixed = f"{child.prefix}:{name}" if child.prefix else name
        seen.update({"*", prefixed, child.tag})
        found = child, name + (f"[{seen[child.tag]}]" if same[child.tag] > 1 else "")
        for step in ("*", prefixed):
            steps.setdefault(step, found)
            steps[f"{step}[{seen[step]}]"] = found
    return steps


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _name(element: etree._Element, attribute: str | None = None) -> str:
    return _local(str(element.tag)) + (f"@{_prefixed(attribute)}" if attribute else "")


def _prefixed(attribute: str) -> str:
    """Write the name of an attribute as people do."""
    return _NAMESPACE.sub(lambda found: _PREFIXES.get(found[1], ""), attribute)


def _wanted(expected: dict[str, str | None], facet: str | None) -> Words:
    """Return what the schema wants of a value, in few words."""
    if expected["local"]:  # only numbers with bounds have types without a name that not every text fits
        return _INTEGER
    if expected["type"]:
        name = _local(expected["type"]).removeprefix("xs:")
        return _TYPES.get(name, name.removesuffix("Gia").removesuffix("Trong"))
    if expected["length"]:
        return _length(int(expected["length"]), most=expected["which"] == "maximum")
    if expected["limit"]:
        return f"{'≤' if expected['bound'] == 'maximum' else '≥'} {expected['limit']}"
    if expected["digits"]:
        number, digits = expected["digits"], facet == "fractionDigits"
        vi, en = ("chữ số thập phân", "decimals") if digits else ("chữ số", "digits")
        return _both(f"không quá {number} {vi}", f"at most {number} {en}")
    pattern = expected["pattern"] or (expected["set"] or "–").replace("'", "")
    return _FORMS.get(pattern, _short(pattern))


def _length(number: int, *, most: bool) -> Words:
    if most:
        return _both(f"không quá {number} ký tự", f"at most {number} characters")
    return (
        _both("không để trống", "not empty")
        if number == 1
        else _both(f"ít nhất {number} ký tự", f"at least {number} characters")
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
