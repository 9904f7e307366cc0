"""What is known of each parcel of a delivery, and which findings concern it: SQL over all of it at once.

A parcel is what has one commune, sheet and number, as in the tables of communes in reports; a shape that was
linked otherwise belongs to the parcel of its attributes. Records are told by a hash of their ids: a province
has tens of millions of references.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec
import pyarrow as pa

import landxml_units as units
from landxml.database import rows_of
from landxml.extract import EARLIER
from landxml.text import Text
from landxml_campaign import answered
from landxml_campaign import status as status_table

__all__ = ["Beside", "Fact", "Said", "create", "facts"]


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has a name in both languages, and evidence: a mark ([E], [I], [R]) and where it was read."""

    vi: str
    en: str
    evidence: str

    @property
    def title(self) -> Text:
        """The name."""
        return Text(self.vi, self.en)


class Fact(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds of a parcel or not, or of which the data says nothing: a column of ``Parcel``."""


@cache
def facts() -> Mapping[str, Fact]:
    """Return the facts, by name."""
    data = files("landxml_campaign").joinpath("facts.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Fact])


class Beside(NamedTuple):
    """What is known beside a delivery: flags of parcels, and answers about records of persons.

    As :func:`landxml_campaign.status.read` and :func:`landxml_campaign.answered.answered` return them.
    """

    status: pa.Table = status_table.SCHEMA.empty_table()
    answers: pa.Table = answered.SCHEMA.empty_table()


def create(con: duckdb.DuckDBPyConnection, found: Path, as_of: dt.date, beside: Beside) -> None:
    """Create the tables of a whole delivery.

    Parameters
    ----------
    con
        As :data:`landxml_validator.delivery.Look` describes it. There come

        ``Parcel(n, key, commune, …)``
            a row per parcel: its business key, the code of its commune (``""`` if none), a column per fact;
        ``Label(n, name, value)``
            what the data itself says a parcel is;
        ``LandUser(n, id)``, ``Holding(n, id)``, ``Concern(n, id)``
            hashes of the ids of those who have a right to it, members included; of its certificates; of all
            records whose findings concern it;
        ``Individual(id, number, numbered, state)``
            persons among the land users: hash of the number, whether it has 12 digits, what the population
            database has said (``verified``, ``wrong``, ``pending``, NULL if nobody knows);
        ``Breach(n, rule, severity)``
            rules of which a finding that counts concerns the parcel.
    found
        The complete findings.
    as_of
        Day on which codes of communes are judged.
    beside
        What the data does not say itself.
    """
    linked = con.execute("FROM duckdb_tables() WHERE table_name = 'Linked'").fetchone()
    con.execute(_LINKED if linked else _NOT_LINKED)
    con.execute(_PLACES)
    con.execute(_ENTITLED)
    for _ in range(DEPTH):
        con.execute(_ATTACHED)
    con.execute(_USERS)
    for _ in range(DEPTH):
        con.execute(_MEMBERS)
    con.execute(_COUNTED.format(found=rows_of([found])))
    con.execute(_CONCERNS)
    con.register("Status", beside.status)
    con.register("Answered", beside.answers)
    con.register("Stated", pa.Table.from_pylist([*_states()], _STATED))
    con.execute(_INDIVIDUALS)
    codes = [code for (code,) in con.execute("SELECT DISTINCT maXa FROM InventoryParcel").fetchall() if code]
    today = [code for code in codes if units.commune(code, as_of)]
    con.register("Today", pa.table({"code": pa.array(today, pa.string())}))
    con.execute(_PARCELS)
    con.execute(_LABELS)


_STATED = pa.schema([(name, pa.string()) for name in ("name", "value", "state")])


def _states() -> Iterator[dict[str, str]]:
    """Yield the labels of persons that say what the population database has answered."""
    data = files("landxml_campaign").joinpath("verification.toml").read_bytes()
    for name, states in msgspec.toml.decode(data, type=dict[str, dict[str, str]]).items():
        yield from ({"name": name, "value": value, "state": state} for value, state in states.items())


def _otherwise(value: str, *names: str) -> str:
    """Return the columns of facts, with the value that they have where there is nothing to hold for."""
    return ", ".join(f"coalesce({name}, {value}) AS {name}" for name in names)


DEPTH = 2
"""Steps from a parcel by its building to the right to a flat, from a household by a couple to a person."""
_KEY = """concat_ws('/', coalesce(maXa, '?'), coalesce(soHieuToBanDo::VARCHAR, '?'),
  coalesce(soThuTuThua::VARCHAR, '?'))"""
_PARTY = "('CaNhan', 'VoChong', 'HoGiaDinh', 'ToChuc', 'CongDong', 'NhomNguoiDongSuDung')"
_ASSET = """('NhaRiengLe', 'CanHo', 'NhaChungCu', 'KhuChungCu', 'CongTrinhXayDung', 'CongTrinhNgam',
  'RungTrong', 'CayLauNam')"""
_RIGHT = "('QuyenSuDungDat', 'QuyenQuanLyDat')"
_NOT_LINKED = "CREATE TEMP TABLE Elsewhere (_file VARCHAR, _id VARCHAR, key VARCHAR)"
_LINKED = f"""
CREATE TEMP TABLE Elsewhere AS
WITH keyed AS (SELECT _file, _id, {_KEY} AS key FROM InventoryParcel)
SELECT DISTINCT shape._file, shape._id, described.key
FROM Linked l JOIN Rest m ON m.n = l.m JOIN Rest a ON a.n = l.a
JOIN keyed own ON own._file = m._file AND own._id = m._id
JOIN keyed shape ON shape.key = own.key AND shape._file IN (FROM MapFile)
JOIN keyed described ON described._file = a._file AND described._id = a._id"""
_PLACES = f"""
CREATE TEMP TABLE Ref AS
SELECT hash(_id) AS id, hash(target) AS target, cls, element, list_contains(targets, 'ThuaDat') AS parcel
FROM Refs WHERE element <> 'mucDichSuDung';
CREATE TEMP TABLE Described AS SELECT DISTINCT _file FROM Refs WHERE list_contains(targets, 'ThuaDat');
CREATE TEMP TABLE Keyed AS
SELECT p._file, p._id, coalesce(e.key, {_KEY}) AS key
FROM InventoryParcel p LEFT JOIN Elsewhere e USING (_file, _id);
CREATE TEMP TABLE Number AS
SELECT key, row_number() OVER (ORDER BY key) AS n FROM (SELECT DISTINCT key FROM Keyed);
CREATE TEMP TABLE Place AS SELECT _file, _id, hash(_id) AS id, n FROM Keyed JOIN Number USING (key)"""
_ENTITLED = f"""
CREATE TEMP TABLE Entitled AS  -- rights, registrations, assets, changes
SELECT DISTINCT n, r.id, r.cls FROM Place p JOIN Ref r ON r.target = p.id WHERE r.cls NOT IN {_PARTY}"""
_ATTACHED = f"""
INSERT INTO Entitled
SELECT n, r.id, r.cls FROM Entitled e JOIN Ref r ON r.target = e.id WHERE e.cls IN {_ASSET}
EXCEPT FROM Entitled"""
_USERS = f"""
CREATE TEMP TABLE LandUser AS
SELECT DISTINCT n, r.target AS id FROM Entitled e JOIN Ref r USING (id)
WHERE r.element = 'chu' AND e.cls IN {_RIGHT}"""
_MEMBERS = f"""
INSERT INTO LandUser
SELECT n, r.target FROM LandUser u JOIN Ref r USING (id)
WHERE r.cls IN {_PARTY} AND r.element NOT IN ('diaChiChuan', 'nguoiDaiDien') EXCEPT FROM LandUser"""
_CONCERNS = f"""
CREATE TEMP TABLE Holding AS
WITH alone AS (
  SELECT _file, _dossier, any_value(n) AS n FROM InventoryParcel JOIN Place USING (_file, _id)
  WHERE NOT contains(_dossier, '{EARLIER}') GROUP BY ALL HAVING count(DISTINCT n) = 1
)
SELECT DISTINCT n, r.target AS id FROM Entitled e JOIN Ref r USING (id) WHERE r.element = 'giayChungNhan'
UNION  -- one that no right names is that of the only parcel of its dossier or row
SELECT n, hash(c._id) FROM alone JOIN InventoryCertificate c USING (_file, _dossier)
ANTI JOIN (SELECT target FROM Ref WHERE element = 'giayChungNhan') r ON r.target = hash(c._id);
CREATE TEMP TABLE Concern AS
SELECT DISTINCT n, id FROM (
  SELECT n, id FROM Place UNION ALL SELECT n, r.target FROM Place JOIN Ref r USING (id)
  UNION ALL SELECT n, id FROM Entitled
  UNION ALL SELECT n, r.target FROM Entitled JOIN Ref r USING (id) WHERE NOT r.parcel
  UNION ALL FROM LandUser UNION ALL SELECT n, r.target FROM LandUser JOIN Ref r USING (id)
  UNION ALL SELECT h.n, hash(s.file) FROM Holding h JOIN InventoryScan s ON hash(s.certificate) = h.id
);
CREATE TEMP TABLE Breach AS
WITH counted AS (
  SELECT rule, severity, file, origin FROM Part JOIN Counted USING (rule, file, cls, id, part, "at", path)
)
SELECT DISTINCT c.n, f.rule, f.severity FROM counted f JOIN Concern c ON c.id = hash(f.origin)
UNION
SELECT n.n, f.rule, f.severity FROM counted f JOIN Named l ON l.file = f.file AND l.id = f.origin
JOIN Number n ON n.key = l.parcel"""
_COUNTED = """
CREATE TEMP TABLE Counted AS
SELECT rule, severity, file, cls, id, part, "at", path, count(*) AS count
FROM {found} WHERE state = 'new' GROUP BY ALL"""
_INDIVIDUALS = """
CREATE TEMP TABLE Individual AS
SELECT hash(p._id) AS id, any_value(who) AS number, bool_or(numbered) AS numbered,
  CASE WHEN bool_or(coalesce(a.state, s.state) = 'wrong') THEN 'wrong'
    WHEN bool_or(coalesce(a.state, if(authenticated, 'verified', s.state)) = 'verified') THEN 'verified'
    WHEN bool_or(coalesce(a.state, s.state) = 'pending') THEN 'pending' END AS state
FROM InventoryParty p LEFT JOIN Answered a ON a.file = p._file AND a.id = p._id
LEFT JOIN InventoryLabel l ON l._file = p._file AND l._id = p._id
LEFT JOIN Stated s ON s.name = l.name AND s.value = lower(l.value)
WHERE p.cls = 'CaNhan' GROUP BY p._id"""
_PARCELS = f"""
CREATE TEMP TABLE Parcel AS
WITH own AS (
  SELECT n, any_value(maXa) AS commune, any_value(soHieuToBanDo) AS sheet, any_value(soThuTuThua) AS number,
    bool_or(shape) AS shape, bool_or(p._file IN (FROM Described)) AS described, bool_or(area) AS area,
    bool_or(address) AS address, bool_or(purpose) AS purpose, bool_or(origin) AS origin,
    bool_or(term) AS term, bool_or(code) AS code
  FROM InventoryParcel p JOIN Place USING (_file, _id) GROUP BY n
), entitled AS (
  SELECT n, bool_or(cls IN {_RIGHT}) AS registered, bool_or(cls IN {_ASSET}) AS asset,
    bool_or(cls = 'CanHo') AS apartment
  FROM Entitled GROUP BY n
), party AS (
  SELECT n, true AS land_user, bool_and(numbered) AS numbered, bool_and(birth) AS birth, bool_and(sex) AS sex,
    bool_and(address) AS user_address, bool_and(class) AS user_class,
    bool_and(number) FILTER (cls <> 'CaNhan') AS organisation_number
  FROM LandUser u JOIN InventoryParty p ON hash(p._id) = u.id GROUP BY n
), person AS (
  SELECT n, CASE WHEN bool_or(state = 'wrong') THEN false
    WHEN bool_and(coalesce(state, '') = 'verified') THEN true
    WHEN bool_or(state = 'pending') THEN false END AS verified
  FROM LandUser JOIN Individual USING (id) GROUP BY n
), several AS (SELECT id FROM Holding GROUP BY id HAVING count(*) > 1),
scanned AS (
  SELECT hash(certificate) AS id FROM InventoryScan WHERE certificate IS NOT NULL
  UNION SELECT hash(_id) FROM InventoryCertificate WHERE scan
  UNION SELECT hash(c._id) FROM InventoryCertificate c JOIN InventoryScan s USING (_file, _dossier)
    WHERE is_certificate
), certificate AS (
  SELECT n, true AS certified, bool_and(c.register) AS register_number, bool_and(c.date) AS issue_date,
    bool_or(id IN (FROM several)) AS together, bool_and(id IN (FROM scanned)) AS scan
  FROM Holding h JOIN InventoryCertificate c ON hash(c._id) = h.id WHERE c.serial IS NOT NULL GROUP BY n
), any_answer AS (SELECT count(state) > 0 AS told FROM Individual),
any_scan AS (SELECT count(*) > 0 AS known FROM scanned)
SELECT n, key, if(regexp_full_match(commune, '[0-9]{{5}}'), commune, '') AS commune, sheet, number,
  coalesce(regexp_full_match(commune, '[0-9]{{5}}') AND sheet IS NOT NULL AND number > 0, false) AS numbers,
  commune IN (FROM Today) AS two_tiers, own.* EXCLUDE (n, commune, sheet, number),
  {_otherwise("false", "registered", "asset", "apartment", "land_user", "certified", "together")},
  {_otherwise("true", "numbered", "birth", "sex", "user_address", "user_class", "organisation_number")},
  {_otherwise("true", "register_number", "issue_date")},
  CASE WHEN certificate.certified IS NULL THEN true WHEN known THEN scan END AS scan,
  if(known, coalesce(certificate.certified AND scan, false), NULL) AS scanned,
  coalesce(t.verified, person.verified, if(told AND land_user AND person.n IS NULL, true, NULL)) AS verified,
  t.synchronised, t.operated, t.book
FROM own JOIN Number USING (n) LEFT JOIN entitled USING (n) LEFT JOIN party USING (n)
LEFT JOIN person USING (n) LEFT JOIN certificate USING (n)
LEFT JOIN Status t USING (key) CROSS JOIN any_scan CROSS JOIN any_answer"""
_LABELS = """
CREATE TEMP TABLE Label AS
WITH said AS (
  SELECT n, unnest([
    {'name': 'loaiThuaDat', 'value': loaiThuaDat},
    {'name': 'phanLoaiDuLieu', 'value': phanLoaiDuLieu::VARCHAR}
  ]) AS label
  FROM InventoryParcel JOIN Place USING (_file, _id)
)
SELECT DISTINCT n, label.name, label.value FROM said WHERE label.value IS NOT NULL
UNION SELECT n, name, value FROM InventoryLabel JOIN Place USING (_file, _id)
UNION SELECT n, label.name, label.value
FROM (SELECT n, unnest(labels) AS label FROM Status JOIN Number USING (key))"""
