"""``landxml schema doc``: the data dictionary of a layout as a page."""

from __future__ import annotations

import click

from landxml.files import form
from landxml.layouts import builtin
from landxml_cli.help import Command
from landxml_cli.terminal import destination
from landxml_cli.types import Plain, forcible, in_layout, shared
from landxml_reports import dictionary

__all__ = ["doc"]


@click.command(cls=Command)
@in_layout(builtin)
@click.option("-o", "--output", type=Plain("FILE", "output"))
@forcible
@shared
@click.pass_obj
def doc(lang: str, layout: str, output: str | None, *, force: bool) -> None:
    """Write the data dictionary as an HTML page."""
    form(output, ["html"])
    with destination(output, lang, force=force) as write:
        write(dictionary.render(builtin()[layout], lang))
