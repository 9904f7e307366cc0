"""What offices hand over: workbooks against python-calamine, dossiers and their map against each alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import python_calamine

from benchmarks import processor
from landxml.faults import raised
from landxml.load import Loader, opened
from landxml.sources import find
from landxml_samples import package
from landxml_validator import validate

__all__ = ["figures"]

ROWS, PARCELS, RUNS = 20_000, 4_000, 3
LAYOUTS = ("vbdlis-sheet-129", "mplis-collection")
LIMITS = {"workbook": 3.0, "join": 1.2}


def figures(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, the ratio of processor times, and the limit."""
    for layout in LAYOUTS:
        package.write(folder / layout, layout=layout, parcels=ROWS)
        (book,) = (folder / layout).rglob("*.xlsx")
        ratio = processor.ratio(partial(_load, book), partial(_bare, book), RUNS)
        yield f"{layout}: read / python-calamine", ratio, LIMITS["workbook"]
    package.write(folder / "joined", layout="vbdlis", parcels=PARCELS, communes=2)
    maps = list((folder / "joined").rglob("*.gml"))
    dossiers = [path for path in (folder / "joined").iterdir() if path.is_dir()]
    ratio = processor.ratio(
        lambda: validate([*maps, *dossiers], workers=1),
        lambda: (validate(maps, workers=1), validate(dossiers, workers=1)),
        RUNS,
    )
    yield "join: dossiers with their map / each by itself", ratio, LIMITS["join"]


def _load(book: Path) -> None:
    for source in opened(find(book), raised):
        for _ in Loader().load(source, raised):
            pass


def _bare(book: Path) -> None:
    sheets = python_calamine.CalamineWorkbook.from_path(book)
    for name in sheets.sheet_names:
        sheets.get_sheet_by_name(name).to_python()
