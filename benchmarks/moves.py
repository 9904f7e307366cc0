"""How long a remap takes against copying the package through the object reader and writer; its memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pyogrio
import shapely

import landxml
import landxml_units as units
from benchmarks import processor
from landxml.model import SieuDuLieu
from landxml_remap import remap
from landxml_samples import package

PARCELS, EACH, RUNS = 6_000, 2_500, 3  # in all; of each commune where memory is measured
COMMUNES = ["06655", "06661", "06700", "06706"]  # one divided, and what merged with its parts
MORE = "06649 06652 06658 06664 06667 06670 06673 06676 06679 06685 06688 06691".split()
INTO = ["06661", "06706"]
LIMIT, GROWTH = 2.0, 1.15


def figures(folder: Path, peak: Callable[[list[str]], float]) -> Iterator[tuple[str, float, float]]:
    """Yield what is measured, its value and the limit; ``peak`` measures the memory of a command, MB."""
    chart = _chart(folder / "xa.gpkg")
    source = _sample(folder / "remap", PARCELS, COMMUNES)
    number = count()
    ratio = processor.ratio(
        lambda: _remap(source, chart, folder / f"moved-{next(number)}"), lambda: _copy(source, folder), RUNS
    )
    yield "remap with boundaries / copy through reader and writer", ratio, LIMIT
    if not Path("/proc/self/smaps_rollup").exists():
        return
    once, fourfold = (
        peak(_command(_sample(folder / f"of-{len(codes)}", EACH * len(codes), codes), chart, folder))
        for codes in (COMMUNES, COMMUNES + MORE)
    )
    yield "remap: peak memory with 4 times the communes / peak", fourfold / once, GROWTH


def _sample(path: Path, parcels: int, communes: list[str]) -> Path:
    package.write(path, parcels=parcels, communes=communes, date=units.TWO_TIERS_SINCE.replace(month=6))
    return path


def _command(source: Path, chart: Path, folder: Path) -> list[str]:
    out = folder / f"moved-{source.name}"
    return [
        sys.executable, "-m", "landxml_cli", "remap", str(source), "-o", str(out), "--boundaries", str(chart),
        "--table", f"{out}.parquet", "--quiet",
    ]  # fmt: skip


def _chart(path: Path) -> Path:
    """Make a map of the communes: everything belongs to that whose inside point is nearest."""
    rows = {row["code"]: row for row in units.table("extents").to_pylist()}
    points = shapely.MultiPoint([(rows[code]["inside_lon"], rows[code]["inside_lat"]) for code in INTO])
    cells = shapely.voronoi_polygons(points, extend_to=points.buffer(0.3), ordered=True).geoms
    shapes = shapely.to_wkb(np.array(cells))
    pyogrio.raw.write(
        str(path), shapes, [np.array(INTO)], ["ma_xa"], geometry_type="Polygon", crs="EPSG:4326"
    )
    return path


def _remap(source: Path, chart: Path, out: Path) -> None:
    remap([source], out, boundaries=chart, table_path=f"{out}.parquet", force=True)


def _copy(source: Path, folder: Path) -> None:
    for path in sorted(source.iterdir()):
        objects = (item.object for item in landxml.read(path))
        metadata = next(objects)
        assert isinstance(metadata, SieuDuLieu)  # noqa: S101 - for the type checker
        landxml.write(folder / f"copy-{path.name}", objects, metadata, force=True)  # type: ignore[arg-type]
