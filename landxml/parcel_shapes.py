"""The shapes of many parcels, read where they are needed.

They stay in WKB: as objects, those of a large commune take several times the memory.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

__all__ = ["AT_ONCE", "PIECE", "ParcelShapes"]

PIECE = 5_000
"""Shapes whose edges are looked at together: their numbers take much more memory than they do."""
AT_ONCE = 2_000
"""Shapes whose neighbours are sought together: memory for pairs is limited."""
Array = npt.NDArray[Any]


class ParcelShapes:
    """Polygons in WKB as if they were an array of shapes, and an index of their boxes."""

    def __init__(self, wkb: pa.Array) -> None:
        self._wkb = wkb

    def __len__(self) -> int:
        return len(self._wkb)

    def __getitem__(self, some: slice | Array) -> Array:
        wkb = self._wkb[some] if isinstance(some, slice) else self._wkb.take(pa.array(some))
        return np.asarray(shapely.from_wkb(np.asarray(wkb, dtype=object)))

    def near(self, shapes: Array, distance: float = 0.0) -> tuple[Array, Array]:
        """Return pairs of a shape and a parcel, by number, that meet or are no farther apart."""
        pairs = [(np.zeros(0, np.int64),) * 2]
        for start in range(0, len(shapes), AT_ONCE):
            some = shapes[start : start + AT_ONCE]
            one, two = self._boxes.query(_diagonals(shapely.bounds(some), distance))
            read, place = np.unique(two, return_inverse=True)
            here, there = some[one], self[read][place]
            met = shapely.dwithin(here, there, distance) if distance else shapely.intersects(here, there)
            pairs.append((one[met] + start, two[met]))
        one, two = map(np.concatenate, zip(*pairs, strict=True))
        return one, two

    @cached_property
    def _boxes(self) -> shapely.STRtree:
        pieces = (self[start : start + PIECE] for start in range(0, len(self), PIECE))
        return shapely.STRtree(_diagonals(np.concatenate([shapely.bounds(each) for each in pieces])))


def _diagonals(bounds: Array, distance: float = 0.0) -> Array:
    """Return lines that have these boxes, or such as are larger on all sides: no shape takes less memory."""
    return np.asarray(shapely.linestrings((bounds + np.array((-1, -1, 1, 1)) * distance).reshape(-1, 2, 2)))
