"""No rule fails on what no sound delivery holds: no records, records of nothing, one value everywhere."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from landxml.dictionary import national
from landxml_validator import scanned_papers
from landxml_validator.rule import PARAMETER, builtin
from tests.validator.conftest import AS_OF

if TYPE_CHECKING:
    from tests.validator.conftest import Tables

CHECKS = {code: rule for code, rule in builtin().items() if rule.stage != "load"}
OWN = {"_file": "'a.xml'", "_part": "''", "_at": "n::INTEGER"}
"""What a place has at least."""
VALUES = {
    "VARCHAR": "'022172000001'", "INTEGER": "1", "BIGINT": "1", "BOOLEAN": "true",
    "DATE": "DATE '2020-02-29'",
    "TIMESTAMP": "TIMESTAMP '2020-02-29'", "DOUBLE": "0.5", "VARCHAR[]": "['ThuaDat.1', 'ThuaDat.1']",
}  # fmt: skip


def fill(tables: Tables, count: int, *, nothing: bool = False) -> None:
    """Put equal records into each table: ``nothing`` but a place, or one value per type of column."""
    for name in (*national().classes, "HinhHoc", "Topology"):
        columns = tables.con.execute(f"DESCRIBE {name}").fetchall()
        named = {
            column: "NULL" if nothing else VALUES.get(kind, f"'1'::{kind}") for column, kind, *_ in columns
        }
        own = OWN | ({} if nothing else {"_id": f"'{name.replace('HinhHoc', 'ThuaDat')}.' || n"})
        listed = ", ".join((named | own)[column] for column in named)
        tables.con.execute(f"INSERT INTO {name} SELECT {listed} FROM range(1, {count + 1}) r(n)")


def run(tables: Tables, count: Callable[[Tables, str], int]) -> dict[str, int]:
    """Run each rule; return how many rows it finds."""
    scanned_papers.create(tables.con, [], "")
    scanned_papers.read(tables.con, [])
    try:
        return {code: n for code in CHECKS if (n := count(tables, code))}
    finally:
        tables.con.execute("DROP TABLE ScanFiles; DROP TABLE ScanFolders; DROP TABLE ScanContents")


def findings(tables: Tables, code: str) -> int:
    """Count what a rule finds, which all become findings."""
    if function := CHECKS[code].function:
        return len(import_module(function).find(tables.con, CHECKS[code]))
    return tables.run(code)[0]


def rows(tables: Tables, code: str) -> int:
    """Count what the SQL of a rule finds."""
    rule = CHECKS[code]
    if rule.function or rule.stage == "link":
        return findings(tables, code)
    sql, known = (rule.sql or "").strip().rstrip(";"), rule.values | {"as_of": AS_OF}
    bound = {name: known[name] for name in PARAMETER.findall(sql) if name in known}
    ((count,),) = tables.con.execute(f"SELECT count(*) FROM ({sql}\n)", bound).fetchall()
    return int(count)


def test_records_without_values_and_with_equal_ones_can_be_judged(tables: Tables) -> None:
    fill(tables, 1, nothing=True)
    fill(tables, 30)
    counts = run(tables, findings)
    assert counts["CRT008"] == counts["LND021"] == 30
    assert counts["UNQ003"] == counts["LND003"] == 29


@pytest.mark.slow
def test_nothing_is_found_where_there_is_nothing(tables: Tables) -> None:
    assert run(tables, findings) == {}


@pytest.mark.slow
def test_what_a_record_of_nothing_lacks_is_not_made_up(tables: Tables) -> None:
    fill(tables, 1, nothing=True)
    assert run(tables, findings) == {"LNK001": 1}  # a parcel without a number is in no map


@pytest.mark.slow
def test_a_million_records_with_the_same_values_can_be_judged(tables: Tables) -> None:
    fill(tables, 20_000)  # of each class
    counts = run(tables, rows)
    assert counts["CRT008"] == counts["LND021"] == 20_000
    assert counts["UNQ003"] == counts["LND003"] == 19_999
