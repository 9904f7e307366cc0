"""From findings to verdict."""

from __future__ import annotations

from landxml.loading import Fault
from landxml_validator import profile
from landxml_validator.ledger import Ledger
from landxml_validator.report import File
from landxml_validator.rule import Text
from landxml_validator.verdict import judge

PROFILE = profile.load("trial-integration")


def read(*names: str, layout: str = "national") -> Ledger:
    """A ledger in which files with parcels were read and nothing was found."""
    ledger = Ledger(samples=3, personal_data=False)
    ledger.records["ThuaDat"] = len(names)
    ledger.files = [File(name=name, layout=layout, bytes=10, documents=1, records=1) for name in names]
    return ledger


def test_what_was_not_evaluated_is_not_conformant() -> None:
    ledger = read("a.gml")
    assert judge(ledger, PROFILE)["verdict"] == "conformant"
    ledger.broken["REF001"] = Text(vi="hỏng", en="broken")
    assert judge(ledger, PROFILE)["verdict"] == "not-evaluated"
    ledger.fault(Fault("LND001", "a.gml", 1, "ThuaDat", "", "", {}))
    assert judge(ledger, PROFILE)["verdict"] == "not-conformant"
