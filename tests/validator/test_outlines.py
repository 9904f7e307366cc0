"""How communes are drawn: as they are, as far as a drawing of the whole delivery shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from landxml_validator import outlines


def parcels(east: float, side: float) -> list[shapely.Geometry]:
    """Return 900 parcels in rows, 20 m apart, that do not touch if they are smaller."""
    x, y = (each.ravel() * 20.0 for each in np.meshgrid(np.arange(30), np.arange(30)))
    return [*shapely.box(east + x, 2_318_000 + y, east + x + side, 2_318_000 + y + side)]


def written(folder: Path, code: str, shapes: list[shapely.Geometry]) -> str:
    outline = shapely.union_all(shapes)
    table = pa.table({"epsg": [5899], "wkb": pa.array([shapely.to_wkb(outline)], pa.binary())})
    pq.write_table(table, folder / f"{code}.parquet")
    return str(folder / f"{code}.parquet")


@pytest.mark.parametrize("apart", [5_000, 30_000])
def test_parcels_that_do_not_touch_are_drawn_as_the_ground_they_cover(tmp_path: Path, apart: float) -> None:
    east = 430_000 + 600 + apart
    parts = [
        written(tmp_path, "06652", parcels(430_000, 15)),
        written(tmp_path, "06658", parcels(east, 20)),
    ]
    scattered, block = (shapely.from_wkt(each.wkt) for each in outlines.read(parts))
    assert block.area == pytest.approx(600 * 600, rel=0.25)
    assert scattered.area == pytest.approx(block.area, rel=0.25)
    assert scattered.distance(block) == pytest.approx(apart, abs=65)


def test_few_squares_stand_for_very_many_small_parcels() -> None:
    few = outlines._coarse(np.array(parcels(430_000, 15)), 60.0)
    assert len(few) <= 11 * 11
    large = np.array([shapely.box(0, 0, 500, 500)])
    assert outlines._coarse(large, 60.0).tolist() == large.tolist()


def test_one_commune_is_not_drawn(tmp_path: Path) -> None:
    assert outlines.read([written(tmp_path, "06652", parcels(430_000, 15))]) == []


def test_a_commune_without_ground_is_not_drawn(tmp_path: Path) -> None:
    nothing = written(tmp_path, "06652", [])
    assert outlines.read([nothing, written(tmp_path, "06661", [])]) == []
    (drawn,) = outlines.read([nothing, written(tmp_path, "06658", parcels(430_000, 20))])
    assert drawn.commune == "06658"
