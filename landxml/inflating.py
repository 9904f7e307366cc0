"""How the entries of a zip are packed: methods of APPNOTE.TXT that are read, each block by block."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

__all__ = ["BLOCK", "METHODS"]

BLOCK = 64 * 1024
"""Bytes that are read, and mostly given out, at once."""
PIECE = 512
"""Bytes of Deflate64 unpacked at once, to 13 MB at most: its blocks cannot be asked for less."""


def _deflate(blocks: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for block in blocks:
            if inflater.eof:
                raise ValueError("data behind the end")
            packed = block
            while packed and not inflater.eof:
                yield inflater.decompress(packed, BLOCK)
                packed = inflater.unconsumed_tail
        yield inflater.flush()  # what is left of one block at most: its input is consumed
    except zlib.error as error:
        raise ValueError(error) from None
    if not inflater.eof or inflater.unused_data:
        raise ValueError("no end, or data behind it")


def _deflate64(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack what Windows Explorer writes beyond 2 GB."""
    from inflate64 import Inflater  # noqa: PLC0415 - few need it

    inflater = Inflater()
    for block in blocks:
        for at in range(0, len(block), PIECE):
            if inflater.eof:
                raise ValueError("data behind the end")
            yield inflater.inflate(block[at : at + PIECE])
    if not inflater.eof:
        raise ValueError("no end")


METHODS: dict[int, Callable[[Iterator[bytes]], Iterator[bytes]]] = {0: iter, 8: _deflate, 9: _deflate64}
"""By its number, what unpacks the blocks of an entry; a ``ValueError`` where they are damaged."""
