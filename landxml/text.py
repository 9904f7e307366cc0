"""Texts in both languages, and names."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

__all__ = ["Lang", "Text", "snake_case"]

Lang = Literal["vi", "en"]


class Text(msgspec.Struct, frozen=True):
    """A text in both languages."""

    vi: str
    en: str

    def get(self, lang: str) -> str:
        """Return the text in ``vi`` or ``en``."""
        return self.en if lang == "en" else self.vi


def snake_case(name: str) -> str:
    """Return a name as Python and SQL spell it.

    >>> snake_case("soHieuToBanDo")
    'so_hieu_to_ban_do'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
