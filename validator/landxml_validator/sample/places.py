"""Which communes a sample lies in: from codes or names to places as addresses write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from landxml.errors import LandXmlError
from landxml_mappings import units

__all__ = ["Place", "places"]

KIND = re.compile("^(tỉnh|thành phố|xã|phường|đặc khu) ")


class Place(NamedTuple):
    """A commune as addresses name it."""

    code: str
    name: str
    province_code: str
    province: str
    urban: bool


def places(province: str, communes: int | Sequence[str], date: dt.date) -> list[Place]:
    """Return the first so many communes of a province, or those named, as they are on a day.

    Raises
    ------
    LandXmlError
        If there is no such province or commune, or the date is earlier than July 2025.

    Examples
    --------
    >>> [place.name for place in places("Quảng Ninh", 2, dt.date(2026, 1, 1))]
    ['Phường Hà Tu', 'Phường Cao Xanh']
    """
    if date < units.TWO_TIERS_SINCE:
        since = units.TWO_TIERS_SINCE
        raise LandXmlError(
            f"samples have two tiers of units: no date before {since}",
            vi=f"gói mẫu theo hai cấp đơn vị hành chính: ngày phải từ {since:%d/%m/%Y} trở đi",
        )
    provinces = _provinces(date)
    within = _find(province, provinces, "province")
    rows = {row["code"]: row for row in units.communes(date).to_pylist()}
    names = {code: row["name"] for code, row in rows.items() if row["parent"] == within}
    if not isinstance(communes, int):
        codes = [code if code in rows else _find(code, names, "commune") for code in communes]
    elif 1 <= communes <= len(names):
        codes = list(names)[:communes]
    else:
        raise LandXmlError(
            f"{communes} communes: {provinces[within]} has {len(names)}",
            vi=f"{communes} xã: {provinces[within]} có {len(names)}",
        )
    return [
        Place(code, row["name"], row["parent"], provinces[row["parent"]], row["kind"] == "phuong")
        for code, row in ((code, rows[code]) for code in dict.fromkeys(codes))
    ]


def _provinces(date: dt.date) -> dict[str, str]:
    """Names of the provinces of a day, by code."""
    rows = (units.Unit(**row) for row in units.table("units").to_pylist() if row["level"] == "province")
    return {unit.code: unit.name for unit in rows if unit.valid_on(date)}


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
                f"several units of level {level} are named “{wanted}”; give a code",
                vi=f"có nhiều {vi} tên “{wanted}”; hãy ghi mã",
            )
        raise LandXmlError(
            f"there is no {level} “{wanted}”; give a code or a name",
            vi=f"không có {vi} “{wanted}”; hãy ghi mã hoặc tên",
        )
    return found[0]
