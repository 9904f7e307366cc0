"""How long a map layer takes against what pyogrio needs to read it, with the checks of its geometry."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from benchmarks import processor
from landxml.faults import raised
from landxml.geometry import measure
from landxml.load import Loader, opened
from landxml.sources import find
from landxml.wkb import Shapes

__all__ = ["figures"]

PARCELS, RUNS, LIMIT = 100_000, 11, 1.0
FORMATS = {"shp": "ESRI Shapefile", "gpkg": "GPKG"}


def figures(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield the ratios, one for each format."""
    for suffix, driver in FORMATS.items():
        path = folder / f"thua.{suffix}"
        _write(path, driver)
        ratio = processor.ratio(partial(_load, path), partial(_bare, path), RUNS)
        yield f"layer.{suffix}: read and measured / 2 × read_arrow + measured", ratio, LIMIT


def _write(path: Path, driver: str) -> None:
    at = np.arange(PARCELS)
    east, north = 430_000.0 + at % 400 * 20, 2_318_000.0 + at // 400 * 20
    turns = np.linspace(0, 2 * np.pi, 12)
    ring = np.stack([np.cos(turns), np.sin(turns)], axis=1) * 9
    ring[-1] = ring[0]
    shapes = shapely.polygons(np.stack([east, north], axis=1)[:, None, :] + ring)
    fields = {
        "MaXa": np.full(PARCELS, "06652", object),
        "SoHieuToBanDo": at // 1000,
        "SoThuTuThua": at % 1000,
        "DienTich": shapely.area(shapes).round(1),
        "KyHieuMucDichSuDung": np.full(PARCELS, "ONT+CLN", object),
        "DiaChi": np.array([f"Thôn {number}" for number in at], object),
    }
    with warnings.catch_warnings(action="ignore"):
        pyogrio.raw.write(
            str(path), geometry=shapely.to_wkb(shapes), field_data=list(fields.values()), fields=list(fields),
            crs="EPSG:5899", geometry_type="Polygon", driver=driver,
        )  # fmt: skip


def _load(path: Path) -> None:
    for source in opened(find(path), raised):
        for batch in Loader().load(source, raised):
            measure(batch.rings)


def _bare(path: Path) -> None:
    pyogrio.read_arrow(path)
    _, table = pyogrio.read_arrow(path)
    wkb: pa.Array = table.column(table.num_columns - 1).combine_chunks()
    shapes = Shapes(wkb)
    shapes.place("EPSG:5899", flip=False)
    measure(shapes)
