"""``landxml validate``: check data, and report what was found."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from rich.console import RenderableType

import landxml_validator
from landxml import localised
from landxml.files import form
from landxml.progress import Progress
from landxml_cli.configured import configured
from landxml_cli.drawing import coloured, drawn, heading
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import aside, destination
from landxml_cli.progress import progress
from landxml_cli.rules import listed
from landxml_cli.terminal import note
from landxml_cli.types import Complaint
from landxml_reports import FORMATS, render, text, wording
from landxml_validator.report import Report

__all__ = ["digest", "shown", "summary", "validate"]

SAMPLES = 100
"""Most cases listed per rule, but for text, which has a limit of its own."""


def validate(
    lang: str,
    *,
    files: tuple[str, ...],
    format_: str | None,
    output: str | None,
    findings: str | None,
    baseline: str | None,
    suppressions: str | None,
    force: bool,
    profile: str,
    config: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    statistics: bool,
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    as_of: dt.date | None,
    crs: int | None,
    sheets: str | None,
    samples: int | None,
    work: str | None,
    workers: int | None,
    memory: int | None,
    time_limit: int | None,
    fail_on: Literal["error", "warning"],
    show_personal_data: bool,
    quiet: bool,
) -> int:
    """Check data, and report what was found."""
    if len(tell_absent(files, lang)) == len(files):
        return 2
    chosen = _form(output, format_, lang, statistics=statistics)
    private, otherwise, last = show_personal_data, aside(findings), Progress(0, 0)
    with destination(output, lang, force=force, private=private, quiet=quiet, otherwise=otherwise) as write:
        with progress(lang, quiet=quiet, ending="comparing") as advance:

            def told(so_far: Progress) -> None:
                nonlocal last
                last = so_far
                if advance:
                    advance(so_far)

            report = landxml_validator.validate(
                files, profile=profile, configuration=configured(lang, config, select, ignore, severity),
                layouts=own(layouts, mappings), as_of=as_of, crs=crs, sheets=sheets,
                samples=SAMPLES if samples is None else samples, personal_data=show_personal_data,
                workers=workers, limits=_limits(memory, time_limit), work=work, findings=findings,
                baseline=baseline, suppressions=suppressions, force=force, progress=told,
            )  # fmt: skip
        if chosen == "text" and not statistics:
            write(shown(report, lang, text.SAMPLES if samples is None else samples, colour=not output))
        else:
            write(digest(report, lang) if statistics else render(report, chosen, lang))
    if not quiet:
        _told(report, last, lang, findings=findings, work=work, output=output)
    return report.exit_code(fail_on)


def _told(
    report: Report, last: Progress, lang: str, *, findings: str | None, work: str | None, output: str | None
) -> None:
    """Say what was written, what an earlier run has done, and how it went."""
    if findings:
        note(say(lang, "wrote", path=findings))
    if last.kept:
        note(say(lang, "kept", path=work, share=100 * last.kept // max(last.total, 1)))
    if output:
        note(summary(report, lang))


def _form(output: str | None, format_: str | None, lang: str, *, statistics: bool) -> str:
    """Return the form of the report; statistics are text."""
    chosen = form(output, FORMATS, format_)
    if statistics and chosen != "text":
        raise Complaint(say(lang, "statistics-text"))
    return chosen


def _limits(memory: int | None, minutes: int | None) -> landxml_validator.Limits | None:
    """Return the limits of a process, from megabytes and minutes; None if none are given."""
    given = {}
    if memory:
        given["memory"] = memory * 2**20
    if minutes:
        given["seconds"] = minutes * 60
    return landxml_validator.Limits(**given) if given else None


def shown(report: Report, lang: str, samples: int, *, colour: bool) -> str:
    """Return the report as text; in colour, if asked for, where standard output is a terminal that has it."""
    return text.render(report, lang, colour=colour and coloured(), samples=samples)


def summary(report: Report, lang: str) -> str:
    """Say in one line how it went."""
    counts = {"errors": report.errors, "warnings": report.warnings, "records": sum(report.records.values())}
    numbers = {name: localised.number(count).get(lang) for name, count in counts.items()}
    verdict = wording.label(f"verdict.{report.verdict}").get(lang)
    return say(lang, "summary", verdict=verdict, **numbers)


def digest(report: Report, lang: str) -> str:
    """Return the rules that failed, by conformance class, with their counts but without single cases."""
    found: list[RenderableType] = [heading(summary(report, lang)), ""]
    for each in report.conformance:
        failed = [r for r in report.results if r.state == "failed" and r.rule.conformance == each.id]
        if failed:
            rows = [
                (result.rule, result.severity, localised.number(result.count).get(lang)) for result in failed
            ]
            found += [heading(each.title.get(lang)), listed(rows, lang)]
    return drawn(*found)
