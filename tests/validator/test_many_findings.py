"""Millions of findings: all are counted and written, in every form that lists all, in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.memory import PEAK, is_measured

CHECK = """
import json, sys, time
from pathlib import Path
import pyarrow as pa
from landxml.cast import clear
from landxml.database import connect
from landxml.dictionary import national
from landxml_validator import causes, findings, lookup_tables, rule_sql, superseded
from landxml_validator.export import opened
from landxml_validator.ledger import Ledger
from landxml_validator.left_out import LeftOut
from landxml.text import Text
from landxml_reports import write
from landxml_validator.report import Report, Result
from landxml_validator.rule_set import load
from landxml_validator.rule import builtin
import datetime as dt

folder, count, forms = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
rule = builtin()["LND002"]
ledger = Ledger(rules=builtin(), folder=str(folder))
for start in range(0, count, 10_000):
    numbers = range(start, start + 10_000)
    rows = {name: [""] * 10_000 for name in ("_part", "_root")}
    rows |= {"_cls": ["ThuaDat"] * 10_000, "_path": ["dienTich"] * 10_000, "_file": ["a.gml"] * 10_000}
    rows |= {"_id": [f"ThuaDat.{n}" for n in numbers], "_at": list(numbers), "area": [-n for n in numbers]}
    rows |= {name: pa.nulls(10_000, pa.float64()) for name in ("_x", "_y")}
    ledger.enter("LND002", pa.table(rows | {"_geometry": pa.nulls(10_000, pa.binary())}))
ledger.flush()
fast = {"preserve_insertion_order": "false", "enable_external_file_cache": "false"}
con = connect(folder, memory=300, threads=2, **fast)  # as the last step of a check has it
clear(con, national())
superseded.create(con)
con.execute("CREATE TABLE MapFile (_file VARCHAR)")
for name, sql in rule_sql.views(national(), ()).items():
    con.execute(f"CREATE VIEW {name} AS {sql}")
lookup_tables.load(con, {"Unit"}, dt.date(2026, 1, 1))
place = "file VARCHAR, part VARCHAR, cls VARCHAR"
con.execute(f"CREATE TABLE Cell ({place}, field VARCHAR, letters VARCHAR, block INTEGER)")
con.execute(f"CREATE TABLE Block ({place}, id VARCHAR, block INTEGER)")
data = findings.complete(
    con, ledger.parts["findings"], folder, national(), LeftOut(),
    rules=load(None), shapes=[], personal_data=False,
)
counts, _ = findings.samples(con, data, 3)
found = counts["LND002"]
causes.of(con, data, builtin())
con.close()
result = Result(
    rule=rule, severity="error", state="failed", count=sum(found.values()), by_commune=found,
)
if forms:
    with opened(folder / "all.parquet") as write_all:
        write_all(data, [result])
day = dt.date(2026, 1, 1)
report = Report(
    tool="", profile="", profile_title=Text("", ""), as_of=day, verdict="not-conformant", inputs=[],
    created=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), files=[], records={}, unmapped={}, conformance=[],
    law=[], results=[result], samples=3, personal_data=False, seconds=0,
)
for form in forms:
    with (folder / f"all.{form}").open("w+b") as out:
        write(report, form, "vi", out, folder / "all.parquet")
"""
SAID = "print(json.dumps([result.count, peak, time.process_time()]))"


def run(folder: Path, count: int, *forms: str) -> list[float]:
    """Enter findings, complete the data set and write it: how many, megabytes at most, seconds."""
    folder.mkdir()
    command = [sys.executable, "-c", CHECK + PEAK + SAID, str(folder), str(count), *forms]
    found: list[float] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


pytestmark = [pytest.mark.slow, is_measured]


def test_a_million_findings_are_all_written_in_little_memory(tmp_path: Path) -> None:
    forms = ("csv", "xlsx", "gpkg", "geojson", "points")
    some, many = run(tmp_path / "some", 100_000, *forms), run(tmp_path / "many", 1_000_000, *forms)
    assert (some[0], many[0]) == (100_000, 1_000_000)
    assert many[1] < min(some[1] + 400, 700)
    with (tmp_path / "many" / "all.csv").open("rb") as file:
        assert sum(1 for _ in file) == 1_000_001


def test_four_million_findings_need_no_more_memory_than_one(tmp_path: Path) -> None:
    found, peak, _ = run(tmp_path / "many", 4_000_000)
    assert (found, peak < 700) == (4_000_000, True)
