"""``landxml units``: administrative units in time."""

from __future__ import annotations

from itertools import takewhile

import click

from landxml_cli.help import Group
from landxml_cli.terminal import put
from landxml_cli.types import shared

__all__ = ["units"]


class LookUp(Group):
    """Commands; what is none of them is looked up."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command that looks up before what is none; the words of a name need no quotes."""
        if args and not {"-h", "--help", *self.list_commands(ctx)} & set(args):
            name = list(takewhile(lambda word: not word.startswith("-"), args))
            args = ["show", *([" ".join(name)] if name else []), *args[len(name) :]]
        return super().parse_args(ctx, args)


@shared
@click.group(cls=LookUp, invoke_without_command=True)
@click.pass_context
def units(context: click.Context) -> None:
    """Look a unit up; without anything, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())
