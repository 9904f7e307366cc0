"""Files of which only the collections are known: any root, any depth, unknown elements counted."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from landxml.carriers import Batch, Opened, carrier
from landxml.faults import Fault
from landxml.layouts import builtin
from landxml.load import opened
from landxml.sources import find
from landxml_mappings import convert
from landxml_validator import validate

LAYOUT = builtin()["collection-xml"]
CORPUS = Path(__file__).parents[1] / "corpus"
TEXT = (CORPUS / "base/collection.xml").read_text("utf-8")
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"


def load(text: str) -> tuple[Batch, list[Fault]]:
    faults: list[Fault] = []
    reader = carrier(LAYOUT)
    assert list(reader.load(Opened("DD.xml", io.BytesIO(text.encode())), faults.append)) == []
    (batch,) = reader.rest()
    return batch, faults


def column(text: str, cls: str, name: str) -> list[Any]:
    found: list[Any] = load(text)[0].tables[cls][name].to_pylist()
    return found


def known(folder: Path, text: str) -> str | None:
    path = folder / "DD.xml"
    path.write_text(text, "utf-8")
    (source,) = opened(find(path), lambda _: None)
    return source.layout.id if source.layout else None


def test_values_have_one_form():
    assert load(TEXT)[1] == []
    assert column(TEXT, "LB_ThuaDat", "thuaDatID") == [KEY]
    assert column(TEXT, "LB_ThuaDat", "hieuLuc") == ["1"]
    assert column(TEXT, "LB_GiayChungNhan", "ngayCap") == ["20/05/2020"]
    assert column(TEXT, "LB_GiayToTuyThan", "ngayCap") == ["01/01/2021"]
    assert column(TEXT.replace("2020-05-20T00:00:00", "20/05/2020"), "LB_GiayChungNhan", "ngayCap") == [
        "20/05/2020"
    ]


def test_an_encoding_that_only_the_parser_knows_ends_nothing(tmp_path):
    viscii = '<?xml version="1.0" encoding="VISCII"?>'
    assert known(tmp_path, f'{viscii}<Foo a="1"><b/></Foo>') is None
    assert known(tmp_path, viscii + TEXT.partition("?>")[2]) == "collection-xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ThongTin>", "GoiDuLieu>"),
        ("<ThuaDatCollection>", "<Lop><LopCon><ThuaDatCollection>"),
        ("<QuyenSuDungDatCollection>", "<Quyen>"),
        ("http://www.opengis.net/gml1", "http://www.opengis.net/gml/3.2"),
    ],
)
def test_root_and_depth_do_not_matter(old, new, tmp_path):
    text = TEXT.replace(old, new).replace(
        "<ThongTin xmlns", "<GoiDuLieu xmlns" if "Goi" in new else "<ThongTin xmlns"
    )
    text = text.replace(
        "</ThuaDatCollection>",
        "</ThuaDatCollection></LopCon></Lop>" if "Lop" in new else "</ThuaDatCollection>",
    )
    text = text.replace(
        "</QuyenSuDungDatCollection>", "</Quyen>" if "Quyen>" in new else "</QuyenSuDungDatCollection>"
    )
    assert known(tmp_path, text) == "collection-xml"
    batch, plain = load(text)[0], load(TEXT)[0]
    assert {name: len(table) for name, table in batch.tables.items()} == {
        name: len(table) for name, table in plain.tables.items()
    }
    assert batch.tables["LB_ThuaDat"].drop("_at").equals(plain.tables["LB_ThuaDat"].drop("_at"))


def test_elements_that_are_not_known_are_counted_by_name():
    text = TEXT.replace("<dienTich>", "<laLam>x</laLam><laLam/><dienTich>").replace(
        "</ThongTin>", "<La><b/></La></ThongTin>"
    )
    assert load(TEXT)[0].unknown == {}
    assert load(text)[0].unknown == {"LB_ThuaDat.laLam": 2, "La": 1, "b": 1}
    many = TEXT.replace("</ThongTin>", "".join(f"<n{n}/>" for n in range(500)) + "</ThongTin>")
    assert len(load(many)[0].unknown) == 201


def test_a_holder_is_a_couple_of_the_file_or_a_person():
    assert column(TEXT, "LB_QuyenSuDungDat", "loaiDoiTuong") == ["1"]
    person = TEXT.replace("<doiTuongID>4F8F", "<doiTuongID>1F8F")
    assert column(person, "LB_QuyenSuDungDat", "loaiDoiTuong") == ["0"]


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (">1975<", ">75<", "namSinh"),
        (">120.50<", ">rộng<", "dienTich"),
        (">345<", ">345a<", "soThuTuThua"),
        ("2020-05-20T00:00:00", "tháng 5", "ngayCap"),
        (">4F8FAD5BD9CB469FA16570867728950E</voChongID>", ">12</voChongID>", "voChongID"),
    ],
)
def test_what_is_no_value_of_its_kind_is_told(old, new, element):
    (fault, *_) = load(TEXT.replace(old, new))[1]
    assert (fault.reason, fault.params["element"], fault.line > 1) == ("type", element, True)


def test_a_broken_file_is_one_fault_and_no_row():
    faults: list[Fault] = []
    reader = carrier(LAYOUT)
    list(reader.load(Opened("DD.xml", io.BytesIO(TEXT.encode()[:-30])), faults.append))
    assert [fault.reason for fault in faults] == ["truncated"]
    assert list(reader.rest()) == []


@pytest.mark.parametrize(
    "text",
    [
        "<A><ThuaDatCollection/></A>",
        "<A><DC_ThuaDat/></A>",
        "<FeatureCollection><ThuaDatCollection><DC_ThuaDat/></ThuaDatCollection></FeatureCollection>",
        "<HoSoXml><ThuaDatCollection><DC_ThuaDat/></ThuaDatCollection></HoSoXml>",
        "<A>ThuaDatCollection DC_ThuaDat</A>",
    ],
)
def test_other_files_are_not_taken_for_it(text, tmp_path):
    assert known(tmp_path, text) != "collection-xml"


def test_rules_judge_its_records_and_the_rest_is_counted(tmp_path):
    folder = tmp_path / "goi/xml/12"
    folder.mkdir(parents=True)
    (folder / "DD-06652-12-345.xml").write_text(TEXT, "utf-8")
    (tmp_path / "goi/ho-so-quet").mkdir()
    (tmp_path / "goi/ho-so-quet/gcn.pdf").write_bytes(b"%PDF")
    report = validate(tmp_path / "goi", workers=1)
    assert [r.rule.code for r in report.results if r.count] == ["SCN003"]  # "%PDF" without a version
    assert (report.records["ThuaDat"], report.records["QuyenSuDungDat"]) == (1, 1)
    assert report.unmapped["LB_HoSoQuet.maHoSoLuuTru"] == 1
    wrong = TEXT.replace("<chongID>1F8F", "<chongID>9F8F").replace(">120.50</dienTich>", ">0</dienTich>")
    (folder / "DD-06652-12-345.xml").write_text(wrong, "utf-8")
    found = {r.rule.code: [s.line for s in r.samples] for r in validate(folder, workers=1).results if r.count}
    assert found == {"LND002": [4], "REF001": [40]}


def test_a_conversion_tells_what_it_did_not_know(tmp_path):
    text = TEXT.replace("<dienTich>", "<laLam>x</laLam><dienTich>")
    (tmp_path / "DD.xml").write_text(text, "utf-8")
    report = convert(tmp_path / "DD.xml", tmp_path / "ra.gml", to="national")
    dropped = {loss.element: loss.dropped for loss in report.reading["collection-xml"] if loss.dropped}
    assert dropped["LB_ThuaDat.‹xxXxx›"] == {"lost": 1}
    assert dropped["LB_HoSoQuet.maHoSoLuuTru"] == {"lost": 1}
