"""The report as plain text for a terminal: verdict first, then what failed, worst first."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from functools import partial

from landxml_reports import wording
from landxml_validator.report import Finding, Link, Report, Result

__all__ = ["link", "render"]

WIDTH = 100
SAMPLES = 3
"""Most findings shown per rule, unless asked for more; the other formats have all that the report holds."""
COMMUNES = 8
"""Most communes of which the parcels without attributes or shape are counted."""
CAUSES = 12
"""Most causes told; the other formats have all."""
REASONS = 3
"""Most rules told by name that were not evaluated for one reason."""

_Say = Callable[..., str]
_Paint = Callable[[str, str], str]

_MARKS = {"passed": "✓", "failed": "✗", "not-applicable": "–", "not-evaluated": "?"}
_STYLES = {
    "error": "31", "warning": "33", "info": "36", "failed": "31", "passed": "32", "not-applicable": "2",
    "not-evaluated": "35", "conformant": "1;32", "not-conformant": "1;31", "strong": "1", "dim": "2",
}  # fmt: skip
"""Parameters of the ANSI colour sequence, by meaning."""


def render(report: Report, lang: str, *, colour: bool = False, samples: int = SAMPLES) -> str:
    """Render the report in ``vi`` or ``en``, at most 100 columns wide, with ANSI colours if asked for."""
    say = partial(_said, lang)

    def paint(text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text

    privacy = _wrap(say("privacy.shown" if report.personal_data else "privacy.masked"))
    parts = (
        _head(report, lang, say, paint),
        link(report.link, lang),
        privacy if report.personal_data else (),  # a warning that must not be missed
        _causes(report, lang, say, paint),
        _failed(report, lang, min(samples, report.samples), say, paint),
        _conformance(report, lang, say, paint),
        _not_evaluated(report, lang, say, paint),
        _unmapped(report, lang, say, paint),
        () if report.personal_data else privacy,
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _said(lang: str, name: str, /, **values: str) -> str:
    return wording.label(name, **values).get(lang)


def _head(report: Report, lang: str, say: _Say, paint: _Paint) -> Iterator[str]:
    def counted(name: str, count: int) -> str:
        return f"{say(name)} {wording.number(count).get(lang)}"

    verdict = say("colon", name=say("verdict"), value=say(f"verdict.{report.verdict}").upper())
    found = (counted("errors", report.errors), counted("warnings", report.warnings))
    yield " · ".join((paint(verdict, report.verdict), *found))
    yield from _wrap(wording.why(report).get(lang))
    yield ""
    checked = (
        counted("files", report.documents),
        counted("records", sum(report.records.values())),
        wording.size(sum(file.bytes for file in report.files)).get(lang),
        say("seconds", value=wording.number(report.seconds, 1).get(lang)),
    )
    yield from _wrap(say("colon", name=say("checked"), value=" · ".join(checked)))
    yield from _wrap(say("colon", name=say("profile"), value=report.profile))
    yield from _wrap(report.profile_title.get(lang))
    if report.configuration:
        said = " · ".join(wording.setting(each).get(lang) for each in report.configuration)
        yield from _wrap(say("colon", name=say("configuration"), value=said), "  ", first="")
    as_of = say("colon", name=say("as-of"), value=wording.date(report.as_of).get(lang))
    yield from _wrap(f"{as_of} · {report.tool}")


def link(found: Link | None, lang: str) -> Iterator[str]:
    """Say how attributes and map fit together, line by line: in all, and where most is missing."""
    say = partial(_said, lang)
    if found is None:
        return
    yield say("link").upper()
    communes = wording.least_linked(found)
    rows = [("", *(say(f"link.{name}") for name in wording.SIDES))]
    for each in (found.total, *communes[:COMMUNES]):
        name = say("link.all") if each is found.total else wording.commune(each).get(lang)
        numbers = (wording.number(getattr(each, side)).get(lang) for side in wording.SIDES)
        rows.append((textwrap.shorten(wording.safe(name), 26, placeholder="…"), *numbers))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *counts in rows:
        cells = (f"{cell:>{width}}" for cell, width in zip(counts, widths[1:], strict=True))
        yield "  ".join((f"  {name:{widths[0]}}", *cells))
    if len(communes) > COMMUNES:
        yield "  " + say("link.more", count=wording.number(len(communes) - COMMUNES).get(lang))
    ways = (f"{say(f'link.way.{way}')} {wording.number(n).get(lang)}" for way, n in found.ways.items())
    yield from _wrap(say("colon", name=say("link.linked"), value=" · ".join(ways)), "  ")


def _causes(report: Report, lang: str, say: _Say, paint: _Paint) -> Iterator[str]:
    """Say what is behind the findings, where several have one cause."""
    causes = wording.causes(report)
    if not causes:
        return
    yield paint(say("causes").upper(), "strong")
    counts = [wording.number(cause.count).get(lang) for cause in causes[:CAUSES]]
    wide = max(map(len, counts))
    for cause, count in zip(causes, counts, strict=False):
        indent = " " * (wide + len(cause.rule) + 6)
        yield from _wrap(
            wording.shared(report, cause).get(lang), indent, first=f"  {count:>{wide}}  {cause.rule}  "
        )
        where = [text.get(lang) for text in wording.extent(cause)]
        where.append(say("causes.first", place=cause.example.where))
        yield from (paint(line, "dim") for line in _wrap(" · ".join(where), indent, first=indent))
    if len(causes) > CAUSES:
        yield "  " + say("causes.more", count=wording.number(len(causes) - CAUSES).get(lang))


def _failed(report: Report, lang: str, samples: int, say: _Say, paint: _Paint) -> Iterator[str]:
    severity = ""
    for result in wording.worst_first(report):
        if severity:
            yield ""
        if result.severity != severity:
            severity = result.severity
            yield paint(say(f"findings.{severity}").upper(), "strong")
        yield from _rule(result, lang, samples, say, paint)
        legal = wording.legal(result.rule, report.as_of).get(lang)
        yield from _wrap(say("colon", name=say("legal"), value=legal), "      ", first="    ")
    if severity:
        yield ""
        yield from _wrap(say("exact", samples=wording.number(samples).get(lang)))
    else:
        yield say("no-findings")


def _rule(result: Result, lang: str, samples: int, say: _Say, paint: _Paint) -> Iterator[str]:
    rule, count = result.rule, wording.number(result.count).get(lang)
    head, *rest = _wrap(rule.title.get(lang), "  " + " " * (len(rule.code) + 2), width=WIDTH - len(count) - 2)
    line = f"  {paint(rule.code, result.severity)}  {paint(head.strip(), 'strong')}"
    yield line + " " * (WIDTH - len(count) - len(rule.code) - 4 - len(head.strip())) + paint(count, "strong")
    yield from (paint(more, "strong") for more in rest)
    shown = wording.worst_samples(result)[:samples]
    for finding in shown:
        yield from _wrap(_finding(result, finding, lang), "      ", first=f"    #{finding.number}  ")
    shown_of = say("shown", shown=wording.number(len(shown)).get(lang), count=count)
    left_out = {"known": result.known, "suppressed": result.suppressed}
    shown_of += "".join(
        f" {say(state, count=wording.number(n).get(lang))}" for state, n in left_out.items() if n
    )
    shown_of += "".join(f" {text.get(lang)}" for text in wording.milder(result))
    yield paint(f"    {shown_of}", "dim")
    yield from _wrap(say("colon", name=say("fix"), value=rule.fix.get(lang)), "      ", first="    ")


def _finding(result: Result, finding: Finding, lang: str) -> str:
    parts = (finding.where, finding.key or finding.id, wording.told(result, finding).get(lang))
    return "  ".join(part for part in parts if part)


def _conformance(report: Report, lang: str, say: _Say, paint: _Paint) -> Iterator[str]:
    yield paint(say("conformance").upper(), "strong")
    wide = max((len(c.title.get(lang)) for c in report.conformance), default=0)
    for each in report.conformance:
        counts = {"errors": each.errors, "warnings": each.warnings}
        facts = [f"{say(name)} {wording.number(n).get(lang)}" for name, n in counts.items() if n]
        if not each.required:
            facts.insert(0, say("optional"))
        state = say(f"state.{each.state}")
        line = f"  {paint(_MARKS[each.state], each.state)} {each.title.get(lang):{wide}}  "
        yield line + paint(state, each.state) + (" " * (16 - len(state)) + " · ".join(facts) if facts else "")


def _not_evaluated(report: Report, lang: str, say: _Say, paint: _Paint) -> Iterator[str]:
    skipped: dict[str, list[Result]] = {}
    for result in report.results:
        if result.state == "not-evaluated":
            skipped.setdefault(wording.reason(result).get(lang), []).append(result)
    if skipped:
        yield paint(say("state.not-evaluated").upper(), "strong")
    for reason, results in skipped.items():
        if len(results) > REASONS:
            rules = say("rules", count=wording.number(len(results)).get(lang))
            yield from _wrap(say("colon", name=rules, value=reason), "    ", first="  ")
            if report.records:  # without, it is all the rules there are
                yield from _wrap(" ".join(result.rule.code for result in results), "    ")
            continue
        for rule in (result.rule for result in results):
            title = rule.title.get(lang)
            line = say("colon", name=title, value=reason) if reason else title
            yield from _wrap(line, " " * (len(rule.code) + 4), first=f"  {rule.code}  ")


def _unmapped(report: Report, lang: str, say: _Say, paint: _Paint) -> Iterator[str]:
    if report.unmapped:
        yield paint(say("unmapped").upper(), "strong")
        counts = (f"{name} {wording.number(n).get(lang)}" for name, n in sorted(report.unmapped.items()))
        yield from _wrap(" · ".join(counts), "  ")


def _wrap(text: str, indent: str = "", *, first: str | None = None, width: int = WIDTH) -> list[str]:
    start = indent if first is None else first
    return textwrap.wrap(
        wording.safe(text), width, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False
    )
