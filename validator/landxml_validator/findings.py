"""Findings as one data set: one row per offending place, complete, masked, in Parquet.

Tasks write parts of it (:data:`PART`). When all are there, each row gets the parcel to which its record
leads, its commune, a fingerprint, and its state, in steps that need no more memory for more findings. Counts,
samples and files for users are read from that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyarrow import parquet

from landxml import privacy
from landxml.database import literal, rows_of
from landxml.dictionary import Dictionary
from landxml.faults import Fault
from landxml_validator import keys, levels, rule_sql, suppression
from landxml_validator.privacy import LARGEST, cut, over, params, texts
from landxml_validator.report import Finding
from landxml_validator.rule import PARCEL, Rule, codes
from landxml_validator.samples import spread

if TYPE_CHECKING:
    from landxml_validator.left_out import LeftOut
    from landxml_validator.rule_set import RuleSet

__all__ = [
    "DATA_SET", "FOLDER", "ORDER", "SCHEMA", "compared", "complete", "finding", "know", "new",
    "of_faults", "of_rows", "samples",
]  # fmt: skip

FOLDER = "findings"
"""Name of the folder of the parts, in that of the run."""
DATA_SET = "findings.parquet"
"""Name of the whole."""
ROWS = 50_000
"""Records whose names are in memory together."""
_TYPES = {"led": pa.bool_(), "at": pa.int32(), "x": pa.float64(), "y": pa.float64(), "geometry": pa.binary()}


def _schema(*names: str) -> pa.Schema:
    return pa.schema([(name, _TYPES.get(name, pa.string())) for name in names])


PART = _schema(
    "rule", "cls", "id", "file", "part", "at", "path", "x", "y", "geometry", "params",
    "record", "root", "named", "about", "communes",
)  # fmt: skip
"""Columns of a part: those of :data:`SCHEMA` that a task knows; ``record`` and ``root``, the ids of the
record and of that in which it is nested, as they stand in the file; ``named`` and ``about``, its id and what
the finding is about, always masked; ``communes``, in which alone it counts (:attr:`Rule.communes
<landxml_validator.rule.Rule.communes>`), with blanks between."""
SCHEMA = _schema(
    "rule", "cls", "id", "key", "parcel", "commune", "file", "part", "at", "column", "path", "x", "y",
    "geometry", "params", "fingerprint", "state", "severity",
)  # fmt: skip
"""Columns of the data set.

