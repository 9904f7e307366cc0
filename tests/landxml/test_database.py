from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from landxml import database
from landxml.database import connect, parsed


def test_queries_reach_no_file_but_those_of_the_folder_and_those_named(tmp_path: Path, monkeypatch) -> None:
    folder, other = tmp_path / "it's mine", tmp_path / "other's"
    folder.mkdir()
    other.mkdir()
    monkeypatch.chdir(other)
    for name in ("known.csv", "secret.csv"):
        (other / name).write_text("a\n1\n")
    with connect(folder, reads=["known.csv"]) as con:
        con.sql("SELECT 1 AS a").write_parquet(str(folder / "x.parquet"))
        assert con.read_parquet(str(folder / "x.parquet")).fetchall() == [(1,)]
        assert con.read_csv("known.csv").fetchall() == [(1,)]
        for query in (
            "FROM read_csv('secret.csv')",
            "FROM glob('*.csv')",
            "COPY (SELECT 1) TO 'new.csv'",
            "ATTACH 'new.duckdb'",
        ):
            with pytest.raises(duckdb.PermissionException):
                con.execute(query)
        with pytest.raises(duckdb.InvalidInputException):
            con.execute("SET enable_external_access = true")
    assert sorted(path.name for path in other.iterdir()) == ["known.csv", "secret.csv"]


def test_what_does_not_fit_into_memory_goes_to_the_folder(tmp_path: Path) -> None:
    with connect(tmp_path, memory=60) as con:
        con.execute("CREATE TABLE t AS SELECT sha256(range::VARCHAR) AS a FROM range(1_500_000)")
        assert con.sql("SELECT current_setting('threads')").fetchall() == [(1,)]
        assert [path.name[:6] for path in tmp_path.iterdir()] == ["spill-"]
        assert con.sql("SELECT count(DISTINCT a) FROM t").fetchall() == [(1_500_000,)]
    assert list(tmp_path.iterdir()) == []


def test_a_statement_is_parsed_once_for_all_connections(monkeypatch) -> None:
    monkeypatch.setattr(database, "_PARSED", {})
    monkeypatch.setattr(database, "MOST_PARSED", 2)
    sql = "SELECT a + $more AS a FROM t"
    for rows, kind in ((1, "INTEGER"), (3, "DOUBLE")):
        with connect() as con:
            con.execute(f"CREATE TABLE t AS SELECT range::{kind} AS a FROM range({rows})")
            found = parsed(con, sql)
            assert con.execute(found, {"more": 5}).fetchall() == [(5 + row,) for row in range(rows)]
            assert parsed(con, sql) is found
            with pytest.raises(duckdb.ParserException):
                parsed(con, "SELECT FROM WHERE")
    with connect() as con:
        parsed(con, "SELECT 2")
        parsed(con, "SELECT 3")
    assert list(database._PARSED) == ["SELECT 3"]
