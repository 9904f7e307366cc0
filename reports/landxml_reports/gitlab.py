"""The findings that count for GitLab's Code Quality: a JSON array, written while it is read."""

from __future__ import annotations

from typing import IO

import msgspec

from landxml.files import Path_
from landxml_reports.diagnostics import Diagnostic, diagnostics
from landxml_validator.report import Report

__all__ = ["write"]

SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def write(report: Report, findings: Path_, lang: str, out: IO[bytes]) -> None:
    """Write all findings that count; lines begin at 1 there."""
    before = b"[\n"
    for each in diagnostics(report, findings, lang):
        out.write(before + msgspec.json.encode(_issue(each)))
        before = b",\n"
    out.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def _issue(found: Diagnostic) -> dict[str, object]:
    return {
        "description": f"{found.rule} {found.text}",
        "check_name": found.rule,
        "fingerprint": found.fingerprint,
        "severity": SEVERITIES[found.severity],
        "location": {"path": found.path, "lines": {"begin": max(found.line, 1)}},
    }
