"""``landxml doctor``: whether the program works on this machine, and with what."""

from __future__ import annotations

from landxml_cli.drawing import drawn, facts
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.terminal import put
from landxml_reports.doctor import examine

__all__ = ["doctor"]

MARKS = {"fine": "", "note": "! ", "broken": "✗ "}


def doctor(lang: str, *, format_: str) -> int:
    """Say what was looked at and found; 2 if something is broken."""
    found = list(examine())
    broken = any(check.state == "broken" for check in found)
    if format_ == "json":
        put(as_json([{"name": c.name, "state": c.state, "found": c.found.get(lang)} for c in found]))
    else:
        put(drawn(facts((c.title.get(lang), [MARKS[c.state] + c.found.get(lang)]) for c in found)))
        put(say(lang, "doctor-broken" if broken else "doctor-fine"))
    return 2 * broken
