"""``landxml layouts``: the layouts that can be read."""

from __future__ import annotations

import msgspec
from rich.console import RenderableType

from landxml.layouts import Layout, builtin
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
        lines = (layout.title.get(lang), _known_by(layout, lang), layout.evidence.get(lang))
        parts += [heading(layout.id), paragraph("\n".join(filter(None, lines))), ""]
    put(drawn(*parts))


def _known_by(layout: Layout, lang: str) -> str:
    """Return what documents of a layout have; nothing for map layers, which are known by their fields."""
    if layout.sheet:
        return say(lang, "sheet", sheet=layout.sheet.name)
    return say(lang, "root", root=layout.tag(layout.root)) if layout.root else ""
