"""The progress bar of long commands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

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


@contextlib.contextmanager
def progress(
    lang: str, *, quiet: bool = False, doing: str = "checking", ending: str = ""
) -> Iterator[OnProgress | None]:
    """Offer a function that moves a progress bar; none where standard error is no terminal.

    The bar tells phase (``doing``, and ``ending`` once all is read), share, bytes, rate, and time left.
    """
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
