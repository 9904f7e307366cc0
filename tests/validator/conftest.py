"""Tables filled by hand, for the tests of rules and of the executor."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest

from landxml import codelists, layouts
from landxml.cast import clear
from landxml.dictionary import national
from landxml.place import SYSTEM
from landxml_mappings import link, owners
from landxml_validator import existing, lookup_tables, rule_sql, sql_macros, superseded
from landxml_validator.findings import PART, of_rows
from landxml_validator.rule import builtin

AS_OF = dt.date(2026, 1, 1)
GEOMETRY = {
    "epsg": "INTEGER", "rings": "INTEGER", "points": "INTEGER", "closed": "BOOLEAN", "finite": "BOOLEAN",
    "valid": "BOOLEAN", "reason": "VARCHAR", "area": "DOUBLE", "x": "DOUBLE", "y": "DOUBLE", "lon": "DOUBLE",
    "lat": "DOUBLE", "off": "DOUBLE", "code": "VARCHAR", "srs": "VARCHAR", "revert": "VARCHAR",
    "ids": "VARCHAR[]", "other": "VARCHAR", "counted": "VARCHAR", "solid": "BOOLEAN",
    "repeats": "INTEGER", "turned": "BOOLEAN", "tails": "BOOLEAN", "length": "DOUBLE", "hole": "DOUBLE",
    "shortest": "DOUBLE", "shortest_x": "DOUBLE", "shortest_y": "DOUBLE", "spike": "DOUBLE",
    "spike_x": "DOUBLE", "spike_y": "DOUBLE",
}  # fmt: skip
TOPOLOGY = {
    "kind": "VARCHAR", "_path": "VARCHAR", "_x": "DOUBLE", "_y": "DOUBLE", "_geometry": "BLOB",
    "neighbour": "VARCHAR", "other": "VARCHAR", "area": "DOUBLE", "width": "DOUBLE", "covered": "DOUBLE",
    "equal": "DOUBLE", "off": "DOUBLE", "apart": "DOUBLE",
}  # fmt: skip


class Tables:
    """National tables to which rows are added by hand; what a row leaves out is NULL."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.lines = 0
        clear(con, national())
        for table, made in (("HinhHoc", GEOMETRY), ("Topology", TOPOLOGY)):
            columns = ", ".join(f"{name} {kind}" for name, kind in made.items())
            place = "_file VARCHAR, _part VARCHAR, _at INTEGER, _id VARCHAR"
            con.execute(f"CREATE OR REPLACE TABLE {table} ({place}, {columns})")
        superseded.create(con)
        con.register("empty", existing.SCHEMA.empty_table())
        con.execute("CREATE OR REPLACE TABLE Existing AS SELECT *, '' AS _id FROM empty")
        con.execute("CREATE OR REPLACE TABLE MapFile AS SELECT 'map.xml' AS _file")
        con.execute("""
CREATE OR REPLACE VIEW Tep AS
SELECT DISTINCT _file, if(m._file IS NULL, ['dossier'], ['metadata']) AS capabilities,
  if(m._file IS NULL, 'vbdlis-xml', 'national') AS layout
FROM (SELECT _file FROM ThuaDat UNION SELECT _file FROM GiayChungNhan)
LEFT JOIN SieuDuLieu m USING (_file)""")
        for name, sql in rule_sql.views(national(), codelists.lists()).items():
            con.execute(f"CREATE OR REPLACE VIEW {name} AS {sql}")

    def add(self, cls: str, **values: Any) -> str:
        self.lines += 1
        row = {"_file": "a.xml", "_part": "", "_at": self.lines, "_id": f"{cls}.{self.lines}"} | values
        names = ", ".join(row)
        self.con.execute(
            f"INSERT INTO {cls} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
        return str(row["_id"])

    def run(self, code: str, limit: int = 100, **parameters: Any) -> tuple[int, list[dict[str, Any]]]:
        rule = builtin()[code].given(parameters)
        with self.linked() if rule.stage == "link" else contextlib.nullcontext():
            rows = rule_sql.run(self.con, rule, national(), as_of=AS_OF)
        table = of_rows(rule, rows, (), shown=True) if rows.num_rows else rows
        assert not rows.num_rows or table.schema == PART
        found = [row | {"params": json.loads(row["params"])} for row in table.to_pylist()]
        return len(found), found[:limit]

    @contextlib.contextmanager
    def linked(self) -> Iterator[None]:
        """Link the parcels of ``map.xml`` with the others."""
        columns = [field.element for field in national().classes["ThuaDat"].columns]
        parcels = link.parcels([*SYSTEM, *columns])
        owners.create(self.con, layouts.national())
        self.con.execute("CREATE OR REPLACE SCHEMA linked")
        self.con.execute(f"CREATE TABLE linked.ThuaDat AS {parcels}")
        self.con.execute("SET search_path = 'linked,main'")
        with TemporaryDirectory() as folder:
            link.link(
                self.con, [*columns, "area", "uses", "owners", "classes"], Path(folder, "links.parquet")
            )
            yield
        self.con.execute("SET search_path = 'main'; DROP SCHEMA linked CASCADE")

    def found(self, code: str, **parameters: Any) -> list[str]:
        count, rows = self.run(code, **parameters)
        assert count == len(rows)
        return [row["id"] for row in rows]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        lookup_tables.define(con, sql_macros.macros())
        lookup_tables.load(con, lookup_tables.TABLES, AS_OF)
        for name, code in (("DanToc", "700"), ("LoaiNguonGocDat", "OLD")):
            con.execute(f"INSERT INTO Stale VALUES ('{name}', '{code}', 'COD002', DATE '2020-01-02', NULL)")
        yield con


@pytest.fixture(scope="module")
def empty(connection: duckdb.DuckDBPyConnection) -> Tables:
    return Tables(connection)


@pytest.fixture
def tables(empty: Tables) -> Iterator[Tables]:
    """Tables whose rows are gone after the test; to make them anew takes longer than most tests."""
    empty.lines = 0
    empty.con.execute("BEGIN")
    yield empty
    empty.con.execute("ROLLBACK")
