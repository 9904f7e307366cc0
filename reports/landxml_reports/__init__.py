"""Renderers: a report as text for a terminal, as JSON for programs, as HTML for people, as ISO metadata.

One module per format, each with ``render(report, lang)``. The words of all formats are in ``labels.toml``.
"""

from __future__ import annotations

from importlib import import_module

import landxml_validator

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "json", "html", "iso19157")


def render(report: landxml_validator.Report, format: str, lang: str) -> bytes:  # noqa: A002 - the word that users know
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
    if format not in FORMATS:
        raise KeyError(format)
    document: bytes | str = import_module(f"landxml_reports.{format}").render(report, lang)
    return document if isinstance(document, bytes) else document.encode()
