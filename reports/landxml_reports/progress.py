"""The progress of a campaign as text, JSON, a page and a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from landxml import workbooks
from landxml.localised import number
from landxml.text import Text
from landxml_campaign.sheets import begin
from landxml_campaign.standings import CommuneProgress, Progress, Standing
from landxml_campaign.targets import LIGHTS, figures
from landxml_reports import page, wording
from landxml_reports.book import cell
from landxml_reports.overview import Area, communes
from landxml_validator.report import Outline

__all__ = ["FORMATS", "render"]

SYMBOLS = {"reached": "●", "near": "▲", "behind": "■", "far": "✖", None: "?"}
"""Of lights, which are never told by colour alone."""


def render(report: Progress, form: str, lang: str) -> str | bytes:
    """Render figures, standings and ranking, as one of :data:`FORMATS`."""
    return FORMATS[form](report, lang)


def said(value: int | None) -> Text:
    """Return a figure, or that nobody knows it."""
    return wording.label("progress.unknown") if value is None else number(value)


def percent(value: float | None) -> Text:
    """Return a share in per cent."""
    return wording.label("progress.unknown") if value is None else number(100 * value, 1).map("{} %".format)


def light(standing: Standing) -> Text:
    """Return the symbol and the word of a light."""
    word = wording.label(f"progress.{standing.light or 'unknown'}")
    return word.map(f"{SYMBOLS[standing.light]} {{}}".format)


def title(name: str) -> Text:
    """Return the title of a figure."""
    return figures()[name].title


def _text(report: Progress, lang: str) -> str:
    def say(name: str, /, **values: Text | str) -> str:
        return wording.label(name, **values).get(lang)

    lines = [f"{say('progress')} · {wording.date(report.as_of).get(lang)}", ""]
    for name, value in report.total.figures.items():
        lines.append(f"  {said(value).get(lang):>12}  {title(name).get(lang)}")
    for id_, count in report.total.groups.items():
        lines.append(f"  {number(count).get(lang):>12}  {report.scheme.groups[id_].title.get(lang)}")
    lines += ["", say("progress.targets")]
    for id_, standing in report.total.standings.items():
        target = report.targets.targets[id_]
        goal = percent(target.share).get(lang)
        share = f"{percent(standing.share).get(lang):>9} / {goal}"
        lines.append(f"  {light(standing).get(lang):14} {share}  {target.title.get(lang)}")
    if report.ranking:
        ranked = report.targets.targets[report.ranking].title
        for name, rows in (("by-province", report.provinces), ("communes", report.ranked)):
            lines += ["", say(f"progress.{name}", title=ranked)] if rows else []
            lines += [_line(report, each, lang) for each in rows]
    lines += ["", *(text.get(lang) for text in _corrected(report))]
    return "\n".join(lines).rstrip() + "\n"


def _line(report: Progress, each: CommuneProgress, lang: str) -> str:
    """Return the line of a commune or a province."""
    standing, place = each.standings[report.ranking], wording.safe(wording.commune(each).get(lang))
    lacks = wording.label("progress.lacks", count=said(standing.lacking)).get(lang)
    share = f"{light(standing).get(lang):14} {percent(standing.share).get(lang):>9}"
    return f"  {each.rank or '–':>4}  {share}  {place}  {lacks if standing.lacking else ''}".rstrip()


def _corrected(report: Progress) -> Iterator[Text]:
    """Yield a sentence for each figure of a day that was counted again."""
    for each in report.corrections:
        for name in each.last:
            if each.first.get(name) != each.last[name]:
                yield wording.label(
                    "progress.corrected", day=wording.date(each.day), title=title(name),
                    first=said(each.first.get(name)), last=said(each.last[name]),
                )  # fmt: skip


def _json(report: Progress, lang: str) -> str:  # noqa: ARG001 - JSON has both languages
    plain = msgspec.to_builtins(report)
    del plain["outlines"]
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode() + "\n"


def _html(report: Progress, lang: str) -> str:
    known = [name for name, value in report.total.figures.items() if value is not None]
    return _template().render(
        known=known, unknown=[name for name in report.total.figures if name not in known],
        report=report, lang=lang, title=wording.label("progress"), corrected=[*_corrected(report)],
        svg=_map(report, lang), trends=_trends(report),
    )  # fmt: skip


def _map(report: Progress, lang: str) -> Markup:
    """Draw the communes of which the outline is known, each with its light; each leads to its row."""
    ranked = {each.commune: each for each in report.communes} if report.ranking else {}

    def area(outline: Outline) -> Area:
        each = ranked[outline.commune]
        standing = each.standings[report.ranking]
        name = f"{wording.safe(wording.commune(each).get(lang))}: {light(standing).get(lang)}"
        share = "" if standing.share is None else f" {percent(standing.share).get(lang)}"
        return Area(
            outline, standing.light or "unknown", f"#c{each.commune}", f"{name}{share}",
            f"{SYMBOLS[standing.light]}{share}",
        )  # fmt: skip

    return communes([area(each) for each in report.outlines if each.commune in ranked], "map")


def _trends(report: Progress) -> list[tuple[Any, dict[str, int | None]]]:
    now = (report.as_of, report.total.figures)
    return [*((each.day, each.figures) for each in report.trends), now]


@cache
def _template() -> jinja2.Template:
    return page.template(
        "progress.html.jinja", date=wording.date, time=wording.time, said=said,
        percent=percent, light=light, lights=LIGHTS, figure=title, commune=wording.commune, change=change,
    )  # fmt: skip


def change(now: int | None, before: int | None) -> Text:
    """Return by how much a figure has changed; empty if one of both is not known."""
    if now is None or before is None:
        return Text("", "")
    return number(abs(now - before)).map(f"{'+' if now > before else '−' if now < before else ''}{{}}".format)


def _xlsx(report: Progress, lang: str) -> bytes:
    """Write a sheet of the communes and one of the days, for people to sort and add up."""
    with io.BytesIO() as out:
        with workbooks.opened(out) as book:
            _communes(report, lang, book)
            _days(report, lang, book)
        return out.getvalue()


def _communes(report: Progress, lang: str, book: Any) -> None:
    def say(name: str, /, **values: Text | str) -> str:
        return wording.label(name, **values).get(lang)

    titles = [
        say("progress.code"), say("groups.commune"), say("progress.rank"),
        *(title(name).get(lang) for name in report.total.figures),
        *(each.title.get(lang) for each in report.scheme.groups.values()),
    ]  # fmt: skip
    for target in report.targets.targets.values():
        name = target.title.get(lang)
        titles += [name, f"{say('progress.light')}: {name}", f"{say('progress.lacking')}: {name}"]
    targets, count = len(report.targets.targets), book.add_format(COUNT)
    styles = [*[None] * 2, *[count] * (len(titles) - 2 - 3 * targets)]
    widths = [10, 26, *[14] * (len(styles) - 2), *[22] * (3 * targets)]
    styles += [book.add_format({"num_format": "0.0%"}), None, count] * targets
    sheet = begin(book, say("groups.communes"), [*zip(titles, widths, strict=True)], styles)
    sheet.freeze_panes(1, 2)
    sheet.set_print_scale(70)  # too wide for a page: several side by side, each with the communes
    sheet.repeat_columns(0, 1)
    for row, each in enumerate([*report.ranked, *report.provinces, report.total], 1):
        name = each.name if each is not report.total else say("groups.total")
        sheet.write_string(row, 0, cell(each.commune or each.province))
        sheet.write_string(row, 1, cell(name))
        values = [each.rank, *each.figures.values(), *each.groups.values()]
        for at, value in enumerate(values, 2):
            _put(sheet, row, at, value, say("progress.unknown") if at > 2 else "")
        at = 2 + len(values)
        for standing in each.standings.values():
            if standing.share is not None:
                sheet.write_number(row, at, standing.share)
            sheet.write_string(row, at + 1, light(standing).get(lang))
            _put(sheet, row, at + 2, standing.lacking, "")
            at += 3


COUNT = {"num_format": "#,##0", "align": "right"}
"""Of a number, or a word in its place."""


def _put(sheet: Any, row: int, at: int, value: int | None, otherwise: str) -> None:
    if value is None:
        sheet.write_string(row, at, otherwise)
    else:
        sheet.write_number(row, at, value)


def _days(report: Progress, lang: str, book: Any) -> None:
    unknown, trends = wording.label("progress.unknown").get(lang), _trends(report)
    columns = [
        (wording.label("progress.figure").get(lang), 36),
        *((wording.date(day).get(lang), 12) for day, _ in trends),
    ]
    styles = [None, *[book.add_format(COUNT)] * len(trends)]
    sheet = begin(book, wording.label("progress.days").get(lang), columns, styles)
    for row, name in enumerate(report.total.figures, 1):
        sheet.write_string(row, 0, title(name).get(lang))
        for at, (_, found) in enumerate(trends, 1):
            _put(sheet, row, at, found.get(name), unknown)


FORMATS: Mapping[str, Callable[[Progress, str], str | bytes]] = {
    "text": _text, "html": _html, "json": _json, "xlsx": _xlsx,
}  # fmt: skip
"""Format → its renderer."""
