"""What became of a unit: from any day to any later one, through chains of any length.

Nothing here chooses. A unit that was divided has all its successors, and where no source names one there is
none. What a source only inferred is marked.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from landxml.errors import LandXmlError
from landxml.localised import today
from landxml.text import Text
from landxml_units.tables import TWO_TIERS_SINCE, Unit, at, by_law, communes, get, name, table, validities

__all__ = [
    "Resolution",
    "State",
    "Successor",
    "Transition",
    "crosswalk",
    "history",
    "predecessors",
    "resolve",
    "successors",
]

KINDS = ("unchanged", "moved", "renamed", "merged", "split", "partial", "abolished")
"""Kinds of transition; that of a chain is the last of these that one of its steps has."""

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("old", "new", "kind", "note", "basis")]
    + [("inferred", pa.bool_()), ("successors", pa.int32())]
)

State = Literal["settled", "split", "open", "unknown", "stale", "district", "not-valid", "zeros-lost"]


class Transition(NamedTuple):
    """On a day area or people of a unit came to another, or stayed with the code while something changed."""

    date: dt.date  # first day of the new state in the catalogue
    old_code: str
    new_code: str | None  # None: it ended, and no source names a successor
    kind: str  # unchanged | moved | renamed | merged | split | partial | abolished
    note: str | None  # what goes: the whole, which part; main successor: other ones are not recorded
    resolution: str | None
    effective: dt.date | None  # legal date, where a source has it
    evidence: str | None  # law | nso (statistics office) | press | inferred


class Successor(NamedTuple):
    """A unit that has area or people of another one."""

    code: str
    name: str
    kind: str
    note: str
    basis: str  # the resolutions on the way
    inferred: bool  # a step on the way rests on an inference


class Resolution(NamedTuple):
    """What became of a code, or why that cannot be said.

    Attributes
    ----------
    state
        ``settled``: one successor. ``split``: several, or some and what no source names. ``open``: it ended,
        and no source names a successor.
        All others say that the code was no unit on the first day: ``unknown``; ``stale``: one of the twelve
        that the catalogue revived by mistake; ``district``; ``not-valid``: a unit only on other days;
        ``zeros-lost``: too short, as when a spreadsheet took it for a number.
    periods
        When the code was valid, where it was not on the first day.
    candidates
        Codes that may be meant instead; none is ever taken.
    """

    code: str
    state: State
    successors: tuple[Successor, ...] = ()
    periods: tuple[Unit, ...] = ()
    candidates: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether there is exactly one successor."""
        return self.state == "settled"


class Way(NamedTuple):
    """Steps from a unit to where they end; None if a source is silent on the way."""

    end: str | None
    steps: tuple[Transition, ...] = ()


@lru_cache(maxsize=16)
def crosswalk(from_date: dt.date, to_date: dt.date) -> pa.Table:
    """Return what became of every commune, and of the island districts, between two days: one row per pair.

    Columns are ``old``; ``new`` (null where no source names a successor); ``kind`` (unchanged, moved to
    another district, renamed, merged, split, partial, abolished); ``note`` (what goes: whole, which part,
    main successor); ``basis`` (the resolutions on the way); ``inferred`` (a step rests on an inference);
    ``successors`` (number of known successors of ``old``). Join it with a million codes at once.

    Raises
    ------
    LandXmlError
        If the second day is before the first.

    >>> from datetime import date
    >>> rows = crosswalk(date(2019, 1, 1), date(2025, 7, 1)).filter(pc.field("old") == "10597")
    >>> rows["new"].to_pylist(), rows["kind"].to_pylist()
    (['10549', '10573', '10678'], ['partial', 'split', 'split'])
    >>> rows["basis"][0].as_py()
    '623/NQ-UBTVQH14; 1669/NQ-UBTVQH15'
    """
    islands = {code for code in _steps() if len(code) == 3 and get(code, from_date)}
    return _followed([*communes(from_date)["code"].to_pylist(), *sorted(islands)], from_date, to_date)


def _followed(codes: Iterable[str], from_date: dt.date, to_date: dt.date) -> pa.Table:
    _check_order(from_date, to_date)
    rows = []
    for code in codes:
        found = _ends(code, from_date, to_date)
        count = sum(new is not None for new in found)
        rows += [(code, new, *_told(ways, len(found)), count) for new, ways in found.items()]
    return pa.table(dict(zip(SCHEMA.names, zip(*rows, strict=True), strict=True)), SCHEMA)


def resolve(code: str, from_date: dt.date, to_date: dt.date) -> Resolution:
    """Return what became of a code that was read on the first day; of a commune, province or island district.

    Where the law had the unit on that day and the catalogue had not, it is followed from the nearest day of
    the catalogue.

    Raises
    ------
    LandXmlError
        If the second day is before the first.

    >>> from datetime import date
    >>> resolve("00007", date(2025, 6, 30), date(2025, 7, 1)).state
    'split'
    >>> resolve("4", date(2025, 6, 30), date(2025, 7, 1)).candidates
    ('00004',)
    """
    _check_order(from_date, to_date)
    from_date = _listed_day(code, from_date)
    unit = get(code, from_date)
    if unit is None or (unit.level == "district" and code not in _steps()):
        return _unresolved(code, unit, from_date)
    found = _ends(code, from_date, to_date)
    known = tuple(
        Successor(new, name(new, to_date), *_told(ways, len(found)))
        for new, ways in found.items()
        if new is not None
    )
    if not known:
        return Resolution(code, "open")
    return Resolution(code, "settled" if len(found) == 1 else "split", known)


