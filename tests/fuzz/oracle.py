"""Whether an output is right: by the exported schemas, the schema of the report, well-formed pages."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import xmlschema
from lxml import etree

from landxml.layouts import builtin
from landxml_reports import COMPLETE, FORMATS, render
from landxml_validator.report import Report
from tests.json_schema import mismatches

__all__ = ["Wrong", "check_report", "documents", "judge", "unharmed"]

ROOT = Path(__file__).parents[2]
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
READ = re.compile(r"^(?!.*__MACOSX).*/[^./][^/]*\.(xml|gml)$", re.IGNORECASE)
"""Names of what is always taken for data."""
SMALL = 100_000
"""Bytes up to which the slower engine is asked too."""
MANY = 100_000
"""Findings per rule that a report lists, so that each document can be found in it."""


class Wrong(Exception):  # noqa: N818 - a finding of the fuzzer
    """Something came out, but it is wrong."""


def documents(path: Path) -> dict[str, bytes]:
    """Return the documents of a file or archive by their names; none where an archive is odd."""
    data = path.read_bytes()
    if not data.startswith(b"PK"):
        return {"": data}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            found = {name.replace("\\", "/"): archive.read(name) for name in names}
            return found if len(found) == len(names) and all(map(str.isprintable, names)) else {}
    except Exception:  # noqa: BLE001 - zipfile raises whatever it likes, and is not what is tested
        return {}


@cache
def _schemas(name: str) -> tuple[etree.XMLSchema, xmlschema.XMLSchema]:
    path = str(builtin()[name].path(builtin()[name].schema))
    return etree.XMLSchema(etree.parse(path)), xmlschema.XMLSchema(path)


@cache
def _roots() -> dict[str, str]:
    """Return the layouts by the tags of their roots."""
    return {layout.tag(layout.root): name for name, layout in builtin().items()}


def judge(document: bytes) -> Literal["valid", "invalid", "unknown"]:
    """Judge a whole document by the exported schema of its layout, with two engines where it is small."""
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    try:
        tree = etree.parse(io.BytesIO(document), parser)
    except etree.XMLSyntaxError:
        return "invalid"
    layout = _roots().get(tree.getroot().tag)
    if layout is None or b"<!DOCTYPE" in document.replace(b"\0", b""):
        return "unknown"
    schema, other = _schemas(layout)
    if not schema.validate(tree):
        return "invalid"
    etree.strip_tags(tree, etree.PI)  # which the other one takes for elements
    return "valid" if len(document) > SMALL or other.is_valid(tree) else "invalid"


def unharmed(before: Path, after: Path) -> None:
    """Check that every valid document stayed valid.

    Raises
    ------
    Wrong
        If one did not, or is missing.
    """
    old, new = documents(before), documents(after)
    if old and old.keys() != new.keys():
        raise Wrong("documents are missing in what was written")
    if any(judge(data) == "valid" != judge(new[name]) for name, data in old.items()):
        raise Wrong("a valid document became invalid")


def check_report(report: Report, subject: Path) -> list[bytes]:
    """Check that a report is consistent, and agrees with the schemas; return it in all formats.

    Raises
    ------
    Wrong
        If it is not, or does not.
    """
    if (report.verdict == "conformant") != (not report.errors and report.verdict != "not-evaluated"):
        raise Wrong(f"{report.verdict} with {'some' if report.errors else 'no'} errors")
    for name, data in documents(subject).items():
        _check_document(report, f"{subject}!/{name}" if name else str(subject), judge(data))
    for result in report.results:
        if result.reason and re.search(r"(Error|Exception)\b", result.reason.en):
            raise Wrong(f"{result.rule.code} failed: {result.reason.en}")
    made = {format_: render(report, format_, "vi") for format_ in FORMATS if format_ not in COMPLETE}
    schema = json.loads((ROOT / "reports/landxml_reports/report.schema.json").read_bytes())
    if mismatches(json.loads(made["json"]), schema, schema["$defs"]):
        raise Wrong("the report does not meet its schema")
    etree.fromstring(made["iso19157"])
    check_page(made["html"])
    return list(made.values())


def _check_document(report: Report, name: str, judgement: str) -> None:
    if not READ.search(name) or not any(name.startswith(file.name) for file in report.files):
        return  # passed over
    found = {
        result.rule.code
        for result in report.results
        if result.severity == "error" or result.rule.code.startswith("XSD")
        for finding in result.samples
        if finding.file in {name, name.partition("!/")[0]}
    }
    if judgement == "invalid" and not found:
        raise Wrong("a document without an error, which its schema refuses")
    found -= {"XSD008"}  # a note on forms that the schema of dossiers takes
    if judgement == "valid" and (wrong := sorted(code for code in found if code.startswith("XSD"))):
        raise Wrong(f"{wrong[0]} in a document which its schema accepts")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Wrong("a page is not well-formed")


def check_page(document: bytes) -> None:
    """Check that every element of a page is closed.

    Raises
    ------
    Wrong
        If one is not.
    """
    page = _Page()
    page.feed(document.decode())
    if page.open:
        raise Wrong("a page is not well-formed")
