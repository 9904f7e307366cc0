"""``landxml units successors``: what became of a unit."""

from __future__ import annotations

import datetime as dt

import landxml_units as known
from landxml import localised
from landxml_cli.drawing import drawn, heading
from landxml_cli.messages import say
from landxml_cli.terminal import note, put
from landxml_cli.unit_lookup import meant, nowhere
from landxml_cli.unit_tables import LINKS, link, listed, named, plainly, word

__all__ = ["successors"]


def successors(lang: str, unit: str, from_date: dt.date | None, to_date: dt.date | None, format_: str) -> int:
    """Tell what became of a unit."""
    code, day = meant(lang, unit, from_date, "--from")
    until = to_date or max(localised.today(), day)
    found = known.resolve(code, day, until)
    if format_ == "json":
        put(plainly({"from": day, "to": until, **found._asdict(), "settled": found.settled}))
    elif found.successors:
        dates = {"date": localised.date(day).get(lang), "until": localised.date(until).get(lang)}
        rows = [link(each._asdict(), until, lang) for each in found.successors]
        put(
            drawn(heading(say(lang, "successors", name=named(code, day), **dates)), listed(LINKS, rows, lang))
        )
    elif found.state == "open":
        note(f"{named(code, day)}: {word('state', 'open', lang)}")
    else:
        note(nowhere(lang, code, day))
    return 0 if found.successors else 1
