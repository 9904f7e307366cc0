"""What parcels, parties, certificates and scans hold, of every record, for whoever counts a whole delivery.

Each task writes it beside the parts that rules use, if the run keeps its outcomes or somebody looks at them
(``landxml_campaign``). It tells what is there, not what it says: no table holds personal data in clear.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import duckdb
import pyarrow as pa

from landxml import layouts
from landxml.cast import clear
from landxml.database import literal
from landxml.dictionary import national
from landxml.layouts import Layout
from landxml_mappings import from_rows
from landxml_mappings.row_spec import RowMapping, has_rows, row_mapping

__all__ = ["CLASSES", "create", "queries"]

CLASSES = frozenset({
    "CaNhan", "ChiTietHoSoQuet", "CongDong", "GiayChungNhan", "GiayToToChuc", "GiayToTuyThan", "HoSoQuet",
    "MucDichSuDung", "NguonGocDat", "ThuaDat", "ToChuc",
})  # fmt: skip
"""National classes whose tables the queries read, with ``HinhHoc``."""

_TWELVE = "coalesce(regexp_full_match({}, '\\d{{12}}'), false)"
_PARCELS = """
SELECT t._file, t._id, t._dossier, maXa, soHieuToBanDo, soThuTuThua,
  coalesce(maThuaDat, '') <> '' AS code, loaiThuaDat,
  phanLoaiDuLieu, dienTich IS NOT NULL AS area, diaChi IS NOT NULL AS address, h._id IS NOT NULL AS shape,
  coalesce(u.purpose, false) AS purpose, coalesce(u.origin, false) AS origin, coalesce(u.term, false) AS term
FROM ThuaDat t
LEFT JOIN (SELECT DISTINCT _file, _at, _id FROM HinhHoc) h
  ON h._file = t._file AND h._at = t._at AND h._id = t._id
LEFT JOIN (
  SELECT m._file, m._parent, bool_and(maMucDichSuDung IS NOT NULL AND dienTich IS NOT NULL) AS purpose,
    bool_and(n._parent IS NOT NULL) AS origin,
    bool_and(thoiHanSuDung IS NOT NULL OR ngayHetHanSuDung IS NOT NULL) AS term
  FROM MucDichSuDung m
  LEFT JOIN (SELECT DISTINCT _file, _parent FROM NguonGocDat) n ON n._file = m._file AND n._parent = m._id
  GROUP BY ALL
) u ON u._file = t._file AND u._parent = t._id"""
_PARTIES = f"""
SELECT c._file, c._id, 'CaNhan' AS cls, loaiDoiTuongSuDungDat IS NOT NULL AS class, hoTen IS NOT NULL AS name,
  namSinh IS NOT NULL OR ngaySinh IS NOT NULL AS birth, gioiTinh IS NOT NULL AS sex,
  diaChi IS NOT NULL AS address, coalesce(maSoDinhDanh, g.number) IS NOT NULL AS number,
  {_TWELVE.format("maSoDinhDanh")} OR g.twelve IS NOT NULL AS numbered,
  hidden(if({_TWELVE.format("maSoDinhDanh")}, maSoDinhDanh, g.twelve)) AS who,
  coalesce(g.authenticated, false) AS authenticated
FROM CaNhan c LEFT JOIN (
  SELECT _file, _parent, any_value(soGiayTo) AS number, bool_or(hinhThucXacThuc IS NOT NULL) AS authenticated,
    min(if({_TWELVE.format("soGiayTo")}, soGiayTo, maDinhDanhCaNhan))
      FILTER ({_TWELVE.format("soGiayTo")} OR {_TWELVE.format("maDinhDanhCaNhan")}) AS twelve
  FROM GiayToTuyThan GROUP BY ALL
) g ON g._file = c._file AND g._parent = c._id
UNION ALL
SELECT c._file, c._id, 'ToChuc', loaiDoiTuongSuDungDat IS NOT NULL, tenToChuc IS NOT NULL, NULL, NULL,
  diaChi IS NOT NULL, coalesce(maDoanhNghiep, maSoThue, soQuyetDinh, g.number) IS NOT NULL, NULL, NULL,
  coalesce(g.authenticated, false)
