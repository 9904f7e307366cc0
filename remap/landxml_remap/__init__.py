"""Remap: the codes of administrative units of one day become those of another, and back again, byte for byte.

First the documents are read into tables, and what becomes of every record is planned with joins; then the
planned texts are replaced in place, and nothing else is touched. Communes that were divided are settled by a
map or by an officer's table, never by a guess. The reference table that is written brings everything back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

import landxml_units as units
from landxml import files
from landxml.layouts import Layout
from landxml.progress import OnProgress
from landxml.recognise import sniff
from landxml.sources import Path_, Paths, listed
from landxml.version import TOOL
from landxml_mappings.sheets import read as renumberings
from landxml_remap import boundaries as maps
from landxml_remap import patch, reference_table, report, rewrite
from landxml_remap.apply import Applier
from landxml_remap.boundaries import Tolerance
from landxml_remap.decisions import choices
from landxml_remap.patch import Change
from landxml_remap.plan import settle
from landxml_remap.reference_table import FORMS as TABLES
from landxml_remap.reference_table import beside
from landxml_remap.report import RemapReport
from landxml_remap.sheets import number
from landxml_remap.survey import Terms, read
from landxml_remap.workspace import scratch

__all__ = ["POLICIES", "TABLES", "RemapReport", "Tolerance", "beside", "remap", "reverse"]

POLICIES = ("keep", "prefix")
"""What becomes of sheet numbers after a merger, if no file says it."""


def remap(
    paths: Paths,
    out: Path_,
    *,
    until: dt.date = units.TWO_TIERS_SINCE,
    since: dt.date | None = None,
    boundaries: Path_ | None = None,
    resolve: Path_ | None = None,
    sheets: str = "keep",
    table_path: Path_ | None = None,
    tolerance: Tolerance = Tolerance(),  # noqa: B008 - it cannot be changed
    layouts: Iterable[Layout] = (),
    force: bool = False,
    progress: OnProgress | None = None,
) -> RemapReport:
    """Write a package again with the codes, names and addresses of another day.

    Parameters
    ----------
    paths
        Files, folders or zips of layouts that can be written, one path or many.
    out
        What to write: it has the form of what went in; several inputs come into one folder.
    until, since
        Day of the new codes; day of the old ones, where the data are not to say it.
    boundaries
        Map of the new communes, of any format that GDAL reads, to settle parcels of divided communes.
    resolve
        CSV or XLSX that says where parcels, sheets or communes go which nothing else settles.
    sheets
        ``keep``, ``prefix``, or the path of a CSV or XLSX with new numbers.
    table_path
        Reference table to write; by default ``<out>.remap.csv``.
    tolerance
        What of a parcel may lie in another commune.
    layouts
        Layouts beside the built-in ones.
    force
        Replace files that exist at ``out`` and ``table_path``; a table may be the only way back of another
        package.

    Raises
    ------
    LandXmlError
        If anything cannot be read, or an output would harm something (:mod:`landxml.files`); nothing is
        written then.
    """
    started, created = time.perf_counter(), dt.datetime.now(dt.UTC)
    paths, own = listed(paths), tuple(layouts)
    target = Path(table_path) if table_path else beside(out)
    files.form(target, TABLES)
    found = rewrite.documents(paths, own)
    given = [path for path in (boundaries, resolve, None if sheets in POLICIES else sheets) if path]
    rewrite.check_out(paths, out, found, tables=[target], inputs=given, force=force)
    chart = maps.load(boundaries, until) if boundaries else None
    terms = Terms(until=until, since=since, boundaries=chart, tolerance=tolerance)
    decided = choices(os.fspath(resolve), until) if resolve else []
    numbering = [] if sheets in POLICIES else renumberings(sheets)
    advance = rewrite.counted(progress, 2 * sum(document.size for _, document in found))
    largest = max((document.size for _, document in found), default=0)
    with scratch(largest) as (con, folder):
        sources, strange = read(con, found, terms, advance, own)
        settle(con, sources, terms, decided)
        number(con, sheets, numbering)
        with (  # in this order: without its table a package cannot be led back
            rewrite.opened(paths, out, force=force) as place,
            reference_table.open_table(target, force=force) as append,
        ):
            applier = Applier(con, folder, terms, append)
            rewrites = {
                source.name: rewrite.Rewrite(
                    source.document.name,
                    partial(applier.document, source),
                    partial(rewrite.no_worse, source.document, source.layout, source.faults),
                )
                for source in sources
            }
            rewrite.mirror(paths, place, found, rewrites, advance)
        told = report.of_plan(con, until, applier.texts, chart)
    return RemapReport(
        tool=TOOL,
        created=created,
        seconds=round(time.perf_counter() - started, 3),
        inputs=paths,
        output=os.fspath(out),
        table=os.fspath(target),
        until=until,
        documents=len(sources),
        faults=sum(source.faults for source in sources),
        unread=[report.Unread(*each) for each in strange],
        **told,
    )


def reverse(
    table_path: Path_,
    paths: Paths,
    out: Path_,
    *,
    force: bool = False,
    progress: OnProgress | None = None,
) -> int:
    """Undo a remap: write the package as it was, byte for byte, and return the number of its documents.

    Parameters
    ----------
    table_path
        The reference table of the remap.
    paths, out
        What the remap wrote; what to write.
    force
        Replace a file that exists.

    Raises
    ------
    LandXmlError
        If the table is none, or was made with another package, or the package was changed since; if ``out``
        would harm something (:mod:`landxml.files`).
    """
    paths = listed(paths)
    found = rewrite.documents(paths)
    rewrite.check_out(paths, out, found, inputs=[table_path], force=force)
    advance = rewrite.counted(progress, sum(document.size for _, document in found))
    with reference_table.undone(table_path, [name for name, _ in found]) as (digests, changes):
        rewrites = {
            name: rewrite.Rewrite(
                document.name,
                partial(_restore, partial(changes, no)),
                partial(_same, digests[name]),
            )
            for no, (name, document) in enumerate(found)
            if name in digests
        }
        with rewrite.opened(paths, out, force=force) as place:
            rewrite.mirror(paths, place, found, rewrites, advance)
    return len(rewrites)


def _restore(changes: Callable[[], Iterator[Change]], stream: BinaryIO, place: IO[bytes]) -> None:
    encoding = patch.codec(sniff(stream).encoding, patch.first_bytes(stream))
    patch.replay(stream, place, encoding, changes())


def _same(digest: str, place: IO[bytes]) -> None:
    if hashlib.file_digest(place, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
        raise patch.changed_since()
