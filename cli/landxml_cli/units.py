"""Commands about administrative units: look one up, follow it through time, give the tables away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import takewhile
from typing import Any

import click
from rich.table import Table

import landxml_units as known
from landxml.files import SUFFIXES, form
from landxml.nearest import nearest
from landxml_cli.help import Command, Group
from landxml_cli.messages import say
from landxml_cli.terminal import as_json, destination, drawn, heading, note, put
from landxml_cli.types import Complaint, Day, Plain, Word, forcible, shared
from landxml_reports import wording
from landxml_units.export import FORMATS
from landxml_units.export import export as exported

__all__ = ["listed", "plainly", "span", "today", "units", "word"]

LAST_OLD_DAY = known.TWO_TIERS_SINCE - dt.timedelta(days=1)
FORMS = {name: SUFFIXES["zip" if name == "csv" else name] for name in FORMATS}
"""Suffixes of the tables; those in CSV are several files."""
LISTED = 5
"""Most units named in one sentence."""
LINKS = ("code", "name", "within", "kind", "note", "basis", "inferred")

_format = click.option("--format", "format_", type=Word(lambda: ("text", "json")), default="text")
_unit = click.argument("unit", type=Plain("UNIT"))
_from = click.option("--from", "from_date", type=Day())
_to = click.option("--to", "to_date", type=Day())


class LookUp(Group):
    """Commands; what is none of them is looked up."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command that looks up before what is none; the words of a name need no quotes."""
        if args and not {"-h", "--help", *self.commands} & set(args):
            name = list(takewhile(lambda word: not word.startswith("-"), args))
            args = ["show", *([" ".join(name)] if name else []), *args[len(name) :]]
        return super().parse_args(ctx, args)


