"""Renderers: a report as text, JSON, HTML or ISO metadata, as tables, as work lists, as pipelines take it.

One module per format. What is made of the report alone has a function ``render(report, lang)``; what lists
all findings, ``write(report, findings, lang, out)``. The words of all formats are in ``labels.toml``.
"""

from __future__ import annotations

import io
from importlib import import_module
from pathlib import PurePath
from typing import IO

import landxml_validator
from landxml.files import SUFFIXES as KNOWN
from landxml.files import Path_

__all__ = ["COMPLETE", "FORMATS", "LISTS", "NAMES", "SUFFIXES", "TABLES", "render", "write"]

NAMES = {
    "text": "report.txt",
    "json": "report.json",
    "html": "report.html",
    "handover": "handover.html",
    "iso19157": "iso19157.xml",
    "junit": "junit.xml",
    "sarif": "landxml.sarif",
    "gitlab": "gl-code-quality-report.json",
    "rdjson": "rdjson.json",
    "github": "github.txt",
    "markdown": "report.md",
    "csv": "findings.csv",
    "jsonl": "findings.jsonl",
    "parquet": "findings.parquet",
    "xlsx": "worklist.xlsx",
    "gpkg": "findings.gpkg",
    "geojson": "findings.geojson",
    "points": "points.csv",
}
"""Format → name of the document in a folder of several."""
FORMATS = tuple(NAMES)
TABLES = frozenset({"csv", "jsonl", "parquet"})
"""Formats that :mod:`landxml_validator.export` writes."""
LISTS = frozenset({"xlsx", "gpkg", "geojson", "points"})
"""Formats in which people work through all findings."""
COMPLETE = TABLES | LISTS | {"sarif", "gitlab", "rdjson"}
"""Formats that list all findings, of the others each rule has some."""
SUFFIXES = {name: KNOWN.get(name, (PurePath(file).suffix,)) for name, file in NAMES.items()}
"""Format → suffixes of its files."""


def render(
    report: landxml_validator.Report,
    format: str,  # noqa: A002 - the word that users know
    lang: str,
    findings: Path_ | None = None,
) -> bytes:
    """Render a report in memory.

    Parameters
    ----------
    report
        What a run found.
    format
        One of :data:`FORMATS`.
    lang
        ``vi`` or ``en``. JSON has both languages, HTML opens in this one.
    findings
        All findings of the run, in Parquet (``landxml_validator.validate(findings="all.parquet")``); needed
        for the formats that list all of them (:data:`COMPLETE`).

    Returns
    -------
    bytes
        The document; text is in UTF-8.

    Raises
    ------
    KeyError
        If there is no such format.
    TypeError
        If the findings are needed, and not given.
    """
    out = io.BytesIO()
    write(report, format, lang, out, findings)
    return out.getvalue()


def write(
    report: landxml_validator.Report,
    format: str,  # noqa: A002 - the word that users know
    lang: str,
    out: IO[bytes],
    findings: Path_ | None = None,
) -> None:
    """Write a report into an open file, in little memory; otherwise as :func:`render`."""
    if format not in FORMATS:
        raise KeyError(format)
    if format not in COMPLETE:
        document: bytes | str = import_module(f"landxml_reports.{format}").render(report, lang)
        out.write(document if isinstance(document, bytes) else document.encode())
    elif findings is None:
        raise TypeError(f"{format} is made of all findings; none are given")
    elif format in TABLES:
        import_module("landxml_validator.export").write(format, out, findings)
    else:
        import_module(f"landxml_reports.{format}").write(report, findings, lang, out)
