"""All that files of any layout hold as national tables, with an account of how it came there."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable

import duckdb

from landxml import privacy
from landxml.carriers import Batch, Opened
from landxml.dictionary import national
from landxml.errors import LandXmlError
from landxml.faults import Fault
from landxml.layouts import Layout, builtin
from landxml.load import Loader, opened, reported
from landxml.progress import OnProgress, Progress
from landxml.reasons import UNREAD
from landxml.sources import Paths, find, listed
from landxml.text import Text
from landxml.version import TOOL
from landxml_mappings import counting
from landxml_mappings.gathering import BOUNDARIES, Gathering
from landxml_mappings.joining import join
from landxml_mappings.loss import Loss, defaulted
from landxml_mappings.report import LossReport, Strange, Uncoded, Unread, added
from landxml_mappings.row_spec import has_rows
from landxml_mappings.sheets import read as sheets_of
from landxml_mappings.spec import is_national

__all__ = ["Source"]

Connection = duckdb.DuckDBPyConnection


class Source:
    """All records of files as national tables, and the account of how they came there.

    Parameters
    ----------
    con
        Database that the tables come into.
    layouts
        Layouts beside the built-in ones.
    only
        The layout that is read, if not all are.
    """

    def __init__(self, con: Connection, layouts: Iterable[Layout] = (), only: Layout | None = None) -> None:
        self.con = con
        self.own = (*layouts, *([only] if only and only.id not in builtin() else []))
        self.only = only
        self.gathering = Gathering(con, look=self._look)
        self.documents = Counter[str]()
        self.maps: set[str] = set()
        self.reading: dict[str, list[Loss]] = {}
        self.writing: tuple[Loss, ...] = ()
        self.defaulted = Counter[str]()
        self.columns: list[Strange] = []
        self.unread: list[Unread] = []
        self.uncoded: tuple[Uncoded, ...] = ()

    def read(
        self,
        paths: Paths,
        crs: int | None = None,
        sheets: str | os.PathLike[str] | None = None,
        progress: OnProgress | None = None,
    ) -> None:
        """Read all documents; what cannot be read is noted.

        Raises
        ------
        LandXmlError
            If there are no records; says why, if a document could not be read.
        """
        renumbered = sheets_of(os.fspath(sheets)) if sheets else []
        documents, loader = list(find(paths, own=self.own)), Loader()
        done, total = 0, sum(getattr(document, "size", 0) for document in documents)
        for source in opened(documents, self._note, self.own, crs):
            with reported(source.name, self._note):
                self._document(source, loader)
            done += source.size
            if progress:
                progress(Progress(done, total))
        for batch in loader.rest():
            self.gathering.take(batch)
        self.gathering.settle()
        if self.maps and len(self.documents) > 1:
            self.gathering.conflicts += join(self.con, self.maps, BOUNDARIES, renumbered)
        self.uncoded = tuple(counting.uncoded(self.con))
        if not any(
            self.gathering.count(name) for name in national().classes if name not in counting.METADATA
        ):
            first = next(iter(self.unread), None)
            what = first.reason if first else Text("không có bản ghi nào", "there are no records")
            raise LandXmlError(what, file=first.file if first else listed(paths)[0])

    def _document(self, source: Opened, loader: Loader) -> None:
        if (
            source.layout is None
            or not is_national(source.layout)
            or (self.only and self.only.id != source.layout.id)
        ):
            self.unread.append(Unread(file=source.name, reason=self._unfit(source)))
            return
        self.documents[source.layout.id] += 1
        if {"geometry", "registration"}.intersection(source.layout.capabilities) == {"geometry"}:
            self.maps.add(source.name)
        read = loader.load if source.layout.flat else loader.scan  # which says nothing of columns
        for batch in read(source, self._note):
            self.gathering.take(batch)

    def _unfit(self, source: Opened) -> Text:
        """Say why a document is not read."""
        if source.problem:
            return source.problem.what
        if self.only and (source.layout is None or source.layout.id != self.only.id):
            found = source.layout.id if source.layout else "–"
            return Text(f"là {found}, không phải {self.only.id}", f"is {found}, not {self.only.id}")
        vi, en = "không có ánh xạ sang mô hình quốc gia", "its layout has no mapping to the national model"
        return Text(vi, en)

    def _note(self, fault: Fault) -> None:
        """Note what is not read: documents, columns."""
        if fault.reason in UNREAD or fault.reason in {"layout", "nothing"}:
            self.unread.append(Unread(file=fault.file, reason=Text(**fault.params["reason"])))
        elif fault.reason == "column":
            name = privacy.shown(str(fault.params["name"]))
            column = privacy.shown(str(fault.params["column"]))
            self.columns.append(Strange(file=fault.file, part=fault.part, column=column, name=name))

    def _look(self, con: Connection, batch: Batch) -> None:
        found = self.reading.setdefault(batch.layout.id, [])
        found.extend(counting.read_losses(con, batch))
        for name, count in batch.unknown.items():
            cls, dot, element = name.rpartition(".")
            masked = f"{cls}{dot}{privacy.shown(element)}"
            found.append(Loss(element=masked, read=count, dropped={"lost": count}))
        self.reading[batch.layout.id] = list(added(self.reading[batch.layout.id]))
        if has_rows(batch.layout):
            self.defaulted.update(defaulted(con, batch.layout))

    def report(
        self, inputs: Iterable[str], output: str, target: Layout, *, written: bool = False
    ) -> LossReport:
        """Return the account so far."""
        reading = {name: tuple(losses) for name, losses in self.reading.items()}
        if self.gathering.conflicts:
            dropped = self.gathering.conflicts
            between = (Loss(element=n, read=c, dropped={"conflict": c}) for n, c in dropped.items())
            reading["*"] = tuple(between)
        counts = {name: self.gathering.count(name) for name in national().classes}
        return LossReport(
            tool=TOOL, created=dt.datetime.now(dt.UTC), inputs=tuple(inputs), output=output, to=target.id,
            written=written, documents=dict(self.documents),
            records={name: count for name, count in counts.items() if count}, reading=reading,
            writing=self.writing, defaulted=dict(self.defaulted), columns=tuple(self.columns),
            uncoded=self.uncoded, unread=tuple(self.unread),
        )  # fmt: skip
