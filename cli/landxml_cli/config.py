"""``landxml config``: what an office changes in the rules."""

from __future__ import annotations

import click

from landxml_cli.help import Group
from landxml_cli.terminal import put
from landxml_cli.types import shared

__all__ = ["config"]


@shared
@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def config(context: click.Context) -> None:
    """Show the configuration; without a command, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())
