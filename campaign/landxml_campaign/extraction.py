"""Extraction: flat tables, keyed as neighbours need them, from files of any layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa

from landxml import privacy
from landxml.database import connect, writing_to
from landxml.errors import LandXmlError
from landxml.files import Path_, form, writing
from landxml.layouts import Layout
from landxml.mistakes import unknown
from landxml.progress import OnProgress
from landxml.sources import Paths
from landxml.temporary import temporary
from landxml_campaign import tables
from landxml_campaign.extracts import paths as files_of
from landxml_campaign.facts import Said
from landxml_mappings.source import Source

__all__ = ["Extract", "extract", "load", "schema"]

MEMORY = 1_000
"""Megabytes of tables that are held in memory."""


class Extract(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table for a neighbour: a query over the national tables and ``LandUser``, and its columns."""

    sql: str
    columns: dict[str, tables.Column]


@cache
def load(name: str) -> Extract:
    """Return a table by its name.

    Raises
    ------
    LandXmlError
        If there is none.
    """
    if name not in files_of():
        raise LandXmlError(unknown((), name, files_of(), "bảng", "table").what)
    return msgspec.toml.decode(files_of()[name].read_bytes(), type=Extract)


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a table."""
    found = load(name)
    return tables.json_schema(found.columns, found.title)


def extract(
    name: str,
    paths: Paths,
    output: Path_,
    *,
    layouts: Iterable[Layout] = (),
    crs: int | None = None,
    personal_data: bool = False,
    lang: str = "vi",
    force: bool = False,
    progress: OnProgress | None = None,
) -> int:
    """Write a table for a neighbour; return how many rows it has.

    Parameters
    ----------
    name
        Of the table (:func:`landxml_campaign.extracts.paths`).
    paths, layouts, crs
        What it is made from, as for :func:`landxml_mappings.convert`.
    output
        File, by its suffix CSV, JSON, Parquet or XLSX.
    personal_data
        Show personal data in clear; the file is then for its owner only.
    lang
        Of the titles in a workbook.

    Raises
    ------
    LandXmlError
        If there is no such table, no record in the inputs, or the output exists.
    """
    found, shape = load(name), form(output, tables.FORMS)
    count = 0
    with (
        writing(output, force=force, private=personal_data) as out,
        writing_to(output),
        temporary() as folder,
        connect(folder, file=folder / "records", memory=MEMORY) as con,
    ):
        Source(con, tuple(layouts)).read(paths, crs, None, progress)
        con.execute(_LAND_USERS)

        def counted() -> Iterator[pa.RecordBatch]:
            nonlocal count
            for batch in tables.rows(con, found.sql):
                count += batch.num_rows
                yield batch if personal_data else _masked(batch, found)

        tables.write(shape, out, found.columns, counted(), lang)
    return count


def _masked(batch: pa.RecordBatch, found: Extract) -> pa.RecordBatch:
    """Mask what is personal, and of other texts what does not look like a code or number."""

    def masked(each: tables.Column, column: pa.Array) -> pa.Array:
        if not pa.types.is_string(column.type):
            return column
        mask = privacy.mask if each.personal else privacy.shown
        return pa.array([None if text is None else mask(text) for text in column.to_pylist()], pa.string())

    return pa.record_batch(
        [masked(*each) for each in zip(found.columns.values(), batch.columns, strict=True)], batch.schema
    )


_LAND_USERS = """
CREATE TABLE LandUser AS
WITH person AS (
  SELECT c._id, hoTen AS name, coalesce(maSoDinhDanh, g.paper) AS number, maSoThue AS tax_code,
    loaiDoiTuongSuDungDat AS class
  FROM CaNhan c LEFT JOIN (
    SELECT _parent, any_value(soGiayTo) AS paper FROM GiayToTuyThan GROUP BY _parent
  ) g ON g._parent = c._id
), member AS (
  SELECT _id AS party, unnest([vo, chong]) AS person FROM VoChong
  UNION SELECT _id, unnest(list_concat([chuHo, voChongChuHo], thanhVien)) FROM HoGiaDinh
  UNION SELECT _id, unnest(thanhVien) FROM NhomNguoiDongSuDung
), party AS (
  SELECT _id AS party, * EXCLUDE (_id) FROM person
  UNION ALL SELECT m.party, p.* EXCLUDE (_id) FROM member m JOIN person p ON p._id = m.person
  UNION ALL SELECT _id, tenToChuc, maDoanhNghiep, maSoThue, loaiDoiTuongSuDungDat FROM ToChuc
  UNION ALL SELECT _id, tenCongDong, NULL, NULL, loaiDoiTuongSuDungDat FROM CongDong
)
SELECT DISTINCT q.thuaDat AS parcel, p.* EXCLUDE (party)
FROM (SELECT thuaDat, chu FROM QuyenSuDungDat UNION SELECT thuaDat, chu FROM QuyenQuanLyDat) q
JOIN party p ON p.party = q.chu"""
