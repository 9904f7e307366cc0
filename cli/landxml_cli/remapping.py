"""The command that brings data to the administrative units of another day, and back."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from landxml_cli.pages import Command
from landxml_cli.parameters import Complaint, Day, Plain, Real, Word, shared
from landxml_cli.terminal import destination, note, progress
from landxml_cli.words import say
from landxml_mappings import remap as moving
from landxml_mappings import units
from landxml_validator.pipeline import Progress
from landxml_validator.render import remap as shown
from landxml_validator.render import wording

__all__ = ["remap"]

SUFFIXES = {".html": "html", ".htm": "html", ".json": "json"}
TABLES = (".csv", ".xlsx")


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=Plain("FILE"))
@click.option("-o", "--output", type=Plain("OUT"), required=True)
@click.option("--to", "until", type=Day(names={"two-tier": units.TWO_TIERS_SINCE}), default="two-tier")
@click.option("--from", "since", type=Day())
@click.option("--boundaries", type=Plain("MAP"))
@click.option("--resolve", type=Plain("TABLE"))
@click.option(
    "--sheet-policy",
    type=Word(lambda: moving.POLICIES, "", lambda name: name.endswith(TABLES)),
    default="keep",
)
@click.option(
    "--table", type=Word(lambda: moving.SUFFIXES, "TABLE", lambda name: name.endswith(moving.SUFFIXES))
)
@click.option("--reverse", type=Plain("TABLE"))
@click.option("--tolerance", type=Real(), default=moving.Tolerance().metres)
@click.option("--tolerance-share", type=Real(), default=100 * moving.Tolerance().share)
@click.option("--report", type=Plain("FILE"))
@click.option("--format", "format_", type=Word(lambda: shown.FORMATS))
@click.option("-q", "--quiet", is_flag=True)
@shared
@click.pass_obj
def remap(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str,
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
        with _doing(lang, output, quiet=quiet) as advance:
            count = moving.reverse(reverse, files, output, progress=advance)
        note(say(lang, "restored", count=wording.number(count).get(lang), path=output))
        return 0
    chosen = format_ or SUFFIXES.get(Path(report or "").suffix.lower(), "text")
    with destination(report, lang, quiet=quiet) as write:
        with _doing(lang, output, quiet=quiet) as advance:
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
                progress=advance,
            )
        write(shown.render(told, chosen, lang))
    if not quiet:
        note(say(lang, "wrote", path=output))
        note(say(lang, "wrote", path=told.table))
    return 0 if told.settled else 1


@contextlib.contextmanager
def _doing(lang: str, output: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show the progress; say plainly that what is to be written stands there already."""
    try:
        with progress(lang, quiet=quiet, doing="moving", ending="moving") as advance:
            yield lambda done, total: advance(Progress(done, total)) if advance else None
    except FileExistsError as error:
        path = error.filename or output
        raise Complaint(say(lang, "disk", path=path, reason=say(lang, "EEXIST"))) from None
