"""Commands that give away the standard: its schemas as a folder, its data dictionary as a page."""

from __future__ import annotations

import click

import landxml_schemas
from landxml.files import SUFFIXES, form
from landxml.gfs import write_gfs
from landxml_cli.help import Command, Group
from landxml_cli.messages import say
from landxml_cli.terminal import destination, note, put
from landxml_cli.types import Plain, Word, forcible, shared
from landxml_reports import dictionary, schema_export

__all__ = ["schema"]

_layout = click.option("--layout", type=Word(landxml_schemas.layouts), default="national")


@click.group(cls=Group, invoke_without_command=True)
@shared
@click.pass_context
def schema(context: click.Context) -> None:
    """Give away the schemas; without a command, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())


@schema.command(cls=Command)
@_layout
@click.option("-o", "--output", type=Plain("FOLDER"), required=True)
@shared
@click.pass_obj
def export(lang: str, layout: str, output: str) -> None:
    """Write a folder that works with any validator."""
    schema_export.export(layout, output)
    note(say(lang, "wrote", path=output))


@schema.command(cls=Command)
@_layout
@click.option("-o", "--output", type=Plain("FILE", "output"))
@forcible
@shared
@click.pass_obj
def doc(lang: str, layout: str, output: str | None, *, force: bool) -> None:
    """Write the data dictionary as an HTML page."""
    form(output, {"html": SUFFIXES["html"]})
    with destination(output, lang, force=force) as write:
        write(dictionary.render(layout, lang))


@schema.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=Plain("FILE", "input"))
@forcible
@shared
@click.pass_obj
def gfs(lang: str, files: tuple[str, ...], *, force: bool) -> None:
    """Write beside national files what QGIS needs to open them with a double click."""
    for file in files:
        note(say(lang, "wrote", path=write_gfs(file, force=force)))
