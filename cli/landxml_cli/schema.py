"""``landxml schema``: the standard as files."""

from __future__ import annotations

import click

from landxml_cli.help import Group
from landxml_cli.terminal import put
from landxml_cli.types import shared

__all__ = ["schema"]


@shared
@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def schema(context: click.Context) -> None:
    """Write the standard as files; without a command, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())
