"""The progress bar of long commands."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bar

from landxml.progress import OnProgress, Progress
from landxml_cli.messages import say

__all__ = ["progress"]

OFTEN = 0.2
"""Seconds between two lines of JSON of one phase."""


@contextlib.contextmanager
def progress(
    lang: str, *, quiet: bool = False, doing: str = "checking", ending: str = ""
) -> Iterator[OnProgress | None]:
    """Offer a function that moves a progress bar; none where standard error is no terminal.

    The bar tells phase (``doing``, and ``ending`` once all is read), share, bytes, rate, and time left.
    Where ``LANDXML_PROGRESS=json`` is in the environment, a program gets the same as lines of JSON.
    """
    if os.environ.get("LANDXML_PROGRESS") == "json" and not quiet:
        yield _in_lines(doing, ending)
        return
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=20), TaskProgressColumn(), DownloadColumn(),
        TransferSpeedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(say(lang, doing), total=None)

        def advance(so_far: Progress) -> None:
            ended = so_far.total and so_far.done >= so_far.total
            bar.update(
                task,
                completed=so_far.done,
                total=so_far.total,
                description=say(lang, ending if ending and ended else doing),
            )

        yield advance


def _in_lines(doing: str, ending: str) -> OnProgress:
    """Return a function that writes a line of JSON to standard error when there is something to tell."""
    told: tuple[str, float] = ("", 0.0)

    def advance(so_far: Progress) -> None:
        nonlocal told
        ended = so_far.total and so_far.done >= so_far.total
        phase, now = ending if ending and ended else doing, time.monotonic()
        if phase != told[0] or now - told[1] > OFTEN:
            told = phase, now
            said = {"phase": phase, "done": so_far.done, "total": so_far.total, "kept": so_far.kept}
            sys.stderr.write(f"{msgspec.json.encode(said).decode()}\n")
            sys.stderr.flush()

    advance(Progress(0, 0))
    return advance
