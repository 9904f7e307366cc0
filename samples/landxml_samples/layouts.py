"""Layouts in which samples can be made, by id."""

from __future__ import annotations

__all__ = ["GML", "HOSOXML", "LAYOUTS", "NATIONAL"]

LAYOUTS = NATIONAL, VENDOR = "national", "vbdlis-xml"
GML, HOSOXML = (NATIONAL,), (VENDOR,)
"""What a fault says that can be put into one of them only."""
