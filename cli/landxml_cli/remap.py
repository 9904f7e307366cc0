"""``landxml remap``: the codes of administrative units of another day, and back."""

from __future__ import annotations

import datetime as dt

import click

import landxml_remap as moving
import landxml_units as units
from landxml import localised
from landxml.files import form
from landxml_cli.help import Command
from landxml_cli.messages import say
from landxml_cli.progress import progress
from landxml_cli.terminal import aside, destination, note
from landxml_cli.types import Day, Plain, Real, Word, forcible, shared
from landxml_reports import remap as shown

__all__ = ["remap"]

SHEETS = (".csv", ".xlsx")
"""What a table with new sheet numbers ends in."""


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=Plain("FILE", "input"))
@click.option("-o", "--output", type=Plain("OUT", "output"), required=True)
@forcible
@click.option("--to", "until", type=Day(names={"two-tier": units.TWO_TIERS_SINCE}), default="two-tier")
@click.option("--from", "since", type=Day())
@click.option("--boundaries", type=Plain("MAP", "input"))
@click.option("--resolve", type=Plain("TABLE", "input"))
@click.option(
    "--sheet-policy",
    type=Word(lambda: moving.POLICIES, "", lambda name: name.endswith(SHEETS)),
    default="keep",
)
@click.option("--table", type=Plain("TABLE", "output"))
@click.option("--reverse", type=Plain("TABLE", "input"))
@click.option("--tolerance", type=Real(), default=moving.Tolerance().metres)
@click.option("--tolerance-share", type=Real(), default=100 * moving.Tolerance().share)
@click.option("--report", type=Plain("FILE", "output"))
@click.option("--format", "format_", type=Word(lambda: shown.FORMATS))
@click.option("-q", "--quiet", is_flag=True)
@shared
@click.pass_obj
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
                force=force,
                progress=advance,
            )
        write(shown.render(told, chosen, lang))
    if not quiet:
        note(say(lang, "wrote", path=output))
        note(say(lang, "wrote", path=told.table))
    return 0 if told.settled else 1
