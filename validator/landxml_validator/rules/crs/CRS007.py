"""The CRS that VBDLIS names twice: whether ``srsRevert``, ``srsName`` and the communes of a file agree."""

from __future__ import annotations

import re
from typing import NamedTuple

import duckdb

import landxml_units as units
from landxml import crs
from landxml.faults import Fault
from landxml_validator.rule import Rule

__all__ = ["find"]

_REVERT = re.compile(r"VN2000_[^_]*_([36])_(\d{3}(?:\.\d{1,4})?)")


class _Zone(NamedTuple):
    width: int
    meridian: float

    def __str__(self) -> str:
        return f"{self.meridian:g}° ({self.width}°)"


def find(con: duckdb.DuckDBPyConnection, _: Rule) -> list[Fault]:
    """Find files in which the names of the CRS contradict each other, or what is known of their communes.

    One finding for each pair of names; ``con`` has ``HinhHoc`` and ``ThuaDat`` of whole files.
    """
    said = con.execute("""
        SELECT _file, epsg, "revert", maXa, count(*), min(_at), arg_min(_part, _at), arg_min(h._id, _at)
        FROM HinhHoc AS h JOIN ThuaDat AS t USING (_file, _part, _at, _id)
        WHERE epsg IS NOT NULL AND "revert" IS NOT NULL
        GROUP BY ALL ORDER BY _file, min(_at), maXa""").fetchall()
    wrong: dict[tuple[str, int, str], Fault] = {}
    for file, epsg, revert, commune, count, at, part, identifier in said:
        parcels = sum(each[4] for each in said if each[:3] == (file, epsg, revert))
        params = _contradiction(epsg, revert, commune)
        if params and (file, epsg, revert) not in wrong:
            params |= {"parcels": parcels if params["detail"] == "name" else count}
            fault = Fault("CRS007", file, at, "ThuaDat", identifier, "ranhGioi", params, part)
            wrong[file, epsg, revert] = fault
    return list(wrong.values())


def _contradiction(epsg: int, revert: str, commune: str | None) -> dict[str, object] | None:
    """Return what a message says of names that contradict each other; None if they do not, or say nothing."""
    found, system = _REVERT.fullmatch(revert.strip()), crs.system(epsg)
    if found is None or system is None or system.deprecated or not system.width:
        return None
    stated = _Zone(int(found[1]), float(found[2]))
    named = _Zone(system.width, system.central_meridian_deg or 0.0)
    known = units.meridians(commune) if commune else frozenset()
    if stated == named and (not known or named.width != 3 or named.meridian in known):
        return None
    return {
        "stated": str(stated), "crs": f"EPSG:{epsg}", "named": str(named), "commune": commune or "–",
        "expected": ", ".join(f"{each:g}°" for each in sorted(known)) or "–",
        "detail": "commune" if stated == named else "name",
    }  # fmt: skip
