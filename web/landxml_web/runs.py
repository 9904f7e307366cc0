"""Runs: what was sent, asked for and found, one folder each, of which only the owner of the server can read.

``run.json`` is what is known of a run, ``input/`` what was sent, until the run ends, and ``documents/`` what
came out of it, for as long as results are kept. A run that a crash has left goes on nowhere: at the next
start its input is removed, and it is told that it was stopped.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

__all__ = ["ENDED", "Outcome", "Run", "Runs", "State", "Upload", "leave"]

State = Literal["open", "queued", "running", "done", "failed", "stopped"]
"""Files come in; it waits; it goes on; there are results; an error; someone, or a crash, has ended it."""
ENDED = frozenset({"done", "failed", "stopped"})
ABANDONED = dt.timedelta(days=1)
"""After this an open run is taken for forgotten."""


class Upload(msgspec.Struct, frozen=True):
    """A file of a run: the name under which it is kept and shown, and its bytes."""

    name: str
    size: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a check has found, in figures."""

    verdict: str
    errors: int
    warnings: int
    records: int


class Run(msgspec.Struct, kw_only=True):
    """A run.

    Attributes
    ----------
    id
        Random, so that nobody guesses it.
    owner
        Who asked for it; ``""`` where there is only one person.
    created, ended
        When.
    kind, options, lang
        What is done, and how; the language of what is written.
    files, paths
        What was sent; or paths of this machine, which stay where they are.
    place
        The folder where a command named the paths: from there ``landxml.toml`` is looked for; ``""``: that
        where the server was started.
    phase, done, total
        How far it is, in bytes of input.
    message
        The error, for people.
    """

    id: str
    owner: str
    created: dt.datetime
    lang: str = "vi"
    kind: str = "check"
    options: dict[str, str] = {}
    state: State = "open"
    files: list[Upload] = []
    paths: list[str] = []
    place: str = ""
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    phase: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    code: int | None = None
    outcome: Outcome | None = None

    @property
    def size(self) -> int:
        """Bytes that were sent."""
        return sum(file.size for file in self.files)


class Runs:
    """The runs of a folder, newest first; what a crash has left of them is removed when it is opened."""

    def __init__(self, folder: Path, keep: int) -> None:
        self._folder = folder / "runs"
        self._keep = dt.timedelta(days=keep)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._runs = {run.id: run for run in sorted(self._found(), key=lambda run: run.created)}
        self.expire()

    def __iter__(self) -> Iterator[Run]:
        """Go through all runs, newest first."""
        return iter(reversed([*self._runs.values()]))

    def get(self, id_: str) -> Run | None:
        """Return the run of an id."""
        return self._runs.get(id_)

    def new(self, owner: str, lang: str, paths: list[str] | None = None) -> Run:
        """Begin a run."""
        run = _new(owner, lang, paths or ())
        self.input(run).mkdir(mode=0o700, parents=True)
        self.folder(run).chmod(0o700)
        self._runs[run.id] = run
        self.save(run)
        return run

    def take(self, id_: str) -> Run | None:
        """Take in a run that :func:`leave` has written beside ours; None if there is no such run."""
        if not re.fullmatch("[0-9a-f]{32}", id_) or id_ in self._runs:
            return None
        run = _read(self._folder / id_)
        if run is None or run.id != id_ or run.state != "open" or not run.paths:
            return None
        self._runs[id_] = run
        return run

    def folder(self, run: Run) -> Path:
        """Return the folder of a run."""
        return self._folder / run.id

    def input(self, run: Run) -> Path:
        """Return the folder of what was sent."""
        return self.folder(run) / "input"

    def documents(self, run: Run) -> dict[str, Path]:
        """Return what came out of a run, by name."""
        folder = self.folder(run) / "documents"
        return {path.name: path for path in sorted(folder.iterdir())} if folder.is_dir() else {}

    def save(self, run: Run) -> None:
        """Write down what is known of a run."""
        new = self.folder(run) / "run.new"
        # It was removed meanwhile, or the disk is full: the next start takes it for one that was stopped.
        with contextlib.suppress(OSError):
            new.write_bytes(msgspec.json.encode(run))
            new.replace(new.with_suffix(".json"))

    def end(self, run: Run, state: State, message: str = "") -> None:
        """End a run: what was sent is removed, and what came out of it if it is not whole."""
        shutil.rmtree(self.input(run), ignore_errors=True)
        if state != "done":
            shutil.rmtree(self.folder(run) / "documents", ignore_errors=True)
        run.state, run.message, run.ended = state, message, _now()
        self.save(run)

    def remove(self, run: Run) -> None:
        """Remove a run and all that is of it; what is still on its way to it is refused."""
        run.state = "stopped"
        self._runs.pop(run.id, None)
        with contextlib.suppress(OSError):  # first, for the next start removes what has none
            (self.folder(run) / "run.json").unlink()
        shutil.rmtree(self.folder(run), ignore_errors=True)

    def expire(self) -> None:
        """Remove what is older than results are kept, and what someone began to send and forgot.

        Of runs that have ended, what was sent is removed once more: Windows removes no file that is open.
        """
        now = _now()
        for run in [*self]:
            age = now - (run.ended or run.created)
            if (run.state in ENDED and self._keep and age > self._keep) or (
                run.state == "open" and age > ABANDONED
            ):
                self.remove(run)
            elif run.state in ENDED:
                shutil.rmtree(self.input(run), ignore_errors=True)

    def close(self) -> None:
        """Remove what is not kept beyond the end of the server."""
        for run in [*self]:
            if not self._keep or run.state == "open":
                self.remove(run)

    def _found(self) -> Iterator[Run]:
        for folder in self._folder.iterdir():
            run = _read(folder)
            if run is None or run.id != folder.name or run.state == "open" or not self._keep:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            if run.state not in ENDED:
                self.end(run, "stopped")
            yield run


def leave(folder: Path, lang: str, paths: Sequence[str]) -> str:
    """Write down a check of files of this machine, for the server that has ``folder``; return its id.

    Only the owner of both can write there, so the server takes no path from anybody else.
    """
    run = _new("", lang, paths)
    run.place = str(Path.cwd())
    (own := folder / "runs" / run.id).mkdir(mode=0o700)
    (own / "run.json").write_bytes(msgspec.json.encode(run))
    return run.id


def _new(owner: str, lang: str, paths: Sequence[str]) -> Run:
    return Run(id=secrets.token_hex(16), owner=owner, lang=lang, created=_now(), paths=[*paths], files=[])


def _read(folder: Path) -> Run | None:
    try:
        return msgspec.json.decode((folder / "run.json").read_bytes(), type=Run)
    except (OSError, msgspec.MsgspecError):
        return None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
