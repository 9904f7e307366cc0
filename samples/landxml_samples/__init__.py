"""Synthetic packages: valid ones of any size, and ones with faults of which it is known where they are."""

from __future__ import annotations

from landxml_samples.faults import FAULTS
from landxml_samples.package import Injected, write

__all__ = ["FAULTS", "Injected", "write"]
