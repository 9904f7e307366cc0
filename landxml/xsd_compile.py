"""Compiled schemas, closed to whatever lies outside of their folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from landxml.safe_xml import parser

__all__ = ["schema"]

_XSD = "http://www.w3.org/2001/XMLSchema"
_ID, _NAME = b'"xs:ID"', b'"xs:NCName"'


class _OwnFolder(etree.Resolver):
    """Lets a schema import and include only files of its own folder and below.

    Ids become plain names there: of an ``xs:ID``, libxml2 keeps the value for as long as its thread lives,
    a gigabyte for a province. Whether one occurs twice is for a rule to say, in all files together.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url: str, public_id: str | None, context: Any) -> Any:  # type: ignore[override]
        del public_id
        path = Path(unquote(url.removeprefix("file://"))).resolve()
        if "://" in url.removeprefix("file://") or not path.is_relative_to(self.folder):
            raise ValueError(f"a schema may not refer to {url}")
        content = path.read_bytes() if path.is_file() else b""
        if _ID in content:
            return self.resolve_string(content.replace(_ID, _NAME), context, base_url=str(path))
        return self.resolve_filename(str(path), context)  # type: ignore[attr-defined]


@lru_cache(64)
def schema(path: Path, namespace: str = "") -> etree.XMLSchema:
    """Return a compiled schema, once per process.

    Parameters
    ----------
    path
        Where it stands.
    namespace
        Of the documents; a schema that has no target namespace takes it.

    Raises
    ------
    lxml.etree.XMLSchemaParseError
        If the schema is wrong, or imports or includes anything outside its own folder.
    """
    path = path.resolve()
    reader = parser()
    reader.resolvers.add(_OwnFolder(path.parent))
    parsed = etree.parse(str(path), reader)
    if namespace and parsed.getroot().get("targetNamespace") is None:
        bound = etree.Element(f"{{{_XSD}}}schema", targetNamespace=namespace)
        etree.SubElement(bound, f"{{{_XSD}}}include", schemaLocation=path.name)
        base = str(path.with_name("bound.xsd"))
        parsed = etree.ElementTree(etree.fromstring(etree.tostring(bound), reader, base_url=base))
    return etree.XMLSchema(parsed)
