"""The plan: what becomes of every record, found with joins; nothing is written yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from landxml.carriers import BATCH
from landxml_remap.codes import Code, judge
from landxml_remap.decisions import Choice
from landxml_remap.survey import Source, Terms
from landxml_remap.workspace import insert

__all__ = ["settle"]

TABLES = """
ALTER TABLE file ADD COLUMN mixed BOOLEAN DEFAULT false;
CREATE TABLE code (
  since DATE, mixed BOOLEAN, code VARCHAR, state VARCHAR, land VARCHAR, people VARCHAR, candidates VARCHAR
);
CREATE TABLE pair (since DATE, code VARCHAR, new VARCHAR, kind VARCHAR, resolution VARCHAR, inferred BOOLEAN);
CREATE TABLE choice (code VARCHAR, new VARCHAR, sheet VARCHAR, number VARCHAR, cls VARCHAR, id VARCHAR);
CREATE TABLE part (file INTEGER, id VARCHAR, part VARCHAR);
CREATE TABLE outcome (
  cls VARCHAR, seq BIGINT, file INTEGER, id VARCHAR, line BIGINT, code VARCHAR, new VARCHAR, basis VARCHAR,
  trouble VARCHAR, candidates VARCHAR, sheet VARCHAR, number VARCHAR, old_sheet VARCHAR, old_number VARCHAR,
  occupies BOOLEAN, area DECIMAL(18, 4)
);
CREATE VIEW settled AS FROM outcome WHERE cls IN ('ThuaDat', 'DC_ThuaDat');
"""
"""``part``: records that belong together, such as those of a dossier; where something may depend on it.
``outcome``: of every record with a code the new one and its basis, or what the trouble is and the candidates;
``settled``: that of parcels."""

NODES = """
CREATE OR REPLACE TEMP TABLE node AS SELECT id, row_number() OVER () - 1 AS n
FROM (SELECT a AS id FROM edge WHERE file = {no} UNION SELECT b FROM edge WHERE file = {no})
"""
ENDS = """
SELECT x.n AS a, y.n AS b FROM edge JOIN node x ON x.id = a JOIN node y ON y.id = b WHERE file = {no}
"""
"""The graph of who refers to whom in one document, with numbers for ids: these take a tenth of the memory."""

HANDS = """
SELECT min(file), max(file) FROM (
  SELECT file, sum(count(*)) OVER (ORDER BY file) // $size AS hand FROM record GROUP BY file
) GROUP BY hand ORDER BY hand
"""


def settle(
    con: duckdb.DuckDBPyConnection, sources: Sequence[Source], terms: Terms, choices: Sequence[Choice]
) -> None:
    """Make the table ``outcome``, some documents at a time: joins over a province would need its memory."""
    con.execute(TABLES)
    insert(con, "choice", Choice._fields, choices)
    used = con.execute(
        "SELECT DISTINCT since, code FROM record JOIN file ON no = file WHERE code IS NOT NULL"
    ).fetchall()
    judged = {key: judge(key[1], key[0], terms.until, mixed=False) for key in used}
    if terms.since is None:
        _mark_mixed(con, sources, judged)
    _fill(con, judged, terms.until)
    _fill_parts(con, sources)
    statements = files("landxml_remap").joinpath("plan.sql").read_text("utf-8").split(";\n")
    for first, last in con.execute(HANDS, {"size": BATCH}).fetchall():
        con.execute(f"CREATE OR REPLACE MACRO here(file) AS file BETWEEN {first} AND {last}")
        for statement in statements:
            con.execute(statement)


def _mark_mixed(
    con: duckdb.DuckDBPyConnection, sources: Sequence[Source], judged: dict[tuple[dt.date, str], Code]
) -> None:
    """Mark the files that also hold codes of the last day only; dossiers are one delivery."""
    new = [(since, code) for (since, code), found in judged.items() if found.state == "target"]
    if not new:
        return
    con.execute("CREATE TEMP TABLE target (since DATE, code VARCHAR)")
    con.executemany("INSERT INTO target VALUES (?, ?)", new)
    con.execute(
        "UPDATE file SET mixed = true WHERE no IN (SELECT r.file FROM record r"
        " JOIN file f ON f.no = r.file JOIN target t ON t.since = f.since AND t.code = r.code)"
    )
    dossiers = [source.no for source in sources if "dossier" in source.layout.capabilities]
    mixed = {no for (no,) in con.execute("SELECT no FROM file WHERE mixed").fetchall()}
    if mixed.intersection(dossiers):
        con.execute("UPDATE file SET mixed = true WHERE no IN (SELECT unnest(?))", [dossiers])


def _fill(con: duckdb.DuckDBPyConnection, judged: dict[tuple[dt.date, str], Code], until: dt.date) -> None:
    """Enter what becomes of each code, in files that mix codes and in others, and its successors."""
    rows, pairs = [], []
    for (since, code), plain in judged.items():
        for mixed in (False, True):
            found = judge(code, since, until, mixed=mixed)
            rows.append((since, mixed, *found[:4], ", ".join(found.candidates) or None))
        pairs += [(since, code, s.code, s.kind, s.basis, s.inferred) for s in plain.pairs]
    columns = ("since", "mixed", "code", "state", "land", "people", "candidates")
    insert(con, "code", columns, rows)
    insert(con, "pair", ("since", "code", "new", "kind", "resolution", "inferred"), pairs)


def _fill_parts(con: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> None:
    """Enter which records belong together, in files with divided communes."""
    divided = {
        no
        for (no,) in con.execute(
            "SELECT DISTINCT r.file FROM record r JOIN file f ON f.no = r.file JOIN code c"
            " ON c.since = f.since AND c.mixed = f.mixed AND c.code = r.code WHERE c.state = 'split'"
        ).fetchall()
    }
    dossiers = [s.no for s in sources if s.no in divided and "dossier" in s.layout.capabilities]
    con.execute(
        "INSERT INTO part SELECT file, id, '' FROM record"
        " WHERE code IS NOT NULL AND file IN (SELECT unnest(?))",
        [dossiers],
    )
    for no in sorted(divided.difference(dossiers)):
        con.execute(NODES.format(no=no))
        ends = con.execute(ENDS.format(no=no)).fetchnumpy()
        labels = _components(np.array([ends["a"], ends["b"]]), con.table("node").shape[0])
        con.register("labels", pa.table({"n": np.arange(len(labels)), "label": labels}))
        con.execute(
            f"INSERT INTO part SELECT {no}, id, label FROM node JOIN labels USING (n)"
            f" SEMI JOIN record r ON r.id = node.id AND r.file = {no}"
        )
        con.unregister("labels")


def _components(ends: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """Label the nodes of a graph so that connected ones have the same label: the least number among them."""
    label = np.arange(count)
    while ends.size:
        least = label[ends].min(axis=0)
        before = label.copy()
        for side in ends:
            np.minimum.at(label, label[side], least)
            np.minimum.at(label, side, least)
        label = label[label]
        if (label == before).all():
            break
    return label
