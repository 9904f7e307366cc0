"""Valid inputs to begin with: the corpus, samples of both layouts, and what is used beside them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import landxml
import landxml_units as units
from landxml.model import ThuaDat
from landxml_remap import remap
from landxml_samples import write
from tests.fuzz.octets import Pool

CORPUS = Path(__file__).parents[1] / "corpus"
LAYOUTS = ("national", "vbdlis-xml")
OLD, DAY = ["06655", "06661"], dt.date(2025, 1, 1)
"""Communes of Quảng Ninh before July 2025; the first was divided."""
PROFILE = """id = "mau"
required = ["package", "schema", "geometry"]
[severity]
GEO003 = "error"
LND002 = "info"
[parameters.GEO003]
tolerance = 0.5
[title]
vi = "Hồ sơ mẫu"
en = "A profile"
"""


def prepare(folder: Path) -> None:
    """Make what stands beside the inputs: packages of before July 2025, and what a remap made of one."""
    for layout in LAYOUTS:
        write(folder / f"{layout}.zip", layout=layout, parcels=4, communes=OLD, date=DAY)
        write(folder / layout, layout=layout, parcels=3, communes=OLD, date=DAY)
        write(folder / f"{layout}-2026", layout=layout, parcels=2)
    remap([folder / "national.zip"], folder / "moved.zip")
    (folder / "map.geojson").write_bytes(_map())


def seeds(folder: Path) -> dict[str, Pool]:
    """Return the valid inputs by kind; ``folder`` is one that was prepared."""
    samples = [*folder.glob("*/*.gml"), *folder.glob("*/*.xml")]
    documents = [path.read_bytes() for path in sorted([*CORPUS.glob("*/*.xml"), *samples])]
    gml = next(folder.glob("national-2026/*.gml"))
    records = [record for record, _ in landxml.read(gml)]
    parcels = [record for record in records if isinstance(record, ThuaDat)]
    reference = (folder / "moved.remap.csv").read_bytes()
    return {
        "document": documents,
        "profile": [PROFILE.encode()],
        "codes": [_csv(("maXa", "tên"), *((code, "Phường Mẫu") for code in (*OLD, "06652", "00004")))],
        "choices": [_csv(("maXaCu", "soHieuToBanDo", "soThuTuThua", "maXaMoi"), ("06655", "1", "", "06661"))],
        "numbers": [_csv(("commune", "sheet", "parcel", "new_sheet"), ("06655", "1", "", "9"))],
        "reference": [reference],
        "json": [landxml.to_json(some).encode() for some in (records, *([one] for one in records))],
        "geojson": [landxml.to_geojson(parcels).encode()],
        "map": [(folder / "map.geojson").read_bytes()],
    }  # fmt: skip


def _csv(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _map() -> bytes:
    """Draw two communes side by side as rectangles of longitude and latitude."""
    points = {
        row["code"]: row for row in units.table("extents").to_pylist() if row["code"] in {"06661", "06706"}
    }
    middle = sum(row["inside_lon"] for row in points.values()) / 2
    features = []
    for code, row in points.items():
        west, east = (middle - 1, middle) if row["inside_lon"] < middle else (middle, middle + 1)
        south, north = row["inside_lat"] - 1, row["inside_lat"] + 1
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"maXa": code}, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