def _listed_day(code: str, day: dt.date) -> dt.date:
    """Return the day, or the nearest on which the catalogue has a unit that only the law has on this one."""
    for first, last in _by_law().get(code, ()):
        if first <= day <= last and get(code, day) is None:
            before, behind = first - dt.timedelta(1), last + dt.timedelta(1)
            return before if get(code, before) else behind
    return day


def _unresolved(code: str, unit: Unit | None, day: dt.date) -> Resolution:
    periods = tuple(validities(code))
    padded = code.strip().zfill(5)
    candidates = (padded,) if code != padded and padded.isdecimal() and get(padded, day) else ()
    if unit or any(period.level == "district" for period in periods):
        return Resolution(code, "district", periods=periods, candidates=candidates)
    if candidates:
        return Resolution(code, "zeros-lost", candidates=candidates)
    if code in _stale():
        return Resolution(code, "stale", periods=periods, candidates=_stale()[code])
    return Resolution(code, "not-valid" if periods else "unknown", periods=periods)


def successors(code: str) -> list[str]:
    """Return the new communes that got the area or people of an old one on 1 July 2025, sorted.

    Empty for a code that was not valid on 30 June 2025. Five island districts without communes have one too.
    """
    reform = [group for day, group in _steps().get(code, ()) if day == TWO_TIERS_SINCE]
    return [step.new_code for step in reform[0] if step.new_code] if reform else []


def predecessors(code: str, from_date: dt.date, to_date: dt.date | None = None) -> pa.Table:
    """Return the rows of `crosswalk` that lead to a code: where its area and people were on an earlier day.

    `to_date` is the day on which the code is read, by default today. Of a province the rows are provinces.
    """
    until = to_date or today()  # catalogues change at local midnight
    if len(code) == 2:
        provinces = at(from_date).filter(pc.field("level") == "province")["code"].to_pylist()
        rows = _followed(provinces, from_date, until)
    else:
        rows = crosswalk(from_date, until)
    return rows.filter(pc.field("new") == code)


def history(code: str) -> list[Transition]:
    """Return every transition from or to a code, oldest first; `validities` has its names and parents."""
    return [step for step in _transitions() if code in {step.old_code, step.new_code}]


def _ends(code: str, since: dt.date, until: dt.date) -> dict[str | None, list[Way]]:
    """Group the ways from a code that is valid on `since` by the code that has their end on `until`."""
    ends = defaultdict(list)
    for way in _ways(code, since, until):
        ends[way.end].append(way)
    return ends


def _ways(code: str, since: dt.date, until: dt.date) -> list[Way]:
    for day, group in _steps().get(code, ()):
        if since < day <= until:
            return [
                Way(way.end, (step, *way.steps))
                for step in group
                for way in (_ways(step.new_code, day, until) if step.new_code else [Way(None)])
            ]
    return [Way(code if get(code, until) else None)]


def _told(ways: list[Way], ends: int) -> tuple[str, str, str, bool]:
    """Sum up the ways to one end: kind, note, basis, and whether a step is inferred."""
    steps = [step for way in ways for step in way.steps]
    kind = max((step.kind for step in steps), key=KINDS.index, default="unchanged")
    if not ways[0].end:
        kind = "abolished"
    elif ends == 1 and kind in {"split", "partial"}:  # its parts came together again
        kind = "merged"
    notes = _joined(step.note for step in steps if step.note != "whole")
    basis = _joined(step.resolution for step in steps)
    return kind, notes or "whole", basis, any(step.evidence == "inferred" for step in steps)


def _joined(texts: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _check_order(from_date: dt.date, to_date: dt.date) -> None:
    if to_date < from_date:
        raise LandXmlError(
            Text(
                f"{to_date} trước {from_date}; đơn vị hành chính được dò từ ngày trước đến ngày sau",
                f"{to_date} is before {from_date}; units are followed from the earlier day to the later",
            )
        )


@cache
def _transitions() -> list[Transition]:
    return [Transition(*row) for row in zip(*table("transitions").to_pydict().values(), strict=True)]


@cache
def _steps() -> dict[str, list[tuple[dt.date, list[Transition]]]]:
    """Index the transitions by old code and day, oldest first."""
    rows = sorted(_transitions(), key=lambda step: (step.old_code, step.date, step.new_code or ""))
    return {
        code: [(day, list(group)) for day, group in groupby(steps, key=lambda step: step.date)]
        for code, steps in groupby(rows, key=lambda step: step.old_code)
    }


@cache
def _by_law() -> dict[str, list[tuple[dt.date, dt.date]]]:
    periods = defaultdict(list)
    for row in by_law().to_pylist():
        periods[row["code"]].append((row["valid_from"], row["valid_to"]))
    return periods


@cache
def _stale() -> dict[str, tuple[str, ...]]:
    return {row["code"]: tuple(filter(None, [row["successor"]])) for row in table("stale").to_pylist()}
