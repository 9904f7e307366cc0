"""What is entered in a ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from landxml.faults import Fault
from landxml_validator import ledger as module
from landxml_validator.ledger import Ledger
from landxml_validator.rule import RuleError, builtin

LONG = "9" * 3_000_000
ROW = {
    "_cls": "ThuaDat", "_file": "a.xml", "_part": "", "_at": 2, "_root": "", "_x": 1.0, "_y": 2.0,
    "_geometry": None,
}  # fmt: skip


def written(ledger: Ledger) -> list[dict[str, Any]]:
    """What a task wrote, part by part."""
    ledger.flush()
    parts = sorted(Path(ledger.folder, "findings").glob("*.parquet"))
    return [
        row | {"params": json.loads(row["params"])}
        for part in parts
        for row in pq.read_table(part).to_pylist()
    ]


@pytest.mark.parametrize("personal_data", [True, False])
def test_a_finding_does_not_grow_with_the_data(tmp_path, personal_data):
    ledger = Ledger(rules=builtin(), folder=str(tmp_path), personal_data=personal_data)
    params = {"code": LONG, "list": [LONG, "a"], "reason": {"vi": LONG, "en": LONG}, "count": 7}
    ledger.fault(Fault("COD001", "a.xml", 1, "ThuaDat", LONG, LONG, params))
    row = ROW | {"_id": LONG, "_path": LONG, "code": LONG, "list": [LONG, "a"], "count": 7}
    ledger.enter("COD001", pa.Table.from_pylist([row]))
    second, first = written(ledger)
    assert second["params"]["code"] == ("9" * 200 + "…" if personal_data else f"‹{'9' * 40}… (201)›")
    assert second["params"] == {name: first["params"][name] for name in second["params"]}
    assert len(first["params"]["reason"]["vi"]) == 201
    assert {len(one[name]) for one in (first, second) for name in ("id", "path")} <= {201, 49}
    assert (second["x"], second["y"], second["params"]["count"]) == (1.0, 2.0, 7)


def test_what_is_not_there_needs_no_mask(tmp_path):
    ledger = Ledger(rules=builtin(), folder=str(tmp_path))
    params = {"born": "2999", "birthday": "–", "died": "–"}
    ledger.fault(Fault("PTY003", "a.xml", 1, "CaNhan", "CaNhan.1", "CaNhan/namSinh", params))
    assert written(ledger)[0]["params"] == {"born": "‹9999›", "birthday": "–", "died": "–"}


def test_nothing_is_capped_and_little_is_held(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "HELD", 10)
    ledger = Ledger(rules=builtin(), folder=str(tmp_path))
    for line in range(1, 26):
        ledger.fault(Fault("PKG001", "a.xml", line, "", "", "", {}))
        assert len(ledger.faults) < 10
    ledger.enter(
        "LND002", pa.Table.from_pylist([ROW | {"_id": "a", "_path": "", "area": n} for n in range(40)])
    )
    assert ledger.held == 0
    found = written(ledger)
    assert [row["at"] for row in found if row["rule"] == "PKG001"] == list(range(1, 26))
    assert [row["params"]["area"] for row in found if row["rule"] == "LND002"] == list(range(40))


def test_a_rule_that_fails_is_told_in_both_languages():
    ledger = Ledger(rules=builtin())
    ledger.enter("LND001", RuleError("LND001: Binder Error:\n no such column " + LONG))
    assert ledger.broken["LND001"].vi.startswith("quy tắc không chạy được, cơ sở dữ liệu báo: LND001: Binder")
    assert ledger.broken["LND001"].en.startswith(
        "the rule could not be run; the database says: LND001: Binder"
    )
    assert len(ledger.broken["LND001"].vi) < 300
