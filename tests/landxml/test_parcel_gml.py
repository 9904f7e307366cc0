"""The parcel GML of VBDLIS: any namespaces, features without ids, empty and missing values."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from landxml.carriers import Batch, Opened, carrier, gml
from landxml.faults import Fault
from landxml.layouts import builtin
from landxml.load import opened
from landxml.sources import find

LAYOUT = builtin()["vbdlis-gml"]
TEXT = (Path(__file__).parents[1] / "corpus/base/thua_dat.gml").read_text("utf-8")
AT, END = TEXT.index("  <wfs:member>"), TEXT.index("</wfs:FeatureCollection>")
HEAD, FEATURE = TEXT[:AT], TEXT[AT:END]
VARIANT = (
    TEXT.replace("app:Thua_Dat", "app:ThuaDat").replace("mucDichSuDung", "maLoaiDat")
    .replace("http://www.opengis.net/wfs/2.0", "ThuaDat")
    .replace("http://www.vietbando.com/gml/vlis", "ThuaDat?a=1&amp;b=2")
)  # fmt: skip


def load(text: str | bytes) -> tuple[list[Batch], list[Fault]]:
    faults: list[Fault] = []
    data = text.encode() if isinstance(text, str) else text
    return list(carrier(LAYOUT).load(Opened("a.gml", io.BytesIO(data)), faults.append)), faults


def column(batches: list[Batch], name: str) -> list[Any]:
    found = (batch.tables["Thua_Dat"] for batch in batches if batch.tables)
    return [value for table in found for value in table[name].to_pylist()]


def known(folder: Path, text: str | bytes) -> tuple[str | None, str]:
    """Layout of a document, or why it is of none."""
    path = folder / "a.gml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (source,) = opened(find(path), lambda _: None)
    return source.layout.id if source.layout else None, source.problem.what.en if source.problem else ""


# Recognition


@pytest.mark.parametrize(
    "text", [TEXT, VARIANT, TEXT.replace("UTF-8", "UTF-16").encode("utf-16"), HEAD + FEATURE * 200]
)
def test_it_is_known_by_its_first_feature(text, tmp_path):
    assert known(tmp_path, text) == ("vbdlis-gml", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TEXT.replace("app:Thua_Dat", "app:CayXanh"), "The first feature, “‹XxxXxxx›”"),
        (TEXT.replace("wfs:member", "gml:featureMember"), "has no features"),
        (TEXT.replace("<app:Thua_Dat>", "<app:Nha/><app:Thua_Dat>"), "The first feature"),
        (HEAD + "</wfs:FeatureCollection>", "has no features"),
        (HEAD, "has no features"),
        (TEXT.replace("wfs:FeatureCollection", "wfs:Features"), "The root element"),
    ],
)
def test_other_collections_are_not_taken_for_it(text, why, tmp_path):
    layout, said = known(tmp_path, text)
    assert layout is None
    assert why in said


# Namespaces


def test_the_variant_holds_the_same():
    plain, variant = load(TEXT), load(VARIANT)
    assert plain[1] == variant[1] == []
    table, other = plain[0][0].tables["Thua_Dat"], variant[0][0].tables["Thua_Dat"]
    assert table.drop("_at").equals(other.drop("_at"))
    assert plain[0][0].rings.texts == variant[0][0].rings.texts


def test_features_may_have_no_namespace():
    text = TEXT.replace("<app:", "<").replace("</app:", "</")
    assert load(text)[1] == []
    assert column(load(text)[0], "soThuTuThua") == ["345"]


def test_one_file_keeps_to_its_namespaces():
    other = FEATURE.replace("app:Thua_Dat>", 'x:Thua_Dat xmlns:x="urn:x">', 1).replace(
        "/app:Thua_Dat>", "/x:Thua_Dat>"
    )
    batches, faults = load(HEAD + FEATURE + other + FEATURE + "</wfs:FeatureCollection>")
    assert [fault.reason for fault in faults] == ["record"]
    assert column(batches, "_at") == [10, 50]
    wrong = FEATURE.replace("<wfs:member>", '<member xmlns="urn:x">').replace("</wfs:member>", "</member>")
    _, faults = load(HEAD + FEATURE + wrong + "</wfs:FeatureCollection>")
    assert [fault.reason for fault in faults] == ["namespace"]


def test_an_empty_member_binds_nothing():
    batches, faults = load(HEAD + "<wfs:member/>" + FEATURE + "</wfs:FeatureCollection>")
    assert (column(batches, "soThuTuThua"), faults) == (["345"], [])


def test_geometry_of_another_version_is_a_wrong_namespace():
    _, faults = load(TEXT.replace("http://www.opengis.net/gml/3.2", "http://www.opengis.net/gml"))
    assert [fault.reason for fault in faults] == ["namespace"]


# Values


@pytest.mark.parametrize("size", [1, 2, 100])
def test_each_feature_has_a_number_of_its_own(size, monkeypatch):
    monkeypatch.setattr(gml, "BATCH", size)
    text = (HEAD + FEATURE * 5 + "</wfs:FeatureCollection>").replace("\n", " ")
    batches, faults = load(text)
    assert faults == []
    assert column(batches, "Geometry") == ["1", "2", "3", "4", "5"]
    assert column(batches, "_id") == [None] * 5


def test_the_schema_is_ours():
    _, faults = load(TEXT.replace(">345<", ">34a<").replace("<app:tenChu>", "<app:ten/><app:tenChu>"))
    assert [(fault.reason, fault.cls, fault.params["element"]) for fault in faults] == [
        ("type", "Thua_Dat", "soThuTuThua"), ("structure", "Thua_Dat", "ten"),
    ]  # fmt: skip


def test_a_shape_has_the_crs_of_the_collection_where_it_says_nothing():
    said = TEXT[TEXT.index("<gml:Polygon") + 12 : TEXT.index(">", TEXT.index("<gml:Polygon"))]
    (batch,), _ = load(
        TEXT.replace(f"<gml:Polygon{said}", "<gml:Polygon").replace("EPSG::5899", "EPSG::9215")
    )
    assert (batch.rings.srs, batch.rings.reverts) == (
        ["urn:ogc:def:crs:EPSG::9215"],
        {0: "VN2000_QNinh_3_107.75"},
    )
    (batch,), _ = load(TEXT.replace("EPSG::5899", "EPSG::9215", 1).replace("107.75", "105", 1))
    assert (batch.rings.srs, batch.rings.reverts) == (
        ["urn:ogc:def:crs:EPSG::5899"],
        {0: "VN2000_QNinh_3_107.75"},
    )


def test_an_empty_geometry_is_none_and_a_multipolygon_is_whole():
    start, end = TEXT.index("<gml:Polygon"), TEXT.index("</app:Geometry>")
    (batch,), faults = load(TEXT[:start] + TEXT[end:])
    assert (batch.rings.rows, column([batch], "soThuTuThua"), faults) == ([], ["345"], [])
    polygon = TEXT[start:end]
    parts = f"<gml:surfaceMember>{polygon}</gml:surfaceMember>" * 2
    (batch,), faults = load(TEXT[:start] + f"<gml:MultiSurface>{parts}</gml:MultiSurface>" + TEXT[end:])
    assert (batch.rings.owner, batch.rings.first, faults) == ([0, 0], [True, True], [])


def test_a_scan_finds_the_same_without_a_word():
    faults: list[Fault] = []
    source = Opened("a.gml", io.BytesIO(VARIANT.replace(">345<", ">34a<").encode()))
    assert column(list(carrier(LAYOUT).scan(source, faults.append)), "soThuTuThua") == ["34a"]
    assert faults == []


def test_what_stands_before_a_break_comes_out_and_the_break_is_one_fault():
    data = (HEAD + FEATURE * 3 + "</wfs:FeatureCollection>").encode()
    for cut in range(1, len(data), 97):
        batches, faults = load(data[:cut])
        assert [fault.reason for fault in faults] in (["truncated"], ["empty"]), cut
        assert len(column(batches, "_at")) == data[:cut].count(b"</wfs:member>")
