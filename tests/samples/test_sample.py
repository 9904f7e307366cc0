from __future__ import annotations

import csv
import datetime as dt
import tracemalloc
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import landxml_units as units
from landxml.errors import LandXmlError
from landxml.model import (
    CaNhan,
    GiayChungNhan,
    NhomNguoiDongSuDung,
    QuyenSuDungDat,
    Record,
    ThuaDat,
    TinhHinhDangKy,
)
from landxml_samples import drafts, package, write
from landxml_samples.grid import Grid, plan, sheets
from landxml_samples.noise import noise, uniform
from landxml_samples.places import places

DATE = dt.date(2026, 1, 1)
COMMUNES = units.communes(DATE)["code"].to_pylist()
LAYOUTS = ["national", "vbdlis-xml"]


def records_of(layout: str = "national", parcels: int = 400, seed: int = 5) -> list[list[Record]]:
    where = places("22", 2, DATE)
    order = package._order(layout, parcels, where=where, faults={}, seed=seed, date=DATE)
    return [draft.records for share in order.shares for draft in drafts.drafts(order, share)]


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def everything(record: Record) -> list[Record]:
    """A record and all that is nested in it."""
    found = [record]
    for value in msgspec.structs.astuple(record):
        for item in value if isinstance(value, tuple) else ():
            found += everything(item) if isinstance(item, Record) else []
    return found


# Whole packages.


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_seed_gives_the_same_bytes(tmp_path, layout):
    for name in "ab":
        write(
            tmp_path / name, layout=layout, parcels=60, communes=2, faults={"LND001": 3, "PKG001": 1}, seed=7
        )
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert (tmp_path / "a.faults.csv").read_bytes() == (tmp_path / "b.faults.csv").read_bytes()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_zip_holds_what_the_folder_holds(tmp_path, layout):
    for name in ("a", "a.zip", "b.zip"):
        write(tmp_path / name, layout=layout, parcels=30)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == tree(tmp_path / "a")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a.zip", "b.zip"]


def test_another_seed_gives_another_package(tmp_path):
    for seed in (1, 2):
        write(tmp_path / str(seed), parcels=20, seed=seed)
    assert tree(tmp_path / "1").keys() == tree(tmp_path / "2").keys()
    assert tree(tmp_path / "1") != tree(tmp_path / "2")


def test_files_are_named_after_communes_and_parcels(tmp_path):
    write(tmp_path / "gml", parcels=10, communes=["06652", "Phường Cao Xanh"])
    write(tmp_path / "xml", parcels=3, communes=["06652"], layout="vbdlis-xml")
    assert sorted(tree(tmp_path / "gml")) == ["06652.gml", "06658.gml"]
    assert sorted(tree(tmp_path / "xml")) == [f"06652/HoSo-1-{n}.xml" for n in (1, 2, 3)]


def test_the_list_of_faults_is_what_write_returns(tmp_path):
    found = write(tmp_path / "goi", parcels=300, communes=2, faults={"GEO001": 4, "PTY002": 3, "PKG007": 2})
    with (tmp_path / "goi.faults.csv").open(encoding="utf-8", newline="") as file:
        listed = [tuple(row.values()) for row in csv.DictReader(file)]
    assert listed == [tuple(map(str, fault)) for fault in found]
    assert Counter(fault.code for fault in found) == {"GEO001": 4, "PTY002": 3, "PKG007": 2}
    for fault in found:
        line = (tmp_path / "goi" / fault.file).read_text("utf-8").splitlines()[fault.line - 1]
        assert (fault.id or "<ld:SieuDuLieu ") in line


def test_faults_are_spread_over_the_package(tmp_path):
    found = write(tmp_path / "goi", parcels=1000, communes=4, faults={"COD001": 40})
    assert [*Counter(fault.file for fault in found).values()] == [10] * 4


