"""What ``landxml.toml`` and the command line change in the rules of a profile, and which they add."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from landxml_cli.messages import say
from landxml_cli.types import Complaint

if TYPE_CHECKING:
    from landxml_validator.configuration import Setting
    from landxml_validator.rule import Rule

__all__ = ["Configured", "added", "configured"]


class Configured(NamedTuple):
    """Settings, and rules beside the built-in ones, as :func:`landxml_validator.validate` takes them."""

    configuration: tuple[Setting, ...]
    rules: list[Rule]


def configured(
    lang: str,
    config: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
    *,
    profile: str | None = None,
    rules: tuple[str, ...],
) -> Configured:
    """Return what a file says, else the nearest ``landxml.toml``, and what options say.

    ``profile`` is the one that was asked for; it stands above that of the file.
    """
    from landxml_validator.configuration_file import given, read  # noqa: PLC0415 - help pages need none
    from landxml_validator.rule import builtin  # noqa: PLC0415

    path, own = _file(config), added(rules, config)
    levels = dict(_level(lang, item) for item in _items(severity))
    known = builtin() | own
    settings = given(_items(select), _items(ignore), levels, known)
    return Configured((*(read(path, known, profile=profile) if path else ()), *settings), list(own.values()))


def added(folders: Sequence[str], config: str | None = None) -> dict[str, Rule]:
    """Return the rules of folders, and of those that the configuration names, by code."""
    from landxml_validator.configuration_file import folders as named  # noqa: PLC0415 - help pages need none

    path = _file(config)
    found = [*map(Path, folders), *(named(path) if path else ())]
    if not found:
        return {}
    from landxml_validator.own_rules import load  # noqa: PLC0415 - loads the database

    return load({folder.resolve(): folder for folder in found}.values())


def _file(config: str | None) -> Path | None:
    from landxml_validator.configuration_file import nearest_file  # noqa: PLC0415 - help pages need none

    return Path(config) if config else nearest_file(Path.cwd())


def _items(values: tuple[str, ...]) -> list[str]:
    return [item.strip() for value in values for item in value.split(",") if item.strip()]


def _level(lang: str, item: str) -> tuple[str, str]:
    code, equals, level = item.partition("=")
    if not equals:
        raise Complaint(say(lang, "not-level", value=item))
    return code.strip(), level.strip()
