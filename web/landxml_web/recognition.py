"""What files are, told at once from their first bytes: a process of its own, as files come from anywhere.

It is given the paths as JSON on standard input, and answers in JSON.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import msgspec

from landxml.faults import Fault
from landxml.load import opened
from landxml.sources import find
from landxml.text import Text

__all__ = ["Recognised", "ask"]

LOOKED_AT = 200
"""Documents of a folder or archive that are looked at."""
SECONDS = 60.0


class Recognised(msgspec.Struct, kw_only=True):
    """What is in a file or folder: documents by the title of their layout, and why others cannot be read."""

    name: str
    layouts: list[Text]
    troubles: list[Text]


def ask(names: Sequence[str], folder: Path) -> list[Recognised]:
    """Ask a new process what is in the files of a folder; it says nothing of them if it dies or is slow."""
    try:
        answer = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-P", "-m", __name__],
            input=msgspec.json.encode(names),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
        ).stdout
        return msgspec.json.decode(answer, type=list[Recognised])
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return []


def _recognise(name: str) -> Recognised:
    troubles = Counter[Text]()

    def report(fault: Fault) -> None:
        if reason := fault.params.get("reason"):
            troubles[Text(**reason)] += 1

    layouts = Counter[Text]()
    for document in islice(opened(find(name), report), LOOKED_AT):
        if document.layout:
            layouts[document.layout.title] += 1
        elif document.problem:
            troubles[document.problem.what] += 1
    return Recognised(name=name, layouts=[*layouts], troubles=[*troubles][:3])


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=list[str])
    sys.stdout.buffer.write(msgspec.json.encode([_recognise(name) for name in asked]))
