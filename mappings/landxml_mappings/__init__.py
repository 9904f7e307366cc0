"""Vendor layouts to and from the national tables, and Vietnam's administrative units."""
