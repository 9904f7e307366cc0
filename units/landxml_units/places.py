"""Where units lie: bounding boxes of communes, central meridians of provinces."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from landxml_units.tables import TWO_TIERS_SINCE, commune, get, table

__all__ = ["Extent", "Meridian", "default_epsg", "extent", "extents", "meridian", "meridians"]

Scheme = Literal["legacy63", "new34"]

BOX = ("min_lon", "min_lat", "max_lon", "max_lat")


class Extent(NamedTuple):
    """A bounding box in degrees (EPSG:4326): a bound of plausibility, not a boundary."""

    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float


class Meridian(NamedTuple):
    """The central meridian of a province's 3-degree zone."""

    scheme: str  # legacy63 | new34
    province_code: str
    province_name: str
    central_meridian_deg: float
    epsg: int
    note: str | None  # other meridians in its inherited records; doubts about the source


def extent(code: str) -> Extent | None:
    """Return the row of `extents` for a code; None if the code was not valid in June 2025 nor later."""
    return _extents().get(code)


@cache
def extents() -> pa.Table:
    """Return code, min_lon, min_lat, max_lon, max_lat: one box for each code valid in June 2025 or since.

    A commune of before July 2025 has the box around all its successors. A code valid in both times has that
    box as well, for it says nothing about its date; its own commune of today always lies inside.
    """
    new = table("extents").select(["code", *BOX])
    reform = table("transitions").filter(pc.field("date") == TWO_TIERS_SINCE)
    moved = reform.select(["old_code", "new_code"]).join(new, "new_code", "code", "inner")
    around = [(name, name[:3]) for name in BOX]  # min or max
    old = moved.group_by("old_code").aggregate(around)
    old = old.select(["old_code", *map("_".join, around)]).rename_columns(["code", *BOX])
    return pa.concat_tables([old, new.join(old, "code", join_type="left anti")]).sort_by("code")


@cache
def meridian(province_code: str, scheme: Scheme) -> Meridian | None:
    """Return the meridian of a province: `legacy63` up to June 2025, `new34` since."""
    found = (Meridian(**row) for row in table("meridians").to_pylist())
    return next((m for m in found if (m.scheme, m.province_code) == (scheme, province_code)), None)


@cache
def meridians(code: str) -> frozenset[float]:
    """Return the central meridians on which maps of a commune may have been made; none for an unknown code.

    Those of the provinces in which its land lay before July 2025, for records keep them, and that of its
    province since.
    """
    last = TWO_TIERS_SINCE - dt.timedelta(1)
    reform = table("transitions").filter(
        (pc.field("date") == TWO_TIERS_SINCE) & (pc.field("new_code") == code)
    )
    found = set()
    for old in {code, *reform["old_code"].to_pylist()}:
        unit = commune(old, last)
        district = get(unit.parent, last) if unit and unit.parent else None
        found.add(meridian(district.parent, "legacy63") if district and district.parent else None)
    new = commune(code, TWO_TIERS_SINCE)
    found.add(meridian(new.parent, "new34") if new and new.parent else None)
    return frozenset(zone.central_meridian_deg for zone in found if zone)


def default_epsg(commune_code: str) -> int:
    """Return the EPSG code of the 3-degree zone of a commune of today.

    Only a default for made-up data, never a measure for a file: records keep the meridian on which they were
    made, and in 18 of the 34 provinces that is, for a part of them, another one.

    Raises
    ------
    KeyError
        The code was no commune's on 1 July 2025.
    """
    unit = commune(commune_code, TWO_TIERS_SINCE)
    zone = meridian(unit.parent, "new34") if unit and unit.parent else None
    if zone is None:
        raise KeyError(commune_code)
    return zone.epsg


@cache
def _extents() -> dict[str, Extent]:
    return {code: Extent(*box) for code, *box in zip(*extents().to_pydict().values(), strict=True)}
