"""The outlines of the communes of a delivery, small enough for one drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
import shapely

from landxml_validator.report import Outline

__all__ = ["read"]

FINE = 500
"""Steps of the grid on which the whole delivery is drawn: what is smaller is not seen."""
SMALL = 3
"""Steps: what is not larger becomes squares of the grid."""
Array = npt.NDArray[Any]


def read(parts: Iterable[str]) -> list[Outline]:
    """Return the outlines that the tasks of communes wrote, by code; none of a single one.

    Roads and gaps between parcels that are narrower than a step close.
    """
    files = sorted(map(Path, parts), key=lambda part: part.stem)
    if len(files) < 2:
        return []
    bounds = np.array([shapely.total_bounds(shapes) for _, _, shapes in _shapes(files)])
    if not len(bounds):
        return []
    step = max(np.max(bounds[:, 2:], axis=0) - np.min(bounds[:, :2], axis=0)) / FINE
    return [
        Outline(commune=code, epsg=epsg, wkt=str(shapely.to_wkt(drawn, rounding_precision=0)))
        for code, epsg, shapes in _shapes(files)
        if not (drawn := _simpler(shapes, step)).is_empty
    ]


def _shapes(files: Iterable[Path]) -> Iterator[tuple[str, int, Array]]:
    """Yield code and CRS of communes and the parts of their outlines, one commune after another."""
    for file in files:
        table = pq.read_table(file)
        for epsg, wkb in zip(table["epsg"].to_pylist(), table["wkb"].to_pylist(), strict=True):
            if len(shapes := shapely.get_parts(shapely.from_wkb(wkb))):
                yield file.stem, epsg, shapes


def _simpler(shapes: Array, step: float) -> shapely.Geometry:
    joined = shapely.union_all(_coarse(shapes, step))
    closed = shapely.simplify(joined, step / 2).buffer(step, quad_segs=1).buffer(-step, quad_segs=1)
    large = [part for part in shapely.get_parts(closed) if part.area > step * step]
    whole = [
        shapely.Polygon(part.exterior, [r for r in part.interiors if shapely.Polygon(r).area > 25 * step**2])
        for part in large
    ]
    return shapely.simplify(shapely.MultiPolygon(whole), step / 2)


def _coarse(shapes: Array, step: float) -> Array:
    """Put squares of the grid for small shapes: there may be as many as there are parcels."""
    bounds = shapely.bounds(shapes)
    small = np.max(bounds[:, 2:] - bounds[:, :2], axis=1, initial=0) <= SMALL * step
    low, high = np.rint(bounds[small, :2] / step), np.rint(bounds[small, 2:] / step)
    boxes = np.unique(np.hstack([low, np.maximum(high, low + 1)]), axis=0) * step
    return np.concatenate([shapes[~small], shapely.box(*boxes.T)])
