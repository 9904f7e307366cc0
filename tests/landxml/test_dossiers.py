"""The classes of dossiers, as people who program see them."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import landxml
from landxml import dossiers
from landxml.dictionary import vendor
from landxml.dossiers import DC_CaNhan, DC_ThuaDat, HoSoXml

ROOT = Path(__file__).parents[2]
DOSSIER = """<HoSoXml><hoSoGuid>0f8fad5b-d9cb-469f-a165-70867728950e</hoSoGuid>
<ThongTinTaiSan><ThongTinThuaDat><DC_ThuaDat><thuaDatId>1</thuaDatId></DC_ThuaDat></ThongTinThuaDat>
</ThongTinTaiSan><ThongTinChu><ThongTinCaNhan><DC_CaNhan><hoTen>Nguyễn Văn Mẫu</hoTen></DC_CaNhan>
</ThongTinCaNhan></ThongTinChu>
</HoSoXml>"""


def test_what_is_read_is_of_the_classes_that_are_imported(tmp_path):
    (tmp_path / "hs.xml").write_text(DOSSIER, "utf-8")
    parcel, person = (item.object for item in landxml.read(tmp_path / "hs.xml"))
    assert isinstance(parcel, DC_ThuaDat)
    assert isinstance(person, DC_CaNhan)
    assert repr(person) == "DC_CaNhan(ho_ten=•••(14))"


def test_a_dossier_is_read_whole(tmp_path):
    (tmp_path / "hs.xml").write_text(DOSSIER, "utf-8")
    ((dossier, source),) = landxml.read_dossiers(tmp_path / "hs.xml")
    assert isinstance(dossier, HoSoXml)
    assert dossier.ho_so_guid == "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert [dossier.thua_dat[0], dossier.ca_nhan[0]] == [i.object for i in landxml.read(tmp_path / "hs.xml")]
    assert source.line == 1


def test_a_national_file_is_no_dossier(tmp_path, document):
    (tmp_path / "goi.xml").write_bytes(document())
    with pytest.raises(landxml.LandXmlError, match="not a HoSoXml dossier"):
        list(landxml.read_dossiers(tmp_path / "goi.xml"))


def test_every_class_can_be_imported_and_no_other():
    assert dir(dossiers) == sorted(vendor("vbdlis-xml").classes)
    assert all(getattr(dossiers, name).__name__ == name for name in dir(dossiers))
    assert not hasattr(dossiers, "DC_ThuaDatt")


def test_the_stub_is_fresh():
    made = runpy.run_path(str(ROOT / "tasks" / "build_dossier_stub.py"))["build"]()
    assert (ROOT / "landxml/dossiers/__init__.pyi").read_text("utf-8") == made, (
        "run tasks/build_dossier_stub.py"
    )


PROGRAM = """
import landxml
from landxml.dossiers import DC_ThuaDat, HoSoXml
from landxml_mappings import convert
from landxml_validator import validate

errors: list[landxml.LandXmlError] = []
for record, source in landxml.read("goi.zip", on_error=errors.append):
    if isinstance(record, DC_ThuaDat) and record.so_hieu_to_ban_do is not None:
        print(source.line, record.so_hieu_to_ban_do + 1, [p.dien_tich for p in record.muc_dich_su_dung])
for dossier, _ in landxml.read_dossiers("goi.zip"):
    print(HoSoXml.__name__, [certificate.so_phat_hanh for certificate in dossier.giay_chung_nhan])
for national, _ in convert("goi.zip"):
    print(national.id)
for result, finding in validate(["goi.zip"]).findings():
    print(finding.line, result.message(finding, "vi"))
"""
WRONG = """
DC_ThuaDat(so_hieu_to_ban_do="12")
DC_ThuaDat(to=12)
result.message(finding, "fr")
"""


@pytest.mark.slow
def test_type_checkers_know_the_classes(tmp_path):
    def checked(program: str) -> list[str]:
        (tmp_path / "program.py").write_text(program, "utf-8")
        command = [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--cache-dir",
            str(tmp_path / "cache"),
            "program.py",
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stdout.splitlines()

    assert checked(PROGRAM) == ["Success: no issues found in 1 source file"]
    *wrong, _ = checked(PROGRAM + WRONG)
    assert [line.rpartition("[")[2] for line in wrong if ": error: " in line] == [
        "arg-type]",
        "call-arg]",
        "arg-type]",
    ]
