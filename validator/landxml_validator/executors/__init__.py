"""Executors carry out the tasks of a run: ``serial`` here, ``local`` beside, ``cluster`` anywhere.

An executor is a function ``run(work, rounds, advance)`` that yields what came of each task, in any order, but
of those of a round before the next one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from landxml.text import Text

__all__ = ["MOST_LOST", "Advance", "Cluster", "Divisible", "Executor", "Lost", "Work"]


MOST_LOST = 100
"""Documents that may each cost a process; beyond that it is the machine, not the data."""


class Divisible(Protocol):
    """A task: picklable, and carried out again in halves when a process died of it."""

    def halves(self) -> Sequence[Self]:
        """Return two tasks that together are this one; none if it is one document."""


T = TypeVar("T", bound=Divisible)
R = TypeVar("R")

Advance = Callable[[int], None]
"""Told of bytes that were read."""

Work = Callable[[], AbstractContextManager[Callable[[T, Advance], R]]]
"""What a process enters once, and gets the function for its tasks; picklable."""


class Lost(NamedTuple, Generic[T]):
    """Instead of a result: the task of one document that no process survived, and why."""

    task: T
    reason: Text


class Executor(Protocol):
    """How tasks are carried out."""

    def __call__(
        self, work: Work[T, R], rounds: Iterable[Iterable[T]], advance: Advance
    ) -> Iterator[R | Lost[T]]:
        """Yield the result of each task, in any order; ``advance`` is called in this thread.

        A round of tasks is taken when all results of the one before have been.
        """


class Cluster(NamedTuple):
    """Where a scheduler of Dask listens.

    Attributes
    ----------
    address
        Such as ``tls://host:8786``.
    insecure
        Whether ``tcp://`` to another machine is allowed, where everyone on the way can read and change what
        is sent.
    """

    address: str
    insecure: bool = False
