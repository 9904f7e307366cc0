"""``landxml units check``: when the commune codes of files were valid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from rich.console import RenderableType

from landxml import localised, tabular
from landxml.layouts import Layout
from landxml_cli.drawing import drawn, heading
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.terminal import note, put
from landxml_cli.unit_tables import listed, plainly, span, word
from landxml_units import code_column
from landxml_units.census import Census, Tally, census
from landxml_validator.inspection import inspect

__all__ = ["check"]


def check(
    lang: str, files: tuple[str, ...], as_of: dt.date | None, layouts: tuple[str, ...], format_: str
) -> int:
    """Say when the commune codes of files were valid, and what is wrong with them."""
    missing = tell_absent(files, lang)
    if len(missing) == len(files):
        return 2
    beside = own(layouts)
    found = {name: _census(name, as_of, beside, lang) for name in files if name not in missing}
    if format_ == "json":
        put(plainly([{"file": name, **_told(each)} for name, each in found.items()]))
    else:
        put(drawn(*(line for name, each in found.items() for line in _sheet(name, each, lang))))
    if missing or not any(each.tallies for each in found.values()):
        return 2
    return int(not all(each.sound for each in found.values()))


def _census(name: str, as_of: dt.date | None, layouts: list[Layout], lang: str) -> Census:
    if Path(name).suffix.lower() in tabular.SUFFIXES:
        return census(code_column.codes(name), localised.today(), as_of)
    (found,) = inspect([name], layouts)
    for trouble in found.troubles:
        note(f"{trouble.file}: {trouble.reason.get(lang)}")
    days = {day for day in map(_day, found.codes_valid_on) if day}
    counts = {commune.code: commune.count for commune in found.communes}
    stated = days.pop() if len(days) == 1 else None
    return census(counts, localised.today(), as_of or stated)


def _told(found: Census) -> dict[str, object]:
    codes = [{**tally._asdict(), "trouble": tally.trouble} for tally in found.tallies]
    return {"sound": found.sound, **found._asdict(), "tallies": codes}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:  # rules tell of that
        return None


def _sheet(name: str, found: Census, lang: str) -> Iterator[RenderableType]:
    yield heading(name)
    if not found.tallies:
        yield say(lang, "no-codes")
        return
    if found.together:
        yield say(lang, "together", spans=", ".join(span(*each, lang) for each in found.together))
    elif found.three_tier and found.two_tier:
        yield say(lang, "mixed-tiers", old=found.three_tier, new=found.two_tier)
    elif any(tally.units for tally in found.tallies):
        yield say(lang, "never-together")
    if found.read_on:
        yield say(lang, "read-on", date=localised.date(found.read_on).get(lang))
    rows = [_row(tally, found.read_on, lang) for tally in found.tallies]
    yield listed(("code", "times", "name", "valid", "successors", "trouble"), rows, lang)
    yield ""


def _row(tally: Tally, read_on: dt.date | None, lang: str) -> tuple[str, ...]:
    """Lay out a code with the unit that it was on the day, or all that it ever was."""
    on_day = [unit for unit in tally.units if read_on and unit.valid_on(read_on)]
    meant, found = on_day or tally.units, tally.found
    trouble = word("state", tally.trouble, lang) if tally.trouble else ""
    if found is None:
        trouble = say(lang, "needs-date")
    elif found.state == "open":
        trouble = word("state", "open", lang)
    elif found.candidates:
        trouble += f"; {say(lang, 'did-you-mean', near=', '.join(found.candidates))}"
    went = [new for new in found.successors if new.kind != "unchanged"] if found else []
    return (
        tally.code,
        localised.number(tally.times).get(lang),
        "; ".join(unit.name for unit in meant),
        "; ".join(span(unit.valid_from, unit.valid_to, lang) for unit in meant),
        "; ".join(f"{new.code} {new.name}" for new in went),
        trouble,
    )
