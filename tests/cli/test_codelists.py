from __future__ import annotations

import csv
import datetime as dt
import json

import pytest

from landxml.codelists import codelist, lists
from landxml.gml_dictionary import gml


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_lists_are_told_with_counts_and_fields(run, lang):
    found = run("codelists", "--lang", lang)
    assert (found.code, found.err) == (0, "")
    lines = {line.split()[0]: line for line in found.out.splitlines() if line.strip()}
    for name, about in lists().items():
        assert str(len(codelist(name))) in lines[name].split()
        assert (about.en if lang == "en" else about.vi) in lines[name]
        assert all(field in lines[name] for field in about.fields.get("national", ()))
    assert str(len(lists())) in found.out.splitlines()[-1]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", sorted(lists()))
def test_one_list_shows_every_code(run, name, lang):
    found = run("codelists", name.lower(), "--lang", lang)
    assert (found.code, found.err) == (0, "")
    for code in codelist(name):
        assert (code.en if lang == "en" else code.vi) in found.out
    assert found.out.startswith(name)


def line_of(text: str, code: str) -> str:
    (line,) = (" ".join(line.split()) for line in text.splitlines() if line.split()[:1] == [code])
    return line


def test_a_code_tells_its_dates_and_where_it_leads(run):
    uses = run("codelists", "LoaiMucDichSuDung", "--lang", "vi").out
    assert line_of(uses, "SKX").endswith("mã cũ từ 31/07/2024; nay là SKC [R], SKS [R] [E]")
    papers = run("codelists", "LoaiGiayToTuyThan", "--lang", "en").out
    assert line_of(papers, "CMND") == "CMND people's identity card to 2024-12-31; same as 2 [I] [E]"


def test_a_day_leaves_the_codes_of_that_day(run):
    now = run("codelists", "LoaiDoiTuongSuDungDat", "--as-of", "01/01/2026", "--lang", "en").out
    then = run("codelists", "LoaiDoiTuongSuDungDat", "--as-of", "2020-01-01", "--lang", "en").out
    assert line_of(now, "CDS").startswith("CDS community from")
    assert line_of(then, "CDS") == "CDS community or religious establishment from ?; to 2024-07-30 [E]"
    assert line_of(then, "GDC") == "GDC household or individual from ?; old since 2024-07-31 [E]"
    assert "CNV" not in then
    assert not [line for line in now.splitlines() if line.split()[:1] == ["GDC"]]  # out of use
    assert "from ?: no document that we read gives the day" in now


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "[E] read in a public source"), ("vi", "[E] đọc được trong tài liệu công khai")]
)
def test_marks_of_evidence_are_explained_if_they_occur(run, lang, said):
    found = run("codelists", "GioiTinh", "--lang", lang).out
    assert said in found
    assert "[R]" not in found


def test_forms_for_machines_hold_the_same_codes(run, tmp_path):
    day = dt.date(2026, 1, 1)
    codes = [code.code for code in codelist("LoaiNguonGocDat", day)]
    plain = ("codelists", "LoaiNguonGocDat", "--as-of", day)
    data = json.loads(run(*plain, "--format", "json").out)
    assert [row["code"] for row in data["codes"]] == codes
    assert data["codes"][0]["same"] == [{"code": "2", "evidence": "E", "source": "MPLIS"}]
    assert (data["name"], data["as_of"]) == ("LoaiNguonGocDat", "2026-01-01")
    rows = list(csv.DictReader(run(*plain, "--format", "csv").out.removeprefix("\ufeff").splitlines()))
    assert [row["code"] for row in rows] == codes
    assert rows[0]["same"] == "2"
    for suffix, form in (("gml", "gml"), ("GML", "gml"), ("csv", "csv"), ("json", "json"), ("txt", "text")):
        path = tmp_path / f"list.{suffix}"
        found = run(*plain, "-o", path)
        assert (found.code, found.out) == (0, "")
        assert str(path) in found.err
        assert path.read_bytes().decode() == run(*plain, "--format", form).out
    assert (tmp_path / "list.gml").read_bytes() == gml("LoaiNguonGocDat", day)


def test_all_lists_for_machines(run):
    assert [row["name"] for row in json.loads(run("codelists", "--format", "json").out)] == [*lists()]
    rows = list(csv.DictReader(run("codelists", "--format", "csv").out.removeprefix("\ufeff").splitlines()))
    assert {row["name"]: int(row["codes"]) for row in rows} == {name: len(codelist(name)) for name in lists()}


@pytest.mark.parametrize(
    ("arguments", "lang", "said"),
    [
        (["LoaiThua"], "en", "there is no code list “LoaiThua”; did you mean LoaiThuaDat?"),
        (["LoaiThua"], "vi", "không có danh mục “LoaiThua”; có phải ý bạn là LoaiThuaDat?"),
        (["--format", "gml"], "en", "gml is for one list only"),
        (["GioiTinh", "--as-of", "2024"], "en", "“2024” is not a date"),
        (["GioiTinh", "--format", "xml"], "en", "there is no value “xml”; did you mean gml?"),
        (["GioiTinh", "DanToc"], "en", "too many arguments."),
    ],
)
def test_mistakes_are_told(run, tmp_path, arguments, lang, said):
    found = run("codelists", *arguments, "--lang", lang, "-o", tmp_path / "out.gml")
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert list(tmp_path.iterdir()) == []
