"""XSD validation of one record or one dossier, with messages that a rule can show in two languages.

libxml2 finds the violations, fast and with right lines; its English sentences are taken apart here into rule
code, element, value and what was expected. Ids used twice are left to the uniqueness rules, which see the
whole delivery.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from landxml.columns import BIG_LINE, line_of
from landxml.xsd import NATIONAL_FORMS, VENDOR_FORMS

__all__ = ["Violation", "violations"]

_SHAPE = re.compile(r"Element '([^']*)'(?:, attribute '([^']*)')?: (?:\[facet '(\w+)'\] )?(.*)", re.DOTALL)
_VALUE = re.compile(r"(?:The value )?'(.*?)' (?:is |has )", re.DOTALL)
_EXPECTED = re.compile(
    r"(?:Expected is (?:one of )?\( (?P<elements>.*?) \)"
    r"|pattern '(?P<pattern>.*)'|(?:atomic|list|union) type '(?P<type>.*)'"
    r"|(?P<local>local atomic type)|The attribute '(?P<attribute>.*)' is required but missing"
    r"|allowed (?P<which>maximum|minimum) length of '(?P<length>\d+)'"
    r"|(?P<bound>minimum|maximum) value allowed \('(?P<limit>[^']*)'\)|\('(?P<digits>\d+)'\))\.?$",
    re.DOTALL,
)
_NAMESPACE = re.compile(r"\{[^}]*\}")
_NCNAME = re.compile(r"[^\W\d][\w.\-\u0300-\u036f]*$")
_CODES = {
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "XSD002",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "XSD002",
    "SCHEMAV_CVC_ELT_1": "XSD005",
}
_REPEATS = {"SCHEMAV_CVC_DATATYPE_VALID_1_2_2"}
"""Says of a whole list what was said of its item before."""
_TYPES = {
    "soThapPhan": "decimal", "ngay": "yyyy-MM-dd", "nam": "yyyy", "thoiDiem": "yyyy-MM-ddTHH:mm:ss",
    "long": "integer", "boolean": "true / false", "double": "number", "ID": "id", "NCName": "id",
}  # fmt: skip
_FORMS = {
    pattern: wanted
    for kind, wanted in {
        "int": "integer", "decimal": "number", "bool": "0 / 1", "date": "dd/MM/yyyy",
        "datetime": "dd/MM/yyyy HH:mm:ss", "guid": "GUID",
    }.items()
    for pattern in (VENDOR_FORMS[kind], f"({VENDOR_FORMS[kind]})?")
} | {
    NATIONAL_FORMS["date"]: _TYPES["ngay"], NATIONAL_FORMS["datetime"]: _TYPES["thoiDiem"],
    NATIONAL_FORMS["year"]: _TYPES["nam"], NATIONAL_FORMS["guid"]: "GUID",
}  # fmt: skip
"""Patterns that are the form of a type, and what people call it."""
LONGEST = 80
"""Characters of an offending value that are quoted; libxml2 quotes a wrong posList whole."""


_Known = dict[Any, dict[str, tuple[Any, str]]]
"""Children of the elements looked into so far: looking for each violation anew would be quadratic."""


class Violation(NamedTuple):
    """One violation: rule code, line, path of the element, and the parameters of the message."""

    code: str
    line: int
    path: str
    params: dict[str, str]


def violations(schema: etree.XMLSchema, element: etree._Element) -> Iterator[Violation]:
    """Validate a record or a whole dossier, and yield what violates the schema, in document order."""
    if schema.validate(element):
        return
    known: _Known = {}
    for entry in schema.error_log:  # type: ignore[attr-defined]
        found = _SHAPE.match(entry.message)
        if found is None or entry.type_name in _REPEATS:
            continue
        name, attribute, facet, text = found.groups()
        value = _VALUE.match(text)
        expected = _EXPECTED.search(text)
        if attribute and value and text.endswith("'xs:ID'.") and _NCNAME.match(value.group(1)):
            continue
        node, path = _follow(element, entry.path or "", known)
        code = "XSD003" if facet else _CODES.get(entry.type_name, "XSD001")
        # The message has no value where the length is wrong, and no end where it is very long.
        quoted = value.group(1) if value else (node.text or "") if code in {"XSD002", "XSD003"} else ""
        params = {
            "element": _NAMESPACE.sub("", f"{name}@{attribute}" if attribute else name),
            "value": _short(quoted),
            "expected": _short(_wanted(expected, facet)) if expected else "–",
            "detail": _detail(entry.type_name, text),
        }
        if expected and expected["pattern"] in _FORMS:
            code, params["expected"] = "XSD002", _FORMS[expected["pattern"]]
        line = entry.line if entry.line < BIG_LINE else line_of(node)
        yield Violation(code, line, path, params)


def _follow(element: etree._Element, path: str, known: _Known) -> tuple[etree._Element, str]:
    """Return the element that a path of libxml2 names, and its path without prefixes."""
    node = element
    names = [etree.QName(node).localname]
    for step in path.strip("/").split("/")[1:]:
        if node not in known:
            known[node] = _steps(node)
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
        prefixed = _qualified(child)
        seen.update({"*", prefixed, child.tag})
        number = f"[{seen[child.tag]}]" if same[child.tag] > 1 else ""
        found = child, etree.QName(child).localname + number
        for name in ("*", prefixed):
            steps.setdefault(name, found)
            steps[f"{name}[{seen[name]}]"] = found
    return steps


def _qualified(element: etree._Element) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name


def _wanted(found: re.Match[str], facet: str | None) -> str:
    """Return what the schema wants, short and without namespaces."""
    parts = found.groupdict()
    if parts["local"]:  # only numbers with bounds have types without a name that not every text fits
        return "integer"
    if parts["attribute"]:
        return "@" + _NAMESPACE.sub("", parts["attribute"])
    if parts["elements"]:
        return _NAMESPACE.sub("", parts["elements"])
    if parts["type"]:
        name = _NAMESPACE.sub("", parts["type"]).removeprefix("xs:")
        return _TYPES.get(name, name.removesuffix("Gia").removesuffix("Trong"))
    if parts["length"]:
        return f"{'≤' if parts['which'] == 'maximum' else '≥'} {parts['length']}"
    if parts["limit"]:
        return f"{'≤' if parts['bound'] == 'maximum' else '≥'} {parts['limit']}"
    return parts["pattern"] or f"{facet} {parts['digits']}"


def _detail(kind: str, text: str) -> str:
    """Say which of the structural violations it is."""
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_4":
        return "attribute missing"
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_2_3":
        return "text between elements"
    return "missing" if text.startswith("Missing") else "unexpected" if "not expected" in text else ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
