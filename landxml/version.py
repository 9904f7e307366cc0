"""The version; here, because reading it from the metadata of the package takes as long as a start may."""

VERSION = "0.2.0"
TOOL = f"landxml {VERSION}"
"""How reports name what made them."""
