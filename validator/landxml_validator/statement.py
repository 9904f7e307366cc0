"""A conformance statement of an exporter: what became of reference data that went through it.

Whoever makes an exporter loads a reference data set, whose every value is known, and hands in what comes out.
Both are read in the same way and compared value by value; what came out is checked as any delivery is. The
statement holds no time and no path, and one hash stands for all of it, as for a certificate.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import shapely

from landxml.database import connect
from landxml.dictionary import Class, Field, national
from landxml.errors import LandXmlError
from landxml.files import Path_
from landxml.text import Text
from landxml_mappings import tables
from landxml_validator import certificate
from landxml_validator.certificate import Input, hashed
from landxml_validator.pipeline import validate
from landxml_validator.report import Report
from landxml_validator.rule_sql import key

__all__ = ["ClassScore", "ConformanceStatement", "Exported", "FieldScore", "state"]

FORMAT = "1"
"""Version of the JSON form."""
SHAPE = "ranhGioi"
GRID = 0.001
"""Metres to which coordinates are compared."""


class FieldScore(msgspec.Struct, frozen=True, kw_only=True):
    """Values of a field in the reference, and what became of them; ``added`` are values that it has not.

    ``changed`` are values in whose place another stands, ``lost`` those in whose place nothing stands.
    """

    field: str
    expected: int
    kept: int
    changed: int
    lost: int
    added: int


class ClassScore(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a class in the reference and in what came out, and their values.

    ``by_key`` tells whether values are compared record by record, by business key; else the class as a whole.
    ``fields`` are those that were not kept as they are.
    """

    cls: str
    by_key: bool
    records: int
    found: int
    expected: int
    kept: int
    fields: list[FieldScore]


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What is stated: layout, reference data, what a check of the export says, what became of the values."""

    layout: str
    reference: list[Input]
    check: certificate.Statement
    classes: list[ClassScore]


class ConformanceStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement, and the SHA-256 of it as JSON without blanks, keys in the order of the alphabet."""

    conformance_statement: str
    sha256: str
    statement: Exported

    @property
    def whole(self) -> bool:
        """Whether every value was kept, none was added, and the export is conformant."""
        kept = not any(each.fields or each.records != each.found for each in self.statement.classes)
        return kept and self.statement.check.verdict == "conformant"


def state(
    reference: Path_, exported: Iterable[Path_], *, as_of: dt.date | None = None, **options: Any
) -> ConformanceStatement:
    """Return the statement of an exporter.

    Parameters
    ----------
    reference
        The data that was loaded, in the layout of the exporter (``landxml sample --layout``).
    exported
        What came out.
    as_of, options
        Of :func:`landxml_validator.validate`.

    Raises
    ------
    LandXmlError
        If something cannot be read, or the two are of different layouts.
    OSError
        If a file cannot be opened.
    """
    paths = list(exported)
    report = validate(paths, as_of=as_of, samples=0, **options)
    layouts = _layouts(report)
    known = _layouts(validate([reference], as_of=as_of, samples=0))
    if known != layouts:
        one, other = (" + ".join(each) or "?" for each in (known, layouts))
        vi = (
            f"dữ liệu tham chiếu theo {one}, tệp xuất theo {other}; hãy lập dữ liệu tham chiếu cùng định dạng"
        )
        en = f"the reference is of {one}, the export of {other}; make a reference of the same layout"
        raise LandXmlError(
            Text(f"{vi}: landxml sample --layout", f"{en}: landxml sample --layout"), file=reference
        )
    with connect() as con:
        _register(con, "expected", tables([reference]))
        _register(con, "exported", tables(paths))
        classes = list(_scores(con))
    made = Exported(
        layout=" + ".join(layouts),
        reference=[hashed(reference)],
        check=certificate.certify(report).statement,
        classes=classes,
    )
    data = msgspec.json.encode(made, order="sorted")
    return ConformanceStatement(
        conformance_statement=FORMAT, sha256=hashlib.sha256(data).hexdigest(), statement=made
    )


