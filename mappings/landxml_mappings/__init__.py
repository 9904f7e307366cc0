"""Vendor layouts to and from the national model, and Vietnam's administrative units."""

from landxml_mappings.convert import convert

__all__ = ["convert"]
