"""The outlines of the communes of a delivery, small enough for one drawing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import shapely

from landxml_validator.report import Outline

__all__ = ["read"]

FINE = 500
"""Steps of the grid on which the whole delivery is drawn: what is smaller is not seen."""


def read(parts: Iterable[str]) -> list[Outline]:
    """Return the outlines that the tasks of communes wrote, by code; none of a single one.

    Roads and gaps between parcels that are narrower than a step close.
    """
    tables = {
        Path(part).stem: pq.read_table(part) for part in sorted(parts, key=lambda part: Path(part).stem)
    }
    if len(tables) < 2:
        return []
    found = [
        (code, epsg, shapely.from_wkb(wkb))
        for code, table in tables.items()
        for epsg, wkb in zip(table["epsg"].to_pylist(), table["wkb"].to_pylist(), strict=True)
    ]
    x0, y0, x1, y1 = shapely.total_bounds(np.array([shape for *_, shape in found], dtype=object))
    step = max(x1 - x0, y1 - y0) / FINE
    drawn = [(code, epsg, _simpler(shape, step)) for code, epsg, shape in found if not shape.is_empty]
    return [
        Outline(commune=code, epsg=epsg, wkt=str(shapely.to_wkt(shape, rounding_precision=0)))
        for code, epsg, shape in drawn
        if not shape.is_empty
    ]


def _simpler(shape: shapely.Geometry, step: float) -> shapely.Geometry:
    closed = shapely.simplify(shape, step / 2).buffer(step, quad_segs=1).buffer(-step, quad_segs=1)
    large = [part for part in shapely.get_parts(closed) if part.area > step * step]
    whole = [
        shapely.Polygon(part.exterior, [r for r in part.interiors if shapely.Polygon(r).area > 25 * step**2])
        for part in large
    ]
    return shapely.simplify(shapely.MultiPolygon(whole), step / 2)
