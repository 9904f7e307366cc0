"""Pages of mappings, each in one language."""

from __future__ import annotations

from collections.abc import Iterator

from landxml.layouts import builtin
from landxml_mappings.spec import is_mapped
from tasks.build_mapping_docs import SIDES, written

__all__ = ["pages"]


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Yield the names of pages, and the pages: ``mappings/vbdlis-xml.md`` …."""
    for layout in builtin().values():
        if is_mapped(layout):
            yield f"mappings/{layout.id}.md", written(layout, SIDES[lang])
