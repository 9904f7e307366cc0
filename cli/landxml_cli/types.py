"""Types of option values, with errors in the user's language, and the options that every command has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar

import click
from click.shell_completion import CompletionItem as Completion

from landxml.remote import is_remote
from landxml_cli.messages import LANGUAGES, name, say, unknown

__all__ = [
    "Complaint",
    "Day",
    "Family",
    "Faults",
    "Number",
    "Plain",
    "Real",
    "Store",
    "Word",
    "Words",
    "lang_of",
    "shared",
]

AnyCommand = TypeVar("AnyCommand", bound=click.Command)


class Complaint(click.ClickException):
    """Something that the user must mend, already said in the user's language; exit code 2."""

    exit_code = 2


def lang_of(context: click.Context | None) -> str:
    """Return the language of a run: the context's object."""
    return context.obj if context and context.obj in LANGUAGES else "en"


class Plain(click.ParamType[Any]):
    """Any text; ``placeholder`` stands for it in help pages.

    ``role`` says that it names a file, and which: every command is held to the rule for files
    (:class:`landxml_cli.help.Command`).
    """

    def __init__(self, placeholder: str, role: Literal["", "input", "output", "folder"] = "") -> None:
        self.name = placeholder
        self.role = role

    def names_file(self, value: str) -> bool:  # noqa: ARG002 - a word is none
        """Tell whether a value names a file."""
        return bool(self.role)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Completion]:
        """Let the shell complete names of files and folders."""
        del ctx, param
        return [Completion(incomplete, type="dir" if self.role == "folder" else "file")] if self.role else []

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the placeholder in the user's language."""
        del param
        return name(lang_of(ctx), self.name)


class Store(Plain):
    """A folder for what is kept of a check, or an address in an object store, which is no file of a disk."""

    def __init__(self) -> None:
        super().__init__("FOLDER", "folder")

    def names_file(self, value: str) -> bool:
        """Tell whether a value names a folder of a disk."""
        return not is_remote(value)


class Word(Plain):
    """One of some words; a wrong one gets a suggestion.

    ``accept`` tells of other values that are good as well: files to read.
    """

    def __init__(
        self,
        words: Callable[[], Iterable[str]],
        placeholder: str = "",
        accept: Callable[[str], bool] | None = None,
    ) -> None:
        super().__init__(placeholder, "input")
        self.words = words
        self.accept = accept

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the placeholder, or the words themselves."""
        return super().get_metavar(param, ctx) or "|".join(self.words())

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Completion]:
        """Let the shell complete the words; those of several parts need quotes, which it does not write."""
        files = super().shell_complete(ctx, param, incomplete) if self.accept else []
        words = (word for word in self.words() if word.startswith(incomplete) and " " not in word)
        return [*files, *map(Completion, words)]

    def names_file(self, value: str) -> bool:
        """Tell whether a value is none of the words."""
        return value not in self.words()

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the word as it is spelt, whatever the case in which it was given."""
        folded = {word.casefold(): word for word in self.words()}
        if found := folded.get(value.casefold()):
            return found
        if self.accept and self.accept(value):
            return str(value)
        return self.fail(unknown(lang_of(ctx), "no-value", value, folded.values()), param, ctx)


class Family(Word):
    """A family of rules: one of ours, or the letters with which codes of own rules begin."""

    OWN = re.compile("X[A-Z]{2}")

    def names_file(self, value: str) -> bool:  # noqa: ARG002 - a word is none
        """Tell whether a value names a file."""
        return False

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the letters, in capitals."""
        return value.upper() if self.OWN.fullmatch(value.upper()) else super().convert(value, param, ctx)


class Words(Word):
    """Several of some words, separated by commas."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the words, in a tuple."""
        return tuple(super(Words, self).convert(word.strip(), param, ctx) for word in value.split(","))


class Number(Plain):
    """A whole number of at least ``least``."""

    def __init__(self, least: int) -> None:
        super().__init__("NUMBER")
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        number = int(value) if str(value).lstrip("-").isdecimal() else None
        if number is None or number < self.least:
            self.fail(say(lang_of(ctx), "not-number", value=value, least=self.least), param, ctx)
        return number


class Real(Plain):
    """A number of at least zero, with a decimal point or comma."""

    def __init__(self) -> None:
        super().__init__("NUMBER")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        text = str(value).replace(",", ".")
        if not re.fullmatch(r"[0-9]+(\.[0-9]*)?", text):
            self.fail(say(lang_of(ctx), "not-real", value=value), param, ctx)
        return float(text)


class Day(Plain):
    """A date, ISO or as Vietnamese write it: ``2025-07-01``, ``01/07/2025``; not before ``least``.

    ``names`` are words that stand for dates.
    """

    def __init__(
        self,
        least: Callable[[], dt.date] = lambda: dt.date.min,
        names: Mapping[str, Callable[[], dt.date]] | None = None,
    ) -> None:
        super().__init__("DATE")
        self.least = least
        self.names = names or {}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the date."""
        if value.casefold() in self.names:
            return self.names[value.casefold()]()
        try:
            day = dt.datetime.strptime(value, "%d/%m/%Y" if "/" in value else "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            self.fail(say(lang_of(ctx), "not-date", value=value), param, ctx)
        if day < (least := self.least()):
            self.fail(say(lang_of(ctx), "too-early", least=least), param, ctx)
        return day


class Faults(Plain):
    """Faults by rule code: ``GEO001=3,LND002``; no number means one. ``all`` stands for every code."""

    FORM = re.compile(r"([A-Z0-9]+)(?:=([1-9][0-9]*))?")

    def __init__(self, codes: Callable[[], Iterable[str]]) -> None:
        super().__init__("FAULTS")
        self.codes = codes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, int]:
        """Return the number of faults of each code."""
        faults = {}
        known = {"ALL", *self.codes()}
        for item in filter(None, map(str.strip, value.split(","))):
            form = self.FORM.fullmatch(item.upper())
            if form is None:
                self.fail(say(lang_of(ctx), "not-fault", value=item), param, ctx)
            if form[1] not in known:
                self.fail(unknown(lang_of(ctx), "no-fault", form[1], known), param, ctx)
            faults[form[1]] = int(form[2] or 1)
        return faults


SHARED = (
    # Read before the arguments are parsed, for the help pages need it; here only checked.
    click.option("--lang", type=Word(lambda: LANGUAGES), expose_value=False),
    click.option("--debug", is_flag=True, expose_value=False),
    click.help_option("-h", "--help"),
)


def shared(command: AnyCommand) -> AnyCommand:
    """Add the options that every command has."""
    for option in SHARED:
        option(command)
    return command
