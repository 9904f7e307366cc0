"""Certificates: bound to what they are about, the same wherever they are made, and not to be changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import msgspec
import pytest

from landxml.errors import LandXmlError
from landxml_mappings import convert
from landxml_samples.package import write
from landxml_validator import certificate, validate
from landxml_validator.certificate import certify, hashed, verify
from landxml_validator.configuration_file import read
from landxml_validator.report import Baseline, Report


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate") / "goi"
    write(folder, parcels=6, faults={"LND002": 1})
    return folder


@pytest.fixture(scope="module")
def checked(package: Path) -> Report:
    return validate([package], workers=1)


@pytest.fixture
def report(checked: Report) -> Report:
    return msgspec.structs.replace(checked)


def outcome(found: certificate.Certificate, *paths: Path) -> dict[str, bool]:
    return dict(verify(found, paths, workers=1))


def test_a_certificate_holds_of_what_it_is_about_wherever_that_is(
    report: Report, package: Path, tmp_path: Path
) -> None:
    made = certify(report)
    assert made == certify(report)
    assert str(package.parent) not in msgspec.json.encode(made).decode()
    shutil.copytree(package, tmp_path / "ban-sao")
    found = outcome(made, tmp_path / "ban-sao")
    assert found == dict.fromkeys(["seal", "inputs", "tool", "reference", "beside", "rules", "results"], True)


def test_what_a_certificate_states_cannot_be_changed(
    report: Report, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate, "validate", lambda *_, **__: report)
    made = certify(report)
    better = msgspec.structs.replace(made.statement, errors=0, verdict="conformant")
    changed = outcome(msgspec.structs.replace(made, statement=better), package)
    assert [name for name, holds in changed.items() if not holds] == ["seal", "results"]
    sealed_again = certificate._sealed(better)
    assert [name for name, holds in outcome(sealed_again, package).items() if not holds] == ["results"]
    looser = msgspec.structs.replace(made.statement, tolerances={}, tool="landxml 0", reference="")
    changed = outcome(certificate._sealed(looser), package)
    assert [name for name, holds in changed.items() if not holds] == ["tool", "reference", "rules"]


def test_how_data_were_read_is_part_of_a_certificate(package: Path, tmp_path: Path) -> None:
    sheets = tmp_path / "to.csv"
    sheets.write_text("old_commune,old_sheet,new_commune,new_sheet\n06652,1,06652,101\n", "utf-8")
    made = certify(validate([package], workers=1, crs=5899, sheets=sheets))
    assert (made.statement.crs, [each.name for each in made.statement.beside]) == (5899, ["to.csv"])
    assert dict(verify(made, [package], workers=1, sheets=sheets))["beside"]
    assert not outcome(made, package)["beside"]


def test_what_an_office_says_of_a_commune_holds_again(package: Path, tmp_path: Path) -> None:
    office = tmp_path / "huyen.toml"
    office.write_text('severity.LND = "error"\n[communes."06652"]\nseverity.LND = "warning"\n', "utf-8")
    report = validate([package], configuration=read(office), workers=1)
    assert (report.errors, report.warnings > 0) == (0, True)
    made = certify(report)
    assert office.name not in msgspec.json.encode(made).decode()
    assert set(outcome(made, package).values()) == {True}


def test_other_data_are_not_checked_again(
    report: Report, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate, "validate", lambda *_, **__: pytest.fail("checked in vain"))
    (file,) = package.glob("*.gml")
    found = outcome(certify(report), file)
    assert (found["seal"], found["inputs"], "results" in found) == (True, False, False)


def test_a_folder_is_hashed_as_sha256sum_does(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "ă.gml").write_bytes(b"2")
    (tmp_path / "a.gml").write_bytes(b"1")
    lines = f"{hashlib.sha256(b'1').hexdigest()}  a.gml\n{hashlib.sha256(b'2').hexdigest()}  b/ă.gml\n"
    found = hashed(tmp_path)
    assert (found.files, found.bytes, found.sha256) == (2, 2, hashlib.sha256(lines.encode()).hexdigest())
    assert hashed(tmp_path / "a.gml").sha256 == hashlib.sha256(b"1").hexdigest()


def test_a_shapefile_is_hashed_with_what_is_read_beside_it(tmp_path: Path) -> None:
    for name in ("thua.shp", "THUA.DBF", "thua.prj", "thua.qix", "thua.pdf", "khac.dbf"):
        (tmp_path / name).write_bytes(name.encode())
    found = hashed(tmp_path / "thua.shp")
    assert found.files == 3
    (tmp_path / "thua.qix").write_bytes(b"made by a program that shows it")
    assert hashed(tmp_path / "thua.shp") == found
    (tmp_path / "THUA.DBF").write_bytes(b"another address")
    assert hashed(tmp_path / "thua.shp").sha256 != found.sha256


def test_a_shapefile_whose_attributes_have_changed_is_not_certified(tmp_path: Path) -> None:
    data = tmp_path / "thua.shp"
    write(tmp_path / "goi", parcels=5)
    convert(tmp_path / "goi", data, to="parcel-layer")
    checked = validate([data], workers=1)
    statement = certify(checked)
    assert outcome(statement, data)["inputs"]
    table = data.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"06652", b"06658", 1))
    assert not outcome(statement, data)["inputs"]
    os.utime(table, (checked.created.timestamp() + 10,) * 2)
    with pytest.raises(LandXmlError, match="check again"):
        certify(checked)


def test_what_cannot_be_certified_is_refused(report: Report, package: Path) -> None:
    def refused(**changed: object) -> str:
        with pytest.raises(LandXmlError) as raised:
            certify(msgspec.structs.replace(report, **changed))
        return str(raised.value)

    assert "check again without --baseline" in refused(baseline=Baseline(name="b.csv", known=0, gone=0))
    assert "the report is of landxml 0.0.1" in refused(tool="landxml 0.0.1")
    assert "a file that can be read again" in refused(inputs=["-"])
    (file,) = package.glob("*.gml")
    before = file.stat()
    os.utime(file, (before.st_atime, before.st_mtime + 3600))
    try:
        assert f"{file}: has changed since it was checked" in refused()
    finally:
        os.utime(file, (before.st_atime, before.st_mtime))


def test_what_is_no_certificate_is_told(tmp_path: Path, report: Report) -> None:
    path = tmp_path / "c.json"
    path.write_text("{}", "utf-8")
    with pytest.raises(LandXmlError, match=r"is no \.json certificate"):
        certificate.read(path)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(certify(report), certificate="7")))
    with pytest.raises(LandXmlError, match="a certificate of form 7; form 1 can be read here"):
        certificate.read(path)
