"""``landxml units export``: the tables of units for other systems."""

from __future__ import annotations

import datetime as dt

from landxml import localised
from landxml.files import SUFFIXES, form
from landxml_cli.outputs import destination
from landxml_units.export import FORMATS
from landxml_units.export import export as exported

__all__ = ["export"]

ZIPPED = SUFFIXES | {"csv": SUFFIXES["zip"]}
"""Suffixes of the tables; those in CSV are several files."""


def export(lang: str, format_: str | None, as_of: dt.date | None, output: str, *, force: bool) -> None:
    """Write the tables in a form that other systems load."""
    chosen = form(output, FORMATS, format_, ZIPPED)
    with destination(output, lang, force=force) as write:
        write(exported(chosen, as_of or localised.today()))
