"""Mutations of bytes: of anything, whatever it means."""

from __future__ import annotations

from random import Random

Pool = list[bytes]
"""Other inputs of the same kind."""
LONGEST = 400
"""Bytes that are cut or doubled at a time."""


def _span(data: bytes, rng: Random) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 2, 8, LONGEST)))


def flip(data: bytes, rng: Random, _: Pool) -> bytes:
    changed = bytearray(data)
    for _n in range(rng.choice((1, 1, 3, 20)) if data else 0):
        changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(data: bytes, rng: Random, _: Pool) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def truncate(data: bytes, rng: Random, _: Pool) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def insert(data: bytes, rng: Random, _: Pool) -> bytes:
    at = rng.randrange(len(data) + 1)
    junk = rng.choice((b"\0", b"<", b"&", b"\xff", b"]]>", b"\r", b" ", rng.randbytes(rng.randrange(1, 9))))
    return data[:at] + junk + data[at:]


def duplicate(data: bytes, rng: Random, _: Pool) -> bytes:
    start, end = _span(data, rng)
    return data[:end] + data[start:]


def splice(data: bytes, rng: Random, pool: Pool) -> bytes:
    other = rng.choice(pool)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def append(data: bytes, rng: Random, pool: Pool) -> bytes:
    return data + rng.choice((b"\0" * 100, b"\n\n", b"x", b"\x1a", rng.choice(pool)))


MUTATIONS = [flip, cut, truncate, insert, duplicate, splice, append]
