"""Files of any layout → files of another, by way of the national tables."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

import duckdb

from landxml import files, packing
from landxml.boundary import contained
from landxml.carriers import writer
from landxml.database import connect
from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.faults import Fault, error_of, parse_fault, raised
from landxml.geometry import epsg_of
from landxml.layouts import Layout
from landxml.load import Loader, opened
from landxml.load import layout as layout_named
from landxml.reasons import UNREAD
from landxml.sources import Paths, find, listed
from landxml.temporary import temporary
from landxml.text import Text
from landxml.version import TOOL
from landxml_mappings import targets
from landxml_mappings.gathering import BOUNDARIES, Gathering
from landxml_mappings.spec import is_national

__all__ = ["convert", "gather"]

MEMORY = 1_000
"""Megabytes of tables that are held in memory."""
UNKNOWN = "Không rõ"
"""Office that supplies the data, where the data does not say it."""


def convert(
    paths: Paths,
    output: str | os.PathLike[str],
    *,
    to: Layout | str,
    layouts: Iterable[Layout] = (),
    force: bool = False,
) -> dict[str, int]:
    """Write what files of any layout hold as files of another layout.

    Parameters
    ----------
    paths
        Files, folders or zip archives, one path or many.
    output
        The file to write; for dossiers the folder, or a name that ends in ``.zip``.
    to
        Layout to write, or its id.
    layouts
        Layouts beside the built-in ones (:func:`landxml.load.layout`).
    force
        Replace a file that exists; never an input.

    Returns
    -------
    dict
        National records, by class.

    Raises
    ------
    LandXmlError
        If an input cannot be read, or none has records; if the layout cannot be written; if the output
        exists. Nothing is left behind.
    """
    target = layout_named(to) if isinstance(to, str) else to
    carrier = writer(target)
    if "dossier" in target.capabilities:
        packing.check(output, listed(paths), force=force)
    else:
        files.check([output], listed(paths), force=force)
    with temporary() as folder, connect(folder, file=folder / "records", memory=MEMORY) as con:
        counts = gather(con, paths, layouts)
        _describe(con, Path(output))
        carrier.write(targets.batches(con, target), output, force=force)
    return counts


def gather(con: duckdb.DuckDBPyConnection, paths: Paths, layouts: Iterable[Layout] = ()) -> dict[str, int]:
    """Create the national tables of all records in files; return how many each class has.

    Raises
    ------
    LandXmlError
        If a document cannot be read, or has no mapping to the national model; if there are no records.
    """
    own, gathering, loader = tuple(layouts), Gathering(con), Loader()

    def refuse(fault: Fault) -> None:
        if fault.reason in UNREAD:
            raise error_of(fault)

    for source in opened(find(paths, own=own), raised, own):
        if source.problem is not None:
            raised(parse_fault(source.problem, source.name))
        if source.layout is not None and not is_national(source.layout):
            vi, en = (
                "không có ánh xạ sang mô hình quốc gia",
                "its layout has no mapping to the national model",
            )
            raise LandXmlError(Text(vi, en), file=source.name)
        with contained(source.name):
            for batch in loader.load(source, refuse):
                gathering.take(batch)
    for batch in loader.rest():
        gathering.take(batch)
    gathering.settle()
    counts = {name: gathering.count(name) for name in national().classes}
    if not any(counts.values()):
        raise LandXmlError(Text("không có bản ghi nào", "there are no records"), file=listed(paths)[0])
    return {name: count for name, count in counts.items() if count}


def _describe(con: duckdb.DuckDBPyConnection, output: Path) -> None:
    """Let there be one record of metadata: the first of the inputs, or a new one, for all communes."""
    given = con.execute("SELECT count(*) FROM SieuDuLieu").fetchall()[0][0]
    con.execute("DELETE FROM SoBanGhi")
    con.execute("DELETE FROM SieuDuLieu WHERE rowid > (SELECT min(rowid) FROM SieuDuLieu)")
    if not given:
        con.execute(
            "INSERT INTO SieuDuLieu BY NAME SELECT 'SieuDuLieu.1' AS _id, $name AS maGoi, $tool AS heThong,"
            " $office AS donViCungCap, $now AS thoiDiemLap, 'vn-land' AS hoSo, '1.0' AS phienBan,"
            " $now::DATE AS ngayHieuLucMaDonVi",
            {"name": output.stem[:100] or "goi", "tool": TOOL, "office": UNKNOWN, "now": dt.datetime.now()},  # noqa: DTZ005
        )
    communes = " UNION ".join(
        f'SELECT "maXa" AS code FROM "{cls.name}"'
        for cls in national().features()
        if any(field.element == "maXa" and not field.repeated for field in cls.columns)
    )
    known = f"SELECT list_sort(list(code)) FROM ({communes}) WHERE regexp_full_match(code, '[0-9]{{5}}')"
    con.execute(f"UPDATE SieuDuLieu SET maXa = ({known})")
    names = [name for (name,) in con.execute(f"SELECT DISTINCT srs FROM {BOUNDARIES}").fetchall()]
    if len(codes := set(map(epsg_of, names))) == 1 and None not in codes:
        con.execute("UPDATE SieuDuLieu SET heToaDo = coalesce(heToaDo, ?)", [*codes])
