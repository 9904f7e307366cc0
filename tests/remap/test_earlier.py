"""Dossiers before a change stay as they were issued, however deep they lie in one another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from landxml.model import GiaoDich, TinhHinhDangKy
from landxml_mappings import read
from landxml_mappings.vbdlis import dossier
from landxml_remap import remap, reverse
from landxml_validator import validate
from tests.marks import quick

Made = Callable[..., Path]
CHANGE = (
    "<ThongTinGiaoDich><DC_GiaoDich><giaoDichId>1</giaoDichId><loaiGiaoDichBienDong>CN</loaiGiaoDichBienDong>"
    "<thoiDiemDangKyBienDong>02/03/2021 07:30:00</thoiDiemDangKyBienDong><maBienDong>1</maBienDong>"
    "<maHoSoThuTucDangKy>1</maHoSoThuTucDangKy>{}</DC_GiaoDich></ThongTinGiaoDich>"
)
EARLIER = re.compile(rb"<HoSoTruocBienDong>.*</HoSoTruocBienDong>", re.DOTALL)


def plain(made: Made) -> str:
    """One dossier of January 2025, without a declaration."""
    path = min((made(layout="vbdlis-xml") / "06700").glob("*.xml"))
    return path.read_text("utf-8").partition("?>")[2].strip()


def changed(dossier: str, *before: str) -> str:
    earlier = f"<HoSoTruocBienDong>{''.join(before)}</HoSoTruocBienDong>"
    return dossier.replace("<ThongTinTaiSan>", CHANGE.format(earlier) + "<ThongTinTaiSan>")


def moved(source: Path, folder: Path) -> bytes:
    """Return a document after its remap, which must conform and come back as it was."""
    out, back = folder / "moi.xml", folder / "cu.xml"
    report = remap([source], out)
    results = validate([out], workers=1).results
    assert {result.rule.code: result.count for result in results if result.state == "failed"} == {}
    reverse(report.table, [out], back)
    assert back.read_bytes() == source.read_bytes()
    return out.read_bytes()


@pytest.mark.parametrize("depth", quick({30}, [1, 2, 30]))
def test_earlier_dossiers_stay_at_any_depth(made: Made, tmp_path: Path, depth: int) -> None:
    text = plain(made)
    nested = text
    for _ in range(depth):
        nested = changed(text, nested)
    source = tmp_path / "hs.xml"
    source.write_text(nested, "utf-8")
    after = moved(source, tmp_path)
    assert after != source.read_bytes()
    assert EARLIER.findall(after) == EARLIER.findall(source.read_bytes())


def test_several_earlier_dossiers(made: Made, tmp_path: Path) -> None:
    text = plain(made)
    twice = changed(text, changed(text, text, text), text)
    source = tmp_path / "hs.xml"
    source.write_text(twice.replace("</DC_GiaoDich>", "<!-- <HoSoXml> --></DC_GiaoDich>", 1), "utf-8")
    after = moved(source, tmp_path)
    assert EARLIER.findall(after) == EARLIER.findall(source.read_bytes())


def test_dossiers_that_the_project_writes_itself(made: Made, tmp_path: Path) -> None:
    source = tmp_path / "hs.xml"
    source.write_text(changed(plain(made), plain(made)), "utf-8")
    records = [record for record, _ in read(source)]
    assert any(isinstance(record, GiaoDich) and record.ho_so_truoc_bien_dong for record in records)
    assert sum(isinstance(record, TinhHinhDangKy) for record in records) == 2
    source.write_bytes(dossier(records))
    after = moved(source, tmp_path)
    assert EARLIER.findall(after) == EARLIER.findall(source.read_bytes())
