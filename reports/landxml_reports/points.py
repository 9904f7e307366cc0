"""The findings that have a place as a plain table of points, for CAD and survey software.

Of an area, such as that of an overlap, it is one point of it. Coordinates are those of the file, easting
first; Vietnamese practice calls them Y and X.
"""

from __future__ import annotations

from typing import IO

from landxml.csv_rows import writer
from landxml.files import Path_
from landxml.tabular import quoted
from landxml_reports import listed
from landxml_validator.report import Report

__all__ = ["COLUMNS", "write"]

COLUMNS = ("number", "east", "north", "epsg", "rule", "severity", "commune", "parcel", "message", "place")


def write(report: Report, findings: Path_, lang: str, out: IO[bytes]) -> None:
    """Write the points, with messages in ``vi`` or ``en``.

    Parameters
    ----------
    report
        What a run found.
    findings
        Parquet file of all its findings (:mod:`landxml_validator.export`).
    out
        Where the CSV is written to.
    """
    with listed.opened(report, findings) as con, writer(out) as table:
        table.writerow(COLUMNS)
        for row in listed.rows(con, _POINTS.format(lang)):
            table.writerow((*row[:6], *map(quoted, row[6:])))


_POINTS = """
SELECT number, printf('%.3f', x), printf('%.3f', y), epsg, rule, severity, commune, parcel, message_{}, place
FROM Found WHERE x IS NOT NULL AND y IS NOT NULL ORDER BY rank, number"""
