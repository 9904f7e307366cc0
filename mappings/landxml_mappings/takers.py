"""Which national fields take the values of an element of a layout."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from landxml.dictionary import dictionary, national
from landxml.layouts import Layout
from landxml_mappings.row_spec import has_rows, row_mapping
from landxml_mappings.spec import is_mapped, mapping

__all__ = ["takers"]


@cache
def takers(layout: Layout) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the national fields, as ``ThuaDat.soThuTuThua``, by class and element of a layout.

    Elements that none takes are left out, and a layout without a mapping has none.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    if is_mapped(layout):
        for cls, element, field in (_of_rows if has_rows(layout) else _of_records)(layout):
            found.setdefault((cls, element), {})[field] = None
    return {element: tuple(fields) for element, fields in found.items()}


def _of_rows(layout: Layout) -> Iterator[tuple[str, str, str]]:
    spec = row_mapping(layout)
    for name in spec.classes:
        for part in spec.parts(name):
            for field, source in part.sources.items():
                for element in filter(None, (source.element, *source.others)):
                    yield spec.row, element, f"{name}.{field}"


def _of_records(layout: Layout) -> Iterator[tuple[str, str, str]]:
    spec, root = mapping(layout), dictionary(layout).root
    for name, one in spec.classes.items():
        renamed = spec.renamed(name)
        for field in national().classes[name].columns:
            element = one.elements.get(field.element)
            if element or field.element not in renamed:
                yield one.source, element or field.element, f"{name}.{field.element}"
        for field_name, reference in one.references.items():
            yield reference.rows or one.source, reference.key, f"{name}.{field_name}"
        for field_name, element in one.dossier.items():
            yield root, element, f"{name}.{field_name}"
