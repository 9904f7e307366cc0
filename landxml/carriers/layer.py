"""Map layers: Shapefile, GeoPackage, File Geodatabase, GeoJSON, FlatGeobuf; a feature is a row.

A row knows its layer and its number there: the id of the feature in a database, else its place in the file.
Attributes become texts, and no more; the polygons go with them as they are.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio

from landxml import crs, dbf, layouts
from landxml.boundary import of_the_run
from landxml.carriers.base import Batch, Opened
from landxml.columns import columns_of
from landxml.dictionary import Dictionary, dictionary
from landxml.documents import RefusedError
from landxml.faults import Fault, Report, parse_fault
from landxml.geometry import Rings
from landxml.layouts import Layout
from landxml.parts import BESIDE
from landxml.reasons import UNREAD
from landxml.recognise import layer_form
from landxml.safe_xml import Problem
from landxml.text import Text
from landxml.wkb import Shapes

__all__ = ["Layer"]

BATCH = 25_000
"""Features per batch: several forms of each boundary are in memory at one time."""
GEOMETRY = "ranhGioi"
"""Column that tells the boundaries of features apart, and is null where there is none."""
MARKS = 10**8
"""How many boundaries are told apart; it matters only where parcels have the same numbers."""
LISTED = 10
"""Most names of other layers that are told."""

_UNUSABLE = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.GeometryError)
_BROKEN = (*_UNUSABLE, pa.ArrowException, OSError)
_DATABASES = {"GeoPackage", "File Geodatabase"}
_CLAIMED = {
    ".shp": "Shapefile", ".gpkg": "GeoPackage", ".gdb": "File Geodatabase", ".fgb": "FlatGeobuf",
    ".geojson": "GeoJSON",
}  # fmt: skip
"""What a file should be by its name, if its first bytes say nothing."""
_PARTS = {"Shapefile": BESIDE, "DBF": BESIDE, "GeoPackage": (".gpkg-wal", ".gpkg-shm")}
"""Suffixes of what a format keeps in other files; into the latter SQLite writes what it has just changed."""
_SILENT = re.compile(rb"\0*|SQLite format 3\0.*", re.DOTALL)
_PATH = re.compile(r"\S*[/\\]\S*")
"""In what GDAL says; it may be that of a temporary folder."""


class _Found(NamedTuple):
    """A layer of a document: the names of its attributes, and how many features it has, -1 if unsaid."""

    name: str
    fields: tuple[str, ...]
    shapes: bool
    features: int


class Layer:
    """Reads the map layers of a layout."""

    def __init__(self, layout: Layout, wanted: Dictionary | None = None) -> None:
        self.layout = layout
        (row,) = (wanted or dictionary(layout)).classes.values()
        self.row = row.name
        self.wanted = [field.element for field in row.columns]

    @staticmethod
    def recognises(source: Opened, layout: Layout) -> bool:
        """Tell whether a layer has the attributes of the layout, rather than those of a built-in one.

        A shapefile without attributes, or one that cannot be opened, is of the first layout that is asked.
        """
        if source.found.root:
            return False
        look = _look(source)
        if not look.form:
            return False
        if look.problem or (look.form == "Shapefile" and not any(layer.fields for layer in look.layers)):
            return look.form != "DBF"
        columns = (columns_of([layer.fields], layouts.rivals(layout)) for layer in look.layers)
        return any(each is not None and each.layout.id == layout.id for each in columns)

    def load(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read all layers of the layout, and report what is wrong with them."""
        look = _look(source)
        with source.on_disk(*_PARTS.get(look.form, ())) as path:
            read = [layer for layer in look.layers if columns_of([layer.fields], [self.layout]) is not None]
            wrong = list(_around(path, look, read))
            for fault in wrong:
                report(fault._replace(file=source.name))
            charset = _charset(path, look.form)
            if charset and charset.inferred:
                report(_inferred(charset, source.name))
            for layer in read:
                reading = _Reading(self, source, layer, look.form, charset)
                for name in reading.unknown:
                    params = {"column": name, "name": "", "detail": "field"}
                    report(Fault("column", source.name, 0, self.row, "", "", params, layer.name))
                try:
                    yield from reading.batches(path, report)
                except _BROKEN as error:
                    report(parse_fault(_unusable(str(error)), source.name))
                else:
                    told = any(fault.reason in UNREAD for fault in wrong)
                    if reading.count < layer.features and not told:
                        report(parse_fault(_cut(reading.count, layer.features), source.name))

    def scan(self, source: Opened, report: Report) -> Iterator[Batch]:
        """Read all layers of the layout; report only why they cannot be read."""
        return self.load(source, lambda fault: report(fault) if fault.reason in UNREAD else None)

    def rest(self) -> Iterator[Batch]:
        """Yield nothing: no two layers share a batch."""
        yield from ()

    def write(self, batches: Iterable[Batch], path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write a map layer; of several CRSs a layer each."""
        from landxml import layers  # noqa: PLC0415 - who only reads needs none of it

        features = ((batch.tables[self.row], batch.rings) for batch in batches)
        layers.write(path, self.layout, features, force=force)


class _Reading:
    """One layer, while it is read."""

    def __init__(
        self, carrier: Layer, source: Opened, layer: _Found, form: str, charset: dbf.Charset | None
    ) -> None:
        self.carrier = carrier
        self.source = source
        self.layer = layer
        self.numbered = form in _DATABASES
        """Whether features have ids that people know."""
        self.silent = form == "GeoJSON"
        """Whether WGS 84 is what a layer says that says nothing."""
        self.charset = charset
        columns = columns_of([layer.fields], [carrier.layout])
        found = columns.elements if columns else {}
        self.elements = {layer.fields[at]: each for at, each in found.items() if each in carrier.wanted}
        self.unknown = [name for at, name in enumerate(layer.fields) if at not in found]
        self.count = 0
        self.srs: tuple[str | None, bool] | None = None

    def batches(self, path: Path, report: Report) -> Iterator[Batch]:
        raw = self.charset is not None and self.charset.name != "utf-8"
        encoding = ("ISO-8859-1" if raw else "UTF-8") if self.charset else None
        with pyogrio.open_arrow(
            path, layer=self.layer.name, columns=list(self.elements), batch_size=BATCH, use_pyarrow=True,
            return_fids=True, encoding=encoding,
        ) as (meta, reader):  # fmt: skip
            for part in _quietly(reader):
                yield self._batch(part, meta, report)

    def _batch(self, part: pa.RecordBatch, meta: dict[str, Any], report: Report) -> Batch:
        file, layer = self.source.name, self.layer.name
        size = part.num_rows
        running = pa.array(range(self.count + 1, self.count + size + 1), pa.int64())
        at = part.column(0) if self.numbered else running
        decode = _decoder(self.charset)
        table = pa.table(
            {"_file": pa.repeat(file, size), "_part": pa.repeat(layer, size), "_at": at}
            | {element: _texts(part.column(name), decode) for name, element in self.elements.items()}
        )
        first, self.count = not self.count, self.count + size
        rings = Rings()
        if self.layer.shapes:
            rings = shapes = Shapes(part.column(part.num_columns - 1))
            if self.srs is None and len(shapes.coordinates):
                self.srs = self._system(meta["crs"], shapes, report)
            srs, flip = self.srs or (None, False)
            shapes.place(srs, flip=flip)
            marks, some = np.zeros(size, np.int64), np.zeros(size, bool)
            marks[shapes.rows], some[shapes.rows] = shapes.marks() % MARKS, True
            table = table.append_column(GEOMETRY, pa.array(marks, mask=~some).cast(pa.string()))
        columns = {layer: {element: name for name, element in self.elements.items()}} if first else {}
        return Batch(self.carrier.layout, {self.carrier.row: table}, rings, columns)

    def _system(self, stated: str | None, shapes: Shapes, report: Report) -> tuple[str | None, bool]:
        """Return the name of the CRS, and whether latitude stands first in it.

        A statement that cannot be true is reported; without another one the name is empty then.
        """
        first, second = np.abs(np.nanmedian(shapes.coordinates, axis=0)).tolist()
        degrees = first <= 180 and second <= 180
        said = crs.said(stated) if stated else None
        if said and said.degrees == degrees:
            return (f"EPSG:{said.epsg}" if said.epsg else said.name), degrees
        own = crs.said(f"EPSG:{self.source.crs}") if self.source.crs else None
        if said and not (own and self.silent):
            params = {
                "stated": f"EPSG:{said.epsg}" if said.epsg else said.name,
                "found": _IN_DEGREES if degrees else _IN_METRES,
                "used": f"EPSG:{own.epsg}" if own else _NONE,
            }
            report(Fault("crs", self.source.name, 0, "", "", GEOMETRY, params, self.layer.name))
        elif stated and not own:
            return stated[:80], False
        return (f"EPSG:{self.source.crs}", own.degrees) if own else ("" if said else None, False)


class _Look(NamedTuple):
    """What a document is: of no layer format if ``form`` is empty; its layers, or why it cannot be opened."""

    form: str
    layers: tuple[_Found, ...] = ()
    problem: str = ""


def _look(source: Opened) -> _Look:
    """Look at a document once for all layouts."""
    if not isinstance(source.looked, _Look):
        form = layer_form(source.head)
        if not form and _SILENT.fullmatch(source.head):
            form = _CLAIMED.get(Path(source.name).suffix.lower(), "")
        if not form:
            return _Look("")
        source.looked = _opened(source, form)
    look: _Look = source.looked
    return look


def _opened(source: Opened, form: str) -> _Look:
    try:
        with source.on_disk(*_PARTS.get(form, ())) as path, warnings.catch_warnings(action="ignore"):
            names = pyogrio.list_layers(path)[:, 0] if form in _DATABASES else [None]
            infos = [pyogrio.read_info(path, layer=name) for name in names]
    except RefusedError as error:  # as whoever loads it is told again
        return _Look(form, problem=str(error))
    except Exception as error:  # whatever a driver makes of a damaged file
        if of_the_run(error):
            raise
        return _Look(form, problem=str(error) if isinstance(error, _UNUSABLE) else type(error).__name__)
    found = tuple(
        _Found(each["layer_name"], tuple(each["fields"]), bool(each["geometry_type"]), each["features"])
        for each in infos
    )
    if form == "File Geodatabase" and found and not any(layer.fields for layer in found):
        return _Look(form, problem="no fields")  # as where its table is cut off
    return _Look(form, found)


def _around(path: Path, look: _Look, read: Sequence[_Found]) -> Iterator[Fault]:
    """Yield what is wrong with a document as a whole: files that are missing, layers that are not read."""
    missing = [suffix for suffix in _NEEDED.get(look.form, ()) if not dbf.beside(path, suffix)]
    if missing:
        names = ", ".join(f"{path.stem}{suffix}" for suffix in missing)
        what = Text(f"Thiếu tệp {names}: ", f"Missing files: {names}; ") + _LOST[missing[0]]
        yield parse_fault(Problem("beside", what), "")
    elif look.problem:
        yield parse_fault(_unusable(look.problem), "")
    elif look.form == "Shapefile":
        yield from (parse_fault(each, "") for each in _incomplete(path))
    others = [layer.name for layer in look.layers if layer not in read]
    if others and not missing:
        params = {"detail": "layers", "count": len(others), "names": ", ".join(others[:LISTED])}
        yield Fault("layers", "", 0, "", "", "", params)


def _incomplete(path: Path) -> Iterator[Problem]:
    """Yield which files of a shapefile are cut off, and whether shapes and rows are as many."""
    shapes, rows = (dbf.beside(path, suffix) for suffix in (".shx", ".dbf"))
    if shapes is None or rows is None:
        return
    for one in (path, rows):
        if (held := one.stat().st_size) < (stated := dbf.stated_size(one)):
            yield _cut(held, stated, f"{one.name}: ")
    if (count := dbf.rows(shapes)) != (filled := dbf.rows(rows)):
        vi = f"Lớp có {count} hình nhưng {rows.name} có {filled} dòng thuộc tính."
        yield Problem("beside", Text(vi, f"The layer has {count} shapes, but {rows.name} has {filled} rows."))


_NEEDED = {"Shapefile": (".dbf", ".shx"), "DBF": (".shp",)}
_LOST = {
    ".shp": Text("các thửa không có hình.", "the parcels have no shapes."),
    ".dbf": Text(
        "các hình không có thuộc tính nên không đọc được thửa nào.",
        "the shapes have no attributes, so no parcel can be read.",
    ),
    ".shx": Text("không mở được lớp bản đồ.", "the layer cannot be opened."),
}
_IN_DEGREES = {"vi": "tọa độ là độ", "en": "the coordinates are degrees"}
_IN_METRES = {"vi": "tọa độ là mét", "en": "the coordinates are metres"}
_NONE = {"vi": "không có", "en": "none"}


def _unusable(said: str) -> Problem:
    """Return why a layer cannot be opened, or not be read to its end."""
    text = " ".join(_PATH.sub("…", said.partition("; It might help")[0]).split())[:200]
    return Problem("unreadable", Text(f"Lớp bản đồ hỏng ({text}).", f"The map layer is damaged ({text})."))


def _cut(held: int, stated: int, file: str = "") -> Problem:
    """Say that a layer has been cut off."""
    vi = f"{file}lớp bản đồ bị cắt cụt (còn {held} trên {stated})."
    return Problem("unreadable", Text(vi, f"{file}the map layer is cut off ({held} of {stated} are left)."))


def _charset(path: Path, form: str) -> dbf.Charset | None:
    """Return the encoding of the attributes of a shapefile; other formats say theirs."""
    table = dbf.beside(path, ".dbf") if form in {"Shapefile", "DBF"} else None
    try:
        return dbf.charset(table) if table else None
    except ValueError:
        return None  # whoever opens the layer says so


def _inferred(charset: dbf.Charset, file: str) -> Fault:
    share = round(100 * charset.share)
    params = {"encoding": charset.name, "stated": charset.stated or _NONE, "share": share}
    return Fault("charset", file, 0, "", "", "", params)


def _decoder(charset: dbf.Charset | None) -> Callable[[str], str] | None:
    if charset is None or charset.name == "utf-8":
        return None
    return lambda text: dbf.decoded(text.encode("latin-1"), charset.name)


def _quietly(reader: Any) -> Iterator[pa.RecordBatch]:
    """Yield the batches; what the reader warns of is found by rules."""
    while True:
        with warnings.catch_warnings(action="ignore"):
            part = next(reader, None)
        if part is None:
            return
        if part.num_rows:
            yield part


def _texts(column: pa.Array, decode: Callable[[str], str] | None) -> pa.Array:
    """Return the texts of values; those of an old encoding decoded, each once."""
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_list(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_floating(kind) and pc.any(pc.greater_equal(pc.abs(column), 1e10)).as_py():
        return pa.array(  # Arrow would write them with an exponent
            [
                None if each is None else np.format_float_positional(each, trim="-")
                for each in column.to_pylist()
            ]
        )
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return pc.cast(column, pa.string())
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:  # a character was cut off, or the encoding is not what it says
        raw = column.cast(pa.binary()).to_pylist()
        return pa.array([text and text.decode("utf-8", "replace") for text in raw], pa.string())
    if decode is None or pc.all(pc.string_is_ascii(column)).as_py() is not False:
        return column.cast(pa.string())
    known = column.dictionary_encode()
    return pa.array(map(decode, known.dictionary.to_pylist()), pa.string()).take(known.indices)
