"""``landxml certify``: what a report says, bound to files, rules and code lists by their hashes."""

from __future__ import annotations

from landxml.files import form
from landxml_cli.outputs import destination
from landxml_reports import certificate
from landxml_reports.json import read
from landxml_validator.certificate import certify as certified

__all__ = ["certify"]


def certify(lang: str, *, report: str, format_: str | None, output: str | None, force: bool) -> None:
    """Write the certificate of a report."""
    chosen = form(output, certificate.FORMATS, format_)
    with destination(output, lang, force=force) as write:
        write(certificate.render(certified(read(report)), chosen, lang))
