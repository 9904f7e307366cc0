"""Tables and words about administrative units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from rich.table import Table

import landxml_units as known
from landxml import localised
from landxml_cli.messages import say
from landxml_cli.outputs import as_json

__all__ = ["LINKS", "link", "listed", "named", "noted", "periods", "plainly", "span", "word"]


LINKS = ("code", "name", "within", "kind", "note", "basis", "inferred")
"""Columns of :func:`link`."""


def listed(columns: Sequence[str], rows: Iterable[tuple[str, ...]], lang: str) -> Table:
    """Lay out rows under their headings; columns without any text are left out."""
    lines = list(rows)
    filled = [number for number in range(len(columns)) if any(row[number] for row in lines)]
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for name in (columns[number] for number in filled):
        table.add_column(say(lang, f"column.{name}"), overflow="fold")
    for row in lines:
        table.add_row(*(row[number] for number in filled))
    return table


def periods(matches: Iterable[known.Match], lang: str) -> Table:
    """Lay out units with the time in which each was valid."""
    rows = (
        (
            match.unit.code,
            match.unit.name,
            ", ".join(unit.name for unit in match.within),
            span(match.unit.valid_from, match.unit.valid_to, lang),
        )
        for match in matches
    )
    return listed(("code", "name", "within", "valid"), rows, lang)


def link(row: Mapping[str, Any], day: dt.date, lang: str) -> tuple[str, ...]:
    """Lay out how a unit is connected with the one that was asked for; the unit as it was on a day."""
    unit = known.get(row["code"], day)
    place = ", ".join(each.name for each in known.within(unit, day)) if unit else ""
    sure = word("evidence", "inferred", lang) if row["inferred"] else ""
    kind, notes = word("kind", row["kind"], lang), noted(row["note"], lang)
    return row["code"], unit.name if unit else "", place, kind, notes, row["basis"], sure


def named(code: str, day: dt.date) -> str:
    """Return a code and the name that it had on a day."""
    unit = known.get(code, day)
    return f"{code} {unit.name}" if unit else code


def noted(notes: str, lang: str) -> str:
    """Return the notes on a transition in the user's language."""
    return "; ".join(word("note", note, lang) for note in notes.split("; ") if note)


def span(first: dt.date | None, last: dt.date | None, lang: str) -> str:
    """Say from when until when."""
    since, until = (localised.date(day).get(lang) if day else "" for day in (first, last))
    which = ("always", "since", "until-only", "since-until")[2 * bool(last) + bool(first)]
    return say(lang, f"span.{which}", since=since, until=until)


def word(group: str, name: str, lang: str) -> str:
    """Return a word of the tables in the user's language."""
    return _words()[group, name][lang]


@cache
def _words() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["group"], row["word"]): row for row in known.table("words").to_pylist()}


def plainly(data: object) -> bytes:
    """Return data as JSON, records with the names of their fields."""
    return as_json(_plain(data))


def _plain(data: Any) -> Any:
    if hasattr(data, "_asdict"):
        return _plain(data._asdict())
    if isinstance(data, dict):
        return {name: _plain(value) for name, value in data.items()}
    return [_plain(each) for each in data] if isinstance(data, list | tuple) else data
