"""What two processes do together, by the clock: full checks of a size at which their start hardly counts."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import cluster, yardsticks
from landxml_samples import package
from landxml_validator import validate

__all__ = ["figures"]

PARCELS, COMMUNES, DOSSIERS, RUNS = 80_000, 4, 80_000, 5
NATIONAL, VENDOR, BETWEEN, CLUSTER = 2.0, 3.0, 1 / 1.8, 1 / (2 * 0.85)
IDLE = 0.5
"""Processes that wait for the processor, beyond which the clock says nothing."""


def figures(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, its value and its limit; nothing on a machine with less than two free cores."""
    if os.getloadavg()[0] >= IDLE or (os.cpu_count() or 1) < 2:
        print("clock: not measured, because others work on this machine", file=sys.stderr)
        return
    what, bare = yardsticks.schema_check()
    package.write(folder / "communes", parcels=PARCELS, communes=COMMUNES)
    files = sorted((folder / "communes").glob("*.gml"))
    against, between = _ratios(lambda: bare(files), folder / "communes")
    yield f"clock: national, 2 processes / {what}", against, NATIONAL
    yield "clock: national, 2 processes / 1", between, BETWEEN
    dask = cluster.check(folder / "communes", 2) / cluster.check(folder / "communes", 1)
    yield "clock: national on a Dask cluster, 2 workers / 1", dask, CLUSTER
    package.write(folder / "dossiers", layout="vbdlis-xml", parcels=DOSSIERS, communes=COMMUNES)
    files = sorted((folder / "dossiers").rglob("*.xml"))
    against, between = _ratios(lambda: yardsticks.parse(files), folder / "dossiers")
    yield "clock: vbdlis-xml, 2 processes / lxml.fromstring", against, VENDOR
    yield "clock: vbdlis-xml, 2 processes / 1", between, BETWEEN


def _ratios(yardstick: Callable[[], None], path: Path) -> Iterator[float]:
    """Yield the medians of the time with two processes, divided by that of the yardstick, and with one."""
    works = (yardstick, partial(validate, path, workers=1), partial(validate, path, workers=2))
    os.sync()  # or what was just written goes to the disk beside the first
    rounds = [[_seconds(work) for work in works] for _ in range(RUNS)]
    for other in (0, 1):
        yield statistics.median(seconds[2] / seconds[other] for seconds in rounds)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
