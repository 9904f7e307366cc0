"""The nearest of the known names to one that was mistyped."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]

LONGEST = 100
"""Characters of a name that are compared."""


def nearest(name: str, names: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the most alike of some names, whatever their case; None if none is so much alike (of 1).

    >>> nearest("MaMucDichSuDung", ["dienTich", "maMucDichSuDung"]), nearest("x", ["dienTich"])
    ('maMucDichSuDung', None)
    """
    folded = {each.casefold(): each for each in names}
    found = difflib.get_close_matches(name[:LONGEST].casefold(), folded, 1, likeness)
    return folded[found[0]] if found else None
