"""``landxml classify``: parcels in the groups of a plan."""

from __future__ import annotations

from typing import Unpack

from landxml.files import form
from landxml_campaign.classification import classify as sorted_into
from landxml_cli.checked import Checked, asked
from landxml_cli.inputs import tell_absent
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
    report: str | None,
    format_: str | None,
    quiet: bool,
    **checked: Unpack[Checked],
) -> int:
    """Sort parcels into groups, and say how many there are of each."""
    if tell_absent(files, lang):
        return 2
    chosen = form(report, shown.FORMATS, format_)
    with destination(report, lang, force=force, quiet=quiet, otherwise=aside(output)) as write:
        with progress(lang, quiet=quiet, ending="comparing") as advance:
            found = sorted_into(
                files, output, lang=lang, force=force, progress=advance, **asked(lang, checked)
            )
        write(shown.render(found, chosen, lang))
    if output and not quiet:
        note(say(lang, "wrote", path=output))
    return 0
