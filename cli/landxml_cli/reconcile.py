"""``landxml reconcile``: land users, as the population database knows them."""

from __future__ import annotations

import click

from landxml_cli.help import Group
from landxml_cli.terminal import put
from landxml_cli.types import shared

__all__ = ["reconcile"]


@shared
@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def reconcile(context: click.Context) -> None:
    """Show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())
