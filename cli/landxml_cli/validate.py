"""``landxml validate``: check data, and report what was found."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from rich.console import RenderableType

import landxml_validator
from landxml import localised
from landxml.files import form
from landxml.progress import OnProgress, Progress
from landxml_campaign import seals
from landxml_cli.configured import configured
from landxml_cli.documents import Output, formats_of, reports
from landxml_cli.drawing import READING, coloured, drawn, heading
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import aside
from landxml_cli.progress_bar import progress
from landxml_cli.rules import listed
from landxml_cli.terminal import note
from landxml_cli.types import Complaint
from landxml_reports import text, wording
from landxml_validator.executors import Cluster
from landxml_validator.export import FORMS
from landxml_validator.federated import Keys
from landxml_validator.report import FailOn, Report

__all__ = ["SAMPLES", "as_outputs", "digest", "shown", "summary", "validate"]

WORST = 3
"""Causes, or rules, that are told at the end."""
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
    existing: tuple[str, ...],
    force: bool,
    profile: str | None,
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
    cluster: str | None,
    insecure: bool,
    keys: str | None,
    salt: str | None,
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
    private, seen = show_personal_data, deque([Progress(0, 0)], maxlen=1)
    formats = formats_of(output, format_, lang)
    _refuse(lang, formats, fail_on, statistics=statistics, baseline=baseline)
    outputs = as_outputs(output, formats, findings)
    as_text = _as_text(lang, samples, colour=not output, statistics=statistics)
    with reports(outputs, lang, as_text, force=force, private=private, quiet=quiet) as (table, write):
        with progress(lang, quiet=quiet or no_progress, ending="comparing") as advance:
            report = landxml_validator.validate(
                files, profile=profile, layouts=own(layouts, mappings), as_of=as_of, crs=crs, sheets=sheets,
                **configured(lang, config, select, ignore, severity, profile=profile, rules=rules)._asdict(),
                samples=SAMPLES if samples is None else samples, personal_data=private,
                workers=workers, limits=_limits(memory, time_limit), work=work, findings=table,
                cluster=_cluster(lang, cluster, work, (workers, memory, time_limit), insecure=insecure),
                baseline=baseline, keys=_keys(lang, keys, salt, private=private),
                suppressions=suppressions, operating=existing, progress=partial(_told_of, seen, advance),
            )  # fmt: skip
        with progress(lang, quiet=quiet or no_progress or not output, doing="writing"):
            write(report, table)
    if not quiet:
        _told(report, seen[0], lang, work=work, output=outputs[0])
    return report.exit_code(fail_on)


def _told_of(seen: deque[Progress], advance: OnProgress | None, so_far: Progress) -> None:
    seen.append(so_far)
    if advance:
        advance(so_far)


def as_outputs(output: str | None, formats: tuple[str, ...], findings: str | None) -> list[Output]:
    """Return where reports go, and all findings."""
    report = Output(output, formats, aside(findings))
    return [report] if findings is None else [report, Output(findings, (form(findings, FORMS),))]


def _as_text(lang: str, samples: int | None, *, colour: bool, statistics: bool) -> Callable[[Report], str]:
    whole = partial(shown, lang=lang, samples=samples, colour=colour)
    return partial(digest, lang=lang) if statistics else whole


def _refuse(
    lang: str, formats: tuple[str, ...], fail_on: FailOn, *, statistics: bool, baseline: str | None
) -> None:
    """Refuse options that contradict each other."""
    if statistics and formats != ("text",):
        raise Complaint(say(lang, "statistics-text"))
    if fail_on == "new" and baseline is None:
        raise Complaint(say(lang, "new-to-what"))


def _cluster(
    lang: str, address: str | None, work: str | None, here: tuple[int | None, ...], *, insecure: bool
) -> Cluster | None:
    """Return the cluster that does it; refuse one without a folder that it shares, or with limits of ours."""
    if address and work is None:
        raise Complaint(say(lang, "cluster-work"))
    if address and any(here):
        raise Complaint(say(lang, "cluster-here"))
    return Cluster(address, insecure) if address else None


def _keys(lang: str, folder: str | None, salt: str | None, *, private: bool) -> Keys | None:
    """Return where what a centre needs is handed out, and the salt of the campaign."""
    if bool(folder) != bool(salt) or (folder and private):
        raise Complaint(say(lang, "export-keys"))
    return Keys(folder, seals.salt(salt, make=True)) if folder and salt else None


def _told(report: Report, last: Progress, lang: str, *, work: str | None, output: Output) -> None:
    """Say what an earlier run has done, and, where the report is not on the screen, how it went."""
    if last.kept:
        note(say(lang, "kept", path=work, share=100 * last.kept // max(last.total, 1)))
    if output.path:
        note("\n".join((summary(report, lang), *_worst(report, lang), *_next(report, output, lang))))


def _worst(report: Report, lang: str) -> Iterator[str]:
    """Tell the worst causes; where no two findings have one, the worst rules."""
    worst = [
        (cause.count + cause.following, cause.rule, wording.shared(report, cause))
        for cause in wording.causes(report)
    ] or [(result.count, result.rule.code, result.rule.title) for result in wording.worst_first(report)]
    for count, code, what in worst[:WORST]:
        said = textwrap.shorten(wording.safe(what.get(lang)), READING, placeholder="…")
        yield f"  {localised.number(count).get(lang):>9}  {code}  {said}"


def _next(report: Report, output: Output, lang: str) -> Iterator[str]:
    """Say what to do next: read the page, look at a finding."""
    paths = output.paths
    if page := paths.get("html"):
        yield say(lang, "next.html", path=page)
    if (data := paths.get("json")) and any(result.count for result in report.results):
        yield say(lang, "next.json", path=data)


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
