"""``landxml rule``: one rule in full, and rules of one's own."""

from __future__ import annotations

import click

from landxml_cli.help import LookUp
from landxml_cli.terminal import put
from landxml_cli.types import shared

__all__ = ["rule"]


@shared
@click.group(cls=LookUp, invoke_without_command=True)
@click.pass_context
def rule(context: click.Context) -> None:
    """Explain a rule; without anything, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())
