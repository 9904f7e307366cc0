"""``landxml layouts``: the layouts that can be read."""

from __future__ import annotations

import click

from landxml_cli.help import LookUp
from landxml_cli.types import lang_of, shared

__all__ = ["layouts"]


@shared
@click.group(cls=LookUp, invoke_without_command=True)
@click.pass_context
def layouts(context: click.Context) -> None:
    """Look a layout up; without anything, list all."""
    if context.invoked_subcommand is None:
        from landxml_cli.layouts_show import show  # noqa: PLC0415 - help pages need none of it

        show(lang_of(context), name=None, format_="text")
