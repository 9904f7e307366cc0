"""Runs are done one after another, by processes of the command line: a crash or a stop ends only these."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import mmap
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec

from landxml_web import orders
from landxml_web.runs import Outcome, Run, Runs
from landxml_web.settings import Settings

__all__ = ["Work"]

LINES = 20
"""Last lines of a command that are told if it fails."""
PATIENCE = 10.0
"""Seconds that a command has to end by itself."""
EVERY = 3600.0
"""Seconds after which it is looked for what need not be kept any longer."""
_log = logging.getLogger(__name__)


class _Said(msgspec.Struct):
    """How far a command is, as it says in a line."""

    phase: str
    done: int = 0
    total: int = 0


class _Totals(msgspec.Struct):
    """What the page tells of a report."""

    verdict: str
    errors: int
    warnings: int
    records: dict[str, int]


class Work:
    """A thread that does runs in the order in which they were asked for."""

    def __init__(self, runs: Runs, settings: Settings) -> None:
        self._runs, self._settings = runs, settings
        self._queue: deque[Run] = deque()
        self._changed = threading.Condition()
        self._current: Run | None = None
        self._process: subprocess.Popen[str] | None = None
        self._unwanted = set[str]()
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="runs", daemon=True)
        self._thread.start()

    def add(self, run: Run) -> None:
        """Put a run at the end of the queue."""
        with self._changed:
            run.state = "queued"
            self._runs.save(run)
            self._queue.append(run)
            self._changed.notify()

    def place(self, run: Run) -> int:
        """Return how many runs are done before this one."""
        with self._changed:
            ids = [waiting.id for waiting in self._queue]
            return ids.index(run.id) + bool(self._current) if run.id in ids else 0

    def waiting(self) -> int:
        """Return how many runs wait."""
        return len(self._queue)

    def stop(self, run: Run) -> None:
        """End a run that waits or goes on."""
        with self._changed:
            if waited := run in self._queue:
                self._queue.remove(run)
            elif run is self._current:
                self._unwanted.add(run.id)
                self._kill()
        if waited:  # much may have been sent, which takes its time to remove
            self._runs.end(run, "stopped")

    def close(self) -> None:
        """End what goes on, and the thread."""
        with self._changed:
            self._closed = True
            if self._current:
                self._unwanted.add(self._current.id)
            self._kill()
            self._changed.notify()
        self._thread.join(2 * PATIENCE)

    def _kill(self) -> None:
        """Ask the command to end, then do not ask."""
        if (process := self._process) and process.poll() is None:
            _signal(process, signal.SIGTERM)
            timer = threading.Timer(PATIENCE, _signal, [process, getattr(signal, "SIGKILL", signal.SIGTERM)])
            timer.daemon = True
            timer.start()

    def _loop(self) -> None:
        while not self._closed:
            with self._changed:
                if not (self._queue or self._closed):
                    self._changed.wait(EVERY)
                self._current = self._queue.popleft() if self._queue and not self._closed else None
                if self._current:
                    self._current.state = "running"
            self._runs.expire()
            if run := self._current:
                try:
                    self._do(run)
                except Exception:  # noqa: BLE001 - the next one follows
                    _log.exception("run %s", run.id)
                    self._runs.end(run, "failed")
                self._current = None
        for run in self._queue:
            self._runs.end(run, "stopped")

    def _do(self, run: Run) -> None:
        run.started = dt.datetime.now(dt.UTC)
        self._runs.save(run)
        folder = self._runs.folder(run)
        (documents := folder / "documents").mkdir(mode=0o700)
        names = [file.name for file in run.files]
        inputs = run.paths or orders.given(names, run.options, run.kind)
        place = Path(run.place or ".") if run.paths else self._runs.input(run)
        config = None if run.paths else self._config(folder)
        first, *others = orders.commands(run, inputs, documents, config)
        code, said = self._run(run, first, place)
        run.code = code
        for command in others if code in {0, 1, 2} and (documents / orders.READ[run.kind]).exists() else ():
            self._run(run, command, place)
        self._settle(run, code, said)

    def _config(self, folder: Path) -> Path:
        """Return the configuration of the server: one that was sent is data, not a word on how to check."""
        if self._settings.config:
            return self._settings.config
        (empty := folder / "landxml.toml").touch()
        return empty

    def _run(self, run: Run, arguments: Sequence[str], place: Path) -> tuple[int, str]:
        """Run a command in a folder; return its exit code, and what it said at last."""
        with self._changed:
            if run.id in self._unwanted:
                return -1, ""
            self._process = process = subprocess.Popen(  # noqa: S603 - our own command
                [*self._settings.command, *arguments],
                cwd=place,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=os.environ | {"LANDXML_PROGRESS": "json", "PYTHONUTF8": "1"},
                process_group=0 if os.name == "posix" else None,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        said = deque[str](maxlen=LINES)
        with process:
            for line in process.stderr or ():
                try:
                    told = msgspec.json.decode(line, type=_Said)
                except msgspec.MsgspecError:
                    said.append(line.rstrip())
                else:
                    run.phase, run.done, run.total = told.phase, told.done, told.total
        self._process = None
        return process.returncode, "\n".join(said)

    def _settle(self, run: Run, code: int, said: str) -> None:
        """Write down how a run has ended."""
        documents = self._runs.documents(run)
        if run.id in self._unwanted:
            self._runs.end(run, "stopped")
        elif code in {0, 1, 2} and (orders.READ[run.kind] in documents or (code == 0 and documents)):
            if report := documents.get("report.json"):
                run.outcome = _outcome(report)
            self._runs.end(run, "done")
        else:
            self._runs.end(run, "failed", said)


def _outcome(report: Path) -> Outcome:
    """Return what a JSON report has found, in figures; of a large one no more than that is held in memory."""
    with report.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = msgspec.json.decode(data, type=_Totals)
    records = sum(found.records.values())
    return Outcome(verdict=found.verdict, errors=found.errors, warnings=found.warnings, records=records)


def _signal(process: subprocess.Popen[str], number: int) -> None:
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, number)
        elif process.poll() is None:
            process.terminate()
