"""What a spreadsheet shows and its values do not: error values, formulas nobody computed, what is hidden.

Only XLSX says so where it can be found without a look at each cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from landxml import archive
from landxml.faults import Fault
from landxml.safe_xml import parser

__all__ = ["flaws", "letters"]

_FLAW = re.compile(
    rb"""<(?:\w+:)?row\b[^>]*?\shidden=["'](?:1|true)["']"""
    rb"""|<(?:\w+:)?c\b[^>]*?\st=["']e["'][^>]*>"""
    rb"""|(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_SIGNS = (b"hidden=", b't="e"', b"t='e'", b"<f", b":f")
"""Of which there is one where there is a flaw: most sheets have none."""
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Z]+)(\d+)["']""")
_ROW = re.compile(rb"""\sr=["'](\d+)["']""")
_COLUMNS = re.compile(
    rb"""<(?:\w+:)?col\b(?=[^>]*?\shidden=["'](?:1|true))(?=[^>]*?\smin=["'](\d+))[^>]*?\smax=["'](\d+)"""
)


def letters(column: int) -> str:
    """Return the letters of a column, which counts from 0.

    >>> letters(0), letters(27), letters(160)
    ('A', 'AB', 'FE')
    """
    found = ""
    while column >= 0:
        column, digit = divmod(column, 26)
        column, found = column - 1, chr(65 + digit) + found
    return found


def flaws(path: Path) -> dict[str, list[Fault]]:
    """Return what is wrong with the cells of an XLSX, by sheet: of each kind the first place and a count.

    They are error values, formulas without a value, and hidden rows, which are read. Of hidden columns those
    beside each other are one flaw, whether they hold something or not.
    """
    with path.open("rb") as file:
        if file.read(4) != b"PK\3\4":
            return {}
        try:
            parts = {part.name: part for part in archive.entries(file)}
            titles = _titles(
                {name: b"".join(archive.inflate(file, parts[name])) for name in _INDEX if name in parts}
            )
            return {
                title: list(_found(archive.inflate(file, parts[name])))
                for title, name in titles.items()
                if name in parts
            }
        except (archive.ArchiveError, etree.XMLSyntaxError):
            return {}  # the reader says why


_INDEX = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")


def _titles(index: dict[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet, by its title."""
    if len(index) < len(_INDEX):
        return {}
    book, links = (etree.fromstring(index[name], parser()) for name in _INDEX)
    targets: dict[Any, str] = {
        link.get("Id"): link.get("Target") or "" for link in links.iter("{*}Relationship")
    }
    found = {}
    for sheet in book.iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
        target = targets.get(key, "")
        part = target[1:] if target.startswith("/") else str(PurePosixPath("xl", target))
        found[str(sheet.get("name"))] = part
    return found


def _found(blocks: Iterator[bytes]) -> Iterator[Fault]:
    first: dict[str, tuple[int, str]] = {}
    counts: dict[str, int] = {}
    above = True  # columns are told of before the first row
    for piece in _rows(blocks):
        for left, right in _COLUMNS.findall(piece) if above else ():
            said = {
                "column": letters(int(left) - 1),
                "count": int(right) - int(left) + 1,
                "detail": "columns",
            }
            yield Fault("row", "", 0, "", "", "", said)
        above = False
        for match in _FLAW.finditer(piece) if any(sign in piece for sign in _SIGNS) else ():
            detail, row, column = _flaw(piece, match)
            first.setdefault(detail, (row, column))
            counts[detail] = counts.get(detail, 0) + 1
    for detail, (row, column) in first.items():
        said = {"column": column, "count": counts[detail], "detail": detail}
        yield Fault("row" if detail == "hidden" else "cell", "", row, "", "", "", said)


def _flaw(piece: bytes, match: re.Match[bytes]) -> tuple[str, int, str]:
    text = match[0]
    if b"hidden" in text:
        number = _ROW.search(piece, match.start(), piece.find(b">", match.start()))
        return "hidden", int(number[1]) if number else 0, ""
    start = match.start()
    if text.startswith(b"</") or not _CELL.match(piece, start):
        start = max(piece.rfind(b"<c ", 0, start), piece.rfind(b":c ", 0, start) - 3, 0)
    cell = _CELL.search(piece, start)
    place = (int(cell[2]), cell[1].decode()) if cell else (0, "")
    return "error" if b"<" in text[:1] and b"t=" in text else "formula", *place


def _rows(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Join blocks so that no row is cut."""
    kept = b""
    for block in blocks:
        kept += block
        end = kept.rfind(b"</row>")
        if end > 0:
            yield kept[:end]
            kept = kept[end:]
    yield kept
