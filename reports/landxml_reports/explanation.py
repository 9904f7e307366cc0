"""A finding explained, as text for a terminal, as JSON for programs, as HTML for people, with a map."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import jinja2
import msgspec

from landxml.text import Text
from landxml_reports import map as maps
from landxml_reports import page, wording
from landxml_validator.explanation import Explanation, Original
from landxml_validator.explanation.codes import Codes, Row

__all__ = ["FORMATS", "render"]

WIDTH = 100


def render(explanation: Explanation, format: str, lang: str) -> bytes:  # noqa: A002 - the word that users know
    """Render an explanation in one of :data:`FORMATS`; JSON has both languages, HTML opens in this one."""
    return FORMATS[format](explanation, lang).encode()


def _text(explanation: Explanation, lang: str) -> str:
    rule = explanation.rule
    parts = [
        _wrap(f"#{explanation.number}  {rule.code}  {rule.title.get(lang)}", ""),
        [wording.safe(f"{wording.label(f'severity.{rule.severity}').get(lang)} · {_where(explanation)}")],
        _wrap(explanation.message.get(lang), ""),
    ]
    told = {name: getattr(rule, name).get(lang) for name in ("explain", "fix", "legal")}
    parts += [
        [wording.label(name).get(lang).upper(), *_wrap(said, "  ")] for name, said in told.items() if said
    ]
    parts += [list(_original(each, index, lang)) for index, each in enumerate(explanation.originals)]
    if explanation.codes:
        parts.append(list(_codes(explanation.codes, lang)))
    privacy = wording.label(_privacy(explanation)).get(lang)
    return "\n\n".join("\n".join(part) for part in [*parts, _wrap(privacy, "")]) + "\n"


def _where(explanation: Explanation) -> str:
    return " · ".join(filter(None, (explanation.key, explanation.place)))


def _wrap(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        wording.safe(text), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _original(original: Original, index: int, lang: str) -> Iterator[str]:
    yield wording.label("explained.other" if index else "explained.here").get(lang).upper()
    yield f"  {wording.safe(original.place)}"
    if said := original.note.get(lang):
        yield from _wrap(said, "  ")
    for line in original.lines:
        text = wording.safe(line.text.expandtabs(2))
        yield f"{'▶' if line.marked else ' '} {line.number or '':>7}  {text}".rstrip()
    wide = max((len(cell.element) for cell in original.cells), default=0)
    for cell in original.cells:
        column = cell.column if cell.column != cell.element else ""
        name = wording.safe(f"{column:>4}  {cell.element:{wide}}")
        yield f"{'▶' if cell.marked else ' '} {name}  {wording.safe(cell.value)}".rstrip()


def _codes(codes: Codes, lang: str) -> Iterator[str]:
    yield "  ".join(filter(None, (_list(codes).get(lang).upper(), codes.name)))
    wide = max((len(row.code) for row in codes.rows), default=0)
    for row in codes.rows:
        line = f"{'▶' if row.found else ' '} {row.code:{wide}}  {wording.safe(row.title.get(lang))}"
        yield "  ".join(filter(None, (line, _days(row).get(lang))))


def _list(codes: Codes) -> Text:
    return wording.label("explained.codes" if codes.name else "explained.units")


def _days(row: Row) -> Text:
    """Say when a code is valid, and what it has become."""
    since = row.since and wording.label("explained.since", day=wording.date(row.since))
    until = row.until and wording.label("days.until", day=wording.date(row.until))
    became = wording.label("explained.became", codes=", ".join(row.successors)) if row.successors else None
    said = [text for text in (since, until, became) if text]
    return Text(", ".join(text.vi for text in said), ", ".join(text.en for text in said))


def _privacy(explanation: Explanation) -> str:
    return "privacy.shown" if explanation.personal_data else "privacy.masked"


def _json(explanation: Explanation, lang: str) -> str:  # noqa: ARG001 - JSON has both languages
    said = msgspec.to_builtins(msgspec.structs.replace(explanation, shapes=[]))
    del said["shapes"]
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode() + "\n"


def _html(explanation: Explanation, lang: str) -> str:
    return _template().render(explanation=explanation, lang=lang, privacy=_privacy(explanation))


@cache
def _template() -> jinja2.Template:
    return page.template(
        "explanation.html.jinja", ["map.js"], svg=maps.svg, days=_days, listed=_list, where=_where
    )


FORMATS: Mapping[str, Callable[[Explanation, str], str]] = {"text": _text, "json": _json, "html": _html}
