"""Collections of features as their maker writes them: GML of a flat layout, batch by batch.

The words around the features stand in the manifest of the layout (:class:`landxml.layouts.Collection`), its
dictionary has the elements that are written, in their order.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely

from landxml.carriers.base import Batch
from landxml.dictionary import dictionary
from landxml.files import writing
from landxml.geometry import epsg_of, polygons
from landxml.layouts import Collection, Layout
from landxml.markup import Markup

__all__ = ["Bounds", "surface", "template", "write", "write_features"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
CORNERS = """  <gml:boundedBy>
    <gml:Envelope{said}>
      <gml:lowerCorner>{lower}</gml:lowerCorner>
      <gml:upperCorner>{upper}</gml:upperCorner>
    </gml:Envelope>
  </gml:boundedBy>
"""


class Bounds:
    """The corners of all shapes of a collection, if they have one CRS."""

    def __init__(self) -> None:
        self.named: set[tuple[int, str]] = set()
        self.corners = np.array([np.inf, np.inf, -np.inf, -np.inf])

    def add(self, named: Iterable[tuple[int, str]], shapes: npt.NDArray[Any]) -> None:
        """Add shapes, with EPSG code and ``srsRevert`` of each."""
        self.named.update(named)
        found = np.vstack([self.corners, shapely.bounds(shapes)])
        self.corners = np.concatenate([np.fmin.reduce(found[:, :2]), np.fmax.reduce(found[:, 2:])])

    def __str__(self) -> str:
        """Write the element that says them; nothing where there is no shape, or several CRSs."""
        if len(self.named) != 1:
            return ""
        (named,) = self.named
        lower, upper = _positions(self.corners[:2]), _positions(self.corners[2:])
        return CORNERS.format(said=_said(*named), lower=lower, upper=upper)


def write(
    path: str | os.PathLike[str], layout: Layout, batches: Iterable[Batch], *, force: bool = False
) -> None:
    """Write a collection, complete or not at all (:mod:`landxml.files`); only the corners are kept.

    Parameters
    ----------
    path, force
        The file; whether one that exists is replaced, when the new one is complete.
    layout
        With a ``collection``, and one class.
    batches
        Texts by element, and the boundaries by the numbers of their rows.
    """
    markup, bounds = Markup(layout), Bounds()
    texts = (
        text
        for batch in batches
        for text in markup.features(batch, template(layout), _surfaces(batch, bounds))
    )
    write_features(path, layout, texts, bounds, force=force)


def write_features(
    path: str | os.PathLike[str],
    layout: Layout,
    features: Iterable[bytes],
    bounds: Bounds,
    *,
    force: bool = False,
) -> None:
    """Write a collection of features as :func:`template` has them, one by one or in runs.

    ``bounds`` are complete when the last of them has been taken. See :func:`write`.
    """
    with writing(path, force=force) as out, TemporaryFile(dir=Path(out.name).parent) as collected:
        collected.writelines(features)
        out.write(f"{DECLARATION}{_collection(layout).start}\n{bounds}".encode())
        collected.seek(0)
        shutil.copyfileobj(collected, out, 1 << 20)
        out.write(f"</{_around(layout)}:{layout.root}>\n".encode())


@cache
def template(layout: Layout) -> str:
    """Return the text of a feature, with the names of its elements in braces."""
    around, prefix = _around(layout), _collection(layout).prefix
    (cls,) = dictionary(layout).features()
    names = [field.element for field in cls.fields if field.column]
    elements = "".join(f"      <{prefix}:{name}>{{{name}}}</{prefix}:{name}>\n" for name in names)
    return (
        f"  <{around}:{layout.member}>\n    <{prefix}:{cls.name}>\n{elements}"
        f"    </{prefix}:{cls.name}>\n  </{around}:{layout.member}>\n"
    )


def _collection(layout: Layout) -> Collection:
    return cast("Collection", layout.collection)


def _around(layout: Layout) -> str:
    """Return the prefix of root and members."""
    return _collection(layout).start[1:].partition(":")[0]


def _surfaces(batch: Batch, bounds: Bounds) -> Iterator[tuple[int, str]]:
    """Yield row and GML of each boundary that is a polygon."""
    rings, shapes = batch.rings, polygons(batch.rings)
    named = [(epsg_of(srs) or 0, rings.reverts.get(at, "")) for at, srs in enumerate(rings.srs)]
    usable = np.flatnonzero(~shapely.is_missing(shapes)).tolist()
    bounds.add((named[at] for at in usable), shapes[usable])
    for at in usable:
        yield rings.rows[at], surface(shapes[at], *named[at])


def surface(shape: Any, epsg: int, revert: str) -> str:
    """Write a shape, on lines of its own; GML 3.2 has no other form for one of several parts [I]."""
    said, parts = _said(epsg, revert), shapely.get_parts(shape).tolist()
    if len(parts) == 1:
        return f"\n{_polygon(parts[0], said, 8)}{'':6}"
    members = (
        f"{'':10}<gml:surfaceMember>\n{_polygon(part, '', 12)}{'':10}</gml:surfaceMember>\n" for part in parts
    )
    return f"\n{'':8}<gml:MultiSurface{said}>\n{''.join(members)}{'':8}</gml:MultiSurface>\n{'':6}"


def _polygon(shape: Any, said: str, depth: int) -> str:
    pad = " " * depth
    rings = [("exterior", shape.exterior), *(("interior", ring) for ring in shape.interiors)]
    inside = "".join(
        f"{pad}  <gml:{role}>\n{pad}    <gml:LinearRing>\n"
        f"{pad}      <gml:posList>{_positions(shapely.get_coordinates(ring))}</gml:posList>\n"
        f"{pad}    </gml:LinearRing>\n{pad}  </gml:{role}>\n"
        for role, ring in rings
    )
    return f"{pad}<gml:Polygon{said}>\n{inside}{pad}</gml:Polygon>\n"


def _positions(numbers: npt.NDArray[np.float64]) -> str:
    """Write coordinates with the binary tails that VBDLIS leaves: 457970.549999999988."""
    return " ".join(f"{number:.18g}" for number in numbers.ravel().tolist())


def _said(epsg: int, revert: str) -> str:
    """Write the attributes that name the CRS, as VBDLIS does."""
    name = f' srsName="urn:ogc:def:crs:EPSG::{epsg}"' if epsg else ""
    second = f' srsRevert="{revert}" srsProjected="1"' if revert else ""
    return f' srsDimension="2"{name}{second}'
