"""Rings in bulk, point by point: what their points show beside whether the shape is valid."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["DETAILS", "details"]

DETAILS = pa.schema(
    [("repeats", pa.int32()), ("turned", pa.bool_()), ("tails", pa.bool_())]
    + [(name, pa.float64()) for name in ("length", "hole")]
    + [
        (name, pa.float64())
        for name in ("shortest", "shortest_x", "shortest_y", "spike", "spike_x", "spike_y")
    ]
)
"""Columns of :func:`details`."""
FINEST = 1e-4
"""Metres: a coordinate with digits below is finer than any survey."""
Array = npt.NDArray[Any]


@np.errstate(all="ignore")
def details(numbers: Array, starts: Array, owner: Array, first: Array, usable: Array) -> dict[str, Any]:
    """Look at the points of the rings of usable geometries.

    Parameters
    ----------
    numbers, starts
        Coordinates of all rings, one after the other, and where those of each begin.
    owner, first
        Of each ring its geometry, and whether it is an exterior.
    usable
        Whether all rings of a geometry are closed, and their coordinates proper; of others nothing is said.

    Returns
    -------
    dict
        By the name of :data:`DETAILS`, for each geometry: number of points that repeat the one before;
        whether a hole runs the way of the ring around it; whether a coordinate has digits below
        :data:`FINEST`; length of all rings; area of the smallest hole; length of the shortest edge, and where
        it begins, or where a point is repeated; the sharpest angle between two edges, in degrees, and where.
    """
    count, keep = len(usable), usable[owner]
    if not keep.any():
        return {field.name: pa.nulls(count, field.type) for field in DETAILS}
    owner, first = owner[keep], first[keep]
    xy = numbers[np.repeat(keep, np.diff(starts))].reshape(-1, 2)
    sizes = np.diff(starts)[keep] // 2
    ends = np.cumsum(sizes) - 1
    edge = np.delete(np.arange(len(xy)), ends)  # the last point of a ring is its first
    ring = np.repeat(np.arange(len(sizes)), sizes - 1)
    step = xy[edge + 1] - xy[edge]
    long, of = np.hypot(*step.T), owner[ring]
    moves = np.flatnonzero(long > 0)
    angle = _angles(step[moves], ring[moves], len(sizes))
    area = _signed(xy[edge] - np.repeat(xy[ends + 1 - sizes], sizes - 1, axis=0), step, ring, len(sizes))
    around = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    shortest, short = _least(np.where(long > 0, long, np.inf), of, count)
    spike, sharp = _least(angle, of[moves], count)
    again = long == 0
    short[of[again][::-1]] = np.flatnonzero(again)[::-1]
    tails = np.abs(xy / FINEST - np.rint(xy / FINEST)).max(axis=1, initial=0) > 0.01
    found = {
        "repeats": np.bincount(of[again], minlength=count),
        "turned": np.bincount(owner[~first & (np.sign(area) == np.sign(area[around]))], minlength=count) > 0,
        "tails": np.bincount(np.repeat(owner, sizes)[tails], minlength=count) > 0,
        "length": np.bincount(of, weights=long, minlength=count),
        "hole": _least(np.where(first, np.inf, np.abs(area)), owner, count)[0],
        "shortest": shortest, "spike": spike,
    }  # fmt: skip
    for name, where in (("shortest", edge[short]), ("spike", edge[np.append(moves, 0)[sharp]])):
        found |= {f"{name}_{axis}": xy[where, side] for side, axis in enumerate("xy")}
    return {
        name: pa.array(values, mask=~usable | ~np.isfinite(values), from_pandas=False).cast(
            DETAILS.field(name).type
        )
        for name, values in found.items()
    }


def _angles(step: Array, ring: Array, rings: int) -> Array:
    """Angle at the start of each edge between it and the one before, degrees; 180 is straight on."""
    begins = np.searchsorted(ring, np.arange(rings))
    before = np.arange(len(ring)) - 1
    last = np.searchsorted(ring, np.arange(rings), side="right") - 1
    some = last >= begins
    before[begins[some]] = last[some]
    back = -step[before]
    cross, along = back[:, 0] * step[:, 1] - back[:, 1] * step[:, 0], (back * step).sum(axis=1)
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, along))))


def _signed(points: Array, step: Array, ring: Array, rings: int) -> Array:
    """Area of each ring, negative if it runs clockwise."""
    return np.bincount(ring, (points[:, 0] * step[:, 1] - points[:, 1] * step[:, 0]) / 2, rings)


def _least(values: Array, owner: Array, count: int) -> tuple[Array, Array]:
    """Return the least value of each owner, and where it stands; infinity and 0 if there is none."""
    least, where = np.full(count, np.inf), np.zeros(count, np.int64)
    if len(values):
        order = np.lexsort([values, owner])
        begins = np.flatnonzero(np.diff(owner[order], prepend=-1))
        chosen = order[begins]
        least[owner[chosen]], where[owner[chosen]] = values[chosen], chosen
    return least, where
