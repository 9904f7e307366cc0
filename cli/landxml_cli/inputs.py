"""Inputs: those that are not there, and layouts beside the built-in ones."""

from __future__ import annotations

from collections.abc import Sequence

from landxml.absent import absent
from landxml.documents import RefusedError
from landxml.layouts import Layout
from landxml.load import layout
from landxml_cli.messages import say
from landxml_cli.terminal import note

__all__ = ["own", "tell_absent"]


def tell_absent(paths: Sequence[str], lang: str) -> list[str]:
    """Write a line about each path at which there is no file, and return these paths."""
    missing = {path: refusal for path in paths if (refusal := absent(path))}
    for refusal in missing.values():
        note(say(lang, "error", reason=RefusedError(refusal).text(lang)))
    return list(missing)


def own(names: Sequence[str], mappings: Sequence[str] = ()) -> list[Layout]:
    """Return the layouts of the options ``--layout`` and ``--mapping``.

    Raises
    ------
    LandXmlError
        If one cannot be used; with all mistakes in its mapping.
    """
    found = [layout(name) for name in names]
    if not (found or mappings):
        return found
    from landxml_mappings.mistakes import mapped, refuse_mistakes  # noqa: PLC0415 - seldom needed

    for each in found:
        refuse_mistakes(each)
    return [*(mapped(path, found) for path in mappings), *found]
