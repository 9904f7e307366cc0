"""Hostile rules: none stays in the way of the others, or shows personal data."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest

from landxml.dictionary import national
from landxml_validator import locked, rule_sql
from landxml_validator.findings import of_rows
from landxml_validator.own_rules import load
from landxml_validator.rule import Rule, RuleError
from tests.validator.conftest import Tables
from tests.validator.own import written


def test_the_database_reaches_nothing_and_stays_locked() -> None:
    with duckdb.connect() as con, locked._room(con) as room:
        for sql in ("FROM read_text('/etc/passwd')", "ATTACH '/tmp/x.db'", "COPY (SELECT 1) TO '/tmp/x'"):
            with pytest.raises(duckdb.PermissionException):
                room.con.execute(sql)
        with pytest.raises(duckdb.InvalidInputException, match="locked"):
            room.con.execute("SET memory_limit = '9GB'")


@pytest.fixture(scope="module")
def tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    made = Tables(connection)
    made.add("ThuaDat", maXa="06652", soHieuToBanDo=12, dienTich=5, diaChi="Tổ 1, khu 2")
    made.add("ThuaDat", maXa="06652", soHieuToBanDo=9)
    made.add("CaNhan", hoTen="Nguyễn Văn Mẫu", namSinh=1970)
    return made


def own(folder: Path, sql: str, message: str = "{a}", **changes: str) -> Rule:
    words = {"Số tờ là {sheet}.": message, "The sheet number is {sheet}.": message}
    return load([written(folder, sql, words | changes)])["XQN001"]


def run(tables: Tables, rule: Rule) -> list[dict[str, Any]]:
    rows = rule_sql.run(tables.con, rule, national(), as_of=dt.date(2026, 1, 1))
    found: list[dict[str, Any]] = of_rows(rule, rows, (), shown=False).to_pylist() if rows.num_rows else []
    return found


def test_a_rule_finds_what_it_asks_for_and_leaves_nothing_behind(tables: Tables, tmp_path: Path) -> None:
    rule = own(
        tmp_path, "SELECT _file, _part, _at, _id, dienTich AS a FROM ThuaDat WHERE soHieuToBanDo > $largest"
    )
    assert rule.added
    for _ in range(2):
        (row,) = run(tables, rule)
        assert (row["id"], row["at"], row["cls"], row["params"]) == ("ThuaDat.1", 1, "ThuaDat", '{"a":"5"}')
    assert run(tables, rule.given({"largest": 99})) == []


PLACE = "_file, _part, _at, _id"


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        (f"SELECT {PLACE}, hoTen AS a FROM CaNhan", '{"a":"‹Xxxxxx Xxx Xxx›"}'),
        (f"SELECT {PLACE}, unicode(hoTen) AS a FROM CaNhan", '{"a":"‹99›"}'),
        (f"SELECT {PLACE}, {{'vi': hoTen}} AS a FROM CaNhan", '{"a":"‹{\'xx\': Xxxxxx Xxx Xxx}›"}'),
        (f"SELECT {PLACE}, length(diaChi) AS a FROM ThuaDat WHERE dienTich = 5", '{"a":"‹99›"}'),
        (f"SELECT {PLACE}, unicode(text) AS a FROM Texts WHERE cls = 'CaNhan'", '{"a":"‹99›"}'),
        (f"SELECT {PLACE}, length(diaChi) AS a, 1.0 AS _x FROM ThuaDat WHERE dienTich = 5", '{"a":"‹99›"}'),
        (f"SELECT {PLACE}, namSinh AS a, hoTen AS detail FROM CaNhan", '{"a":"‹9999›","detail":null}'),
    ],
)  # fmt: skip
def test_values_of_a_rule_that_sees_personal_data_are_masked(
    tables: Tables, tmp_path: Path, sql: str, shown: str
) -> None:
    (row,) = run(tables, own(tmp_path, sql))
    assert row["params"] == shown
    assert row["x"] is None


@pytest.mark.parametrize("sql", [
    "SELECT hoTen AS _file FROM CaNhan",
    "SELECT _file, hoTen AS _id FROM CaNhan",
    "SELECT _file, _part, unicode(hoTen) AS _at FROM CaNhan",
    "SELECT _file, hoTen AS _path FROM CaNhan",
    "SELECT _file, hoTen AS _cls FROM CaNhan",
    "SELECT 'b.xml' AS _file",
])  # fmt: skip
def test_a_row_is_a_record_that_is_there(tables: Tables, tmp_path: Path, sql: str) -> None:
    with pytest.raises(RuleError, match="no record") as raised:
        run(tables, own(tmp_path, sql, "x"))
    assert raised.value.why is not None


def test_columns_that_are_not_named_are_not_there(tables: Tables, tmp_path: Path) -> None:
    rule = own(tmp_path, "SELECT _file, c::VARCHAR AS a FROM CaNhan c")
    (row,) = run(tables, rule)
    assert "Xxxxxx Xxx Xxx" not in row["params"]


ENDLESS = f"SELECT 'a.xml' AS _file, count(*) AS a FROM {', '.join(f'ThuaDat t{n}' for n in range(40))}"
"""Nothing where there are no parcels, as when a rule is loaded, and without end where there are two."""


def test_what_takes_too_long_is_stopped_once(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = own(tmp_path, ENDLESS)
    monkeypatch.setattr(locked, "SECONDS", 0.2)
    for _ in range(2):  # the second at once
        with pytest.raises(RuleError, match="takes more than"):
            run(tables, rule)
    locked._stopped.clear()


def test_what_takes_too_much_memory_or_finds_too_much_is_refused(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = "".join(f", a{n} AS (SELECT _file, x || x AS x FROM a{n - 1})" for n in range(1, 32))
    sql = f"WITH a0 AS (SELECT _file, maXa AS x FROM ThuaDat){chain} SELECT _file, length(x) AS a FROM a31"
    with pytest.raises(RuleError, match="needs more than 300 MB"):
        run(tables, own(tmp_path, sql))
    monkeypatch.setattr(locked, "MOST", 1)
    with pytest.raises(RuleError, match="finds 2 rows, more than 1"):
        run(tables, own(tmp_path, "SELECT _file, 1 AS a FROM ThuaDat"))


def test_what_the_database_says_of_personal_data_is_not_told(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"^ConversionException$"):
        run(tables, own(tmp_path, "SELECT _file, hoTen::INT AS a FROM CaNhan"))
    with pytest.raises(RuleError, match="06652"):
        run(tables, own(tmp_path, "SELECT _file, (maXa || 'x')::INT AS a FROM ThuaDat"))


def test_values_of_any_type_can_be_written(tables: Tables, tmp_path: Path) -> None:
    values = {
        "a": "1::HUGEINT", "b": "1.5::DOUBLE", "c": "'nan'::FLOAT", "d": "[1, 2]", "e": "{'vi': maXa}",
        "f": "DATE '2026-01-31'", "g": "TIMESTAMP '2026-01-31'", "h": "INTERVAL 1 DAY", "i": "'a'::BLOB",
        "j": "NULL", "k": "true", "l": "TIME '10:00'",
    }  # fmt: skip
    said = ", ".join(f"{value} AS {name}" for name, value in values.items())
    (row,) = run(tables, own(tmp_path, f"SELECT {PLACE}, {said} FROM ThuaDat WHERE dienTich = 5"))
    params = json.loads(row["params"])
    assert (params["a"], params["b"], params["k"]) == (1, 1.5, True)
    assert all(isinstance(params[name], str) for name in "dehil")


def test_a_rule_that_is_running_stops_with_the_run(tables: Tables, tmp_path: Path) -> None:
    rule = own(tmp_path, ENDLESS)
    threading.Timer(0.3, locked.interrupt).start()
    with pytest.raises(duckdb.InterruptException):
        run(tables, rule)
