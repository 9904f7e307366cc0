"""``landxml layouts``: the layouts that can be read."""

from __future__ import annotations

import msgspec
from rich.console import RenderableType

from landxml.layouts import builtin
from landxml_cli.drawing import drawn, heading, paragraph
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.terminal import put

__all__ = ["layouts"]


def layouts(lang: str, format_: str) -> None:
    """List the layouts."""
    known = builtin().values()
    if format_ == "json":
        put(as_json([msgspec.to_builtins(layout) | {"folder": None} for layout in known]))
        return
    parts: list[RenderableType] = []
    for layout in known:
        sheet, tag = layout.sheet, layout.tag(layout.root)
        known_by = say(lang, "sheet", sheet=sheet.name) if sheet else say(lang, "root", root=tag)
        parts += [
            heading(layout.id),
            paragraph(f"{layout.title.get(lang)}\n{known_by}\n{layout.evidence.get(lang)}"),
            "",
        ]
    put(drawn(*parts))
