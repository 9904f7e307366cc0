"""The communes of a delivery on one map, coloured by the share of their parcels that is in order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from markupsafe import Markup

from landxml.crs import to_wgs84
from landxml_reports.map import HEIGHT, WIDTH, Frame
from landxml_validator.report import CommuneCounts, Outline, Report

__all__ = ["LEVELS", "svg"]

LEVELS = (100, 99, 95, 80, 0)
"""Least share in order, in percent, of each colour."""
DEGREE = 111_320
"""Metres of a degree of latitude."""
ROOM = 44
"""Units of the drawing that a number needs."""


def svg(report: Report) -> Markup:
    """Draw the communes that have an outline; each leads to its findings."""
    counts = {each.commune: each for each in report.by_commune if each.parcels}
    known = [each for each in report.outlines if each.commune in counts]
    if not known:
        return Markup("")
    shapes = _together(known)
    frame = Frame(shapes)
    areas = (_area(counts[each.commune], shape, frame) for each, shape in zip(known, shapes, strict=True))
    return Markup(
        '<svg class="map overview" viewBox="0 0 {} {}" role="group" aria-labelledby="by-commune">{}{}</svg>'
    ).format(WIDTH, HEIGHT, Markup("").join(areas), frame.bar())


def _area(counts: CommuneCounts, shape: shapely.Geometry, frame: Frame) -> Markup:
    percent = 100 * counts.in_order // counts.parcels
    level = next(index for index, least in enumerate(LEVELS) if percent >= least)
    return Markup('<a href="#commune={}" aria-label="{}"><path class="level-{}" d="{}"/>{}</a>').format(
        counts.commune, f"{counts.commune} {counts.name}: {percent} %", level, frame.path(shape),
        Markup("").join(_number(percent, shape, frame)),
    )  # fmt: skip


def _number(percent: int, shape: shapely.Geometry, frame: Frame) -> Iterator[Markup]:
    if frame.size(shape) >= ROOM:
        x, y = frame.point(shapely.get_coordinates(shapely.point_on_surface(shape))[0])
        yield Markup('<text x="{}" y="{}">{} %</text>').format(x, y, percent)


def _together(outlines: list[Outline]) -> list[shapely.Geometry]:
    """Return the shapes in one system: that of the files, or metres of a plain grid if there are several."""
    shapes = [shapely.from_wkt(each.wkt) for each in outlines]
    if len({each.epsg for each in outlines}) == 1:
        return shapes

    def metres(epsg: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        lon, lat = to_wgs84(x, y, epsg)
        return lon * DEGREE * np.cos(np.radians(16)), lat * DEGREE

    return [
        shapely.transform(shape, lambda x, y, epsg=each.epsg: metres(epsg, x, y), interleaved=False)
        for each, shape in zip(outlines, shapes, strict=True)
    ]
