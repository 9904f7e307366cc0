"""Vendor layouts to and from the national model."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_mappings.conversion import convert
else:
    __getattr__, __dir__ = lazy(__name__, {"convert": "conversion"})

__all__ = ["convert"]
