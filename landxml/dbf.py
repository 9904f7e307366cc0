"""In which encoding the texts of a DBF file are: as the .cpg beside it says, or by what they hold.

A DBF file itself does not say it in a way that Vietnamese software minds. What is inferred is told as such:
the encoding in which most words with marks are syllables of Vietnamese.
"""

from __future__ import annotations

import codecs
import itertools
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["Charset", "beside", "charset", "decoded", "rows", "stated_size"]

TCVN3 = "TCVN3"
"""The encoding of the fonts ``.VnTime``, TCVN 5712-3, also called ABC."""
SURE = 0.9
"""Share of the words with marks that must be Vietnamese syllables for an encoding to be inferred."""
SAMPLE = 5_000
"""Most texts that are looked at."""
FALLBACK = "cp1252"
BLOCK = 1 << 22

_RANGES = (
    (0xA1, 0xAE),
    (0xB5, 0xB9),
    (0xBB, 0xBE),
    (0xC6, 0xCC),
    (0xCE, 0xD8),
    (0xDC, 0xDF),
    (0xE1, 0xEF),
    (0xF1, 0xFE),
)
_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = dict(zip((code for a, b in _RANGES for code in range(a, b + 1)), _LETTERS, strict=True))
"""Latin-1 character → letter."""
_VOWELS = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iêu iu oa oă oai oao oay oe oeo oi ôi ơi oo"
    " ua uâ uây uê ui uô uôi uơ uy uya uyê uyu ưa ươ ươi ươu ưi ưu yê yêu"
).split()
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    rf"(?:{'|'.join(sorted(_VOWELS, key=len, reverse=True))})(?:ch|ng|nh|[cmnpt])?"
)
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_WORD = re.compile(r"[^\W\d_]+")


class Charset(NamedTuple):
    """The encoding of texts.

    Attributes
    ----------
    name
        For :func:`decoded`; that of Python, or ``TCVN3``.
    stated
        What the .cpg file says; ``""`` without one.
    inferred
        Whether something else than that was taken, because of what the texts hold.
    share
        Of words with marks, how many are Vietnamese syllables in that encoding; of an inferred one.
    """

    name: str
    stated: str = ""
    inferred: bool = False
    share: float = 1.0


def beside(path: Path, suffix: str) -> Path | None:
    """Return the file of the same name with another suffix, in whatever case it is written."""
    found = (path.with_suffix(one) for one in (suffix, suffix.upper()))
    return next((one for one in found if one.is_file()), None)


def rows(path: Path) -> int:
    """Return how many rows a .dbf, or shapes a .shx file has by its header."""
    with path.open("rb") as file:
        head = file.read(32).ljust(32, b"\0")
    if path.suffix.lower() == ".shx":
        return max(2 * int.from_bytes(head[24:28], "big") - 100, 0) // 8
    return int.from_bytes(head[4:8], "little")


def stated_size(path: Path) -> int:
    """Return how many bytes a .dbf or .shp file must have by its header; 0 if it has none."""
    with path.open("rb") as file:
        head = file.read(32)
    if len(head) < 32:
        return 32
    if path.suffix.lower() == ".shp":
        return 2 * int.from_bytes(head[24:28], "big")
    count, length, width = struct.unpack_from("<IHH", head, 4)
    return int(length + count * width)


def charset(path: Path) -> Charset:
    """Return the encoding of a DBF file.

    Raises
    ------
    ValueError
        If it is none.
    """
    stated = _stated(path)
    texts = list(itertools.islice(_marked(path), SAMPLE))
    known = _codec(stated)
    utf8 = all(map(_whole, texts)) and not all(text.decode("utf-8", "ignore").isascii() for text in texts)
    if not texts or (utf8 and known in {"", "utf-8"}):
        return Charset("utf-8", stated)
    shares = {name: _share(texts, name) for name in (known, "utf-8", TCVN3, "cp1258") if name}
    if utf8:
        return Charset("utf-8", stated, inferred=True, share=shares["utf-8"])
    if known not in {"", "utf-8"} and shares[TCVN3] < max(SURE, shares[known]):
        return Charset(known, stated)
    best = max((TCVN3, "cp1258"), key=lambda name: shares[name])
    if shares[best] < SURE:
        best = known if known and known != "utf-8" else FALLBACK
    return Charset(best, stated, inferred=True, share=_share(texts, best))


def decoded(text: bytes, name: str) -> str:
    """Return a text; what is no character of the encoding becomes ``U+FFFD``."""
    if name == TCVN3:
        return text.decode("latin-1").translate(_TCVN3)
    return unicodedata.normalize("NFC", text.decode(name, "replace"))


def _stated(path: Path) -> str:
    found = beside(path, ".cpg")
    return found.read_bytes()[:40].decode("ascii", "replace").strip("\ufeff\ufffd \r\n\0") if found else ""


def _codec(stated: str) -> str:
    """Return Python's name of an encoding, as .cpg files write it: ``UTF-8``, ``1258``, ``ANSI 1252``."""
    bare = re.sub(r"(?i)^(?:ansi|oem|windows|cp)?[ _-]*(?=\d+$)", "", stated)
    for name in (
        stated,
        {"65001": "utf-8"}.get(bare, f"cp{bare}"),
        re.sub(r"(?i)^iso-?8859-?", "iso8859-", stated),
    ):
        try:
            return codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
    return ""


def _marked(path: Path) -> Iterator[bytes]:
    """Yield the texts that are not plain ASCII."""
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            raise ValueError("not a DBF file")
        length, width = struct.unpack_from("<HH", head, 8)
        fields = file.read(max(length - 32, 0))
        if len(fields) < length - 32:
            raise ValueError("not a DBF file")
        spans, start = [], 1
        for at in range(0, len(fields) - 31, 32):
            if fields[at] == 0x0D:  # the end of the fields
                break
            size = fields[at + 16]
            spans += [(start, start + size)] if fields[at + 11 : at + 12] == b"C" else []
            start += size
        if not width or start > width:
            raise ValueError("not a DBF file")
        file.seek(length)
        while block := file.read(BLOCK // width * width or width):
            if not block.isascii():
                for at in range(0, len(block), width):
                    record = block[at : at + width]
                    if not record.isascii():
                        yield from _filled(record[a:b] for a, b in spans)


def _filled(texts: Iterable[bytes]) -> Iterator[bytes]:
    return (text.rstrip(b" \0") for text in texts if not text.isascii())


def _whole(text: bytes) -> bool:
    """Tell whether a text is UTF-8; at its end a character may be cut off by the width of the field."""
    try:
        codecs.utf_8_decode(text, "strict", False)  # not the end of a text
    except UnicodeDecodeError:
        return False
    return True


def _share(texts: list[bytes], name: str) -> float:
    """Return which share of the words with marks are syllables of Vietnamese."""
    words = [word for text in texts for word in _WORD.findall(decoded(text, name)) if not word.isascii()]
    replaced = sum(not _whole(text) for text in texts) if name == "utf-8" else 0
    good = sum(map(_is_syllable, words))
    return good / (len(words) + replaced) if words or replaced else 0.0


def _is_syllable(word: str) -> bool:
    """Tell whether a word may be one of Vietnamese: it has one tone mark at most."""
    letters = unicodedata.normalize("NFD", word.lower())
    bare = letters.translate(_TONES)
    return len(letters) <= len(bare) + 1 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)))
