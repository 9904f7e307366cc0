from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from landxml.errors import LandXmlError
from landxml.law import above, cite, document, documents, line, lines

LINES = lines()
OFFICIAL = {
    "II.X.1": ("dossier", {"completeness", "report", "order"}),
    "II.X.2": ("object", {"relations", "completeness", "accuracy", "portrayal", "integration"}),
    "II.X.3": ("parcel", {"relations", "completeness", "accuracy", "portrayal", "boundaries"}),
    "II.X.4": ("parcel", {"completeness", "correctness", "normalisation", "consistency", "book"}),
    "II.X.5": ("dossier", {"image-quality", "papers", "pdf", "link"}),
    "II.X.6": ("commune", {"completeness", "correctness"}),
}


@pytest.mark.parametrize("item", OFFICIAL)
def test_the_official_list_of_checks_is_there_with_its_units(item: str) -> None:
    unit, checks = OFFICIAL[item]
    below = {
        name.rpartition(".")[2]: each
        for name, each in LINES.items()
        if f"TT19-2026/{item}" in above(name)[1:]
    }
    assert below.keys() == checks
    assert {name: each.unit for name, each in below.items()} == {
        name: "page" if name == "image-quality" else unit for name in checks
    }
    assert LINES[f"TT19-2026/{item}"].unit == unit


@pytest.mark.parametrize("found", documents().values(), ids=documents())
def test_a_document_is_complete_in_both_languages(found) -> None:
    texts = [found.title, *(each.text for each in found.lines.values())]
    texts += [text for each in found.lines.values() for text in (each.why, each.limits) if text]
    assert all(text.vi and text.en and text.vi != text.en for text in texts)
    assert all(unicodedata.is_normalized("NFC", text.vi + text.en) for text in texts)
    assert found.lines
    assert found.evidence
    days = [day for day in (found.issued, found.in_force, found.until) if day]
    assert days == sorted(days)
    assert not any(each.why and each.limits for each in found.lines.values())


@pytest.mark.parametrize(
    ("day", "status"), [("2026-03-29", "not-yet"), ("2026-03-30", "in-force"), ("2030-01-01", "in-force")]
)
def test_the_first_day_counts(day: str, status: str) -> None:
    assert document("TT19-2026/I").status(dt.date.fromisoformat(day)) == status


def test_where_the_first_day_is_unknown_it_is_not_before_the_day_of_issue() -> None:
    found = documents()["TT08-2024"]
    assert found.in_force is None
    assert found.status(dt.date(2024, 7, 30)) == "not-yet"
    assert documents()["LDD-2003"].status(dt.date(1900, 1, 1)) == "unknown"
    assert documents()["QD124-2004"].status(dt.date(2025, 7, 1)) == "ended"


def test_each_document_is_cited_once() -> None:
    assert cite(["TT08-2024/land-use", "TT08-2024/users", "QD19-2025/units"]).vi == (
        "Thông tư 08/2024/TT-BTNMT (mã loại đất; mã loại người sử dụng, quản lý đất); "
        "Quyết định 19/2025/QĐ-TTg (mã đơn vị hành chính hai cấp)"
    )
    assert cite(["TT19-2026/7.2"]).vi == "Thông tư 19/2026/TT-BNNMT, điều 7 khoản 2"


def test_a_reason_holds_for_the_lines_below() -> None:
    assert LINES["TT19-2026/II.X.1.report"].why == LINES["TT19-2026/II.X.1"].why is not None


def test_a_wrong_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(LandXmlError, match=r"did you mean TT19-2026/II\.X\.3"):
        line("TT19-2026/II.X3")
    with pytest.raises(LandXmlError, match=r"there are the documents KH2959-2026, .*TT19-2026"):
        line("nothing like it")
