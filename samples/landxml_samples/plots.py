"""Parcels as samples change them: their areas, copies of them, and two that are made of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import shapely
from msgspec.structs import replace

import landxml_units as units
from landxml import crs
from landxml.model import Record, ThuaDat
from landxml_samples import shapes
from landxml_samples.edits import Edit, Records, sub

__all__ = ["across", "copied", "other_id", "sized", "two", "uses"]


def uses(record: ThuaDat, index: int, **fields: Any) -> dict[str, Any]:
    """Change one purpose of a parcel."""
    changed = list(record.muc_dich_su_dung)
    changed[index] = replace(changed[index], **fields)
    return {"muc_dich_su_dung": tuple(changed)}


def sized(record: ThuaDat, area: Decimal) -> dict[str, Any] | None:
    """Give an area to a parcel, its use and its origin; None where it has several of these."""
    use = record.muc_dich_su_dung[0]
    if (
        len(record.muc_dich_su_dung) > 1
        or len(use.nguon_goc_dat) > 1
        or use.nguon_goc_dat[0].dien_tich is None
    ):
        return None
    origin = replace(use.nguon_goc_dat[0], dien_tich=area)
    return uses(record, 0, dien_tich=area, nguon_goc_dat=(origin,)) | {
        "dien_tich": area,
        "dien_tich_phap_ly": area,
    }


def copied(records: Records, more: int = 0) -> Edit:
    """Repeat a parcel under another id, and a number that is so much more."""
    land = next(record for record in records if isinstance(record, ThuaDat))
    its_uses = tuple(
        replace(
            use,
            id=other_id(use.id),
            nguon_goc_dat=tuple(replace(o, id=other_id(o.id)) for o in use.nguon_goc_dat),
        )
        for use in land.muc_dich_su_dung
    )
    copy = replace(
        land, id=other_id(land.id), muc_dich_su_dung=its_uses, so_thu_tu_thua=land.so_thu_tu_thua + more
    )
    return Edit([*records, copy], copy.id)


def _reshaped(land: ThuaDat, shape: Any) -> ThuaDat | None:
    """Give a parcel another shape, and all its areas that of the shape."""
    fields = sized(land, Decimal(shape.area).quantize(Decimal("0.1")))
    boundary = shapely.set_srid(shape, shapely.get_srid(land.ranh_gioi))
    return replace(land, **fields, ranh_gioi=boundary, ma_thua_dat=None) if fields else None


def two(parts: Callable[[Any], tuple[Any, Any] | None]) -> Callable[[Records], Edit | None]:
    """Make an edit that makes two shapes of that of a parcel, for it and for a copy with another number."""

    def edit(records: Records) -> Edit | None:
        again = copied(records, 5_000)
        lands = [record for record in again.records if isinstance(record, ThuaDat)]
        made: dict[str, Record] = {
            land.id: reshaped
            for land, shape in zip(lands, parts(lands[0].ranh_gioi) or (), strict=False)
            if (reshaped := _reshaped(land, shape))
        }
        return Edit([made.get(r.id, r) for r in again.records], again.id) if len(made) == 2 else None

    return edit


def across(area: float) -> Callable[[Records], Edit | None]:
    """Divide a parcel in two that do not quite fit, and give one of them to a commune beside."""
    divide = two(partial(shapes.halves, area=area))

    def edit(records: Records) -> Edit | None:
        found = divide(records)
        land = next(record for record in records if isinstance(record, ThuaDat))
        if found is None or (code := _beside(land)) is None:
            return None
        moved = [
            replace(r, ma_xa=code) if r.id == found.id and isinstance(r, ThuaDat) else r
            for r in found.records
        ]
        named = sub(f"(<ld:maXa>{land.ma_xa}</ld:maXa>)", rf"\g<1>\n  <ld:maXa>{code}</ld:maXa>")
        return Edit(moved, max((land.ma_xa, land.id), (code, found.id))[1], rewrite=named)

    return edit


def _beside(land: ThuaDat) -> str | None:
    """Return another commune of the province in whose box a parcel lies."""
    x, y = shapely.get_coordinates(land.ranh_gioi)[0]
    lon, lat = map(float, crs.to_wgs84(x, y, shapely.get_srid(land.ranh_gioi)))
    today = dt.date.max
    home = units.commune(land.ma_xa, today)
    for row in units.table("extents").to_pylist():
        there = row["min_lon"] < lon < row["max_lon"] and row["min_lat"] < lat < row["max_lat"]
        unit = units.commune(row["code"], today) if there and row["code"] != land.ma_xa else None
        if unit and home and unit.parent == home.parent:
            return unit.code
    return None


def other_id(identifier: str) -> str:
    """Return an id that no record of the dossier has: the number ten higher."""
    start, _, n = identifier.rpartition(".")
    return f"{start}.{int(n) + 10}"
