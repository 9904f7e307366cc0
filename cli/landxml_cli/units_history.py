"""``landxml units history``: what happened to a code."""

from __future__ import annotations

import datetime as dt

import landxml_units as known
from landxml import localised
from landxml_cli.drawing import drawn
from landxml_cli.terminal import put
from landxml_cli.types import Complaint
from landxml_cli.unit_lookup import matching, meant, nowhere
from landxml_cli.unit_tables import listed, named, noted, periods, plainly, word

__all__ = ["history"]


def history(lang: str, unit: str, format_: str) -> None:
    """Tell what happened to a code."""
    code, day = meant(lang, unit, None)
    steps = known.history(code)
    if not known.validities(code):
        raise Complaint(nowhere(lang, code, day))
    if format_ == "json":
        put(plainly({"code": code, "units": known.validities(code), "transitions": steps}))
        return
    rows = (
        (
            localised.date(step.date).get(lang),
            localised.date(step.effective).get(lang) if step.effective not in {None, step.date} else "",
            named(step.old_code, step.date - dt.timedelta(days=1)),
            named(step.new_code, step.date) if step.new_code else "",
            word("kind", step.kind, lang),
            noted(step.note or "", lang),
            step.resolution or "",
            word("evidence", step.evidence, lang) if step.evidence else "",
        )
        for step in steps
    )
    columns = ("date", "by-law", "from", "to", "kind", "note", "basis", "evidence")
    put(drawn(periods(matching(code, None), lang)))
    if steps:  # of most districts only the names are known
        put(drawn("", listed(columns, rows, lang)))
