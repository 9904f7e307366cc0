"""The communes of a delivery on one map, coloured by the share of their parcels that is in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from markupsafe import Markup

from landxml.crs import to_wgs84
from landxml_reports.map import HEIGHT, WIDTH, Frame
from landxml_validator.report import CommuneCounts, Outline, Report

__all__ = ["LEVELS", "Area", "communes", "svg"]

LEVELS = (100, 99, 95, 80, 0)
"""Least share in order, in percent, of each colour."""
DEGREE = 111_320
"""Metres of a degree of latitude."""
ROOM = 44
"""Units of the drawing that a number needs."""


class Area(NamedTuple):
    """A commune to be drawn: its colour as a class of CSS, where it leads, its name, what stands in it."""

    outline: Outline
    colour: str
    href: str
    name: str
    said: str


def svg(report: Report) -> Markup:
    """Draw the communes that have an outline; each leads to its findings."""
    counts = {each.commune: each for each in report.by_commune if each.parcels}
    known = [_area(counts[each.commune], each) for each in report.outlines if each.commune in counts]
    return communes(known, "by-commune")


def communes(areas: Sequence[Area], heading: str) -> Markup:
    """Draw communes, each a link; ``heading`` is the id of what says what the colours mean."""
    if not areas:
        return Markup("")
    shapes = _together([each.outline for each in areas])
    frame = Frame(shapes)
    drawn = (_drawn(area, shape, frame) for area, shape in zip(areas, shapes, strict=True))
    return Markup(
        '<svg class="map overview" viewBox="0 0 {} {}" role="group" aria-labelledby="{}">{}{}</svg>'
    ).format(WIDTH, HEIGHT, heading, Markup("").join(drawn), frame.bar())


def _area(counts: CommuneCounts, outline: Outline) -> Area:
    percent = 100 * counts.in_order // counts.parcels
    level = next(index for index, least in enumerate(LEVELS) if percent >= least)
    name = f"{counts.commune} {counts.name}: {percent} %"
    return Area(outline, f"level-{level}", f"#commune={counts.commune}", name, f"{percent} %")


def _drawn(area: Area, shape: shapely.Geometry, frame: Frame) -> Markup:
    return Markup('<a href="{}" aria-label="{}"><path class="{}" d="{}"/>{}</a>').format(
        area.href, area.name, area.colour, frame.path(shape), Markup("").join(_text(area.said, shape, frame))
    )


def _text(said: str, shape: shapely.Geometry, frame: Frame) -> Iterator[Markup]:
    if frame.size(shape) >= ROOM:
        x, y = frame.point(shapely.get_coordinates(shapely.point_on_surface(shape))[0])
        yield Markup('<text x="{}" y="{}">{}</text>').format(x, y, said)


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
