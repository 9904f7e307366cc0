from __future__ import annotations

import re
import zipfile
from collections import Counter
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest
import shapely

import landxml
from landxml.errors import LandXmlError
from landxml.identifiers import ParcelCode
from landxml.model import ThuaDat
from landxml_remap.parcel_codes import CodesReport, parcel_codes
from landxml_samples.package import write
from landxml_validator import validate
from tests.rules import only

CODE = re.compile(rb"\s*<ld:maThuaDat>([^<]*)</ld:maThuaDat>")
DIGEST = re.compile(rb"<ld:maBamNoiDung>[^<]*")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("codes") / "goi"
    write(out, parcels=60)
    (made,) = out.glob("*.gml")
    return made


@pytest.fixture(scope="module")
def coded(package: Path) -> Path:
    out = package.with_name("coded.gml")
    parcel_codes([package], out)
    return out


def parcels(path: Path) -> list[ThuaDat]:
    return [record for record, _ in landxml.read(path) if isinstance(record, ThuaDat)]


def changed(path: Path, name: str, old: bytes, new: bytes, count: int = 1) -> Path:
    """Write a copy with the first places changed."""
    data = path.read_bytes()
    assert old in data
    out = path.with_name(name)
    out.write_bytes(data.replace(old, new, count))
    return out


def told(report: CodesReport) -> dict[str, int]:
    """Return all counts that are not zero."""
    return {name: n for name, n in (report.parcels | report.findings).items() if n}


def codes(path: Path) -> list[bytes]:
    return CODE.findall(path.read_bytes())


def test_every_parcel_gets_the_code_of_its_shape(package, coded):
    for before, after in zip(parcels(package), parcels(coded), strict=True):
        assert after == before.with_(ma_thua_dat=after.ma_thua_dat)
        code = ParcelCode.of(after.ranh_gioi, shapely.get_srid(after.ranh_gioi))
        assert after.ma_thua_dat == str(code)


def test_nothing_else_is_touched(package, coded):
    without = CODE.sub(b"", coded.read_bytes())
    assert DIGEST.sub(b"", without) == DIGEST.sub(b"", package.read_bytes())
    report = validate([coded], workers=1)
    assert {r.rule.code: r.count for r in report.results if r.count} == {}, "the hash is right too"


def test_comparing_writes_nothing(package, coded):
    before = coded.read_bytes()
    assert told(parcel_codes([package])) == {"missing": 60}
    report = parcel_codes([coded])
    assert told(report) == {"kept": 60}
    assert report.common == {12: 60}
    assert report.precision == 0.01
    assert coded.read_bytes() == before


def test_codes_that_are_there_stay(coded):
    other = changed(coded, "other.gml", codes(coded)[7], b"w3gv2r8jq4xz")
    again = coded.with_name("again.gml")
    report = parcel_codes([other], again)
    assert told(report) == {"kept": 60, "outside": 1}
    assert again.read_bytes() == other.read_bytes()
    (finding,) = report.samples
    assert (finding.code, finding.computed) == ("w3gv2r8jq4xz", codes(coded)[7].decode())
    assert b"ThuaDat " in other.read_bytes().splitlines()[finding.line - 1]
    assert finding.distance is not None
    assert finding.distance > 1000


def test_codes_that_differ_are_replaced_where_asked_for_and_no_other(coded):
    other = changed(coded, "replace.gml", codes(coded)[7], b"w3gv2r8jq4xz")
    mended = coded.with_name("mended.gml")
    assert told(parcel_codes([other], mended, replace=True)) == {"replaced": 1, "kept": 59}
    assert codes(mended) == codes(coded)


def test_last_characters_are_no_finding(coded):
    code = codes(coded)[0]
    near = changed(coded, "near.gml", code, code[:-1] + (b"0" if code[-1:] != b"0" else b"1"))
    report = parcel_codes([near])
    assert told(report) == {"kept": 60}
    assert report.common == {12: 59, 11: 1}


@pytest.mark.parametrize("text", ["KHONG PHAI MA", "w7spq253xdda", "w7spq253xdd", "x" * 13, "W7SPQ253XDDY"])
def test_a_malformed_code_is_a_finding_and_stays(coded, text):
    bad = changed(coded, "bad.gml", codes(coded)[3], text.encode())
    assert told(parcel_codes([bad])) == {"kept": 60, "malformed": 1}


@pytest.mark.parametrize("form", ["<{0}/>", "<{0}></{0}>", "<{0}> </{0}>"])
def test_an_empty_code_is_none(coded, form):
    whole = b"<ld:maThuaDat>" + codes(coded)[3] + b"</ld:maThuaDat>"
    empty = changed(coded, "empty.gml", whole, form.format("ld:maThuaDat").encode())
    out = coded.with_name("filled.gml")
    assert told(parcel_codes([empty], out, force=True)) == {"assigned": 1, "kept": 59}
    assert codes(out) == codes(coded)


