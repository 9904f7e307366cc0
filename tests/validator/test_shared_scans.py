"""Rules that ask each row of a table for itself share a scan: one statement for all of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec
import pytest

from landxml_validator import shared_scans
from landxml_validator.rule import Parameter, Rule, builtin

if TYPE_CHECKING:
    from tests.validator.conftest import Tables

AS_OF = dt.date(2026, 1, 1)


class Counting:
    """A connection that counts what it executes."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.statements = con, 0

    def execute(self, *args: Any) -> duckdb.DuckDBPyConnection:
        self.statements += 1
        return self.con.execute(*args)

    def extract_statements(self, sql: str) -> list[duckdb.Statement]:
        return self.con.extract_statements(sql)


def rule(code: str, where: str, **parameters: Parameter) -> Rule:
    sql = f"SELECT _file, _part, _at, _id, 'x' AS word\nFROM ThuaDat -- of the parcels\nWHERE {where}"
    return msgspec.structs.replace(builtin()["LND002"], code=code, sql=sql, parameters=parameters)


def most(value: float) -> Parameter:
    return Parameter(default=value, vi="nhiều nhất", en="at most")


def test_rules_of_one_table_are_one_statement(tables: Tables) -> None:
    tables.add("ThuaDat", dienTich=120)
    asked = [rule(f"LND{number}", f"dienTich > {number}") for number in range(110, 130)]
    counting: Any = Counting(tables.con)
    assert shared_scans.silent(counting, asked, AS_OF) == {f"LND{number}" for number in range(120, 130)}
    assert counting.statements == 1


def test_each_rule_has_its_own_parameters(tables: Tables) -> None:
    tables.add("ThuaDat", dienTich=120)
    asked = [rule(f"LND{number}", "dienTich > $most", most=most(number)) for number in (100, 200)]
    asked += [rule("LND300", "DATE '2026-01-02' > $as_of -- tomorrow"), rule("LND400", "NULL")]
    assert shared_scans.silent(tables.con, asked, AS_OF) == {"LND200", "LND400"}


def test_nothing_is_found_in_an_empty_table(tables: Tables) -> None:
    assert shared_scans.silent(tables.con, [rule("LND001", "true"), rule("LND002", "true")], AS_OF) == {
        "LND001",
        "LND002",
    }


def test_equal_texts_are_looked_at_once(tables: Tables) -> None:
    for _ in range(3):
        tables.add("DiaChi", tenXa="Phường Kỳ Lừa")
    tables.con.execute("CREATE SEQUENCE seen")
    looked, odd = "nextval('seen') > 0 AND text = 'x'", "_at > 0"
    asked = [
        msgspec.structs.replace(builtin()["TXT010"], code=code, sql=f"SELECT 1 FROM Texts WHERE {where}")
        for code, where in (("TXT101", looked), ("TXT102", "text = 'x'"), ("TXT103", odd), ("TXT104", odd))
    ]
    assert shared_scans.silent(tables.con, asked, AS_OF) == {"TXT101", "TXT102"}
    assert tables.con.execute("SELECT currval('seen')").fetchall() == [(1,)]


def test_where_a_condition_is_wrong_each_rule_speaks_for_itself(tables: Tables) -> None:
    asked = [rule("LND001", "false"), rule("LND002", "noSuchColumn = 1")]
    assert shared_scans.silent(tables.con, asked, AS_OF) == set()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 FROM ThuaDat JOIN DiaChi USING (_id) WHERE true",
        "SELECT 1 FROM ThuaDat t WHERE true",
        "SELECT 1 FROM ThuaDat",
        "SELECT 1 FROM ThuaDat WHERE true UNION ALL SELECT 2 FROM ThuaDat WHERE true",
        "SELECT 1 FROM ThuaDat WHERE true QUALIFY row_number() OVER () > 1",
        "SELECT _file, count(*) FROM ThuaDat WHERE true GROUP BY _file",
        "SELECT (SELECT 1 FROM DiaChi WHERE true) FROM ThuaDat WHERE false",
        "SELECT 1 FROM (SELECT * FROM ThuaDat) WHERE true",
        "WITH a AS (SELECT 1 FROM ThuaDat) SELECT 1 FROM a WHERE true",
        "",
    ],
)
def test_what_looks_at_more_than_a_row_runs_by_itself(sql: str) -> None:
    assert shared_scans.condition(sql) is None


def test_a_condition_is_taken_as_it_is_written() -> None:
    where = "text LIKE 'FROM -- x WHERE' AND a IN (SELECT code FROM Unit)"
    found = shared_scans.condition(f"SELECT a, '-- b' -- c\nFROM Texts -- WHERE d\nWHERE {where};\n")
    assert found == ("Texts", f" {where}")
