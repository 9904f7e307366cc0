"""Maps of findings, and the outlines of communes, from the shapes that a run keeps."""

from __future__ import annotations

from pathlib import Path

import shapely

from landxml_samples import write
from landxml_validator import validate


def test_a_finding_with_a_place_has_a_map_of_what_lies_around_it(tmp_path: Path) -> None:
    write(tmp_path / "goi", parcels=60, communes=2, faults={"GEO002": 3, "LND002": 1})
    report = validate([tmp_path / "goi"], workers=1)
    placed = [finding for result, finding in report.findings() if result.rule.code == "GEO002"]
    maps = {each.number: each.shapes for each in report.maps}
    assert [finding.number in maps for finding in placed] == [True, True, False]
    shapes = {shape.role: shapely.from_wkt(shape.wkt) for shape in maps[placed[0].number]}
    assert {"neighbour", "parcel", "defect"} <= shapes.keys()
    assert shapes["parcel"].distance(shapely.Point(placed[0].x, placed[0].y)) < 0.01
    assert not {finding.number for result, finding in report.findings() if finding.x is None} & maps.keys()
    assert [each.commune for each in report.outlines] == [each.commune for each in report.by_commune]
    assert all(shapely.from_wkt(each.wkt).area > 1_000 for each in report.outlines)
