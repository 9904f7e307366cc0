"""``landxml rule new CODE``: a rule of one's own to begin with."""

from __future__ import annotations

from landxml_cli.messages import say
from landxml_cli.terminal import note
from landxml_reports import rule_skeleton

__all__ = ["new"]


def new(lang: str, *, code: str, output: str) -> None:
    """Write a rule and its examples."""
    for path in rule_skeleton.write(code.strip().upper(), output):
        note(say(lang, "wrote", path=path))
    note(say(lang, "rule-next", folder=output))
