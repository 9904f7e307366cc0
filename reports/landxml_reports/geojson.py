"""The findings as GeoJSON: WGS 84, as RFC 7946 demands, one feature per line.

Only what WGS 84 can say is a geometry: where nothing has a place, the CRS of the file is unknown, or its
coordinates lead nowhere on the globe, it is null; ``x``, ``y`` and ``epsg`` say what stands in the file, and
are null, too, where the place is that of the parcel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import duckdb
import msgspec
import numpy as np
import numpy.typing as npt
import shapely

from landxml.crs import to_wgs84
from landxml.files import Path_
from landxml.geojson import DECIMALS
from landxml_reports import listed
from landxml_validator.report import Report

__all__ = ["write"]

PROPERTIES = (
    "number", "rule", "severity", "message", "commune", "parcel", "cls", "key", "path", "file", "part", "at",
    "place", "x", "y", "epsg", "fingerprint",
)  # fmt: skip


def write(report: Report, findings: Path_, lang: str, out: IO[bytes]) -> None:
    """Write all findings, with messages in ``vi`` or ``en``.

    Parameters
    ----------
    report
        What a run found.
    findings
        Parquet file of all its findings (:mod:`landxml_validator.export`).
    out
        Where the GeoJSON is written to.
    """
    encode = msgspec.json.Encoder().encode
    out.write(b'{"type":"FeatureCollection","features":[')
    with listed.opened(report, findings) as con:
        for number, feature in enumerate(_features(con, lang)):
            out.write(b",\n" if number else b"\n")
            out.write(encode(feature))
    out.write(b"\n]}\n")


def _features(con: duckdb.DuckDBPyConnection, lang: str) -> Iterator[dict[str, Any]]:
    names = ", ".join(f'"{name}"' for name in PROPERTIES if name != "message")
    reader = con.sql(
        f"SELECT {names}, message_{lang} AS message, geometry FROM Found ORDER BY rank, number"
    ).to_arrow_reader(listed.ROWS)
    for batch in reader:
        shapes = _placed(np.asarray(batch["geometry"], dtype=object), np.asarray(batch["epsg"].fill_null(0)))
        rows: Iterable[dict[str, Any]] = batch.drop_columns(["geometry"]).to_pylist()
        for row, shape in zip(rows, shapely.to_geojson(shapes), strict=True):
            yield {
                "type": "Feature",
                "id": row["fingerprint"],
                "geometry": msgspec.Raw(shape.encode()) if shape else None,
                "properties": {name: row[name] for name in PROPERTIES},
            }


def _placed(wkb: npt.NDArray[Any], systems: npt.NDArray[np.int32]) -> npt.NDArray[Any]:
    """Return shapes in WGS 84, their outer rings counterclockwise; None for what is nowhere on the globe."""
    shapes = shapely.from_wkb(wkb)
    for epsg in np.unique(systems):
        of = np.flatnonzero(systems == epsg)
        if epsg:
            moved = shapely.transform(
                shapes[of], lambda x, y, epsg=epsg: to_wgs84(x, y, int(epsg)), interleaved=False
            )
            shapes[of] = shapely.orient_polygons(moved)
        else:
            shapes[of] = None
    west, south, east, north = shapely.bounds(shapes).T
    on_globe = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    rounded: npt.NDArray[Any] = shapely.transform(shapes, lambda points: np.round(points, DECIMALS))
    rounded[~on_globe] = None
    return rounded
