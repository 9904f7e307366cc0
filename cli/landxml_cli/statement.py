"""``landxml statement``: what became of reference data that went through an exporter."""

from __future__ import annotations

import datetime as dt

from landxml.files import form
from landxml_cli.inputs import tell_absent
from landxml_cli.outputs import destination
from landxml_reports import statement as shown
from landxml_validator.statement import state

__all__ = ["statement"]


def statement(
    lang: str,
    *,
    reference: str,
    files: tuple[str, ...],
    as_of: dt.date | None,
    format_: str | None,
    output: str | None,
    force: bool,
) -> int:
    """Write the conformance statement of an exporter."""
    if tell_absent([reference, *files], lang):
        return 2
    chosen = form(output, shown.FORMATS, format_)
    with destination(output, lang, force=force) as write:
        made = state(reference, files, as_of=as_of)
        write(shown.render(made, chosen, lang))
    return int(not made.whole)
