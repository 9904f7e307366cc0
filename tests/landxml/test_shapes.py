"""Boundaries read one by one: what the schema's GML says, as an independent reader understands it."""

from __future__ import annotations

import pygml
import pytest
import shapely
from hypothesis import given
from lxml import etree

from landxml import testing
from landxml.shapes import shape

RING = "0 0 10 0 10 10 0 0"
GML = "http://www.opengis.net/gml/3.2"


def ring(role: str, positions: str) -> str:
    return f"<g:{role}><g:LinearRing><g:posList>{positions}</g:posList></g:LinearRing></g:{role}>"


def polygon(*rings: str) -> str:
    return f'<g:Polygon srsName="urn:ogc:def:crs:EPSG::{testing.SRID}">{"".join(rings)}</g:Polygon>'


def prop(inside: str) -> etree._Element:
    return etree.fromstring(f'<r xmlns:g="{GML}">{inside}</r>')


def written(geometry: shapely.Polygon | shapely.MultiPolygon) -> str:
    if isinstance(geometry, shapely.MultiPolygon):
        parts = "".join(f"<g:surfaceMember>{written(part)}</g:surfaceMember>" for part in geometry.geoms)
        return f'<g:MultiSurface srsName="urn:ogc:def:crs:EPSG::{testing.SRID}">{parts}</g:MultiSurface>'
    rings = [("exterior", geometry.exterior), *(("interior", hole) for hole in geometry.interiors)]
    return polygon(*(ring(role, " ".join(f"{x} {y}" for x, y in line.coords)) for role, line in rings))


@given(testing.polygons() | testing.multipolygons())
def test_shapes_are_those_of_an_independent_reader(geometry: shapely.Polygon | shapely.MultiPolygon) -> None:
    element = prop(written(geometry))
    found = shape(element)
    theirs = shapely.geometry.shape(pygml.parse(element[0]).geometry)
    assert shapely.equals_exact(found, theirs, normalize=True)
    assert shapely.equals_identical(found, geometry)
    assert shapely.get_srid(found) == testing.SRID


@pytest.mark.parametrize(
    "inside",
    [
        "<g:Point><g:pos>0 0</g:pos></g:Point>",
        polygon(ring("interior", RING)),
        polygon(ring("exterior", RING), ring("exterior", RING)),
        polygon(ring("exterior", "0 0 10 0 0 0")),
        polygon(ring("exterior", "0 0 10 0 10 10 0 1")),
        polygon(ring("exterior", "0 0 10 0 10 10 0 0 1")),
        polygon(ring("exterior", "0 0 10 0 10 NaN 0 0")),
        polygon(ring("exterior", "0 0 10 0 10 1e999 0 0")),
        polygon(ring("exterior", "0 0 1_0 0 10 10 0 0")),
        polygon(ring("exterior", "0 0 ١٠ 0 10 10 0 0")),
        polygon(ring("exterior", "0 0 10 0 10 x 0 0")),
        polygon(ring("exterior", "")),
        "",
    ],
)
def test_what_is_no_boundary_is_no_shape(inside: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        shape(prop(inside))
