"""Every finding leads to a parcel, or to what else an officer can look up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landxml.dictionary import national
from landxml_samples import FAULTS, write
from landxml_validator import validate
from landxml_validator.keys import led_to
from tests.rules import only


def led(tables, *ids: str) -> dict[str, str]:
    """The keys to which records lead, by id."""
    led_to(tables.con, national(), f"SELECT 'a.xml' AS file, unnest({list(ids)}) AS id")
    return dict(tables.con.execute("SELECT id, key FROM Led WHERE key IS NOT NULL").fetchall())


BASE = (Path(__file__).parents[1] / "corpus/base/national.xml").read_text("utf-8")
PARCEL = "06652/12/345"


def keys(path: Path, *codes: str, workers: int = 1) -> list[tuple[str, str, str]]:
    """Rule, class and business key of each finding about a record, of some rules or of all."""
    report = validate([path], workers=workers, configuration=only(*codes))
    return [(r.rule.code, f.cls, f.key) for r in report.results for f in r.samples if f.id]


@pytest.mark.parametrize("layout", ["national", "vbdlis-xml"])
def test_every_finding_of_a_sample_about_a_record_has_a_key(tmp_path: Path, layout: str) -> None:
    faults = {code: 1 for code, fault in FAULTS.items() if layout in fault.layouts and not fault.alone}
    listed = write(tmp_path / "goi", layout=layout, parcels=420, communes=2, faults=faults, seed=11)
    found = keys(tmp_path / "goi", workers=2)
    assert len(found) >= len(listed)
    assert [one for one in found if not one[2] or "." in one[2]] == []


@pytest.mark.parametrize(
    ("cls", "old", "new"),
    [
        ("CaNhan", "<ld:hoTen>Nguyễn", "<ld:hoTen> Nguyễn"),
        ("DiaChi", "<ld:tenXa>", "<ld:tenXa> "),
        ("GiayToTuyThan", "<ld:noiCap>", "<ld:noiCap> "),
        ("ThuaDat", "<ld:diaChi>Tổ", "<ld:diaChi> Tổ"),
        ("TinhHinhDangKy", "<ld:thoiDiemDangKy>", "<ld:thoiDiemDangKy>x"),
        ("QuyenSuDungDat", "#MucDichSuDung.1", "#MucDichSuDung.9"),
    ],
)
def test_references_lead_to_the_parcel_where_ids_say_nothing(tmp_path: Path, cls, old, new) -> None:
    assert old in BASE
    (tmp_path / "a.gml").write_text(BASE.replace(old, new, 1), "utf-8")
    found = [key for _, of, key in keys(tmp_path / "a.gml", "TXT", "XSD", "REF") if of == cls]
    assert found
    assert set(found) == {PARCEL}


def test_a_person_leads_to_the_parcel_of_the_right_not_to_that_of_the_address(tables) -> None:
    address = tables.add("DiaChi", maXa="06652")
    tables.add("ThuaDat", maXa="06652", soHieuToBanDo=1, soThuTuThua=1, diaChiChuan=[address])
    owned = tables.add("ThuaDat", maXa="06652", soHieuToBanDo=2, soThuTuThua=2)
    wife, husband = (tables.add("CaNhan", diaChiChuan=[address]) for _ in "ab")
    couple = tables.add("VoChong", vo=wife, chong=husband)
    tables.add("QuyenSuDungDat", chu=couple, thuaDat=owned)
    stranger = tables.add("CaNhan")
    found = led(tables, wife, husband, couple, address, owned, stranger)
    assert found.pop(address) in {"06652/1/1", "06652/2/2"}
    assert found == dict.fromkeys((wife, husband, couple, owned), "06652/2/2")


def test_a_house_and_its_owner_lead_to_the_parcel(tables) -> None:
    land = tables.add("ThuaDat", maXa="06652", soHieuToBanDo=2, soThuTuThua=2)
    house = tables.add("NhaRiengLe", thuaDat=[land])
    owner = tables.add("ToChuc")
    tables.add("QuyenSoHuuTaiSanGanLienVoiDat", chu=owner, taiSan=house)
    assert led(tables, house, owner) == dict.fromkeys((house, owner), "06652/2/2")


def test_a_certificate_keeps_its_own_number(tmp_path: Path) -> None:
    text = BASE.replace("<ld:soPhatHanh>CD 123456<", "<ld:soPhatHanh>CD 123456 <")
    (tmp_path / "a.gml").write_text(text, "utf-8")
    assert {key for _, cls, key in keys(tmp_path / "a.gml", "TXT") if cls == "GiayChungNhan"} == {
        "CD 123456 "
    }


def test_what_leads_nowhere_has_the_id_of_its_record(tmp_path: Path) -> None:
    alone = re.sub(r"<ld:thanhVien>\n<ld:(?!CaNhan|DiaChi).*?</ld:thanhVien>\n", "", BASE, flags=re.DOTALL)
    (tmp_path / "a.gml").write_text(alone.replace("<ld:noiCap>", "<ld:noiCap> "), "utf-8")
    found = keys(tmp_path / "a.gml", "TXT")
    assert ("TXT003", "GiayToTuyThan", "CaNhan.1") in found
