"""XSD validation of one record or one dossier, with messages that a rule can show in two languages.

libxml2 finds the violations, fast and with right lines; its English sentences are taken apart here into rule
code, element, value and what was expected. Ids used twice are left to the uniqueness rules, which see the
whole delivery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from landxml.xsd import VENDOR_FORMS

__all__ = ["Violation", "violations"]

_SHAPE = re.compile(r"Element '([^']*)'(?:, attribute '([^']*)')?: (?:\[facet '(\w+)'\] )?(.*)", re.DOTALL)
_VALUE = re.compile(r"(?:The value )?'(.*?)' (?:is |has )", re.DOTALL)
_EXPECTED = re.compile(
    r"(?:Expected is (?:one of )?\( (?P<elements>.*?) \)"
    r"|pattern '(?P<pattern>.*)'|(?:atomic|list|union) type '(?P<type>.*)'"
    r"|allowed (?P<which>maximum|minimum) length of '(?P<length>\d+)'"
    r"|(?P<bound>minimum|maximum) value allowed \('(?P<limit>[^']*)'\)|'(?P<digits>\d+)')\.?$",
    re.DOTALL,
)
_NAMESPACE = re.compile(r"\{[^}]*\}")
_NCNAME = re.compile(r"[^\W\d][\w.\-]*$")
_CODES = {
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "XSD002",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": "XSD002",
    "SCHEMAV_CVC_ELT_1": "XSD005",
}
_REPEATS = {"SCHEMAV_CVC_DATATYPE_VALID_1_2_2"}
"""Says of a whole list what was said of its item before."""
_TYPES = {
    "soThapPhan": "decimal", "ngay": "yyyy-MM-dd", "nam": "yyyy", "lienKet": "#id", "integer": "integer",
    "boolean": "true / false", "dateTime": "yyyy-MM-ddTHH:mm:ss", "double": "number", "ID": "id",
}  # fmt: skip
_FORMS = {
    pattern: wanted
    for kind, wanted in {
        "int": "integer", "decimal": "number", "bool": "0 / 1", "date": "dd/MM/yyyy",
        "datetime": "dd/MM/yyyy HH:mm:ss", "guid": "GUID",
    }.items()
    for pattern in (VENDOR_FORMS[kind], f"({VENDOR_FORMS[kind]})?")
}  # fmt: skip
LONGEST = 80
"""Characters of an offending value that are quoted; libxml2 quotes a wrong posList whole."""


class Violation(NamedTuple):
    """One violation: rule code, line, path of the element, and the parameters of the message."""

    code: str
    line: int
    path: str
    params: dict[str, str]


def violations(schema: etree.XMLSchema, element: etree._Element | etree._ElementTree) -> Iterator[Violation]:
    """Validate a record (or a document) and yield what violates the schema, in document order."""
    if schema.validate(element):
        return
    for entry in schema.error_log:  # type: ignore[attr-defined]
        found = _SHAPE.match(entry.message)
        if found is None or entry.type_name in _REPEATS:
            continue
        name, attribute, facet, text = found.groups()
        value = _VALUE.match(text)
        expected = _EXPECTED.search(text)
        if attribute and value and text.endswith("'xs:ID'.") and _NCNAME.match(value.group(1)):
            continue
        params = {
            "element": _NAMESPACE.sub("", f"{name}@{attribute}" if attribute else name),
            "value": _short(value.group(1)) if value else "",
            "expected": _short(_wanted(expected, facet)) if expected else "",
            "detail": _detail(entry.type_name, text),
        }
        code = "XSD003" if facet else _CODES.get(entry.type_name, "XSD001")
        if expected and expected["pattern"] in _FORMS:  # a vendor's types are patterns
            code, params["expected"] = "XSD002", _FORMS[expected["pattern"]]
        yield Violation(
            code, entry.line, _NAMESPACE.sub("", entry.path or "").replace("ld:", "").strip("/"), params
        )


def _wanted(found: re.Match[str], facet: str | None) -> str:
    """Return what the schema wants, short and without namespaces."""
    parts = found.groupdict()
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
