"""Axes and zones: does a file as a whole lie where its communes are, and if not, why not.

One wrong setting puts every parcel of a file in the wrong place. That is one finding, with its cause, not one
per parcel: the coordinates are tried with the axes swapped, in every other VN-2000 system, and with both, and
the first of these readings under which most parcels fall inside the extents of their communes is the cause.
The system is named where only one fits; a 6-degree zone may share its meridian with a 3-degree one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from landxml import crs as systems
from landxml.faults import Fault
from landxml_validator.rule import Rule

__all__ = ["find"]

TRIED = 500
"""Parcels of a file that are tried in every zone; spread evenly over the file."""
MOST = 0.5
"""Share of the parcels that must fall inside for a reading to count as the right one."""
METRES_PER_DEGREE = 110_000.0
"""Of latitude, and a little more than of longitude in Vietnam: enough for a margin."""
CAUSES = {
    "swapped": {"vi": "đảo trục X, Y", "en": "axes swapped"},
    "zone": {"vi": "sai kinh tuyến trục", "en": "wrong central meridian"},
    "swapped and zone": {"vi": "đảo trục và sai kinh tuyến trục", "en": "axes swapped and wrong meridian"},
    "degrees": {"vi": "tọa độ là độ, không phải mét", "en": "coordinates in degrees, not metres"},
    "metres": {"vi": "tọa độ là mét, không phải độ", "en": "coordinates in metres, not degrees"},
    "unknown": {"vi": "không rõ nguyên nhân", "en": "cause unknown"},
}
Floats = npt.NDArray[np.float64]


def find(con: duckdb.DuckDBPyConnection, rule: Rule) -> list[Fault]:
    """Find files most of whose parcels lie outside their communes; one finding each.

    Parameters
    ----------
    con
        Connection over the whole delivery, with ``HinhHoc``, ``ThuaDat``, ``Epsg`` and ``Extent``.
    rule
        With the ``share`` of parcels outside from which a file as a whole is judged wrong, and the ``margin``
        around the extents that is let pass, metres.
    """
    return list(_findings(con, rule.values["share"], rule.values["margin"] / METRES_PER_DEGREE))


def _findings(con: duckdb.DuckDBPyConnection, share: float, margin: float) -> Iterator[Fault]:
    placed = """
        SELECT h._file, h._part, h._at, h.epsg, h.x, h.y, e.min_lon, e.min_lat, e.max_lon, e.max_lat,
               coalesce(h.lon BETWEEN e.min_lon - $margin AND e.max_lon + $margin
                        AND h.lat BETWEEN e.min_lat - $margin AND e.max_lat + $margin, false) AS inside
        FROM HinhHoc h JOIN ThuaDat t USING (_file, _id) JOIN Extent e ON e.code = t.maXa
        JOIN Epsg s ON s.epsg = h.epsg AND NOT s.deprecated  -- other systems have rules of their own
        WHERE h.x IS NOT NULL"""
    wrong = con.execute(
        f"SELECT _file, count(*), arg_min(_part, _at), min(_at), any_value(epsg)"
        f" FROM ({placed}) GROUP BY _file HAVING avg((NOT inside)::INT) > $share ORDER BY _file",
        {"share": share, "margin": margin},
    ).fetchall()
    for file, count, part, at, epsg in wrong:
        sample = con.execute(
            f"SELECT x, y, min_lon, min_lat, max_lon, max_lat FROM ({placed}) WHERE _file = $file"
            f" QUALIFY row_number() OVER (ORDER BY _part, _at) % {max(1, count // TRIED)} = 0"
            f" LIMIT {TRIED}",
            {"file": file, "margin": margin},
        ).fetchnumpy()
        cause, suggestion = _diagnose({name: np.asarray(column) for name, column in sample.items()}, epsg)
        params = {
            "cause": CAUSES[cause], "detail": cause, "epsg": epsg, "suggestion": suggestion or "?",
            "count": count,
        }  # fmt: skip
        x, y = float(sample["x"][0]), float(sample["y"][0])
        yield Fault("CRS002", file, at, "ThuaDat", "", "ranhGioi", params, part, x, y)


def _diagnose(sample: dict[str, Any], epsg: int) -> tuple[str, str]:
    """Return the cause, a key of :data:`CAUSES`, and the systems that fit, best and 3-degree ones first."""
    x, y = sample["x"], sample["y"]
    box = tuple(sample[name] for name in ("min_lon", "min_lat", "max_lon", "max_lat"))
    degrees = np.abs(x).max() <= 180 and np.abs(y).max() <= 180
    others = [code for code, one in systems.systems().items() if not one.deprecated and code != epsg]
    wrong = "degrees" if degrees else "metres" if epsg == systems.GEOGRAPHIC else "zone"
    both = wrong if wrong != "zone" else "swapped and zone"
    for cause, codes, first, second in (
        ("swapped", [epsg], y, x), (wrong, others, x, y), (both, others, y, x),
    ):  # fmt: skip
        inside = {code: _inside(code, first, second, box) for code in codes}
        best = max(inside.values())
        if best > MOST:
            fits = sorted(inside, key=lambda code: (-inside[code], -(systems.systems()[code].scale or 0)))
            return cause, ", ".join(f"EPSG:{code}" for code in fits if inside[code] > best - MOST / 2)
    return ("degrees" if degrees else "unknown"), ""


def _inside(epsg: int, first: Floats, second: Floats, box: tuple[Floats, ...]) -> float:
    lon, lat = systems.to_wgs84(first, second, epsg)
    return float(np.mean((lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])))
