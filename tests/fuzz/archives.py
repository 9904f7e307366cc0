"""Mutations of archives: what makes a zip of documents, and what spoils it."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from random import Random

from tests.fuzz.octets import Pool

NAMES = (
    "a.xml", "a.gml", "thư mục/Hồ sơ.xml", "../a.xml", "/a.xml", "C:\\a.xml", "a\\b.xml", "a/../b.xml",
    ".xml", "a.XML", "a.pdf", "a.docx", "Thumbs.db", "__MACOSX/a.xml", "x" * 300 + ".xml", "a\n.xml",
    "\u202elmx.a", "a.zip", "a", "con.xml", "a.xml/", "a.xml/b.xml", "a b.xml ", "=a.xml", "<b>.xml",
)  # fmt: skip
METHODS = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"


def packed(data: bytes, rng: Random, pool: Pool) -> bytes:
    """Zip the document, with some others beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, warnings.catch_warnings(action="ignore"):  # names that repeat
        members = [data, *rng.choices(pool, k=rng.choice((0, 0, 1, 3)))]
        for number, member in enumerate(rng.sample(members, len(members))):
            plain = rng.random() < 3 / 4
            name = f"{number}.xml" if plain else rng.choice(NAMES)
            made.writestr(zipfile.ZipInfo(name), member, rng.choice(METHODS[: 2 if plain else 4]))
        if rng.random() < 1 / 8:
            made.writestr(zipfile.ZipInfo("thư mục/"), b"")
            made.comment = rng.choice((b"PK\5\6", b"x" * 500))
    return out.getvalue()


def again(data: bytes, rng: Random, _: Pool) -> bytes:
    """Put the archive into an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(zipfile.ZipInfo(rng.choice(("a.zip", "a.xml", "a"))), data)
    return out.getvalue()


def bomb(data: bytes, rng: Random, _: Pool) -> bytes:
    """Add a member that is far larger than its packed bytes."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as made:
        name = zipfile.ZipInfo(rng.choice(("b.xml", "b.pdf")))
        made.writestr(name, rng.choice((b"<a>", b"")) + b" " * 60_000_000, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def disagree(data: bytes, rng: Random, _: Pool) -> bytes:
    """Change a field of a local header, of the directory, or of its end."""
    kind, layout = rng.choice(
        ((LOCAL, "<HHHHHIIIHH"), (LOCAL, "<HHHHHIIIHH"), (CENTRAL, "<HHHHHHIIIHHHHHII"), (END, "<HHHHIIH"))
    )
    at = data.find(kind, data.find(kind) + rng.choice((0, 4)))
    if at < 0 or at + 4 + struct.calcsize(layout) > len(data):
        return data
    values = list(struct.unpack_from(layout, data, at + 4))
    field = rng.randrange(len(values))
    values[field] = rng.choice((0, 1, 8, 0x41, 0xFFFF, values[field] ^ 1, values[field] + 1)) & 0xFFFF
    changed = bytearray(data)
    struct.pack_into(layout, changed, at + 4, *values)
    return bytes(changed)


def rename(data: bytes, rng: Random, _: Pool) -> bytes:
    """Name a member otherwise, in one place or everywhere."""
    new = rng.choice((b"..xml", b"/.xml", b"1.xml", b"0.pdf", b"\xff.xml", b"0.XML", b"0.zip"))
    return data.replace(b"0.xml", new, rng.choice((1, -1)))


def surround(data: bytes, rng: Random, _: Pool) -> bytes:
    junk = rng.choice((b"MZ", b"\0" * 100, b"<a/>", b"PK\5\6", data))
    return junk + data if rng.random() < 1 / 2 else data + junk


SPOILERS = [again, bomb, disagree, disagree, disagree, rename, surround]


def archive(data: bytes, rng: Random, pool: Pool) -> bytes:
    """Make an archive, and spoil it now and then."""
    made = packed(data, rng, pool)
    return rng.choice(SPOILERS)(made, rng, pool) if rng.random() < 1 / 2 else made


MUTATIONS = [archive]
