"""The communes of a delivery: their parcels, how many have a shape, and what was found in each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

import landxml_units as units
from landxml.dictionary import national
from landxml_validator import rule_sql
from landxml_validator.findings import new
from landxml_validator.report import CommuneCounts

__all__ = ["counted"]


def counted(con: duckdb.DuckDBPyConnection, data_set: Path, as_of: dt.date) -> list[CommuneCounts]:
    """Return what was read and found in each commune that has parcels, by code.

    Parameters
    ----------
    con
        Connection with ``ThuaDat`` and ``HinhHoc`` of the whole delivery.
    data_set
        The complete findings.
    as_of
        Day on which communes have the names that are given.
    """
    key = rule_sql.key(national().classes["ThuaDat"], "ThuaDat")
    sql = _COUNTS.format(form=_FORM, key=key, found=new(data_set))
    return [_counts(*row, as_of=as_of) for row in con.execute(sql).fetchall()]


def _counts(code: str, *numbers: int | None, as_of: dt.date) -> CommuneCounts:
    names = ("parcels", "with_shape", "in_order", "errors", "warnings")
    counts = {name: number or 0 for name, number in zip(names, numbers, strict=True)}
    return CommuneCounts(commune=code, name=units.name(code, as_of), **counts)


_FORM = "^[0-9]{5}$"
"""Of the code of a commune; whatever else was typed for one is none."""
_COUNTS = """
WITH parcel AS (
  SELECT coalesce(regexp_extract(maXa, '{form}'), '') AS commune, {key} AS parcel,
    bool_or(h._id IS NOT NULL) AS shape
  FROM ThuaDat LEFT JOIN (SELECT DISTINCT _file, _id FROM HinhHoc) h USING (_file, _id) GROUP BY ALL
), found AS (
  SELECT regexp_extract(commune, '{form}') AS commune, parcel,
    severity = 'error' AS error, severity = 'warning' AS warning
  FROM {found}
), wrong AS (
  SELECT DISTINCT parcel FROM found WHERE error
)
SELECT * FROM (
  SELECT commune, count(*), count(*) FILTER (shape), count(*) FILTER (wrong.parcel IS NULL AND commune <> '')
  FROM parcel LEFT JOIN wrong USING (parcel) GROUP BY commune
) LEFT JOIN (
  SELECT commune, count(*) FILTER (error), count(*) FILTER (warning) FROM found GROUP BY commune
) USING (commune) ORDER BY commune"""
