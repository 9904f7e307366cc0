"""Administrative units of Vietnam: provinces, districts and communes with their validity, extent and CRS.

The tables are CSV files beside this module, read when first asked for; `SOURCES.md` tells their origin.
Codes are strings and keep their leading zeros: two digits for a province, three for a district, five for a
commune.

Since 1 July 2025 there are two tiers, province and commune; districts ended the day before. A code that
outlived that day has another parent since, and mostly another area: it needs a date to mean something.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, cast

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

__all__ = [
    "TWO_TIERS_SINCE",
    "Crs",
    "Extent",
    "Meridian",
    "Unit",
    "commune",
    "communes",
    "crs",
    "default_epsg",
    "extent",
    "extents",
    "meridian",
    "successors",
    "table",
    "validities",
]

TWO_TIERS_SINCE = date(2025, 7, 1)
"""First day of the system of provinces and communes without districts."""

TableName = Literal["units", "transitions", "extents", "meridians", "crs"]
Scheme = Literal["legacy63", "new34"]

BOX = ("min_lon", "min_lat", "max_lon", "max_lat")
# Everything else is text: codes must not become numbers.
TYPES = dict.fromkeys(
    (*BOX, "inside_lon", "inside_lat", "area_km2", "central_meridian_deg"), pa.float64()
) | {
    "valid_from": pa.date32(),
    "valid_to": pa.date32(),
    "epsg": pa.int32(),
    "deprecated": pa.bool_(),
}


class Unit(NamedTuple):
    """A unit as it was in one period; several of them can share a code."""

    code: str
    level: str  # province | district | commune
    name: str  # official, with the kind: "Phường Ba Đình"
    kind: str  # tinh | thanh_pho | quan | huyen | thi_xa | xa | phuong | thi_tran | dac_khu
    parent: str | None  # a commune's district before July 2025, its province since; None for a province
    valid_from: date | None  # first day; None: before the tables begin (January 2019)
    valid_to: date | None  # last day; None: still valid

    def valid_on(self, day: date) -> bool:
        """Tell whether `day` lies in the period."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


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


class Crs(NamedTuple):
    """A VN-2000 coordinate reference system of the EPSG dataset."""

    epsg: int
    name: str
    kind: str  # projected | geographic_2d | geographic_3d | geocentric
    central_meridian_deg: float | None
    deprecated: bool


@cache
def table(name: TableName) -> pa.Table:
    """Return one of the tables, with typed columns and null for what is empty."""
    data = files(__name__).joinpath(f"{name}.csv").read_bytes()
    header = data[: data.index(b"\n")].decode().split(",")
    convert = csv.ConvertOptions(
        column_types={column: TYPES.get(column, pa.string()) for column in header}, strings_can_be_null=True
    )
    return csv.read_csv(pa.BufferReader(data), convert_options=convert)


def communes(as_of: date) -> pa.Table:
    """Return the communes valid on a day: code, name, kind, parent; in the order of their codes.

    Days before 2019 get the list of January 2019, where the tables begin.
    """
    day = pa.scalar(as_of, pa.date32())
    first, last = pc.field("valid_from"), pc.field("valid_to")
    started, not_ended = first.is_null() | (first <= day), last.is_null() | (last >= day)
    rows = table("units").filter((pc.field("level") == "commune") & started & not_ended)
    return rows.select(["code", "name", "kind", "parent"])


def commune(code: str, as_of: date) -> Unit | None:
    """Return the commune that has the code on a day; None if there is none.

    >>> commune("00004", date(2025, 6, 30)).name, commune("00004", date(2025, 7, 1)).name
    ('Phường Trúc Bạch', 'Phường Ba Đình')
    """
    return next((unit for unit in validities(code) if unit.level == "commune" and unit.valid_on(as_of)), None)


def validities(code: str) -> list[Unit]:
    """Return every known period of a code, of any level, oldest first; empty for a code that never was.

    The last one's `valid_to` says until when a lost code existed.
    """
    return list(_units().get(code, ()))


def successors(code: str) -> list[str]:
    """Return the new communes that got the area or people of an old one on 1 July 2025, sorted.

    Empty for a code that was not valid on 30 June 2025. Five island districts without communes have one too.
    """
    return list(_successors().get(code, ()))


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
    moved = table("transitions").select(["old_code", "new_code"]).join(new, "new_code", "code", "inner")
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
def crs(epsg: int) -> Crs | None:
    """Return the VN-2000 system with an EPSG code; None if it is none."""
    return next((Crs(**row) for row in table("crs").to_pylist() if row["epsg"] == epsg), None)


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
def _units() -> dict[str, list[Unit]]:
    rows = defaultdict(list)
    for row in zip(*table("units").to_pydict().values(), strict=True):
        rows[cast("str", row[0])].append(Unit(*row))
    return rows


@cache
def _successors() -> dict[str, list[str]]:
    pairs = table("transitions").select(["old_code", "new_code"]).to_pydict()
    rows = defaultdict(list)
    for old, new in sorted(zip(*pairs.values(), strict=True)):
        rows[old].append(new)
    return rows


@cache
def _extents() -> dict[str, Extent]:
    return {code: Extent(*box) for code, *box in zip(*extents().to_pydict().values(), strict=True)}
