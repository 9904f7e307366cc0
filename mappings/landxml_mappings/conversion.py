"""Files of any layout → files of another, by way of the national tables, with an account of every value."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import duckdb

from landxml import files, packing
from landxml.carriers import Batch, writer
from landxml.database import connect, writing_to
from landxml.dictionary import national
from landxml.geometry import epsg_of
from landxml.layouts import Layout
from landxml.load import layout as layout_named
from landxml.progress import OnProgress
from landxml.sources import Paths, listed
from landxml.temporary import temporary
from landxml.version import TOOL
from landxml_mappings import counting, targets
from landxml_mappings.gathering import BOUNDARIES, Gathering
from landxml_mappings.membership import COPIES
from landxml_mappings.report import LossReport
from landxml_mappings.source import Source

__all__ = ["convert"]

MEMORY = 1_000
"""Megabytes of tables that are held in memory."""
UNKNOWN = "Không rõ"
"""Office that supplies the data, where the data does not say it."""

Connection = duckdb.DuckDBPyConnection


def convert(
    paths: Paths,
    output: str | os.PathLike[str],
    *,
    to: Layout | str,
    source: Layout | str | None = None,
    layouts: Iterable[Layout] = (),
    crs: int | None = None,
    sheets: str | os.PathLike[str] | None = None,
    strict: bool = False,
    force: bool = False,
    progress: OnProgress | None = None,
) -> LossReport:
    """Write what files of any layout hold as files of another layout.

    Parameters
    ----------
    paths
        Files, folders or zip archives, one path or many.
    output
        The file to write; for dossiers the folder, or a name that ends in ``.zip``.
    to
        Layout to write, or its id.
    source
        Layout to read, or its id; documents of others are left out. By default all that are known.
    layouts
        Layouts beside the built-in ones (:func:`landxml.load.layout`), or in the place of one, with a mapping
        of your own (:func:`landxml_mappings.mapped`).
    crs
        EPSG code of map layers that do not say it.
    sheets
        Table of old and new sheet numbers, by which attributes and map are joined
        (:mod:`landxml_mappings.sheets`).
    strict
        Write nothing if a value, a column or a document would be lost.
    force
        Replace a file that exists; never an input.
    progress
        Called as documents are read.

    Returns
    -------
    LossReport
        What became of every value. What the layout requires and no source says is not there:
        ``validate`` tells of that.

    Raises
    ------
    LandXmlError
        If there are no records in the inputs; if the layout cannot be written; if the output exists. Nothing
        is left behind.
    """
    own = tuple(layouts)
    target, only = _layout(to, own), _layout(source, own) if source else None
    carrier, inputs = writer(target), [*listed(paths), *([os.fspath(sheets)] if sheets else [])]
    if "dossier" in target.capabilities:
        packing.check(output, inputs, force=force)
    else:
        files.check([output], inputs, force=force)
        if target.extension in files.SUFFIXES:  # what else there is the carrier knows
            files.form(output, [target.extension])
    with writing_to(output), temporary() as folder, _database(folder) as con:
        found = Source(con, own, only)
        found.read(paths, crs, sheets, progress)
        _describe(con, Path(output))
        account = partial(found.report, listed(paths), os.fspath(output), target)
        if strict and not account().lossless:
            return account()
        try:
            carrier.write(_tried(found, target, account if strict else None), output, force=force)
        except _LossyError:
            return account()
        return account(written=True)


class _LossyError(Exception):
    """Something would be lost, and nothing may be."""


def _layout(given: Layout | str, own: Iterable[Layout]) -> Layout:
    """Return the layout of a name, rather one of the user's own."""
    if not isinstance(given, str):
        return given
    return next((each for each in own if each.id == given), None) or layout_named(given)


def _database(folder: Path) -> Connection:
    return connect(folder, file=folder / "records", memory=MEMORY)


def _tried(source: Source, layout: Layout, strict: Callable[[], LossReport] | None) -> Iterator[Batch]:
    """Yield the batches to write, and read them again; where loss is refused, it ends before the output."""
    again, _ = (Gathering(source.con, schema) for schema in (counting.AGAIN, COPIES))
    for batch in targets.batches(source.con, layout):
        yield batch
        if layout.model != "national":
            again.take(batch)
    source.writing = tuple(counting.written_losses(source.con, layout))
    if strict and not strict().lossless:
        raise _LossyError


def _describe(con: Connection, output: Path) -> None:
    """Let there be one record of metadata: the first of the inputs, or a new one, for all communes."""
    given = con.execute("SELECT count(*) FROM SieuDuLieu").fetchall()[0][0]
    con.execute("DELETE FROM SoBanGhi")
    con.execute("DELETE FROM SieuDuLieu WHERE rowid > (SELECT min(rowid) FROM SieuDuLieu)")
    if not given:
        con.execute(
            "INSERT INTO SieuDuLieu BY NAME SELECT 'SieuDuLieu.1' AS _id, $name AS maGoi, $tool AS heThong,"
            " $office AS donViCungCap, $now AS thoiDiemLap, 'vn-land' AS hoSo, '1.0' AS phienBan,"
            " $now::DATE AS ngayHieuLucMaDonVi",
            {"name": output.stem[:100] or "goi", "tool": TOOL, "office": UNKNOWN, "now": dt.datetime.now()},  # noqa: DTZ005 - local, as written
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
