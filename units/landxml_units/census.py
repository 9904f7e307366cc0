"""The commune codes of a file together: on which days they all hold, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from landxml_units.resolver import Resolution, resolve
from landxml_units.tables import LEVELS, TWO_TIERS_SINCE, Unit, validities

__all__ = ["Census", "Span", "Tally", "census"]


DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days from the first to the last; None: since before the tables begin, or until today and on."""

    first: date | None
    last: date | None

    def has(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return (self.first or date.min) <= day <= (self.last or date.max)


class Tally(NamedTuple):
    """One code of a file.

    Attributes
    ----------
    code, times
        As the file writes it; how often.
    units
        The periods in which it was a commune's.
    found
        What became of it from the day on which the file is read until today; None where no such day is known.
    """

    code: str
    times: int
    units: tuple[Unit, ...]
    found: Resolution | None

    @property
    def trouble(self) -> str:
        """What is wrong with the code: a state of `Resolution`, or ``province``; empty if nothing is."""
        if self.found is None or self.found.state in {"settled", "split", "open"}:
            return "province" if LEVELS.get(len(self.code)) == "province" else ""
        return self.found.state


class Census(NamedTuple):
    """All codes of a file.

    Attributes
    ----------
    tallies
        The codes, sorted.
    together
        When all codes that ever were a commune's were valid at once, oldest first; empty if never.
    read_on
        The day on which the file is read: the one that it states, else the last on which its codes hold
        together, at most today. None if there is none, or if they hold both before July 2025 and since: most
        codes of both times have another area in each.
    three_tier, two_tier
        Number of codes that were valid only before July 2025, and only since: a file has one or the other.
    """

    tallies: tuple[Tally, ...]
    together: tuple[Span, ...]
    read_on: date | None
    three_tier: int
    two_tier: int

    @property
    def sound(self) -> bool:
        """Whether every code is one, and all were valid on one day."""
        return bool(self.together) and not any(tally.trouble for tally in self.tallies)


def census(counts: Mapping[str, int], today: date, stated: date | None = None) -> Census:
    """Judge the commune codes of a file.

    Parameters
    ----------
    counts
        How often the file has each code.
    today
        Day up to which codes are followed.
    stated
        Day on which the file says that its codes are valid.
    """
    units = {code: _communes(code) for code in sorted(counts)}
    known = [each for each in units.values() if each]
    together = [Span(None, None)] if known else []
    for each in known:
        together = _both(together, each)
    read_on = stated or _read_on(together, today)
    tallies = tuple(Tally(code, counts[code], each, _followed(code, each, read_on, today))
                    for code, each in units.items())  # fmt: skip
    older = [{(unit.valid_from or date.min) < TWO_TIERS_SINCE for unit in each} for each in known]
    return Census(tallies, tuple(together), read_on, older.count({True}), older.count({False}))


def _read_on(together: list[Span], today: date) -> date | None:
    both = all(any(span.has(day) for span in together) for day in (TWO_TIERS_SINCE - DAY, TWO_TIERS_SINCE))
    return None if both or not together else min(together[-1].last or today, today)


def _communes(code: str) -> tuple[Unit, ...]:
    return tuple(unit for unit in validities(code) if unit.level == "commune")


def _both(spans: Iterable[Span], units: Iterable[Unit]) -> list[Span]:
    """Return the days that lie in the spans and in the periods; periods that touch become one."""
    common: list[Span] = []
    for span in spans:
        for unit in units:
            first = max(span.first or date.min, unit.valid_from or date.min)
            last = min(span.last or date.max, unit.valid_to or date.max)
            if first <= last and common and (common[-1].last or date.max) == first - DAY:
                first = common.pop().first or date.min
            if first <= last:
                common.append(Span(first if first > date.min else None, last if last < date.max else None))
    return common


def _followed(code: str, units: tuple[Unit, ...], read_on: date | None, today: date) -> Resolution | None:
    """Follow a code from the day on which the file is read; a lone one from its own last day."""
    if read_on is None and units:
        tiers = {(unit.valid_from or date.min) < TWO_TIERS_SINCE for unit in units}
        if len(tiers) > 1:  # valid before July 2025 and since, mostly as another area
            return None
        read_on = min(units[-1].valid_to or today, today)
    day = min(read_on or today, today)
    return resolve(code, day, today)
