"""The texts of the command line in both languages, and the choice of the language."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

import click
import msgspec

from landxml.nearest import nearest
from landxml.text import Text

__all__ = [
    "LANGUAGES",
    "language",
    "name",
    "say",
    "subcommands",
    "summary",
    "system_language",
    "texts",
    "translate",
    "unknown",
]

LANGUAGES = ("vi", "en")


@cache
def texts() -> dict[str, dict[str, Text]]:
    """Return ``texts.toml``: commands, options, names and messages."""
    data = files("landxml_cli").joinpath("texts.toml").read_bytes()
    found = msgspec.toml.decode(data, type=dict[str, dict[str, Text]])
    shared = found["options"].items()
    return found | {"options": {name: text for names, text in shared for name in names.split(", ")}}


def say(lang: str, message: str, **values: object) -> str:
    """Return a message in ``vi`` or ``en``, filled in."""
    return texts()["messages"][message].get(lang).format_map(values)


def name(lang: str, word: str) -> str:
    """Return a word of the help pages, or the word itself if it needs no translation."""
    known = texts()["names"].get(word)
    return known.get(lang) if known else word


def unknown(lang: str, what: str, given: str, known: Iterable[str]) -> str:
    """Say that a name is not known, with the nearest one, or all if none is near.

    >>> unknown("en", "no-command", "validat", ["validate", "rules"])
    'there is no command “validat”; did you mean validate?'
    """
    names = sorted(known)
    if near := nearest(given, names):
        hint = say(lang, "did-you-mean", near=near)
    else:
        hint = say(lang, "choices", known=", ".join(names))
    return f"{say(lang, what, name=given)}; {hint}"


def system_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return ``vi`` where the locale is Vietnamese, else ``en``.

    >>> system_language({"LC_ALL": "vi_VN.UTF-8"}), system_language({"LANG": "C"})
    ('vi', 'en')
    """
    said = (environ.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    where = next(filter(None, said), None) or locale.getlocale()[0] or ""
    return "vi" if where.casefold().startswith("vi") else "en"


def language(arguments: Sequence[str]) -> str:
    """Return the language that the arguments ask for (the last ``--lang``), else the system's."""
    chosen = [after for here, after in pairwise(arguments) if here == "--lang"]
    chosen += [here.removeprefix("--lang=") for here in arguments if here.startswith("--lang=")]
    known = (lang.casefold() for lang in reversed(chosen))
    return next((lang for lang in known if lang in LANGUAGES), system_language())


def subcommands(path: str) -> dict[str, str]:
    """Return the commands of a group, in order: name → the title under which its words stand.

    >>> subcommands("landxml schema")
    {'doc': 'schema doc', 'export': 'schema export', 'gfs': 'schema gfs'}
    """
    prefix = _title(f"{path} ") if " " in path else ""
    below = sorted(title for title in texts()["commands"] if title.startswith(prefix) and title != path)
    names = {title.removeprefix(prefix): title for title in below}
    return {name: title for name, title in names.items() if " " not in name}


def summary(title: str, lang: str) -> str:
    """Return the first line of what is said of a command."""
    return texts()["commands"][title].get(lang).strip().partition("\n")[0]


def translate(command: click.Command, path: str, lang: str) -> None:
    """Put the words of one language into a command and its options; ``path``: ``landxml units show``."""
    title = _title(path)
    command.help = texts()["commands"][title].get(lang)
    command.options_metavar = name(lang, "[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = name(lang, "COMMAND [ARGS]...")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            said = _option(title, parameter).get(lang)
            words = ", ".join(parameter.type.words()) if "{words}" in said else ""  # type: ignore[attr-defined]
            parameter.help = said.format(default=parameter.default, words=words)


def _title(path: str) -> str:
    return path.removeprefix("landxml ")


def _option(command: str, option: click.Option) -> Text:
    options, title = texts()["options"], (option.name or "").rstrip("_")
    return options.get(f"{command}.{title}") or options[title]
