"""Texts in both languages, and names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

import msgspec

__all__ = ["Lang", "Text", "caseless", "snake_case"]

Lang = Literal["vi", "en"]


class Text(msgspec.Struct, frozen=True):
    """A text in both languages."""

    vi: str
    en: str

    def get(self, lang: str) -> str:
        """Return the text in ``vi`` or ``en``."""
        return self.en if lang == "en" else self.vi

    def map(self, change: Callable[[str], str]) -> Text:
        """Return the text with the same change in both languages.

        >>> (Text("tệp", "file") + Text(" mới", ", new")).map(str.capitalize)
        Text(vi='Tệp mới', en='File, new')
        """
        return Text(change(self.vi), change(self.en))

    def __add__(self, other: Text) -> Text:
        """Return one text behind the other."""
        return Text(self.vi + other.vi, self.en + other.en)


def snake_case(name: str) -> str:
    """Return a name as Python and SQL spell it.

    >>> snake_case("soHieuToBanDo")
    'so_hieu_to_ban_do'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def caseless(text: str) -> str:
    """Return a text as disks that ignore case compare it, as those of Windows and macOS do.

    >>> caseless("A/Xã.ZIP")
    'a/xã.zip'
    """
    return unicodedata.normalize("NFC", text).casefold()
