"""A small map of a finding as inline SVG: its parcel, the other one, their neighbours, and what is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from markupsafe import Markup

from landxml_reports import wording
from landxml_validator.surroundings import Shape

__all__ = ["Frame", "svg"]

WIDTH, HEIGHT = 480, 320
PADDING = 28
"""Units of the drawing around what it is about."""
SMALL = 14
"""Units: a defect that is smaller gets a ring around it."""
DOT, LINE = 4, 16
"""Radius of a point; height of a line of text."""


def svg(shapes: Sequence[Shape], title: str) -> Markup:
    """Draw shapes in the order given, the view around all that are no neighbours.

    The page brings the style (``report.css``). Northing is up; the scale is that of the coordinates, metres
    unless they are degrees.

    Parameters
    ----------
    shapes
        In the CRS of the file.
    title
        For who cannot see it.
    """
    shapes = [shape for shape in shapes if not shape.geometry.is_empty]
    if not shapes:
        return Markup("")
    frame = Frame(_main(shapes))
    drawn = [part for shape in shapes for part in _drawn(shape, frame)]
    labels = _labels(shapes, frame)
    return Markup('<svg class="map" viewBox="0 0 {} {}" role="img"><title>{}</title>{}{}{}</svg>').format(
        WIDTH, HEIGHT, wording.safe(title), Markup("").join(drawn), Markup("").join(labels), frame.bar()
    )


def _main(shapes: Sequence[Shape]) -> list[shapely.Geometry]:
    """Return what a map is about: neighbours only if there is nothing but a point."""
    main = [shape.geometry for shape in shapes if shape.role != "neighbour"]
    points = all(geometry.geom_type == "Point" for geometry in main)
    return [shape.geometry for shape in shapes] if points else main


class Frame:
    """From coordinates to the units of the drawing, which shows these shapes whole."""

    def __init__(self, shapes: Sequence[shapely.Geometry]) -> None:
        x0, y0, x1, y1 = shapely.total_bounds(np.array(shapes, dtype=object))
        across = max((x1 - x0) / (WIDTH - 2 * PADDING), (y1 - y0) / (HEIGHT - 2 * PADDING))
        self.scale = 1 / across if across > 0 else 1.0
        self.middle = (x0 + x1) / 2, (y0 + y1) / 2
        self.metric = max(abs(x1), abs(y1)) > 180

    def path(self, geometry: shapely.Geometry) -> str:
        """Return the boundary of a shape as SVG draws it."""
        lines = (line for part in shapely.get_parts(geometry) for line in _lines(part))
        return "".join(self._line(shapely.get_coordinates(line), closed=line.is_ring) for line in lines)

    def _line(self, points: np.ndarray, *, closed: bool) -> str:
        moved = [f"{x} {y}" for x, y in map(self.point, points)]
        kept = [one for one, before in zip(moved, [None, *moved], strict=False) if one != before]
        return f"M{'L'.join(kept)}{'Z' if closed else ''}"

    def point(self, at: Iterable[float]) -> tuple[str, str]:
        """Return coordinates in units of the drawing, to a tenth."""
        x, y = at
        across, down = (x - self.middle[0]) * self.scale, (self.middle[1] - y) * self.scale
        return f"{across + WIDTH / 2:.1f}", f"{down + HEIGHT / 2:.1f}"

    def size(self, geometry: shapely.Geometry) -> float:
        """Return the larger side of a shape in units of the drawing."""
        x0, y0, x1, y1 = geometry.bounds
        return float(max(x1 - x0, y1 - y0) * self.scale)

    def bar(self) -> Markup:
        """Return the scale: a round number of metres, at most a quarter of the width."""
        if not self.metric:
            return Markup("")
        most = WIDTH / 4 / self.scale
        power = 10.0 ** math.floor(math.log10(most))
        metres = max(step * power for step in (1, 2, 5) if step * power <= most)
        said = (
            f"{metres:g} m"
            if metres >= 1
            else f"{metres * 100:g} cm"
            if metres >= 0.01
            else f"{metres * 1000:g} mm"
        )
        across = metres * self.scale
        return Markup(
            '<g class="scale" data-metres="{metres}"><path d="M12 {y1}v6h{across:.1f}v-6"/>'
            '<text x="16" y="{y2}">{said}</text></g>'
        ).format(metres=metres, y1=HEIGHT - 16, y2=HEIGHT - 16, across=across, said=said)


def _lines(part: shapely.Geometry) -> Iterable[shapely.Geometry]:
    if part.geom_type == "Polygon":
        return [part.exterior, *part.interiors] if not part.is_empty else []
    return [part] if part.geom_type in {"LineString", "LinearRing"} and not part.is_empty else []


def _drawn(shape: Shape, frame: Frame) -> Iterator[Markup]:
    """Draw a shape; a point, and what would be too small to see, as a ring."""
    if path := frame.path(shape.geometry):
        yield Markup('<path class="{}" d="{}"/>').format(shape.role, path)
    if shape.role == "defect" and frame.size(shape.geometry) < SMALL:
        x, y = frame.point(shapely.get_coordinates(shapely.centroid(shape.geometry))[0])
        yield Markup('<circle class="defect spot" cx="{}" cy="{}" r="{}"/>').format(x, y, SMALL)
        yield Markup('<circle class="defect" cx="{}" cy="{}" r="{}"/>').format(x, y, DOT)


def _labels(shapes: Sequence[Shape], frame: Frame) -> Iterator[Markup]:
    """Write the numbers of parcels that have room for them; one that would hide another below it."""
    taken: list[tuple[float, float]] = []
    for shape in shapes:
        if not shape.label or frame.size(shape.geometry) < 2 * SMALL:
            continue
        areal = shape.geometry.area > 0
        inside = shapely.point_on_surface(shape.geometry) if areal else shapely.centroid(shape.geometry)
        x, y = map(float, frame.point(shapely.get_coordinates(inside)[0]))
        while any(abs(x - left) < 2 * LINE and abs(y - top) < LINE for left, top in taken):
            y += LINE
        taken.append((x, y))
        yield Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(
            shape.role, x, y, wording.safe(shape.label)
        )
