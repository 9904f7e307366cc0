"""``landxml render``: a report anew in other forms."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from landxml_cli.documents import Output, formats_of, reports
from landxml_cli.messages import say
from landxml_cli.types import Complaint
from landxml_cli.validate import shown
from landxml_reports import COMPLETE, NAMES
from landxml_reports.json import read
from landxml_validator.export import of_report

__all__ = ["render"]


def render(
    lang: str,
    *,
    report: str,
    format_: tuple[str, ...],
    output: str | None,
    findings: str | None,
    force: bool,
    samples: int | None,
    quiet: bool,
) -> None:
    """Write a report anew in other forms."""
    formats = formats_of(output, format_, lang)
    table = Path(findings) if findings else Path(report).with_name(NAMES["parquet"])
    found = read(report)
    if COMPLETE.intersection(formats):
        if not (findings or table.exists()):
            raise Complaint(say(lang, "needs-findings", path=table))
        of_report(table, found)
    as_text = partial(shown, lang=lang, samples=samples, colour=not output)
    options = {"force": force, "private": found.personal_data, "quiet": quiet}
    with reports([Output(output, formats)], lang, as_text, **options) as (_, write):
        write(found, table)
