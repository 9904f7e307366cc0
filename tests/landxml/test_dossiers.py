"""The classes of dossiers, as people who program see them."""

from __future__ import annotations

import datetime as dt
import runpy
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from lxml import etree

import landxml
from landxml import dossiers
from landxml.dictionary import dictionary
from landxml.dossiers import (
    DC_CaNhan,
    DC_HoGiaDinh,
    DC_ThuaDat,
    DC_TinhHinhDangKy,
    HoSoXml,
    ThanhVienHoGiaDinh,
)
from landxml.dossiers.classes import LAYOUT
from landxml.xsd_check import schema_of

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
    assert repr(person) == "DC_CaNhan(ho_ten=‹Xxxxxx Xxx Xxx›)"


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


HOUSEHOLD = HoSoXml(
    ho_so_guid="0f8fad5b-d9cb-469f-a165-70867728950e",
    tinh_hinh_dang_ky=(
        DC_TinhHinhDangKy(
            tinh_hinh_dang_ky_id=1, ma_xa="06652", ma_don="1", so_thu_tu=1, dai_dien_khai_trinh_id=1,
            ngay_tiep_nhan=dt.date(2024, 8, 1), thoi_diem_dang_ky=dt.date(2024, 8, 1),
            co_quyen_su_dung=True, co_quyen_so_huu=False, co_quyen_quan_ly=False,
        ),
    ),
    ho_gia_dinh=(
        DC_HoGiaDinh(
            ho_gia_dinh_id=1, chu_ho_id=1, dia_chi="Tổ 1 & 2",
            thanh_vien_ho_gia_dinh=(
                ThanhVienHoGiaDinh(ca_nhan_id=1, vo_chong_id=1), ThanhVienHoGiaDinh(ca_nhan_id=2),
            ),
        ),
    ),
)  # fmt: skip


def test_a_dossier_is_written_in_the_forms_of_its_vendor(tmp_path):
    landxml.write_dossier(tmp_path / "hs.xml", HOUSEHOLD)
    text = (tmp_path / "hs.xml").read_text("utf-8")
    assert "<ngayTiepNhan>01/08/2024</ngayTiepNhan>" in text
    assert "<coQuyenSuDung>1</coQuyenSuDung>" in text
    assert "<coQuyenSoHuu>0</coQuyenSoHuu>" in text
    assert "<diaChi>Tổ 1 &amp; 2</diaChi>" in text
    assert text.index("<DC_TinhHinhDangKy>") < text.index("<DC_HoGiaDinh>")
    schema_of(LAYOUT).assertValid(etree.parse(tmp_path / "hs.xml"))
    ((again, _),) = landxml.read_dossiers(tmp_path / "hs.xml")
    assert again == HOUSEHOLD


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ho_so_guid": None}, "hoSoGuid is required in HoSoXml and has no value"),
        ({"ho_so_guid": "1"}, "HoSoXml/hoSoGuid: not valid; expected GUID"),
        ({"tinh_hinh_dang_ky": ()}, "HoSoXml: not valid; expected DC_TinhHinhDangKy"),
        ({"tinh_hinh_dang_ky": HOUSEHOLD.tinh_hinh_dang_ky * 2}, "HoSoXml"),
        ({"ca_nhan": ["A"]}, "ca_nhan is not a tuple of DC_CaNhan"),
        ({"ca_nhan": (DC_CaNhan(ca_nhan_id=True, ho_ten="Mẫu"),)}, "DC_CaNhan"),
        (
            {"ca_nhan": (DC_CaNhan(ca_nhan_id=1, loai_doi_tuong_su_dung_dat="GDC", ho_ten="Mẫu\0"),)},
            r"DC_CaNhan\[1\]: hoTen holds a character",
        ),
        (
            {"ca_nhan": (DC_CaNhan(ca_nhan_id=1, loai_doi_tuong_su_dung_dat="GDC", ho_ten="Mẫu" * 99),)},
            r"DC_CaNhan\[1\]: hoTen holds at most",
        ),
        ({"thua_dat": (DC_ThuaDat(so_thu_tu_thua=cast("int", "3")),)}, r"DC_ThuaDat\[1\]: "),
        ({"thua_dat": (DC_ThuaDat(thua_dat_id=1, dien_tich=Decimal("NaN")),)}, "DC_ThuaDat"),
        (
            {"ho_gia_dinh": (HOUSEHOLD.ho_gia_dinh[0].with_(chu_ho_id=10**30),)},
            "chuHoId: not valid; expected integer",
        ),
    ],
)
def test_a_dossier_that_would_not_be_valid_is_refused(changes, says, tmp_path):
    with pytest.raises(landxml.LandXmlError, match=says) as caught:
        landxml.write_dossier(tmp_path / "hs.xml", HOUSEHOLD.with_(**changes))
    assert "Mẫu" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_every_class_can_be_imported_and_no_other():
    assert dir(dossiers) == sorted(dictionary(LAYOUT).classes)
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
from landxml_mappings import read
from landxml_validator import validate

errors: list[landxml.LandXmlError] = []
for record, source in landxml.read("goi.zip", on_error=errors.append):
    if isinstance(record, DC_ThuaDat) and record.so_hieu_to_ban_do is not None:
        print(source.line, record.so_hieu_to_ban_do + 1, [p.dien_tich for p in record.muc_dich_su_dung])
for dossier, _ in landxml.read_dossiers("goi.zip"):
    print(HoSoXml.__name__, [certificate.so_phat_hanh for certificate in dossier.giay_chung_nhan])
for national, _ in read("goi.zip"):
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
