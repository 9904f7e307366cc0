"""A text in both languages."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Lang", "Text"]

Lang = Literal["vi", "en"]


class Text(msgspec.Struct, frozen=True):
    """A text in both languages."""

    vi: str
    en: str

    def get(self, lang: str) -> str:
        """Return the text in ``vi`` or ``en``."""
        return self.en if lang == "en" else self.vi
