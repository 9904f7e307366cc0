"""``landxml inspect``: what the data is, and how much of it there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from landxml import crs, localised
from landxml_cli.drawing import drawn, facts, heading
from landxml_cli.inputs import own, tell_absent
from landxml_cli.messages import say
from landxml_cli.outputs import as_json
from landxml_cli.terminal import put
from landxml_reports.text import link
from landxml_validator.inspection import Commune, Inspection
from landxml_validator.inspection import inspect as look

__all__ = ["inspect"]


def inspect(
    lang: str,
    *,
    files: tuple[str, ...],
    layouts: tuple[str, ...],
    mappings: tuple[str, ...],
    crs: int | None,
    format_: str,
) -> int:
    """Say what the data is, and how much of it there is."""
    missing = tell_absent(files, lang)
    if len(missing) == len(files):
        return 2
    found = look((path for path in files if path not in missing), own(layouts, mappings), crs)
    if format_ == "json":
        put(as_json(found))
    else:
        put(drawn(*(item for each in found for item in (heading(each.name), facts(_facts(each, lang)), ""))))
        if found and found[0].link:
            put("\n".join(link(found[0].link, lang)))
    if missing or not any(each.records for each in found):
        return 2
    return int(any(each.unread for each in found))


def _facts(found: Inspection, lang: str) -> Iterator[tuple[str, list[str]]]:
    """Name and lines of each fact about one input."""

    def number(count: int) -> str:
        return localised.number(count).get(lang)

    def counted(counts: Mapping[str, int]) -> list[str]:
        return [f"{name or say(lang, 'unknown-layout')}: {number(n)}" for name, n in counts.items()]

    documents = say(lang, "documents", count=number(found.documents))
    yield say(lang, "size"), [f"{localised.size(found.bytes).get(lang)} ({documents})"]
    yield say(lang, "layout"), counted(found.layouts)
    yield say(lang, "encoding"), counted(found.encodings)
    yield say(lang, "crs"), [_crs(name) for name in found.crs]
    yield say(lang, "communes"), [_commune(commune, lang) for commune in found.communes]
    yield say(lang, "codes-valid-on"), [_day(text, lang) for text in found.codes_valid_on]
    yield say(lang, "records"), counted(found.records)
    troubles = [
        f"{trouble.file}{f':{trouble.line}' if trouble.line else ''}  {trouble.reason.get(lang)}"
        for trouble in found.troubles
    ]
    if found.unread > len(troubles):
        troubles.append(say(lang, "more", count=number(found.unread - len(troubles))))
    yield say(lang, "troubles"), troubles
    others = sorted(found.others.items())
    yield say(lang, "others"), [f"{kind or say(lang, 'other-kinds')}: {number(n)}" for kind, n in others]


def _day(text: str, lang: str) -> str:
    """Return a date as the language has it; what is none as it stands."""
    try:
        return localised.date(dt.date.fromisoformat(text)).get(lang)
    except ValueError:
        return text


def _crs(name: str) -> str:
    """Return the name as it stands in the file, and what EPSG calls it."""
    code = name.rpartition(":")[2].rpartition("/")[2]
    known = crs.system(int(code)) if code.isdecimal() else None
    return f"{name} ({known.name})" if known else name


def _commune(commune: Commune, lang: str) -> str:
    if not commune.name:
        return f"{commune.code} {say(lang, 'no-such-commune')}"
    if commune.until:
        until = say(lang, "until", date=localised.date(commune.until).get(lang))
        return f"{commune.code} {commune.name} ({until})"
    return f"{commune.code} {commune.name}"
