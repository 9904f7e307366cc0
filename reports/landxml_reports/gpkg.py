"""The findings as layers for QGIS: styled, with a column in which an officer notes what became of each.

There is a layer for each kind of geometry and CRS, and a table of the findings without a place. Style, words
for the values, form and map tip stand in the file, in ``layer_styles``, where QGIS looks for them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import html
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple

import duckdb
import jinja2
import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from landxml import crs
from landxml.files import Path_
from landxml.temporary import temporary
from landxml.text import Text
from landxml_reports import listed, page, wording
from landxml_reports.book import COLOURS
from landxml_validator.report import Report, Result

__all__ = ["STATES", "write"]

STATES = {
    "chua_sua": "layer.open",
    "da_sua": "layer.done",
    "khong_phai_loi": "layer.no-error",
    "hoi_lai": "layer.ask",
}
"""Values of ``trang_thai`` → their labels; the first is that of all findings at first."""
COLUMNS = {
    "so": ("number", "explained.number"),
    "quy_tac": ("rule", "work.rule"),
    "muc_do": ("severity", "severity"),
    "noi_dung": ("message_{lang}", "work.found"),
    "xa": ("commune", "work.commune"),
    "thua": ("parcel", "work.parcel"),
    "doi_tuong": ("cls", "work.object"),
    "so_hieu": ("key", "work.key"),
    "truong": ("path", "work.field"),
    "vi_tri": ("place", "layer.place"),
    "trang_thai": ("'chua_sua'", "layer.state"),
    "ghi_chu": ("''", "work.note"),
    "ma_phat_hien": ("fingerprint", "fingerprint"),
}
"""Columns of a layer → what they hold, and their labels."""
BLOCK = 1 << 20
"""Bytes that are written at once."""
EDITED = ("trang_thai", "ghi_chu")


class Kind(NamedTuple):
    """A kind of layer: its symbols in QGIS, its type in the file, what makes several parts of one."""

    symbol: str
    type: str | None
    several: Callable[..., Any] | None = None


KINDS = {
    "diem": Kind("marker", "Point"),
    "duong": Kind("line", "MultiLineString", shapely.multilinestrings),
    "vung": Kind("fill", "MultiPolygon", shapely.multipolygons),
    "khac": Kind("fill", "Unknown"),
    "khong_vi_tri": Kind("", None),
}
"""Names of layers, to which the EPSG code is added."""
_KIND = """CASE WHEN geometry IS NULL THEN 'khong_vi_tri' ELSE CASE substr(hex(geometry), 3, 2)
  WHEN '01' THEN 'diem' WHEN '02' THEN 'duong' WHEN '05' THEN 'duong'
  WHEN '03' THEN 'vung' WHEN '06' THEN 'vung' ELSE 'khac' END END"""
"""The type stands behind the first byte of WKB."""


def write(report: Report, findings: Path_, lang: str, out: IO[bytes]) -> None:
    """Write the layers, with words in ``vi`` or ``en``.

    Parameters
    ----------
    report
        What a run found.
    findings
        Parquet file of all its findings (:mod:`landxml_validator.export`).
    out
        Where the GeoPackage is written to.
    """
    with temporary() as folder, listed.opened(report, findings) as con, _on_disk(folder):
        path = folder / "findings.gpkg"
        con.execute(f"CREATE VIEW Kind AS SELECT *, {_KIND} AS kind FROM Found")
        layers = con.execute(
            "SELECT DISTINCT kind, if(kind = 'khong_vi_tri', NULL, epsg) FROM Kind ORDER BY ALL"
        ).fetchall()
        names = {}
        for kind, epsg in layers or [("khong_vi_tri", None)]:
            name = f"{kind}_{epsg}" if epsg else kind
            names[name] = KINDS[kind]
            _layer(path, name, KINDS[kind], epsg, _batches(con, kind, epsg, lang))
        _styles(path, names, report, lang)
        with _anew(path).open("rb") as made:
            shutil.copyfileobj(made, out, BLOCK)


@contextlib.contextmanager
def _on_disk(folder: Path) -> Iterator[None]:
    """Raise what the system says of a disk where GDAL and SQLite failed on it.

    What they say themselves is no help: on a full disk that there is no such table. So as much as they would
    have written is written again; if that can be done, the disk was not the cause.
    """
    try:
        yield
    except (DataLayerError, DataSourceError, sqlite3.OperationalError):
        size = sum(each.stat().st_size for each in folder.iterdir())
        with (folder / "again").open("wb") as again:
            for _ in range(0, size + BLOCK, BLOCK):
                again.write(bytes(BLOCK))
        raise


def _batches(con: duckdb.DuckDBPyConnection, kind: str, epsg: int | None, lang: str) -> pa.RecordBatchReader:
    """Return the rows of a layer, worst rules first."""
    columns = [f"{source.format(lang=lang)} AS {name}" for name, (source, _) in COLUMNS.items()]
    shape = ["geometry"] if KINDS[kind].type else []
    placed = "AND epsg IS NOT DISTINCT FROM $epsg" if shape else ""
    given = {"kind": kind} | ({"epsg": epsg} if shape else {})
    reader = con.sql(
        f"SELECT {', '.join(columns + shape)} FROM Kind WHERE kind = $kind {placed} ORDER BY rank, number",
        params=given,
    ).to_arrow_reader(listed.ROWS)
    several = KINDS[kind].several
    if several is None:
        return reader
    return pa.RecordBatchReader.from_batches(reader.schema, (_several(batch, several) for batch in reader))


def _several(batch: pa.RecordBatch, several: Callable[..., Any]) -> pa.RecordBatch:
    """Make shapes of one part into such of several, which is the type of their layer."""
    shapes = shapely.from_wkb(np.asarray(batch["geometry"], dtype=object))
    single = np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (4, 5, 6)))
    shapes[single] = several(shapes[single], indices=np.arange(len(single)))
    at = batch.schema.get_field_index("geometry")
    return batch.set_column(at, "geometry", pa.array(shapely.to_wkb(shapes), pa.binary()))


def _layer(path: Path, name: str, kind: Kind, epsg: int | None, rows: pa.RecordBatchReader) -> None:
    shape: dict[str, Any] = {}
    if kind.type:
        known = epsg and crs.said(f"EPSG:{epsg}")
        shape = {
            "geometry_name": "geometry",
            "geometry_type": kind.type,
            "crs": f"EPSG:{epsg}" if known else None,
        }
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        pyogrio.write_arrow(rows, path, layer=name, driver="GPKG", **shape)


_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
);
INSERT INTO gpkg_contents (table_name, data_type, identifier)
VALUES ('layer_styles', 'attributes', 'layer_styles')"""
"""As QGIS makes it; what does not stand in ``gpkg_contents`` it does not find."""


