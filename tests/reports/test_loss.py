from __future__ import annotations

import datetime as dt
import json

import pytest
from lxml import html

from landxml.text import Text
from landxml_mappings.loss import Loss
from landxml_mappings.report import LossReport, Strange, Uncoded, Unread
from landxml_reports.loss import FORMATS, render

REPORT = LossReport(
    tool="landxml 0", created=dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC), inputs=("<goi>.zip",),
    output="so.xlsx", to="ilis-sheet", written=True, documents={"vbdlis-xml": 1200},
    records={"ThuaDat": 1200},
    reading={
        "vbdlis-xml": (
            Loss(element="DC_ThuaDat.dienTich", read=1200, carried=1199, dropped={"unread": 1}),
            Loss(element="DC_ThuaDat.maXa", read=1200, carried=1200),
        )
    },
    writing=(Loss(element="DiaChi.tenXa", read=2400, dropped={"lost": 2400}),),
    defaulted={"ThuaDat.inSoLieuCu": 7},
    columns=(Strange(file="a.xlsx", part="Sheet1", column="AB", name="‹Xxx›"),),
    uncoded=(Uncoded(field="CaNhan.gioiTinh", codelist="GioiTinh", value="‹xx›", count=2),),
    unread=(Unread(file="b.xml", reason=Text(vi="tệp rỗng", en="the file is empty")),),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_text_names_every_loss(lang) -> None:
    text = render(REPORT, "text", lang).decode()
    for said in (
        "DC_ThuaDat.dienTich",
        "DiaChi.tenXa",
        "ThuaDat.inSoLieuCu",
        "a.xlsx!Sheet1!AB",
        "GioiTinh",
        "b.xml",
    ):
        assert said in text
    assert ("2,401" if lang == "en" else "2.401") in text
    assert "DC_ThuaDat.maXa" not in text
    assert all(len(line) <= 120 for line in text.splitlines())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_has_both_languages_and_no_markup_of_data(lang) -> None:
    page = html.fromstring(render(REPORT, "html", lang).decode())
    assert page.get("lang") == lang
    words = "".join(map(str, page.itertext()))
    assert "Đã chuyển, có mất mát" in words
    assert "Converted, with losses" in words
    assert "<goi>.zip" in words
    assert "DC_ThuaDat.maXa" in words
    assert not page.xpath("//goi")


def test_programs_get_all_of_it() -> None:
    told = json.loads(render(REPORT, "json", "en"))
    assert told["dropped"] == 2401
    assert told["reading"]["vbdlis-xml"][0]["dropped"] == {"unread": 1}
    assert set(FORMATS) == {"text", "json", "html"}
