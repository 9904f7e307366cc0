"""Synthetic packages: valid ones of any size, and ones with faults of which it is known where they are."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_samples.fault_list import Injected
    from landxml_samples.faults import FAULTS
    from landxml_samples.package import write
else:
    __getattr__, __dir__ = lazy(__name__, {"FAULTS": "faults", "Injected": "fault_list", "write": "package"})

__all__ = ["FAULTS", "Injected", "write"]
