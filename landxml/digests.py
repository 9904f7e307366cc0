"""Hashes of what is read: of a whole file, and of the members of a national one, which its metadata state."""

from __future__ import annotations

import hashlib
from typing import Any

from landxml.safe_xml import Readable

__all__ = ["Hashing", "Payload", "digest_of"]


class Hashing:
    """A stream that hashes what is read from it (SHA-256): ``digest``."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        block = self.stream.read(size)
        self.digest.update(block)
        return block


def digest_of(stream: Readable) -> str | None:
    """Return the SHA-256 of the members of a national file; None if its form does not allow one."""
    payload = Payload(stream)
    while payload.read(1 << 20):
        pass
    return payload.hexdigest()


class Payload:
    """A stream that hashes the members as they pass: all bytes between the metadata and the end of the root.

    ``kept`` are the last bytes read, ``last`` is the last block, ``passed`` counts all bytes.
    Only files as :mod:`landxml.writing` writes them have such a hash; of others nothing is said.
    """

    START, END = b"</ld:sieuDuLieu>\n", b"</ld:DuLieuDatDai>"

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.digest: Any = None
        self.kept = b""
        self.passed = 0
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        """Read on, and hash all but the last bytes, which may be the end tag."""
        chunk = self.stream.read(size)
        self.passed += len(chunk)
        self.last = chunk
        self.kept += chunk
        if self.digest is None:
            before, found, after = self.kept.partition(self.START)
            if found:
                self.digest, self.kept = hashlib.sha256(), after
            else:
                self.kept = before[-len(self.START) :]
        if self.digest is not None and len(self.kept) > 64:
            self.digest.update(self.kept[:-64])
            self.kept = self.kept[-64:]
        return chunk

    def hexdigest(self) -> str | None:
        """Return the hash when all has been read."""
        last, found, _ = self.kept.rpartition(self.END)
        if self.digest is None or not found:
            return None
        self.digest.update(last)
        return str(self.digest.hexdigest())
