"""``landxml classify``: parcels in the groups of a plan."""

from __future__ import annotations

import datetime as dt

from landxml.files import form
from landxml_campaign.classification import classify as sorted_into
from landxml_cli.configured import configured
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import aside, destination
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note
from landxml_reports import classification as shown

__all__ = ["classify"]


def classify(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str | None,
    force: bool,
    scheme: str,
    status: str | None,
    profile: str | None,
    config: str | None,
    rules: tuple[str, ...],
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    as_of: dt.date | None,
    crs: int | None,
    sheets: str | None,
    work: str | None,
    workers: int | None,
    report: str | None,
    format_: str | None,
    quiet: bool,
) -> int:
    """Sort parcels into groups, and say how many there are of each."""
    if tell_absent(files, lang):
        return 2
    chosen = form(report, shown.FORMATS, format_)
    with destination(report, lang, force=force, quiet=quiet, otherwise=aside(output)) as write:
        with progress(lang, quiet=quiet, ending="comparing") as advance:
            found = sorted_into(
                files, output, by=scheme, stated=status, lang=lang, force=force, profile=profile,
                **configured(lang, config, (), (), (), profile=profile, rules=rules)._asdict(),
                layouts=own(layouts, mappings), as_of=as_of, crs=crs, sheets=sheets, work=work,
                workers=workers, progress=advance,
            )  # fmt: skip
        write(shown.render(found, chosen, lang))
    if output and not quiet:
        note(say(lang, "wrote", path=output))
    return 0
