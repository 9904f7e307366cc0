"""A finding explained as text, JSON and HTML, and its map."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import shapely
from lxml import etree

from landxml.text import Text
from landxml_reports.explanation import FORMATS, render
from landxml_reports.map import svg
from landxml_validator.explanation import Cell, DocumentLine, Explanation, Original, Shape, Sheet
from landxml_validator.explanation.codes import near

from .conftest import HOSTILE

RULE = Sheet(code="COD001", severity="error", title=Text("Mã lạ", "Odd code"), fix=Text(HOSTILE, HOSTILE))


def square(x: float, size: float = 10) -> shapely.Polygon:
    return shapely.box(437_000 + x, 2_318_000, 437_000 + x + size, 2_318_000 + size)


SHAPES = [
    Shape("neighbour", square(20), "9"),
    Shape("other", square(10), "8"),
    Shape("parcel", square(0, 10.01), HOSTILE),
    Shape("defect", square(10, 0.01)),
]


@pytest.fixture
def explanation() -> Explanation:
    lines = [DocumentLine(7, "<maDanToc>"), DocumentLine(8, HOSTILE, marked=True)]
    cells = [Cell(column="AB", element="ten", title=Text("tên", "name"), value=HOSTILE, marked=True)]
    return Explanation(
        number=17,
        fingerprint="0" * 32,
        key="06652/1/2",
        place="goi.zip!/1.xml:8",
        rule=RULE,
        message=Text(HOSTILE, HOSTILE),
        originals=[
            Original(place="goi.zip!/1.xml:8", note=Text("đã đổi", "changed"), lines=lines),
            Original(place="b.xlsx!Sheet!AB3", cells=cells),
        ],
        codes=near(
            "COD003",
            {"code": "GDC", "list": "LoaiDoiTuongSuDungDat"},
            dt.date(2026, 1, 1),
        ),
        shapes=SHAPES,
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_everything_is_said_in_each_form(explanation: Explanation, lang: str) -> None:
    for form in FORMATS:
        said = render(explanation, form, lang).decode()
        for word in ("17", "COD001", "goi.zip!/1.xml:8", "b.xlsx!Sheet!AB3", "AB", "GDC", "CNV"):
            assert word in said, (form, word)
        assert "\x1b" not in said
        assert "\u202e" not in said.replace("\\u202e", "") or form == "json"
        assert "<script>alert" not in said or form in {"text", "json"}
    text = render(explanation, "text", lang).decode()
    assert ("đã đổi" if lang == "vi" else "changed") in text
    assert re.findall("▶ +([0-9A-Z]+)", text) == ["8", "AB", "GDC"]
    assert "shapes" not in json.loads(render(explanation, "json", lang))


def test_a_map_is_an_image_of_its_shapes() -> None:
    drawn = etree.fromstring(svg(SHAPES, HOSTILE))
    paths = [path.get("class") for path in drawn.iterfind("path")]
    assert paths == [shape.role for shape in SHAPES]
    assert [circle.get("class") for circle in drawn.iter("circle")] == ["defect spot", "defect"]
    assert [text.text for text in drawn.iter("text")][-1] == "5 m"
    numbers = [
        float(number) for path in drawn.iter("path") for number in re.findall(r"[\d.]+", path.get("d", ""))
    ]
    assert max(numbers) < 1_000


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(437_000, 2_318_000),
        shapely.Polygon(),
        shapely.LineString([(1e9, 1e9), (1e9 + 1, 1e9)]),
        shapely.Point(106.1, 21.0),
        shapely.MultiPolygon([square(0), square(30)]),
    ],
    ids=["point", "empty", "far", "degrees", "multi"],
)
def test_any_shape_gives_a_map(geometry: shapely.Geometry) -> None:
    drawn = svg([Shape("defect", geometry, "1")], "") or "<none/>"
    assert "nan" not in drawn
    assert "inf" not in drawn
    etree.fromstring(drawn)
