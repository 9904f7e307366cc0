"""Which unit a code or a name means, for the commands about one unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import click

import landxml_units as known
from landxml import localised
from landxml.nearest import nearest
from landxml_cli.messages import say, subcommands
from landxml_cli.types import Complaint, Day, Plain
from landxml_cli.unit_tables import named, span, word

__all__ = ["LAST_OLD_DAY", "ambiguous", "matching", "meant", "nowhere", "of_unit", "since", "until"]


LAST_OLD_DAY = known.TWO_TIERS_SINCE - dt.timedelta(days=1)
LISTED = 5
"""Most units named in one sentence."""

of_unit = click.argument("unit", type=Plain("UNIT"))
since = click.option("--from", "from_date", type=Day())
until = click.option("--to", "to_date", type=Day())


def matching(text: str, as_of: dt.date | None) -> list[known.Match]:
    """Find units by code where the text is one, else by name."""
    if not _is_code(text):
        return known.find(text, as_of)
    periods = known.validities(text.strip())
    return [
        known.Match(unit, known.within(unit, as_of), exact=True)
        for unit in periods
        if as_of is None or unit.valid_on(as_of)
    ]


def meant(lang: str, text: str, day: dt.date | None, option: str = "") -> tuple[str, dt.date]:
    """Return the code that a code or name means, and the day on which it is read; `option` can say one.

    That is the last one of three tiers where the unit was valid on it: no other day is asked about as often.
    """
    matches = matching(text, None if _is_code(text) else day)
    codes = list(dict.fromkeys(match.unit.code for match in matches))
    if len(codes) > 1:
        names = [f"{code} {name}" for code, name in {m.unit.code: m.unit.name for m in matches}.items()]
        more = " …" if len(names) > LISTED else ""
        raise Complaint(f"{ambiguous(lang, matches, option)} {', '.join(names[:LISTED])}{more}")
    if not codes and not _is_code(text):
        raise Complaint(nowhere(lang, text, day))
    if day is None and matches:
        last = matches[-1].unit
        old = any(match.unit.valid_on(LAST_OLD_DAY) for match in matches)
        day = LAST_OLD_DAY if old else last.valid_to or last.valid_from
    return (codes[0] if codes else text.strip()), day or localised.today()


def _is_code(text: str) -> bool:
    return text.strip().isdecimal() and text.isascii()


def ambiguous(lang: str, matches: Iterable[known.Match], option: str) -> str:
    """Say what would tell units apart; a date where an option can say it."""
    words = {question: word("question", question, lang) for question in known.undecided(matches)}
    if "date" in words:
        words["date"] += f" ({option})" if option else ""
    return say(lang, "several-units", what=", ".join(words.values()))


def nowhere(lang: str, given: str, day: dt.date | None) -> str:
    """Say that there is no such unit, on a day or ever, and what may be meant."""
    when = say(lang, "on-day", date=localised.date(day).get(lang)) if day else ""
    said = say(lang, "no-unit", name=given, when=when)
    if not _is_code(given):
        near = known.near(given) or nearest(given.partition(" ")[0], subcommands("landxml units"))
        return f"{said}; {say(lang, 'did-you-mean', near=near)}" if near else f"{said}."
    found = known.resolve(given.strip(), day or localised.today(), day or localised.today())
    reasons = [word("state", found.state, lang)]
    reasons += [f"{unit.name}, {span(unit.valid_from, unit.valid_to, lang)}" for unit in found.periods]
    reasons += [
        say(lang, "did-you-mean", near=named(code, day or localised.today())) for code in found.candidates
    ]
    return f"{said}: {'; '.join(reasons)}"