``key`` is the record's business key, else that to which it leads; ``parcel`` and ``commune`` are ``""`` where
it leads to none. ``part`` and ``at`` are as in :class:`landxml.place.Place`, ``column`` is that of a cell;
``params`` is a JSON object. ``x``, ``y`` and ``geometry`` (WKB: the shape that a rule gives, else that
point, else a point in the only parcel of the file that has the number in ``parcel``) are in the CRS of the
file.
``fingerprint`` names the finding in every delivery, wherever it stands, and no other of the same delivery: a
hash of rule, class, path, and business key (or id; or the name of the file, where it is about no record). Of
several that have all these in common, all but the first are numbered, by place. ``state`` is ``new``,
``known`` if the baseline has it, or ``suppressed``; only what is new counts. ``severity`` is that of the rule
in the commune.
"""
ORDER = ("rule", "file", "part", "at", "record", "path", "params")
"""Of the rows that rules by keys find."""
_NAMED = _schema("file", "id", "led", "masked", "shown", "parcel", "commune", "geometry")


def of_faults(
    rules: Mapping[str, Rule], faults: Sequence[Fault], known: Collection[str], *, shown: bool
) -> pa.Table:
    """Return a part with the faults that readers, or rules written in Python, found."""
    reported = codes(rules)
    rule = [reported[fault.reason] for fault in faults]
    said = [
        cut(fault.params) if shown else params(rules[name], cut(fault.params), fault, known)
        for name, fault in zip(rule, faults, strict=True)
    ]
    columns = {
        "rule": [rules[name].code for name in rule],
        "communes": [" ".join(rules[name].communes) for name in rule],
        "_cls": [fault.cls for fault in faults],
        "_id": [fault.id for fault in faults],
        "_file": [fault.file for fault in faults],
        "_part": [fault.part for fault in faults],
        "_at": [fault.line for fault in faults],
        "_path": [fault.path for fault in faults],
        "_x": pa.array([fault.x for fault in faults], pa.float64()),
        "_y": pa.array([fault.y for fault in faults], pa.float64()),
        "_geometry": pa.array([fault.geometry for fault in faults], pa.binary()),
        "_root": [""] * len(faults),
        "params": [msgspec.json.encode(each).decode() for each in said],
    }
    return _part(pa.table(columns), known, shown=shown)


def of_rows(rule: Rule, rows: pa.Table, known: Collection[str], *, shown: bool) -> pa.Table:
    """Return a part with the rows that a rule found (:func:`landxml_validator.rule_sql.run`).

    Of a rule by keys it is in an order that does not depend on which of them were found together.
    """
    said = texts(rule, rows, known, shown=shown)
    same = {"rule": rule.code, "communes": " ".join(rule.communes)}
    for name, text in same.items():
        rows = rows.append_column(name, pa.repeat(text, rows.num_rows))
    part = _part(rows.append_column("params", said), known, shown=shown)
    return part.sort_by([(name, "ascending") for name in ORDER]) if rule.key else part


def _part(rows: pa.Table, known: Collection[str], *, shown: bool) -> pa.Table:
    """Mask what is no parameter, and bring the columns in order."""

    def masked(name: str, mask: Callable[..., str]) -> pa.Array:
        return over(rows[name], lambda text: mask(cut(text), known))

    cls, path, record = (
        masked("_cls", privacy.path),
        masked("_path", privacy.path),
        masked("_id", privacy.identifier),
    )
    clear = {"cls": cls, "path": path, "id": record}
    if shown:
        clear = {name: over(rows[f"_{name}"], cut) for name in clear}
    near = pc.and_kleene(*(pc.less(pc.abs(rows[name]), LARGEST) for name in ("_x", "_y")))
    point = {
        name: rows[f"_{name}"] if shown else pc.if_else(pc.fill_null(near, False), rows[f"_{name}"], None)
        for name in ("x", "y")
    }
    place = {name: rows[f"_{name}"] for name in ("file", "part", "at")}
    made = {
        **clear, **place, **point, "geometry": _shapes(rows["_geometry"], point),
        "rule": rows["rule"], "params": rows["params"], "record": rows["_id"],
        "root": rows["_root"], "named": record,
        "about": pc.binary_join_element_wise(rows["rule"], cls, path, "\n"), "communes": rows["communes"],
    }  # fmt: skip
    return pa.table({name: made[name] for name in PART.names}).cast(PART)


def _shapes(given: pa.ChunkedArray, point: Mapping[str, pa.ChunkedArray]) -> pa.ChunkedArray:
    """WKB of each finding: what its rule gives, else its point, if it has one."""
    known = np.flatnonzero(pc.and_(pc.is_null(given), pc.is_valid(point["x"])))
    if not len(known):
        return given
    shapes = np.asarray(given, dtype=object)
    shapes[known] = shapely.to_wkb(shapely.points(*(np.asarray(each)[known] for each in point.values())))
    return pa.chunked_array([pa.array(shapes, pa.binary())])


def complete(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[str],
    folder: Path,
    dictionary: Dictionary,
    left_out: LeftOut,
    *,
    rules: RuleSet,
    shapes: Sequence[str],
    personal_data: bool,
) -> Path:
    """Make the data set of all parts: one file in the run's folder, by rule, new ones first, and place.

    Parameters
    ----------
    con
        Connection with ``Unit``, ``Cell``, ``Block``, and what :func:`landxml_validator.keys.led_to` needs.
    parts
        Files of all parts.
    folder, dictionary
        Of the run; of the tables.
    left_out, rules
        Findings that do not count; by what all were found.
    shapes
        Files with the shapes of parcels (:mod:`landxml_validator.communes`).
    personal_data
        Whether keys stay in clear.
    """
    out = folder / DATA_SET
    know(con, left_out.baseline)
    # Made here: Arrow reserves a gigabyte of addresses with its first table, which a limit of memory counts.
    con.register("Suppression", left_out.suppressions or suppression.SCHEMA.empty_table())
    con.register("Ignored", left_out.ignored or _schema("rule", "commune").empty_table())
    levels.create(con, rules)
    if not parts:
        con.register("Part", PART.append(pa.field("origin", pa.string())).empty_table())
        con.register("Named", _NAMED.empty_table())
        parquet.write_table(SCHEMA.empty_table(), out)
        return out
    found = rows_of(parts, filename=True, file_row_number=True)
    origin = "coalesce(nullif(root, ''), record) AS origin"
    con.execute(f"CREATE OR REPLACE TEMP VIEW Part AS SELECT *, {origin} FROM {found}")
    keys.led_to(con, dictionary, "SELECT file, origin AS id FROM Part")
    _name(con, folder / "named.parquet", _pointed(con, shapes, dictionary), shown=personal_data)
    # One step after another, because all at once would need the memory of all. Findings go past what they
    # are looked up in: a join the other way round would hold all of them, and those of one key, as where no
    # commune is known, cannot go to the disk by parts.
    con.execute("SET disabled_optimizers = 'build_side_probe_side'")
    _write(con, "Keyed", _KEYED, folder)
    con.execute(_NUMBERED)
    _write(con, "Signed", _SIGNED, folder)
    con.execute("DROP TABLE Numbered")
    con.execute(f"COPY ({_STATED}) TO {literal(str(out))} (FORMAT parquet)")
    con.execute("RESET disabled_optimizers")
    return out


def _write(con: duckdb.DuckDBPyConnection, name: str, query: str, folder: Path) -> None:
    """Write the rows of a query into a file, which is seen as a view of that name."""
    file = str(folder / f"{name}.parquet")
    con.execute(f"COPY ({query}) TO {literal(file)} (FORMAT parquet)")
    con.execute(f"CREATE OR REPLACE VIEW {name} AS FROM {rows_of([file], file_row_number=True)}")


def _pointed(con: duckdb.DuckDBPyConnection, shapes: Sequence[str], dictionary: Dictionary) -> str:
    """Return SQL for ``Led`` with ``x`` and ``y``, a point in the parcel, NULL where none is known.

    It is that of the same file, else that of the only file that has its shape, if all shapes have one CRS;
    none where the shape has no CRS and others have one: theirs may be another.
    """
    cls = dictionary.classes[PARCEL]
    if not shapes or not set(con.sql(f"FROM {rows_of(shapes)}").columns) >= {"x", "y", "epsg", *cls.key}:
        return "(SELECT *, NULL::DOUBLE AS x, NULL::DOUBLE AS y FROM Led)"
    return f"""(
WITH shape AS (
  SELECT _file AS file, {rule_sql.key(cls, "s")} AS parcel, x, y, epsg
  FROM {rows_of(shapes)} s WHERE abs(x) < {LARGEST} AND abs(y) < {LARGEST}
), here AS (
  SELECT file, parcel, any_value(x) AS x, any_value(y) AS y FROM shape
  GROUP BY ALL HAVING count(*) = 1 AND (count(epsg) = 1 OR (SELECT count(epsg) = 0 FROM shape))
), anywhere AS (
  SELECT parcel, any_value(x) AS x, any_value(y) AS y FROM shape SEMI JOIN Led USING (parcel)
  WHERE (SELECT count(DISTINCT epsg) = 1 FROM shape) GROUP BY ALL HAVING count(*) = 1 AND count(epsg) = 1
)
SELECT Led.*, coalesce(here.x, anywhere.x) AS x, coalesce(here.y, anywhere.y) AS y
FROM Led LEFT JOIN here USING (file, parcel) LEFT JOIN anywhere USING (parcel))"""


def _name(con: duckdb.DuckDBPyConnection, out: Path, led: str, *, shown: bool) -> None:
    """Write the names of the records to which findings belong, as the view ``Named(file, id, …)``.

    ``masked`` is the key to which a record leads, else its id; ``shown`` the same, in clear if it may be so;
    ``led`` tells whether it is a key; ``parcel`` and ``commune`` are those to which it leads,
    ``geometry`` a point in that parcel.
    """
    reader = con.sql(
        "SELECT file, id, key IS NOT NULL AS led, coalesce(key, id) AS key, parcel,"
        f" split_part(parcel, '/', 1) AS commune, x, y FROM {led}"
    ).to_arrow_reader(ROWS)
    with parquet.ParquetWriter(out, _NAMED, compression="zstd") as writer:
        for batch in reader:
            rows = pa.Table.from_batches([batch])
            masked = over(rows["key"], _masked)
            clear = over(rows["key"], cut) if shown else masked
            parcel = over(rows["parcel"], cut if shown else _masked)
            none = pa.chunked_array([pa.nulls(len(rows), pa.binary())])
            point = _shapes(none, {name: rows[name] for name in ("x", "y")})
            columns = [rows["file"], rows["id"], rows["led"], masked, clear, parcel, rows["commune"], point]
            writer.write_table(pa.table(columns, _NAMED))
    con.execute(f"DROP TABLE Led; CREATE OR REPLACE TEMP VIEW Named AS FROM {rows_of([str(out)])}")


def _masked(text: str) -> str:
    return privacy.key(cut(text))


_KEYED = r"""
WITH commune AS (
  SELECT _file, any_value(maXa) AS code FROM ThuaDat GROUP BY _file HAVING count(DISTINCT maXa) = 1
), official AS (SELECT DISTINCT code FROM Unit WHERE level = 'commune')
SELECT p.rule, p.cls, p.id, if(n.led OR p.root <> '', n.shown, '') AS key, coalesce(n.parcel, '') AS parcel,
  coalesce(o.code, '') AS commune, p.file, p.part, p."at",
  coalesce(c.letters, p.params ->> 'column', '') AS "column",
  p.path, p.x, p.y, coalesce(p.geometry, n.geometry) AS geometry, p.params,
  concat_ws(chr(10), p.about, regexp_replace(  -- without the hash of a name of a file
    coalesce(
      if(n.led OR p.root <> '', nullif(n.masked, ''), NULL), nullif(p.named, ''),
      regexp_extract(p.file, '[^/\\]*$')
    ), 'tep-[0-9a-f]{12}', 'tep', 'g'
  )) AS sign, p.filename, p.file_row_number AS row
