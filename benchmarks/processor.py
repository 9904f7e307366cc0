"""Processor time: what a run takes of it, and its children that have ended; other processes hardly change it.

Workers are not among these children, because nothing waits for them: what is measured works with one process.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
from collections.abc import Callable

__all__ = ["ratio", "run", "seconds"]


def ratio(first: Callable[[], object], second: Callable[[], object], runs: int) -> float:
    """Median of the ratios of paired runs, after one pair that warms up."""
    pairs = [(seconds(first), seconds(second)) for _ in range(runs + 1)]
    return statistics.median(one / other for one, other in pairs[1:])


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of the processor that some work takes."""
    before = _used()
    work()
    return _used() - before


def run(command: list[str]) -> None:
    """Run a command, whatever it says."""
    subprocess.run(command, capture_output=True, check=False)


def _used() -> float:
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in times)
