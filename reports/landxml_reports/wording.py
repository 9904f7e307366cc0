"""Words, numbers and dates of the reports in both languages, and the order in which rules are told."""

from __future__ import annotations

import datetime as dt
import unicodedata
from functools import cache
from importlib.resources import files

import msgspec

from landxml.text import Text
from landxml_validator.report import Finding, Report, Result

__all__ = [
    "date",
    "label",
    "labels",
    "message",
    "number",
    "reason",
    "safe",
    "share",
    "size",
    "time",
    "why",
    "worst_first",
]

_SEVERITIES = ("error", "warning", "info")
_SWAPPED = str.maketrans(",.", ".,")


@cache
def labels() -> dict[str, Text]:
    """Return every word of the reports, by its name in ``labels.toml``."""
    data = files("landxml_reports").joinpath("labels.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Text])


def label(name: str, /, **values: Text | str) -> Text:
    """Return a word or sentence, with the values put in the place of the names in braces."""
    text = labels()[name]
    return Text(vi=_fill(text, "vi", values), en=_fill(text, "en", values))


def _fill(text: Text, lang: str, values: dict[str, Text | str]) -> str:
    said = {name: v.get(lang) if isinstance(v, Text) else v for name, v in values.items()}
    return text.get(lang).format_map(said)


def number(value: float, digits: int = 0) -> Text:
    """Write a number: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,.{digits}f}"
    return Text(vi=text.translate(_SWAPPED), en=text)


def share(part: int, whole: int) -> Text:
    """Write what part of a whole is in percent, to one decimal; never 0 for something, nor 100 for less."""
    percent = 100 * part / whole
    if 0 < percent < 0.05:
        return Text(vi="< 0,1", en="< 0.1")
    return number(min(percent, 99.9) if part < whole else percent, 1)


def size(count: int) -> Text:
    """Write a number of bytes in the largest decimal unit that leaves at least one."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    text = number(value, 0 if unit == "B" else 1)
    return Text(vi=f"{text.vi} {unit}", en=f"{text.en} {unit}")


def date(day: dt.date) -> Text:
    """Write a date: 01/07/2025 in Vietnamese, 2025-07-01 in English."""
    return Text(vi=f"{day:%d/%m/%Y}", en=f"{day:%Y-%m-%d}")


def time(moment: dt.datetime) -> Text:
    """Write a date and time to the minute, with its offset from UTC if it has one."""
    offset = f" {moment:%z}"[:7].rstrip()
    clock, day = f"{moment:%H:%M}{offset}", date(moment)
    return Text(vi=f"{clock}, {day.vi}", en=f"{day.en} {clock}")


def message(result: Result, finding: Finding) -> Text:
    """Render the message of one finding."""
    return Text(vi=result.message(finding, "vi"), en=result.message(finding, "en"))


def reason(result: Result) -> Text:
    """Return why a rule was not evaluated or does not apply; empty if nobody said."""
    return result.reason or Text(vi="", en="")


def safe(text: str) -> str:
    """Show control and direction characters as �: data must not drive a terminal, nor turn text around."""
    spaced = " ".join(text.splitlines())
    return "".join("�" if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} else c for c in spaced)


def why(report: Report) -> Text:
    """Say in a sentence or two what the verdict rests on."""
    if report.verdict == "not-evaluated" and not report.records:
        return label("why.nothing")
    state = "failed" if report.verdict == "not-conformant" else "not-evaluated"
    said = [label(f"why.{report.verdict}", classes=_titles(report, state, required=True))]
    aside = _titles(report, "failed", required=False)
    said += [label("why.aside", classes=aside)] if aside.vi else []
    absent = _titles(report, "not-applicable", required=True)
    said += [label("why.absent", classes=absent)] if absent.vi and report.verdict == "conformant" else []
    return Text(vi=" ".join(text.vi for text in said), en=" ".join(text.en for text in said))


def _titles(report: Report, state: str, *, required: bool) -> Text:
    found = [c.title for c in report.conformance if c.required == required and c.state == state]
    return Text(vi=", ".join(title.vi for title in found), en=", ".join(title.en for title in found))


def worst_first(report: Report) -> list[Result]:
    """Return the failed rules: errors before warnings before notes, and the most findings first."""
    failed = [r for r in report.results if r.state == "failed"]
    return sorted(failed, key=lambda r: (_SEVERITIES.index(r.severity), -r.count, r.rule.code))
