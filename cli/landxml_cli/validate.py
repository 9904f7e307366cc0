"""``landxml validate``: check data, and report what was found."""

from __future__ import annotations

import datetime as dt
from functools import partial

from rich.console import RenderableType

import landxml_validator
from landxml import localised
from landxml.files import form
from landxml.progress import Progress
from landxml_cli.configured import configured
from landxml_cli.documents import Output, formats_of, reports
from landxml_cli.drawing import coloured, drawn, heading
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import aside
from landxml_cli.progress import progress
from landxml_cli.rules import listed
from landxml_cli.terminal import note
from landxml_cli.types import Complaint
from landxml_reports import text, wording
from landxml_validator.export import FORMS
from landxml_validator.report import FailOn, Report

__all__ = ["digest", "shown", "summary", "validate"]

SAMPLES = 100
"""Most cases listed per rule, but for text, which has a limit of its own."""


def validate(
    lang: str,
    *,
    files: tuple[str, ...],
    format_: tuple[str, ...],
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
    rules: tuple[str, ...],
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
    fail_on: FailOn,
    show_personal_data: bool,
    no_progress: bool,
    quiet: bool,
) -> int:
    """Check data, and report what was found."""
    if len(tell_absent(files, lang)) == len(files):
        return 2
    private, last, formats = show_personal_data, Progress(0, 0), formats_of(output, format_, lang)
    _refuse(lang, formats, fail_on, statistics=statistics, baseline=baseline)
    outputs = [Output(output, formats, aside(findings))]
    outputs += [Output(findings, (form(findings, FORMS),))] if findings is not None else []
    whole = partial(shown, lang=lang, samples=samples, colour=not output)
    as_text = partial(digest, lang=lang) if statistics else whole
    with reports(outputs, lang, as_text, force=force, private=private, quiet=quiet) as (table, write):
        with progress(lang, quiet=quiet or no_progress, ending="comparing") as advance:

            def told(so_far: Progress) -> None:
                nonlocal last
                last = so_far
                if advance:
                    advance(so_far)

            report = landxml_validator.validate(
                files, profile=profile, layouts=own(layouts, mappings), as_of=as_of, crs=crs, sheets=sheets,
                **configured(lang, config, select, ignore, severity, rules=rules)._asdict(),
                samples=SAMPLES if samples is None else samples, personal_data=private,
                workers=workers, limits=_limits(memory, time_limit), work=work, findings=table,
                baseline=baseline, suppressions=suppressions, progress=told,
            )  # fmt: skip
        write(report, table)
    if not quiet:
        _told(report, last, lang, work=work, output=output)
    return report.exit_code(fail_on)


def _refuse(
    lang: str, formats: tuple[str, ...], fail_on: FailOn, *, statistics: bool, baseline: str | None
) -> None:
    """Refuse options that contradict each other."""
    if statistics and formats != ("text",):
        raise Complaint(say(lang, "statistics-text"))
    if fail_on == "new" and baseline is None:
        raise Complaint(say(lang, "new-to-what"))


def _told(report: Report, last: Progress, lang: str, *, work: str | None, output: str | None) -> None:
    """Say what an earlier run has done, and how it went."""
    if last.kept:
        note(say(lang, "kept", path=work, share=100 * last.kept // max(last.total, 1)))
    if output:
        note(summary(report, lang))


def _limits(memory: int | None, minutes: int | None) -> landxml_validator.Limits | None:
    """Return the limits of a process, from megabytes and minutes; None if none are given."""
    given = {}
    if memory:
        given["memory"] = memory * 2**20
    if minutes:
        given["seconds"] = minutes * 60
    return landxml_validator.Limits(**given) if given else None


def shown(report: Report, lang: str, samples: int | None, *, colour: bool) -> str:
    """Return the report as text; in colour, if asked for, where standard output is a terminal that has it."""
    most = text.SAMPLES if samples is None else samples
    return text.render(report, lang, colour=colour and coloured(), samples=most)


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
