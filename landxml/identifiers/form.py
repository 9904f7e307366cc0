"""What every identifier has in common: a form written as data, parsing by it, and formatting back."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Self

import msgspec

import landxml_schemas
from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["Form", "Identifier", "IdentifierError", "form", "forms"]


class IdentifierError(LandXmlError):
    """A text is not an identifier of a kind; says what was expected. The text itself is not quoted."""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of a kind of identifier: one entry of ``identifiers.toml``, whose head explains the fields."""

    title: dict[str, str]
    pattern: str
    text: str
    expected: dict[str, str]
    elements: list[str]
    evidence: str
    example: str
    plausible: dict[str, str]


@cache
def forms() -> dict[str, Form]:
    """Return the form of every kind of identifier, by the name of its class."""
    text = landxml_schemas.path("identifiers.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Form])


def form(name: str) -> Form:
    """Return the form of one kind.

    >>> form("CommuneCode").pattern
    '(?P<code>[0-9]{5})'
    """
    return forms()[name]


class Identifier(msgspec.Struct, frozen=True):
    """An identifier of the right form, in its parts; ``str`` gives back exactly the text that was parsed.

    Fields are text, as leading zeros count. Values that do not have the form cannot be made.

    Raises
    ------
    IdentifierError
        On making one that does not have its form.
    """

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the parts of a text.

        Raises
        ------
        IdentifierError
            If the text does not have the form; says which form that is, in both languages.
        """
        found = _pattern(cls.__name__).fullmatch(text)
        parsed = cls(**found.groupdict()) if found else None
        if parsed is None or str(parsed) != text:  # separators, for instance, that are not all the same
            raise _refused(cls.__name__)
        return parsed

    @classmethod
    def fits(cls, text: str) -> bool:
        """Tell whether a text can be parsed."""
        try:
            cls.parse(text)
        except IdentifierError:
            return False
        return True

    def __post_init__(self) -> None:
        if not _pattern(type(self).__name__).fullmatch(str(self)) or not self._checked():
            raise _refused(type(self).__name__)

    def __str__(self) -> str:
        return form(type(self).__name__).text.format(**msgspec.structs.asdict(self))

    def _checked(self) -> bool:
        """Tell whether what a pattern cannot say is right as well; check digits."""
        return True


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(form(name).pattern)


def _refused(name: str) -> IdentifierError:
    title, expected = form(name).title, form(name).expected
    said = Text(f"{title['vi']}: cần {expected['vi']}", f"{title['en']}: expected {expected['en']}")
    return IdentifierError(said)
