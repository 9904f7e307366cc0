"""Tasks one after another, in this process: for little data. What kills this process ends the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landxml_validator.executors import Advance, R, T, Work

__all__ = ["run"]


def run(work: Work[T, R], rounds: Iterable[Iterable[T]], advance: Advance) -> Iterator[R]:
    """Yield the result of each task, in their order."""
    with work() as function:
        for tasks in rounds:
            for task in tasks:
                yield function(task, advance)
