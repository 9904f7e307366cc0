"""Texts that break what shows them carelessly, in every place of a report that data can reach."""

from __future__ import annotations

import msgspec

from landxml.text import Text
from landxml_validator.quoted import Cell, DocumentLine
from landxml_validator.report import (
    Baseline,
    Excerpt,
    Finding,
    LinkCounts,
    Package,
    Report,
    Suppressions,
)

NASTY = (
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "'=1+1", '=HYPERLINK("http://a")',
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<!-- --", "]]>", "<![CDATA[",
    '" onload="alert(1)', "&lt;b&gt;&#0;", "<r><t>a</t></r>", "<r>&</r>", "{{ 7 * 7 }}", "{0.__class__}",
    "%s%n", "\x1b[2J\x1b]0;a\x07", "\x9b31m", "\u202egml.exe", "\u2066a\u2069", "\x00", "a\x00b", "\x08\x7f",
    "\ufeff", "\ufffe\uffff", "\u2028\u2029", "a\r\nb", "a\n\n::error::b",
    "a%0A::error::b", "::set-output name=a::b", "a,line=1::b",
    "\\ud800", "\u200b\u200d\u2060", "Nguye\u0302\u0303n", "| a | b |", "[a](javascript:b)", "javascript:b",
    "file:///a", "%2e%2e%2f", "a#b?c", "//a.b/c", "_x000D_", "_x0041_",
    "http://a.b/c", "internal:A1", "'; DROP TABLE diem; --", '"; --', "[%1%]", "%]<b>[%", "a\\b",
    "C:\\a:b*?.gml", "../../etc", "[Sheet]!A1", "\U0001f4a9" * 40, "e\u0301" * 40, "x" * 40_000, "ﷺ" * 200,
    " ", "",
)  # fmt: skip


def soiled(report: Report) -> Report:
    """Put each of these texts wherever a report holds words of the data, of files, or of the user."""
    words = ("cls", "id", "key", "file", "part", "column", "path")

    def finding(found: Finding, text: str) -> Finding:
        return msgspec.structs.replace(
            found,
            **dict.fromkeys(words, text),
            at=NASTY.index(text),
            number=found.number + 10_000 * NASTY.index(text),
            params=dict.fromkeys(found.params, text),
        )

    file, setting, cause = report.files[0], report.configuration[0], report.causes[0]
    link = report.link
    return msgspec.structs.replace(
        report,
        inputs=list(NASTY),
        missing=list(NASTY),
        communes=list(NASTY),
        profile=" ".join(NASTY),
        files=[msgspec.structs.replace(file, name=text, encoding=text, crs=text) for text in NASTY],
        packages=[Package(id=text, office=text) for text in NASTY],
        baseline=Baseline(name=" ".join(NASTY), known=1, gone=1),
        suppressions=Suppressions(name=" ".join(NASTY), count=1),
        configuration=[msgspec.structs.replace(setting, file=text) for text in NASTY],
        records=dict.fromkeys(NASTY, 2),
        unmapped=dict.fromkeys(NASTY, 1),
        link=link
        and msgspec.structs.replace(
            link, communes=[LinkCounts(1, 1, 1, 0, 0, 0, commune=text, name=text) for text in NASTY]
        ),
        causes=[msgspec.structs.replace(cause, example=finding(cause.example, text)) for text in NASTY],
        results=[
            msgspec.structs.replace(
                each, count=len(NASTY), samples=[finding(each.samples[0], text) for text in NASTY]
            )
            if each.samples
            else each
            for each in report.results
        ],
        excerpts=[excerpt(report.results[0].samples[0].number)],
        samples=len(NASTY),
    )


def excerpt(number: int) -> Excerpt:
    """Quote each of these texts as a line, and as a value of a column of that name."""
    return Excerpt(
        number=number,
        lines=[DocumentLine(1, text, marked=True) for text in NASTY],
        cells=[Cell(column=text, element=text, title=Text(text, text), value=text) for text in NASTY],
    )
