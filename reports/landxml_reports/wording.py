"""Words of the reports in both languages, and the order in which reports list the rules."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import TYPE_CHECKING, get_args

import msgspec

from landxml.law import Document, document, documents
from landxml.localised import date, number, share, size, time
from landxml.text import Text
from landxml_validator.configuration import Setting
from landxml_validator.report import (
    Cause,
    CommuneCounts,
    Finding,
    Ladder,
    Link,
    LinkCounts,
    Report,
    Result,
    Wider,
)
from landxml_validator.rule import Parameter, Rule, Severity

if TYPE_CHECKING:
    from landxml_campaign.classification import CommuneGroups
    from landxml_campaign.standings import CommuneProgress

__all__ = [
    "SIDES",
    "border",
    "causes",
    "commune",
    "date",
    "days",
    "extent",
    "label",
    "labels",
    "least_linked",
    "legal",
    "message",
    "milder",
    "most_at",
    "number",
    "out_of_force",
    "point",
    "purpose",
    "reason",
    "rung",
    "safe",
    "setting",
    "share",
    "shared",
    "size",
    "time",
    "told",
    "value",
    "verdict",
    "why",
    "worst_communes",
    "worst_first",
    "worst_samples",
]

SIDES = ("attributes", "shapes", "linked", "without_shape", "without_attributes", "open")
"""Counts of a link, in the order in which reports have them."""
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)


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


def message(result: Result, finding: Finding) -> Text:
    """Render the message of one finding."""
    return Text(vi=result.message(finding, "vi"), en=result.message(finding, "en"))


def milder(result: Result) -> list[Text]:
    """Say where communes differ: how many findings are milder than the worst of them, and what is ignored."""
    found = [(name, result.counted(name)) for name in _SEVERITIES if name != result.severity]
    said = [label(f"milder.{name}", count=number(count)) for name, count in found if count]
    return said + ([result.reason.map("({})".format)] if result.reason else [])


def told(result: Result, finding: Finding) -> Text:
    """Return the message of a finding, after its severity where that is milder than the worst of its rule."""
    level, said = result.level(finding.commune), message(result, finding)
    return said if level == result.severity else label("colon", name=label(f"severity.{level}"), value=said)


def worst_samples(result: Result) -> list[Finding]:
    """Return the findings of a rule that are listed, the worst first."""
    return sorted(result.samples, key=lambda each: _SEVERITIES.index(result.level(each.commune)))


def point(finding: Finding) -> Text:
    """Return easting and northing of a finding that has them, to a centimetre, for copying."""
    x, y = f"{finding.x:.2f}", f"{finding.y:.2f}"
    return label("point", x=Text(x.replace(".", ","), x), y=Text(y.replace(".", ","), y))


def reason(result: Result) -> Text:
    """Return why a rule was not evaluated or does not apply; empty if nobody said."""
    return result.reason or Text(vi="", en="")


def safe(text: str) -> str:
    """Show control and direction characters as �: data must not drive a terminal, nor turn text around.

    So are halves of surrogate pairs and what is no character, of which XML and UTF-8 know nothing.
    """
    if text.isprintable():
        return text
    spaced = " ".join(text.splitlines())
    return "".join("�" if unicodedata.category(c) in _UNSAFE or c in "\ufffe\uffff" else c for c in spaced)


_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def verdict(report: Report) -> Text:
    """Return the verdict; of a conformant delivery with what is left, or it reads as faultless."""
    left = {"errors": report.errors, "warnings": report.warnings} if report.verdict == "conformant" else {}
    found = [label(f"remaining.{name}", count=number(count)) for name, count in left.items() if count]
    return sum((text.map(" · {}".format) for text in found), label(f"verdict.{report.verdict}"))


def why(report: Report) -> Text:
    """Say in a few sentences what the verdict rests on."""
    if report.verdict == "not-evaluated" and not report.records:
        return label("why.nothing")
    state = "failed" if report.verdict == "not-conformant" else "not-evaluated"
    said = [label(f"why.{report.verdict}", classes=_titles(report, state, required=True))]
    aside = _titles(report, "failed", required=False)
    said += [label("why.aside", classes=aside)] if aside.vi else []
    absent = _titles(report, "not-applicable", required=True)
    said += [label("why.absent", classes=absent)] if absent.vi and report.verdict == "conformant" else []
    said += _left_out(report)
    return Text(vi=" ".join(text.vi for text in said), en=" ".join(text.en for text in said))


def _left_out(report: Report) -> Iterator[Text]:
    """Say which findings do not count."""
    if known := report.baseline:
        yield label("why.baseline", name=known.name, known=number(known.known), gone=number(known.gone))
    if left := report.suppressions:
        yield label("why.suppressions", name=left.name, count=number(left.count))


def _titles(report: Report, state: str, *, required: bool) -> Text:
    found = [c.title for c in report.conformance if c.required == required and c.state == state]
    return Text(vi=", ".join(title.vi for title in found), en=", ".join(title.en for title in found))


def setting(setting: Setting) -> Text:
    """Say what an office has changed, and where."""
    value = ", ".join(setting.value) if isinstance(setting.value, list) else str(setting.value)
    named = label(f"severity.{value}") if setting.key == "severity" else value
    codes = Text(setting.code, setting.code) if setting.code else label("configuration.all")
    rules = codes.map(f"{{}}.{setting.name}".format) if setting.name else codes
    said = label(f"configuration.{setting.key}", rules=rules, value=named)
    for name in ("cls", "commune"):
        if where := getattr(setting, name):
            said = label(f"configuration.{name}", said=said, name=where)
    return said + setting.place.map(" ({})".format)


def legal(rule: Rule, day: dt.date) -> Text:
    """Cite what a rule serves, and say which of these documents are not in force on a day."""
    said = rule.legal
    for found in dict.fromkeys(document(line).id for line in rule.law):
        note = out_of_force(documents()[found], day)
        said += note.map(". {}".format) if note.en else note
    return said


def out_of_force(document: Document, day: dt.date) -> Text:
    """Say that a document is not in force on a day; empty if it is, or nobody knows."""
    status = document.status(day)
    if status not in {"not-yet", "ended"}:
        return Text("", "")
    return label(f"law.{status}", day=date(day), name=document.name, days=days(document))


def days(document: Document) -> Text:
    """Say when a document was issued, and its first and last day, as far as these are known."""
    known = {"issued": document.issued, "in_force": document.in_force, "until": document.until}
    if document.issued == document.in_force:
        del known["issued"]
    said = [label(f"days.{name}", day=date(day)) for name, day in known.items() if day]
    return Text(", ".join(text.vi for text in said), ", ".join(text.en for text in said))


def causes(report: Report) -> list[Cause]:
    """Return the causes of several errors or warnings, or of one in a whole file: the worst first."""
    found = [
        (_SEVERITIES.index(cause.severity), -cause.count - cause.following, cause.rule, cause)
        for cause in report.causes
        if cause.severity != "info" and (cause.count + cause.following > 1 or not cause.example.cls)
    ]
    return [cause for *_, cause in sorted(found, key=itemgetter(0, 1, 2))]


def shared(report: Report, cause: Cause) -> Text:
    """Say what the findings of a cause have in common; if that is only their rule, with the first of them."""
    result = next(result for result in report.results if result.rule.code == cause.rule)
    said = message(result, cause.example)
    return said if cause.alike else label("causes.instance", title=result.rule.title, message=said)


def extent(cause: Cause) -> list[Text]:
    """Say where the findings of a cause are, and how many follow from them."""
    names = ("parcels", "communes", "files", "following")
    counts = {name: getattr(cause, name) for name in names}
    return [label(f"causes.{name}", count=number(count)) for name, count in counts.items() if count]


def commune(place: CommuneCounts | CommuneGroups | CommuneProgress | LinkCounts | Wider) -> Text:
    """Return code and name of a commune."""
    said = f"{place.commune} {place.name}".strip()
    return Text(vi=said, en=said) if said else label("link.unknown")


def border(place: Wider) -> Text:
    """Return code and name of a commune, or of both on a border."""
    other = f"{place.neighbour} {place.neighbour_name}".strip()
    return Text(*(f"{text} – {other}" if other else text for text in msgspec.structs.astuple(commune(place))))


def purpose(parameter: Parameter) -> Text:
    """Return what a parameter of a rule is for."""
    return Text(vi=parameter.vi, en=parameter.en)


def value(parameter: Parameter) -> Text:
    """Return the value of a parameter, with its unit."""
    given = parameter.default
    if isinstance(given, int) and not parameter.unit:  # a year, the number of a sheet
        said = Text(str(given), str(given))
    elif isinstance(given, int | float):
        digits = len(f"{given:.6f}".rstrip("0").partition(".")[2])
        said = number(given, digits)
    else:
        said = Text(*[given if isinstance(given, str) else ", ".join(given)] * 2)
    return Text(vi=f"{said.vi} {parameter.unit}".strip(), en=f"{said.en} {parameter.unit}".strip())


def rung(millimetres: int) -> Text:
    """Return a width, from a centimetre on in centimetres."""
    return Text(*[f"> {millimetres} mm" if millimetres < 10 else f"> {millimetres // 10} cm"] * 2)


def most_at(ladder: Ladder) -> list[Wider]:
    """Return the places of a ladder: that with most on the highest rung first."""
    return sorted(ladder.places, key=lambda place: [-count for count in reversed(place.counts)])


def least_linked(link: Link) -> list[LinkCounts]:
    """Return the communes: that with the most parcels that lack something first."""
    return sorted(link.communes, key=lambda c: (c.linked - c.attributes - c.without_attributes, c.commune))


def worst_communes(report: Report) -> list[CommuneCounts]:
    """Return the communes: that with the smallest share of parcels in order first."""
    return sorted(report.by_commune, key=lambda each: (each.in_order / each.parcels, -each.errors))


def worst_first(report: Report) -> list[Result]:
    """Return the failed rules: errors before warnings before notes, and the most findings first."""
    failed = [r for r in report.results if r.state == "failed"]
    return sorted(failed, key=lambda r: (_SEVERITIES.index(r.severity), -r.count, r.rule.code))
