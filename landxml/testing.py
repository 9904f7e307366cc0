"""Hypothesis strategies for arbitrary valid records and packages, derived from the model by introspection.

For the tests of this project, and for vendors who want to know whether their software reads whatever the
profile allows. Needs ``hypothesis``, which is no dependency of landxml.

Examples
--------
>>> from hypothesis import given
>>> from landxml import model, testing
>>> @given(testing.records(model.ThuaDat))
... def test_area_survives(thua): ...
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, TypeVar

import msgspec
import shapely
from hypothesis import strategies as st

import landxml_schemas
from landxml.dictionary import Class, Field, Kind, national
from landxml.model import STRUCTS, Record, SieuDuLieu

__all__ = ["SRID", "dates", "decimals", "multipolygons", "packages", "polygons", "records", "texts"]

R = TypeVar("R", bound=Record)
Pool = dict[str, list[str]]
"""Ids of the records made so far, by class: what a reference may point at."""

SRID = 5899
"""EPSG code of the geometry: VN-2000 / TM-3 107-45."""

VIETNAMESE = "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđĐưƯơƠÂÊÔ"
HOSTILE = "<>&\"' \t\n\r\x85\u2028]"
"""What escaping, normalisation of line ends or trimming could spoil."""
_TOKENS = st.sampled_from(["a", "Z-9", "_", "đất", "x" * 60])
_ZONES: st.SearchStrategy[Any] = st.none() | st.just(dt.timezone(dt.timedelta(hours=7)))


def texts(length: int | None = None, pattern: str | None = None) -> st.SearchStrategy[str]:
    """Text that XML can hold, at most ``length`` characters, or of a pattern; rich in what goes wrong."""
    if pattern:
        return st.from_regex(pattern.removeprefix("^").removesuffix("$"), fullmatch=True)
    letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    longest = min(length or 20, 20)
    short = st.text(VIETNAMESE + HOSTILE, min_size=1, max_size=longest) | st.text(
        letters, min_size=1, max_size=longest
    )
    return short | st.sampled_from(VIETNAMESE).map(lambda letter: letter * length) if length else short


def decimals() -> st.SearchStrategy[Decimal]:
    """Quantities: not negative, at most four decimals and fourteen digits before them."""
    numbers = st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places),
        st.integers(0, 10**14 - 1),
        st.integers(0, 4),
    )
    return numbers | st.sampled_from([Decimal("99999999999999.9999"), Decimal("1E+2"), Decimal("0.0001")])


def dates() -> st.SearchStrategy[dt.date]:
    """Every date that a year of four digits can write."""
    return st.dates()


def polygons(srid: int = SRID) -> st.SearchStrategy[shapely.Polygon]:
    """Return valid polygons with up to four holes, metres across, placed in Vietnam."""
    return _polygons(st.just((0.0, 0.0)), srid)


def multipolygons(srid: int = SRID) -> st.SearchStrategy[shapely.MultiPolygon]:
    """Return valid multi-polygons of one to three disjoint parts."""
    parts = st.integers(1, 3).flatmap(
        lambda count: st.tuples(*(_polygons(st.just((300.0 * n, 0.0)), srid) for n in range(count)))
    )
    return parts.map(lambda found: shapely.set_srid(shapely.MultiPolygon(found), srid))


@st.composite
def _polygons(draw: st.DrawFn, offset: st.SearchStrategy[tuple[float, float]], srid: int) -> shapely.Polygon:
    east, north = draw(offset)
    east += draw(st.sampled_from([400_000.0, 512_345.678, 600_000.001]))
    north += draw(st.sampled_from([900_000.0, 1_192_837.465, 2_600_000.123]))
    corners = draw(st.lists(st.sampled_from([(-20, -20), (-20, 20), (20, -20), (20, 20)]), unique=True))
    holes = [draw(_stars(east + dx, north + dy, 4, 12)) for dx, dy in corners]
    return shapely.set_srid(shapely.Polygon(draw(_stars(east, north, 60, 100)), holes), srid)


def _stars(
    east: float, north: float, nearest: float, farthest: float
) -> st.SearchStrategy[list[tuple[float, float]]]:
    """Rings that see their centre from every point, hence never cross themselves."""

    def ring(radii: list[float]) -> list[tuple[float, float]]:
        angles = (2 * math.pi * n / len(radii) for n in range(len(radii)))
        return [(east + r * math.cos(a), north + r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]

    return st.lists(st.floats(nearest, farthest), min_size=8, max_size=12).map(ring)


_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "date": dates(),
    "datetime": st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=_ZONES),  # noqa: DTZ001 - the strategy adds zones
    "decimal": decimals(),
    "geometry": polygons() | multipolygons(),
    "guid": st.uuids().map(str),
}


@cache
def _values(field: Field) -> st.SearchStrategy[Any]:
    """Values of one field; where it has a code list, codes of that list."""
    if field.codelist:
        codes = [row["code"] for row in landxml_schemas.codelist(field.codelist)]
        return st.sampled_from([int(code) for code in codes] if field.kind == "int" else codes)
    if field.kind == "text":
        return texts(field.length, field.pattern)
    if field.kind in {"int", "year"}:
        return st.integers(field.numbers[0], field.numbers[-1])
    return _VALUES[field.kind]


@st.composite
def records(draw: st.DrawFn, cls: type[R]) -> R:
    """Draw one valid record, with all that is nested in it; what its references name need not exist."""
    return _record(draw, cls, defaultdict(list, {name: [f"{name}.0"] for name in STRUCTS}))


def _record(draw: st.DrawFn, cls: type[R], pool: Pool) -> R:
    name = cls.__name__
    values: dict[str, Any] = {"id": f"{name}.{draw(_TOKENS)}.{len(pool[name]) + 1}"}
    infos = (info for info in msgspec.structs.fields(cls) if info.name != "id")
    for field, info in zip(national().classes[name].fields, infos, strict=True):
        choices = [identifier for target in field.targets for identifier in pool.get(target, ())]
        possible = all(any(map(pool.get, targets)) for targets in _needs(field))
        if field.repeated:
            count = draw(st.integers(int(field.required), 2)) if possible else 0
            values[info.name] = tuple(_item(draw, field, choices, pool) for _ in range(count))
        elif field.required or (possible and draw(st.booleans())):
            values[info.name] = _item(draw, field, choices, pool)
    pool[name].append(values["id"])
    return cls(**values)


def _item(draw: st.DrawFn, field: Field, choices: list[str], pool: Pool) -> Any:
    if field.kind == "object":
        return _record(draw, STRUCTS[field.targets[0]], pool)
    return draw(st.sampled_from(choices) if field.kind == "reference" else _values(field))


@st.composite
def packages(draw: st.DrawFn) -> tuple[SieuDuLieu, list[Record]]:
    """Draw a package: metadata, and records in any order with unique ids and references that hold."""
    order = _order()
    present = draw(st.sets(st.sampled_from(order), min_size=1, max_size=4))
    for name in reversed(order):  # what a present class cannot do without stands before it
        for targets in _wanted(name) if name in present else ():
            owners = [_feature(target) for target in targets]
            if not present.intersection(owners):
                present.add(draw(st.sampled_from(owners)))
    pool: Pool = defaultdict(list)
    made = [
        _record(draw, STRUCTS[name], pool)
        for name in order
        if name in present
        for _ in range(draw(st.integers(1, 2)))
    ]
    metadata = draw(records(SieuDuLieu))
    metadata = msgspec.structs.replace(metadata, he_toa_do=SRID, so_ban_ghi=(), ma_bam_noi_dung=None)
    return metadata, draw(st.permutations(made))


@cache
def _order() -> list[str]:
    """Classes of members, each after those that it refers to."""
    graph: dict[str, set[str]] = {
        cls.name: {_feature(target) for target in _targets(cls)} - {cls.name}
        for cls in national().features()
        if cls.name != "SieuDuLieu"
    }
    return list(TopologicalSorter(graph).static_order())


def _targets(cls: Class) -> Iterator[str]:
    """Targets of every reference of a class and of what is nested in it."""
    for field in cls.fields:
        if field.kind == "reference":
            yield from field.targets
        elif field.kind == "object":
            yield from _targets(national().classes[field.targets[0]])


def _feature(name: str) -> str:
    """Class of the member in which records of a class stand."""
    owner = national().classes[name].owner
    return _feature(owner) if owner else name


def _needs(field: Field) -> Iterator[tuple[str, ...]]:
    """Targets of the references that a value of a field cannot do without."""
    if field.kind == "reference":
        yield field.targets
    elif field.kind == "object":
        for inner in national().classes[field.targets[0]].fields:
            if inner.required:
                yield from _needs(inner)


def _wanted(name: str) -> Iterator[tuple[str, ...]]:
    """Targets of the references without which a record of a class, or one nested in it, cannot be made."""
    for field in national().classes[name].fields:
        if field.required or field.kind == "object":
            yield from _needs(field)
