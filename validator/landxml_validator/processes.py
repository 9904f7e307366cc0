"""Several processes for one run: documents are dealt in small hands, and whoever is free takes the next.

The others are plain commands that this process talks to by pipes. ``multiprocessing`` would run the user's
script once more in each of them, which fails where it is not guarded by ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import os
import pickle  # noqa: TID251 - read only from processes that this one has started, or was started by
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import IO, BinaryIO, TypeVar, cast

from landxml.documents import Document
from landxml.errors import LandXmlError
from landxml_validator.ledger import Ledger
from landxml_validator.stages import Settings
from landxml_validator.worker import check

__all__ = ["share", "work"]

HAND_BYTES = 1_000_000
"""Bytes of documents that a process takes at a time: few enough that all end together."""
HAND_DOCUMENTS = 50
"""Most documents that a process takes at a time."""
LEFT_BYTES = 2_500_000
"""Bytes at the end that the first process leaves to the others: it began before them, so it has most records
to judge when all is read."""
HANDS = "hands"
"""File in the folder of a run with all hands."""
START = """\
import gc, pickle, signal, sys
for name in "SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT":  # it ends with the first process, which knows why
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
gc.set_threshold(100_000)  # what is made here by the hundred thousand has no cycles
try:
    sys.path[:] = pickle.load(sys.stdin.buffer)
except EOFError:  # stopped before it began
    sys.exit()
from landxml_validator.processes import work
work()
"""
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}
"""NumPy's threads would only take time to start: nothing here multiplies matrices."""

T = TypeVar("T")
_ENDED = "A process that was checking has ended; perhaps there is not enough memory."
_ENDED_VI = "Một tiến trình kiểm tra đã dừng đột ngột; có thể máy không đủ bộ nhớ."


def share(
    documents: Sequence[Document], settings: Settings, count: int, progress: Callable[[int], None]
) -> Iterator[Ledger]:
    """Check documents in several processes, this one among them, and yield the ledger of each.

    Parameters
    ----------
    documents, settings
        What to check, and how.
    count
        Processes, at least 2.
    progress
        Called in this thread, now and then, with the bytes read by all.
    """
    done = [0] * count

    def add(number: int, read: int) -> None:
        done[number] += read

    def advance(read: int) -> None:
        add(0, read)
        progress(sum(done))

    with ThreadPoolExecutor(count - 1) as threads:
        others: list[subprocess.Popen[bytes]] = []
        try:
            others.extend(_start() for _ in range(1, count))
            hands = _hands(documents)
            starts = _lay(hands, settings.folder)
            futures = [
                threads.submit(_listen, other, (number, settings, starts), add)
                for number, other in enumerate(others, 1)
            ]
            yield check(_dealt(settings.folder, _first(hands), list), 0, settings, advance)
            for future in futures:
                while not wait([future], timeout=0.2).done:
                    progress(sum(done))
                yield future.result()
        except BaseException:
            for other in others:
                other.kill()
            raise


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-P", "-c", START],  # -P: not the modules of a folder that may be a stranger's
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | ENVIRONMENT,
        # A group of its own: Ctrl-C is the first process's business.
        process_group=0 if os.name == "posix" else None,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _listen(
    other: subprocess.Popen[bytes], task: tuple[int, Settings, list[int]], add: Callable[[int, int], None]
) -> Ledger:
    """Tell another process what to do, and hear from it: bytes read, and last its ledger or an error."""
    into, out = cast("IO[bytes]", other.stdin), cast("IO[bytes]", other.stdout)
    try:
        with other:
            for message in (sys.path, task):
                pickle.dump(message, into)
            into.flush()
            while isinstance(message := pickle.load(out), int):  # noqa: S301 - from our own process
                add(task[0], message)
            other.wait()  # before its input is closed, which would tell it that this process has gone
    except (EOFError, BrokenPipeError) as error:
        raise LandXmlError(_ENDED, vi=_ENDED_VI) from error
    if isinstance(message, Exception):
        raise message
    return cast("Ledger", message)


def work() -> None:
    """Be one of the others: the task comes by standard input, what was found goes out by standard output."""
    number, settings, starts = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
    threading.Thread(target=_end_with_parent, args=(settings.folder,), daemon=True).start()
    untold = 0

    def tell(message: object) -> None:
        pickle.dump(message, sys.stdout.buffer)
        sys.stdout.flush()

    def advance(read: int) -> None:
        nonlocal untold
        untold += read
        if untold >= HAND_BYTES:
            tell(untold)
            untold = 0

    try:
        with Path(settings.folder, HANDS).open("rb") as file:
            documents = _dealt(settings.folder, starts, partial(_hand, file))
            tell(check(documents, number, settings, advance))
    except Exception as error:  # noqa: BLE001 - whatever it is, the first process has to know
        tell(error)
    os._exit(0)  # the first process waits, and tidying up takes a while


def _end_with_parent(folder: str) -> None:
    """Wait until the parent has gone, killed perhaps; then leave nothing behind."""
    os.read(sys.stdin.fileno(), 1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _hands(documents: Iterable[Document]) -> list[list[Document]]:
    hands: list[list[Document]] = [[]]
    size = 0
    for document in documents:
        if size >= HAND_BYTES or len(hands[-1]) >= HAND_DOCUMENTS:
            hands.append([])
            size = 0
        hands[-1].append(document)
        size += document.size
    return hands


def _first(hands: list[list[Document]]) -> list[list[Document]]:
    """Return the hands that the first process may take."""
    sizes = (sum(document.size for document in hand) for hand in reversed(hands))
    return hands[: len(hands) - sum(size <= LEFT_BYTES for size in accumulate(sizes))]


def _lay(hands: Iterable[list[Document]], folder: str) -> list[int]:
    """Lay out the hands for the other processes, in a file, and return where in it each begins."""
    starts = []
    with Path(folder, HANDS).open("wb") as file:
        for hand in hands:
            starts.append(file.tell())
            pickle.dump(hand, file)
    return starts


def _hand(file: BinaryIO, start: int) -> list[Document]:
    file.seek(start)
    return cast("list[Document]", pickle.load(file))  # noqa: S301 - our own


def _dealt(folder: str, hands: Iterable[T], take: Callable[[T], list[Document]]) -> Iterator[Document]:
    """Yield the documents of hand after hand; a file says that one is taken."""
    for number, hand in enumerate(hands):
        try:
            Path(folder, f"{number}.taken").touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from take(hand)
