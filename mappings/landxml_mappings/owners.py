"""Owners of parcels, as rights and as maps name them, so that the two can be compared.

Maps join names in one text, with forms of address, often without accents; so names are compared by their
letters (:data:`PLAIN`). Which names of a text belong to whom is not known [I]: one in common is agreement.
"""

from __future__ import annotations

import duckdb

from landxml.database import parsed
from landxml.layouts import Layout
from landxml_mappings import from_rows
from landxml_mappings.row_spec import has_rows, row_mapping

__all__ = ["TABLES", "create"]

PARCEL = "ThuaDat"
TABLES = frozenset(
    {PARCEL, "QuyenSuDungDat", "CaNhan", "VoChong", "HoGiaDinh", "ToChuc", "CongDong", "NhomNguoiDongSuDung"}
)
"""National classes whose tables :func:`create` reads."""
BETWEEN = r"\s*(?:[,;/&+\n()]|\s-\s|\sVA\s)\s*"
ADDRESS = r"^(?:HO GIA DINH |HO )?(?:(?:ONG|BA)[:.]? )?"
PLAIN = f"""list_filter(list_transform(
  regexp_split_to_array(replace(strip_accents(upper({{}})), 'Đ', 'D'), '{BETWEEN}'),
  lambda name: trim(regexp_replace(regexp_replace(name, '\\s+', ' ', 'g'), '{ADDRESS}', ''))
), lambda name: name <> '')"""
"""Names in a text: capitals without accents and forms of address."""

_RIGHTS = f"""
WITH one AS MATERIALIZED (
  SELECT _id, {PLAIN.format("name")} AS names, cls FROM (
    SELECT _id, hoTen AS name, loaiDoiTuongSuDungDat AS cls FROM CaNhan
    UNION ALL SELECT _id, tenToChuc, loaiDoiTuongSuDungDat FROM ToChuc
    UNION ALL SELECT _id, tenCongDong, loaiDoiTuongSuDungDat FROM CongDong
  )
), member AS (
  SELECT _id, unnest([vo, chong]) AS one, true AS owns FROM VoChong
  UNION ALL SELECT _id, unnest([chuHo, voChongChuHo]), true FROM HoGiaDinh
  UNION ALL SELECT _id, unnest(thanhVien), true FROM NhomNguoiDongSuDung
  UNION ALL SELECT _id, nguoiDaiDien, false FROM ToChuc  -- maps name those, too
  UNION ALL SELECT _id, nguoiDaiDien, false FROM CongDong
), party AS (
  FROM one UNION ALL SELECT m._id, names, if(owns, cls, NULL) FROM member m JOIN one ON one._id = m.one
)
SELECT q.thuaDat AS _id, names, cls
FROM QuyenSuDungDat q JOIN party p ON p._id = q.chu
"""


def create(con: duckdb.DuckDBPyConnection, layout: Layout, said: str = "{}") -> None:
    """Create ``Owners(_id, names, classes)``: sorted lists, of each parcel of a batch that has some.

    Parameters
    ----------
    con, layout
        Connection with the national tables of the batch, empty ones among them; its layout.
    said
        Expression of what stands for a name, such as its hash.
    """
    creation = f"""
CREATE OR REPLACE TEMP TABLE Owners AS
WITH found AS ({_of_rows(layout) or _RIGHTS})
SELECT _id, list_sort(list(DISTINCT {said.format("name")}) FILTER (name IS NOT NULL)) AS names,
  list_sort(list(DISTINCT cls) FILTER (cls IS NOT NULL)) AS classes
FROM (
  SELECT _id, cls, unnest(if(coalesce(len(names), 0) = 0, [NULL], names)) AS name FROM found
) GROUP BY _id"""
    con.execute(parsed(con, creation))


def _of_rows(layout: Layout) -> str:
    """Return the query of the columns with owners; empty if a mapping has none that are only compared."""
    compared = row_mapping(layout).compared if has_rows(layout) else None
    if compared is None:
        return ""
    rows = f'FROM {from_rows.occurrences(PARCEL)} o JOIN "{row_mapping(layout).row}" d USING (_row)'
    cls = f'upper(d."{compared.cls}")' if compared.cls else "NULL::VARCHAR"
    return " UNION ALL ".join(
        f"""SELECT o._id, {PLAIN.format(f'd."{name}"')} AS names, {cls} AS cls {rows}"""
        for name in compared.names
    )
