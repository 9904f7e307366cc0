"""Vendor layouts to and from the national model."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_mappings.conversion import convert
    from landxml_mappings.mistakes import mapped
    from landxml_mappings.reading import read
    from landxml_mappings.tables import tables
else:
    __getattr__, __dir__ = lazy(
        __name__, {"convert": "conversion", "mapped": "mistakes", "read": "reading", "tables": "tables"}
    )

__all__ = ["convert", "mapped", "read", "tables"]
