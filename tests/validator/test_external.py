"""A folder with a manifest, an XSD and a choice of rules is a profile, without a line of code."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from landxml.errors import LandXmlError
from landxml_samples.package import write
from landxml_validator import validate
from landxml_validator.report import Report
from landxml_validator.rule import builtin

TOY = Path(__file__).parents[1] / "profiles" / "toy"
THUA = (
    '<t:thanhVien><t:Thua id="{}"><t:soThua>{}</t:soThua><t:dienTich>{}</t:dienTich></t:Thua></t:thanhVien>'
)
NGUOI = '<t:thanhVien><t:Nguoi id="{}"><t:ten>{}</t:ten></t:Nguoi></t:thanhVien>'


def document(*members: str) -> str:
    head = '<t:GoiThua xmlns:t="urn:example:toy:1.0">\n<t:ngayLap>2027-01-01</t:ngayLap>'
    return "\n".join([head, *members, "</t:GoiThua>"])


GOOD = document(THUA.format("a", 1, "120.5"), THUA.format("b", 2, "80"), NGUOI.format("c", "Lê Văn Mẫu"))
BAD = document(
    THUA.format("a", 1, "120.5"),
    THUA.format("b", "hai", "80"),
    NGUOI.format("c", "Nguyễn Thị Tên Quá Dài"),
    THUA.format("d", 4, "0"),
    '<t:thanhVien><t:Nha id="e"/></t:thanhVien>',
)


@pytest.fixture(params=["record by record", "whole"])
def profile(request, tmp_path) -> str:
    """The toy profile, with and without ``member`` in its manifest."""
    folder = tmp_path / "toy"
    shutil.copytree(TOY, folder)
    if request.param == "whole":
        manifest = (folder / "layout.toml").read_text("utf-8")
        (folder / "layout.toml").write_text(manifest.replace('member = "thanhVien"\n', ""), "utf-8")
    return str(folder)


def checked(tmp_path: Path, text: str, profile: str, **options: Any) -> Report:
    (tmp_path / "goi.xml").write_text(text, "utf-8")
    return validate([tmp_path / "goi.xml"], profile=profile, **options)


def found(report: Report) -> dict[str, list[tuple[str, str, int]]]:
    return {
        r.rule.code: [(f.cls, f.id, f.line) for f in r.samples] for r in report.results if r.state == "failed"
    }


def test_a_good_document_conforms(tmp_path, profile) -> None:
    report = checked(tmp_path, GOOD, profile)
    assert (report.verdict, report.profile) == ("conformant", "toy")
    assert "đồ chơi" in report.profile_title.vi
    assert [(file.layout, file.records) for file in report.files] == [("toy", sum(report.records.values()))]
    states = {result.rule.code: result.state for result in report.results}
    assert {states["XSD001"], states["PKG001"]} == {"passed"}
    assert {state for code, state in states.items() if builtin()[code].stage != "load"} == {"not-applicable"}


def test_each_violation_is_found_at_its_record_and_line(tmp_path) -> None:
    report = checked(tmp_path, BAD, str(TOY))
    assert report.verdict == "not-conformant"
    assert report.records == {"Thua": 3, "Nguoi": 1, "‹Xxx›": 1}  # a name that the schema does not have
    assert found(report) == {
        "XSD002": [("Thua", "b", 4)],
        "XSD003": [("Nguoi", "c", 5), ("Thua", "d", 6)],
        "XSD005": [("‹Xxx›", "e", 7)],
    }
    assert {r.rule.code: r.severity for r in report.results}["XSD003"] == "warning"


def test_a_document_beyond_the_limit_needs_members(tmp_path, monkeypatch, profile) -> None:
    monkeypatch.setattr("landxml.carriers.xml.LARGEST", 100)
    large = "member" not in Path(profile, "layout.toml").read_text("utf-8")
    assert ("PKG014" in found(checked(tmp_path, GOOD, profile))) == large


def test_without_members_a_document_is_checked_whole(tmp_path) -> None:
    folder = tmp_path / "toy"
    shutil.copytree(TOY, folder)
    manifest = (folder / "layout.toml").read_text("utf-8")
    (folder / "layout.toml").write_text(manifest.replace('member = "thanhVien"', ""), "utf-8")
    late = BAD.replace("2027-01-01", "2027-13-01")
    lines = sorted(
        line for places in found(checked(tmp_path, late, str(folder))).values() for *_, line in places
    )
    assert lines == [2, 4, 5, 6, 7]


def test_values_are_personal_until_asked_for(tmp_path, profile) -> None:
    for shown in (False, True):
        report = checked(tmp_path, BAD, profile, personal_data=shown)
        said = " ".join(str(f.params) for r in report.results for f in r.samples)
        assert ("Nguyễn Thị Tên" in said) == shown


def test_documents_of_other_layouts_are_read_as_ever(tmp_path) -> None:
    write(tmp_path / "goi", parcels=3)
    report = validate([tmp_path / "goi"], profile=str(TOY))
    assert (report.files[0].layout, report.verdict) == ("national", "conformant")
    (tmp_path / "goi" / "toy.xml").write_text(GOOD, "utf-8")
    report = validate([tmp_path / "goi"], profile=str(TOY))
    assert found(report) == {}
    assert {file.layout for file in report.files} == {"national", "toy"}
    (tmp_path / "goi.xml").write_text(GOOD, "utf-8")
    assert "PKG004" in found(validate([tmp_path / "goi.xml"]))


@pytest.mark.parametrize("text", [GOOD[:200], document("<t:thanhVien><t:Thua>"), document("&nbsp;")])
def test_what_cannot_be_parsed_is_a_finding(tmp_path, profile, text) -> None:
    assert "PKG001" in found(checked(tmp_path, text, profile))


def test_a_report_does_not_grow_with_invented_names(tmp_path, profile) -> None:
    members = [f"<t:thanhVien><t:N{n}/></t:thanhVien><t:M{n}/>" for n in range(1_500)]
    report = checked(tmp_path, document(*members), profile, samples=3)
    assert len(report.records) <= 1_001
    assert report.verdict == "not-conformant"


def test_several_processes_know_it_too(tmp_path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.xml").write_text(BAD if name == "b" else GOOD, "utf-8")
    report = validate([tmp_path / f"{name}.xml" for name in "abc"], profile=str(TOY), workers=2)
    assert {file.layout for file in report.files} == {"toy"}
    assert "XSD002" in found(report)


MANIFEST = (TOY / "layout.toml").read_text("utf-8")
SCHEMA = (TOY / "toy.xsd").read_text("utf-8")
WRONG = {
    "no manifest": ("layout.toml", None, "layout.toml: No such file"),
    "no rules": ("profile.toml", None, "the folder has no profile.toml"),
    "no schema": ("toy.xsd", None, "toy.xsd: "),
    "not TOML": ("layout.toml", "id = ", "layout.toml: "),
    "unknown key": ("layout.toml", MANIFEST.replace("member", "mmber"), "mmber"),
    "no name of an element": ("layout.toml", MANIFEST.replace("thanhVien", "a}b"), "member"),
    "name of a built-in layout": ("layout.toml", MANIFEST.replace('"toy"', '"national"'), "built-in layout"),
    "not a schema": ("toy.xsd", "<a/>", "toy.xsd: "),
    "not XML": ("toy.xsd", "<a>", "toy.xsd: "),
    "outside": ("toy.xsd", SCHEMA.replace("types.xsd", "../types.xsd"), "must be files of this folder"),
    "from the web": (
        "toy.xsd",
        SCHEMA.replace("types.xsd", "http://example.org/types.xsd"),
        "must be files of this folder",
    ),
}


@pytest.mark.parametrize(("name", "text", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_folder_is_refused_at_once(tmp_path, name, text, said) -> None:
    shutil.copytree(TOY, tmp_path / "toy")
    if text is None:
        (tmp_path / "toy" / name).unlink()
    else:
        (tmp_path / "toy" / name).write_text(text, "utf-8")
    with pytest.raises(LandXmlError) as error:
        validate([tmp_path], profile=str(tmp_path / "toy"))
    assert said in str(error.value)
    assert error.value.text("vi") != str(error.value)


# A schema as an authority might publish it: the national model in a namespace of its own

OFFICIAL = TOY.parent / "official"


def official(*parcels: tuple[str, str, str]) -> str:
    head = '<q:DuLieuDatDai xmlns:q="urn:example:official:1.0" xmlns:gml="http://www.opengis.net/gml/3.2">'
    members = (
        f'<q:thanhVien><q:ThuaDat gml:id="{id_}"><q:maXa>06652</q:maXa><q:soHieuToBanDo>1</q:soHieuToBanDo>'
        f"<q:soThuTuThua>{number}</q:soThuTuThua><q:dienTich>{area}</q:dienTich></q:ThuaDat></q:thanhVien>"
        for id_, number, area in parcels
    )
    return "\n".join([head, *members, "</q:DuLieuDatDai>"])


def test_business_rules_judge_an_official_schema_of_the_national_model(tmp_path) -> None:
    good = checked(tmp_path, official(("a", "1", "120.5"), ("b", "2", "80")), str(OFFICIAL))
    assert (good.verdict, good.records) == ("conformant", {"ThuaDat": 2})
    states = {result.rule.code: result.state for result in good.results}
    assert {states["LND002"], states["UNQ002"], states["XSD001"]} == {"passed"}
    assert states["GEO001"] == "not-applicable"  # it does not say that its documents have geometry
    bad = checked(tmp_path, official(("a", "1", "120.5"), ("b", "1", "0"), ("c", "x", "5")), str(OFFICIAL))
    assert found(bad) == {
        "LND002": [("ThuaDat", "b", 3)],
        "UNQ002": [("ThuaDat", "b", 3)],
        "XSD002": [("ThuaDat", "c", 4)],
    }


def test_a_mistake_in_it_is_no_wrong_namespace(tmp_path) -> None:
    text = official(("a", "1", "5")).replace("<q:dienTich>5</q:dienTich>", "<q:ThuaDat/>")
    assert set(found(checked(tmp_path, text, str(OFFICIAL)))) == {"XSD001"}


def test_the_national_model_needs_members(tmp_path) -> None:
    shutil.copytree(OFFICIAL, tmp_path / "official")
    manifest = (OFFICIAL / "layout.toml").read_text("utf-8").replace('member = "thanhVien"\n', "")
    (tmp_path / "official" / "layout.toml").write_text(manifest, "utf-8")
    with pytest.raises(LandXmlError, match="needs carrier"):
        validate([tmp_path], profile=str(tmp_path / "official"))
