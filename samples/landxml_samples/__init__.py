"""Synthetic packages: valid ones of any size, and ones with faults of which it is known where they are."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_samples.faults import FAULTS
    from landxml_samples.package import Injected, write
else:
    __getattr__, __dir__ = lazy(__name__, {"FAULTS": "faults", "Injected": "package", "write": "package"})

__all__ = ["FAULTS", "Injected", "write"]
