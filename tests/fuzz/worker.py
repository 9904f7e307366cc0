"""A child process that makes attempts, begun anew when one takes too much time or memory, or kills it."""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from tests.fuzz.attempt import FRAME, Failure, attempt

SECONDS, PATIENCE = 20, 120
"""Most time of the processor, and of the clock, that an attempt may take."""
BYTES = 1 << 30
"""Most memory that a worker and its own processes may take together."""
LIFE = 150
"""Attempts after which a worker is begun anew: libraries keep a little of each."""


class Worker:
    """Makes attempts in a child process; use it in a ``with`` block."""

    def __init__(self, beside: Path) -> None:
        self.beside = beside
        self.folder = tempfile.TemporaryDirectory(prefix="fuzz-worker-", ignore_cleanup_errors=True)
        self.stacks = Path(self.folder.name) / "stacks"
        self.process: Any = None
        self.done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self.folder.cleanup()

    def attempt(self, entry: str, data: bytes) -> Failure | None:
        """Try an input at an entry point."""
        if self.process is None or self.done >= LIFE:
            self._end()
            self._begin()
        self.done += 1
        try:
            return self._attempted(entry, data)
        except (EOFError, OSError):
            self._end()
            return Failure(entry, "died", "without a word")

    def _attempted(self, entry: str, data: bytes) -> Failure | None:
        self.pipe.send((entry, data))
        spent, began = _spent(self.process.pid), time.monotonic()
        while not self.pipe.poll(0.05):
            seconds = _spent(self.process.pid) - spent
            if seconds > SECONDS or time.monotonic() - began > PATIENCE:
                return self._stopped(entry, "time")
            if _memory(self.process.pid) > BYTES:
                return self._stopped(entry, "memory")
        found: Failure | None = self.pipe.recv()
        return found

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, there = context.Pipe()
        arguments = (there, self.beside, Path(self.folder.name))
        self.process = context.Process(target=_serve, args=arguments)
        self.process.start()
        there.close()  # so that the pipe ends with the process
        self.done = 0
        self.pipe.recv()  # it is ready

    def _end(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()
        self.process = None

    def _stopped(self, entry: str, what: str) -> Failure:
        """Stop the worker, and ask it where it is."""
        os.kill(self.process.pid, signal.SIGUSR1)
        time.sleep(0.5)
        text = self.stacks.read_text("utf-8", "replace")
        self._end()
        frame = FRAME.search(text)  # the innermost comes first
        return Failure(entry, what, " ".join(frame.groups()) if frame else "?", text)


def _serve(pipe: Connection, beside: Path, folder: Path) -> None:
    os.setsid()
    tempfile.tempdir = str(folder)
    with open(folder / "stacks", "w") as stacks:  # noqa: PTH123 - faulthandler wants it open
        faulthandler.register(signal.SIGUSR1, file=stacks, all_threads=False)
        quiet = os.open(os.devnull, os.O_WRONLY)
        for number in (sys.stdout.fileno(), sys.stderr.fileno()):
            os.dup2(quiet, number)
        pipe.send(None)
        while True:
            entry, data = pipe.recv()
            pipe.send(attempt(entry, data, beside))


def _family(pid: int) -> list[int]:
    """Return a process and those that it began."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    with contextlib.suppress(OSError, ValueError):
        return [pid, *(one for child in children.read_text("ascii").split() for one in _family(int(child)))]
    return [pid]


def _spent(pid: int) -> float:
    """Return the seconds of the processor that a process and those that it began have taken."""
    ticks = 0
    for one in _family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Return the bytes that a process and those that it began hold."""
    pages = 0
    for one in _family(pid):
        with contextlib.suppress(OSError):
            found = re.match(r"\d+ (\d+)", Path(f"/proc/{one}/statm").read_text("ascii"))
            pages += int(found[1]) if found else 0
    return pages * os.sysconf("SC_PAGE_SIZE")
