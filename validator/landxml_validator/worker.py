"""What one process does: documents in, a tally and Parquet parts out, findings among them.

The records become typed national tables in the process's own DuckDB, batch by batch; the rules of stage
``record`` run there. What those of stage ``delivery`` need goes to Parquet, personal data only as hashes.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from landxml import database, privacy
from landxml.boundary import failed, of_the_run
from landxml.carriers import BATCH, Batch, Opened
from landxml.cast import empty
from landxml.dictionary import Dictionary, national
from landxml.digests import Hashing
from landxml.documents import RefusedError
from landxml.faults import Fault, refusal_fault
from landxml.geometry import MEASURES, Rings, epsg_of, measure
from landxml.layouts import Layout
from landxml.load import Loader, opened, reported
from landxml.place import PLACE, SYSTEM
from landxml.safe_xml import Readable
from landxml_mappings import link, owners
from landxml_mappings.load import blocks, cells, faults, load, parcels, unmapped
from landxml_mappings.spec import is_national
from landxml_validator import communes, inventory, lookup_tables, rule_sql, scanned_papers, store, superseded
from landxml_validator.communes import Border, Commune
from landxml_validator.executors import Advance
from landxml_validator.ledger import Ledger, Tally
from landxml_validator.report import File
from landxml_validator.stages import PARTS, Held, Settings, WholeFile, applying, evaluated, extracts
from landxml_validator.task import Task

__all__ = [
    "connect",
    "create_geometry",
    "working",
]


@contextlib.contextmanager
def working(settings: Settings) -> Iterator[Callable[[Task | Commune | Border, Advance], Tally]]:
    """Give the function that carries out tasks, one after another, with one database for all of them."""
    with _few_collections(), store.here(settings) as here, contextlib.closing(_Session(here)) as session:
        yield partial(_check, session)


def _check(session: _Session, task: Task | Commune | Border, advance: Advance) -> Tally:
    """Carry out a task, unless that was done before."""
    if not isinstance(task, Task):
        task = task.found(partial(store.fetched, settings=session.settings))
    place = store.place(task.id, session.settings)
    if kept := store.find(place, session.settings):
        advance(task.size)
        return kept
    with session.task() as ledger:
        if not isinstance(task, Task):
            pa.default_memory_pool().release_unused()  # what reading took
            for outcome in communes.judge(session.con, task, session.settings, session.folder):
                ledger.enter(*outcome)
            return store.keep(ledger, place, session.settings)
        for source in opened(
            task.documents, ledger.fault, session.settings.rules.profile.own, session.settings.crs
        ):
            source.stream = _Counted(source.stream, advance)
            with reported(source.name, ledger.fault):
                _document(source, session)
        session.rest()
        return store.keep(ledger, place, session.settings)


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for reference cycles seldom: rows by the hundred thousand have none."""
    before = gc.get_threshold()
    gc.set_threshold(BATCH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _document(source: Opened, session: _Session) -> None:
    """Check one document by its layout, whatever its name says."""
    layout, encoding = source.layout, source.found.encoding
    file = File(
        name=source.name, layout=layout.id if layout else "", bytes=source.size, documents=1, records=0,
        encoding=encoding,
    )  # fmt: skip
    session.ledger.files.append(file)
    if layout and encoding not in {"utf-8", "utf-8-sig"}:
        session.ledger.fault(Fault("PKG008", source.name, 1, "", "", "", {"encoding": encoding}))
    if layout is None or "dossier" in layout.capabilities:
        session.read(source, file)
        return
    source.stream = hashed = Hashing(source.stream)
    session.begin()
    session.read(source, file)
    session.end(layout, file.name)
    while hashed.read(1 << 20):  # what stands behind a mistake belongs to the hash of the file too
        pass
    file.sha256 = hashed.digest.hexdigest()


class _Counted:
    """A stream that tells how much is read from it."""

    def __init__(self, stream: Readable, advance: Callable[[int], None]) -> None:
        self.stream = stream
        self.advance = advance

    def read(self, size: int = -1) -> bytes:
        chunk = self.stream.read(size)
        self.advance(len(chunk))
        return chunk


def _short(srs: str) -> str:
    epsg = epsg_of(srs)
    return privacy.shown(f"EPSG:{epsg}" if epsg else srs)


class _Session:
    """The tables of one process: typed, judged by the record rules, and written as Parquet parts."""

    def __init__(self, settings: Settings) -> None:
        self.con = connect(settings)
        self.settings = settings
        self.rules = {False: settings.rules.at("record"), True: settings.rules.at("record", "file")}
        """Rules of a batch, and of a batch that holds whole files."""
        named = rule_sql.words(self.rules[True]).keys() & national().classes.keys()
        asked = inventory.CLASSES if settings.inventory else frozenset()
        self.named = link.TABLES | owners.TABLES | named | asked
        """Classes that they name: they have a table even where there is nothing in it."""
        self.empty: set[str] = set()
        """Those whose table is there, and has nothing in it."""
        self.extracts = extracts(
            settings.rules.at("link", "key", "delivery"), hashed=True, entire={"SieuDuLieu"}
        )
        near = settings.rules.at("commune", "border")
        self.shapes = communes.shapes(near)
        self.measures = communes.words(list(settings.rules.active.values()))
        """Words of all rules, among them the measures that they use."""
        self.file = WholeFile(settings)
        self.held: Held | None = None
        """The batch whose tables are there, if it waits for the end of its file."""
        self.loader = Loader()
        self.files: dict[str, File] = {}

    def close(self) -> None:
        """Forget all tables; the parts stay."""
        self.con.close()

    @contextlib.contextmanager
    def task(self) -> Iterator[Ledger]:
        """Give a ledger for a task, whose folder is gone when the block ends, unless it was kept."""
        with TemporaryDirectory(dir=self.settings.folder) as folder:
            self.folder = Path(folder, "new")
            self.ledger = self.settings.ledger(self.folder)
            self.parts = 0
            self.files = {}
            yield self.ledger

    @contextlib.contextmanager
    def _batch(self) -> Iterator[None]:
        """Let nothing stay behind of a batch that fails: neither tables nor parts."""
        try:
            yield
        except Exception:
            self.con.close()
            self.con, self.held, self.empty = connect(self.settings), None, set()
            self.file.begin()
            for part in self.folder.glob(f"*/*{self._file()}"):
                part.unlink()
            raise

    def read(self, source: Opened, file: File) -> None:
        """Read one document; its records may wait for those of others."""
        self.files[file.name] = file
        for batch in self.loader.load(source, self.ledger.fault):
            file.crs = file.crs or next((_short(srs) for srs in batch.rings.srs if srs), None)
            self.take(batch)
            del batch  # else it stays while the next is read

    def rest(self) -> None:
        """Take what was read and stands in no batch yet."""
        for batch in self.loader.rest():
            with self.refusals():
                self.take(batch)

    def take(self, batch: Batch) -> None:
        """Judge the records of a batch, as far as they are national or become that."""
        for file, count in batch.documents().items():
            self.files[file].records += count
        if not is_national(batch.layout):
            self.ledger.records.update({name: table.num_rows for name, table in batch.tables.items()})
        elif batch.tables:
            self._judged(batch)

    def _judged(self, batch: Batch) -> None:
        """Judge documents together; where that fails, by halves, until the one at which it fails is alone.

        Raises
        ------
        RefusedError
            If it is alone from the beginning.
        """
        try:
            with self._batch():
                self._judge(batch)
        except Exception as error:
            if of_the_run(error):
                raise
            files = list(batch.documents())
            if len(files) == 1:
                raise RefusedError(failed(files[0], error)) from error
            for half in (files[: len(files) // 2], files[len(files) // 2 :]):
                with self.refusals():
                    self._judged(batch.of(half))

    @contextlib.contextmanager
    def refusals(self) -> Iterator[None]:
        """Make a finding of the refusal of a document."""
        try:
            yield
        except RefusedError as error:
            self.ledger.fault(refusal_fault(error.refusal))

    def _judge(self, batch: Batch) -> None:
        """Judge the records of a batch as national ones."""
        if self.held:
            self.file.add(self.con, self.held)
            self.clear()
        counts = load(self.con, batch)
        self._cells(batch)
        found, lost = list(faults(self.con, batch)), unmapped(batch)
        if batch.rings.rows:
            create_geometry(self.con, parcels(self.con, batch), batch.rings, self.measures)
        self.judge(batch.layout, counts)
        self.ledger.unmapped += lost
        for fault in found:
            self.ledger.fault(fault)

    def _cells(self, batch: Batch) -> None:
        """Note in which column of its sheet each field stands, and which records stand in further blocks."""
        names = ("file", "part", "cls", "field", "block", "letters")
        if batch.columns:
            self._part("Block", blocks(batch))
        for file in batch.documents() if batch.columns else ():
            rows = [(file, *cell) for cell in cells(batch)]
            self.con.register("cells", pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))))
            self._part("Cell", "FROM cells")
            self.con.unregister("cells")

    def judge(self, layout: Layout, counts: Mapping[str, int]) -> None:
        """Run the rules whose classes are present, and write the parts.

        Those of stage ``file`` are among them where each document is a dossier; of other files the batch is
        held for them, because the next may go on with the same file.
        """
        whole = "dossier" in layout.capabilities
        present = national().only(counts)
        absent = set(self.named - counts.keys())
        for name in absent - self.empty:
            self.con.execute(database.parsed(self.con, empty(national().classes[name])))
        self.empty = absent
        superseded.retire(self.con, present)
        views = rule_sql.views(present, lookup_tables.stale(self.settings.as_of))
        rules = list(applying(self.rules[whole], layout, counts))
        lookup_tables.load(self.con, rule_sql.words(rules), self.settings.as_of)
        rule_sql.prepare(self.con, views, rules, self.rules[True])
        outcomes = list(evaluated(self.con, rules, present, self.settings))
        owners.create(self.con, layout, "left(hidden({}), 16)")
        self._write(layout, present, views)
        if any(applying(self.settings.rules.at("commune", "border"), layout, counts)):
            communes.write(self.con, self.shapes, self.folder, self._file())
        self.parts += 1
        for outcome in outcomes:
            self.ledger.enter(*outcome)
        self.ledger.records += counts
        self.held = Held(counts, views, rule_sql.words(rules).keys())
        if whole:
            self.clear()

    def clear(self) -> None:
        """Drop the tables of the batch that is held, if there is one."""
        if self.held:
            for name in self.held.counts:
                self.con.execute(database.parsed(self.con, f'DROP TABLE "{name}"'))
            self.con.execute("TRUNCATE HinhHoc")
            self.held = None

    def begin(self) -> None:
        """Begin a file; of one before it that did not come to its end nothing stays."""
        self.clear()
        self.file.begin()

    def end(self, layout: Layout, file: str) -> None:
        """Run the rules that need a file as a whole: here it ends."""
        if not self.held:
            return
        with self._batch():
            read = file not in self.ledger.unread
            for outcome in self.file.judge(self.con, layout, self.held, read=read):
                self.ledger.enter(*outcome)
            self.clear()

    def _write(self, layout: Layout, present: Dictionary, views: Mapping[str, str]) -> None:
        parts = {name: views[name] for name in PARTS if name != scanned_papers.NAMES}
        if self.settings.scans:
            names = f"SELECT * REPLACE (hidden(name) AS name) FROM ({views[scanned_papers.NAMES]})"
            parts[scanned_papers.NAMES] = names
        for name, select in (self.extracts | parts).items():
            if name in present.classes or name in parts or name == "HinhHoc":
                self._part(name, select)
        if self.settings.inventory:
            for name, select in inventory.queries(layout).items():
                self._part(name, select)

    def _file(self) -> str:
        """Name of the files with the parts of this batch."""
        return f"{self.parts:05}.parquet"

    def _part(self, name: str, query: str) -> None:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        file = folder / self._file()
        if not database.write_rows(self.con, query, file):
            file.unlink()


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB with the macros of rules that see less than all; what does not fit goes to the folder."""
    con = database.connect(settings.folder, folders=[settings.outcomes], memory=400)
    con.execute(f"CREATE MACRO hidden(value) AS sha256('{settings.salt}' || value)")
    lookup_tables.define(con, [*rule_sql.words(settings.rules.at("record", "file", "commune")), "place"])
    lookup_tables.load(con, ["Stale"], settings.as_of)
    create_geometry(con)
    return con


def create_geometry(
    con: duckdb.DuckDBPyConnection,
    parcels: pa.Table | None = None,
    rings: Rings | None = None,
    wanted: Container[str] = (),
) -> None:
    """Create ``HinhHoc``: the measures of each geometry, with the place and id of its parcel.

    ``parcels`` is what :func:`landxml_mappings.load.parcels` returns; a geometry without one is left out.
    ``wanted`` is that of :func:`landxml.geometry.measure`.
    """
    if parcels is None or rings is None or not rings.rows:
        measures, places = MEASURES.empty_table(), pa.table({name: [] for name in (*PLACE, "_id")})
    else:
        codes = parcels["maThuaDat"].combine_chunks() if "maThuaDat" in parcels.column_names else None
        measures = measure(rings, codes, wanted)
        index = pc.index_in(measures["row"], parcels["row"].combine_chunks())
        measures = measures.filter(index.is_valid())
        places = parcels.select([*PLACE, "_id"]).take(index.drop_null())
    for name in MEASURES.names[1:]:
        places = places.append_column(name, measures[name])
    con.register("measured", places)
    typed = ", ".join(f"{name}::{SYSTEM[name]} AS {name}" for name in (*PLACE, "_id"))
    con.execute(f"CREATE OR REPLACE TABLE HinhHoc AS SELECT * REPLACE ({typed}) FROM measured")
    con.unregister("measured")
