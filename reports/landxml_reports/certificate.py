"""A certificate as JSON, which can be verified, and as one page of A4."""

from __future__ import annotations

from functools import cache

import jinja2
import msgspec

from landxml_reports import page, wording
from landxml_validator.certificate import Certificate

__all__ = ["FORMATS", "render"]

FORMATS = ("json", "html")
MOST = 6
"""Inputs that the page has room for."""


def render(certificate: Certificate, form: str, lang: str) -> bytes:
    """Render a certificate in one of :data:`FORMATS`; JSON is the same in both languages."""
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(certificate, order="sorted"), indent=2) + b"\n"
    classes = [each for each in certificate.statement.conformance if each.state != "not-applicable"]
    said = _template().render(
        certificate=certificate, stated=certificate.statement, classes=classes, lang=lang
    )
    return said.encode()


@cache
def _template() -> jinja2.Template:
    return page.template("certificate.html.jinja", size=wording.size, date=wording.date, most=MOST)
