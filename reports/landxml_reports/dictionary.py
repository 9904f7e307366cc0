"""The data dictionary of a layout as one HTML page in both languages, in the manner of the report."""

from __future__ import annotations

from functools import cache

import jinja2

from landxml.codelists import Code, codelist, lists
from landxml.dictionary import Field, dictionary
from landxml.errors import LandXmlError
from landxml.layouts import MANIFEST, Layout
from landxml.text import Text
from landxml_reports import page, wording

__all__ = ["cardinality", "render"]


def render(layout: Layout, lang: str) -> str:
    """Render the data dictionary of a layout as a self-contained page that opens in ``vi`` or ``en``.

    Raises
    ------
    LandXmlError
        If the layout has none.
    """
    known = dictionary(layout)
    if not known.classes:
        raise LandXmlError(
            Text("định dạng không có từ điển", "the layout has no dictionary"), file=layout.path(MANIFEST)
        )
    used = {field.codelist for _, field in known.fields() if field.codelist}
    return _template().render(
        layout=layout,
        lang=lang,
        classes=list(known.classes.values()),
        fields=sum(len(cls.fields) for cls in known.classes.values()),
        lists=[(lists()[name], codelist(name)) for name in sorted(used)],
    )


def cardinality(field: Field) -> str:
    """Say how often an element occurs, as UML writes it.

    >>> cardinality(Field(element="maXa", kind="text", required=False, repeated=True))
    '0..*'
    """
    least, most = int(field.required), "*" if field.repeated else "1"
    return "1" if (least, most) == (1, "1") else f"{least}..{most}"


@cache
def _template() -> jinja2.Template:
    return page.template(
        "dictionary.html.jinja",
        ["search.js"],
        cardinality=cardinality,
        limits=_limits,
        validity=_validity,
        both=lambda row: Text(vi=row["vi"], en=row["en"]),
        label=lambda of: Text(vi=of.vi, en=of.en),
    )


def _limits(field: Field) -> list[Text | str]:
    """Everything that restricts the values of a field, except its code list and targets."""
    parts: list[Text | str] = []
    if field.length:
        parts.append(wording.label("dictionary.length", length=wording.number(field.length)))
    if field.minimum is not None:
        parts.append(f"≥ {field.minimum}")
    if field.maximum is not None:
        parts.append(f"≤ {field.maximum}")
    if field.unit:
        parts.append(field.unit)
    if field.empty:
        parts.append(wording.label("dictionary.empty"))
    return parts


def _validity(code: Code) -> Text | str:
    """First and last day of a code, or since when a newer list does without it."""
    if code.deprecated and not code.valid_to:
        return wording.label("dictionary.deprecated", day=wording.date(code.deprecated))
    days = [wording.date(day) if day else Text(vi="", en="") for day in (code.valid_from, code.valid_to)]
    if code.valid_from or code.valid_to:
        return wording.label("dictionary.period", first=days[0], last=days[1])
    return ""
