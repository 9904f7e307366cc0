"""The whole way from paths to report: what a user notices of it."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest

from landxml import read
from landxml.errors import LandXmlError
from landxml_reports import FORMATS, TABLES, render
from landxml_samples import package
from landxml_validator import Report, inspect, validate
from tests.documents import words
from tests.marks import quick
from tests.rules import only


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    faults = {"LND001": 3, "PTY004": 4, "XSD002": 2, "REF001": 2, "UNQ002": 1, "GEO002": 2, "TXT001": 2}
    package.write(folder / "goi", parcels=120, communes=3, faults=faults, seed=5)
    return folder / "goi", faults


def results(report: Report) -> dict[str, int]:
    return {result.rule.code: result.count for result in report.results if result.count}


def stripped(report: Report) -> bytes:
    return msgspec.json.encode(
        msgspec.structs.replace(report, created=dt.datetime.min, seconds=0.0)  # noqa: DTZ901
    )


def test_workers_change_nothing_and_no_temporary_files_stay(faulty, monkeypatch, tmp_path):
    folder, faults = faulty
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    alone, together = validate([folder], workers=1), validate([folder], workers=2)
    assert results(alone) == faults
    assert stripped(alone) == stripped(together)
    assert list(tmp_path.iterdir()) == []


def test_counts_are_exact_and_samples_capped(faulty):
    folder, faults = faulty
    report = validate([folder], samples=1, configuration=only(*faults))
    assert results(report) == faults
    assert all(len(result.samples) == 1 for result in report.results if result.count)


def test_zip_and_folder_give_the_same_findings(faulty, tmp_path):
    folder, faults = faulty
    archive = shutil.make_archive(str(tmp_path / "goi"), "zip", folder)
    report = validate([archive])
    assert results(report) == faults
    assert all(file.sha256 for file in report.files)


@pytest.mark.parametrize(
    "name", quick({"maXa", "SieuDuLieu"}, ["maXa", "posList", "SieuDuLieu", "thanhVien"])
)
def test_an_undeclared_prefix_is_one_finding_and_the_other_files_go_on(name, tmp_path):
    package.write(tmp_path / "goi", parcels=20, communes=1)
    (good,) = (tmp_path / "goi").iterdir()
    bad = tmp_path / "bad.gml"
    text = good.read_text("utf-8")
    bad.write_text(re.sub(rf"(</?)\w+:{name}\b", rf"\1la:{name}", text), "utf-8")
    report = validate([good, bad], configuration=only("PKG"))
    (result,) = (r for r in report.results if r.rule.code == "PKG001")
    (finding,) = result.samples
    assert (finding.file, finding.line) == (str(bad), text[: text.index(f":{name}")].count("\n") + 1)
    assert "prefix la is not declared" in result.message(finding, "en")
    assert next(file.records for file in report.files if file.name == str(good)) > 20
    assert inspect([bad])[0].troubles[0].line == finding.line
    with pytest.raises(LandXmlError, match=rf"bad.gml:{finding.line}: The prefix la"):
        list(read(bad))


def documents(report: Report, findings: Path) -> list[str]:
    """A report in every format whose texts can be read, in both languages."""
    texts = [each for each in FORMATS if each not in TABLES]
    return [words(render(report, each, lang, findings)) for each in texts for lang in ("vi", "en")]


def test_personal_data_is_in_no_output_unless_asked_for(faulty, tmp_path):
    folder, faults = faulty
    shown = validate([folder], personal_data=True, configuration=only(*faults))
    secrets = {
        str(sample.params[name])
        for result in shown.results
        for sample in result.samples
        for name in result.rule.personal
        if sample.params.get(name)
    }
    assert len(secrets) >= 4
    report = validate([folder], findings=tmp_path / "all.parquet")
    for text in documents(report, tmp_path / "all.parquet"):
        assert not [secret for secret in secrets if len(secret) > 3 and secret in text]


def test_a_bad_file_among_good_ones_is_one_finding_and_leaves_references_open(faulty, tmp_path):
    folder, faults = faulty
    shutil.copytree(folder, tmp_path / "goi")
    good = min((tmp_path / "goi").glob("*.gml"))
    (tmp_path / "goi" / "hong.gml").write_bytes(good.read_bytes()[:20_000])
    report = validate([tmp_path / "goi"])
    found = results(report)
    assert found.pop("PKG001") == 1
    assert {code for code in found if code.startswith("PKG")} == set()
    assert found["LND001"] == faults["LND001"]
    state = {result.rule.code: result.state for result in report.results}
    assert state["REF001"] == "not-evaluated"
    assert state["REF002"] == "passed"


def test_two_layouts_in_one_delivery_are_said(faulty, tmp_path):
    package.write(tmp_path / "hoso", layout="vbdlis-xml", parcels=3, communes=1)
    report = validate([faulty[0], tmp_path / "hoso"])
    assert results(report)["PKG005"] == 1
    assert {file.layout for file in report.files} == {"national", "vbdlis-xml"}


@pytest.mark.parametrize("content", [b"", b"hello", b"<a/>", b"\0\1\2\3" * 99])
def test_nothing_readable_is_not_evaluated(tmp_path, content):
    path = Path(tmp_path, "x.xml")
    path.write_bytes(content)
    report = validate([path])
    assert report.verdict == "not-evaluated"
    assert sum(results(report).values()) == 1


def test_the_dossier_before_a_change_is_read_and_repeats_nothing(tmp_path):
    package.write(tmp_path / "hoso", layout="vbdlis-xml", parcels=1, communes=1)
    (dossier,) = (tmp_path / "hoso").rglob("*.xml")
    text = dossier.read_text("utf-8")
    change = (
        "<ThongTinGiaoDich><DC_GiaoDich><giaoDichId>1</giaoDichId>"
        "<loaiGiaoDichBienDong>CN</loaiGiaoDichBienDong>"
        "<thoiDiemDangKyBienDong>01/02/2020 10:00:00</thoiDiemDangKyBienDong>"
        "<maBienDong>1</maBienDong><maHoSoThuTucDangKy>1</maHoSoThuTucDangKy>"
        f"<HoSoTruocBienDong>{text.partition('?>')[2].strip()}</HoSoTruocBienDong>"
        "</DC_GiaoDich></ThongTinGiaoDich>"
    )
    head, mark, tail = text.rpartition("</HoSoXml>")
    dossier.write_text(head + change + mark + tail, "utf-8")
    report = validate([tmp_path / "hoso"])
    assert results(report) == {}
    assert report.unmapped == {}
    assert report.records["ThuaDat"] == 2


@pytest.mark.parametrize("name", ["trial-integratoin", "khong-co.toml"])
def test_unknown_profile_is_an_error_with_a_hint(name):
    with pytest.raises(LandXmlError, match="profile"):
        validate(["x"], profile=name)


def test_profile_may_lower_a_rule(faulty, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'id = "own"\nrequired = ["land"]\n[title]\nvi = "a"\nen = "a"\n'
        '[severity]\nLND001 = "warning"\n[parameters.LND001]\ntolerance = 1000000.0\n'
    )
    report = validate([faulty[0]], profile=str(own))
    assert "LND001" not in results(report)
    assert report.verdict == "conformant"
    own.write_text('id = "own"\nrequired = []\n[title]\nvi = "a"\nen = "a"\n[severity]\nLND01 = "warning"\n')
    with pytest.raises(LandXmlError, match="did you mean LND0"):
        validate([faulty[0]], profile=str(own))


def test_what_is_nested_in_a_person_is_masked_too(tmp_path):
    package.write(tmp_path / "goi", parcels=5, communes=1)
    (file,) = (tmp_path / "goi").glob("*.gml")
    number = "0123456789" * 4
    text = re.sub(r"<ld:soGiayTo>\d{12}<", f"<ld:soGiayTo>{number}<", file.read_text("utf-8"), count=1)
    file.write_text(text, "utf-8")
    report = validate([file], findings=tmp_path / "all.parquet")
    assert "XSD003" in results(report)
    assert all(number not in text for text in documents(report, tmp_path / "all.parquet"))


def test_a_copied_parcel_is_told_as_copied_only(tmp_path):
    package.write(tmp_path / "goi", parcels=20, communes=1)
    (file,) = (tmp_path / "goi").glob("*.gml")
    text = file.read_text("utf-8")
    start = text.index("<ld:thanhVien>\n<ld:ThuaDat ")
    member = text[start : text.index("</ld:thanhVien>\n", start) + len("</ld:thanhVien>\n")]
    file.write_text(text.replace(member, member + member), "utf-8")
    assert set(results(validate([file]))) == {"UNQ001", "UNQ002", "PKG006", "PKG011"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are Unicode")
def test_a_report_names_inputs_whose_names_are_no_text(tmp_path):
    path = tmp_path / os.fsdecode(b"goi\xe1")
    path.mkdir()
    report = validate([path], findings=tmp_path / "all.parquet")
    assert report.inputs == [f"{tmp_path}/goi\\udce1"]
    assert all(documents(report, tmp_path / "all.parquet"))
