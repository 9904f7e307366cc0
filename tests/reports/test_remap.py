from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from lxml import etree

from landxml_remap.report import Collision, Flow, Problem, RemapReport, Text, Unread
from landxml_reports import sankey, wording
from landxml_reports.remap import FORMATS, render


def flow(old: str, new: str | None, parcels: int) -> Flow:
    name, how = (f"Phường {new}", "split") if new else ("", "")
    basis, area = "geometry" if new else "", Decimal(parcels * 100)
    return Flow(
        old=old,
        old_name=f"Xã {old}",
        new=new,
        new_name=name,
        kind=how,
        basis=basis,
        parcels=parcels,
        area=area,
    )


@pytest.fixture
def report() -> RemapReport:
    return RemapReport(
        tool="landxml 0",
        created=dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC),
        seconds=1.5,
        inputs=["<goi>.zip"],
        output="moi.zip",
        table="moi.remap.csv",
        until=dt.date(2025, 7, 1),
        since={"2025-06-30": 2},
        documents=2,
        records={"": 3, "geometry": 1000, "left": 1},
        inferred=1,
        flows=[flow("06655", "06661", 600), flow("06655", "06706", 400), flow("06655", None, 3)],
        problems=[
            Problem(
                kind="across",
                cls="ThuaDat",
                code="06655",
                count=3,
                candidates="06661, 06706",
                samples=["06655/1/7: 06661 60 %"],
            )
        ],
        collisions=[Collision("06661/1/7", ["06655/1/7", "06658/1/7"])],
        colliding=1,
        renumbered=0,
        texts=[Text("ThuaDat", "diaChi", "rewritten", 1000), Text("ThuaDat", "diaChi", "unsettled", 3)],
        catalogue=(1001, 3),
        missing=["06700"],
        faults=2,
        unread=[Unread("<b>.txt", "không phải XML", "not XML")],
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text_says_what_is_left_to_decide(report: RemapReport, lang: str) -> None:
    text = render(report, "text", lang).decode()
    for said in (
        "06655/1/7: 06661 60 %",
        "06661, 06706",
        "06661/1/7 ← 06655/1/7, 06658/1/7",
        "06700",
        "moi.remap.csv",
    ):
        assert said in text
    assert wording.label("remap.open").get(lang).upper() in text
    assert ("1.000" if lang == "vi" else "1,000") in text


def test_json_has_every_figure(report: RemapReport) -> None:
    data: dict[str, Any] = msgspec.json.decode(render(report, "json", "vi"))
    assert (data["settled"], data["unsettled"], data["colliding"]) == (False, 3, 1)
    assert sum(each["parcels"] for each in data["flows"]) == 1003
    assert data["catalogue"] == [1001, 3]


def test_html_fetches_nothing_and_runs_no_data(report: RemapReport) -> None:
    page = render(report, "html", "vi").decode()
    assert "<goi>" not in page
    assert "&lt;goi&gt;.zip" in page
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import", page)
    tree = etree.fromstring(page, etree.HTMLParser())
    assert len(tree.findall(".//svg[@class='sankey']/path")) == 3
    assert len(tree.findall(".//svg[@class='sankey']/path[@class='open']")) == 1


def test_bands_are_as_thick_as_their_numbers_and_stay_within_their_bars() -> None:
    picture = sankey.draw([flow("a", "x", 300), flow("a", "y", 100), flow("b", "y", 200)])
    assert picture is not None
    heights = {bar.code: bar.height for bar in picture.bars}
    assert heights["a"] == pytest.approx(2 * heights["b"])
    assert heights["x"] == pytest.approx(heights["y"])
    assert all(bar.y + bar.height <= picture.height for bar in picture.bars)
    assert sankey.draw([]) is None
    many = sankey.draw([flow(f"{n:05}", "x", 1 + n) for n in range(100)])
    assert many is not None
    assert many.hidden == 40


def test_every_reason_has_its_words() -> None:
    from typing import get_args

    from landxml_remap.codes import State

    states = set(get_args(State)) - {"settled", "target"} | {
        "across",
        "outside",
        "conflict",
        "parcels",
        "home",
    }
    assert {f"remap.trouble.{state}" for state in states} <= wording.labels().keys()
    assert set(FORMATS) == {"text", "json", "html"}
