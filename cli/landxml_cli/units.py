"""``landxml units``: administrative units in time."""

from __future__ import annotations

import click

from landxml_cli.help import LookUp
from landxml_cli.terminal import put
from landxml_cli.types import shared

__all__ = ["units"]


@shared
@click.group(cls=LookUp, invoke_without_command=True)
@click.pass_context
def units(context: click.Context) -> None:
    """Look a unit up; without anything, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())
