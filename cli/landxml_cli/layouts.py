"""``landxml layouts``: the layouts that can be read."""

from __future__ import annotations

import click
import msgspec
from rich.console import RenderableType

from landxml.layouts import builtin
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
    known = builtin().values()
    if format_ == "json":
        put(as_json([msgspec.to_builtins(layout) | {"folder": None} for layout in known]))
        return
    parts: list[RenderableType] = []
    for layout in known:
        root = say(lang, "root", root=layout.tag(layout.root))
        parts += [
            heading(layout.id),
            paragraph(f"{layout.title.get(lang)}\n{root}\n{layout.evidence.get(lang)}"),
            "",
        ]
    put(drawn(*parts))
