"""The hand-over page: duplicates and conflicts by what they do in operation, to be decided and signed."""

from __future__ import annotations

from functools import cache

import jinja2

from landxml.place import Place
from landxml_reports import page, wording
from landxml_validator.handover import met
from landxml_validator.report import Finding, Report

__all__ = ["render"]

FILES = 12
"""Most files named."""


def render(report: Report, lang: str) -> str:
    """Render what the person who approves has to know, as a page that opens in ``vi`` or ``en``."""
    found = list(met(report))
    return _template().render(
        report=report,
        lang=lang,
        found=found,
        count=sum(each.conflicts for each in found),
        unknown=[result for each in found for result in each.unknown],
        files=report.files[:FILES],
        more=len(report.files) - FILES,
    )


@cache
def _template() -> jinja2.Template:
    return page.template(
        "handover.html.jinja",
        date=wording.date,
        time=wording.time,
        message=wording.message,
        reason=wording.reason,
        verdict=wording.verdict,
        other=_other,
    )


def _other(finding: Finding) -> tuple[str, str]:
    """Return key and place of the record that conflicts with that of a finding, as far as it is named."""
    said = str(finding.params.get("other") or "")
    key = finding.params.get("neighbour") or (finding.key if Place.of(said) else "")
    return str(key or ""), said
