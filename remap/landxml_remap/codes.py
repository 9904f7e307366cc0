"""What becomes of each code that the data hold: one successor, several, or none, with all that may be meant.

Nothing here chooses. Land and people are told apart, because the law sometimes sends all people of a divided
commune to one successor, or only people to another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

import landxml_units as units
from landxml_remap.roles import roles

__all__ = ["Code", "State", "chain", "judge"]

State = Literal["settled", "target", "split", "both", "open", "unknown", "stale", "district", "not-valid",
                "zeros-lost", "no-code"]  # fmt: skip
"""``target``: no code of the first day, but one of the last; ``both``: a code of both days, for other areas,
in data that mix codes of both; ``no-code``: none is written. The others are those of
:data:`landxml_units.State`."""


class Code(NamedTuple):
    """What becomes of a code.

    Attributes
    ----------
    land, people
        The commune that all land, all people went to; None where that is not known.
    pairs
        Successors, each with the kind of the transition, its resolutions, and whether it is inferred.
    candidates
        Codes of the last day that may be meant.
    """

    code: str
    state: State
    land: str | None
    people: str | None
    pairs: tuple[units.Successor, ...]
    candidates: tuple[str, ...]


@lru_cache(maxsize=10_000)
def judge(code: str, since: dt.date, until: dt.date, *, mixed: bool) -> Code:
    """Say what became of a code between two days.

    Parameters
    ----------
    mixed
        The data also hold codes that were none on the first day but are on the last, and nobody said of which
        day they are: a code of both days is then not understood as that of the first.
    """
    if not code:
        return Code(code, "no-code", None, None, (), ())
    now = units.commune(code, until)
    found = units.resolve(code, min(since, until), until)
    if now and (since >= until or found.state not in {"settled", "split", "open"}):
        return Code(code, "target", code, code, (), (code,))
    candidates = tuple(successor.code for successor in found.successors)
    if found.state not in {"settled", "split"}:
        return Code(code, found.state, None, None, (), _meant(found, until))
    if mixed and now and candidates != (code,):
        return Code(code, "both", None, None, found.successors, tuple(sorted({code, *candidates})))
    notes = roles().notes
    land = _only(found.successors, notes.no_land, notes.all_land)
    people = _only(found.successors, notes.no_people, notes.all_people)
    return Code(code, found.state, land, people, found.successors, candidates)


def _only(successors: tuple[units.Successor, ...], none: str, everything: str) -> str | None:
    """Return the one successor that notes leave over, or that one of them says has got everything."""
    taking = [s.code for s in successors if none not in s.note]
    whole = [s.code for s in successors if everything in s.note]
    return (whole or taking)[0] if 1 in {len(whole), len(taking)} else None


def _meant(found: units.Resolution, until: dt.date) -> tuple[str, ...]:
    """Communes of the last day that may be meant by a code that was none on the first."""
    codes = set()
    for candidate in found.candidates or (found.code,):
        for period in units.validities(candidate):
            if period.level == "commune":
                day = min(period.valid_to or until, until)
                codes |= {s.code for s in units.resolve(candidate, day, until).successors}
    return tuple(sorted(codes))


@lru_cache(maxsize=10_000)
def chain(code: str, day: dt.date) -> Mapping[str, units.Unit]:
    """Return a commune of a day and what it belongs to, by level; empty if there is no such commune."""
    found: dict[str, units.Unit] = {}
    unit = units.commune(code, day)
    while unit is not None:
        found[unit.level] = unit
        unit = units.get(unit.parent, day) if unit.parent else None
    return found
