"""Tasks: pieces of a delivery that are checked each for itself, whoever does it and whenever."""

from __future__ import annotations

import hashlib
import pickle  # noqa: TID251 - made and read in the processes of one run
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from landxml.documents import Document

__all__ = ["LARGE", "Task", "cut", "divided", "packed"]

LARGE = 1_000_000
"""Bytes of a document that is a task of its own: it takes longer than what a task costs by itself."""
TASK = 48_000_000
"""Bytes of small documents in one task: some thousands of dossiers, which the rules look at together."""
LEAST = 3_000_000
"""Bytes of the smallest. Where outcomes are kept come twice, four times and so on as many, so that a file
more or less in the delivery does not cut all of it anew."""
MARK = 64
"""On average a run ends after so many documents."""


class Run(NamedTuple):
    """Documents in a row as they are kept until their turn comes: there are millions, and few bytes for each.

    ``ends`` tells that the name of the last one ended it, not its length.
    """

    kept: bytes
    size: int
    documents: int
    ends: bool


class Task(NamedTuple):
    """Documents that are checked together; the same ones wherever the delivery is cut in the same way."""

    runs: tuple[Run, ...]

    @property
    def size(self) -> int:
        """Bytes of the documents."""
        return sum(run.size for run in self.runs)

    @property
    def documents(self) -> Iterator[Document]:
        """The documents, in order."""
        for run in self.runs:
            yield from pickle.loads(zlib.decompress(run.kept))  # noqa: S301 - from a process of this run

    @property
    def id(self) -> str:
        """Digest of names, sizes, and checksums in archives or times of change: equal for equal data."""
        digest = hashlib.sha256()
        for document in self.documents:
            entry = document.entry
            digest.update(
                repr((document.name, document.size, document.changed, entry and entry.crc)).encode()
            )
        return digest.hexdigest()[:32]

    def halves(self) -> list[Task]:
        """Return two tasks that together are this one; none if it is one document."""
        runs = self.runs if len(self.runs) > 1 else [_run([each]) for each in self.documents]
        middle = len(runs) // 2
        return [Task(tuple(runs[:middle])), Task(tuple(runs[middle:]))] if middle else []


def packed(documents: Iterable[Document]) -> Iterator[Run]:
    """Yield runs of documents: large ones alone, others in the order in which they come.

    Where a run ends depends on names, so that a file more or less changes one run and not all behind it.
    """
    taken: list[Document] = []
    size = 0
    for document in documents:
        if document.size >= LARGE:
            yield _run([document])
            continue
        taken.append(document)
        size += document.size
        ends = zlib.crc32(document.name.encode()) % MARK == 0
        if ends or size >= LARGE:
            yield _run(taken, ends=ends)
            taken, size = [], 0
    if taken:
        yield _run(taken, ends=True)


def _run(documents: list[Document], *, ends: bool = False) -> Run:
    kept = zlib.compress(pickle.dumps(documents), 1)
    return Run(kept, sum(document.size for document in documents), len(documents), ends)


def divided(runs: Iterable[Run], count: int) -> Iterator[Task]:
    """Yield the tasks of a delivery: each large document, others in ``count`` equal shares or a multiple."""
    small = []
    for run in runs:
        if _alone(run):
            yield Task((run,))
        else:
            small.append(run)
    weight = sum(map(_weight, small))
    shares = min(count * -(-weight // (count * TASK)), -(-weight // LEAST))
    taken: list[Run] = []
    done = made = 0
    for run in small:
        taken.append(run)
        done += _weight(run)
        if done * shares >= weight * (made + 1):
            yield Task(tuple(taken))
            taken, made = [], made + 1


def _weight(run: Run) -> int:
    return run.size + run.documents  # those of no bytes count too


def _alone(run: Run) -> bool:
    """Whether a run is one large document."""
    return run.documents == 1 and run.size >= LARGE


def cut(runs: Iterable[Run], size: int) -> Iterator[Task]:
    """Yield tasks whose outcomes are kept: each large document, and others by about ``size`` bytes."""
    least = LEAST
    while least * 1.5 < min(size, TASK):
        least *= 2
    ready: list[Run] = []
    taken: list[Run] = []
    for run in runs:
        if _alone(run):
            yield Task((run,))
            continue
        taken.append(run)
        if run.ends and sum(each.size for each in taken) >= least:
            if ready:
                yield Task(tuple(ready))
            ready, taken = taken, []
    if sum(run.size for run in taken) < least / 2:  # a task costs something by itself
        ready, taken = ready + taken, []
    yield from (Task(tuple(each)) for each in (ready, taken) if each)
