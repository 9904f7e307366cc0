"""The rows of a code list, or the administrative units, by which a code was judged."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

import landxml_schemas
import landxml_units as units
from landxml.codelists import Code, codelist, successors
from landxml.text import Text

__all__ = ["Codes", "Row", "near"]

MOST = 8
"""Most codes shown."""
ALIKE = 0.3
"""How much alike (of 1) codes are that may be meant."""
LONGEST = 100
"""Characters of a code that are compared."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A code: what it means, its first and last day, what it has become, whether it is the one found."""

    code: str
    title: Text
    since: dt.date | None = None
    until: dt.date | None = None
    successors: list[str] = []
    found: bool = False


class Codes(msgspec.Struct, frozen=True, kw_only=True):
    """The name of a list, ``""`` for that of administrative units, and its codes nearest to the one found."""

    name: str
    rows: list[Row]


def near(rule: str, params: Mapping[str, Any], day: dt.date) -> Codes | None:
    """Return the codes near the one that a finding is about; None if it is about none.

    Parameters
    ----------
    rule
        Its code: those of administrative units are told by it.
    params
        Parameters of its message: ``code``, and the ``list`` that should have it.
    day
        On which codes are valid.
    """
    code, name = str(params.get("code") or ""), str(params.get("list") or "")
    if name in landxml_schemas.codelists():
        return Codes(name=name, rows=_of_list(name, code, day))
    if code and rule.startswith("ADM"):
        return Codes(name="", rows=_of_units(code, day))
    return None


def _of_list(name: str, code: str, day: dt.date) -> list[Row]:
    """Return all that a code ever was in a list, then valid ones: its successors, and those like it."""
    known = codelist(name)
    later = [link.code for link in successors(name, code, day)]
    valid = {each.code: each for each in known if each.used_on(day) and each.code != code}
    found = [_row(each, later, found=True) for each in known if each.code == code]
    chosen = dict.fromkeys([*later, *_alike(code, valid)])
    return [*found, *(_row(valid[each]) for each in chosen if each in valid)][:MOST]


def _alike(code: str, known: Iterable[str]) -> list[str]:
    folded = {each.casefold(): each for each in known}
    return [
        folded[each] for each in difflib.get_close_matches(code[:LONGEST].casefold(), folded, MOST, ALIKE)
    ]


def _row(code: Code, later: Sequence[str] = (), *, found: bool = False) -> Row:
    return Row(
        code=code.code, title=Text(code.vi, code.en), since=code.valid_from,
        until=code.valid_to or code.deprecated, successors=[*later], found=found,
    )  # fmt: skip


def _of_units(code: str, day: dt.date) -> list[Row]:
    """Return all that a code ever was, then units of the day: its successors, or those of codes like it."""
    periods = units.validities(code)
    rows = [_unit(each, found=True) for each in periods]
    if periods:
        last = periods[-1]
        became = units.resolve(code, min(last.valid_to or day, day), day).successors
        later = [each.code for each in became if each.code != code]
        rows[-1] = msgspec.structs.replace(rows[-1], successors=later)
    else:
        later = _alike(code, units.communes(day)["code"].to_pylist())
    valid = (units.get(each, day) for each in later)
    return [*rows, *(_unit(each) for each in valid if each)][:MOST]


def _unit(unit: units.Unit, *, found: bool = False) -> Row:
    name = Text(unit.name, unit.name)
    return Row(code=unit.code, title=name, since=unit.valid_from, until=unit.valid_to, found=found)
