"""The findings that count in the diagnostic format of reviewdog, written while they are read."""

from __future__ import annotations

from typing import IO, Any

import msgspec

from landxml.files import Path_
from landxml_reports.diagnostics import Diagnostic, diagnostics
from landxml_validator.report import Report

__all__ = ["write"]


def write(report: Report, findings: Path_, lang: str, out: IO[bytes]) -> None:
    """Write all findings that count."""
    out.write(b'{"source":{"name":"landxml"},"diagnostics":[')
    before = b"\n"
    for each in diagnostics(report, findings, lang):
        out.write(before + msgspec.json.encode(_diagnostic(each)))
        before = b",\n"
    out.write(b"\n]}\n")


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    location: dict[str, Any] = {"path": found.path}
    if found.line:
        location["range"] = {"start": {"line": found.line}}
    return {
        "message": found.text,
        "location": location,
        "severity": found.severity.upper(),
        "code": {"value": found.rule},
    }
