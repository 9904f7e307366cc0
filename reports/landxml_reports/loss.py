"""The loss report of a conversion as text for a terminal, as JSON for programs, as HTML for people."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import jinja2
import msgspec

from landxml.text import Text
from landxml_mappings.loss import Loss
from landxml_mappings.report import LossReport
from landxml_reports import page, wording

__all__ = ["FORMATS", "render"]

WIDTH = 100
LISTED = 40
"""Most lines of a list in the text; the other formats have all that the report holds."""


def render(report: LossReport, format: str, lang: str) -> bytes:  # noqa: A002 - the word that users know
    """Render the report in one of :data:`FORMATS`; JSON has no language, HTML opens in this one."""
    return FORMATS[format](report, lang).encode()


class Way(NamedTuple):
    """Half of a conversion: its heading, the fields that changed or lost something, and the others."""

    title: Text
    losses: list[Loss]
    whole: list[Loss]

    @property
    def carried(self) -> int:
        """Number of values of the others."""
        return sum(loss.read for loss in self.whole)


def _ways(report: LossReport) -> Iterator[Way]:
    for name, losses in report.reading.items():
        title = "loss.between" if name == "*" else "loss.reading"
        yield _way(wording.label(title, layout=name), losses)
    yield _way(wording.label("loss.writing", layout=report.to), report.writing)


def _way(title: Text, losses: Sequence[Loss]) -> Way:
    told = [loss for loss in losses if loss.changed or loss.dropped]
    told.sort(key=lambda loss: -sum(loss.dropped.values()))
    return Way(title, told, [loss for loss in losses if not (loss.changed or loss.dropped)])


def _verdict(report: LossReport) -> str:
    return "refused" if not report.written else "whole" if report.lossless else "lossy"


def _why(report: LossReport) -> Text:
    numbers = {"dropped": wording.number(report.dropped), "columns": wording.number(len(report.columns))}
    return wording.label(f"loss.why.{_verdict(report)}", **numbers, unread=wording.number(len(report.unread)))


def _hows(counts: Mapping[str, int]) -> list[tuple[Text, Text]]:
    """Return how values changed or why they were dropped, with the number of each."""
    return [(wording.label(f"loss.how.{how}"), wording.number(count)) for how, count in counts.items()]


def _json(report: LossReport, lang: str) -> str:  # noqa: ARG001 - JSON has codes and names only
    data = msgspec.to_builtins(report) | {"lossless": report.lossless, "dropped": report.dropped}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _html(report: LossReport, lang: str) -> str:
    return _template().render(
        report=report, lang=lang, verdict=_verdict(report), why=_why(report), ways=list(_ways(report))
    )


@cache
def _template() -> jinja2.Template:
    return page.template("loss.html.jinja", time=wording.time, hows=_hows)


Say = Callable[..., str]


def _text(report: LossReport, lang: str) -> str:
    def say(name: str, /, **values: Text | str) -> str:
        return wording.label(f"loss.{name}", **values).get(lang)

    blocks = [_head(report, say, lang), *(_fields(way, say, lang) for way in _ways(report))]
    blocks += [part(report, say, lang) for part in (_defaulted, _uncoded, _columns, _unread)]
    return "\n\n".join(block for block in map("\n".join, blocks) if block) + "\n"


def _number(value: float, lang: str) -> str:
    return wording.number(value).get(lang)


def _head(report: LossReport, say: Say, lang: str) -> Iterator[str]:
    yield say(_verdict(report)).upper()
    yield from _wrap(_why(report).get(lang))
    documents = ", ".join(f"{name} ({_number(count, lang)})" for name, count in report.documents.items())
    yield ""
    for name, value in (
        ("documents", documents), ("records", _number(sum(report.records.values()), lang)),
        ("output", f"{report.output} ({report.to})"),
    ):  # fmt: skip
        yield f"  {say(name):18}{wording.safe(value)}"


def _fields(way: Way, say: Say, lang: str) -> Iterator[str]:
    if not (way.losses or way.whole):
        return
    yield way.title.get(lang).upper()
    for loss in way.losses[:LISTED]:
        said = [f"{say('carried')} {_number(loss.carried, lang)}"] if loss.carried else []
        for name, counts in (("changed", loss.changed), ("dropped", loss.dropped)):
            said += [f"{say(name)} {n.get(lang)} ({how.get(lang)})" for how, n in _hows(counts)]
        line = f"{loss.element:40} {_number(loss.read, lang):>8}  {' · '.join(said)}"
        yield from _wrap(line, " " * 53, first="  ")
    if len(way.losses) > LISTED:
        yield f"  {say('more', count=_number(len(way.losses) - LISTED, lang))}"
    if way.whole:
        numbers = {"fields": wording.number(len(way.whole)), "values": wording.number(way.carried)}
        yield f"  {say('whole-fields', **numbers)}"


def _listed(title: str, lines: Sequence[str], say: Say, lang: str) -> Iterator[str]:
    if lines:
        yield say(title).upper()
        yield from (f"  {wording.safe(line)}" for line in lines[:LISTED])
    if len(lines) > LISTED:
        yield f"  {say('more', count=_number(len(lines) - LISTED, lang))}"


def _defaulted(report: LossReport, say: Say, lang: str) -> Iterator[str]:
    lines = [f"{field:40} {_number(count, lang):>8}" for field, count in report.defaulted.items()]
    return _listed("defaulted", lines, say, lang)


def _uncoded(report: LossReport, say: Say, lang: str) -> Iterator[str]:
    lines = [
        f"{one.field:40} {_number(one.count, lang):>8}  “{one.value}” ({one.codelist})"
        for one in report.uncoded
    ]
    return _listed("uncoded", lines, say, lang)


def _columns(report: LossReport, say: Say, lang: str) -> Iterator[str]:
    lines = [f"{one.file}!{one.part}!{one.column} {one.name}".rstrip() for one in report.columns]
    return _listed("columns", lines, say, lang)


def _unread(report: LossReport, say: Say, lang: str) -> Iterator[str]:
    return _listed("unread", [f"{one.file}: {one.reason.get(lang)}" for one in report.unread], say, lang)


def _wrap(text: str, indent: str = "", *, first: str = "") -> list[str]:
    safe = wording.safe(text)
    return textwrap.wrap(safe, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False)


FORMATS: dict[str, Callable[[LossReport, str], str]] = {"text": _text, "json": _json, "html": _html}
"""Format → its renderer."""
