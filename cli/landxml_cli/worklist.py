"""``landxml worklist``: what is to be mended, handed out and taken back."""

from __future__ import annotations

import click

from landxml_cli.help import Group
from landxml_cli.terminal import put
from landxml_cli.types import shared

__all__ = ["worklist"]


@shared
@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def worklist(context: click.Context) -> None:
    """Show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())
