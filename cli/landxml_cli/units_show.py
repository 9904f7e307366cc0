"""``landxml units show``: what a code or a name stands for."""

from __future__ import annotations

import datetime as dt

from landxml_cli.drawing import drawn
from landxml_cli.terminal import put
from landxml_cli.types import Complaint
from landxml_cli.unit_lookup import ambiguous, matching, nowhere
from landxml_cli.unit_tables import periods, plainly

__all__ = ["show"]


def show(lang: str, unit: str, as_of: dt.date | None, format_: str) -> int:
    """Show what a code or a name stands for."""
    matches = matching(unit, as_of)
    if not matches:
        raise Complaint(nowhere(lang, unit, as_of))
    several = len({match.unit.code for match in matches}) > 1
    if format_ == "json":
        put(plainly(matches))
    else:
        put(drawn(periods(matches, lang), *([ambiguous(lang, matches, "--as-of")] if several else [])))
    return int(several)