def test_an_existing_package_is_not_touched(tmp_path):
    write(tmp_path / "goi", parcels=1)
    before = tree(tmp_path)
    with pytest.raises(LandXmlError, match="not empty"):
        write(tmp_path / "goi", parcels=2, force=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["goi", "goi.zip"])
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_nothing_is_left_of_a_package_that_was_not_finished(tmp_path, monkeypatch, layout, name, error):
    def broken(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "dossier", broken)
        with pytest.raises(error):
            write(tmp_path / name, layout=layout, parcels=3)
    assert list(tmp_path.iterdir()) == []
    write(tmp_path / name, layout=layout, parcels=3)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_empty_folder_is_filled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(".", parcels=3, communes=["06652"])
    assert list(tree(tmp_path)) == ["06652.gml"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"layout": "excel"},
        {"province": "99"},
        {"province": "Quảng"},
        {"communes": 0},
        {"communes": 1000},
        {"communes": ["99999"]},
        {"communes": 2, "parcels": 1},
        {"faults": {"XYZ001": 1}},
        {"faults": {"GEO001": 1}, "layout": "vbdlis-xml"},
        {"faults": {"LND001": 11}},
        {"date": dt.date(2024, 6, 30)},
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path, wrong):
    with pytest.raises(LandXmlError) as told:
        write(tmp_path / "goi.zip", **{"parcels": 10, **wrong})
    assert not (tmp_path / "goi.zip").exists()
    assert told.value.text("vi") != told.value.text("en") == str(told.value)


@pytest.mark.parametrize("name", ["22", "Quảng Ninh", "quảng ninh", "Tỉnh Quảng Ninh"])
def test_provinces_are_found_by_code_and_name(name):
    assert places(name, 1, DATE)[0].province == "Tỉnh Quảng Ninh"
    assert places(unicodedata.normalize("NFD", name), 1, DATE)[0].province_code == "22"


# The map.


def boundaries(grid: Grid) -> tuple[Any, list[float]]:
    made = list(sheets(grid))
    return np.array([b for sheet in made for b in sheet.boundaries]), [
        a for sheet in made for a in sheet.areas
    ]


@given(st.sampled_from(COMMUNES), st.integers(1, 700), st.integers(0, 2**40))
def test_parcels_are_a_coverage_inside_the_commune(commune, parcels, seed):
    grid = plan(commune, parcels, seed)
    shapes, areas = boundaries(grid)
    assert len(shapes) == parcels
    assert {shapely.get_srid(shape) for shape in shapes} == {units.default_epsg(commune)}
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert sum(areas) == pytest.approx(shapely.area(shapely.coverage_union_all(shapes)), abs=1e-3)
    vertices = shapely.get_num_coordinates(shapes) - 1
    assert vertices.min() >= 4
    assert vertices.max() <= 28
    coordinates = shapely.get_coordinates(shapes)
    assert np.array_equal(coordinates, coordinates.round(3))
    lon, lat = pyproj.Transformer.from_crs(grid.epsg, 4326, always_xy=True).transform(*coordinates.T)
    box = units.extent(commune)
    assert box is not None
    assert box.min_lon <= lon.min() <= lon.max() <= box.max_lon
    assert box.min_lat <= lat.min() <= lat.max() <= box.max_lat


def test_the_smallest_commune_takes_many_parcels():
    shapes, areas = boundaries(plan("27211", 20_000, 3))
    assert shapely.coverage_is_valid(shapes)
    assert sum(areas) < 0.5e6  # half of its square kilometre
    assert min(areas) > 1


def test_sheets_depend_on_nothing_but_their_place():
    few, many = list(sheets(plan("06652", 500, 1))), list(sheets(plan("06652", 570, 1)))
    assert few[0].boundaries == many[0].boundaries


def test_sheets_are_made_one_by_one():
    first = next(sheets(plan("06652", 10_000_000, 1)))
    assert len(first.boundaries) == 144


def test_memory_does_not_grow_with_the_package():
    def peak(parcels: int) -> int:
        order = package._order("national", parcels, where=places("22", 1, DATE), faults={}, seed=1, date=DATE)
        tracemalloc.start()
        try:
            size = sum(map(len, package._members(order, order.shares[0], [], [])))
            assert size > parcels * 4000
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # tables of units and plans of classes are read once
    assert peak(600) < 1.3 * peak(200)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=4))
def test_noise_is_a_function_of_its_keys(keys):
    assert noise(*keys) == noise(*keys)
    assert noise(*keys) != noise(*keys, 0)
    assert -1 <= uniform(*keys) < 1


def test_noise_is_even():
    values = uniform(1, np.arange(100_000))
    assert abs(values.mean()) < 0.01
    assert abs((values < -0.5).mean() - 0.25) < 0.01


