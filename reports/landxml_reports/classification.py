"""The groups of a delivery as text, JSON and a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import jinja2
import msgspec
from markupsafe import Markup

from landxml.text import Text
from landxml_campaign.classification import Classification
from landxml_campaign.facts import facts
from landxml_campaign.grouping import STATES
from landxml_reports import page, wording
from landxml_validator.rule import builtin

__all__ = ["FORMATS", "render"]


class Missing(NamedTuple):
    """What keeps parcels from the next group: a criterion, or a fact that the group asks for."""

    title: Text
    evidence: str
    word: Text
    block: Text
    parcels: int


def render(report: Classification, form: str, lang: str) -> str:
    """Render groups and what parcels lack, as one of :data:`FORMATS`."""
    return FORMATS[form](report, lang)


def missing(report: Classification) -> Iterator[Missing]:
    """Yield what parcels lack for the next group, the most frequent first."""
    scheme, nothing = report.scheme, Text("", "")
    for id_, count in report.missing.items():
        if each := scheme.criteria.get(id_):
            word = scheme.words[each.word].title if each.word else nothing
            block = wording.label(f"groups.block.{each.block}")
            yield Missing(each.title, each.evidence, word, block, count)
        else:
            yield Missing(facts()[id_].title, facts()[id_].evidence, nothing, nothing, count)


def _text(report: Classification, lang: str) -> str:
    def row(count: int, title: str) -> str:
        share = wording.share(count, report.parcels).get(lang)
        return f"  {wording.number(count).get(lang):>11} {share:>8}  {wording.safe(title)}"

    def say(name: str, /, **values: Text | str) -> str:
        return wording.label(name, **values).get(lang)

    groups = report.scheme.groups
    lines = [
        report.scheme.title.get(lang),
        *(row(n, groups[id_].title.get(lang)) for id_, n in report.groups.items()),
    ]
    if report.missing:
        lines += ["", say("groups.missing")]
        lines += [row(each.parcels, each.title.get(lang)) for each in missing(report)]
    lines += ["", say("groups.communes")]
    names = "".join(f"{say('groups.named', name=id_):>11}" for id_ in groups)
    lines.append(f"  {say('groups.parcels'):>11}{names}")
    for each in report.communes:
        counts = "".join(f"{wording.number(n).get(lang):>11}" for n in each.groups.values())
        name = wording.commune(each).get(lang)
        lines.append(f"  {wording.number(each.parcels).get(lang):>11}{counts}  {wording.safe(name)}")
    lines += ["", *(text.get(lang) for text in _limits(report))]
    return "\n".join(lines).rstrip() + "\n"


def _limits(report: Classification) -> Iterator[Text]:
    """Yield what the counts do not say."""
    if report.labelled:
        differing = sum(each.parcels for each in report.differences)
        yield wording.label(
            "groups.differing", count=wording.number(differing), labelled=wording.number(report.labelled)
        )
    for id_, count in report.unknown.items():
        title = report.scheme.criteria[id_].title
        yield wording.label("groups.unknown", title=title, count=wording.number(count))
    for code, count in report.elsewhere.items():
        yield wording.label("groups.elsewhere", code=code, count=wording.number(count))
    if report.unevaluated:
        yield wording.label("groups.unevaluated", codes=", ".join(report.unevaluated))


def _json(report: Classification, lang: str) -> str:  # noqa: ARG001 - JSON has both languages
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def _html(report: Classification, lang: str) -> str:
    title = wording.label("groups")
    return _template().render(
        report=report, lang=lang, title=title, missing=[*missing(report)], states=STATES,
        limits=[*_limits(report)],
    )  # fmt: skip


def bar(part: int, whole: int) -> Markup:
    """Draw a share as a bar; the number stands beside it."""
    width = f"{100 * part / whole if whole else 0:.1f}"
    return Markup('<div class="share" aria-hidden="true"><i style="width: {}%"></i></div>').format(width)


def _rule(code: str) -> Text:
    rule = builtin().get(code)
    return rule.title if rule else Text("", "")


@cache
def _template() -> jinja2.Template:
    return page.template(
        "classification.html.jinja", date=wording.date, time=wording.time, share=wording.share, bar=bar,
        commune=wording.commune, rule=_rule,
    )  # fmt: skip


FORMATS: Mapping[str, Callable[[Classification, str], str]] = {"text": _text, "json": _json, "html": _html}
"""Format → its renderer."""
