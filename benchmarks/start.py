"""How long the command takes to begin, against importing the library that reads its arguments."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator

from landxml_cli.messages import texts

RUNS, LIMIT = 11, 2.5
YARDSTICK = ["-c", "import click"]


def figures() -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, the ratio of processor times (median of pairs), and the limit."""
    commands = [title for title in texts()["commands"] if title != "landxml"]
    for arguments in ("--version", "--help", "validat", *(f"{title} --help" for title in commands)):
        command = ["-m", "landxml_cli", *arguments.split()]
        ratios = [_seconds(command) / _seconds(YARDSTICK) for _ in range(RUNS)]
        yield f"start: landxml {arguments} / import click", statistics.median(ratios), LIMIT


def _seconds(arguments: list[str]) -> float:
    """Return the processor time of Python with these arguments."""
    before = _children()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
