"""Commands that look at data: validate it, inspect it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import click
from rich.console import RenderableType

import landxml_validator
from landxml import crs
from landxml.files import SUFFIXES, form
from landxml_cli.catalogue import listed
from landxml_cli.pages import Command
from landxml_cli.parameters import Day, Number, Plain, Word, forcible, shared
from landxml_cli.terminal import (
    as_json,
    coloured,
    destination,
    drawn,
    facts,
    heading,
    note,
    progress,
    put,
    tell_absent,
)
from landxml_cli.words import say
from landxml_validator.inspection import Commune, Inspection
from landxml_validator.inspection import inspect as look
from landxml_validator.profile import profiles
from landxml_validator.render import FORMATS, render, text, wording
from landxml_validator.report import Report

__all__ = ["digest", "inspect", "shown", "summary", "validate"]

SAMPLES = 100
"""Most cases listed per rule, but for text, which has a limit of its own."""


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=Plain("FILE", "input"))
@click.option("--format", "format_", type=Word(lambda: FORMATS))
@click.option("-o", "--output", type=Plain("FILE", "output"))
@forcible
@click.option(
    "--profile",
    type=Word(profiles, "NAME", lambda name: name.endswith(".toml") or Path(name).is_dir()),
    default="trial-integration",
)
@click.option("--as-of", type=Day())
@click.option("--samples", type=Number(0))
@click.option("--workers", type=Number(1))
@click.option("--fail-on", type=Word(lambda: ("error", "warning")), default="error")
@click.option("--show-personal-data", is_flag=True)
@click.option("-q", "--quiet", is_flag=True)
@shared
@click.pass_obj
def validate(
    lang: str,
    *,
    files: tuple[str, ...],
    format_: str | None,
    output: str | None,
    force: bool,
    profile: str,
    as_of: dt.date | None,
    samples: int | None,
    workers: int | None,
    fail_on: Literal["error", "warning"],
    show_personal_data: bool,
    quiet: bool,
) -> int:
    """Check data, and report what was found."""
    if len(tell_absent(files, lang)) == len(files):
        return 2
    chosen = form(output, {name: SUFFIXES[name] for name in FORMATS}, format_)
    with destination(output, lang, force=force, private=show_personal_data, quiet=quiet) as write:
        with progress(lang, quiet=quiet) as advance:
            report = landxml_validator.validate(
                files,
                profile=profile,
                as_of=as_of,
                samples=SAMPLES if samples is None else samples,
                workers=workers,
                personal_data=show_personal_data,
                progress=advance,
            )
        if chosen == "text":
            write(shown(report, lang, text.SAMPLES if samples is None else samples, colour=not output))
        else:
            write(render(report, chosen, lang))
    if output and not quiet:
        note(summary(report, lang))
    return report.exit_code(fail_on)


def shown(report: Report, lang: str, samples: int, *, colour: bool) -> str:
    """Return the report as text; in colour, if asked for, where standard output is a terminal that has it."""
    return text.render(report, lang, colour=colour and coloured(), samples=samples)


def summary(report: Report, lang: str) -> str:
    """Say in one line how it went."""
    counts = {"errors": report.errors, "warnings": report.warnings, "records": sum(report.records.values())}
    numbers = {name: wording.number(count).get(lang) for name, count in counts.items()}
    verdict = wording.label(f"verdict.{report.verdict}").get(lang)
    return say(lang, "summary", verdict=verdict, **numbers)


def digest(report: Report, lang: str) -> str:
    """Return the rules that failed, by conformance class, with their counts but without single cases."""
    found: list[RenderableType] = [heading(summary(report, lang)), ""]
    for each in report.conformance:
        failed = [r for r in report.results if r.state == "failed" and r.rule.conformance == each.id]
        if failed:
            rows = [
                (result.rule, result.severity, wording.number(result.count).get(lang)) for result in failed
            ]
            found += [heading(each.title.get(lang)), listed(rows, lang)]
    return drawn(*found)


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=Plain("FILE", "input"))
@click.option("--format", "format_", type=Word(lambda: ("text", "json")), default="text")
@shared
@click.pass_obj
def inspect(lang: str, files: tuple[str, ...], format_: str) -> int:
    """Say what the data is, and how much of it there is."""
    missing = tell_absent(files, lang)
    if len(missing) == len(files):
        return 2
    found = look(path for path in files if path not in missing)
    if format_ == "json":
        put(as_json(found))
    else:
        put(drawn(*(item for each in found for item in (heading(each.name), facts(_facts(each, lang)), ""))))
    if missing or not any(each.records for each in found):
        return 2
    return int(any(each.unread for each in found))


def _facts(found: Inspection, lang: str) -> Iterator[tuple[str, list[str]]]:
    """Name and lines of each fact about one input."""

    def number(count: int) -> str:
        return wording.number(count).get(lang)

    def counted(counts: Mapping[str, int]) -> list[str]:
        return [f"{name or say(lang, 'unknown-layout')}: {number(n)}" for name, n in counts.items()]

    documents = say(lang, "documents", count=number(found.documents))
    yield say(lang, "size"), [f"{wording.size(found.bytes).get(lang)} ({documents})"]
    yield say(lang, "layout"), counted(found.layouts)
    yield say(lang, "encoding"), counted(found.encodings)
    yield say(lang, "crs"), [_crs(name) for name in found.crs]
    yield say(lang, "communes"), [_commune(commune, lang) for commune in found.communes]
    yield say(lang, "codes-valid-on"), [_day(text, lang) for text in found.codes_valid_on]
    yield say(lang, "records"), counted(found.records)
    troubles = [
        f"{trouble.file}{f':{trouble.line}' if trouble.line else ''}  {trouble.reason.get(lang)}"
        for trouble in found.troubles
    ]
    if found.unread > len(troubles):
        troubles.append(say(lang, "more", count=number(found.unread - len(troubles))))
    yield say(lang, "troubles"), troubles
    others = sorted(found.others.items())
    yield say(lang, "others"), [f"{kind or say(lang, 'other-kinds')}: {number(n)}" for kind, n in others]


def _day(text: str, lang: str) -> str:
    """Return a date as the language has it; what is none as it stands."""
    try:
        return wording.date(dt.date.fromisoformat(text)).get(lang)
    except ValueError:
        return text


def _crs(name: str) -> str:
    """Return the name as it stands in the file, and what EPSG calls it."""
    code = name.rpartition(":")[2].rpartition("/")[2]
    known = crs.system(int(code)) if code.isdecimal() else None
    return f"{name} ({known.name})" if known else name


def _commune(commune: Commune, lang: str) -> str:
    if not commune.name:
        return f"{commune.code} {say(lang, 'no-such-commune')}"
    if commune.until:
        until = say(lang, "until", date=wording.date(commune.until).get(lang))
        return f"{commune.code} {commune.name} ({until})"
    return f"{commune.code} {commune.name}"
