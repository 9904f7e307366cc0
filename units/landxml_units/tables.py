"""The tables of administrative units, and what stands in them on a day.

The tables are CSV files beside this module, read when first asked for; `SOURCES.md` tells their origin. What
changed after July 2025 stands in `amendments/`, one file of rows for each batch of changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from typing import Any, Literal, NamedTuple, cast

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

__all__ = [
    "KINDS",
    "LEVELS",
    "TWO_TIERS_SINCE",
    "TableName",
    "Unit",
    "at",
    "by_law",
    "commune",
    "communes",
    "get",
    "kind_of",
    "name",
    "table",
    "validities",
]

TWO_TIERS_SINCE = date(2025, 7, 1)
"""First day of the system of provinces and communes without districts."""

LEVELS = {2: "province", 3: "district", 5: "commune"}
"""Levels by the number of digits in their codes."""

KINDS = {
    "Tỉnh": "tinh",
    "Thành phố": "thanh_pho",
    "Quận": "quan",
    "Huyện": "huyen",
    "Thị xã": "thi_xa",
    "Xã": "xa",
    "Phường": "phuong",
    "Thị trấn": "thi_tran",
    "Đặc khu": "dac_khu",
}
"""Kinds of units by the words with which official names begin."""

TableName = Literal["units", "transitions", "stale", "variants", "words", "extents", "meridians"]

FOLDER = files("landxml_units")
# Everything else is text: codes must not become numbers.
NUMBERS = "min_lon min_lat max_lon max_lat inside_lon inside_lat area_km2 central_meridian_deg"
TYPES = (
    dict.fromkeys(NUMBERS.split(), pa.float64())
    | dict.fromkeys("valid_from valid_to date effective listed_from".split(), pa.date32())
    | {"epsg": pa.int32()}
)


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


@cache
def table(name: TableName) -> pa.Table:
    """Return one of the tables, with typed columns and null for what is empty; amendments are worked in."""
    rows = _read(FOLDER.joinpath(f"{name}.csv"))
    if name == "transitions":
        return pa.concat_tables([rows, *(each.select(rows.column_names) for each in _amendments())])
    if name == "units":
        return _amended(rows, [row for each in _amendments() for row in each.to_pylist()])
    return rows


def kind_of(name: str) -> str:
    """Return the kind of the unit that has an official name.

    >>> kind_of("Thị trấn Ba Chẽ")
    'thi_tran'
    """
    folded = name.casefold()
    return next(kind for words, kind in KINDS.items() if folded.startswith(f"{words.casefold()} "))


def at(day: date) -> pa.Table:
    """Return the units of every level that were valid on a day: code, level, name, kind, parent."""
    rows, when = table("units"), pa.scalar(day, pa.date32())
    first, last = pc.field("valid_from"), pc.field("valid_to")
    valid = (first.is_null() | (first <= when)) & (last.is_null() | (last >= when))
    return rows.filter(valid).select(["code", "level", "name", "kind", "parent"])


def communes(as_of: date) -> pa.Table:
    """Return the communes valid on a day: code, name, kind, parent; in the order of their codes.

    Days before 2019 get the list of January 2019, where the tables begin.
    """
    return at(as_of).filter(pc.field("level") == "commune").select(["code", "name", "kind", "parent"])


def get(code: str, as_of: date) -> Unit | None:
    """Return the unit of any level that has the code on a day; None if there is none.

    >>> get("20", date(2025, 7, 1)).name
    'Tỉnh Lạng Sơn'
    """
    return next((unit for unit in _periods_of(code) if unit.valid_on(as_of)), None)


def commune(code: str, as_of: date) -> Unit | None:
    """Return the commune that has the code on a day; None if there is none.

    >>> commune("00004", date(2025, 6, 30)).name, commune("00004", date(2025, 7, 1)).name
    ('Phường Trúc Bạch', 'Phường Ba Đình')
    """
    unit = get(code, as_of)
    return unit if unit and unit.level == "commune" else None


def name(code: str, as_of: date) -> str:
    """Return the name of the unit that has the code on a day; ``""`` if there is none.

    >>> name("00004", date(2025, 7, 1)), name("99999", date(2025, 7, 1))
    ('Phường Ba Đình', '')
    """
    unit = get(code, as_of)
    return unit.name if unit else ""


@cache
def province(code: str) -> Unit | None:
    """Return the province in which a unit lies, or lay last; None if the code was never one.

    >>> province("24133").name, province("99999")
    ('Tỉnh Đắk Lắk', None)
    """
    unit = next(reversed(validities(code)), None)
    while unit and unit.parent:
        unit = next(reversed(validities(unit.parent)), None)
    return unit if unit and unit.level == "province" else None


@cache
def by_law() -> pa.Table:
    """Return the periods, in the columns of the units, in which the law had a unit and the catalogue had not.

    The catalogue took some changes before the law did, or after: on the days between, a check accepts either
    state. All else here goes by the catalogue.
    """
    date, effective = pc.field("date"), pc.field("effective")
    steps = table("transitions").filter(effective.is_valid() & (effective != date)).to_pylist()
    known = _periods(table("units"), {step[name] for step in steps for name in ("old_code", "new_code")})
    rows, day = [], timedelta(days=1)
    for step in steps:
        first, last = sorted((step["date"], step["effective"]))
        code, when = (step["new_code"], last) if step["date"] == last else (step["old_code"], first - day)
        unit = next((each for each in known.get(code, ()) if each.valid_on(when)), None)
        if unit:
            rows.append(unit._replace(valid_from=first, valid_to=last - day)._asdict())
    return pa.Table.from_pylist(rows, table("units").schema)


def validities(code: str) -> list[Unit]:
    """Return every known period of a code, of any level, oldest first; empty for a code that never was.

    The last one's `valid_to` says until when a lost code existed.
    """
    return list(_periods_of(code))


@lru_cache(maxsize=20_000)
def _periods_of(code: str) -> tuple[Unit, ...]:
    """Return the periods of a code; most runs ask for a few of 16,000, so objects are made of these only."""
    codes = _codes()
    first, end = bisect_left(codes, code), bisect_right(codes, code)
    rows = table("units").slice(first, end - first).to_pydict()
    return tuple(map(Unit, *rows.values()))


@cache
def _codes() -> list[str]:
    """Return the codes of the table, which is in their order."""
    return cast("list[str]", table("units")["code"].to_pylist())


def _read(file: Traversable) -> pa.Table:
    data = file.read_bytes()
    header = data[: data.index(b"\n")].decode().split(",")
    convert = csv.ConvertOptions(
        column_types={column: TYPES.get(column, pa.string()) for column in header}, strings_can_be_null=True
    )
    return csv.read_csv(pa.BufferReader(data), convert_options=convert)


def _amendments() -> list[pa.Table]:
    """Read the files of amendments: transitions, with `name` and `parent` of a unit where they change."""
    found = FOLDER.joinpath("amendments").iterdir()
    return [_read(file) for file in sorted(found, key=lambda file: file.name) if file.name.endswith(".csv")]


def _amended(rows: pa.Table, changes: Iterable[dict[str, Any]]) -> pa.Table:
    """Return the table of units with the periods that amendments end and begin."""
    changes = sorted(changes, key=lambda row: row["date"])
    codes = {code for row in changes for code in (row["old_code"], row["new_code"]) if code}
    periods = _periods(rows, codes)
    for day, group in groupby(changes, key=lambda row: row["date"]):
        _amend(periods, day, list(group))
    units = [unit._asdict() for each in periods.values() for unit in each]
    untouched = rows.filter(~pc.field("code").isin(sorted(codes)))
    return pa.concat_tables([untouched, pa.Table.from_pylist(units, rows.schema)]).sort_by("code")


def _periods(rows: pa.Table, codes: Iterable[str | None]) -> dict[str, list[Unit]]:
    """Return the periods of some codes, oldest first; an empty list for a code that no unit had."""
    periods: dict[str, list[Unit]] = {code: [] for code in sorted(code for code in codes if code)}
    for row in rows.filter(pc.field("code").isin(list(periods))).to_pylist():
        periods[row["code"]].append(Unit(**row))
    return periods


def _amend(periods: dict[str, list[Unit]], day: date, changes: list[dict[str, Any]]) -> None:
    """Carry out the changes of one day: a code that goes nowhere ends, one that comes or changes begins."""
    before = {code: units[-1] for code, units in periods.items() if units and units[-1].valid_to is None}
    named_last = sorted(changes, key=lambda row: bool(row["name"]))
    after = {row["new_code"]: row for row in named_last if row["new_code"]}
    for code in {row["old_code"] for row in changes} | set(after):
        now, row = before.get(code), after.get(code)
        begins = _begun(row, day, now or before[row["old_code"]]) if row else None
        if begins and now and (begins.name, begins.parent) == (now.name, now.parent):
            continue
        if now:
            periods[code][-1] = now._replace(valid_to=day - timedelta(days=1))
        if begins:
            periods[code].append(begins)


def _begun(row: dict[str, Any], day: date, like: Unit) -> Unit:
    name, code = row["name"] or like.name, row["new_code"]
    return Unit(code, LEVELS[len(code)], name, kind_of(name), row["parent"] or like.parent, day, None)
