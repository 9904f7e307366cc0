"""The second name that VBDLIS gives the CRS of a shape: ``srsRevert``, as VN2000_DLak_3_108.5."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import landxml_units as units
from landxml import crs
from landxml_units.tables import kind_of

__all__ = ["province", "revert"]


def revert(epsg: int | None, province: str) -> str:
    """Return the name of a zone of VN-2000; empty for another system.

    >>> revert(9218, "DLak")
    'VN2000_DLak_3_108.5'
    """
    zone = crs.system(epsg or 0)
    return f"VN2000_{province}_{zone.width}_{zone.central_meridian_deg:g}" if zone and zone.width else ""


@cache
def province(commune: str | None) -> str:
    """Return the province in which a commune lies, or lay last, as in that name; empty if it is unknown.

    The last word, and of those before it the first letters: that is [I], from the one name that is known.

    >>> province("24133"), province("06652"), province("26740"), province("99999")
    ('DLak', 'QNinh', 'HCMinh', '')
    """
    unit = units.province(commune or "")
    if unit is None:
        return ""
    letters = unicodedata.normalize("NFD", unit.name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    *first, last = re.findall(r"\w+", plain)[kind_of(unit.name).count("_") + 1 :]
    return "".join([*(word[0] for word in first), last])
