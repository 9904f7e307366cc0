"""``landxml layouts NAME``: the layouts that can be read, or the fields of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from rich.console import RenderableType

from landxml.layouts import Layout, builtin
from landxml_cli.drawing import drawn, heading, paragraph
from landxml_cli.messages import say, unknown
from landxml_cli.outputs import as_json
from landxml_cli.terminal import put
from landxml_cli.types import Complaint

__all__ = ["show"]


def show(lang: str, name: str | None, format_: str) -> None:
    """List the layouts, or the fields of one."""
    if name is None:
        known = builtin().values()
        if format_ == "json":
            put(as_json([_manifest(layout) for layout in known]))
            return
        put(drawn(*(part for layout in known for part in (*_summary(layout, lang), ""))))
        return
    layout = builtin().get(name)
    if layout is None:
        raise Complaint(unknown(lang, "no-layout", name, builtin()))
    from landxml_cli.layout_sheet import fields, sheet  # noqa: PLC0415 - the list needs none of it

    if format_ == "json":
        put(as_json(_manifest(layout) | {"fields": list(fields(layout))}))
    else:
        put(drawn(*_summary(layout, lang), *sheet(layout, lang)))


def _manifest(layout: Layout) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(layout)
    return said | {"folder": None, "mapping": None}


def _summary(layout: Layout, lang: str) -> Iterator[RenderableType]:
    lines = (layout.title.get(lang), _known_by(layout, lang), layout.evidence.get(lang))
    yield heading(layout.id)
    yield paragraph("\n".join(filter(None, lines)))


def _known_by(layout: Layout, lang: str) -> str:
    """Return what documents of a layout have; nothing for map layers, which are known by their fields."""
    if layout.sheet:
        return say(lang, "sheet", sheet=layout.sheet.name)
    return say(lang, "root", root=layout.tag(layout.root)) if layout.root else ""
