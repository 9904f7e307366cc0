"""Scans beside the data: named but absent, there but not named, no PDF; in folders and archives."""

from __future__ import annotations

import shutil
import zipfile
from functools import partial
from pathlib import Path

import pytest

from landxml.progress import Progress
from landxml_samples import write
from landxml_validator import validate
from landxml_validator.report import Report
from tests.rules import only

BASE = Path(__file__).parents[1] / "corpus/base"
check = partial(validate, configuration=only("SCN", "PKG"))
PDF = b"%PDF-1.4\n1 0 obj<</Type/Sig/ByteRange [0 9 9 9]/Contents<00>>>endobj\n%%EOF\n"


def found(report: Report) -> dict[str, list[str]]:
    """Return the files of what was found, by rule."""
    return {
        result.rule.code: [Path(sample.file).name for sample in result.samples]
        for result in report.results if result.count
    }  # fmt: skip


def delivery(folder: Path, commune: str = "06652", **scans: bytes) -> Path:
    """Make the folder of a commune of the iLIS family, whose file names ``gcn.pdf``."""
    above = folder / commune
    (above / "xml/12").mkdir(parents=True)
    (above / "ho-so-quet/1").mkdir(parents=True)
    text = (BASE / "collection.xml").read_text("utf-8").replace("06652", commune)
    if commune != "06652":
        text = (
            text.replace("AD5BD9CB", "AD5BD9CC").replace("CD 123456", "CD 123457").replace("00123", "00124")
        )
        text = text.replace("022075000001", "022075000002")
    (above / f"xml/12/DD-{commune}-12-345.xml").write_text(text, "utf-8")
    for name, data in scans.items():
        (above / f"ho-so-quet/1/{name}.pdf").write_bytes(data)
    return folder


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


@pytest.mark.parametrize("way", [lambda folder: folder, zipped])
@pytest.mark.parametrize("workers", [1, 2])
def test_scans_are_looked_for_in_the_folder_of_their_commune(tmp_path: Path, way, workers) -> None:
    delivery(tmp_path / "goi", gcn=PDF, khac=PDF)
    delivery(tmp_path / "goi", "06658", rong=b"")
    report = check([way(tmp_path / "goi")], workers=workers)
    assert found(report) == {
        "SCN001": ["DD-06658-12-345.xml"], "SCN002": ["khac.pdf", "rong.pdf"], "SCN003": ["rong.pdf"],
    }  # fmt: skip
    (absent,) = next(result for result in report.results if result.rule.code == "SCN001").samples
    assert (absent.line, absent.path) == (68, "moTa")


def test_names_are_no_part_of_a_report(tmp_path: Path) -> None:
    """They may say whose paper it is; a file that is there is called by its name."""
    text = (BASE / "collection.xml").read_text("utf-8").replace("gcn.pdf", "Nguyễn Văn Mẫu.pdf")
    delivery(tmp_path / "goi", khac=PDF)
    next((tmp_path / "goi").rglob("*.xml")).write_text(text, "utf-8")
    report = check([tmp_path / "goi"], workers=1)
    assert found(report).keys() == {"SCN001", "SCN002"}
    (absent,) = next(result for result in report.results if result.rule.code == "SCN001").samples
    assert "Mẫu" not in str(absent)


def test_scans_of_dossiers_lie_anywhere_in_the_delivery(tmp_path: Path) -> None:
    write(tmp_path / "goi", layout="vbdlis-xml", parcels=3)
    assert found(check([tmp_path / "goi"], workers=1)) == {}, "no scans: none are looked for"
    (tmp_path / "goi/quet").mkdir()
    (tmp_path / "goi/quet/DON-DANG-KY.pdf").write_bytes(PDF)
    (tmp_path / "goi/quet/hop-1.jpg").write_bytes(b"JPEG")
    report = check([tmp_path / "goi"], workers=1)
    counts = {result.rule.code: result.count for result in report.results if result.count}
    certified = sum("<DC_GiayChungNhan>" in path.read_text("utf-8") for path in tmp_path.rglob("*.xml"))
    assert counts == {"SCN001": 2 * certified, "SCN002": 1, "SCN003": 1}


def test_where_nothing_names_a_scan_they_are_counted_as_other_files(tmp_path: Path) -> None:
    shutil.copy(BASE / "thua_dat.gml", tmp_path / "thua.gml")
    for number in range(3):
        (tmp_path / f"{number}.pdf").write_bytes(b"")
    (others,) = (result for result in check([tmp_path], workers=1).results if result.count)
    assert (others.rule.code, others.samples[0].params["count"]) == ("PKG013", 3)


def test_a_kept_run_sees_scans_that_came_later(tmp_path: Path) -> None:
    delivery(tmp_path / "goi", gcn=PDF)
    work = tmp_path / "luu"
    assert found(check([tmp_path / "goi"], workers=1, work=work)) == {}
    (tmp_path / "goi/06652/ho-so-quet/1/khac.pdf").write_bytes(PDF)
    assert found(check([tmp_path / "goi"], workers=1, work=work)) == {"SCN002": ["khac.pdf"]}
    shutil.rmtree(tmp_path / "goi/06652/ho-so-quet")
    assert found(check([tmp_path / "goi"], workers=1, work=work)) == {}


def test_a_damaged_scan_in_an_archive_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "goi.zip"
    delivery(tmp_path / "goi", gcn=PDF * 40)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((tmp_path / "goi").rglob("*.*")):
            archive.write(file, file.relative_to(tmp_path / "goi"))
        entry = next(info for info in archive.infolist() if info.filename.endswith(".pdf"))
    data = bytearray(path.read_bytes())
    begin = entry.header_offset + 30 + len(entry.filename)
    data[begin : begin + 8] = b"\xff" * 8
    path.write_bytes(data)
    (result,) = (each for each in check([path], workers=1).results if each.count)
    assert (result.rule.code, result.samples[0].params["detail"]) == ("SCN003", "unreadable")


@pytest.mark.parametrize("before", [2**20 - 5, 2**20 - 1024, 2**20])
def test_a_signature_is_found_wherever_blocks_end(tmp_path: Path, before: int) -> None:
    head, rest = PDF[:9], PDF[9:]
    delivery(tmp_path / "goi", gcn=head + b" " * (before - len(head)) + rest)
    assert found(check([tmp_path / "goi"], workers=1)) == {}


def test_scans_are_read_only_for_rules_that_ask(tmp_path: Path) -> None:
    delivery(tmp_path / "goi", gcn=b"")
    report = validate([tmp_path / "goi"], workers=1, profile="upload-precheck")
    assert found(report) == {}


@pytest.mark.parametrize(("scans", "state"), [({}, "not-applicable"), ({"gcn": PDF}, "passed")])
def test_the_class_of_scans_applies_where_there_are_some(tmp_path: Path, scans, state) -> None:
    report = validate([delivery(tmp_path / "goi", **scans)], workers=1)
    assert [each.state for each in report.conformance if each.id == "scans"] == [state]


def test_reading_scans_is_told_as_the_run_goes_on(tmp_path: Path) -> None:
    folder = delivery(tmp_path, gcn=PDF, another=PDF * 1000)
    said: list[Progress] = []
    validate([folder], workers=1, progress=said.append)
    size = sum(path.stat().st_size for path in folder.rglob("*.*"))
    assert [each.done for each in said[-2:]] == [size - len(PDF), size]
    assert {each.total for each in said} == {size}
