"""Every command, for tests that hold for all."""

from __future__ import annotations

from collections.abc import Iterator

import click

from landxml_cli.app import cli


def commands(command: click.Command = cli, path: str = "landxml") -> Iterator[tuple[str, click.Command]]:
    """Yield a command and all below it, each with its path: ``landxml units show``."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from commands(below, f"{path} {name}")
