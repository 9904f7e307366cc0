"""Names of files that a browser sends: on disk is our spelling of them, never they themselves."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePosixPath

__all__ = ["spelt"]

DEPTH, LETTERS, BYTES = 12, 120, 200
"""Most folders of a name; most letters and bytes of a part, which any disk takes."""
KEPT = frozenset(" -_.()[]+,&'@#=")
"""What may stand in a part beside letters, marks and digits."""
DEVICES = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³]) *(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever its suffix, and with blanks before that."""


def spelt(name: str) -> PurePosixPath | None:
    """Return the relative path under which a file is kept; None if no browser would send such a name.

    Each part consists of letters, digits and few signs, is none that a system gives a meaning, and neither
    leads up nor begins as an option does.

    >>> str(spelt("giao nộp/06652/a.xml")), str(spelt("-o;x*.gml")), str(spelt("CON.xml"))
    ('giao nộp/06652/a.xml', '_-o_x_.gml', '_CON.xml')
    >>> spelt("../a"), spelt("/etc/passwd"), spelt("a//b"), spelt("")
    (None, None, None, None)
    """
    parts = name.split("/")
    if len(parts) > DEPTH or {"", ".", ".."} & {part.strip(" ") for part in parts}:
        return None
    known = [_part(part) for part in parts]
    return PurePosixPath(*known) if all(len(os.fsencode(part)) <= BYTES for part in known) else None


def _part(part: str) -> str:
    text = unicodedata.normalize("NFC", part)
    kept = "".join(sign if sign in KEPT or unicodedata.category(sign)[0] in "LMN" else "_" for sign in text)
    stem, dot, suffix = kept.rpartition(".")
    kept = f"{stem[: LETTERS - len(suffix)]}{dot}{suffix}" if len(suffix) < LETTERS else kept[:LETTERS]
    kept = re.sub(r"[ .]+$", "_", kept)
    return f"_{kept}" if kept[0] in "-. ~" or DEVICES.fullmatch(kept) else kept