FROM Part p
LEFT JOIN Named n ON n.file = p.file AND n.id = p.origin
LEFT JOIN commune m ON m._file = p.file
LEFT JOIN official o ON o.code = coalesce(n.commune, m.code)
LEFT JOIN Block b ON b.file = p.file AND b.cls = p.cls AND b.id = p.record
LEFT JOIN Cell c ON c.file = p.file AND c.part = p.part AND c.cls = p.cls
  AND c.field = regexp_extract(p.path, '[^/]*$') AND c.block = coalesce(b.block, 0)
WHERE if(p.communes = '', (p.rule, coalesce(o.code, '')) NOT IN (FROM Local), contains(p.communes, o.code))"""
_NUMBERED = """
CREATE OR REPLACE TEMP TABLE Numbered AS SELECT file_row_number, number FROM (
  SELECT file_row_number,
    row_number() OVER (PARTITION BY hash(sign) ORDER BY file, part, "at", filename, row) AS number
  FROM Keyed SEMI JOIN (
    SELECT hash(sign) AS several FROM Keyed GROUP BY several HAVING count(*) > 1
  ) ON several = hash(sign)
) WHERE number > 1"""
_SIGNED = """
SELECT * EXCLUDE (sign, number, file_row_number),
  left(sha256(concat_ws(chr(10), sign, number)), 32) AS fingerprint
