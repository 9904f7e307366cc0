"""How long a conversion takes against the check of the same dossiers; its memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from benchmarks import processor
from landxml_mappings import convert
from landxml_samples import package
from landxml_validator import validate

__all__ = ["figures"]

DOSSIERS, PARCELS, RUNS = 5_000, 5_000, 3
MANY = 20_000
"""Dossiers that fill several batches: as long as they are fewer, each adds to what is held at a time."""
LIMIT, GROWTH = 2.0, 1.5


def figures(folder: Path, peak: Callable[[list[str]], float]) -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, its value and the limit; ``peak`` measures the memory of a command, MB."""
    once, many, fourfold = folder / "ho-so.zip", folder / "ho-so-1.zip", folder / "ho-so-4.zip"
    package.write(once, layout="vbdlis-xml", parcels=DOSSIERS)
    number = count()
    ratio = processor.ratio(
        lambda: convert(once, folder / f"goi-{next(number)}.gml", to="national"),
        lambda: validate([once], workers=1),
        RUNS,
    )
    yield "convert: dossiers to national / their check", ratio, LIMIT
    package.write(folder / "quoc-gia.zip", parcels=PARCELS)
    ratio = processor.ratio(
        lambda: convert(folder / "quoc-gia.zip", folder / f"thua-{next(number)}.gml", to="vbdlis-gml"),
        lambda: validate([folder / "quoc-gia.zip"], workers=1),
        RUNS,
    )
    yield "convert: national to vbdlis-gml / its check", ratio, LIMIT
    if not Path("/proc/self/smaps_rollup").exists():
        return
    package.write(many, layout="vbdlis-xml", parcels=MANY)
    package.write(fourfold, layout="vbdlis-xml", parcels=4 * MANY)
    peaks = [peak(_command(path)) for path in (many, fourfold)]
    yield "convert: peak memory with 4 times the dossiers / peak", peaks[1] / peaks[0], GROWTH


def _command(path: Path) -> list[str]:
    return [
        sys.executable, "-m", "landxml_cli", "convert", str(path), "-o", f"{path}.gml", "--to", "national",
        "--quiet",
    ]  # fmt: skip
