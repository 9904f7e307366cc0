"""``landxml convert``: files of one layout as files of another, with an account of every value."""

from __future__ import annotations

import landxml_mappings as moving
from landxml.files import form
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import aside, destination
from landxml_cli.progress_bar import progress
from landxml_cli.terminal import note
from landxml_reports import loss as shown

__all__ = ["convert"]


def convert(
    lang: str,
    *,
    files: tuple[str, ...],
    output: str,
    force: bool,
    to: str,
    source: str | None,
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    crs: int | None,
    sheets: str | None,
    strict: bool,
    loss: str | None,
    quiet: bool,
) -> int:
    """Write what files hold as files of another layout."""
    if tell_absent(files, lang):
        return 2
    chosen = form(loss, shown.FORMATS)
    with destination(loss, lang, force=force, quiet=quiet, otherwise=lambda _: None) as keep:
        with progress(lang, quiet=quiet, doing="converting", ending="writing") as advance:
            report = moving.convert(
                files, output, to=to, source=source, layouts=own(layouts, mappings), crs=crs, sheets=sheets,
                strict=strict, force=force, progress=advance,
            )  # fmt: skip
        keep(shown.render(report, chosen, lang))
        aside(output)(shown.render(report, "text", lang))
    if report.written and not quiet:
        note(say(lang, "wrote", path=output))
    return 0 if report.written and not report.unread else 1
