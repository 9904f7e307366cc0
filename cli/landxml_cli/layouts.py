"""``landxml layouts``: the layouts that can be read."""

from __future__ import annotations

import click
from rich.console import RenderableType

import landxml_schemas
from landxml_cli.drawing import drawn, heading, paragraph
from landxml_cli.help import Command
from landxml_cli.messages import say
from landxml_cli.terminal import as_json, put
from landxml_cli.types import shared, text_or_json

__all__ = ["layouts"]


@click.command(cls=Command)
@text_or_json
@shared
@click.pass_obj
def layouts(lang: str, format_: str) -> None:
    """List the layouts."""
    known = landxml_schemas.layouts()
    if format_ == "json":
        put(as_json(list(known.values())))
        return
    parts: list[RenderableType] = []
    for layout in known.values():
        root = f"{{{layout['namespace']}}}{layout['root']}" if layout["namespace"] else layout["root"]
        parts += [
            heading(layout["id"]),
            paragraph(f"{layout['title'][lang]}\n{say(lang, 'root', root=root)}\n{layout['evidence'][lang]}"),
            "",
        ]
    put(drawn(*parts))
