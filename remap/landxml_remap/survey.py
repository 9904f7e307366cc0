"""First pass: what the documents hold that a remap must know, as tables in DuckDB.

Documents go through the loader that the validator uses, batch by batch; kept are the place of every record
that names a unit, the numbers of the parcels, and what belongs to a parcel. DuckDB may spill to disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import landxml_units as units
from landxml.carriers import BATCH, Batch, Opened
from landxml.database import connect
from landxml.dictionary import Field, national
from landxml.documents import Document
from landxml.errors import LandXmlError
from landxml.extract import EARLIER
from landxml.faults import Fault, raised
from landxml.geometry import Rings, epsg_of, polygons
from landxml.layouts import Layout
from landxml.load import Loader
from landxml.reasons import UNREAD
from landxml.text import Text
from landxml_mappings.load import load
from landxml_remap import rewrite
from landxml_remap.boundaries import Boundaries, Place, Tolerance
from landxml_remap.codes import Code, judge
from landxml_remap.roles import classes, looked_at, parcel_class, roles

__all__ = ["Source", "Terms", "read"]

SURVEY = "TaiLieuDoDac"
LAST_OF_THREE_TIERS = units.TWO_TIERS_SINCE - dt.timedelta(days=1)

TABLES = """
CREATE TABLE file (no INTEGER, name VARCHAR, since DATE);
CREATE TABLE record (cls VARCHAR, seq BIGINT, file INTEGER, id VARCHAR, line BIGINT, code VARCHAR);
CREATE TABLE parcel (
  seq BIGINT, file INTEGER, id VARCHAR, sheet VARCHAR, number VARCHAR, old_sheet VARCHAR, old_number VARCHAR,
  occupies BOOLEAN, area VARCHAR, place VARCHAR, found VARCHAR, parts VARCHAR
);
CREATE TABLE link (file INTEGER, parcel VARCHAR, id VARCHAR);
CREATE TABLE survey (file INTEGER, id VARCHAR, scale VARCHAR);
CREATE TABLE home (file INTEGER, id VARCHAR);
CREATE TABLE edge (file INTEGER, a VARCHAR, b VARCHAR);
"""
"""``link``: records that belong to a parcel directly; ``survey``: scales of survey documents; ``home``:
addresses of parties; ``edge``: who refers to whom, in files with divided communes."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: codes of which day become those of which other, how divided communes are settled.

    ``since`` is None where the data or their layout say it.
    """

    until: dt.date
    since: dt.date | None = None
    boundaries: Boundaries | None = None
    tolerance: Tolerance = Tolerance()

    @property
    def assumed(self) -> dt.date | None:
        """Day of the codes of data that do not say it."""
        return self.since or (LAST_OF_THREE_TIERS if self.until > LAST_OF_THREE_TIERS else None)


class Source(msgspec.Struct):
    """A document that can be re-coded: place in the package, layout and encoding, the day of its codes."""

    no: int
    name: str
    document: Document
    layout: Layout
    encoding: str
    since: dt.date | None = None
    true: bool = True  # not contradicted by its own hash
    faults: int = 0  # violations of the schema
    counts: dict[str, int] = {}


def read(
    con: duckdb.DuckDBPyConnection,
    documents: list[tuple[str, Document]],
    terms: Terms,
    advance: Callable[[int], None],
    layouts: Iterable[Layout] = (),
) -> tuple[list[Source], list[tuple[str, str, str]]]:
    """Fill the tables with what the documents hold.

    Parameters
    ----------
    documents
        With their names in the package.
    layouts
        Layouts beside the built-in ones.

    Returns
    -------
    tuple
        The documents of known layouts; name and reason (Vietnamese, English) of those that are none.

    Raises
    ------
    LandXmlError
        If a document of a known layout cannot be read to its end, nothing says of which day its codes are, or
        there is none.
    """
    con.execute(TABLES)
    reader = _Reader(con, terms)

    def look(name: str, document: Document, layout: Layout, seen: Opened) -> None:
        source = Source(len(reader.sources), name, document, layout, seen.found.encoding)
        reader.document(source, seen)

    others = rewrite.look_at_each(documents, layouts, rewrite.WRITABLE, look, advance)
    reader.flush()
    reader.store()
    return reader.sources, [
        (name, why.what.vi, why.what.en) if why else (name, "", "") for name, why in others
    ]


class _Reader:
    """The tables as they grow."""

    def __init__(self, con: duckdb.DuckDBPyConnection, terms: Terms) -> None:
        self.con = con
        self.terms = terms
        self.sources: list[Source] = []
        self.loader = Loader(looked_at)
        self.seqs: dict[str, int] = {}
        self.staging = connect()
        self.kept: dict[str, list[pa.Table]] = {}
        self.rows = 0

    def document(self, source: Source, found: Opened) -> None:
        """Read one document."""
        self.sources.append(source)
        found.name = str(source.no)
        if "metadata" not in source.layout.capabilities:
            self._date(source, None)
        for batch in self.loader.load(found, self._fault):
            self._dated(source, batch.tables.get("SieuDuLieu"))
            self._batch(batch)

    def flush(self) -> None:
        """Take what has been read and stands in no batch yet."""
        for batch in self.loader.rest():
            self._batch(batch)

    def _keep(self, name: str, /, **columns: Any) -> None:
        """Put rows aside for a table; small files come by the thousand, and each insertion has its price."""
        rows = pa.table(columns)
        self.kept.setdefault(name, []).append(rows)
        self.rows += rows.num_rows
        if self.rows >= BATCH:
            self.store()

    def store(self) -> None:
        """Insert the rows that were put aside."""
        for name, tables in self.kept.items():
            self.con.register("rows", pa.concat_tables(tables, promote_options="permissive"))
            self.con.execute(f"INSERT INTO {name} BY NAME FROM rows")
            self.con.unregister("rows")
        self.kept, self.rows = {}, 0

    def _fault(self, fault: Fault) -> None:
        """Count what the validator would report; what keeps a document from being read ends the run."""
        source = self.sources[int(fault.file)]
        if fault.reason in UNREAD:
            raised(fault._replace(file=source.document.name))
        source.true &= fault.reason != "digest"
        source.faults += 1

    def _dated(self, source: Source, metadata: pa.Table | None) -> None:
        if source.since is None:
            stated = [] if metadata is None else metadata[roles().metadata.date].to_pylist()
            try:
                self._date(source, dt.date.fromisoformat((stated or [""])[0] or ""))
            except ValueError:
                self._date(source, None)

    def _date(self, source: Source, stated: dt.date | None) -> None:
        source.since = self.terms.since or stated or self.terms.assumed
        if source.since is None:
            raise LandXmlError(
                Text(
                    "không có gì cho biết mã đơn vị có hiệu lực ngày nào; hãy ghi --from",
                    "nothing says on which day its codes are valid; say it with --from",
                ),
                file=source.document.name,
            )
        if self.terms.until < min(source.since, units.TWO_TIERS_SINCE):
            raise LandXmlError(
                Text(
                    f"mã theo ngày {source.since:%d/%m/%Y}; không dò ngược về {self.terms.until:%d/%m/%Y}",
                    f"its codes are of {source.since}; they are not followed back to {self.terms.until}",
                ),
                file=source.document.name,
            )
        self._keep("file", no=[source.no], name=[source.document.name], since=[source.since])

    def _batch(self, batch: Batch) -> None:
        """Keep what a batch holds of each class that names units.

        Dossiers before a change stay as they were issued.
        """
        layout, tables = batch.layout, batch.tables
        if "dossier" in layout.capabilities:
            tables = {name: _in_force(table) for name, table in tables.items()}
        for name, elements in classes(layout).items():
            table = tables.get(name)
            if table is None or not table.num_rows:
                continue
            code = next((element for element, role in elements.items() if role == "code"), None)
            listed = code is None or pa.types.is_list(table[code].type)  # the metadata list communes
            first = self.seqs.get(name, 0)
            self.seqs[name] = first + table.num_rows
            self._count(name, table["_file"])
            self._keep(
                "record",
                cls=pa.repeat(name, table.num_rows),
                seq=pa.array(np.arange(first, self.seqs[name])),
                file=table["_file"].cast(pa.int32()),
                id=table["_id"],
                line=table["_at"],
                code=pa.nulls(table.num_rows, pa.string())
                if listed
                else pc.utf8_trim_whitespace(table[code].fill_null("")),
            )
            if name == parcel_class(layout):
                self._parcels(table, batch.rings, first)
        self._links(tables, layout)

    def _count(self, name: str, files: pa.ChunkedArray) -> None:
        for row in files.value_counts().to_pylist():
            counts = self.sources[int(row["values"])].counts
            counts[name] = counts.get(name, 0) + row["counts"]

    def _parcels(self, table: pa.Table, rings: Rings, first: int) -> None:
        """Keep the numbers and areas of parcels, and where those of divided communes lie."""
        places = self._places(table, rings)
        numbers = roles().parcel
        self._keep(
            "parcel",
            seq=pa.array(np.arange(first, first + table.num_rows)),
            file=table["_file"].cast(pa.int32()),
            id=table["_id"],
            sheet=pc.utf8_trim_whitespace(table[numbers.sheet]),
            number=pc.utf8_trim_whitespace(table[numbers.number]),
            old_sheet=table[numbers.old_sheet],
            old_number=table[numbers.old_number],
            occupies=pc.is_in(table[numbers.occupies], pa.array(["1", "true"])),
            area=table[numbers.area],
            place=pa.array([place.state for place in places], pa.string()),
            found=pa.array([place.code for place in places], pa.string()),
            parts=pa.array([place.parts or None for place in places], pa.string()),
        )

    def _places(self, table: pa.Table, rings: Rings) -> list[Place]:
        places = [Place("shapeless")] * table.num_rows
        if self.terms.boundaries is None or not rings.rows:
            return places
        divided: dict[tuple[str, int], list[int]] = {}
        srs = dict(zip(rings.rows, rings.srs, strict=True))
        for row, (file, code) in enumerate(
            zip(*table.select(["_file", "maXa"]).to_pydict().values(), strict=True)
        ):
            epsg = epsg_of(srs.get(row))
            if epsg and self._divided(file, code):
                divided.setdefault((str(code).strip(), epsg), []).append(row)
        for (code, epsg), rows in divided.items():
            picked = rings.pick(set(rows))
            candidates = self._judged(table["_file"][rows[0]].as_py(), code).candidates
            shapes = polygons(picked)
            placed = self.terms.boundaries.place(shapes, epsg, candidates, self.terms.tolerance)
            for row, place in zip(picked.rows, placed, strict=True):
                places[row] = place
        return places

    def _divided(self, file: str, code: str | None) -> bool:
        found = self._judged(file, (code or "").strip())
        return found.state == "split" and found.land is None

    def _judged(self, file: str, code: str) -> Code:
        since = self.sources[int(file)].since
        assert since is not None  # noqa: S101 - for the type checker
        return judge(code, since, self.terms.until, mixed=False)

    def _links(self, tables: dict[str, pa.Table], layout: Layout) -> None:
        """Keep what belongs to a parcel, what to a party, and in national files who refers to whom."""
        known = tables if layout.model == "national" else self._mapped(tables, layout)
        if (surveys := known.get(SURVEY)) is not None:
            scale = surveys[roles().survey.scale]
            self._keep("survey", file=surveys["_file"].cast(pa.int32()), id=surveys["_id"], scale=scale)
        for cls in national().classes.values():
            table = known.get(cls.name)
            for field in cls.columns if table is not None else ():
                if field.kind != "reference":
                    continue
                # The records of a dossier belong together anyhow.
                if layout.model == "national" or cls.name == "ThuaDat" or field.targets == ("DiaChi",):
                    self._references(table, cls.name, field)

    def _mapped(self, tables: dict[str, pa.Table], layout: Layout) -> dict[str, pa.Table]:
        """Return the national tables that those of a vendor become."""
        made = load(self.staging, Batch(layout, tables, Rings()))
        return {name: self.staging.table(name).to_arrow_table() for name, rows in made.items() if rows}

    def _references(self, table: pa.Table, cls: str, field: Field) -> None:
        column = table[field.element].combine_chunks()
        if field.repeated:
            rows, target = pc.list_parent_indices(column), pc.list_flatten(column)
        else:
            rows = pc.indices_nonzero(pc.is_valid(column))
            target = column.take(rows)
        if not len(target):
            return
        file = table["_file"].combine_chunks().take(rows).cast(pa.int32())
        source = table["_id"].combine_chunks().take(rows)
        if cls == "ThuaDat":
            self._keep("link", file=file, parcel=source, id=target)
        elif cls in _parties() and field.targets == ("DiaChi",):
            self._keep("home", file=file, id=target)
        if field.targets != (SURVEY,):
            self._keep("edge", file=file, a=source, b=target)


def _in_force(table: pa.Table) -> pa.Table:
    return table.filter(pc.invert(pc.match_substring(table["_dossier"], EARLIER)))


@cache
def _parties() -> tuple[str, ...]:
    """Classes of those who may hold a right."""
    return next(
        field.targets for field in national().classes["QuyenSuDungDat"].fields if field.element == "chu"
    )
