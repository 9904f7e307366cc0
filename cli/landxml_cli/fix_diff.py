"""What ``landxml fix`` would change, in the manner of a unified diff."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from landxml import privacy
from landxml_cli.terminal import put
from landxml_remap.fixes import Edit
from landxml_remap.patch import plain
from landxml_reports import wording

__all__ = ["printed"]


def printed(*, clear: bool) -> Callable[[Edit], None]:
    """Return what prints edits, file by file; what may be personal as its shape, unless ``clear``."""
    last = ""

    def show(edit: Edit) -> None:
        nonlocal last
        name = wording.safe(edit.file)
        head = [f"--- {name}", f"+++ {name}"] if edit.file != last else []
        last = edit.file
        place = f"@@ -{edit.line} +{edit.line} @@ {edit.cls}/{edit.element} {' '.join(edit.rules)}"
        texts = (("-", edit.old), ("+", edit.new))
        body = [
            f"{sign}{_visible(line)}"
            for sign, text in texts
            for line in (text if clear else _masked(edit, text)).split("\n")
        ]
        put("\n".join([*head, place, *body]))

    return show


def _masked(edit: Edit, element: str) -> str:
    """Return an element without attributes, and with a value by which nobody can be known."""
    inside = re.sub(r"^<[^>]*>|</[^>]*>$", "", element)
    hide = privacy.mask if edit.personal else privacy.shown
    return f"<{edit.element}>{hide(plain(inside))}</{edit.element}>"


def _visible(text: str) -> str:
    r"""Name the characters of a line that nobody sees, and marks that stand apart from their letters.

    >>> _visible("Tô\u0309 5\xa0")
    'Tô[U+0309] 5[U+00A0]'
    """
    return "".join(
        letter if letter.isprintable() and not unicodedata.combining(letter) else f"[U+{ord(letter):04X}]"
        for letter in text
    )
