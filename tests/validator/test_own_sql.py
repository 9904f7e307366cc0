"""Hostile queries: none reaches a file, a setting, the network."""

from __future__ import annotations

import pytest

from landxml_validator import dry_run, own_sql
from landxml_validator.rule import Stage, builtin

ONE = "exactly one SELECT is expected, and nothing else"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT _file FROM read_csv('/etc/passwd')", "the table function read_csv is not allowed"),
        ("SELECT _file, (FROM read_text('/etc/passwd')) AS a FROM ThuaDat", "read_text is not allowed"),
        ("SELECT file AS _file FROM glob('/etc/*')", "glob is not allowed"),
        ("SELECT _file FROM query('SELECT 1')", "query is not allowed"),
        ("SELECT _file FROM duckdb_settings()", "duckdb_settings is not allowed"),
        ("SELECT _file FROM ThuaDat, range(100000000)", "range is not allowed"),
        ("SELECT _file FROM 'x.csv'", "there is no table “x.csv”"),
        ('SELECT _file FROM "/etc/passwd"', "there is no table “/etc/passwd”"),
        ("SELECT _file FROM information_schema.tables", "no table “information_schema.tables”"),
        ("SELECT _file FROM main.ThuaDat", "no table “main.ThuaDat”"),
        ("COPY ThuaDat TO '/tmp/x.csv'", ONE),
        ("ATTACH '/tmp/x.db'", ONE),
        ("INSTALL httpfs", ONE),
        ("PRAGMA version", ONE),
        ("SET memory_limit = '9GB'", ONE),
        ("DELETE FROM ThuaDat", ONE),
        ("EXPLAIN SELECT 1", ONE),
        ("SELECT _file FROM ThuaDat; DROP TABLE ThuaDat", ONE),
        ("SELECT _file FROM ThuaDat /* ; */ ; -- x\nSELECT 1", ONE),
        ("", ONE),
        ("SELECT _file FROM (PIVOT ThuaDat ON maXa USING count(*))", ONE),
        ("SHOW TABLES", "only SELECT is allowed"),
        ("SELECT _file FROM (DESCRIBE ThuaDat)", "only SELECT is allowed"),
        ("WITH a AS (INSERT INTO ThuaDat VALUES (1) RETURNING *) SELECT _file FROM a", "INSERT_QUERY_NODE"),
        (
            "WITH RECURSIVE a AS (SELECT '' AS _file UNION ALL SELECT _file FROM a) SELECT _file FROM a",
            "WITH RECURSIVE is not allowed",
        ),
        ("SELECT _file, getenv('HOME') AS a FROM ThuaDat", "there is no allowed function “getenv”"),
        ("SELECT _file, current_setting('temp_directory') AS a FROM ThuaDat", "“current_setting”"),
        ("SELECT _file, repeat('x', 3000000000) AS a FROM ThuaDat", "did you mean replace?"),
        ("SELECT _file, len(range(3000000000)) AS a FROM ThuaDat", "“range”"),
        ("SELECT _file, random() AS a FROM ThuaDat", "“random”"),
        ("SELECT _file, memory.main.upper('a') AS a FROM ThuaDat", "“upper”"),
        ("SELECT _file FROM StaleCodes", "the table StaleCodes is not there at stage record"),
        ("SELECT _file, 'Tep' AS a FROM ThuaDat", "the table Tep is not there at stage record"),
        ("SELECT _file, $path AS a FROM ThuaDat", "there is no parameter “$path”"),
        ("SELECT _file, ? AS a FROM ThuaDat", "there is no parameter “$1”"),
        (f"SELECT _file, {'(' * 3000}1{')' * 3000} AS a FROM ThuaDat", "not valid SQL"),
    ],
)
def test_what_reaches_further_than_its_tables_is_refused(sql: str, said: str) -> None:
    ((_, what),) = own_sql.judged(sql, "record", ())
    assert said in what.en
    assert what.vi != what.en


def test_each_mistake_has_its_line() -> None:
    sql = "SELECT _file, 'ả' AS a,\n  getenv('HOME') AS b\nFROM ThuaDa"
    assert [line for line, _ in own_sql.judged(sql, "record", ())] == [1, 2]


def test_rules_that_ship_need_nothing_that_own_ones_lack() -> None:
    refused = {
        what.en
        for rule in builtin().values()
        if rule.sql and rule.stage in own_sql.STAGES
        for _, what in own_sql.judged(rule.sql, rule.stage, {"as_of", *rule.parameters})
    }
    inside = {"Dates", "MapFile", "Repeats", "ScanFiles", "ScanFolders", "ScanNames", "StaleCodes", "Tep"}
    unbounded = {"format", "lpad", "printf"}  # a width of millions
    assert {each.split("“")[1].partition("”")[0] for each in refused if "function" in each} == unbounded
    assert {each.split()[2] for each in refused if "stage" in each} <= inside | {
        "Codes",
        "Texts",
        "UnitCodes",
    }


@pytest.mark.parametrize("stage", own_sql.STAGES)
def test_tables_of_a_stage_are_those_that_are_said(stage: Stage) -> None:
    for table in own_sql.STAGES[stage]:
        assert list(own_sql.judged(f"SELECT _file FROM {table}", stage, ())) == []


def test_a_table_of_reference_has_its_columns() -> None:
    sql = "SELECT t._file, p.province FROM ThuaDat t JOIN Province p ON p.code = t.maXa"
    assert dry_run.run(sql, "record", {}) == ["_file", "province"]
    assert isinstance(dry_run.run(sql.replace("p.province", "p.epsg"), "record", {}), tuple)
