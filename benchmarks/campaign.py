"""Groups and progress of a delivery against the check that they follow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import processor
from landxml_campaign import classify, progress
from landxml_samples import package
from landxml_validator import validate

__all__ = ["figures"]

PARCELS, COMMUNES, RUNS, LIMIT = 20_000, 4, 3, 1.2


def figures(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, the ratio of processor times, and the limit."""
    delivery = folder / "campaign"
    package.write(delivery, parcels=PARCELS, communes=COMMUNES)
    check = partial(validate, delivery, workers=1)
    for name, count in (("classify", classify), ("progress", progress)):
        yield (
            f"{name} / the check that it follows",
            processor.ratio(partial(count, delivery, workers=1), check, RUNS),
            LIMIT,
        )
