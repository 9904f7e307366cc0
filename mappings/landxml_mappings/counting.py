"""Counting what becomes of values: from a source to the national tables, and from these to a layout.

What a layout holds is not declared but tried: its batches are read again; what does not come back is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from landxml import privacy
from landxml.carriers import Batch
from landxml.codelists import codelist
from landxml.database import literal
from landxml.dictionary import Class, Field, dictionary, national
from landxml.geometry import polygons
from landxml.layouts import Layout
from landxml_mappings import loss
from landxml_mappings.gathering import BOUNDARIES
from landxml_mappings.loss import Loss
from landxml_mappings.membership import COPIES
from landxml_mappings.report import Uncoded
from landxml_mappings.row_spec import has_rows, row_mapping
from landxml_mappings.spec import mapping

__all__ = ["AGAIN", "METADATA", "read_losses", "uncoded", "written_losses"]

AGAIN = "again"
"""Schema of the national tables of what was written, read again."""
COMMONEST = 20
"""Most values that are told of a field."""
METADATA = {"SieuDuLieu", "SoBanGhi"}
"""Classes that say nothing of land, and are made anew."""

Connection = duckdb.DuckDBPyConnection


def read_losses(con: Connection, batch: Batch) -> Iterator[Loss]:
    """Yield what became of the values of a batch; ``con`` holds the tables that ``load`` made."""
    if has_rows(batch.layout):
        yield from loss.losses(con, batch.layout)
    else:
        yield from _typed(con, batch)
    if batch.rings.rows:
        usable = sum(shape is not None for shape in polygons(batch.rings))
        lost = len(batch.rings.rows) - usable
        dropped = {"unread": lost} if lost else {}
        yield Loss(element="ranhGioi", read=usable + lost, carried=usable, dropped=dropped)


def _typed(con: Connection, batch: Batch) -> Iterator[Loss]:
    """Yield what became of the values of records: those are lost that have no place, or cannot be read."""
    lost, homeless = set[str](), set[str]()
    if batch.layout.model != "national":
        spec = mapping(batch.layout)
        lost, homeless = set(spec.lost), set(spec.homeless())
    for name, table in batch.tables.items():
        if name in METADATA:
            continue
        columns = dictionary(batch.layout).classes[name].columns
        counts = con.execute(f'SELECT {", ".join(map(_count, columns)) or "0"} FROM "{name}"').fetchall()[0]
        for field, count in zip(columns, counts, strict=False):
            element, read = f"{name}.{field.element}", _filled(table[field.element])
            if read and (element in lost or name in homeless):
                yield Loss(element=element, read=read, dropped={"lost": read})
            elif read:
                dropped = {"unread": read - count} if read > count else {}
                yield Loss(element=element, read=read, carried=min(read, count), dropped=dropped)


def _count(field: Field) -> str:
    return f'coalesce(sum(len("{field.element}")), 0)' if field.repeated else f'count("{field.element}")'


def _filled(texts: pa.ChunkedArray) -> int:
    if pa.types.is_list(texts.type):
        texts = pc.list_flatten(texts)
    return int(pc.sum(pc.not_equal(texts, "")).as_py() or 0)


def written_losses(con: Connection, layout: Layout) -> Iterator[Loss]:
    """Yield what became of the values of the national tables in a layout.

    ``con`` holds them; in the schema :data:`~landxml_mappings.membership.COPIES` those of records that are
    written once, and in :data:`AGAIN` those of what was written, which is the same in the national layout.
    """
    again = "main" if layout.model == "national" else AGAIN
    for cls in _filled_classes(con):
        counted = f'SELECT {", ".join(map(_count, cls.columns))} FROM {{}}."{cls.name}"'
        filled, copied = (con.execute(counted.format(each)).fetchall()[0] for each in ("main", COPIES))
        for field, count, twice in zip(cls.columns, filled, copied, strict=True):
            if count or twice:
                ((carried,),) = con.execute(_held(cls, field, again)).fetchall()
                why = _why(layout, cls, field) if count > carried else ""
                yield _written(f"{cls.name}.{field.element}", count, twice, carried, why)
    shapes, twice, carried = (
        con.execute(f"SELECT count(*) FROM {schema}.{BOUNDARIES}").fetchall()[0][0]
        for schema in ("main", COPIES, again)
    )
    if shapes:
        yield _written("ThuaDat.ranhGioi", shapes, twice, min(shapes, carried), "lost")


def _written(element: str, count: int, copied: int, carried: int, why: str) -> Loss:
    dropped = +Counter({why: count - carried, "copy": copied})
    return Loss(element=element, read=count + copied, carried=carried, dropped=dict(dropped))


def _filled_classes(con: Connection) -> Iterator[Class]:
    """Yield the classes of which there are records, but for metadata."""
    for cls in national().classes.values():
        if cls.name not in METADATA and con.execute(f'SELECT 1 FROM main."{cls.name}" LIMIT 1').fetchall():
            yield cls


def _held(cls: Class, field: Field, schema: str) -> str:
    """Write how many values of a field are there again; of references only the number counts."""

    def values(of: str) -> str:
        value = f'unnest("{field.element}")' if field.repeated else f'"{field.element}"'
        value = "1" if field.kind == "reference" and not field.repeated else value
        filled = f'WHERE "{field.element}" IS NOT NULL'
        inner = f'SELECT {value} AS v FROM {of}."{cls.name}" {filled}'
        if field.kind == "reference" and field.repeated:
            inner = f"SELECT 1 AS v FROM ({inner})"
        return f"SELECT v, count(*) AS n FROM ({inner}) GROUP BY v"

    return (
        "SELECT coalesce(sum(least(a.n, b.n)), 0)::BIGINT"
        f" FROM ({values('main')}) AS a JOIN ({values(schema)}) AS b USING (v)"
    )


def _why(layout: Layout, cls: Class, field: Field) -> str:
    """Return why values are not in a layout: it has no place for them, or not for so many."""
    if has_rows(layout):
        rows = row_mapping(layout)
        if cls.name not in rows.classes:
            return "lost"
        own = rows.classes[cls.name]
        known = {*rows.made(cls.name), *own.references, *own.constant}
    else:
        spec = mapping(layout)
        if cls.name not in spec.classes:
            return "lost"
        one = spec.classes[cls.name]
        same = {each.element for each in cls.columns} - spec.renamed(cls.name)
        known = {*same, *one.elements, *one.references, *one.dossier}
    return "room" if field.element in known else "lost"


def uncoded(con: Connection) -> Iterator[Uncoded]:
    """Yield the values of coded fields that are no codes, the commonest first."""
    fields = ((cls, field) for cls in _filled_classes(con) for field in cls.columns)
    for cls, field in fields:
        if field.codelist:
            codes = ", ".join(literal(code.code) for code in codelist(field.codelist))
            value = f'unnest("{field.element}")' if field.repeated else f'"{field.element}"'
            found = con.execute(
                f'SELECT v, count(*) FROM (SELECT {value}::VARCHAR AS v FROM "{cls.name}")'
                f" WHERE v NOT IN ({codes}) GROUP BY v ORDER BY 2 DESC, 1 LIMIT {COMMONEST}"
            ).fetchall()
            for text, count in found:
                yield Uncoded(
                    field=f"{cls.name}.{field.element}", codelist=field.codelist, value=privacy.shown(text),
                    count=count,
                )  # fmt: skip
