"""``landxml schema gfs``: what QGIS needs beside national files."""

from __future__ import annotations

import click

from landxml.gfs import write_gfs
from landxml_cli.help import Command
from landxml_cli.messages import say
from landxml_cli.terminal import note
from landxml_cli.types import Plain, forcible, shared

__all__ = ["gfs"]


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=Plain("FILE", "input"))
@forcible
@shared
@click.pass_obj
def gfs(lang: str, files: tuple[str, ...], *, force: bool) -> None:
    """Write beside national files what QGIS needs to open them with a double click."""
    for file in files:
        note(say(lang, "wrote", path=write_gfs(file, force=force)))