def _styles(path: Path, layers: Mapping[str, Kind], report: Report, lang: str) -> None:
    """Add the styles, and date the file as the report."""
    day = f"{report.created.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    with closing(sqlite3.connect(path)) as con, con:
        con.executescript(_STYLES)
        for name, kind in layers.items():
            shape = "geom" if kind.type else ""
            row = (name, shape, "landxml", _style(kind, report, lang), report.tool, day)
            con.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
                " styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)"
                " VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)",
                row,
            )
        con.execute("UPDATE gpkg_contents SET last_change = ?", (day,))


def _anew(path: Path) -> Path:
    """Copy a database without what SQLite keeps of its making: GDAL writes now in one step, now in two."""
    made = path.with_name("made.gpkg")
    with closing(sqlite3.connect(path)) as con:
        con.execute("VACUUM INTO ?", (str(made),))
    return made


class Field(NamedTuple):
    """A column in the form of QGIS: its label, words for its values, whether it is edited."""

    name: str
    label: str
    words: dict[str, str]
    edited: bool


class Category(NamedTuple):
    """A colour of the map, as QGIS writes it, and a pale one for areas."""

    label: str
    colour: str
    pale: str


def _style(kind: Kind, report: Report, lang: str) -> str:
    """Return a style of QGIS: colours by severity, grey for what is done."""

    def say(name: str) -> str:
        return wording.label(name).get(lang)

    failed = wording.worst_first(report)
    words = {
        "quy_tac": {r.rule.code: f"{r.rule.code} {r.rule.title.get(lang)}" for r in failed},
        "muc_do": {name: say(f"severity.{name}") for name in ("error", "warning", "info")},
        "trang_thai": {name: say(label) for name, label in STATES.items()},
    }
    colours = {name: COLOURS[name] for name in words["muc_do"]} | {"done": "#9a9a9a"}
    return _template().render(
        symbol=kind.symbol,
        geometry=("marker", "line", "fill").index(kind.symbol) if kind.symbol else None,
        categories={
            name: Category(
                words["muc_do"].get(name) or say("layer.done"), _rgba(colour, 255), _rgba(colour, 70)
            )
            for name, colour in colours.items()
        },
        fields=[
            Field(name, say(label), words.get(name, {}), name in EDITED)
            for name, (_, label) in COLUMNS.items()
        ],
        tip=_tip(failed, lang),
    )


def _rgba(colour: str, alpha: int) -> str:
    return ",".join(map(str, (*bytes.fromhex(colour[1:]), alpha)))


def _tip(failed: Sequence[Result], lang: str) -> str:
    """Return the map tip: HTML with expressions, which show values as they stand."""

    def chosen(texts: Mapping[str, Text]) -> str:
        pairs = ", ".join(f"'{code}', '{_inside(text.get(lang))}'" for code, text in texts.items())
        return f'[% map_get(map({pairs}), "quy_tac") %]'

    def column(name: str) -> str:
        return f"""[% replace(replace("{name}", '&', '&amp;'), '<', '&lt;') %]"""

    titles = {result.rule.code: result.rule.title for result in failed}
    fixes = {result.rule.code: result.rule.fix for result in failed}
    return (
        f"<b>{column('quy_tac')} {chosen(titles)}</b><br>{column('thua')}<br>{column('noi_dung')}"
        f"<br><i>{chosen(fixes)}</i><br><small>{column('vi_tri')}</small>"
    )


def _inside(text: str) -> str:
    """Return a text as HTML in a string of an expression: without quotes, and without its end."""
    return html.escape(text).replace("%]", "%&#93;")


@cache
def _template() -> jinja2.Template:
    return page.environment(lambda value: wording.safe(value) if type(value) is str else value).get_template(
        "gpkg.qml.jinja"
    )
