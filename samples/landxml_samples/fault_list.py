"""The list of the faults in a sample: what was put in, and where it is to be found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from landxml import files

__all__ = ["Injected", "beside", "write"]


class Injected(NamedTuple):
    """A fault that was put in, and where the validator is to find it (line 0: the file as a whole)."""

    code: str
    file: str  # path inside the package
    id: str
    line: int
    what: str


def beside(package: Path) -> list[Path]:
    """Return where the list of a package stands; nowhere if the package is no file of a name."""
    return [] if files.is_stream(package) else [package.with_name(f"{package.stem}.faults.csv")]


def write(path: Path, found: Iterable[Injected], *, force: bool) -> None:
    """Write a list as CSV."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(Injected._fields)
    rows.writerows(found)
    with files.writing(path, force=force) as out:
        out.write(text.getvalue().encode())
