from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

import landxml_units as units
from landxml_samples import package

DAY = dt.date(2025, 1, 1)
DIVIDED = "06655"  # Phường Hà Khẩu, Quảng Ninh: to 06661 and 06706
COMMUNES = [DIVIDED, "06661", "06700", "06706"]  # what merged with its parts
INTO = {"06661", "06706"}


def make_chart(path: Path, codes: Sequence[str], crs: str = "EPSG:4326") -> Path:
    """A map of communes: everything belongs to the one whose inside point is nearest."""
    rows = {row["code"]: row for row in units.table("extents").to_pylist()}
    points = [shapely.Point(rows[code]["inside_lon"], rows[code]["inside_lat"]) for code in codes]
    box = shapely.box(*shapely.MultiPoint(points).buffer(0.3).bounds)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=box)
    shapes = [next(cell for cell in cells.geoms if cell.covers(point)) for point in points]
    write_map(path, shapes, {"ten": [f"Xã {n}" for n in range(len(codes))], "ma_xa": list(codes)}, crs)
    return path


def write_map(path: Path, shapes: Sequence[Any], columns: dict[str, list[Any]], crs: str) -> None:
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array(shapes)),
        [np.array(column) for column in columns.values()],
        list(columns),
        geometry_type="Polygon",
        crs=crs,
    )


@pytest.fixture(scope="session")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_chart(tmp_path_factory.mktemp("map") / "xa.gpkg", sorted(INTO))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Samples of January 2025 by their name: ``goi`` (folder), ``goi.zip``; the same one every time."""
    folder = tmp_path_factory.mktemp("sample")

    def sample(
        name: str = "goi", layout: str = "national", communes: Sequence[str] = COMMUNES, parcels: int = 40
    ) -> Path:
        path = folder / layout / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            package.write(path, layout=layout, parcels=parcels, communes=communes, date=DAY)
        return path

    return sample
