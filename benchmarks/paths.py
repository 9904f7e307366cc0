"""The two ways into a national file: typed objects against bare parsing, and columns whatever is absent.

Bare parsing is measured twice: dropping each element once it has been read, as a reader whose memory does not
grow has to, and keeping the whole tree, which is quicker, but not what anyone can do with a large file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
from lxml import etree

import landxml
from benchmarks import processor
from landxml import native
from landxml.cast import create
from landxml.dictionary import Dictionary, national
from landxml.safe_xml import parser
from landxml_samples import package

__all__ = ["figures"]

PARCELS, RUNS = 5_000, 11
LIMITS = {"dropped": 1.5, "kept": 2.5, "absent": 1.1}
"""Of the walk in C; that in Python takes up to 2.5 and 3.5."""


def figures() -> Iterator[tuple[str, float, float]]:
    """Yield what was measured, the ratio, and the most that it may be."""
    with tempfile.TemporaryDirectory(prefix="landxml-bench-") as name:
        package.write(Path(name), parcels=PARCELS, communes=1)
        (file,) = Path(name).glob("*.gml")
        dropped = processor.ratio(lambda: _read(file), lambda: _dropped(file), RUNS)
        kept = processor.ratio(lambda: _read(file), lambda: _kept(file), RUNS)
        yield "objects: landxml.read / lxml.iterparse, elements dropped", dropped, LIMITS["dropped"]
        yield "objects: landxml.read / lxml.iterparse, tree kept", kept, LIMITS["kept"]
        root = etree.parse(file, parser()).getroot()
        absent, present = national(), _present(root)
        what = f"columns: {len(absent.classes)} classes / the {len(present.classes)} present"
        every = processor.ratio(lambda: _columns(root, absent), lambda: _columns(root, present), RUNS)
        yield what, every, LIMITS["absent"]


def _read(file: Path) -> None:
    for _ in landxml.read(file):
        pass


def _kept(file: Path) -> None:
    for _ in etree.iterparse(file):
        pass


def _dropped(file: Path) -> None:
    for _, element in etree.iterparse(file):
        element.clear()


def _present(root: etree._Element) -> Dictionary:
    """Return the national dictionary without the classes that a file does not have."""
    names = {etree.QName(element).localname for element in root.iter()}
    classes = {name: cls for name, cls in national().classes.items() if name in names}
    return msgspec.structs.replace(national(), classes=classes)


def _columns(root: etree._Element, dictionary: Dictionary) -> None:
    """Take every record of a parsed file into typed tables."""
    extractor = native.extractor(dictionary)
    for member in root:
        for record in member:
            extractor.add(record, "goi.gml")
    with duckdb.connect() as con:
        create(con, dictionary, extractor.take())
