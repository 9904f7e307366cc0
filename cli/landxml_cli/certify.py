"""``landxml certify``: what a report says, bound to files, rules and code lists by their hashes."""

from __future__ import annotations

from landxml.files import form
from landxml_cli.outputs import destination
from landxml_reports import certificate
from landxml_reports.json import read
from landxml_validator import signature
from landxml_validator.certificate import certify as certified

__all__ = ["certify"]


def certify(
    lang: str, *, report: str, sign: str | None, format_: str | None, output: str | None, force: bool
) -> None:
    """Write the certificate of a report, signed if a key is given."""
    chosen = form(output, certificate.FORMATS, format_)
    with destination(output, lang, force=force) as write:
        made = certified(read(report))
        write(certificate.render(signature.sign(made, sign) if sign else made, chosen, lang))