def test_a_code_of_two_parcels_is_told_of_both(coded):
    twice = changed(coded, "twice.gml", codes(coded)[1], codes(coded)[0])
    report = parcel_codes([twice])
    assert told(report) == {"kept": 60, "duplicate": 2, "outside": 1}
    first, second = (one for one in report.samples if one.kind == "duplicate")
    assert (first.other, second.other) == tuple(f"{one.file}:{one.line}" for one in (second, first))


def test_a_computed_code_that_another_parcel_has_is_not_written(package, coded):
    """Two files hold the same parcel: neither gets a code, one with a code keeps it."""
    twin = changed(package, "twin.gml", b"ThuaDat", b"ThuaDat")
    folder = package.with_name("twins")
    report = parcel_codes([package, twin], folder)
    assert told(report) == {"missing": 120, "duplicate": 120}
    assert [codes(path) for path in sorted(folder.iterdir())] == [[], []]
    report = parcel_codes([coded, package], package.with_name("one-coded"))
    assert told(report) == {"kept": 60, "missing": 60, "duplicate": 120}


def test_parcels_without_a_usable_shape_are_told(package):
    data = package.read_bytes()
    shape = re.findall(rb" *<ld:ranhGioi>.*?</ld:ranhGioi>\n", data, re.DOTALL)[0]
    bare = changed(package, "bare.gml", shape, b"")
    out = package.with_name("bare-coded.gml")
    assert told(parcel_codes([bare], out)) == {"assigned": 59, "missing": 1, "impossible": 1}
    assert len(codes(out)) == 59


def test_a_withdrawn_system_has_no_codes(package):
    old = changed(package, "old.gml", b"EPSG::5899", b"EPSG::6959", -1)
    assert told(parcel_codes([old])) == {"missing": 60, "impossible": 60}


def test_roads_and_history_have_no_codes(package):
    road = b"<ld:laDoiTuongChiemDat>false<"
    some = changed(package, "roads.gml", road, road.replace(b"false", b"true"), 2)
    past = changed(
        some,
        "past.gml",
        b">\n <ld:maXa>06652</ld:maXa>\n <ld:soHieuToBanDo>",
        b">\n <ld:hieuLuc>false</ld:hieuLuc>\n <ld:maXa>06652</ld:maXa>\n <ld:soHieuToBanDo>",
    )
    assert told(parcel_codes([past])) in (
        {"missing": 57, "no-parcel": 2, "history": 1}, {"missing": 58, "no-parcel": 1, "history": 1},
    )  # fmt: skip


def test_a_hash_that_was_wrong_is_not_made_right(package):
    edited = changed(package, "edited.gml", b"<ld:hoTen>", b"<ld:hoTen>X")
    out = package.with_name("edited-coded.gml")
    parcel_codes([edited], out)
    assert DIGEST.findall(out.read_bytes()) == DIGEST.findall(package.read_bytes())


