"""Inputs that are not there."""

from __future__ import annotations

from collections.abc import Sequence

from landxml.documents import RefusedError
from landxml.sources import absent
from landxml_cli.messages import say
from landxml_cli.terminal import note

__all__ = ["tell_absent"]


def tell_absent(paths: Sequence[str], lang: str) -> list[str]:
    """Write a line about each path at which there is no file, and return these paths."""
    missing = {path: refusal for path in paths if (refusal := absent(path))}
    for refusal in missing.values():
        note(say(lang, "error", reason=RefusedError(refusal).text(lang)))
    return list(missing)
