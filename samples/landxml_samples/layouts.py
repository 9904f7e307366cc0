"""Layouts in which samples can be made, by id."""

from __future__ import annotations

__all__ = ["HOSOXML", "LAYOUTS", "MAPS", "NATIONAL", "PACKAGES", "PARCEL_GML", "RECORDS"]

LAYOUTS = NATIONAL, VENDOR, PARCEL_GML = "national", "vbdlis-xml", "vbdlis-gml"
RECORDS = NATIONAL, VENDOR
PACKAGES, HOSOXML = (NATIONAL,), (VENDOR,)
MAPS = NATIONAL, PARCEL_GML
"""What a fault says that can be put into some of them only."""
