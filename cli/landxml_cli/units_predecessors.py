"""``landxml units predecessors``: of what a unit was made."""

from __future__ import annotations

import datetime as dt

import landxml_units as known
from landxml import localised
from landxml_cli.drawing import drawn, heading
from landxml_cli.messages import say
from landxml_cli.terminal import put
from landxml_cli.types import Complaint
from landxml_cli.unit_lookup import LAST_OLD_DAY, meant, nowhere
from landxml_cli.unit_tables import LINKS, link, listed, named, plainly

__all__ = ["predecessors"]


def predecessors(
    lang: str, unit: str, from_date: dt.date | None, to_date: dt.date | None, format_: str
) -> int:
    """Tell of what a unit was made."""
    day, until = from_date or LAST_OLD_DAY, to_date or localised.today()
    code, _ = meant(lang, unit, until)
    if known.get(code, until) is None:
        raise Complaint(nowhere(lang, code, until))
    rows = known.predecessors(code, day, until).to_pylist()
    if format_ == "json":
        put(plainly({"code": code, "from": day, "to": until, "predecessors": rows}))
    else:
        dates = {"date": localised.date(day).get(lang), "until": localised.date(until).get(lang)}
        title = say(lang, "predecessors", name=named(code, until), **dates)
        links = (link(row | {"code": row["old"]}, day, lang) for row in rows)
        put(drawn(heading(title), listed(LINKS, links, lang)))
    return 0 if rows else 1
