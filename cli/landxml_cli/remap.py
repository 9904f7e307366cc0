"""``landxml remap``: the codes of administrative units of another day, and back."""

from __future__ import annotations

import datetime as dt

import landxml_remap as moving
from landxml import localised
from landxml.files import form
from landxml_cli.inputs import own
from landxml_cli.messages import say
from landxml_cli.outputs import aside, destination
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note
from landxml_reports import remap as shown

__all__ = ["remap"]


def remap(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str,
    force: bool,
    until: dt.date,
    since: dt.date | None,
    boundaries: str | None,
    resolve: str | None,
    sheet_policy: str,
    table: str | None,
    reverse: str | None,
    tolerance: float,
    tolerance_share: float,
    layouts: tuple[str, ...],
    report: str | None,
    format_: str | None,
    quiet: bool,
) -> int:
    """Bring data to other administrative units, or back."""
    if reverse:
        with progress(lang, quiet=quiet, doing="moving") as advance:
            count = moving.reverse(reverse, files, output, force=force, progress=advance)
        note(say(lang, "restored", count=localised.number(count).get(lang), path=output))
        return 0
    chosen = form(report, shown.FORMATS, format_)
    with destination(report, lang, force=force, quiet=quiet, otherwise=aside(output)) as write:
        with progress(lang, quiet=quiet, doing="moving") as advance:
            told = moving.remap(
                files,
                output,
                until=until,
                since=since,
                boundaries=boundaries,
                resolve=resolve,
                sheets=sheet_policy,
                table_path=table,
                tolerance=moving.Tolerance(tolerance, tolerance_share / 100),
                layouts=own(layouts),
                force=force,
                progress=advance,
            )
        write(shown.render(told, chosen, lang))
    if not quiet:
        note(say(lang, "wrote", path=output))
        note(say(lang, "wrote", path=told.table))
    return 0 if told.settled else 1