FROM ToChuc c LEFT JOIN (
  SELECT _file, _parent, any_value(soGiayTo) AS number, bool_or(hinhThucXacThuc IS NOT NULL) AS authenticated
  FROM GiayToToChuc GROUP BY ALL
) g ON g._file = c._file AND g._parent = c._id
UNION ALL
SELECT _file, _id, 'CongDong', loaiDoiTuongSuDungDat IS NOT NULL, tenCongDong IS NOT NULL, NULL, NULL,
  diaDanhCuTru IS NOT NULL, NULL, NULL, NULL, NULL FROM CongDong"""
_CERTIFICATES = """
SELECT _file, _id, _dossier, soPhatHanh AS serial, soVaoSo IS NOT NULL AS register,
  ngayCap IS NOT NULL AS date, banQuet IS NOT NULL AS scan, {layout} AS layout
FROM GiayChungNhan"""
_SCANS = """
SELECT d._file, d._id, d._dossier, d.giayChungNhan AS certificate, h._id AS file,
  coalesce(laGiayChungNhan, regexp_matches(upper(tenFile), '[-_]GCN')) AS is_certificate
FROM ChiTietHoSoQuet d LEFT JOIN HoSoQuet h ON h._file = d._file AND h._id = d._parent"""


def queries(layout: Layout) -> dict[str, str]:
    """Return by table the queries over the national tables of a batch (and SQL macro ``hidden``)."""
    return {
        "InventoryParcel": _PARCELS,
        "InventoryParty": _PARTIES,
        "InventoryCertificate": _CERTIFICATES.format(layout=literal(layout.id)),
        "InventoryScan": _SCANS,
        "InventoryLabel": _labels(layout),
    }


def _labels(layout: Layout) -> str:
    """Query of what columns say of parcels and persons that has no national field, but is a label of them."""
    columns = ", ".join(f"NULL::VARCHAR AS {name}" for name in ("_file", "_id", "name", "value"))
    mapping = row_mapping(layout) if has_rows(layout) else None
    labels = mapping.labels.items() if mapping else ()
    found = [_label(mapping, element, cls) for element, cls in labels if mapping]
    return " UNION ALL ".join([f"SELECT {columns} WHERE false", *found])


def _label(mapping: RowMapping, element: str, cls: str) -> str:
    """Query of a label of records, or of what these are nested in; its name begins with that of its block."""
    spec, holder = mapping.classes[cls], "_parent" if mapping.owner(cls) else "_id"
    fit = [each for each in spec.blocks if element.startswith(spec.prefix.replace("{block}", each))]
    block = spec.blocks.index(max(fit, key=len)) if fit else 0
    return (
        f'SELECT DISTINCT d._file, o.{holder}, {literal(element)}, trim(d."{element}"::VARCHAR)'
        f' FROM {from_rows.occurrences(cls)} o JOIN "{mapping.row}" d USING (_row)'
        f' WHERE o._block = {block} AND d."{element}" IS NOT NULL'
    )


def create(con: duckdb.DuckDBPyConnection, written: Collection[str]) -> None:
    """Let there be an empty table where no task wrote a part."""
    for name, table in _empty().items():
        if name not in written:
            con.register(name, table)


@cache
def _empty() -> dict[str, pa.Table]:
    with duckdb.connect() as con:
        clear(con, national())
        con.execute("CREATE MACRO hidden(value) AS value")
        con.execute("CREATE TABLE HinhHoc (_file VARCHAR, _at INTEGER, _id VARCHAR)")
        found = queries(layouts.builtin()["national"])
        return {name: con.sql(query).to_arrow_table() for name, query in found.items()}
