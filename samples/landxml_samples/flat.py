"""Workbooks and map layers: what a national package holds, as far as a layout has columns for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from landxml.layouts import builtin
from landxml_mappings import convert, tables

__all__ = ["FAULTS", "dossier_of", "file_name", "write"]

_SHEETS = "COD004 LND001 LND002 LND005 PTY005 CRT002 CRT007"
FAULTS: Mapping[str, frozenset[str]] = {
    layout: frozenset(codes.split())
    for layout, codes in {
        "parcel-layer": "COD004 LND002 GEO002 GEO003 GEO004 ADM003",
        "ilis-sheet": f"{_SHEETS} CRT001 CRT003 CRT005 CRT006",
        "mplis-collection": f"{_SHEETS} COD002 PTY004 PTY006 CRT001 CRT003 CRT005 CRT006",
        "plan515-sheet": f"{_SHEETS} PTY006",
        "vbdlis-sheet-129": f"{_SHEETS} LND004 LND006",
        "vbdlis-sheet-161": f"{_SHEETS} COD001 COD002 LND004 LND006 PTY004 CRT001 CRT003 CRT005 CRT006",
        "mplis-json": "COD001 COD002 COD004 LND001 LND002 LND004 LND005 LND008 LND009 LND010 LND011 LND012"
        " LND013 LND015 PTY001 PTY003 PTY004 PTY005 PTY006 PTY007 PTY008 PTY009 PTY010 PTY011 PTY012 CRT001"
        " CRT005 CRT006 CRT008 CRT010 CRT011 CRT012 ADM001 ADM002 ADM005",
        "collection-xml": "COD002 LND002 LND008 LND011 PTY002 PTY004 PTY007 PTY008 PTY009 PTY011 CRT002"
        " CRT007 CRT008 CRT009 CRT012 UNQ002 UNQ003",
    }.items()
}
"""Faults that a layout of other software can hold; of a flat one in the first row of the parcel."""


def write(package: Path, path: Path, layout: str) -> dict[str, int]:
    """Write a national file in a flat layout; return in which row the parcel of each dossier stands first."""
    convert(package, path, to=builtin()[layout])
    first: dict[tuple[int, int], int] = {}
    for sheet, number, row in _parcels(path, "_at"):
        first[sheet, number] = min(row, first.get((sheet, number), row))
    return {dossier_of(name): first[sheet, number] for sheet, number, name in _parcels(package, "_id")}


def file_name(layout: str, name: str) -> str:
    """Return what a file of a layout is called."""
    return f"{name}.{builtin()[layout].extension}"


def dossier_of(name: str) -> str:
    """Return the dossier of which an id speaks."""
    return name.split(".")[1]


def _parcels(path: Path, column: str) -> Iterator[tuple[Any, ...]]:
    rows = tables(path)["ThuaDat"].select(["soHieuToBanDo", "soThuTuThua", column])
    return zip(*(each.to_pylist() for each in rows.columns), strict=True)
