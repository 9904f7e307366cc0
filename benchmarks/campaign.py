"""What groups and progress of a delivery add to the check that they follow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import processor
from landxml_campaign import classify, progress
from landxml_samples import package
from landxml_validator import validate

__all__ = ["figures"]

PARCELS, COMMUNES, RUNS, LIMIT = 20_000, 4, 3, 1.2


def figures(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, the ratio of processor times, and the limit.

    The check leaves its outcomes, and each count is compared with a check that finds them there: two whole
    checks differ by more than a count takes.
    """
    delivery = folder / "campaign"
    package.write(delivery, parcels=PARCELS, communes=COMMUNES)
    given: dict[str, Any] = {"workers": 1, "work": folder / "campaign-work"}
    check = partial(validate, delivery, **given)
    whole = processor.seconds(check)
    counts = [partial(count, delivery, **given) for count in (classify, progress)]
    added = [median(processor.seconds(one) - processor.seconds(check) for _ in range(RUNS)) for one in counts]
    yield "check, classify and progress / the check alone", 1 + sum(added) / whole, LIMIT
