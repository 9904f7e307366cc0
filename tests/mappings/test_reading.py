from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest

import landxml
from landxml import model
from landxml_mappings import read, reading
from landxml_mappings.load import load as national_tables
from landxml_mappings.vbdlis import dossier
from landxml_samples.package import write
from landxml_validator import validate


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ho-so")
    write(folder / "goi.zip", layout="vbdlis-xml", parcels=30)
    return folder / "goi.zip"


def test_what_becomes_of_dossiers_is_a_package_that_conforms(package, tmp_path) -> None:
    records = [record for record, _ in read(package)]
    counts = Counter(type(record).__name__ for record in records)
    assert counts["ThuaDat"] == counts["TinhHinhDangKy"] == 30
    parcels = [record for record in records if isinstance(record, model.ThuaDat)]
    metadata = model.SieuDuLieu(
        id="SieuDuLieu.1",
        ma_goi="1",
        he_thong="test",
        don_vi_cung_cap="Văn phòng đăng ký đất đai Mẫu",
        thoi_diem_lap=dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC),
        ngay_hieu_luc_ma_don_vi=dt.date(2026, 1, 1),
        ma_xa=tuple({parcel.ma_xa for parcel in parcels}),
    )
    landxml.write(tmp_path / "goi.gml", records, metadata)
    report = validate([tmp_path / "goi.gml"])
    assert report.errors == 0
    assert dict(report.records) == {**validate([package]).records, "SieuDuLieu": 1, "SoBanGhi": len(counts)}


def test_national_to_dossier_and_back_is_the_same(package, tmp_path) -> None:
    by_file: dict[str, list[model.Record]] = {}
    for record, source in read(package):
        by_file.setdefault(source.file, []).append(record)
    for records in list(by_file.values())[:4]:
        (tmp_path / "HoSo.xml").write_bytes(dossier(records))
        again = [record for record, _ in read(tmp_path / "HoSo.xml")]
        assert sorted(again, key=lambda r: r.id) == sorted(records, key=lambda r: r.id)


def test_each_record_knows_its_file_and_line(package) -> None:
    for record, source in read(package):
        assert source.file.startswith(f"{package.as_posix()}!/")
        assert source.line > 1
        assert record.id


def test_objects_are_made_of_few_documents_at_a_time(package, monkeypatch) -> None:
    mapped: list[int] = []

    def load(con, batch):
        mapped.append(len(batch.documents()))
        return national_tables(con, batch)

    together = sorted(read(package), key=lambda item: (item[1], item[0].id))
    monkeypatch.setattr(reading, "OBJECTS", 40)
    monkeypatch.setattr(reading, "load", load)
    assert sorted(read(package), key=lambda item: (item[1], item[0].id)) == together
    assert sum(mapped) == 30
    assert len(mapped) > 5


def test_a_national_package_is_what_it_is(tmp_path) -> None:
    write(tmp_path / "goi", parcels=3)
    assert list(read(tmp_path / "goi")) == list(landxml.read(tmp_path / "goi"))


def test_what_cannot_be_read(tmp_path) -> None:
    (tmp_path / "broken.xml").write_text("<HoSoXml><a>", "utf-8")
    (tmp_path / "other.xml").write_text("<Other/>", "utf-8")
    for path, said in (("other.xml", "no known layout"), ("broken.xml", "broken.xml:1: "), ("none", "none")):
        with pytest.raises(landxml.LandXmlError, match=said):
            list(read(tmp_path / path))


def test_a_record_that_the_national_model_does_not_allow(tmp_path) -> None:
    write(tmp_path / "goi", layout="vbdlis-xml", parcels=1)
    (path,) = (tmp_path / "goi").rglob("*.xml")
    path.write_text(path.read_text("utf-8").replace("<soHieuToBanDo>1<", "<soHieuToBanDo>một<"), "utf-8")
    with pytest.raises(landxml.LandXmlError, match=r"xml:\d+: .*soHieuToBanDo"):
        list(read(path))


def test_what_cannot_be_read_is_told_and_skipped(tmp_path) -> None:
    write(tmp_path / "goi", layout="vbdlis-xml", parcels=3)
    bad, broken, _ = sorted((tmp_path / "goi").rglob("*.xml"))
    bad.write_text(
        re.sub("<soHieuToBanDo>.*?<", "<soHieuToBanDo>một<", bad.read_text("utf-8"), count=1), "utf-8"
    )
    broken.write_bytes(broken.read_bytes()[:-30])
    errors: list[landxml.LandXmlError] = []
    counts = Counter(type(record).__name__ for record, _ in read(tmp_path / "goi", on_error=errors.append))
    assert counts["ThuaDat"] == 1
    assert counts["TinhHinhDangKy"] == 2
    assert sorted((error.file, error.field) for error in errors) == [
        (bad.as_posix(), "soHieuToBanDo"),
        (broken.as_posix(), None),
    ]
