"""``landxml schema gfs``: what QGIS needs beside national files."""

from __future__ import annotations

from landxml.gfs import write_gfs
from landxml_cli.messages import say
from landxml_cli.terminal import note

__all__ = ["gfs"]


def gfs(lang: str, files: tuple[str, ...], *, force: bool) -> None:
    """Write beside national files what QGIS needs to open them with a double click."""
    for file in files:
        note(say(lang, "wrote", path=write_gfs(file, force=force)))
