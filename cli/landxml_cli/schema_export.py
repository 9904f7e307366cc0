"""``landxml schema export``: the schemas of a layout as a folder."""

from __future__ import annotations

from landxml.load import layout as of
from landxml_cli.messages import say
from landxml_cli.terminal import note
from landxml_reports import schema_export

__all__ = ["export"]


def export(lang: str, layout: str, output: str) -> None:
    """Write a folder that works with any validator."""
    schema_export.export(of(layout), output)
    note(say(lang, "wrote", path=output))
