"""GDAL, and so QGIS, opens a national package with its layers, fields and CRS."""

from __future__ import annotations

import zipfile

import pyogrio
import pytest
import shapely

from landxml import LandXmlError, write
from landxml.gfs import write_gfs


@pytest.fixture
def package(tmp_path, make, metadata):
    write(tmp_path / "06652.gml", [make("ThuaDat"), make("VoChong")], metadata.with_(he_toa_do=None))
    return tmp_path / "06652.gml"


def test_without_it_gdal_sees_no_layer_and_with_it_all(package, make):
    assert len(pyogrio.list_layers(package)) == 0  # and leaves an empty .gfs, which is replaced
    assert write_gfs(package) == package.with_suffix(".gfs")
    layers = dict(pyogrio.list_layers(package).tolist())
    assert layers["ThuaDat"] == "MultiPolygon"
    assert layers["VoChong"] is None
    meta, table = pyogrio.read_arrow(package, layer="ThuaDat")
    assert meta["crs"] == "EPSG:5899"
    (row,) = table.to_pylist()
    parcel = make("ThuaDat")
    assert row["gml_id"] == parcel.id
    assert row["soThuTuThua"] == parcel.so_thu_tu_thua
    assert row["dienTich"] == float(parcel.dien_tich)
    assert row["laDoiTuongChiemDat"] is True
    assert row["MucDichSuDung_maMucDichSuDung"] == [p.ma_muc_dich_su_dung for p in parcel.muc_dich_su_dung]
    assert row["taiLieuDoDac"] == f"#{parcel.tai_lieu_do_dac}"
    assert shapely.from_wkb(row[meta["geometry_name"] or "wkb_geometry"]).equals(parcel.ranh_gioi)


def test_a_file_that_is_no_such_thing_stays(package):
    package.with_suffix(".gfs").write_text("mine", "utf-8")
    with pytest.raises(LandXmlError, match="exists already"):
        write_gfs(package)
    assert package.with_suffix(".gfs").read_text("utf-8") == "mine"


def test_only_national_files_have_one(package, tmp_path):
    with zipfile.ZipFile(tmp_path / "goi.zip", "w") as archive:
        archive.write(package, package.name)
    with pytest.raises(LandXmlError, match="not a national file"):
        write_gfs(tmp_path / "goi.zip")
    (tmp_path / "hs.xml").write_text("<HoSoXml><DC_TinhHinhDangKy/></HoSoXml>", "utf-8")
    with pytest.raises(LandXmlError, match="not a national file"):
        write_gfs(tmp_path / "hs.xml")
    with pytest.raises(LandXmlError):
        write_gfs(tmp_path / "none.gml")
