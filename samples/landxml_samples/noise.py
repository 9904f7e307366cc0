"""Repeatable randomness: every draw is a hash of what it is drawn for, so no state passes between sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Draws", "draws", "noise", "pick", "uniform"]

T = TypeVar("T")
Draws: TypeAlias = Iterator[int]
"""The random integers of one dossier, used up one after the other."""

DRAWS = 160
"""Integers per dossier; the largest dossier (a household of five) uses fewer."""


def noise(*keys: ArrayLike) -> NDArray[np.uint64]:
    """Hash integers (broadcast against each other) to 64 evenly spread bits; splitmix64, chained."""
    with np.errstate(over="ignore"):
        state: Any = np.uint64(0)
        for key in keys:
            z = (np.asarray(key).astype(np.int64).astype(np.uint64) ^ state) + np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = z ^ (z >> np.uint64(31))
        return np.asarray(state)


def uniform(*keys: ArrayLike) -> NDArray[np.float64]:
    """Hash integers to numbers in [-1, 1)."""
    return noise(*keys).astype(np.float64) / 2**63 - 1


def draws(seed: int, commune: int, sheet: int, parcels: int) -> Iterator[Draws]:
    """Yield the draws of each parcel of a sheet."""
    table = noise(seed, commune, sheet, np.arange(parcels)[:, None], np.arange(DRAWS)) >> np.uint64(32)
    return map(iter, table.tolist())


def pick(source: Draws, items: Sequence[T]) -> T:
    """Draw one item."""
    return items[next(source) % len(items)]
