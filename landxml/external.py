"""A layout that is not built in, such as an official schema one day: a folder with a manifest and XSDs.

Nothing is known of it but its XSD, so documents are checked against that and their records are counted. See
``docs/profiles.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from lxml import etree
from msgspec import Meta

import landxml_schemas
from landxml.errors import LandXmlError
from landxml.extract import GML_ID
from landxml.loading import Fault, parse_fault
from landxml.recognise import Sniff
from landxml.safe_xml import Readable, members, parser, problem, schema
from landxml.xsd_check import violations

__all__ = ["LARGEST", "External", "check", "load"]

MANIFEST = "layout.toml"
LARGEST = 64_000_000
"""Bytes of a document that is checked whole; larger ones need ``member`` in the manifest."""
NAMES = 1_000
"""Most names of records that are told apart; a report does not grow with what stands in the data."""

_INSIDE = (
    " (mọi lược đồ được import hoặc include phải là tệp trong thư mục này)",
    " (schemas that are imported or included must be files of this folder)",
)


class External(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The manifest of a layout, ``layout.toml``.

    Attributes
    ----------
    id, root, namespace
        Name of the layout in reports; its root element, and the namespace of that.
    schema
        File name of the XSD, beside the manifest.
    member
        Element below the root that holds one record (or more), each declared globally in the XSD. Documents
        of any size are then read record by record; what stands outside of members is not checked. Without
        it documents are checked whole.
    title, evidence, extension, dictionary
        For readers, as in the manifests of the built-in layouts.
    folder
        Where the manifest stands.
    """

    id: str
    root: str
    schema: str
    namespace: str = ""
    member: Annotated[str, Meta(pattern=r"^[\w.\-]*$")] = ""
    title: dict[str, str] = {}
    evidence: dict[str, str] = {}
    extension: str = ""
    dictionary: str = ""
    folder: str = ""

    def owns(self, found: Sniff) -> bool:
        """Tell whether a document is of this layout, by its root element."""
        return (found.root, found.namespace) == (self.root, self.namespace)


def load(folder: Path) -> External:
    """Read the manifest in a folder, and try its XSD.

    Raises
    ------
    LandXmlError
        If a file is missing or wrong, or the XSD refers to something outside of its folder.
    """
    path = folder / MANIFEST
    try:
        layout = msgspec.toml.decode(path.read_bytes(), type=External)
        path = folder / layout.schema
        schema(path)
    except (OSError, msgspec.MsgspecError, ValueError, etree.LxmlError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        vi, en = _INSIDE if isinstance(error, etree.XMLSchemaParseError) else ("", "")
        raise LandXmlError(f"{said}{en}", vi=f"không dùng được: {said}{vi}", file=str(path)) from error
    if layout.id in landxml_schemas.layouts():
        raise LandXmlError(
            f"“{layout.id}” is the name of a built-in layout; choose another",
            vi=f"“{layout.id}” là tên của một định dạng có sẵn; hãy chọn tên khác",
            file=str(path),
        )
    return msgspec.structs.replace(layout, folder=str(folder))


def check(stream: Readable, file: str, layout: External, report: Callable[[Fault], None]) -> Counter[str]:
    """Check a document against the XSD of its layout, and count its records by the names of their elements.

    A quoted value may be personal data, and nothing says which is: findings hold it in clear.
    """
    compiled = schema(Path(layout.folder, layout.schema))
    counts: Counter[str] = Counter()
    try:
        for part, records in _streamed(stream, layout.member) if layout.member else _whole(stream):
            for name in map(_name, records.values() or [part]):
                counts[name if name in counts or len(counts) < NAMES else "…"] += 1
            for found in violations(compiled, part):
                record = records.get("".join(found.path.split("/")[1:2]), part)
                identifier = record.get(GML_ID) or record.get("id") or ""
                report(
                    Fault(found.code, file, found.line, _name(record), identifier, found.path, found.params)
                )
    except etree.XMLSyntaxError as error:
        report(parse_fault(problem(error), file))
    return counts


def _streamed(stream: Readable, member: str) -> Iterator[tuple[etree._Element, dict[str, etree._Element]]]:
    """Yield the records one by one."""
    for element in members(stream, [f"{{*}}{member}"]):
        for record in element.iterchildren("*"):
            yield record, {}


def _whole(stream: Readable) -> Iterator[tuple[etree._Element, dict[str, etree._Element]]]:
    """Yield the root of the document, and its children by the steps that paths of violations have."""
    root = etree.fromstring(stream.read(), parser())
    children = list(root.iterchildren("*"))
    same, seen = Counter(map(_name, children)), Counter[str]()
    steps = {}
    for child in children:
        name = _name(child)
        seen[name] += 1
        steps[f"{name}[{seen[name]}]" if same[name] > 1 else name] = child
    yield root, steps


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
