"""The audit log: a line for each thing that was done. It names no file, no address and no content."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from landxml_web.runs import Run

__all__ = ["note"]


def note(path: Path | None, event: str, user: str, run: Run | None = None) -> None:
    """Add a line: when, what, who as the token file calls them, and for which run.

    Raises
    ------
    OSError
        If it cannot be written: then nothing is done that would not be on record.
    """
    if path is None:
        return
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    words = [now, event, f"user={user or '-'}"]
    if run:
        words += [f"run={run.id}", f"kind={run.kind}", f"files={len(run.files)}", f"bytes={run.size}"]
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as out:
        out.write(" ".join(words) + "\n")
