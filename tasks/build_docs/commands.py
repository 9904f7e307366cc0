"""Pages of commands, from what the program itself knows of them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from landxml_cli.app import cli
from landxml_cli.help import Context
from landxml_cli.messages import translate
from landxml_cli.types import Plain

__all__ = ["commands", "pages"]

WORDS = {
    "vi": ("Các lệnh", "Lệnh", "Làm gì", "Cách dùng", "Tham số", "Nghĩa", "bắt buộc"),
    "en": ("Commands", "Command", "What it does", "Usage", "Parameter", "Meaning", "required"),
}


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Yield the names of pages, and the pages: ``commands/units-check.md`` …, ``commands.md``."""
    title, one, what, *_ = WORDS[lang]
    rows = [f"# {title}\n\n| {one} | {what} |\n|---|---|"]
    for context in commands(lang):
        path = context.command_path
        file = f"commands/{'-'.join(path.split()[1:]) or 'landxml'}.md"
        summary = (context.command.help or "").strip().partition("\n")[0]
        rows.append(f"| [{path}]({file}) | {summary} |")
        yield file, _page(context, lang)
    yield "commands.md", "\n".join(rows) + "\n"


def commands(
    lang: str, above: click.Context | None = None, command: click.Command = cli
) -> Iterator[click.Context]:
    """Yield a context for each command and group, with its words in one language."""
    context = Context(command, parent=above, info_name=command.name if above else "landxml", obj=lang)
    translate(command, context.command_path, lang)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield from commands(lang, context, found)


def _page(context: click.Context, lang: str) -> str:
    *_, usage, parameter, meaning, required = WORDS[lang]
    command = context.command
    pieces = " ".join(command.collect_usage_pieces(context))
    parts = [f"# {context.command_path}\n\n{(command.help or '').strip()}\n"]
    parts.append(f"## {usage}\n\n```text\n{context.command_path} {pieces}\n```\n")
    rows = [
        f"| {_named(each, context)} | {_said(each)}{f' ({required})' if each.required else ''} |"
        for each in command.get_params(context)
        if isinstance(each, click.Option)
    ]
    parts.append("\n".join([f"| {parameter} | {meaning} |\n|---|---|", *rows]) + "\n")
    if isinstance(command, click.Group):
        stem = "-".join(context.command_path.split()[1:])
        parts += [
            f"- [{below}]({f'{stem}-' if stem else ''}{below}.md)" for below in command.list_commands(context)
        ]
    return "\n".join(parts) + "\n"


def _named(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{each}`" for each in option.opts)
    value = (
        "" if option.is_flag or not isinstance(option.type, Plain) else f" `{option.make_metavar(context)}`"
    )
    return names + value.replace("|", "\\|")


def _said(option: click.Option) -> str:
    return " ".join((option.help or "").split()).replace("|", "\\|").replace("<", "&lt;")