FROM Keyed LEFT JOIN Numbered USING (file_row_number)"""
_STATED = f"""
WITH suppressed AS (
  SELECT (rule, "by", value) FROM Suppression WHERE live
), stated AS (
  SELECT *, CASE WHEN fingerprint::UUID IN (SELECT fingerprint FROM Baseline) THEN 'known'
    WHEN (rule, commune) IN (SELECT (rule, commune) FROM Ignored)
      OR (rule, 'fingerprint', fingerprint) IN (FROM suppressed) OR (rule, 'key', key) IN (FROM suppressed)
      OR (rule, 'parcel', parcel) IN (FROM suppressed) OR (rule, 'commune', commune) IN (FROM suppressed)
    THEN 'suppressed' ELSE 'new' END AS state
  FROM Signed
)
SELECT s.* EXCLUDE (filename, row, file_row_number), {levels.SEVERITY}
FROM stated s {levels.JOINED} ORDER BY s.rule, state <> 'new', file, part, "at", filename, row"""


def new(data_set: Path) -> str:
    """Return SQL for the findings that count, with their rows from 0 and their numbers from 1."""
    rows = rows_of([str(data_set)], file_row_number=True)
    return f"(SELECT *, file_row_number + 1 AS number FROM {rows} WHERE state = 'new')"


def know(con: duckdb.DuckDBPyConnection, baseline: Path | None) -> None:
    """Create the view ``Baseline`` of what an earlier check found; it has no rows where none is given."""
    rows = rows_of([baseline]) if baseline else "(SELECT '' AS rule, NULL::UUID AS fingerprint LIMIT 0)"
    con.execute(f"CREATE OR REPLACE TEMP VIEW Baseline AS FROM {rows}")


def compared(
    con: duckdb.DuckDBPyConnection, data_set: Path, evaluated: Iterable[str]
) -> dict[str, Counter[str]]:
    """Count, by state and rule, findings that do not count: ``known``, ``suppressed``, and ``gone``.

    The last are those of the baseline that are not there any more; of a rule that was not evaluated nobody
    knows.
    """
    rows = rows_of([str(data_set)])
    counts: dict[str, Counter[str]] = {"known": Counter(), "suppressed": Counter()}
    found = con.execute(
        f"SELECT state, rule, count(*) FROM {rows} WHERE state <> 'new' GROUP BY ALL"
    ).fetchall()
    for state, rule, count in found:
        counts[state][rule] = count
    gone = con.execute(
        "SELECT rule, count(*) FROM Baseline"
        f" ANTI JOIN (SELECT fingerprint::UUID AS fingerprint FROM {rows}) USING (fingerprint)"
        " WHERE rule IN (SELECT unnest($evaluated::VARCHAR[])) GROUP BY rule",
        {"evaluated": list(evaluated)},
    ).fetchall()
    return counts | {"gone": Counter(dict(gone))}


def samples(
    con: duckdb.DuckDBPyConnection, data_set: Path, most: int
) -> tuple[dict[str, dict[str, int]], dict[str, list[Finding]]]:
    """Count the new findings of each rule by commune, and return the first of each, of every commune some."""
    rows = new(data_set)
    counts: dict[str, dict[str, int]] = {}
    first: dict[str, list[tuple[int, str]]] = {}
    by_commune = con.execute(_BY_COMMUNE.format(rows=rows, most=min(max(most, 1), MANY)))
    for rule, commune, count, numbers in by_commune.fetchall():
        counts.setdefault(rule, {})[commune] = count
        first.setdefault(rule, []).extend((number, commune) for number in numbers)
    chosen = [each for some in first.values() for each in spread(sorted(some), itemgetter(1), most)]
    found: dict[str, list[Finding]] = {}
    listed = con.sql(_NUMBERED_ROWS.format(rows=rows), params=[[number for number, _ in chosen]])
    for row in listed.to_arrow_table().to_pylist():
        found.setdefault(row["rule"], []).append(finding(row))
    return counts, found


MANY = 999_999
"""Most rows that ``min`` of DuckDB keeps."""
_BY_COMMUNE = (
    "SELECT rule, commune, count(*), min(number, {most}) FROM {rows} GROUP BY ALL ORDER BY rule, commune"
)
_NUMBERED_ROWS = "SELECT * FROM {rows} WHERE number IN (SELECT unnest($1::BIGINT[])) ORDER BY number"


_FIELDS = frozenset(field.name for field in msgspec.structs.fields(Finding)) - {"params"}


def finding(row: dict[str, Any]) -> Finding:
    """Return a row of the data set, with its ``number``, as an object."""
    values = {name: value for name, value in row.items() if name in _FIELDS}
    return Finding(**values, params=msgspec.json.decode(row["params"]))
