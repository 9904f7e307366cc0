"""Layouts in which samples can be made, by id."""

from __future__ import annotations

__all__ = [
    "COLLECTION", "DELIVERIES", "FILES", "FLAT", "HOSOXML", "JSON", "LAYOUTS", "MAPS", "NATIONAL", "PACKAGES",
    "PARCEL_GML", "RECORDS", "SCANNED", "VBDLIS", "VENDOR",
]  # fmt: skip

FILES = NATIONAL, VENDOR, PARCEL_GML = "national", "vbdlis-xml", "vbdlis-gml"
VBDLIS = "vbdlis"
"""A delivery of two layouts: dossiers, and the parcel GML that belongs to them."""
FLAT = (
    "ilis-sheet", "mplis-collection", "parcel-layer", "plan515-sheet", "vbdlis-sheet-129", "vbdlis-sheet-161",
)  # fmt: skip
JSON, COLLECTION = "mplis-json", "collection-xml"
LAYOUTS = (*FILES, VBDLIS, *FLAT, JSON, COLLECTION)
RECORDS = NATIONAL, VENDOR
PACKAGES, HOSOXML, DELIVERIES = (NATIONAL,), (VENDOR,), (VBDLIS,)
SCANNED = (COLLECTION,)
MAPS = NATIONAL, PARCEL_GML
"""What a fault says that can be put into some of them only."""
