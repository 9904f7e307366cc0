"""The office's work list as a workbook: an overview, and each finding once, with a cell to tick.

There is a sheet for each rule that failed: all its findings are mended the same way, which its head says.
Communes have no sheets of their own. A finding that stood in two sheets would have two ticks that contradict
each other, and two hundred communes would make as many sheets; so the findings of a commune stand together in
the sheet of the rule, and the sheet of communes leads from each commune to exactly these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import IO, Any, NamedTuple

import duckdb

import landxml_units as units
from landxml import workbooks
from landxml.dictionary import national
from landxml.files import Path_
from landxml.place import WORKBOOKS
from landxml.tabular import quoted
from landxml_reports import listed, wording
from landxml_reports.book import COLOURS, Book, Link, Rows
from landxml_reports.xlsx_overview import Spans, explanations, overview, provenance
from landxml_validator.report import Report, Result

__all__ = ["write"]

LIMIT = workbooks.LIMIT
"""Rows of a sheet; further findings of a rule stand in further sheets."""
HEAD = 4
"""Rows above the findings of a sheet: title, how to mend it, legal line, names of the columns."""
LINKS = 65_000
"""Links of a sheet; Excel allows 65,530."""
TICK = "✓"
COLUMNS = {
    "work.done": 9, "explained.number": 9, "work.commune": 22, "work.parcel": 17, "work.found": 90,
    "work.field": 28, "work.file": 30, "work.part": 12, "work.at": 10, "work.object": 22, "work.key": 17,
    "work.east": 13, "work.north": 13, "work.note": 30,
}  # fmt: skip
"""Columns of a sheet of findings, and their widths."""
PRINTED = 9
"""Columns that are printed: more would be too small to read."""
LAST = chr(ord("A") + len(COLUMNS) - 1)


class Block(NamedTuple):
    """Findings of a rule in a commune, or as many of them as stand in one sheet."""

    result: Result
    commune: str
    sheet: str
    first: int
    last: int


def write(report: Report, findings: Path_, lang: str, out: IO[bytes]) -> None:
    """Write the work list in ``vi`` or ``en``.

    Parameters
    ----------
    report
        What a run found.
    findings
        Parquet file of all its findings (:mod:`landxml_validator.export`).
    out
        Where the workbook is written to.
    """
    with listed.opened(report, findings) as con, workbooks.opened(out) as made:
        made.set_properties({"title": wording.label("work.title").get(lang), "created": report.created})
        book, blocks = Book(made, report, lang), list(_blocks(report, con))
        spans: dict[str, dict[str, tuple[int, int]]] = {}
        for block in blocks:
            spans.setdefault(block.result.rule.code, {})[block.sheet] = (HEAD + 1, block.last)
        overview(book, spans)
        _communes(book, blocks)
        explanations(book, spans)
        _findings(book, spans, con)
        provenance(book)


def _blocks(report: Report, con: duckdb.DuckDBPyConnection) -> Iterator[Block]:
    """Say where the findings of each rule and commune will stand."""
    results = wording.worst_first(report)
    counts = "SELECT rank, commune, count(*) FROM Found GROUP BY ALL ORDER BY rank, commune"
    room, rank, before = LIMIT - HEAD, -1, 0
    for found, commune, count in con.execute(counts).fetchall():
        before = before if found == rank else 0
        rank, end = found, before + count
        while before < end:
            number, row = divmod(before, room)
            here = min(end - before, room - row)
            sheet = _name(results[rank], number)
            yield Block(results[rank], commune, sheet, HEAD + row + 1, HEAD + row + here)
            before += here


def _name(result: Result, number: int) -> str:
    """Name a sheet after its rule; codes are short and have no sign that Excel forbids."""
    return f"{result.rule.code} ({number + 1})" if number else result.rule.code


def _commune(book: Book) -> Callable[[str], str]:
    """Return what writes code and name of a commune."""

    @cache
    def written(code: str) -> str:
        return f"{code} {units.name(code, book.report.as_of)}".strip() or book.say("link.unknown")

    return written


def _communes(book: Book, blocks: Iterable[Block]) -> None:
    """Add the sheet that leads from each commune to its rows."""
    say, name = book.say, _commune(book)
    rows = Rows(book, say("work.communes"), 26, 10, 12, 80, 12, 26)
    rows.header("work.commune", "work.rule", "severity", "work.title-of", "work.count", "work.rows")
    for block in sorted(blocks, key=lambda each: each.commune):
        where = f"{block.sheet}: {block.first}–{block.last}"
        link = Link(block.sheet, f"A{block.first}:{LAST}{block.last}", where) if rows.at <= LINKS else where
        rule, count = block.result.rule, block.last - block.first + 1
        severity = say(f"severity.{block.result.level(block.commune)}")
        rows.add(name(block.commune), rule.code, severity, rule.title.get(book.lang), count, link)
    rows.sheet.freeze_panes(1, 1)
    rows.sheet.autofilter(0, 0, max(rows.at - 1, 1), 5)


_ROWS = """
SELECT rank, number, commune, parcel, message_{}, path, file, part, cls, key, "column", "at", x, y FROM Found
ORDER BY rank, commune, number"""


def _findings(book: Book, spans: Spans, con: duckdb.DuckDBPyConnection) -> None:
    """Add the sheets of the rules."""
    results, commune = wording.worst_first(book.report), _commune(book)
    explained = {code: row for row, code in enumerate(spans, 2)}
    sheets = iter(
        [(code, name, last) for code, sheets in spans.items() for name, (_, last) in sheets.items()]
    )
    code, sheet, at, last = "", None, 0, 0
    for rank, *row in listed.rows(con, _ROWS.format(book.lang)):
        if results[rank].rule.code != code or at == last:
            code, name, last = next(sheets)
            sheet, at = _sheet(book, results[rank], name, last, explained[code]), HEAD
        _row(book, sheet, at, row, commune)
        at += 1


def _sheet(book: Book, result: Result, name: str, last: int, explained: int) -> Any:
    """Begin a sheet of a rule: what it is, how to mend it, columns; all that stays in sight.

    ``last`` is its last row, ``explained`` the row of the rule in the sheet of explanations.
    """
    rule, say, lang = result.rule, book.say, book.lang
    sheet = book.sheet(name, HEAD)
    sheet.set_tab_color(COLOURS[result.severity])
    for column, (label, width) in enumerate(COLUMNS.items()):
        style = "free" if label in {"work.done", "work.note"} else "data"
        sheet.set_column(column, column, width, book.formats[style])
    title = " ".join(text.get(lang) for text in (rule.title, *wording.milder(result)))
    sheet.write_string(0, 0, f"{name} · {title}", book.formats[result.severity])
    fix = say("colon", name=say("fix"), value=rule.fix.get(lang))
    sheet.set_row(1, 15 * -(-len(fix) // 130))
    sheet.merge_range(1, 0, 1, 4, "", book.formats["plain"])
    sheet.write_string(1, 0, fix, book.formats["plain"])
    for column, target, row in ((0, "work.overview", 1), (3, "explain", explained)):
        sheet.write_url(2, column, f"internal:'{say(target)}'!A{row}", book.formats["link"], say(target))
    legal = say("colon", name=say("legal"), value=wording.legal(rule, book.report.as_of).get(lang))
    sheet.write_string(2, 4, legal)
    sheet.set_row(HEAD - 1, 30)
    for column, label in enumerate(COLUMNS):
        sheet.write_string(HEAD - 1, column, say(label), book.formats["header"])
    sheet.print_area(0, 0, last - 1, PRINTED - 1)
    sheet.freeze_panes(HEAD, 1)
    sheet.autofilter(HEAD - 1, 0, last - 1, len(COLUMNS) - 1)
    tick = {
        "validate": "list",
        "source": [TICK],
        "input_title": say("work.done"),
        "input_message": say("work.tick"),
    }
    sheet.data_validation(HEAD, 0, last - 1, 0, tick)
    done = {"type": "formula", "criteria": f'=$A{HEAD + 1}<>""', "format": book.formats["done"]}
    sheet.conditional_format(HEAD, 0, last - 1, len(COLUMNS) - 1, done)
    return sheet


def _row(book: Book, sheet: Any, at: int, row: Sequence[Any], commune: Callable[[str], str]) -> None:
    """Write a finding."""
    number, code, parcel, message, path, file, part, cls, key, letters, line, x, y = row
    sheet.write_number(at, 1, number)
    texts = (commune(code), parcel, message, path, file, part, "", _object(cls, book.lang), key)
    for column, text in enumerate(texts, 2):
        if text:
            sheet.write_string(at, column, quoted(text))
    if part and letters:
        in_book = file.lower().endswith(WORKBOOKS)
        sheet.write_string(at, 8, f"{letters}{line}" if in_book else f"#{line}.{letters}")
    elif line:
        sheet.write_number(at, 8, line)
    for column, metres in ((11, x), (12, y)):
        if metres is not None:
            sheet.write_number(at, column, metres, book.formats["metres"])


@cache
def _object(cls: str, lang: str) -> str:
    """Name a class in the words of the national dictionary, where it is there."""
    known = national().classes.get(cls)
    return (known.en if lang == "en" else known.vi) if known else cls
