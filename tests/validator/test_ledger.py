"""What is entered in a ledger."""

from __future__ import annotations

import json

import msgspec
import pyarrow as pa
import pytest

from landxml.loading import Fault
from landxml_validator.ledger import Ledger
from landxml_validator.rule import RuleError, builtin
from landxml_validator.rule_sql import FINDINGS

LONG = "9" * 3_000_000


@pytest.mark.parametrize("personal_data", [True, False])
def test_a_finding_does_not_grow_with_the_data(personal_data):
    ledger = Ledger(samples=3, personal_data=personal_data)
    params = {"code": LONG, "list": [LONG, "a"], "reason": {"vi": LONG, "en": LONG}, "count": 7}
    ledger.fault(Fault("COD001", "a.xml", 1, "ThuaDat", LONG, LONG, params))
    row = {
        "rule": "COD001",
        "cls": "ThuaDat",
        "id": LONG,
        "key": LONG,
        "file": "a.xml",
        "line": 2,
        "path": LONG,
    }
    row |= {"x": 1.0, "y": 2.0, "params": json.dumps(params)}
    ledger.enter("COD001", (1, pa.Table.from_pylist([row], schema=FINDINGS)))
    ledger.hide(builtin(), ())
    first, second = ledger.findings["COD001"]
    assert second.params["code"] == ("9" * 200 + "…" if personal_data else f"‹{'9' * 40}… (201)›")
    assert second.params["count"] == 7
    assert (first.params, second.x, second.y) == (second.params, 1.0, 2.0)
    assert len(msgspec.json.encode(ledger)) < 5_000


def test_what_is_not_there_needs_no_mask():
    ledger = Ledger(samples=3, personal_data=False)
    params = {"born": "2999", "birthday": "–", "died": "–"}
    ledger.fault(Fault("PTY003", "a.xml", 1, "CaNhan", "CaNhan.1", "CaNhan/namSinh", params))
    ledger.hide(builtin(), ())
    assert ledger.findings["PTY003"][0].params == {"born": "‹9999›", "birthday": "–", "died": "–"}


def test_a_rule_that_fails_is_told_in_both_languages():
    ledger = Ledger(samples=3, personal_data=False)
    ledger.enter("LND001", RuleError("LND001: Binder Error:\n no such column " + LONG))
    assert ledger.broken["LND001"].vi.startswith("quy tắc không chạy được, cơ sở dữ liệu báo: LND001: Binder")
    assert ledger.broken["LND001"].en.startswith(
        "the rule could not be run; the database says: LND001: Binder"
    )
    assert len(ledger.broken["LND001"].vi) < 300
