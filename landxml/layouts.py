"""Layouts: each is a folder of data, with a manifest ``layout.toml``, an XSD, and often a dictionary.

Those in ``landxml_schemas`` are built in; a folder elsewhere is a layout like them (``docs/profiles.md``).
No code asks for a layout by its id: it asks for its carrier, its model, or what it is capable of.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

import landxml_schemas
from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["Capability", "Collection", "Layout", "Sheet", "builtin", "load", "national", "rivals"]

MANIFEST = "layout.toml"

Capability = Literal["geometry", "metadata", "dossier", "registration", "revert", "scans", "writes"]
"""What documents can hold: boundaries of parcels, metadata of the delivery, registrations, a second name of
the CRS of each boundary (``srsRevert``), files of scanned papers. ``dossier``: each is one dossier and
stands for itself. ``writes``: they can be written, and written again with changes."""

Name = Annotated[str, Meta(pattern=r"^[\w.\-]*$")]
"""Name of an element, without prefix."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sheet of a workbook as the template of its layout has it; files that are read may differ.

    Attributes
    ----------
    name
        Of the sheet.
    header, items, first
        Rows that name the columns; the row of item numbers, 0 without one; the first row of data.
    """

    name: str
    header: tuple[int, ...] = (1,)
    items: int = 0
    first: int = 2


class Collection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a collection of features is written by its maker; one that is read may differ.

    Attributes
    ----------
    start
        Start tag of the root, whose prefix members have too.
    prefix
        Of records and what is in them.
    """

    start: str
    prefix: str


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The manifest of a layout.

    Attributes
    ----------
    id, title, evidence
        Name in reports; what it is, and what is known of it.
    root, namespace
        Root element by which XML documents are recognised, and the namespace of that; ``*`` if it may be any
        (:attr:`open`).
    carrier
        How bytes become records, a module of :mod:`landxml.carriers`: ``gml``, members that are streamed;
        ``dossier``, small documents that are parsed whole; ``collection``, such documents of any root;
        ``xml``, of which the XSD is all that is known; ``workbook``, ``layer`` and ``json``, whose one class
        is the row (:attr:`flat`).
    model
        ``national`` if classes and elements are those of the national model, in whatever namespace.
    capabilities
        What its documents can hold, and what can be done with them.
    schema, dictionary
        Names of files beside the manifest: the XSD; the elements as a table, where there is one.
    member, metadata
        Elements below the root that hold one record (of ``xml``: or more), and the metadata, which come
        first. Without ``metadata`` what stands outside of members is not checked.
    sheet, collection
        Of a workbook: what its template looks like. Of members that are not those of a national package: how
        they are written.
    extension
        Suffix of its files, without the dot.
    folder, mapping
        Where the manifest stands, and the file of a mapping in the place of its own; never in the manifest.
    """

    id: str
    root: Name = ""
    namespace: str = ""
    schema: str = ""
    carrier: str = "xml"
    model: Literal["", "national"] = ""
    capabilities: frozenset[Capability] = frozenset()
    dictionary: str = ""
    member: Name = ""
    metadata: Name = ""
    sheet: Sheet | None = None
    collection: Collection | None = None
    extension: str = "xml"
    title: Text = Text(vi="", en="")
    evidence: Text = Text(vi="", en="")
    folder: str = ""
    mapping: str = ""

    def __hash__(self) -> int:
        """Layouts are keys of many caches, and asked for per record."""
        return hash(self.id)

    @property
    def flat(self) -> bool:
        """Its records are rows of one class, told apart by the names of their columns."""
        return self.carrier in {"workbook", "layer", "json"}

    @property
    def open(self) -> bool:
        """Its elements are known by their names, in whatever namespaces a document has them."""
        return self.namespace == "*"

    def bound(self, namespace: str) -> Layout:
        """Return the layout with the namespace of one document, where its own leaves that open."""
        return msgspec.structs.replace(self, namespace=namespace) if self.open else self

    def path(self, name: str) -> Path:
        """Return the path of a file that stands beside the manifest."""
        return Path(self.folder, name)

    def tag(self, name: str) -> str:
        """Return the tag of an element of its namespace, as lxml writes it."""
        return f"{{{self.namespace}}}{name}" if self.namespace else name


@cache
def builtin() -> dict[str, Layout]:
    """Return the layouts that ship with the package, by id."""
    found = map(_decoded, landxml_schemas.layouts())
    return {layout.id: layout for layout in found}


@cache
def national() -> Layout:
    """Return the built-in layout of the national model."""
    return next(layout for layout in builtin().values() if layout.model == "national")


def rivals(layout: Layout) -> tuple[Layout, ...]:
    """Return the layouts of a carrier among which columns decide; one that is not built in comes first."""
    known = [each for each in builtin().values() if each.carrier == layout.carrier]
    if layout in known:
        return tuple(known)
    return (layout, *(each for each in known if each.id != layout.id))


def load(folder: Path) -> Layout:
    """Read the manifest in a folder.

    Raises
    ------
    LandXmlError
        If it is missing or wrong, or has the id of a built-in layout.
    """
    path = folder / MANIFEST
    try:
        layout = _decoded(folder)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise LandXmlError(Text(f"không dùng được: {said}", said), file=str(path)) from error
    if layout.id in builtin():
        raise LandXmlError(
            Text(
                f"“{layout.id}” là tên của một định dạng có sẵn; hãy chọn tên khác",
                f"“{layout.id}” is the name of a built-in layout; choose another",
            ),
            file=str(path),
        )
    return layout


def _decoded(folder: Path) -> Layout:
    layout = msgspec.toml.decode((folder / MANIFEST).read_bytes(), type=Layout)
    if layout.model and (layout.carrier != "gml" or not layout.member):
        raise ValueError('model = "national" needs carrier = "gml" and a member')
    collected = layout.carrier == "gml" and "writes" in layout.capabilities
    if collected and not (layout.model or layout.collection):
        raise ValueError("a collection that can be written needs [collection]")
    return msgspec.structs.replace(layout, folder=str(folder))