def _layouts(report: Report) -> list[str]:
    return sorted({file.layout for file in report.files if file.layout})


def _register(con: duckdb.DuckDBPyConnection, schema: str, found: Mapping[str, pa.Table]) -> None:
    """Make a table of each class; boundaries as texts that are equal where the shapes are."""
    con.execute(f"CREATE SCHEMA {schema}")
    for name, cls in national().classes.items():
        rows = found.get(name)
        if rows is not None and SHAPE in rows.column_names:
            shapes = shapely.from_wkb(np.asarray(rows[SHAPE], dtype=object))
            texts = shapely.to_wkb(shapely.normalize(shapely.set_precision(shapes, GRID)), hex=True)
            at = rows.schema.get_field_index(SHAPE)
            rows = rows.set_column(at, SHAPE, pa.array(texts, pa.string()))
        if rows is None:
            columns = ", ".join(f'NULL::VARCHAR AS "{each.element}"' for each in _fields(cls))
            con.execute(f'CREATE TABLE {schema}."{name}" AS SELECT {columns or "NULL AS nothing"} LIMIT 0')
        else:
            con.register("Rows", rows)
            con.execute(f'CREATE TABLE {schema}."{name}" AS FROM Rows')


def _fields(cls: Class) -> list[Field]:
    return [field for field in cls.fields if field in cls.columns or field.element == SHAPE]


def _scores(con: duckdb.DuckDBPyConnection) -> Iterator[ClassScore]:
    for name, cls in national().classes.items():
        records, found = (
            con.execute(f'SELECT count(*) FROM {schema}."{name}"').fetchall()[0][0]
            for schema in ("expected", "exported")
        )
        if not (records or found):
            continue
        scores = [score for field in _fields(cls) if (score := _score(con, cls, field))]
        yield ClassScore(
            cls=name, by_key=bool(cls.key), records=records, found=found,
            expected=sum(each.expected for each in scores), kept=sum(each.kept for each in scores),
            fields=[each for each in scores if each.kept < each.expected or each.added],
        )  # fmt: skip


def _score(con: duckdb.DuckDBPyConnection, cls: Class, field: Field) -> FieldScore | None:
    """Compare the values of a field; of references, whose ids the exporter gives, whether they are there."""

    def values(schema: str) -> str:
        value = f'"{field.element}"'
        listed = f"unnest({value}::VARCHAR[])" if field.repeated else f"{value}::VARCHAR"
        of = key(cls, f'"{cls.name}"') if cls.key else "''"
        said = "''" if field.kind == "reference" else "v"
        inner = f'SELECT {of} AS k, {listed} AS v FROM {schema}."{cls.name}" WHERE {value} IS NOT NULL'
        return f"SELECT k, {said} AS v, count(*) AS n FROM ({inner}) WHERE v IS NOT NULL GROUP BY ALL"

    (row,) = con.execute(
        f"""
WITH e AS ({values("expected")}), x AS ({values("exported")}), pair AS (
  SELECT k, coalesce(e.n, 0) AS e, coalesce(x.n, 0) AS x FROM e FULL JOIN x USING (k, v)
), record AS (
  SELECT sum(e) AS e, sum(x) AS x, sum(least(e, x)) AS kept FROM pair GROUP BY k
)
SELECT coalesce(sum(e), 0)::BIGINT, coalesce(sum(kept), 0)::BIGINT,
  coalesce(sum(least(e, x) - kept), 0)::BIGINT, coalesce(sum(greatest(x - e, 0)), 0)::BIGINT FROM record"""
    ).fetchall()
    expected, kept, changed, added = row
    if not (expected or added):
        return None
    lost = expected - kept - changed
    return FieldScore(
        field=field.element, expected=expected, kept=kept, changed=changed, lost=lost, added=added
    )
