"""Carriers: the bytes of documents → batches of source tables, with every violation of the schema on the way.

A layout says in its manifest which carrier its documents have: the module of that name here. Whatever cannot
be parsed becomes a fault of that document; the others go on.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from landxml.carriers.base import BATCH, BATCH_BYTES, Batch, Carrier, Opened, Writer
from landxml.dictionary import Dictionary
from landxml.errors import LandXmlError
from landxml.layouts import MANIFEST, Layout, builtin
from landxml.text import Text

__all__ = [
    "BATCH",
    "BATCH_BYTES",
    "Batch",
    "Carrier",
    "Opened",
    "Writer",
    "carrier",
    "kind",
    "writer",
    "writes",
]


def carrier(layout: Layout, wanted: Dictionary | None = None) -> Carrier:
    """Return what reads the documents of a layout, one after another.

    Parameters
    ----------
    layout
        Of all the documents.
    wanted
        Which classes and fields become columns: the dictionary of the layout, or part of it.
    """
    return kind(layout)(layout, wanted)


def writes(layout: Layout) -> bool:
    """Tell whether documents of a layout can be written, by its manifest and its carrier."""
    return "writes" in layout.capabilities and hasattr(kind(layout), "write")


def writer(layout: Layout) -> Writer:
    """Return what writes documents of a layout.

    Raises
    ------
    LandXmlError
        If it can only be read.
    """
    if not writes(layout):
        known = ", ".join(each.id for each in builtin().values() if writes(each))
        raise LandXmlError(
            Text(
                f"định dạng “{layout.id}” chỉ đọc được, không ghi được; ghi được: {known}",
                f"the layout “{layout.id}” can be read, not written; those that can be: {known}",
            )
        )
    return cast("Writer", carrier(layout))


@cache
def kind(layout: Layout) -> type[Carrier]:
    """Return the carrier of a layout; it is imported when first needed.

    Raises
    ------
    LandXmlError
        If there is no such carrier.
    """
    if layout.carrier not in {module.name for module in iter_modules(__path__)} - {"base"}:
        raise LandXmlError(
            Text(f"không có carrier “{layout.carrier}”", f"there is no carrier “{layout.carrier}”"),
            file=layout.path(MANIFEST),
        )
    module = import_module(f"{__name__}.{layout.carrier}")
    found: type[Carrier] = getattr(module, layout.carrier.capitalize())
    return found
