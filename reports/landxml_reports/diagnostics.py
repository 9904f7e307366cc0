"""What pipelines are told of a finding: a path in the repository, a line, and one line of text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from landxml.files import Path_
from landxml_reports import wording
from landxml_validator.export import batches
from landxml_validator.report import Report

__all__ = ["COLUMNS", "Diagnostic", "diagnostics", "path_of", "said", "told"]

COLUMNS = (
    "rule", "severity", "state", "cls", "id", "key", "parcel", "commune", "file", "part", "at", "path", "x",
    "y", "place", "message_vi", "message_en", "fingerprint",
)  # fmt: skip
"""Columns of the data set that are told."""


class Diagnostic(NamedTuple):
    """A finding that counts.

    ``path`` is relative to the working folder, where the file lies below it; of an archive it is that of the
    archive. ``line`` is 0 for a whole file, and in an archive or table, where a line is none of that file:
    ``text`` says the place then. ``fingerprint`` is equal in later deliveries.
    """

    rule: str
    severity: str
    path: str
    line: int
    text: str
    fingerprint: str


def diagnostics(report: Report, findings: Path_, lang: str) -> Iterator[Diagnostic]:
    """Yield all findings that count, by rule and place."""
    for batch in batches(findings, COLUMNS):
        yield from (told(report, row, lang) for row in batch.to_pylist() if row["state"] == "new")


def told(report: Report, row: dict[str, Any], lang: str) -> Diagnostic:
    """Return a row of the data set as a diagnostic."""
    path, line = path_of(report, row["file"]), 0 if row["part"] or "!/" in row["file"] else row["at"]
    text = said(row["file"], row["place"], row["key"] or row["id"], row[f"message_{lang}"])
    return Diagnostic(row["rule"], row["severity"], path, line, text, row["fingerprint"])


def said(file: str, place: str, key: str, message: str) -> str:
    """Return one line of text: the place, where path and line do not tell it; the record; what is wrong."""
    plain = place.removeprefix(file).removeprefix(":").isdecimal() or place == file
    where = "" if plain and "!/" not in file else place
    return wording.safe(": ".join(part for part in (where, key, message) if part))


def path_of(report: Report, file: str) -> str:
    """Return the path under which a pipeline knows a file, or the delivery if a finding is about no file."""
    return _path(file.partition("!/")[0] or next(iter(report.inputs), ""), Path.cwd())


@lru_cache(maxsize=1024)
def _path(named: str, here: Path) -> str:
    path = PurePath(os.path.normpath(named))
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
