"""Checks of some rules only, where a test looks at no others: each rule that is looked at takes time."""

from __future__ import annotations

from landxml_validator.configuration import Setting
from landxml_validator.configuration_file import given

__all__ = ["only"]


def only(*codes: str) -> tuple[Setting, ...]:
    """Return the configuration that selects the rules whose codes begin so."""
    return given(select=codes)
