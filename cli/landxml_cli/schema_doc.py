"""``landxml schema doc``: the data dictionary of a layout as a page."""

from __future__ import annotations

from landxml.files import form
from landxml.load import layout as of
from landxml_cli.outputs import destination
from landxml_reports import dictionary

__all__ = ["doc"]


def doc(lang: str, layout: str, output: str | None, *, force: bool) -> None:
    """Write the data dictionary as an HTML page."""
    form(output, ["html"])
    with destination(output, lang, force=force) as write:
        write(dictionary.render(of(layout), lang))
