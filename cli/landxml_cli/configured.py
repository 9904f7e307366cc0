"""What ``landxml.toml`` and the command line change in the rules of a profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from landxml_cli.messages import say
from landxml_cli.types import Complaint

if TYPE_CHECKING:
    from landxml_validator.configuration import Setting

__all__ = ["configured"]


def configured(
    lang: str,
    config: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[str, ...],
) -> tuple[Setting, ...]:
    """Return the settings of a file, else of the nearest ``landxml.toml``, and those of options."""
    from landxml_validator.configuration import given, nearest_file, read  # noqa: PLC0415 - help pages need none

    path = Path(config) if config else nearest_file(Path.cwd())
    levels = dict(_level(lang, item) for item in _items(severity))
    return (*(read(path) if path else ()), *given(_items(select), _items(ignore), levels))


def _items(values: tuple[str, ...]) -> list[str]:
    return [item.strip() for value in values for item in value.split(",") if item.strip()]


def _level(lang: str, item: str) -> tuple[str, str]:
    code, equals, level = item.partition("=")
    if not equals:
        raise Complaint(say(lang, "not-level", value=item))
    return code.strip(), level.strip()
