"""Signals that stop the program."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

__all__ = ["STOPS", "loading"]

STOPS = [number for number in signal.Signals if number.name in {"SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK"}]
"""Signals that stop the program as Ctrl-C does: temporary files go."""


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Let signals end the program at once while libraries are loaded: nothing is open, no traceback shown."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *STOPS)}
    ours = [number for number, handler in handlers.items() if callable(handler)]
    for number in ours:
        signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, handlers[number])
