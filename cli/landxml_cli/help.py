"""Help pages and errors in the user's language, and commands that are imported when they run."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from itertools import takewhile
from typing import Any

import click

from landxml_cli.interruptions import loading
from landxml_cli.messages import language, name, say, subcommands, summary, translate, unknown
from landxml_cli.options import FORMATS, PARAMETERS
from landxml_cli.types import Complaint, Plain, lang_of, shared

__all__ = ["Command", "Group", "LookUp", "explain"]


class Formatter(click.HelpFormatter):
    """Help pages with headings in the user's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is used."""
        super().write_usage(prog, args, prefix or name(_lang(), "usage"))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(name(_lang(), heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options or commands beside what they mean."""
        required = name(_lang(), "[required]")
        told = [(first, second.replace("[required]", required)) for first, second in rows]
        super().write_dl(told, col_max, col_spacing)


class Context(click.Context):
    """Context whose object is the language."""

    formatter_class = Formatter


class Translated(click.Command):
    """What has help pages in the user's language."""

    context_class = Context

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Settle the language first: the help pages are asked for while the arguments are parsed."""
        lang = lang_of(parent) if parent else language(args)
        translate(self, f"{parent.command_path} {info_name}" if parent else "landxml", lang)
        return super().make_context(info_name, args, parent, obj=lang, **extra)


class Command(Translated):
    """A command, which harms no file."""

    def invoke(self, ctx: click.Context) -> Any:
        """Refuse outputs that would harm something (:mod:`landxml.files`), then run."""
        from landxml import files  # noqa: PLC0415 - help pages need none

        folders = [*self._files(ctx, "folder")]
        outputs = [*self._files(ctx, "output"), *folders, files.STREAM]
        if FORMATS in self.params and len(ctx.params["format_"]) > 1 and ctx.params["output"]:
            folders.append(ctx.params["output"])
        force = ctx.params.get("force", False)
        files.check(outputs, self._files(ctx, "input"), force=force, folders=folders)
        return super().invoke(ctx)

    def _files(self, ctx: click.Context, role: str) -> Iterator[str]:
        for param in self.params:
            if isinstance(param.type, Plain) and param.type.role == role:
                given = ctx.params.get(param.name or "") or ()
                yield from filter(param.type.names_file, [given] if isinstance(given, str) else given)


class Group(Translated, click.Group):
    """The commands that ``texts.toml`` names below this one; a wrong name gets a suggestion.

    Each is in a module of its own: ``units check`` is the function ``check`` in ``units_check.py``, imported
    when it runs. Its parameters are in :mod:`landxml_cli.options`; what has none there is a group.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(subcommands(ctx.command_path))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; None if there is no such name."""
        title = subcommands(ctx.command_path).get(cmd_name)
        if title is None:
            return None
        module, name = (re.sub("[ -]", "_", each) for each in (title, cmd_name))
        found = partial(_function, module, f"{name}_" if keyword.iskeyword(name) else name)
        if title not in PARAMETERS:
            group: click.Command = found()
            return group
        return shared(Command(cmd_name, params=[*PARAMETERS[title]], callback=partial(_run, found)))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command."""
        wrong = self.get_command(ctx, args[0]) is None and not args[0].startswith("-")
        if wrong and not ctx.resilient_parsing:  # which means that the shell asks what can follow
            raise Complaint(unknown(lang_of(ctx), "no-command", args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            commands = subcommands(ctx.command_path).items()
            formatter.write_dl([(name, summary(title, lang_of(ctx))) for name, title in commands])


class LookUp(Group):
    """Commands; what is none of them is looked up by the command ``show``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command that looks up before what is none; the words of a name need no quotes."""
        if args and not {"-h", "--help", *self.list_commands(ctx)} & set(args):
            name = list(takewhile(lambda word: not word.startswith("-"), args))
            args = ["show", *([" ".join(name)] if name else []), *args[len(name) :]]
        return super().parse_args(ctx, args)


def _function(module: str, name: str) -> Any:
    with loading():
        return getattr(import_module(f"landxml_cli.{module}"), name)


def _run(found: Callable[[], Any], **given: Any) -> Any:
    """Import what a command does, and do it."""
    return found()(_lang(), **given)


def explain(error: click.ClickException, lang: str) -> str:
    """Say in one sentence what is wrong with the command line."""
    if isinstance(error, click.NoSuchOption):
        parameters = error.ctx.command.params if error.ctx else []
        known = [option for parameter in parameters for option in parameter.opts if option.startswith("--")]
        return unknown(lang, "no-option", error.option_name, known)
    if isinstance(error, click.MissingParameter) and error.param:
        shown = error.param.make_metavar(error.ctx or Context(Command(None)))
        return say(lang, "missing", name=shown.removesuffix("..."))
    if isinstance(error, click.BadOptionUsage):
        return say(lang, "bad-use", option=error.option_name)
    if isinstance(error, click.BadParameter) and error.param:
        return say(lang, "bad-value", option="/".join(error.param.opts), reason=error.message)
    if isinstance(error, click.UsageError) and error.ctx:
        return say(lang, "too-many")
    return error.format_message()


def _lang() -> str:
    return lang_of(click.get_current_context(silent=True))
