"""The fields of a layout, laid out for people and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Styled

from landxml.carriers import writes
from landxml.dictionary import dictionary
from landxml.layouts import Layout
from landxml_cli.drawing import READING, paragraph
from landxml_cli.messages import say
from landxml_mappings.takers import takers

__all__ = ["fields", "sheet", "table"]


def sheet(layout: Layout, lang: str) -> Iterator[RenderableType]:
    """Lay out the fields of a layout, class by class."""
    yield paragraph(say(lang, "layout.written" if writes(layout) else "layout.read-only"))
    for cls in dictionary(layout).classes.values():
        rows = [
            (each["column"], each["element"], each[lang], ", ".join(each["national"]), each["source"])
            for each in fields(layout)
            if each["class"] == cls.name
        ]
        if rows:
            yield ""
            yield Styled.assemble((cls.name, "bold"), "  ", cls.vi if lang == "vi" else cls.en)
            yield table(("column", "element", "meaning", "national", "evidence"), rows, lang)


def fields(layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield what is known of each field of a layout, the national fields that take its values among it."""
    found = takers(layout)
    for cls, field in dictionary(layout).fields():
        yield {
            "class": cls.name, "element": field.element, "kind": field.kind, "codelist": field.codelist,
            "column": field.column, "names": field.names, "personal": field.personal, "vi": field.vi,
            "en": field.en, "national": found.get((cls.name, field.element), ()), "source": field.source,
        }  # fmt: skip


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], lang: str) -> Table:
    """Lay out fields; columns without a value are left out."""
    found = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    kept = []
    for name, cells in zip(columns, zip(*rows, strict=True), strict=False):
        if any(cells):
            found.add_column(say(lang, f"field.{name}"), max_width=READING, overflow="fold")
            kept.append(cells)
    for line in zip(*kept, strict=True):
        found.add_row(*map(Styled, line))
    return found
