"""``landxml units export``: the tables of units for other systems."""

from __future__ import annotations

import datetime as dt

import click

from landxml import localised
from landxml.files import SUFFIXES, form
from landxml_cli.help import Command
from landxml_cli.terminal import destination
from landxml_cli.types import Day, Plain, Word, forcible, shared
from landxml_units import TWO_TIERS_SINCE
from landxml_units.export import FORMATS
from landxml_units.export import export as exported

__all__ = ["export"]

ZIPPED = SUFFIXES | {"csv": SUFFIXES["zip"]}
"""Suffixes of the tables; those in CSV are several files."""


@click.command(cls=Command)
@click.option("--format", "format_", type=Word(lambda: FORMATS))
@click.option("--as-of", type=Day(TWO_TIERS_SINCE))
@click.option("-o", "--output", type=Plain("FILE", "output"), required=True)
@forcible
@shared
@click.pass_obj
def export(lang: str, format_: str | None, as_of: dt.date | None, output: str, *, force: bool) -> None:
    """Write the tables in a form that other systems load."""
    chosen = form(output, FORMATS, format_, ZIPPED)
    with destination(output, lang, force=force) as write:
        write(exported(chosen, as_of or localised.today()))