NAMESPACE = "urn:landxml:vn-land:1.0"
FIRST = {"default namespace on a leaf", "prefix redeclared", "empty elements"}
FORMS = {
    "default namespace": lambda text: re.sub(r"(</?)ld:", r"\1", text.replace("xmlns:ld=", "xmlns=")),
    "other prefix": lambda text: re.sub(r"(</?)ld:", r"\1ns0:", text.replace("xmlns:ld=", "xmlns:ns0=")),
    "declared where it is used": lambda text: re.sub(
        r"<ld:(soHieuToBanDo|soThuTuThua|dienTich)>([^<]*)</ld:\1>",
        rf'<ns0:\1 xmlns:ns0="{NAMESPACE}">\2</ns0:\1>',
        text,
    ),
    "default namespace on a leaf": lambda text: re.sub(
        r"<ld:(\w+)>([^<]*)</ld:\1>", rf'<\1 xmlns="{NAMESPACE}">\2</\1>', text
    ),
    "prefix redeclared": lambda text: re.sub(
        r"<ld:(ThuaDat) (.*?)</ld:\1>",
        lambda found: f'<x:ThuaDat xmlns:ld="urn:x" xmlns:x="{NAMESPACE}" '
        + re.sub(r"(</?)ld:", r"\1x:", found[2])
        + "</x:ThuaDat>",
        text,
        flags=re.DOTALL,
    ),
    "comments and CDATA": lambda text: re.sub(
        r"<ld:(soThuTuThua|dienTich)>([^<]*)<", r"<!-- <ld:maThuaDat> --><ld:\1><![CDATA[\2]]><", text
    ),
    "empty elements": lambda text: re.sub(
        r"(<ld:ThuaDat.*?</ld:soThuTuThua>)", r"\1<ld:maThuaDat />", text, flags=re.DOTALL
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "form", [pytest.param(name, marks=() if name in FIRST else pytest.mark.slow) for name in FORMS]
)
def test_what_is_written_is_valid_whatever_the_prefixes(package, coded, tmp_path, form):
    """Every element that is new stands in the namespace of the profile, whose prefix holds there."""
    source, out = tmp_path / "a.gml", tmp_path / "b.gml"
    text = FORMS[form](package.read_text("utf-8"))
    source.write_text(re.sub(r"<(\w+:)?maBamNoiDung.*?maBamNoiDung>", "", text), "utf-8")
    assert told(parcel_codes([source], out)) == {"assigned": 60}
    assert [one.ma_thua_dat for one in parcels(out)] == [one.ma_thua_dat for one in parcels(coded)]
    check = partial(validate, workers=1, configuration=only("ADM", "PKG", "UNQ", "XSD"))
    before, after = ({r.rule.code: r.count for r in check(path).results} for path in (source, out))
    assert after == before


@pytest.mark.parametrize(
    "wrong",
    [
        "<ns9:maThuaDat>w7spq253xddy</ns9:maThuaDat>",
        "<ld:maThuaDat>w7spq253xddy</ld:maThuaDa>",
        "<ld:maThuaDat>w7spq253xddya</ld:maThuaDat>",
        "<maThuaDat>w7spq253xddy</maThuaDat>",
    ],
)
def test_nothing_is_written_if_the_result_would_be_wrong(package, tmp_path, monkeypatch, wrong):
    """A mistake of the program itself must not reach a file."""
    monkeypatch.setattr("landxml_remap.patch.like", lambda *_: wrong)
    with pytest.raises(LandXmlError, match="nothing was written") as caught:
        parcel_codes([package], tmp_path / "out.gml")
    assert caught.value.file == str(package)
    assert caught.value.line
    assert not list(tmp_path.iterdir())


def test_an_error_that_nobody_expected_names_the_document(package, tmp_path, monkeypatch):
    monkeypatch.setattr("landxml_remap.patch.like", Mock(side_effect=KeyError))
    with pytest.raises(LandXmlError, match="KeyError") as caught:
        parcel_codes([package], tmp_path / "out.gml")
    assert str(package) in caught.value.text("vi")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("last", [False, True])
def test_a_parcel_in_a_strange_place_is_named_with_its_line(package, tmp_path, last):
    text = package.read_text("utf-8")
    at = text.rindex("<ld:mucDichSuDung>") if last else text.index("<ld:soHieuToBanDo>")
    source = tmp_path / "a.gml"
    source.write_text(f"{text[:at]}<ld:ThuaDat/>{text[at:]}", "utf-8")
    with pytest.raises(LandXmlError) as caught:
        parcel_codes([source], tmp_path / "b.gml")
    assert (caught.value.file, caught.value.line) == (str(source), text.count("\n", 0, at) + 1)
    assert not (tmp_path / "b.gml").exists()


def test_a_zip_comes_out_as_a_zip_with_everything_in_it(package, tmp_path):
    archive, out = tmp_path / "goi.zip", tmp_path / "coded.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a/goi.gml", package.read_bytes())
        made.writestr("ghi-chu.txt", "x")
    assert told(parcel_codes([archive], out)) == {"assigned": 60}
    with zipfile.ZipFile(out) as found:
        assert found.namelist() == ["a/goi.gml", "ghi-chu.txt"]
        assert len(CODE.findall(found.read("a/goi.gml"))) == 60


def test_a_coarser_point_agrees_in_fewer_characters(coded):
    rough = parcel_codes([coded], precision=2.0)
    assert rough.precision == 2.0
    assert Counter(rough.common).total() == 60
    assert min(rough.common) < 12
    assert told(rough) == {"kept": 60}


def test_a_file_that_is_cut_off_leaves_nothing(package, tmp_path):
    cut = tmp_path / "cut.gml"
    cut.write_bytes(package.read_bytes()[:-2000])
    with pytest.raises(LandXmlError) as caught:
        parcel_codes([cut], tmp_path / "out.gml")
    assert caught.value.file == str(cut)
    assert [path.name for path in tmp_path.iterdir()] == ["cut.gml"]


def test_other_layouts_have_no_codes(tmp_path):
    write(tmp_path / "ho-so.zip", layout="vbdlis-xml", parcels=2)
    with pytest.raises(LandXmlError) as caught:
        parcel_codes([tmp_path / "ho-so.zip"])
    assert caught.value.text("vi") != caught.value.text("en")
