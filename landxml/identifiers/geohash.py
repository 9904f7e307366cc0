"""GeoHash of many points at once: twelve characters, 60 bits, half of them longitude and half latitude.

A hash is a number here (``uint64``): its bits halve the range of longitude and that of latitude in turn, and
each five of them are a character. At 12 characters a cell is 1.9 cm high and at most 3.7 cm wide.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["LENGTH", "centres", "common", "encode", "parse", "texts"]

LENGTH = 12
"""Characters of a hash."""
ALPHABET = np.frombuffer(b"0123456789bcdefghjkmnpqrstuvwxyz", np.uint8)
CELLS = 1 << 30
"""Cells along each axis."""
SHIFTS = np.arange(55, -1, -5, dtype=np.uint64)
"""How far the five bits of each character stand from the right."""
VALUES = np.zeros(256, np.uint64)
VALUES[ALPHABET] = np.arange(32)
SPREADS = (
    (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333), (1, 0x5555555555555555),
)  # fmt: skip
"""Steps that move the bits of a number apart, a gap after each."""

Cells = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


def encode(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Cells:
    """Return the hashes of points.

    Parameters
    ----------
    lon, lat
        Degrees, arrays of one shape; what lies beyond the range belongs to the last cell. No NaN.
    """
    return _spread(_cell(lon, 360.0)) << np.uint64(1) | _spread(_cell(lat, 180.0))


def texts(cells: Cells) -> npt.NDArray[np.bytes_]:
    """Write hashes as text, an array of ``S12``.

    >>> texts(encode([105.84], [21.03]))
    array([b'w7er8kqkdu0h'], dtype='|S12')
    """
    letters = np.empty((len(cells), LENGTH), np.uint8)
    for place, shift in enumerate(SHIFTS):  # one character of all at a time: a twelfth of the memory
        letters[:, place] = ALPHABET[cells >> shift & np.uint64(31)]
    return letters.view(f"S{LENGTH}")[:, 0]


def parse(words: npt.NDArray[np.bytes_]) -> Cells:
    """Read texts of twelve characters of the alphabet; the inverse of :func:`texts`."""
    letters = np.ascontiguousarray(words, f"S{LENGTH}").view(np.uint8).reshape(-1, LENGTH)
    cells = np.zeros(len(letters), np.uint64)
    for place, shift in enumerate(SHIFTS):
        cells |= VALUES[letters[:, place]] << shift
    return cells


def centres(cells: Cells) -> tuple[Floats, Floats]:
    """Return longitude and latitude of the middle of each cell."""
    lon, lat = _gather(cells >> np.uint64(1)), _gather(cells)
    return (lon + 0.5) * (360 / CELLS) - 180, (lat + 0.5) * (180 / CELLS) - 90


def common(one: Cells, other: Cells) -> npt.NDArray[np.int64]:
    """Return how many characters two hashes have in common from the left."""
    same = np.asarray((one ^ other)[:, None] >> SHIFTS == 0)
    return np.asarray(same.sum(axis=1))


def _cell(degrees: npt.ArrayLike, width: float) -> Cells:
    """Return the number of each coordinate's cell, exactly as halving the range thirty times does."""
    values = np.asarray(degrees, np.float64)
    cells = np.floor((values + width / 2) * (CELLS / width))
    # The sum above is rounded; the lower edges of cells are exact.
    cells -= values < cells * width / CELLS - width / 2
    cells += values >= (cells + 1) * width / CELLS - width / 2
    return np.clip(cells, 0, CELLS - 1).astype(np.uint64)


def _spread(numbers: Cells) -> Cells:
    for shift, mask in SPREADS:
        numbers = (numbers | numbers << np.uint64(shift)) & np.uint64(mask)
    return numbers


def _gather(numbers: Cells) -> Any:
    numbers = numbers & np.uint64(SPREADS[-1][1])
    for (shift, _), (_, mask) in zip(SPREADS[::-1], (*SPREADS[-2::-1], (0, CELLS - 1)), strict=True):
        numbers = (numbers | numbers >> np.uint64(shift)) & np.uint64(mask)
    return numbers.astype(np.float64)
