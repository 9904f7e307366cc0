"""Which communes a sample lies in: from codes or names to places as addresses write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import landxml_units as units
from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["EARLIEST", "Place", "places"]

KIND = re.compile("^(tỉnh|thành phố|xã|phường|thị trấn|đặc khu) ")
EARLIEST = dt.date(2024, 7, 1)
"""No sample is older: the newest papers in it are of June 2024."""


class Place(NamedTuple):
    """A commune as addresses name it."""

    code: str
    name: str
    province_code: str
    province: str
    urban: bool
    district: str | None = None  # before July 2025


def places(province: str, communes: int | Sequence[str], date: dt.date) -> list[Place]:
    """Return the first so many communes of a province, or those named, as they are on a day.

    Raises
    ------
    LandXmlError
        If there is no such province or commune, or the date is earlier than :data:`EARLIEST`.

    Examples
    --------
    >>> [place.name for place in places("Quảng Ninh", 2, dt.date(2026, 1, 1))]
    ['Phường Hà Tu', 'Phường Cao Xanh']
    """
    if date < EARLIEST:
        raise LandXmlError(
            Text(
                f"gói mẫu chỉ làm được cho ngày từ {EARLIEST:%d/%m/%Y} trở đi",
                f"samples are made for dates from {EARLIEST} on",
            )
        )
    provinces = _of_level("province", date)
    within = _find(province, {code: unit.name for code, unit in provinces.items()}, "province")
    districts = _of_level("district", date)
    rows = {row["code"]: row for row in units.communes(date).to_pylist()}
    above = {
        code: districts[row["parent"]].parent if districts else row["parent"] for code, row in rows.items()
    }
    names = {code: row["name"] for code, row in rows.items() if above[code] == within}
    if not isinstance(communes, int):
        codes = [code if code in rows else _find(code, names, "commune") for code in communes]
    elif 1 <= communes <= len(names):
        codes = list(names)[:communes]
    else:
        raise LandXmlError(
            Text(
                f"{communes} xã: {provinces[within].name} có {len(names)}",
                f"{communes} communes: {provinces[within].name} has {len(names)}",
            )
        )
    return [
        Place(
            code, row["name"], above[code] or "", provinces[above[code] or ""].name,
            row["kind"] in {"phuong", "thi_tran"}, districts[row["parent"]].name if districts else None,
        )
        for code, row in ((code, rows[code]) for code in dict.fromkeys(codes))
    ]  # fmt: skip


def _of_level(level: str, date: dt.date) -> dict[str, units.Unit]:
    """Units of a level that there are on a day, by code."""
    rows = (units.Unit(**row) for row in units.table("units").to_pylist() if row["level"] == level)
    return {unit.code: unit for unit in rows if unit.valid_on(date)}


def _find(wanted: str, names: Mapping[str, str], level: str) -> str:
    """Find a unit by its code or its name, with the kind ("Tỉnh Quảng Ninh") or without."""
    if wanted in names:
        return wanted
    folded = unicodedata.normalize("NFC", wanted).casefold()
    found = [
        code for code, name in names.items() if folded in {name.casefold(), KIND.sub("", name.casefold())}
    ]
    if len(found) != 1:
        vi = "tỉnh" if level == "province" else "xã"
        if found:
            raise LandXmlError(
                Text(
                    f"có nhiều {vi} tên “{wanted}”; hãy ghi mã",
                    f"several units of level {level} are named “{wanted}”; give a code",
                )
            )
        raise LandXmlError(
            Text(
                f"không có {vi} “{wanted}”; hãy ghi mã hoặc tên",
                f"there is no {level} “{wanted}”; give a code or a name",
            )
        )
    return found[0]
