"""Encoding: one record of the national model → its element, as text of a GML file.

Types are checked on the way, because nothing else does when a program runs; what a type cannot say, the
schema does (:mod:`landxml.writing`).
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from landxml.dictionary import Field, Kind, national
from landxml.errors import LandXmlError
from landxml.model import STRUCTS, Record
from landxml.text import Text
from landxml.values import KINDS

__all__ = ["FORBIDDEN", "boundary", "encode", "escaped", "unfit"]

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""


def encode(record: Record, wrapper: str = "thanhVien") -> bytes:
    """Return the element of one record in its wrapper, prefixes undeclared, ending in a line break.

    Raises
    ------
    LandXmlError
        If a value is missing, of another type than its field, or holds a character that XML cannot hold.
    """
    lines = [f"<ld:{wrapper}>"]
    _lines(record, 0, lines)
    lines.append(f"</ld:{wrapper}>\n")
    text = "\n".join(lines)
    _refuse_forbidden(text, [record])
    return text.encode()


def unfit(record: Record, field: str, vi: str, en: str) -> LandXmlError:
    """Return the error for a value that cannot be written, with its place."""
    return LandXmlError(Text(vi, en), record=record.id, field=field)


def _refuse_forbidden(text: str, records: Iterable[Record]) -> None:
    """Refuse a text made from records if it holds a character that XML cannot hold.

    Raises
    ------
    LandXmlError
        Names record and element, never the value, which may be personal.
    """
    if FORBIDDEN.search(text):
        record, field = next((place for record in records for place in _forbidden(record)), (None, None))
        raise LandXmlError(
            Text("có ký tự mà XML không cho phép", "a character that XML cannot hold"),
            record=record,
            field=field,
        )


def _forbidden(record: Record) -> Iterator[tuple[str | None, str]]:
    """Where characters stand that XML cannot hold, in file order."""
    name = type(record).__name__
    if FORBIDDEN.search(record.id):
        yield None, f"{name}.id"
        return
    for field, attribute in _plan(name):
        value = getattr(record, attribute)
        for item in value if isinstance(value, tuple) else (value,):
            if field.kind == "object" and item is not None:
                yield from _forbidden(item)
            elif isinstance(item, str) and FORBIDDEN.search(item):
                yield record.id, field.element


def _lines(record: Record, depth: int, lines: list[str]) -> None:
    pad, name = " " * depth, type(record).__name__
    identifier: object = record.id
    if not isinstance(identifier, str):
        vi, en = _other("str", identifier)
        raise LandXmlError(Text(vi, en), field=f"{name}.id")
    lines.append(f'{pad}<ld:{name} gml:id="{_text(identifier)}">')
    for field, attribute in _plan(name):
        value = getattr(record, attribute)
        if value is None and not field.required:
            continue
        element, kind = field.element, field.kind
        for item in _items(record, field, value):
            if kind == "object":
                lines.append(f"{pad} <ld:{element}>")
                _lines(item, depth + 2, lines)
                lines.append(f"{pad} </ld:{element}>")
            elif kind == "reference":
                lines.append(f'{pad} <ld:{element} xlink:href="#{_text(item)}"/>')
            elif kind == "geometry":
                lines.append(f"{pad} <ld:{element}>{boundary(item, f'{record.id}.{element}')}</ld:{element}>")
            else:
                lines.append(f"{pad} <ld:{element}>{_FORMS[kind](item)}</ld:{element}>")
    lines.append(f"{pad}</ld:{name}>")


def _items(record: Record, field: Field, value: Any) -> tuple[Any, ...]:
    """Return the values of a field, which may be any objects at run time; refuse those of another type."""
    if value is None or value == ():
        if field.required:
            raise unfit(record, field.element, "thiếu giá trị", "has no value")
        return ()
    if not field.repeated:
        value = (value,)
    elif type(value) is not tuple:
        raise unfit(record, field.element, *_other("tuple", value))
    wanted = STRUCTS[field.targets[0]] if field.kind == "object" else KINDS[field.kind].python
    for item in value:
        if type(item) is not wanted and not (wanted in _OPEN and isinstance(item, wanted)):
            raise unfit(record, field.element, *_other(wanted.__name__, item))
        if field.kind == "geometry" and (found := _misshapen(item)):
            raise unfit(record, field.element, *found)
    return tuple(value)


def _other(wanted: str, value: object) -> tuple[str, str]:
    found = type(value).__name__
    return f"cần {wanted}, không phải {found}", f"expected {wanted}, not {found}"


def _misshapen(shape: BaseGeometry) -> tuple[str, str] | None:
    """Say why a shape cannot be a boundary, in both languages."""
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return _other("Polygon, MultiPolygon", shape)
    if shape.is_empty:
        return "hình rỗng", "the shape is empty"
    if shapely.get_srid(shape) == 0:
        return "thiếu mã EPSG; dùng shapely.set_srid", "has no EPSG code; give it one with shapely.set_srid"
    return None


def escaped(text: str) -> str:
    """Return a text as it is written between tags."""
    return html.escape(text, quote=False).replace("\r", "&#13;")


def _text(value: str) -> str:
    return html.escape(value).replace("\r", "&#13;")


def _decimal(value: Decimal) -> str:
    return f"{value:f}"


def _bool(value: object) -> str:
    return "true" if value else "false"


def _date(value: dt.date | dt.datetime) -> str:
    return value.isoformat()


def boundary(value: BaseGeometry, identifier: str) -> str:
    """Return the GML of a polygon or multi-polygon; its SRID is the EPSG code of the file."""
    srs = f' srsName="urn:ogc:def:crs:EPSG::{shapely.get_srid(value)}"'
    if value.geom_type == "Polygon":
        return _polygon(value, identifier, srs)
    parts = "".join(
        f"<gml:surfaceMember>{_polygon(part, f'{identifier}.{n}', '')}</gml:surfaceMember>"
        for n, part in enumerate(value.geoms, 1)
    )
    return f'<gml:MultiSurface gml:id="{_text(identifier)}"{srs}>{parts}</gml:MultiSurface>'


def _polygon(value: Any, identifier: str, srs: str) -> str:
    rings = [("exterior", value.exterior), *(("interior", ring) for ring in value.interiors)]
    inside = "".join(
        f"<gml:{role}><gml:LinearRing><gml:posList>{_positions(ring)}</gml:posList></gml:LinearRing></gml:{role}>"
        for role, ring in rings
    )
    return f'<gml:Polygon gml:id="{_text(identifier)}"{srs}>{inside}</gml:Polygon>'


def _positions(ring: Any) -> str:
    return " ".join(map(repr, shapely.get_coordinates(ring).ravel().tolist()))


_FORMS: dict[Kind, Callable[[Any], str]] = {
    "text": _text, "guid": _text, "int": str, "year": str, "decimal": _decimal, "bool": _bool,
    "date": _date, "datetime": _date,
}  # fmt: skip


_OPEN = (str, BaseGeometry)
"""Types of which a subclass is as good; a bool is no number, a time no date."""


@cache
def _plan(name: str) -> tuple[tuple[Field, str], ...]:
    """Each field of a class with its attribute, in file order."""
    infos = (info for info in msgspec.structs.fields(STRUCTS[name]) if info.name != "id")
    return tuple(
        (field, info.name) for field, info in zip(national().classes[name].fields, infos, strict=True)
    )
