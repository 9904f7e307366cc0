"""A conformance statement of an exporter as JSON, and as a page to publish."""

from __future__ import annotations

from functools import cache

import jinja2
import msgspec

from landxml.dictionary import national
from landxml.text import Text
from landxml_reports import page, wording
from landxml_validator.statement import ClassScore, ConformanceStatement

__all__ = ["FORMATS", "render"]

FORMATS = ("json", "html")


def render(made: ConformanceStatement, form: str, lang: str) -> bytes:
    """Render a statement in one of :data:`FORMATS`; JSON is the same in both languages."""
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(made, order="sorted"), indent=2) + b"\n"
    stated = made.statement
    families = [each for each in stated.check.conformance if each.state != "not-applicable"]
    names = {name: Text(cls.vi or name, cls.en or name) for name, cls in national().classes.items()}
    said = _template().render(made=made, stated=stated, families=families, names=names, lang=lang)
    return said.encode()


def _share(score: ClassScore) -> Text:
    """Return the share kept in percent, rounded down: what lost a value never shows 100."""
    per_mille = score.kept * 1000 // score.expected if score.expected else 1000
    text = f"{per_mille / 10:.1f}"
    return Text(f"{text.replace('.', ',')} %", f"{text} %")


@cache
def _template() -> jinja2.Template:
    return page.template("statement.html.jinja", size=wording.size, date=wording.date, share=_share)
