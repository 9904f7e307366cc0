from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import msgspec
import pytest

from landxml.dictionary import national
from landxml_validator import rule_sql
from landxml_validator.rule import RuleError, builtin

if TYPE_CHECKING:
    from tests.validator.conftest import Tables

AS_OF = dt.date(2026, 1, 1)
PARCEL = {"_id": "7", "_at": 7, "maXa": "06652", "soHieuToBanDo": 12, "soThuTuThua": 345, "dienTich": 120}


def test_a_finding_has_place_path_root_and_parameters(tables: Tables) -> None:
    tables.add("ThuaDat", **PARCEL)
    tables.add("MucDichSuDung", _id="u", _parent="7", dienTich=Decimal("110.50"))
    tables.add("NguonGocDat", _id="n", _parent="u", nguonGoc="XXX")
    _, (finding,) = tables.run("LND001")
    assert finding == {
        "rule": "LND001", "cls": "ThuaDat", "id": "7", "file": "a.xml", "part": "", "at": 7,
        "path": "dienTich", "x": None, "y": None, "geometry": None, "record": "7", "root": "", "named": "7",
        "about": "LND001\nThuaDat\ndienTich", "communes": "",
        "params": {"area": "120", "total": "110.5", "difference": "-9.5"},
    }  # fmt: skip
    _, (nested,) = tables.run("COD001")
    assert (nested["cls"], nested["root"], nested["path"]) == ("NguonGocDat", "7", "nguonGoc")


def test_a_finding_about_geometry_has_a_point(tables: Tables) -> None:
    tables.add(
        "HinhHoc", valid=False, closed=True, finite=True, reason="Ring Self-intersection", x=5.5, y=6.5
    )
    _, (finding,) = tables.run("GEO002")
    assert (finding["x"], finding["y"]) == (5.5, 6.5)
    assert finding["params"]["reason"]["en"] == "a ring touches or crosses itself"
    assert (finding["params"]["east"], finding["params"]["north"]) == ("5.500", "6.500")


def test_the_count_is_exact_and_the_samples_are_the_first(tables: Tables) -> None:
    for number in range(50, 0, -1):
        tables.add("DiaChi", maXa="99999", _at=number)
    count, rows = tables.run("ADM001", limit=3)
    assert (count, [row["at"] for row in rows]) == (50, [1, 2, 3])
    count, rows = tables.run("ADM001", limit=0)
    assert (count, rows) == (50, [])


def test_parameters_replace_the_defaults(tables: Tables) -> None:
    tables.add("ThuaDat", **PARCEL)
    tables.add("MucDichSuDung", _parent="7", dienTich=119)
    assert tables.found("LND001") == ["7"]
    assert tables.found("LND001", tolerance=1.0) == []


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM NoSuchTable", "SELECT 1 AS a", "SELECT $unknown FROM ThuaDat"]
)
def test_a_query_that_fails_names_its_rule(tables: Tables, sql: str) -> None:
    rule = msgspec.structs.replace(builtin()["LND002"], sql=sql)
    with pytest.raises(RuleError, match="LND002"):
        rule_sql.run(tables.con, rule, national(), as_of=AS_OF)


def test_a_batch_may_name_what_another_named_with_more_rules() -> None:
    known = [builtin()["ADM001"], builtin()["ADM002"]]
    with duckdb.connect() as con:
        for rules in (known, known[:1], known):
            rule_sql.prepare(con, {"UnitCodes": "SELECT '06652' AS code"}, rules, known)
