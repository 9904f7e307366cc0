"""How long the command takes to begin, against importing the library that reads its arguments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

from benchmarks import processor
from landxml_cli.messages import texts

RUNS, LIMIT = 21, 2.5
YARDSTICK = [sys.executable, "-c", "import click"]


def figures() -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, the ratio of processor times (median of pairs), and the limit."""
    commands = [title for title in texts()["commands"] if title != "landxml"]
    for arguments in ("--version", "--help", "validat", *(f"{title} --help" for title in commands)):
        command = [sys.executable, "-m", "landxml_cli", *arguments.split()]
        ratio = processor.ratio(partial(processor.run, command), partial(processor.run, YARDSTICK), RUNS)
        yield f"start: landxml {arguments} / import click", ratio, LIMIT
