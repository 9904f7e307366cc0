"""Writing map layers: GeoPackage, Shapefile, GeoJSON; features of a flat layout, batch by batch."""

from __future__ import annotations

import contextlib
import os
import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely

from landxml import crs, files
from landxml.dictionary import dictionary
from landxml.errors import LandXmlError
from landxml.geometry import Rings, epsg_of, polygons
from landxml.layouts import Layout
from landxml.parts import besides
from landxml.temporary import temporary
from landxml.text import Text
from landxml.wkb import POLYGON

__all__ = ["FORMS", "write"]

FORMS = {"GPKG": (".gpkg",), "ESRI Shapefile": (".shp",), "GeoJSON": (".geojson", ".json")}
"""GDAL's names of what can be written, with its suffixes; the first is the default."""
WIDTH = 254
"""Bytes of a text in a .dbf."""

_GEOMETRY = "ranhGioi"
_TYPES = {"GPKG": "MultiPolygon", "ESRI Shapefile": "Polygon", "GeoJSON": "Unknown"}
"""One for all features of a layer, where its format has that; a polygon is a shape of one there."""
_KINDS = {"int": pa.int64(), "year": pa.int64(), "decimal": pa.float64(), "bool": pa.bool_()}
_UNWRITTEN = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError, pyogrio.errors.FieldError,
)  # fmt: skip


def write(
    path: str | os.PathLike[str],
    layout: Layout,
    batches: Iterable[tuple[pa.Table, Rings]],
    *,
    force: bool = False,
) -> None:
    """Write features as a map layer, complete or not at all.

    Parameters
    ----------
    path
        Its suffix says the format. Beside a ``.shp`` come ``.dbf``, ``.shx``, ``.cpg`` and ``.prj``.
    layout
        Elements of its dictionary without a ``column`` are not written.
    batches
        Texts by element, and the boundaries by the numbers of their rows, in the axis order of EPSG.
    force
        Replace files that exist; of a shapefile also what belongs to it and is not written, such as an index.

    Raises
    ------
    LandXmlError
        If the file cannot be written, or cannot hold what there is: a Shapefile or GeoJSON several CRSs (a
        GeoPackage gets a layer for each), a Shapefile texts of more than 254 bytes.
    """
    form = files.form(path, FORMS, suffixes=FORMS)
    files.check([path], force=force)
    old = list(besides(Path(path))) if form == "ESRI Shapefile" else []
    files.check(old, force=force)
    with temporary() as folder, warnings.catch_warnings(action="ignore"):
        stem = "thua" if files.is_stream(path) else Path(path).stem
        made = folder / f"{stem}{FORMS[form][0]}"
        try:
            _write(made, form, layout, batches)
        except _UNWRITTEN as error:
            vi, en = "không ghi được lớp bản đồ", "the map layer cannot be written"
            raise LandXmlError(Text(f"{vi} ({error})", f"{en} ({error})"), file=path) from error
        except LandXmlError as error:
            raise LandXmlError(error.what, file=path) from error
        parts = {made: Path(path)} | {each: Path(path).with_suffix(each.suffix) for each in besides(made)}
        with contextlib.ExitStack() as stack:
            for part, target in parts.items():
                with part.open("rb") as source:
                    shutil.copyfileobj(
                        source, stack.enter_context(files.writing(target, force=force)), 1 << 20
                    )
        for stale in set(old) - set(parts.values()):
            stale.unlink()


def _write(made: Path, form: str, layout: Layout, batches: Iterable[tuple[pa.Table, Rings]]) -> None:
    """Write a layer for each CRS, the first with the name of the file."""
    (row,) = dictionary(layout).classes.values()
    written = [field for field in row.columns if field.column]
    names: dict[int | None, str] = {}
    for epsg, rows, shapes in _by_system(batches):
        if names and epsg not in names and form != "GPKG":
            raise LandXmlError(_several([*names, epsg], form))
        append = epsg in names
        name = names.setdefault(epsg, f"{made.stem}_{epsg or 0}" if names else made.stem)
        columns = {
            field.column if form == "ESRI Shapefile" else field.header: pc.cast(
                rows[field.element], _KINDS.get(field.kind, pa.string())
            )
            for field in written
        }
        if form == "ESRI Shapefile":
            _refuse_long(columns)
        multi = form == "GPKG"
        columns[_GEOMETRY] = pa.array(shapely.to_wkb(_multi(shapes) if multi else shapes), pa.binary())
        pyogrio.write_arrow(
            pa.table(columns), made, layer=name, driver=form, geometry_name=_GEOMETRY,
            geometry_type=_TYPES[form], crs=f"EPSG:{epsg}" if epsg else None, encoding="UTF-8", append=append,
        )  # fmt: skip


def _by_system(
    batches: Iterable[tuple[pa.Table, Rings]],
) -> Iterator[tuple[int | None, pa.Table, npt.NDArray[Any]]]:
    """Yield EPSG code, rows and shapes of the features of a batch; what has no shape goes with others."""
    before = 0
    for rows, rings in batches:
        shapes, systems = np.full(len(rows), None, object), np.full(len(rows), -1)
        shapes[rings.rows] = polygons(rings)
        systems[rings.rows] = [epsg_of(srs) or 0 for srs in rings.srs]
        found = list(dict.fromkeys(systems[systems >= 0].tolist())) or [before]
        before = found[0]
        systems[systems < 0] = before
        for epsg in found:
            at = np.flatnonzero(systems == epsg)
            yield epsg or None, rows.take(at), _longitude_first(shapes[at], epsg)


def _longitude_first(shapes: npt.NDArray[Any], epsg: int) -> npt.NDArray[Any]:
    """Return shapes as layers have them: where EPSG has latitude first, with longitude first."""
    said = crs.said(f"EPSG:{epsg}")
    return shapely.transform(shapes, lambda points: points[:, ::-1]) if said and said.degrees else shapes


def _multi(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    single = np.flatnonzero(shapely.get_type_id(shapes) == POLYGON)
    shapes = shapes.copy()
    shapes[single] = shapely.multipolygons(shapes[single], indices=np.arange(len(single)))
    return shapes


def _refuse_long(columns: Mapping[str, pa.ChunkedArray]) -> None:
    """Refuse texts that a .dbf would cut off."""
    for name, texts in columns.items():
        if pa.types.is_string(texts.type):
            long = pc.sum(pc.greater(pc.binary_length(texts), WIDTH)).as_py()
            if long:
                vi = f"{long} giá trị của {name} dài hơn {WIDTH} byte nên Shapefile không chứa được"
                en = f"{long} values of {name} are longer than {WIDTH} bytes, which a Shapefile cannot hold"
                raise LandXmlError(
                    Text(f"{vi}; hãy ghi GeoPackage (.gpkg)", f"{en}; write a GeoPackage (.gpkg)")
                )


def _several(found: Sequence[int | None], form: str) -> Text:
    codes = ", ".join(f"EPSG:{epsg}" if epsg else "–" for epsg in found)
    vi = f"các thửa có nhiều hệ tọa độ ({codes}) mà {form} chỉ chứa được một"
    en = f"the parcels have several CRSs ({codes}), of which {form} holds one"
    return Text(f"{vi}; hãy ghi GeoPackage (.gpkg)", f"{en}; write a GeoPackage (.gpkg)")
