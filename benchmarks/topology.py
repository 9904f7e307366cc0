"""How long the topology of a commune takes against the validity of its shapes, each for itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from benchmarks import processor
from landxml.topology import coverage
from landxml_samples import grid

__all__ = ["figures"]

PARCELS, RUNS, LIMIT = 20_000, 7, 15.0
FAULTY = 100
"""One of so many parcels has a vertex in a wrong place."""


def figures() -> Iterator[tuple[str, float, float]]:
    """Yield the ratio."""
    shapes = _commune()
    wkb = pa.chunked_array([pa.array(shapely.to_wkb(shapes), pa.binary())])
    ratio = processor.ratio(partial(coverage, wkb), partial(shapely.is_valid, shapes), RUNS)
    yield f"topology of a commune of {PARCELS} parcels / is_valid", ratio, LIMIT


def _commune() -> Any:
    """Parcels of a coverage, some with a vertex 30 cm off."""
    where = grid.Grid("06652", PARCELS, 1, 5899, 430_000.0, 2_318_000.0, (20.0, 30.0), 12)
    shapes = np.array([shape for sheet in grid.sheets(where) for shape in sheet.boundaries], object)
    for index in range(0, len(shapes), FAULTY):
        ring = shapely.get_coordinates(shapes[index])
        ring[1] += np.array([0.3, 0.0])
        moved = shapely.Polygon(ring)
        shapes[index] = moved if moved.is_valid else shapes[index]
    return shapely.multipolygons(shapes, indices=np.arange(len(shapes)))
