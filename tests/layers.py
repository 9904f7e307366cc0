"""Map layers of the tests: five parcels in a row, in any format that pyogrio writes."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

__all__ = ["FORMATS", "PARCELS", "SQUARES", "written"]

FORMATS = {
    ".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".gdb": "OpenFileGDB", ".geojson": "GeoJSON",
    ".fgb": "FlatGeobuf",
}  # fmt: skip
SQUARES = [shapely.box(437500 + 20 * at, 2318300, 437520 + 20 * at, 2318320) for at in range(5)]
PARCELS: dict[str, list[Any]] = {
    "MaXa": ["06652"] * 5,
    "SoHieuToBanDo": [12] * 5,
    "SoThuTuThua": [1, 2, 3, 4, 5],
    "DienTich": [400.0] * 5,
    "KyHieuMucDichSuDung": ["ONT+CLN", "LUC", "ONT", "CLN", "LUC"],
    "DiaChi": ["Thôn Đông, phường Hà Tu"] * 5,
}


def written(
    path: Path, shapes: Sequence[Any] = SQUARES, fields: dict[str, list[Any]] = PARCELS,
    crs: str | None = "EPSG:5899", **options: Any,
) -> Path:  # fmt: skip
    """Write a layer; shapes are of shapely, WKB or None, polygons unless ``geometry_type`` says otherwise."""
    wkb = [each if isinstance(each, bytes | None) else shapely.to_wkb(each) for each in shapes]
    columns = [
        np.array(values, object if isinstance((values or [""])[0], str) else None)
        for values in fields.values()
    ]
    with warnings.catch_warnings(action="ignore"):
        pyogrio.raw.write(
            str(path), geometry=np.array(wkb, object), field_data=columns, fields=list(fields), crs=crs,
            **{"driver": FORMATS[path.suffix], "geometry_type": "Polygon"} | options,
        )  # fmt: skip
    return path
