"""Sheets of the work list (:mod:`landxml_reports.xlsx`) that tell of all findings together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from landxml_reports import wording
from landxml_reports.book import Book, Formula, Link, Rows
from landxml_validator.report import Result

__all__ = ["Spans", "explanations", "overview", "provenance"]

CAUSES = 30
"""Most causes told; their findings are all there."""
FILES = 100_000
"""Most files told."""
Spans = Mapping[str, Mapping[str, tuple[int, int]]]
"""Code of a rule → its sheets, by name, with the first and last row of its findings."""


def overview(book: Book, spans: Spans) -> None:
    """Add the sheet that says what to do: verdict, causes, rules with what is done of each, classes."""
    say, report = book.say, book.report
    rows = Rows(book, say("work.overview"), 10, 80, 16, 12, 12, 12, 46)
    rows.line(say("work.title"), "title")
    rows.line(say("colon", name=say("verdict"), value=wording.verdict(report).get(book.lang)), report.verdict)
    for line in (*_about(book), "", say("work.how"), *_split(spans, book)):
        rows.line(line)
    _causes(rows, spans)
    _rules(rows, wording.worst_first(report), spans)
    rows.line("")
    rows.line(say("conformance"), "section")
    rows.header("", "class", "work.state", "errors", "warnings")
    for each in report.conformance:
        rows.add("", each.title.get(book.lang), say(f"state.{each.state}"), each.errors, each.warnings)


def _about(book: Book) -> Iterator[str]:
    say, report = book.say, book.report
    yield wording.why(report).get(book.lang)
    yield say("colon", name=say("inputs"), value=", ".join(report.inputs))
    counts = {name: book.number(getattr(report, name)) for name in ("errors", "warnings")}
    created = say("colon", name=say("created"), value=wording.time(report.created).get(book.lang))
    yield " · ".join([created, *(f"{say(name)} {count}" for name, count in counts.items())])
    yield say("privacy.shown" if report.personal_data else "privacy.masked")


def _split(spans: Spans, book: Book) -> Iterator[str]:
    """Say of which rules the findings did not fit into one sheet."""
    for code, sheets in spans.items():
        if len(sheets) > 1:
            yield book.say("work.split", rule=code, sheets=", ".join(sheets))


def _causes(rows: Rows, spans: Spans) -> None:
    book, report = rows.book, rows.book.report
    causes = wording.causes(report)
    if not causes:
        return
    rows.line("")
    rows.line(book.say("causes"), "section")
    rows.line(book.say("causes.said"))
    rows.header(
        "work.rule", "work.cause", "severity", "work.count", "work.parcels", "work.files", "work.first"
    )
    for cause in causes[:CAUSES]:
        rows.add(
            _link(cause.rule, spans),
            wording.shared(report, cause).get(book.lang),
            book.say(f"severity.{cause.severity}"),
            cause.count,
            cause.parcels,
            cause.files,
            cause.example.where,
        )
    if len(causes) > CAUSES:
        rows.line(book.say("causes.more", count=book.number(len(causes) - CAUSES)))


def _link(code: str, spans: Spans) -> Link | str:
    sheets = spans.get(code)
    return Link(next(iter(sheets)), "A1", code) if sheets else code


def _rules(rows: Rows, results: Sequence[Result], spans: Spans) -> None:
    """Tell the rules that failed, with how many of their findings are ticked."""
    book = rows.book
    rows.line("")
    rows.line(book.say("findings"), "section")
    if not spans:
        rows.line(book.say("no-findings"))
        return
    rows.header("work.rule", "work.title-of", "severity", "work.count", "work.done", "work.left", "class")
    classes = {each.id: each.title.get(book.lang) for each in book.report.conformance}
    first = rows.at + 1
    for result in results:
        code, at = result.rule.code, rows.at + 1
        if code in spans:
            ticked = (f"COUNTA('{name}'!A{one}:A{last})" for name, (one, last) in spans[code].items())
            rows.add(
                _link(code, spans),
                result.rule.title.get(book.lang),
                book.say(f"severity.{result.severity}"),
                result.count,
                Formula(f"={'+'.join(ticked)}", 0),
                Formula(f"=D{at}-E{at}", result.count),
                classes.get(result.rule.conformance, ""),
            )
    total = sum(result.count for result in results)
    sums = {"D": total, "E": 0, "F": total}
    formulas = (Formula(f"=SUM({name}{first}:{name}{rows.at})", value) for name, value in sums.items())
    rows.add("", book.say("work.sum"), "", *formulas)


def explanations(book: Book, spans: Spans) -> None:
    """Add the sheet that explains the rules that failed."""
    rows = Rows(book, book.say("explain"), 10, 30, 60, 60, 40)
    rows.header("work.rule", "work.title-of", "explain", "fix", "legal")
    for result in wording.worst_first(book.report):
        rule = result.rule
        if rule.code in spans:
            texts = (rule.title, rule.explain, rule.fix, wording.legal(rule, book.report.as_of))
            rows.add(_link(rule.code, spans), *(text.get(book.lang) for text in texts))
    rows.sheet.freeze_panes(1, 2)


def provenance(book: Book) -> None:
    """Add the sheet that says what was checked, by what."""
    say, report = book.say, book.report
    rows = Rows(book, say("work.provenance"), 44, 20, 14, 14, 12, 12, 68)
    rows.line(say("work.provenance"), "title")
    facts = {
        "tool": report.tool, "profile": report.profile, "inputs": ", ".join(report.inputs),
        "as-of": wording.date(report.as_of).get(book.lang),
        "created": wording.time(report.created).get(book.lang),
        "configuration": " · ".join(wording.setting(each).get(book.lang) for each in report.configuration),
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            rows.line(say("colon", name=say(name), value=value))
    rows.line(report.profile_title.get(book.lang))
    rows.line("")
    rows.header("files", "layout", "encoding", "crs", "size", "records", "work.hash")
    for file in report.files[:FILES]:
        texts = (file.name, file.layout, file.encoding or "", file.crs or "")
        rows.add(*texts, wording.size(file.bytes).get(book.lang), file.records, file.sha256 or "")
