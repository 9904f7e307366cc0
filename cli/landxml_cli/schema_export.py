"""``landxml schema export``: the schemas of a layout as a folder."""

from __future__ import annotations

import click

from landxml.layouts import builtin
from landxml_cli.help import Command
from landxml_cli.messages import say
from landxml_cli.terminal import note
from landxml_cli.types import Plain, in_layout, shared
from landxml_reports import schema_export
from landxml_samples.layouts import LAYOUTS

__all__ = ["export"]


@click.command(cls=Command)
@in_layout(lambda: LAYOUTS)
@click.option("-o", "--output", type=Plain("FOLDER"), required=True)
@shared
@click.pass_obj
def export(lang: str, layout: str, output: str) -> None:
    """Write a folder that works with any validator."""
    schema_export.export(builtin()[layout], output)
    note(say(lang, "wrote", path=output))
