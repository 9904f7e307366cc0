"""The report of a remap as text for a terminal, as JSON for programs, as HTML for people."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache

import jinja2
import msgspec

from landxml.text import Text
from landxml_remap.report import Flow, RemapReport
from landxml_reports import page, sankey, wording

__all__ = ["FORMATS", "render"]

WIDTH = 100
LISTED = 40
"""Most lines of a list in the text; the other formats have all that the report holds."""


def render(report: RemapReport, format: str, lang: str) -> bytes:  # noqa: A002 - the word that users know
    """Render the report in one of :data:`FORMATS`; JSON has no language, HTML opens in this one."""
    return FORMATS[format](report, lang).encode()


def _json(report: RemapReport, lang: str) -> str:  # noqa: ARG001 - JSON has codes and names only
    data = msgspec.to_builtins(report, order="deterministic")
    data |= {"settled": report.settled, "unsettled": report.unsettled}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _html(report: RemapReport, lang: str) -> str:
    return _template().render(
        report=report, lang=lang, why=_why(report), parcels=_total(report), area=_area(report.flows),
        old=_by_old(report), picture=sankey.draw(report.flows), table=_texts(report),
    )  # fmt: skip


@cache
def _template() -> jinja2.Template:
    return page.template(
        "remap.html.jinja", ["search.js"], date=wording.date, time=wording.time, reasons=_reasons
    )


def _why(report: RemapReport) -> Text:
    if report.settled:
        return wording.label("remap.why.done", date=wording.date(report.until))
    unsettled, colliding = wording.number(report.unsettled), wording.number(report.colliding)
    return wording.label("remap.why.open", unsettled=unsettled, colliding=colliding)


def _total(report: RemapReport) -> int:
    return sum(flow.parcels for flow in report.flows)


def _area(flows: list[Flow]) -> Decimal:
    return sum((flow.area for flow in flows), Decimal(0))


def _by_old(report: RemapReport) -> list[tuple[Flow, list[Flow]]]:
    """Group the flows by the commune that they come from."""
    found: dict[str, list[Flow]] = defaultdict(list)
    for flow in report.flows:
        found[flow.old].append(flow)
    return [(flows[0], flows) for flows in found.values()]


def _reasons(flow: Flow) -> list[str]:
    """Return the words for how parcels went: kind of the transition, what settled them."""
    return [*([f"kind.{flow.kind}"] if flow.kind else []), f"basis.{flow.basis}"]


def _texts(report: RemapReport) -> dict[str, dict[str, int]]:
    """Count what became of the texts, by element."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for text in report.texts:
        found[f"{text.cls}.{text.element}"][text.outcome] = text.count
    return found


def _text(report: RemapReport, lang: str) -> str:
    def say(name: str, /, **values: Text | str) -> str:
        return wording.label(f"remap.{name}", **values).get(lang)

    def number(value: float) -> str:
        return wording.number(value).get(lang)

    parts = (_head, _moved, _open, _colliding, _rewritten, _checked)
    blocks = ("\n".join(part(report, say, number)) for part in parts)
    return "\n\n".join(block for block in blocks if block) + "\n"


Say = Callable[..., str]
Number = Callable[[float], str]


def _head(report: RemapReport, say: Say, number: Number) -> Iterator[str]:
    yield say("done" if report.settled else "open").upper()
    why = "why.done" if report.settled else "why.open"
    date = wording.date(report.until)
    yield from _wrap(
        say(why, date=date, unsettled=number(report.unsettled), colliding=number(report.colliding))
    )
    since = ", ".join(f"{day} ({number(count)})" for day, count in report.since.items())
    facts = {
        "since": since, "until": report.until.isoformat(), "documents": number(report.documents),
        "records": number(sum(report.records.values())), "parcels": number(_total(report)),
        "area": number(float(_area(report.flows))),
    }  # fmt: skip
    yield ""
    yield from (f"  {say(name):24}{value}" for name, value in facts.items())
    for basis, count in report.records.items():
        yield f"    {say(f'basis.{basis}'):32}{number(count):>12}"
    if report.inferred:
        yield f"    {say('inferred'):32}{number(report.inferred):>12}"


def _moved(report: RemapReport, say: Say, number: Number) -> Iterator[str]:
    if not report.flows:
        return
    yield say("flows").upper()
    groups = _by_old(report)
    for old, flows in groups[:LISTED]:
        yield f"  {old.old} {old.old_name}"
        for flow in flows:
            to = f"{flow.new} {flow.new_name}" if flow.new else say("nowhere")
            basis = ", ".join(say(name) for name in _reasons(flow)) if flow.new else ""
            yield f"    → {to:40} {number(flow.parcels):>10}  {basis}".rstrip()
    if len(groups) > LISTED:
        yield f"  {say('more', count=number(len(groups) - LISTED))}"


def _open(report: RemapReport, say: Say, number: Number) -> Iterator[str]:
    if not report.problems:
        return
    yield say("problems").upper()
    for problem in report.problems[:LISTED]:
        what = f"{problem.cls} {problem.code}: {say(f'trouble.{problem.kind}')}"
        yield f"  {number(problem.count):>8}  {what}"
        if problem.candidates:
            yield from _wrap(f"{say('candidates')}: {problem.candidates}", "            ")
        yield from _wrap(f"{say('examples')}: {'; '.join(problem.samples[:3])}", "            ")


def _colliding(report: RemapReport, say: Say, number: Number) -> Iterator[str]:
    if report.renumbered:
        yield f"{say('renumbered')}: {number(report.renumbered)}"
    if report.colliding:
        yield f"{say('collisions').upper()}: {number(report.colliding)}"
        yield from (f"  {each.key} ← {', '.join(each.old)}" for each in report.collisions[:3])


def _rewritten(report: RemapReport, say: Say, number: Number) -> Iterator[str]:
    if report.texts:
        yield say("texts").upper()
    for name, outcomes in _texts(report).items():
        counts = (f"{say(f'outcome.{outcome}')} {number(count)}" for outcome, count in outcomes.items())
        yield from _wrap(f"{name:28}{' · '.join(counts)}", "                              ", first="  ")


def _checked(report: RemapReport, say: Say, number: Number) -> Iterator[str]:
    valid, wrong = report.catalogue
    counts = f"{say('catalogue.valid')} {number(valid)} · {say('catalogue.wrong')} {number(wrong)}"
    yield f"{say('catalogue')}: {counts}"
    if report.missing:
        yield from _wrap(f"{say('missing')}: {', '.join(report.missing)}")
    if report.faults:
        yield f"{say('faults')}: {number(report.faults)}"
    for each in report.unread[:LISTED]:
        yield from _wrap(f"{say('unread')}: {each.name}")
    yield f"{say('table')}: {report.table}"


def _wrap(text: str, indent: str = "", *, first: str | None = None) -> list[str]:
    start = indent if first is None else first
    safe = wording.safe(text)
    return textwrap.wrap(
        safe, WIDTH, initial_indent=start, subsequent_indent=indent, drop_whitespace=True,
        break_on_hyphens=False,
    )  # fmt: skip


FORMATS: dict[str, Callable[[RemapReport, str], str]] = {"text": _text, "json": _json, "html": _html}
"""Format → its renderer."""
