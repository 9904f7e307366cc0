"""Mutations of encodings: other bytes for the same text, or other claims about the same bytes."""

from __future__ import annotations

import re
from random import Random

from tests.fuzz.octets import Pool

CODECS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-32-le", "utf-8-sig", "cp1258", "latin-1",
    "cp1252", "utf-7", "cp037", "shift_jis", "gb18030", "iso8859-16",
)  # fmt: skip
CLAIMS = (
    "UTF-8", "utf8", "UTF8", "UTF-16", "UTF-16LE", "UTF-32", "windows-1258", "ISO-8859-1", "US-ASCII",
    "TCVN3", "x", "", "UTF-7", "EBCDIC-CP-US", "iso-10646-ucs-4", "UTF-8" * 60, "utf-8\0",
)  # fmt: skip
DECLARATION = re.compile(r"^\ufeff?<\?xml[^>]*\?>")


def recode(data: bytes, rng: Random, _: Pool) -> bytes:
    """Write in another encoding, and say so, or say something else, or nothing."""
    text = data.decode("utf-8", "replace")
    codec = rng.choice(CODECS)
    said = rng.choice((codec, codec, rng.choice(CLAIMS), None))
    text = DECLARATION.sub("", text)
    if said is not None:
        text = f'<?xml version="1.0" encoding="{said}"?>{text}'
    return text.encode(codec, rng.choice(("xmlcharrefreplace", "replace")))


def claim(data: bytes, rng: Random, _: Pool) -> bytes:
    """Leave the bytes, and declare something."""
    version = rng.choice(("1.0", "1.0", "1.1", "2.0", ""))
    more = rng.choice(("", "", ' standalone="yes"', ' standalone="no"'))
    said = f'<?xml version="{version}" encoding="{rng.choice(CLAIMS)}"{more}?>'
    body = re.sub(rb"^(\xef\xbb\xbf)?<\?xml[^>]*\?>", b"", data)
    return said.encode() + body


def mark(data: bytes, rng: Random, _: Pool) -> bytes:
    """Put a byte order mark, or blanks, before everything."""
    return rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\n", b" ", b"\0")) + data


def ends(data: bytes, rng: Random, _: Pool) -> bytes:
    """Use other line ends."""
    return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\r", "\u2028".encode(), b"\xc2\x85")))


MUTATIONS = [recode, recode, claim, mark, ends]