@click.group(cls=LookUp, invoke_without_command=True)
@shared
@click.pass_context
def units(context: click.Context) -> None:
    """Look a unit up; without anything, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())


@units.command(cls=Command)
@_unit
@click.option("--as-of", type=Day())
@_format
@shared
@click.pass_obj
def show(lang: str, unit: str, as_of: dt.date | None, format_: str) -> int:
    """Show what a code or a name stands for."""
    matches = _matches(unit, as_of)
    if not matches:
        raise Complaint(_nowhere(lang, unit, as_of))
    several = len({match.unit.code for match in matches}) > 1
    if format_ == "json":
        put(plainly(matches))
    else:
        put(drawn(_periods(matches, lang), *([_several(lang, matches, "--as-of")] if several else [])))
    return int(several)


@units.command(cls=Command)
@_unit
@_format
@shared
@click.pass_obj
def history(lang: str, unit: str, format_: str) -> None:
    """Tell what happened to a code."""
    code, day = _meant(lang, unit, None)
    steps = known.history(code)
    if not known.validities(code):
        raise Complaint(_nowhere(lang, code, day))
    if format_ == "json":
        put(plainly({"code": code, "units": known.validities(code), "transitions": steps}))
        return
    rows = (
        (
            wording.date(step.date).get(lang),
            wording.date(step.effective).get(lang) if step.effective not in {None, step.date} else "",
            _named(step.old_code, step.date - dt.timedelta(days=1)),
            _named(step.new_code, step.date) if step.new_code else "",
            word("kind", step.kind, lang),
            _notes(step.note or "", lang),
            step.resolution or "",
            word("evidence", step.evidence, lang) if step.evidence else "",
        )
        for step in steps
    )
    columns = ("date", "by-law", "from", "to", "kind", "note", "basis", "evidence")
    put(drawn(_periods(_matches(code, None), lang)))
    if steps:  # of most districts only the names are known
        put(drawn("", listed(columns, rows, lang)))


@units.command(cls=Command)
@_unit
@_from
@_to
@_format
@shared
@click.pass_obj
def successors(lang: str, unit: str, from_date: dt.date | None, to_date: dt.date | None, format_: str) -> int:
    """Tell what became of a unit."""
    code, day = _meant(lang, unit, from_date, "--from")
    until = to_date or max(today(), day)
    found = known.resolve(code, day, until)
    if format_ == "json":
        put(plainly({"from": day, "to": until, **found._asdict(), "settled": found.settled}))
    elif found.successors:
        dates = {"date": wording.date(day).get(lang), "until": wording.date(until).get(lang)}
        rows = [_link(each._asdict(), until, lang) for each in found.successors]
        put(
            drawn(
                heading(say(lang, "successors", name=_named(code, day), **dates)), listed(LINKS, rows, lang)
            )
        )
    elif found.state == "open":
        note(f"{_named(code, day)}: {word('state', 'open', lang)}")
    else:
        note(_nowhere(lang, code, day))
    return 0 if found.successors else 1


@units.command(cls=Command)
@_unit
@_from
@_to
@_format
@shared
@click.pass_obj
def predecessors(
    lang: str, unit: str, from_date: dt.date | None, to_date: dt.date | None, format_: str
) -> int:
    """Tell of what a unit was made."""
    day, until = from_date or LAST_OLD_DAY, to_date or today()
    code, _ = _meant(lang, unit, until)
    if known.get(code, until) is None:
        raise Complaint(_nowhere(lang, code, until))
    rows = known.predecessors(code, day, until).to_pylist()
    if format_ == "json":
        put(plainly({"code": code, "from": day, "to": until, "predecessors": rows}))
    else:
        dates = {"date": wording.date(day).get(lang), "until": wording.date(until).get(lang)}
        title = say(lang, "predecessors", name=_named(code, until), **dates)
        links = (_link(row | {"code": row["old"]}, day, lang) for row in rows)
        put(drawn(heading(title), listed(LINKS, links, lang)))
    return 0 if rows else 1


@units.command(cls=Command)
@click.option("--format", "format_", type=Word(lambda: FORMATS))
@click.option("--as-of", type=Day(known.TWO_TIERS_SINCE))
@click.option("-o", "--output", type=Plain("FILE", "output"), required=True)
@forcible
@shared
@click.pass_obj
def export(lang: str, format_: str | None, as_of: dt.date | None, output: str, *, force: bool) -> None:
    """Write the tables in a form that other systems load."""
    chosen = form(output, FORMS, format_)
    with destination(output, lang, force=force) as write:
        write(exported(chosen, as_of or today()))


def _matches(text: str, as_of: dt.date | None) -> list[known.Match]:
    """Find units by code where the text is one, else by name."""
    if not _is_code(text):
        return known.find(text, as_of)
    periods = known.validities(text.strip())
    return [
        known.Match(unit, known.within(unit, as_of), exact=True)
        for unit in periods
        if as_of is None or unit.valid_on(as_of)
    ]


def _meant(lang: str, text: str, day: dt.date | None, option: str = "") -> tuple[str, dt.date]:
    """Return the code that a code or name means, and the day on which it is read; `option` can say one.

    That is the last one of three tiers where the unit was valid on it: no other day is asked about as often.
    """
    matches = _matches(text, None if _is_code(text) else day)
    codes = list(dict.fromkeys(match.unit.code for match in matches))
    if len(codes) > 1:
        names = [f"{code} {name}" for code, name in {m.unit.code: m.unit.name for m in matches}.items()]
        more = " …" if len(names) > LISTED else ""
        raise Complaint(f"{_several(lang, matches, option)} {', '.join(names[:LISTED])}{more}")
    if not codes and not _is_code(text):
        raise Complaint(_nowhere(lang, text, day))
    if day is None and matches:
        last = matches[-1].unit
        old = any(match.unit.valid_on(LAST_OLD_DAY) for match in matches)
        day = LAST_OLD_DAY if old else last.valid_to or last.valid_from
    return (codes[0] if codes else text.strip()), day or today()


def _is_code(text: str) -> bool:
    return text.strip().isdecimal() and text.isascii()


def _several(lang: str, matches: Iterable[known.Match], option: str) -> str:
    """Say what would tell units apart; a date where an option can say it."""
    words = {question: word("question", question, lang) for question in known.undecided(matches)}
    if "date" in words:
        words["date"] += f" ({option})" if option else ""
    return say(lang, "several-units", what=", ".join(words.values()))


def _nowhere(lang: str, given: str, day: dt.date | None) -> str:
    """Say that there is no such unit, on a day or ever, and what may be meant."""
    when = say(lang, "on-day", date=wording.date(day).get(lang)) if day else ""
    said = say(lang, "no-unit", name=given, when=when)
    if not _is_code(given):
        near = known.near(given) or nearest(given.partition(" ")[0], units.commands)
        return f"{said}; {say(lang, 'did-you-mean', near=near)}" if near else f"{said}."
    found = known.resolve(given.strip(), day or today(), day or today())
    reasons = [word("state", found.state, lang)]
    reasons += [f"{unit.name}, {span(unit.valid_from, unit.valid_to, lang)}" for unit in found.periods]
    reasons += [say(lang, "did-you-mean", near=_named(code, day or today())) for code in found.candidates]
    return f"{said}: {'; '.join(reasons)}"


def _periods(matches: Iterable[known.Match], lang: str) -> Table:
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


def _link(row: Mapping[str, Any], day: dt.date, lang: str) -> tuple[str, ...]:
    """Lay out how a unit is connected with the one that was asked for; the unit as it was on a day."""
    unit = known.get(row["code"], day)
    place = ", ".join(each.name for each in known.within(unit, day)) if unit else ""
    sure = word("evidence", "inferred", lang) if row["inferred"] else ""
    kind, notes = word("kind", row["kind"], lang), _notes(row["note"], lang)
    return row["code"], unit.name if unit else "", place, kind, notes, row["basis"], sure


def _named(code: str, day: dt.date) -> str:
    unit = known.get(code, day)
    return f"{code} {unit.name}" if unit else code


def _notes(notes: str, lang: str) -> str:
    return "; ".join(word("note", note, lang) for note in notes.split("; ") if note)


def today() -> dt.date:
    """Return the date where the user is."""
    return dt.datetime.now(dt.UTC).astimezone().date()


def span(first: dt.date | None, last: dt.date | None, lang: str) -> str:
    """Say from when until when."""
    since, until = (wording.date(day).get(lang) if day else "" for day in (first, last))
    which = ("always", "since", "until-only", "since-until")[2 * bool(last) + bool(first)]
    return say(lang, f"span.{which}", since=since, until=until)


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
