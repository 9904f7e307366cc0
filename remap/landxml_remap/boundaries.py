"""Parcels of divided communes against a map of communes: which successor each lies in."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyogrio
import pyproj
import shapely

import landxml_units as units
from landxml.crs import GEOGRAPHIC, Floats, from_wgs84, systems, to_wgs84
from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["Boundaries", "Place", "Tolerance", "load"]

Shapes = npt.NDArray[Any]
VIETNAM = ((101, 5), (119, 25))
"""Longitude and latitude between which the country lies, with its islands and some room, degrees."""


class Tolerance(NamedTuple):
    """What of a parcel may lie in another commune and still counts for nothing: either of the two.

    ``metres`` is also how far a parcel may lie beside the only commune near it, where a map has gaps.
    """

    metres: float = 2.0
    share: float = 0.01  # of the area


class Place(NamedTuple):
    """Where a parcel lies among the candidates.

    ``state`` is ``inside`` one of them, ``across`` several, ``outside`` all of them, or ``shapeless``;
    ``parts`` tells the share of its area in each, in per cent.
    """

    state: str
    code: str | None = None
    parts: str = ""


class Boundaries:
    """A map of communes, brought into the zone of the parcels when first needed there."""

    def __init__(self, codes: Sequence[str], shapes: Shapes, crs: str) -> None:
        self.crs = crs
        self._rows: dict[str, list[Any]] = {}
        for code, shape in zip(codes, shapes, strict=True):
            self._rows.setdefault(code, []).append(shape)
        self._placed: dict[tuple[str, int], Any] = {}

    def missing(self, codes: Iterable[str]) -> list[str]:
        """Return the communes that the map lacks."""
        return sorted(set(codes) - self._rows.keys())

    def place(
        self, parcels: Shapes, epsg: int, candidates: Sequence[str], tolerance: Tolerance
    ) -> list[Place]:
        """Say for each parcel in which of the candidates it lies.

        Parameters
        ----------
        parcels
            Polygons in the CRS ``epsg``; None where there is none.
        tolerance
            What may lie outside and still counts for nothing.
        """
        known = [code for code in candidates if code in self._rows]
        places = [Place("shapeless")] * len(parcels)
        good = np.flatnonzero(shapely.is_valid(parcels) & ~shapely.is_empty(parcels))
        inside = np.array([shapely.covers(self._shape(code, epsg), parcels[good]) for code in known])
        for index, row in zip(good, inside.T if known else [()] * len(good), strict=True):
            if sum(row) == 1:
                places[index] = Place("inside", known[int(np.argmax(row))])
            else:
                places[index] = self._judge(parcels[index], epsg, known, tolerance)
        return places

    def _judge(self, parcel: Any, epsg: int, known: Sequence[str], tolerance: Tolerance) -> Place:
        """Place a parcel that is not wholly in one candidate."""
        shapes = {code: self._shape(code, epsg) for code in known}
        areas = {code: shapely.intersection(shape, parcel).area for code, shape in shapes.items()}
        held = {code: area for code, area in areas.items() if area > 0}
        if not held:
            near = [code for code, shape in shapes.items() if shape.distance(parcel) <= tolerance.metres]
            return Place("inside", near[0]) if len(near) == 1 else Place("outside")
        main = max(held, key=lambda code: held[code])
        rest = shapely.difference(parcel, shapes[main])
        parts = ", ".join(
            f"{code} {100 * area / parcel.area:.1f} %" for code, area in sorted(held.items(), key=_by_area)
        )
        little = rest.area <= tolerance.share * parcel.area or _depth(rest, shapes[main]) <= tolerance.metres
        # Where areas of the map overlap, the same land would count twice.
        if little and sum(held.values()) <= (1 + tolerance.share) * parcel.area:
            return Place("inside", main, parts)
        return Place("across" if len(held) > 1 else "outside", None, parts)

    def _shape(self, code: str, epsg: int) -> Any:
        key = (code, epsg)
        if key not in self._placed:
            rows = np.array(self._rows[code])
            placed = shapely.transform(rows, lambda x, y: _into(x, y, self.crs, epsg), interleaved=False)
            shape = shapely.union_all(shapely.make_valid(placed))
            shapely.prepare(shape)
            self._placed[key] = shape
        return self._placed[key]


def _by_area(item: tuple[str, float]) -> float:
    return -item[1]


def _depth(rest: Any, shape: Any) -> float:
    """How far the rest of a parcel reaches away from a commune, m."""
    points = shapely.points(shapely.get_coordinates(rest))
    return float(shapely.distance(points, shape).max(initial=0.0))


def _into(x: Floats, y: Floats, crs: str, epsg: int) -> tuple[Floats, Floats]:
    """Bring coordinates, longitude or easting first, from the CRS of a map into the zone of the parcels."""
    own = pyproj.CRS.from_user_input(crs)
    code = own.to_epsg()
    if code == epsg:
        return x, y
    if code in systems():
        lon, lat = to_wgs84(*((y, x) if code == GEOGRAPHIC else (x, y)), code)
    else:
        lon, lat = pyproj.Transformer.from_crs(own, 4326, always_xy=True).transform(x, y)
    return from_wgs84(lon, lat, epsg)


def load(path: str | os.PathLike[str], until: Any) -> Boundaries:
    """Read a map of the communes of a day, of any format that GDAL reads.

    The column with the codes is found by its values.

    Raises
    ------
    LandXmlError
        If it cannot be read, states no CRS or one that its coordinates are not of, has no areas, or no column
        holds commune codes of that day.
    """
    name = os.fspath(path)
    if not Path(path).exists():
        raise LandXmlError(Text("không có tệp này", "there is no such file"), file=name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the error tells what it would
            meta, _, geometry, columns = pyogrio.raw.read(name, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, UnicodeError) as error:
        raise LandXmlError(
            Text(
                "không đọc được bản đồ; tệp hỏng, hoặc không phải GeoPackage, Shapefile, GeoJSON,"
                " FlatGeobuf …",
                "the map cannot be read: damaged, or none of GeoPackage, Shapefile, GeoJSON, FlatGeobuf …",
            ),
            file=name,
        ) from error
    if not meta["crs"]:
        raise LandXmlError(
            Text("bản đồ không ghi hệ tọa độ", "the map states no coordinate reference system"), file=name
        )
    shapes = shapely.from_wkb(geometry, on_invalid="ignore")
    broken = [n for n, (wkb, shape) in enumerate(zip(geometry, shapes, strict=True), 1) if wkb and not shape]
    if broken:
        raise LandXmlError(
            Text(
                f"ranh giới của vùng thứ {broken[0]} không khép kín hoặc có quá ít điểm; hãy sửa bản đồ",
                f"the boundary of area {broken[0]} is not closed or has too few points; mend the map",
            ),
            file=name,
        )
    areal = np.isin(shapely.get_type_id(shapes), (3, 6))
    known = set(units.communes(until)["code"].to_pylist())
    fields = [str(field) for field in meta["fields"]]
    found = [list(_codes(column)) for column in columns]
    hits = [sum(code in known for code in codes) for codes in found]
    if not hits or max(hits) * 2 < len(shapes) or not areal.any():
        listed = ", ".join(fields) or "–"
        raise LandXmlError(
            Text(
                f"không có cột nào chứa mã xã của ngày {until:%d/%m/%Y} cho các vùng (có các cột: {listed})",
                f"no column holds codes of communes of {until} for areas (columns: {listed})",
            ),
            file=name,
        )
    codes = np.array(found[hits.index(max(hits))], dtype=object)
    keep = areal & np.isin(codes, list(known))
    _refuse_foreign(name, shapes[keep], pyproj.CRS.from_user_input(meta["crs"]))
    return Boundaries(codes[keep].tolist(), shapes[keep], str(meta["crs"]))


def _refuse_foreign(name: str, shapes: Shapes, crs: pyproj.CRS) -> None:
    """Refuse coordinates that do not lie in Vietnam if they are of the CRS that a map states."""
    corners = shapely.total_bounds(shapes).reshape(2, 2)
    turned = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    degrees = corners if crs.is_geographic else np.column_stack(turned.transform(*corners.T))
    if ((degrees >= VIETNAM[0]) & (degrees <= VIETNAM[1])).all():
        return
    x, y = corners[0]
    if crs.is_geographic and max(abs(x), abs(y)) > 180:
        vi, en = "không phải độ", "are no degrees"
    else:
        vi, en = "không nằm ở Việt Nam", "do not lie in Vietnam"
    raise LandXmlError(
        Text(
            f"tọa độ ({x:.0f}, {y:.0f}) {vi}, mà bản đồ ghi {crs.name}; hãy kết xuất lại theo hệ VN-2000"
            " đúng",
            f"its coordinates ({x:.0f}, {y:.0f}) {en}; the map says {crs.name}. Export it with its VN-2000"
            " system",
        ),
        file=name,
    )


def _codes(column: npt.NDArray[Any]) -> Iterator[str]:
    """Values as codes; a number has lost its leading zeros."""
    for value in column.tolist():
        text = (
            str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()
        )
        yield text.zfill(5) if text.isdecimal() and not isinstance(value, str) else text
