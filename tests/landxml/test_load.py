"""Opening, recognising and loading: a carrier is a module, a layout a folder; no command knows of either."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from landxml import carriers, recognise
from landxml.carriers import Opened
from landxml.errors import LandXmlError
from landxml.faults import Fault
from landxml.layouts import Layout
from landxml.load import Loader, layout, opened
from landxml.sources import find
from landxml_mappings import read
from landxml_validator import inspect, validate

TESTS = Path(__file__).parents[1]
TOY = TESTS / "layouts" / "toy_lines"
DAT = "ma,maXa,soThuTuThua,dienTich\n1,06652,1,120.5\n2,06652,2,0\n"


@pytest.fixture
def toy(monkeypatch) -> Layout:
    """A layout on a carrier of its own."""
    monkeypatch.setattr(carriers, "__path__", [*carriers.__path__, str(TESTS / "carriers")])
    return layout(str(TOY))


@pytest.fixture(params=["folder", "zip", "name"])
def delivery(request, tmp_path) -> Path:
    """Two documents of that layout, a third of no layout, and what lies beside them."""
    files = {"to1.thua": "!TapThua", "to1.dat": DAT, "to2.thua": "!TapThua", "to2.dat": DAT, "to3.thua": "?"}
    folder: Path = tmp_path / "goi"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    if request.param == "folder":
        return folder
    if request.param == "name":
        return Path(folder, "to1.thua")
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(f"sau/{name}", text)
    return Path(tmp_path, "goi.zip")


def test_a_carrier_may_ask_for_a_file_on_disk_and_what_lies_beside_it(toy, delivery):
    faults: list[Fault] = []
    loader = Loader()
    found = {
        source.name: sum(len(batch.tables["Manh"]) for batch in loader.load(source, faults.append))
        for source in opened(find(delivery, own=[toy]), faults.append, [toy])
    }
    several = [2, 2, 0] if delivery.suffix != ".thua" else [2]
    assert list(found.values()) == several
    assert [fault.file for fault in faults] == list(found)[2:]


def test_what_lies_beside_a_document_of_an_archive_is_held_to_the_same_limits(toy, tmp_path):
    with zipfile.ZipFile(tmp_path / "goi.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("to1.thua", "!TapThua")
        archive.writestr("to1.dat", DAT)
        archive.writestr("to1.shx", "\n" * 50_000_000)
    (seen,) = inspect(tmp_path / "goi.zip", layouts=[toy])
    ((file, why),) = ((trouble.file, trouble.reason.en) for trouble in seen.troubles)
    assert file.endswith("goi.zip!/to1.thua")
    assert "zip bomb" in why


def test_a_document_that_is_damaged_before_it_can_be_recognised_ends_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        for name in ("1.xml", "2.xml"):
            archive.writestr(name, f"<?xml version='1.0'?><la>{' ' * 100_000}</la>")
    data = bytearray((tmp_path / "goi.zip").read_bytes())
    data[1000] ^= 1  # the whole entry comes with its first bytes
    (tmp_path / "goi.zip").write_bytes(data)
    faults: list[Fault] = []
    names = [source.name for source in opened(find(tmp_path), faults.append)]
    assert names == [f"{tmp_path}/goi.zip!/2.xml"]
    assert [(fault.file, fault.reason) for fault in faults] == [(f"{tmp_path}/goi.zip!/1.xml", "archive")]


def test_a_carrier_that_fails_to_recognise_a_document_ends_nothing(toy, tmp_path, monkeypatch):
    for name in ("to1.thua", "to2.thua"):
        (tmp_path / name).write_text("!TapThua")
    recognises = carriers.kind(toy).recognises

    def fail_at_first(source, layout):
        if source.name.endswith("to1.thua"):
            raise LookupError
        return recognises(source, layout)

    monkeypatch.setattr(carriers.kind(toy), "recognises", staticmethod(fail_at_first))
    faults: list[Fault] = []
    (source,) = opened(find(tmp_path, own=[toy]), faults.append, [toy])
    assert (Path(source.name).name, source.layout) == ("to2.thua", toy)
    assert [Path(fault.file).name for fault in faults] == ["to1.thua"]


def test_every_command_reads_it(toy, delivery):
    documents = 1 if delivery.suffix == ".thua" else 2
    (seen,) = inspect(delivery, layouts=[toy])
    assert seen.layouts["toy-lines"] == documents
    assert seen.records == {"Manh": 2 * documents}
    errors: list[LandXmlError] = []
    assert list(read(delivery, on_error=errors.append, layouts=[toy])) == []
    assert [error.field for error in errors if error.field] == ["mucDichSuDung"] * 2 * documents


@pytest.mark.usefixtures("toy")
def test_a_profile_brings_it(delivery, tmp_path):
    profile = tmp_path / "profile"
    profile.mkdir()
    for file in TOY.iterdir():
        (profile / file.name).write_bytes(file.read_bytes())
    (profile / "profile.toml").write_text(
        'id = "toy"\nrequired = ["land"]\n[title]\nvi = "Thử"\nen = "Toy"\n', "utf-8"
    )
    report = validate(delivery, profile=str(profile), workers=1)
    (area,) = (result for result in report.results if result.rule.code == "LND002")
    assert {(found.part, found.at) for found in area.samples} == {("dat", 2)}
    assert area.count == (1 if delivery.suffix == ".thua" else 2)


def test_bytes_that_lie_in_no_file_can_be_had_on_disk_too():
    with Opened("a/b.xml", io.BytesIO(b"<x/>")).on_disk() as path:
        assert (path.name, path.read_bytes()) == ("b.xml", b"<x/>")
    assert not path.exists()


def test_a_layout_is_given_by_id_or_folder(tmp_path):
    assert layout("vbdlis-xml").id == "vbdlis-xml"
    assert layout(str(TESTS / "layouts" / "toy_gml")).id == "toy-gml"
    with pytest.raises(LandXmlError, match="did you mean national"):
        layout("nationl")
    (tmp_path / "layout.toml").write_text('id = "x"\ncarrier = "pigeon"\n')
    with pytest.raises(LandXmlError, match=r"layout\.toml: there is no carrier “pigeon”"):
        layout(str(tmp_path))


def test_its_own_layouts_may_claim_documents_of_the_built_in_ones(tmp_path):
    (tmp_path / "a.xml").write_text("<HoSoXml/>")
    own = Layout(id="mine", root="HoSoXml")
    (source,) = opened(find(tmp_path), lambda _: None, [own])
    assert source.layout == own
    assert recognise.sniff(b"<HoSoXml/>").has_root(own)
