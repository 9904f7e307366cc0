"""``landxml progress``: how far the clean-up has come, by commune."""

from __future__ import annotations

from typing import Unpack

from landxml.files import form
from landxml_campaign.standings import progress as counted
from landxml_cli.checked import Checked, asked
from landxml_cli.inputs import tell_absent
from landxml_cli.outputs import destination
from landxml_cli.progress_bar import progress as bar
from landxml_reports import progress as shown

__all__ = ["progress"]


def progress(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str | None,
    force: bool,
    format_: str | None,
    targets: str | None,
    history: str | None,
    quiet: bool,
    **checked: Unpack[Checked],
) -> int:
    """Count how far a campaign has come."""
    if tell_absent(files, lang):
        return 2
    chosen = form(output, shown.FORMATS, format_)
    with destination(output, lang, force=force, quiet=quiet) as write:
        with bar(lang, quiet=quiet, ending="comparing") as advance:
            found = counted(files, targets=targets, earlier=history, progress=advance, **asked(lang, checked))
        write(shown.render(found, chosen, lang))
    return 0
