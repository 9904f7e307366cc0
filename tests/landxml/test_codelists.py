from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import landxml_schemas
from landxml.codelists import codelist, equivalents, label, lists, successors
from landxml.dictionary import dictionary
from landxml.errors import LandXmlError
from landxml.gml_dictionary import gml
from landxml.layouts import builtin

GML = "{http://www.opengis.net/gml/3.2}"
TODAY = dt.date(2026, 1, 1)
REFORM = dt.date(2024, 7, 31)
"""Date of the circulars that renewed the lists."""
NAMES = st.sampled_from(sorted(lists()))
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)) | st.sampled_from([
    REFORM + dt.timedelta(days) for days in (-1, 0, 1)
])  # fmt: skip


@given(name=NAMES, day=DAYS)
def test_a_list_as_of_a_day_is_what_its_file_says(name, day):
    rows = landxml_schemas.codelist(name)
    expected = [
        row["code"]
        for row in rows
        if row["valid_from"] <= day.isoformat()
        and (not row["valid_to"] or day.isoformat() <= row["valid_to"])
        and (not row["deprecated"] or day.isoformat() < row["deprecated"])
    ]
    assert [code.code for code in codelist(name, day)] == expected
    assert len(set(expected)) == len(expected)


@given(name=NAMES, day=DAYS)
def test_successors_are_codes_of_that_day(name, day):
    valid = {code.code for code in codelist(name, day)}
    for code in codelist(name):
        found = {link.code for link in successors(name, code.code, day)}
        assert found <= valid
        assert not found or code.replaced_on(day) or any(c.replaced_on(day) for c in codelist(name))


@given(name=NAMES, earlier=DAYS, later=DAYS)
def test_what_has_been_replaced_stays_replaced(name, earlier, later):
    earlier, later = sorted((earlier, later))
    for code in codelist(name):
        assert successors(name, code.code, earlier) in {(), successors(name, code.code, later)}


@given(name=NAMES)
def test_equivalents_lead_there_and_back(name):
    for code in {code.code for code in codelist(name)}:
        for link in equivalents(name, code):
            back = equivalents(name, link.code)
            assert code in {way.code for way in back}
            assert {way.evidence for way in back if way.code == code} == {link.evidence}
            if len(back) == 1:  # one to one, or many to one: the way back is certain
                assert back[0].code == code


@pytest.mark.parametrize(
    ("name", "code", "day", "found"),
    [
        ("LoaiMucDichSuDung", "BHK", REFORM - dt.timedelta(1), []),
        ("LoaiMucDichSuDung", "BHK", REFORM, [("HNK", True)]),
        ("LoaiMucDichSuDung", "SKX", TODAY, [("SKC", True), ("SKS", True)]),
        ("LoaiMucDichSuDung", "DTS", TODAY, []),
        ("LoaiMucDichSuDung", "ODT", TODAY, []),
        ("LoaiDoiTuongSuDungDat", "GDC", TODAY, [("CNV", False)]),
        ("LoaiDoiTuongSuDungDat", "TPQ", TODAY, [("TCQ", True), ("TSQ", True)]),
        ("LoaiDoiTuongSuDungDat", "CDS", TODAY, [("CDS", True), ("TTG", True)]),
        ("LoaiMucDichSuDung", "nothing", TODAY, []),
    ],
)  # fmt: skip
def test_successors_across_circulars(name, code, day, found):
    assert [(link.code, link.inferred) for link in successors(name, code, day)] == found


@pytest.mark.parametrize(
    ("name", "code", "same"),
    [
        ("LoaiNguonGocDat", "CNQ", ["1"]),
        ("LoaiNguonGocDat", "11", ["DT-TML"]),
        ("LoaiNguonGocDat", "16", []),
        ("LoaiNguonGocChuyenQuyen", "2", ["NCQ-8"]),
        ("LoaiNguonGocChuyenQuyen", "NCQ-4", ["9", "10"]),
        ("LoaiGiayToTuyThan", "CCCD", ["5"]),
        ("LoaiGiayToTuyThan", "9", []),
        ("GioiTinh", "1", []),
    ],
)  # fmt: skip
def test_equivalents_across_vocabularies(name, code, same):
    assert [link.code for link in equivalents(name, code)] == same


def test_a_label_is_that_of_its_day():
    assert (
        label("LoaiDoiTuongSuDungDat", "CDS", "vi", dt.date(2020, 1, 1))
        == "Cộng đồng dân cư và cơ sở tôn giáo"
    )
    assert label("LoaiDoiTuongSuDungDat", "CDS") == "Cộng đồng dân cư"
    assert label("LoaiDoiTuongSuDungDat", "CNV", "en", dt.date(2020, 1, 1)) is None
    assert label("GioiTinh", "7") is None


@pytest.mark.parametrize(
    "ask", [codelist, gml, lambda name: equivalents(name, "1"), lambda name: label(name, "1")]
)
def test_a_list_that_is_not_there_is_an_error_in_both_languages(ask):
    with pytest.raises(LandXmlError) as caught:
        ask("../GioiTinh")
    assert caught.value.text("vi") == "không có danh mục “../GioiTinh”"
    assert caught.value.text("en") == "there is no code list “../GioiTinh”"


def test_lists_name_the_fields_that_use_them():
    for layout in builtin().values():
        named = {
            (field, name) for name, about in lists().items() for field in about.fields.get(layout.id, ())
        }
        assert named == {
            (f"{cls.name}.{field.element}", field.codelist)
            for cls, field in dictionary(layout).fields()
            if field.codelist
        }


@pytest.mark.parametrize("day", [None, dt.date(2020, 1, 1), TODAY])
@pytest.mark.parametrize("name", sorted(lists()))
def test_a_gml_dictionary_is_valid_and_whole(name, day, full_gml):
    document = etree.fromstring(gml(name, day))
    full_gml.assertValid(document)
    found = [
        (
            entry.findtext(f"{GML}identifier"),
            entry.findtext(f"{GML}name"),
            entry.findtext(f"{GML}description"),
        )
        for entry in document.iter(f"{GML}Definition")
    ]
    assert found == [(code.code, code.vi, code.en) for code in codelist(name, day)]
    assert document.findtext(f"{GML}name") == lists()[name].vi


def test_remarks_say_when_and_where_to():
    document = etree.fromstring(gml("LoaiMucDichSuDung"))
    entries = {entry.findtext(f"{GML}identifier"): entry for entry in document.iter(f"{GML}Definition")}
    assert entries["SKX"].findtext(f"{GML}remarks") == (
        "deprecated since 2024-07-31; successor SKC [R]; successor SKS [R];"
        " evidence [E] VBDLIS workbook; legacy since Circular 08/2024"
    )
