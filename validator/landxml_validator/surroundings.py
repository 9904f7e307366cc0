"""What lies around a finding: its parcel, the other that it names, their neighbours, and what is wrong.

The parcels are those of a document that is read again, or the shapes that a run keeps of each commune.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb
import numpy as np
import shapely

from landxml import privacy
from landxml.database import literal, rows_of
from landxml.place import Place
from landxml_validator.findings import new
from landxml_validator.report import Finding, Map, Sketch
from landxml_validator.samples import in_turn

__all__ = ["Parcel", "Shape", "defect_of", "maps", "near", "within"]

RADIUS = 500.0
"""Parcels within so many metres (or, in degrees, some hundred metres) of a finding are kept."""
MARGIN = 0.35
"""Neighbours are shown as far from a parcel as this share of its width."""
MOST = 60
"""Most neighbours shown."""
EACH, MAPS = 2, 60
"""Most findings of a rule, and of all, of which a report has a map."""
AROUND, FEW = 100.0, 12
"""Metres from such a finding, and most neighbours, that it shows."""
FARTHEST = 1e8
"""No coordinate, in metres: such a number is something else, of a person perhaps."""
FINE = 400
"""Points of a shape from which on it is made simpler."""


class Shape(NamedTuple):
    """What a map shows: the parcel of a finding, the other that it names, their neighbours, what is wrong."""

    role: Literal["neighbour", "other", "parcel", "defect"]
    geometry: Any
    label: str = ""


class Parcel(NamedTuple):
    """A parcel of a document: place, id, number, and shape."""

    place: Place
    id: str
    number: str
    geometry: Any


def near(
    found: Iterable[Parcel], own: Parcel | None, other: Parcel | None, point: tuple[float, float]
) -> list[Shape]:
    """Choose what a map shows around a parcel, or around a point if there is none.

    Parameters
    ----------
    found
        Parcels of the surroundings.
    own, other
        The parcel of the finding, and the one that it names.
    point
        Where the finding is.
    """
    main = [each for each in (own, other) if each]
    whole = shapely.union_all([shapely.envelope(each.geometry) for each in main] or [shapely.Point(point)])
    x0, y0, x1, y1 = whole.bounds
    margin = MARGIN * max(x1 - x0, y1 - y0) or radius(point) / 10
    window = shapely.box(x0 - margin, y0 - margin, x1 + margin, y1 + margin)
    known = {each.place for each in main}
    around = [each for each in found if each.place not in known and window.intersects(each.geometry)]
    around.sort(key=lambda each: (whole.distance(each.geometry), each.place))
    shapes = [Shape("neighbour", each.geometry, each.number) for each in around[:MOST]]
    shapes += [Shape("other", other.geometry, other.number)] if other else []
    return [*shapes, *([Shape("parcel", own.geometry, own.number)] if own else [])]


def radius(point: tuple[float, float]) -> float:
    """Return how far from a point parcels are kept: of degrees fewer than of metres."""
    return RADIUS if max(map(abs, point)) > 180 else RADIUS / 1e5


def within(shapes: Iterable[Parcel], point: tuple[float, float]) -> list[Parcel]:
    """Return the parcels near a point."""
    listed = list(shapes)
    bounds = shapely.bounds(np.array([each.geometry for each in listed], dtype=object)).reshape(-1, 4)
    (x, y), far = point, radius(point)
    near_by = (bounds[:, 0] < x + far) & (bounds[:, 2] > x - far)
    near_by &= (bounds[:, 1] < y + far) & (bounds[:, 3] > y - far)
    return [each for each, is_near in zip(listed, near_by, strict=True) if is_near]


def defect_of(
    geometry: bytes | None, own: Parcel | None, other: Parcel | None, point: tuple[float, float]
) -> shapely.Geometry:
    """Return the shape of what is wrong: as the rule gave it, or what two parcels have in common."""
    if geometry:
        return shapely.from_wkb(geometry)
    if own and other:
        common = shapely.intersection(*shapely.make_valid([own.geometry, other.geometry]))
        if common.area:
            return common
    return shapely.Point(point)


def maps(
    con: duckdb.DuckDBPyConnection,
    data_set: Path,
    findings: Mapping[str, Sequence[Finding]],
    parts: Iterable[str],
) -> list[Map]:
    """Draw the first findings of each rule that have a place, from the shapes that a run has kept.

    Parameters
    ----------
    con, data_set
        Connection; the complete findings.
    findings
        The first of each rule.
    parts
        Shapes of parcels, a file or several for each commune (:mod:`landxml_validator.communes`).

    Returns
    -------
    list of Map
        By number; none where no rule that was asked for needs shapes.
    """
    placed = [[each for each in first if each.x is not None] for first in findings.values()]
    chosen = in_turn(placed, EACH, MAPS)
    communes = {each.commune for each in chosen}
    files = [part for part in parts if Path(part).name.partition("-")[0] in communes]
    if not files or not _shaped(con, files):
        return []
    shapes = dict(con.execute(_SHAPES.format(new=new(data_set)), [[f.number for f in chosen]]).fetchall())
    parcels = list(_parcels(con, files, chosen))
    drawn = (Map(number=each.number, shapes=_sketch(each, shapes, parcels)) for each in chosen)
    return sorted(drawn, key=lambda each: each.number)


_SHAPES = "SELECT number, geometry FROM {new} WHERE number IN (SELECT unnest($1::BIGINT[]))"
_NEEDED = {"wkb", "x", "y", "soThuTuThua"}


def _shaped(con: duckdb.DuckDBPyConnection, files: Sequence[str]) -> bool:
    return set(con.sql(f"FROM {rows_of(files)}").columns) >= _NEEDED


def _parcels(
    con: duckdb.DuckDBPyConnection, files: Sequence[str], findings: Iterable[Finding]
) -> Iterator[Parcel]:
    """Yield the parcels near findings, and those that these are about."""
    wanted = [
        *(f"x BETWEEN {f.x - AROUND} AND {f.x + AROUND} AND y BETWEEN {f.y - AROUND} AND {f.y + AROUND}"
          for f in findings if f.x is not None and f.y is not None),
        *(f"(_file, _part, _at) = ({literal(at.file)}, {literal(at.part)}, {at.at})"
          for f in findings for at in _places(f)),
    ]  # fmt: skip
    found = con.execute(
        f"SELECT _file, _part, _at, _id, soThuTuThua, wkb FROM {rows_of(files)}"
        f" WHERE wkb IS NOT NULL AND ({' OR '.join(map('({})'.format, wanted))}) ORDER BY _file, _part, _at"
    )
    for file, part, at, id_, number, wkb in found.fetchall():
        label = privacy.key(str(number or ""))
        yield Parcel(Place(file, part or "", at), id_ or "", label, shapely.from_wkb(wkb))


def _places(finding: Finding) -> list[Place]:
    other = Place.of(str(finding.params.get("other") or ""))
    return [place for place in (finding.place, other) if place and place.file]


def _sketch(finding: Finding, shapes: Mapping[int, bytes | None], parcels: Sequence[Parcel]) -> list[Sketch]:
    """Draw one finding: of its parcels every point, of neighbours what can be seen."""
    point = finding.x or 0.0, finding.y or 0.0
    by_place = {parcel.place: parcel for parcel in parcels}
    own, *others = (by_place.get(place) for place in _places(finding))
    other = next(iter(others), None)
    around = near(within(parcels, point), own, other, point)
    beside = [shape for shape in around if shape.role == "neighbour"][:FEW]
    main = [shape for shape in around if shape.role != "neighbour"]
    wrong = Shape("defect", defect_of(shapes.get(finding.number), own, other, point))
    return [
        Sketch(role=each.role, label=each.label, wkt=_written(each))
        for each in (*beside, *main, wrong)
        if np.abs(each.geometry.bounds).max() < FARTHEST
    ]


def _written(shape: Shape) -> str:
    geometry = shape.geometry
    if shape.role == "neighbour" or shapely.get_num_coordinates(geometry) > FINE:
        x0, y0, x1, y1 = geometry.bounds
        geometry = shapely.simplify(geometry, max(x1 - x0, y1 - y0) / FINE)
    return str(shapely.to_wkt(geometry, rounding_precision=3))
