"""The entry point: imports little, so that Ctrl-C is quiet even while libraries are loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from landxml_cli.interruptions import loading

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``landxml`` with these arguments (by default the program's) and return its exit code."""
    _open_streams()
    with loading():
        from landxml_cli.app import run  # noqa: PLC0415 - under the guard
    return run(sys.argv[1:] if arguments is None else arguments)


def _open_streams() -> None:
    """Open what the caller has closed (``>&-``) on nothing: else a file of ours would take its number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, number)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))
            if null != number:
                os.close(null)
