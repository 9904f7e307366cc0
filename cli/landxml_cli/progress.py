"""``landxml progress``: how far the clean-up has come, by commune."""

from __future__ import annotations

import datetime as dt

from landxml.files import form
from landxml_campaign.standings import progress as counted
from landxml_cli.configured import configured
from landxml_cli.inputs import own, tell_absent
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
    quiet: bool,
) -> int:
    """Count how far a campaign has come."""
    if tell_absent(files, lang):
        return 2
    chosen = form(output, shown.FORMATS, format_)
    with destination(output, lang, force=force, quiet=quiet) as write:
        with bar(lang, quiet=quiet, ending="comparing") as advance:
            found = counted(
                files, by=scheme, targets=targets, earlier=history, stated=status, profile=profile,
                **configured(lang, config, (), (), (), profile=profile, rules=rules)._asdict(),
                layouts=own(layouts, mappings), as_of=as_of, crs=crs, sheets=sheets, work=work,
                workers=workers, progress=advance,
            )  # fmt: skip
        write(shown.render(found, chosen, lang))
    return 0
