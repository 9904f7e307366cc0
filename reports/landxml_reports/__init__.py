"""Renderers: a report as text for a terminal, as JSON for programs, as HTML for people, as ISO metadata.

One module per format, each with ``render(report, lang)``. The words of all formats are in ``labels.toml``.
"""

from __future__ import annotations

from collections.abc import Callable

from landxml_reports import html, iso19157, json, text
from landxml_validator.report import Report

__all__ = ["FORMATS", "render"]

FORMATS: dict[str, Callable[[Report, str], bytes | str]] = {
    "text": text.render,
    "json": json.render,
    "html": html.render,
    "iso19157": iso19157.render,
}
"""Format → its renderer."""


def render(report: Report, format: str, lang: str) -> bytes:  # noqa: A002 - the word that users know
    """Render a report.

    Parameters
    ----------
    report
        What a run found.
    format
        One of :data:`FORMATS`.
    lang
        ``vi`` or ``en``. JSON has both languages, HTML opens in this one.

    Returns
    -------
    bytes
        The document, in UTF-8.

    Raises
    ------
    KeyError
        If there is no such format.
    """
    document = FORMATS[format](report, lang)
    return document if isinstance(document, bytes) else document.encode()
