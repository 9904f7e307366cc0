"""Paths of users that lead to nothing: why, and which they may have meant."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from landxml import remote
from landxml.archive import printable
from landxml.documents import Refusal, unreadable
from landxml.nearest import nearest
from landxml.text import Text

__all__ = ["STDIN", "absent", "shown"]

STDIN = "-"
"""The path that means standard input."""
_NEIGHBOURS = 10_000
"""Most names of a folder that are compared with one that is not there."""


def absent(path: str) -> Refusal | None:
    """Return why a path leads to nothing, with the nearest that does, if any; None if something is there."""
    try:
        if remote.is_remote(path):
            remote.stored(path)
        elif path != STDIN:
            os.stat(path)  # noqa: PTH116 - a text may hold what no path can
    except (FileNotFoundError, NotADirectoryError) as error:
        return unreadable(shown(path), error, _hint(path))
    except (OSError, ValueError) as error:
        return unreadable(shown(path), error)
    return None


def _hint(path: str) -> Text | None:
    """Return what may help who gave a path that leads to nothing."""
    if remote.is_remote(path):
        return None
    if "://" in path:
        return Text(
            "; chương trình không tải gì từ mạng, hãy tải tệp về trước",
            "; nothing is fetched, download it first",
        )
    if near := _near(Path(path)):
        return Text(f"; có phải ý bạn là {near}?", f"; did you mean {near}?")
    return None


def _near(path: Path) -> str | None:
    """Return the path with the first name that is not there replaced by one like it."""
    while not path.parent.is_dir():
        path = path.parent
    try:
        with os.scandir(path.parent) as inside:
            near = nearest(path.name, (entry.name for entry in islice(inside, _NEIGHBOURS)))
    except OSError:
        return None
    return shown(os.fspath(path.parent / near)) if near else None


def shown(path: str) -> str:
    """Return a path as reports show it."""
    return printable(path.replace(os.sep, "/"))
