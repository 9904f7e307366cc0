"""The progress bar of long commands."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from landxml_cli.messages import say
from landxml_validator.pipeline import Progress as Done

__all__ = ["progress"]


@contextlib.contextmanager
def progress(
    lang: str, *, quiet: bool = False, doing: str = "checking", ending: str = "comparing"
) -> Iterator[Callable[[Done], None] | None]:
    """Offer a function that moves a progress bar; none where standard error is no terminal."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(say(lang, doing), total=None)

        def advance(done: Done) -> None:
            ended = done.total and done.done >= done.total
            bar.update(
                task,
                completed=done.done,
                total=done.total,
                description=say(lang, ending if ended else doing),
            )

        yield advance
