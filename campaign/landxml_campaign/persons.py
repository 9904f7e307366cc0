"""Persons of files of any layout, with their papers and the communes of their land, in a database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

import duckdb

from landxml.carriers import Batch
from landxml.cast import clear
from landxml.database import connect
from landxml.dictionary import Dictionary, dictionary, national
from landxml.documents import Document
from landxml.extract import EARLIER
from landxml.faults import Report, raised
from landxml.layouts import Layout
from landxml.load import Loader, opened, reported
from landxml.progress import OnProgress, Progress
from landxml.temporary import temporary
from landxml_mappings.load import load
from landxml_mappings.row_spec import has_rows
from landxml_mappings.spec import is_mapped

__all__ = ["database", "gather"]

LIMIT = 500
"""Megabytes of the database of all persons; the rest is on disk."""
MEMORY = 1_000
"""Megabytes of the tables of a batch that are held in memory."""
NEEDED = (
    "CaNhan", "GiayToTuyThan", "VoChong", "HoGiaDinh", "ToChuc", "CongDong", "NhomNguoiDongSuDung",
    "QuyenSuDungDat", "QuyenQuanLyDat", "ThuaDat",
)  # fmt: skip
"""National classes that tell of persons, and on which land they have rights."""

KEPT = {
    "person": f"""
SELECT _file AS file, _part AS part, _at AS "at", _id AS id, hoTen AS name, ngaySinh AS birth,
  namSinh AS born, gioiTinh AS sex, maSoDinhDanh AS number, diaChi AS address
FROM CaNhan WHERE hieuLuc IS NOT FALSE AND NOT contains(coalesce(_dossier, ''), '{EARLIER}')""",
    "paper": """
SELECT _file AS file, _at AS "at", _id AS id, _parent AS person, soGiayTo AS number,
  maDinhDanhCaNhan AS personal
FROM GiayToTuyThan WHERE hieuLuc IS NOT FALSE""",
    "member": """
SELECT file, party, person FROM (
  SELECT _file AS file, _id AS party, unnest([vo, chong]) AS person FROM VoChong
  UNION ALL SELECT _file, _id, unnest(list_concat([chuHo, voChongChuHo], thanhVien)) FROM HoGiaDinh
  UNION ALL SELECT _file, _id, unnest(list_concat([nguoiDaiDien], thanhVien)) FROM NhomNguoiDongSuDung
  UNION ALL SELECT _file, _id, nguoiDaiDien FROM ToChuc
  UNION ALL SELECT _file, _id, nguoiDaiDien FROM CongDong
) WHERE person IS NOT NULL""",
    "holding": """
SELECT DISTINCT _file AS file, chu AS party, thuaDat AS parcel FROM QuyenSuDungDat
UNION SELECT _file, chu, thuaDat FROM QuyenQuanLyDat""",
    "parcel": "SELECT DISTINCT _file AS file, _id AS id, trim(maXa) AS commune FROM ThuaDat",
}
"""Tables of :func:`gather`, each as a query over the national tables of a batch."""

COMMUNES = """
CREATE TABLE commune AS
WITH owner AS (
  SELECT file, party AS person, parcel FROM holding
  UNION SELECT m.file, m.person, h.parcel FROM member m JOIN holding h USING (file, party)
)
SELECT o.file, o.person, min(p.commune) AS commune
FROM owner o JOIN parcel p ON p.file = o.file AND p.id = o.parcel WHERE p.commune <> '' GROUP BY ALL
"""
"""The commune of a person's land; of several the one with the smallest code."""


@contextlib.contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Offer an empty database on disk, for a million persons and more; it is gone afterwards."""
    with (
        temporary() as folder,
        connect(folder, file=folder / "persons.duckdb", memory=LIMIT) as con,
    ):
        yield con


def gather(
    con: duckdb.DuckDBPyConnection,
    items: Sequence[Document],
    layouts: Iterable[Layout] = (),
    progress: OnProgress | None = None,
    report: Report = raised,
) -> None:
    """Create the tables ``person``, ``paper`` and ``commune`` of all persons in force.

    Parameters
    ----------
    items
        Documents, as :func:`landxml.sources.find` yields them; those without persons are passed over.
    layouts
        Layouts beside the built-in ones.

    report
        Called with what cannot be read; by default that is an error.

    Raises
    ------
    LandXmlError
        If a document cannot be read to its end, and ``report`` raises it.
    """
    own = tuple(layouts)
    with temporary() as folder, connect(folder, memory=MEMORY) as batches:
        clear(batches, national().only(NEEDED))
        for name, query in KEPT.items():
            con.register("given", batches.sql(query).to_arrow_table())
            con.execute(f"CREATE TABLE {name} AS FROM given")
            con.unregister("given")
        loader, done, total = Loader(_wanted), 0, sum(item.size for item in items)
        for source in opened(items, report, own):
            if source.layout is not None and _holds_persons(source.layout):
                with reported(source.name, report):
                    for batch in loader.scan(source, report):
                        _keep(con, batches, batch)
            done += source.size
            if progress:
                progress(Progress(done, total))
        for batch in loader.rest():
            _keep(con, batches, batch)
    con.execute(COMMUNES)


def _holds_persons(layout: Layout) -> bool:
    return layout.model == "national" or has_rows(layout) or is_mapped(layout)


def _wanted(layout: Layout) -> Dictionary:
    return dictionary(layout).only(NEEDED) if layout.model == "national" else dictionary(layout)


def _keep(con: duckdb.DuckDBPyConnection, batches: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Keep what a batch tells of persons."""
    clear(batches, national().only(NEEDED))
    made = load(batches, batch)
    for name, query in KEPT.items():
        table = batches.sql(query).to_arrow_table()
        if table.num_rows:
            con.register("given", table)
            con.execute(f"INSERT INTO {name} BY NAME FROM given")
            con.unregister("given")
    for name in made:
        batches.execute(f'DROP TABLE IF EXISTS "{name}"')
