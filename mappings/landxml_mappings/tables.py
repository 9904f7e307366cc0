"""National tables of files of any layout, for people who analyse."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pyarrow as pa

from landxml.database import connect
from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.layouts import Layout
from landxml.reading import OnError, raised
from landxml.sources import Paths
from landxml.temporary import temporary
from landxml_mappings.gathering import BOUNDARIES
from landxml_mappings.source import Source

__all__ = ["tables"]


def tables(
    paths: Paths,
    *,
    on_error: OnError | None = None,
    layouts: Iterable[Layout] = (),
    crs: int | None = None,
    sheets: str | os.PathLike[str] | None = None,
) -> dict[str, pa.Table]:
    """Return the records of files of any layout as tables of the national model.

    Parameters
    ----------
    paths
        Files, folders or zip archives, one path or many.
    on_error
        Called with each document that cannot be read; without it the first is raised.
    layouts
        Layouts beside the built-in ones (:func:`landxml.load.layout`).
    crs
        EPSG code of map layers that do not say it.
    sheets
        Table of old and new sheet numbers, by which attributes and map are joined
        (:mod:`landxml_mappings.sheets`).

    Returns
    -------
    dict
        By class, those that have records. Columns are the fields of the class, typed; before them the place
        of the record (``_file``, ``_part``, ``_at``), its ``_id``, the ``_parent`` that it is nested in, its
        ``_dossier``. Boundaries are WKB in ``ranhGioi`` of ``ThuaDat``, as easting and northing, their CRS
        stands in ``srs``.

    Raises
    ------
    LandXmlError
        If a document cannot be read, or there are no records.
    """
    report = on_error or raised
    with temporary() as folder, connect(folder, file=folder / "records") as con:
        source = Source(con, layouts)
        source.read(paths, crs, sheets)
        for each in source.unread:
            report(LandXmlError(each.reason, file=each.file))
        found = {name: con.sql(f'FROM "{name}"') for name in national().classes}
        shapes = (
            f"SELECT _id, any_value(wkb) AS ranhGioi, any_value(srs) AS srs FROM {BOUNDARIES} GROUP BY _id"
        )
        found["ThuaDat"] = con.sql(
            f"SELECT t.*, g.ranhGioi, g.srs FROM ThuaDat AS t LEFT JOIN ({shapes}) AS g USING (_id)"
        )
        made = {name: rows.to_arrow_table() for name, rows in found.items()}
    return {name: table for name, table in made.items() if len(table)}