# The dossiers.


def test_areas_add_up():
    for records in records_of():
        land = records[0]
        assert isinstance(land, ThuaDat)
        assert land.ranh_gioi is not None
        assert abs(float(land.dien_tich) - land.ranh_gioi.area) <= 0.0501
        assert sum(use.dien_tich for use in land.muc_dich_su_dung) == land.dien_tich
        for use in land.muc_dich_su_dung:
            assert sum(origin.dien_tich or 0 for origin in use.nguon_goc_dat) == use.dien_tich
            assert all(origin.dien_tich for origin in use.nguon_goc_dat)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_ids_are_unique_and_end_in_a_number(layout):
    ids = []
    for records in records_of(layout):
        guid = next(record.ho_so_guid for record in records if isinstance(record, TinhHinhDangKy))
        for record in (inner for outer in records for inner in everything(outer)):
            cls, dossier, n = record.id.split(".")
            assert (cls, dossier) == (type(record).__name__, guid)
            assert int(n) > 0
            ids.append(record.id)
    assert len(ids) == len(set(ids))


def test_persons_cannot_be_real():
    persons = [r for records in records_of() for r in records if isinstance(r, CaNhan)]
    for person in persons:
        number = person.ma_so_dinh_danh or ""
        assert number.startswith("9")
        assert len(number) == 12
        assert int(number[4:6]) == person.nam_sinh % 100
        assert int(number[3]) == 2 * (person.nam_sinh // 100 - 19) + (1 - person.gioi_tinh)
        assert person.ho_ten.split()[-1] in {"Mẫu", "Thử", "Giả", "Nháp"}
        assert (person.so_dien_thoai, person.email, person.ma_so_thue) == (None, None, None)
    assert len({person.ma_so_dinh_danh for person in persons}) == len(persons)


def test_certificates_are_unique_and_fit_their_date():
    found = [r for records in records_of() for r in records if isinstance(r, GiayChungNhan)]
    assert len({c.so_phat_hanh for c in found}) == len({c.so_vao_so for c in found}) == len(found)
    assert {c.loai_giay_chung_nhan for c in found} == {1, 2, 6, 11, 98}
    for certificate in found:
        assert certificate.ngay_cap is not None
        assert certificate.ngay_cap < DATE
        latest = certificate.ngay_cap >= dt.date(2025, 1, 1)
        assert (certificate.loai_giay_chung_nhan == 98) == latest == (len(certificate.so_phat_hanh) == 10)


def test_most_holders_are_persons_and_couples():
    holders = Counter(
        record.chu.partition(".")[0]
        for records in records_of(parcels=1000)
        for record in records
        if isinstance(record, QuyenSuDungDat) and record.id.endswith(".1")
    )
    assert holders["CaNhan"] + holders["VoChong"] > 800
    assert set(holders) == {"CaNhan", "VoChong", "HoGiaDinh", "ToChuc", "CongDong", "NhomNguoiDongSuDung"}


def test_hosoxml_has_no_groups_of_users():
    assert not any(
        isinstance(r, NhomNguoiDongSuDung) for records in records_of("vbdlis-xml") for r in records
    )


def test_homes_are_urban_in_wards_and_rural_in_communes():
    def codes(commune: str) -> set[str]:
        where = places("22", [commune], DATE)
        order = package._order("national", 200, where=where, faults={}, seed=1, date=DATE)
        lands = (draft.records[0] for draft in drafts.drafts(order, order.shares[0]))
        return {
            use.ma_muc_dich_su_dung
            for land in lands
            if isinstance(land, ThuaDat)
            for use in land.muc_dich_su_dung
        }

    rows = units.communes(DATE).to_pylist()
    ward, rural = (
        next(r["code"] for r in rows if r["parent"] == "22" and r["kind"] == k) for k in ("phuong", "xa")
    )
    assert codes(ward) & {"ODT", "ONT"} == {"ODT"}
    assert codes(rural) & {"ODT", "ONT"} == {"ONT"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_text_is_nfc(tmp_path, layout):
    write(tmp_path / "goi", layout=layout, parcels=100)
    for data in tree(tmp_path / "goi").values():
        assert unicodedata.is_normalized("NFC", data.decode())
