from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest
from msgspec.structs import replace

from landxml import cast
from landxml.dictionary import dictionary, national
from landxml.dossiers.classes import LAYOUT
from landxml.layouts import builtin
from landxml_mappings import to_national
from landxml_mappings.spec import mapping

SPEC = mapping(LAYOUT)
GUID = "7d1e1c9e-2f54-4c0f-9d54-0a5b1f6f2a31"
SCAN = "11111111-2222-4333-8444-55555555abcd"

PLAIN = f"""
<HoSoXml>
  <hoSoGuid>{GUID}</hoSoGuid>
  <DC_TinhHinhDangKy>
    <tinhHinhDangKyId>1</tinhHinhDangKyId><maXa>00004</maXa><maDon>Đơn 1</maDon>
    <ngayTiepNhan>01/02/2019</ngayTiepNhan><thoiDiemDangKy>28/02/2019</thoiDiemDangKy><soThuTu>7</soThuTu>
    <daiDienKhaiTrinhId>1</daiDienKhaiTrinhId>
    <coQuyenSuDung>1</coQuyenSuDung><coQuyenSoHuu>0</coQuyenSoHuu><coQuyenQuanLy>0</coQuyenQuanLy>
  </DC_TinhHinhDangKy>
  <ThongTinGiayChungNhan><DC_GiayChungNhan>
    <giayChungNhanId>1</giayChungNhanId><loaiGiayChungNhan>11</loaiGiayChungNhan>
    <soVaoSo>CH 1</soVaoSo><soPhatHanh>AA 000001</soPhatHanh><ngayCap>03/04/2019</ngayCap>
    <tenNguoiKy>Lê Thị Mẫu</tenNguoiKy><daCongNhanPhapLy>1</daCongNhanPhapLy>
  </DC_GiayChungNhan></ThongTinGiayChungNhan>
  <ThongTinQuyenSuDungDat><DC_QuyenSuDungDat>
    <quyenSuDungDatId>1</quyenSuDungDatId><loaiDoiTuong>2</loaiDoiTuong><chuId>1</chuId>
    <thuaDatId>1</thuaDatId><mucDichSuDungId>1</mucDichSuDungId><giayChungNhanId>1</giayChungNhanId>
  </DC_QuyenSuDungDat></ThongTinQuyenSuDungDat>
  <ThongTinTaiSan><ThongTinThuaDat><DC_ThuaDat>
    <thuaDatId>1</thuaDatId><maXa>00004</maXa><soHieuToBanDo>12</soHieuToBanDo><soThuTuThua>34</soThuTuThua>
    <dienTich>120.5</dienTich><laDoiTuongChiemDat>0</laDoiTuongChiemDat><diaChi>Thôn Mẫu</diaChi>
    <inSoLieuCu>0</inSoLieuCu>
    <ThongTinMucDichSuDung><DC_MucDichSuDung>
      <mucDichSuDungId>1</mucDichSuDungId><soThuTuMucDichSuDung>1</soThuTuMucDichSuDung>
      <maMucDichSuDung>ONT</maMucDichSuDung><dienTich>120.5</dienTich>
      <ThongTinNguonGocDat><DC_NguonGocDat>
        <nguonGocDatId>1</nguonGocDatId><nguonGoc>CNQ-CTT</nguonGoc>
      </DC_NguonGocDat></ThongTinNguonGocDat>
    </DC_MucDichSuDung></ThongTinMucDichSuDung>
    <ThongTinDiaChiChuan><DiaChiChuan><diaChiId>1</diaChiId></DiaChiChuan></ThongTinDiaChiChuan>
  </DC_ThuaDat></ThongTinThuaDat></ThongTinTaiSan>
  <ThongTinChu>
    <ThongTinCaNhan>
      <DC_CaNhan>
        <caNhanId>1</caNhanId><loaiDoiTuongSuDungDat>GDC</loaiDoiTuongSuDungDat><hoTen>Trần Văn Mẫu</hoTen>
        <namSinh>1961</namSinh><gioiTinh>1</gioiTinh><quocTichId>VNM</quocTichId><danTocId>1</danTocId>
        <diaChi>Thôn Mẫu</diaChi>
      </DC_CaNhan>
      <DC_CaNhan>
        <caNhanId>2</caNhanId><loaiDoiTuongSuDungDat>GDC</loaiDoiTuongSuDungDat><hoTen>Trần Thị Mẫu</hoTen>
        <namSinh>1990</namSinh><gioiTinh>0</gioiTinh><quocTichId>VNM</quocTichId><danTocId>1</danTocId>
        <diaChi>Thôn Mẫu</diaChi>
      </DC_CaNhan>
    </ThongTinCaNhan>
    <ThongTinHoGiaDinh><DC_HoGiaDinh>
      <hoGiaDinhId>1</hoGiaDinhId><chuHoId>1</chuHoId><diaChi>Thôn Mẫu</diaChi>
      <ThanhVienHoGiaDinh><caNhanId>2</caNhanId></ThanhVienHoGiaDinh>
      <ThanhVienHoGiaDinh><caNhanId>1</caNhanId></ThanhVienHoGiaDinh>
    </DC_HoGiaDinh></ThongTinHoGiaDinh>
  </ThongTinChu>
  <ThongTinDiaChi><DC_DiaChi><diaChiId>1</diaChiId><maXa>00004</maXa></DC_DiaChi></ThongTinDiaChi>
  <ThongTinHoSoQuet><DC_HoSoQuet>
    <hoSoQuetId>1</hoSoQuetId>
    <ThongTinChiTietHoSoQuet><DC_ChiTietHoSoQuet>
      <chiTietHoSoQuetId>{SCAN}</chiTietHoSoQuetId><tenFile>gcn.pdf</tenFile><laGiayChungNhan>1</laGiayChungNhan>
    </DC_ChiTietHoSoQuet></ThongTinChiTietHoSoQuet>
  </DC_HoSoQuet></ThongTinHoSoQuet>
</HoSoXml>
""".strip().encode()

# The same dossier as other exporters write it: format study §1.2, §1.5, §1.6.
VARIANT = f"""
<HoSoXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <ThongTinChu Trang="39">
    <ThongTinHoGiaDinh><DC_HoGiaDinh>
      <hoGiaDinhId>1</hoGiaDinhId>
      <ThongTinThanhVienHoGiaDinh GhiChu="BoSung">
        <ThanhVienHoGiaDinh><caNhanId>2</caNhanId><voChongId xsi:nil="true"/></ThanhVienHoGiaDinh>
        <ThanhVienHoGiaDinh><caNhanId>1</caNhanId><voChongId/></ThanhVienHoGiaDinh>
      </ThongTinThanhVienHoGiaDinh>
      <chuHoId>1</chuHoId><voChongChuHoId/><diaChi>Thôn Mẫu</diaChi>
    </DC_HoGiaDinh></ThongTinHoGiaDinh>
    <ThongTinVoChong/>
    <ThongTinCaNhan>
      <DC_CaNhan>
        <hoTen>Trần Văn Mẫu</hoTen><caNhanId> 1 </caNhanId>
        <loaiDoiTuongSuDungDat DM="DM_LoaiDoiTuongSuDungDat">GDC</loaiDoiTuongSuDungDat>
        <ngaySinh xsi:nil="true"/><namMat></namMat><maSoThue/>
        <namSinh>1961</namSinh><gioiTinh>1</gioiTinh><quocTichId>VNM</quocTichId><danTocId>1</danTocId>
        <diaChi>Thôn Mẫu</diaChi><ThongTinGiayToTuyThan/>
      </DC_CaNhan>
      <DC_CaNhan>
        <caNhanId>2</caNhanId><loaiDoiTuongSuDungDat>GDC</loaiDoiTuongSuDungDat><hoTen>Trần Thị Mẫu</hoTen>
        <namSinh>1990</namSinh><gioiTinh>0</gioiTinh><quocTichId>VNM</quocTichId><danTocId>1</danTocId>
        <diaChi>Thôn Mẫu</diaChi><ThongTinDiaChiChuan xsi:nil="true"/>
      </DC_CaNhan>
    </ThongTinCaNhan>
  </ThongTinChu>
  <hoSoGuid>{{{GUID.upper()}}}</hoSoGuid>
  <DC_TinhHinhDangKy Trang="57">
    <maXa>00004</maXa><tinhHinhDangKyId>1</tinhHinhDangKyId><maDon>Đơn 1</maDon>
    <thoiDiemDangKyLanDau xsi:nil="true"/>
    <ngayTiepNhan>2019-02-01T00:00:00</ngayTiepNhan><thoiDiemDangKy>2019-02-28</thoiDiemDangKy>
    <soThuTu>7</soThuTu><daiDienKhaiTrinhId>1</daiDienKhaiTrinhId>
    <coQuyenSuDung>true</coQuyenSuDung><coQuyenSoHuu>false</coQuyenSoHuu><coQuyenQuanLy>false</coQuyenQuanLy>
  </DC_TinhHinhDangKy>
  <ThongTinGiayChungNhan><DC_GiayChungNhan>
    <giayChungNhanId>1</giayChungNhanId><loaiGiayChungNhan DM="DM_LoaiGiayChungNhan">11</loaiGiayChungNhan>
    <soVaoSo>CH 1</soVaoSo><soPhatHanh>AA 000001</soPhatHanh>
    <tenNguoiKy>Lê Thị Mẫu</tenNguoiKy><daCongNhanPhapLy>true</daCongNhanPhapLy>
    <ghiChuTrang2/><ngayCap>3/4/2019</ngayCap><banQuet></banQuet>
  </DC_GiayChungNhan></ThongTinGiayChungNhan>
  <ThongTinDangKySoHuuChungRieng/>
  <ThongTinQuyenSuDungDat><DC_QuyenSuDungDat>
    <quyenSuDungDatId>1</quyenSuDungDatId><thuaDatId>1</thuaDatId><mucDichSuDungId>1</mucDichSuDungId>
    <giayChungNhanId>1</giayChungNhanId><chuId>1</chuId><loaiDoiTuong>2</loaiDoiTuong><hanCheQuyenId/>
  </DC_QuyenSuDungDat></ThongTinQuyenSuDungDat>
  <ThongTinTaiSan><ThongTinNhaRiengLe/><ThongTinThuaDat><DC_ThuaDat>
    <ThongTinDiaChiChuan><DiaChiChuan><diaChiId>1</diaChiId></DiaChiChuan><DiaChiChuan/></ThongTinDiaChiChuan>
    <thuaDatId>1</thuaDatId><maXa>00004</maXa><soHieuToBanDo> 12</soHieuToBanDo><soThuTuThua>34</soThuTuThua>
    <dienTich>120,5</dienTich><dienTichPhapLy xsi:nil="true"/><laDoiTuongChiemDat>false</laDoiTuongChiemDat>
    <diaChi>Thôn Mẫu</diaChi><inSoLieuCu>false</inSoLieuCu>
    <ThongTinMucDichSuDung><DC_MucDichSuDung>
      <mucDichSuDungId>1</mucDichSuDungId><soThuTuMucDichSuDung>1</soThuTuMucDichSuDung>
      <maMucDichSuDung>ONT</maMucDichSuDung><maMucDichSuDungPhu/><dienTich>120,50</dienTich>
      <ThongTinNguonGocDat><DC_NguonGocDat>
        <nguonGocDatId>1</nguonGocDatId><nguonGoc>CNQ-CTT</nguonGoc><nguonGocChuyenQuyen/>
      </DC_NguonGocDat></ThongTinNguonGocDat>
    </DC_MucDichSuDung></ThongTinMucDichSuDung>
  </DC_ThuaDat></ThongTinThuaDat></ThongTinTaiSan>
  <ThongTinDiaChi><DC_DiaChi><maXa>00004</maXa><soNha/><diaChiId>1</diaChiId></DC_DiaChi></ThongTinDiaChi>
  <ThongTinHoSoQuet><DC_HoSoQuet>
    <hoSoQuetId>1</hoSoQuetId><kho/>
    <ThongTinChiTietHoSoQuet><DC_ChiTietHoSoQuet>
      <chiTietHoSoQuetId>{SCAN.upper()}</chiTietHoSoQuetId><tenFile>gcn.pdf</tenFile>
      <laGiayChungNhan>true</laGiayChungNhan>
    </DC_ChiTietHoSoQuet></ThongTinChiTietHoSoQuet>
  </DC_HoSoQuet></ThongTinHoSoQuet>
</HoSoXml>
""".strip().encode()


def content(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every national table without the place in the file."""
    found = {}
    for name, cls in national().classes.items():
        owner = "_parent," if cls.owner else ""
        columns = ", ".join(f'"{field.element}"' for field in cls.columns)
        found[name] = con.execute(f'SELECT _id, {owner} {columns} FROM "{name}"').fetchall()
    return found


def test_other_spellings_load_to_the_same_values(load):
    plain = content(load(PLAIN))
    assert content(load(VARIANT)) == plain
    assert {name for name, found in plain.items() if found} == {
        "CaNhan", "ChiTietHoSoQuet", "DiaChi", "GiayChungNhan", "HoGiaDinh", "HoSoQuet", "MucDichSuDung",
        "NguonGocDat", "QuyenSuDungDat", "ThuaDat", "TinhHinhDangKy",
    }  # fmt: skip


def test_keys_become_references(load):
    con = load(PLAIN)
    right = con.execute("SELECT chu, thuaDat, mucDichSuDung, giayChungNhan FROM QuyenSuDungDat").fetchone()
    assert right == tuple(
        f"{cls}.{GUID}.1" for cls in ("HoGiaDinh", "ThuaDat", "MucDichSuDung", "GiayChungNhan")
    )
    household = con.execute("SELECT chuHo, voChongChuHo, diaChiChuan, thanhVien FROM HoGiaDinh").fetchone()
    assert household == (f"CaNhan.{GUID}.1", None, [], [f"CaNhan.{GUID}.2", f"CaNhan.{GUID}.1"])
    assert con.execute("SELECT taiLieuDoDac, diaChiChuan FROM ThuaDat").fetchone() == (
        None,
        [f"DiaChi.{GUID}.1"],
    )
    assert con.execute("SELECT hoSoGuid, _dossier FROM TinhHinhDangKy").fetchone() == (GUID, GUID)


def test_records_keep_their_place_in_the_file(load):
    con = load(PLAIN, VARIANT)
    line = next(n for n, text in enumerate(PLAIN.decode().splitlines(), 1) if "<DC_ThuaDat>" in text)
    assert con.execute("SELECT _file, _part, _at FROM ThuaDat").fetchone() == ("0.xml", "", line)
    # Two files with the same dossier: lists are made within each file, not across.
    assert con.execute("SELECT _file, len(thanhVien) FROM HoGiaDinh ORDER BY _file").fetchall() == [
        ("0.xml", 2),
        ("1.xml", 2),
    ]


def test_an_unknown_kind_of_party_stays_visible(load):
    con = load(PLAIN.replace(b"<loaiDoiTuong>2<", b"<loaiDoiTuong>9<"))
    assert con.execute("SELECT chu FROM QuyenSuDungDat").fetchone() == (f"loaiDoiTuong=9.{GUID}.1",)


HOUSE = """
<ThongTinNhaRiengLe><DC_NhaRiengLe>
  <nhaRiengLeId>1</nhaRiengLeId><maXa>00004</maXa><dienTichXayDung>80</dienTichXayDung>
  <dienTichSan>80,5</dienTichSan>
  <ThongTinLienKetThuaDat><LienKetThuaDat><thuaDatId>1</thuaDatId></LienKetThuaDat></ThongTinLienKetThuaDat>
</DC_NhaRiengLe></ThongTinNhaRiengLe>
"""
CHANGE = """
<giaoDichId>1</giaoDichId><loaiGiaoDichBienDong>CN</loaiGiaoDichBienDong>
<thoiDiemDangKyBienDong>02/03/2021 07:30:00</thoiDiemDangKyBienDong><maBienDong>1</maBienDong>
<maHoSoThuTucDangKy>1</maHoSoThuTucDangKy>
"""
PLEDGE = """
<ThongTinGiaoDichBaoDam><DC_GiaoDichBaoDam>
  <giaoDichBaoDamId>1</giaoDichBaoDamId><giaoDichId>1</giaoDichId><loaiGiaoDichBaoDam>0</loaiGiaoDichBaoDam>
  <thoiDiemDangKy>02/03/2021</thoiDiemDangKy><ngayBatDau>02/03/2021</ngayBatDau><hieuLuc>1</hieuLuc>
  <ChuThamGia>
    <BenTheChap>
      <Chu><loaiDoiTuong>0</loaiDoiTuong><chuId>1</chuId></Chu>
      <Chu><loaiDoiTuong>2</loaiDoiTuong><chuId>1</chuId></Chu>
    </BenTheChap>
    <BenNhanTheChap><Chu><loaiDoiTuong>3</loaiDoiTuong><chuId>7</chuId></Chu></BenNhanTheChap>
  </ChuThamGia>
  <ThongTinChiTietGiaoDichBaoDam><DC_ChiTietGiaoDichBaoDam>
    <chiTietGiaoDichBaoDamId>1</chiTietGiaoDichBaoDamId><giayChungNhanId>1</giayChungNhanId>
    <loaiTaiSan>9</loaiTaiSan><taiSanId>3</taiSanId><hangMucTaiSanId>4</hangMucTaiSanId>
  </DC_ChiTietGiaoDichBaoDam></ThongTinChiTietGiaoDichBaoDam>
</DC_GiaoDichBaoDam></ThongTinGiaoDichBaoDam>
"""


def changed(before: bytes = b"") -> bytes:
    """The plain dossier with a change, whose dossier before it is given."""
    earlier = f"<HoSoTruocBienDong>{before.decode()}</HoSoTruocBienDong>" if before else ""
    change = f"<ThongTinGiaoDich><DC_GiaoDich>{CHANGE}{earlier}</DC_GiaoDich></ThongTinGiaoDich>"
    return PLAIN.replace(b"<ThongTinTaiSan>", f"{change}{PLEDGE}<ThongTinTaiSan>{HOUSE}".encode())


def test_nothing_of_a_dossier_is_lost(texts):
    assert SPEC.homeless() == ()
    assert SPEC.lost == {}
    assert to_national.unmapped(texts(changed(PLAIN)), LAYOUT) == {}


def test_what_would_be_lost_is_counted(texts, monkeypatch):
    poorer = {name: spec for name, spec in SPEC.classes.items() if name != "NhaRiengLe"}
    lost = {"DC_GiaoDichBaoDam.hieuLuc": "nowhere to go"}
    monkeypatch.setattr(to_national, "mapping", lambda _: replace(SPEC, classes=poorer, lost=lost))
    assert to_national.unmapped(texts(changed()), LAYOUT) == {
        "DC_NhaRiengLe": 1,
        "DC_GiaoDichBaoDam.hieuLuc": 1,
    }


def test_an_asset_stands_on_its_parcels(load):
    assert load(changed()).execute("SELECT dienTichSan, thuaDat FROM NhaRiengLe").fetchone() == (
        Decimal("80.5"),
        [f"ThuaDat.{GUID}.1"],
    )


def test_the_sides_of_a_secured_transaction_are_told_apart(load):
    con = load(changed())
    sides = "benTheChap, benNhanTheChap, benBaoLanh, hieuLuc"
    assert con.execute(f"SELECT {sides} FROM GiaoDichBaoDam").fetchone() == (
        [f"CaNhan.{GUID}.1", f"HoGiaDinh.{GUID}.1"],
        [f"ToChuc.{GUID}.7"],
        [],
        True,
    )
    assert con.execute("SELECT taiSan, hangMucTaiSan FROM ChiTietGiaoDichBaoDam").fetchone() == (
        f"NhaChungCu.{GUID}.3",
        f"HangMucSoHuuChung.{GUID}.4",
    )


def test_the_dossier_before_a_change_is_records_no_longer_in_force(load):
    con = load(changed(changed(PLAIN) + PLAIN))
    found = con.execute("SELECT _id, hoSoTruocBienDong, hieuLuc FROM GiaoDich ORDER BY len(_id)").fetchall()
    assert found == [
        (
            f"GiaoDich.{GUID}.1",
            [f"TinhHinhDangKy.{GUID}-truoc-1.1", f"TinhHinhDangKy.{GUID}-truoc-2.1"],
            None,
        ),
        (f"GiaoDich.{GUID}-truoc-1.1", [f"TinhHinhDangKy.{GUID}-truoc-1-truoc-1.1"], False),
    ]
    # The change stands before its own dossier is at its end: the order is that of the file.
    right = f"SELECT thuaDat, hieuLuc FROM QuyenSuDungDat WHERE _dossier = '{GUID}-truoc-1-truoc-1'"
    assert con.execute(right).fetchall() == [(f"ThuaDat.{GUID}-truoc-1-truoc-1.1", False)]
    assert con.execute("SELECT DISTINCT hoSoGuid, count(*) FROM TinhHinhDangKy GROUP BY ALL").fetchall() == [
        (GUID, 4)
    ]
    for name in national().classes:
        assert con.execute(f'SELECT count(*) - count(DISTINCT _id) FROM "{name}"').fetchone() == (0,)


def test_couples_may_be_members_of_a_household(load):
    member = b"<ThongTinThanhVienHoGiaDinh><ThanhVienHoGiaDinh><voChongId>5</voChongId></ThanhVienHoGiaDinh>"
    con = load(PLAIN.replace(b"</DC_HoGiaDinh>", member + b"</ThongTinThanhVienHoGiaDinh></DC_HoGiaDinh>"))
    assert con.execute("SELECT len(thanhVien), voChongThanhVien FROM HoGiaDinh").fetchone() == (
        2,
        [f"VoChong.{GUID}.5"],
    )


def test_every_national_table_has_the_columns_of_the_model(load):
    con, bare = load(PLAIN), duckdb.connect()
    for name, cls in national().classes.items():
        bare.execute(cast.empty(cls))
        columns = f'SELECT column_name, column_type FROM (DESCRIBE "{name}")'
        assert con.execute(columns).fetchall() == bare.execute(columns).fetchall()


def test_classes_without_a_source_are_not_made(texts):
    con, raw = duckdb.connect(), texts(PLAIN)
    cast.create(con, dictionary(LAYOUT), raw)
    made = to_national.apply(con, LAYOUT, raw)
    assert made["ThuaDat"] == 1
    assert "NhaRiengLe" not in made
    with pytest.raises(duckdb.CatalogException):
        con.execute("FROM NhaRiengLe")


def test_every_national_class_and_field_is_mapped_or_declared_absent():
    assert national().classes.keys() == SPEC.classes.keys() | SPEC.absent.keys()
    assert not SPEC.classes.keys() & SPEC.absent.keys()
    for name, spec in SPEC.classes.items():
        there = {field.element for field in dictionary(LAYOUT).classes[spec.source].columns}
        named = {*spec.references, *spec.dossier, *spec.absent}
        assert not named & {*SPEC.everywhere.absent, *SPEC.everywhere.earlier}
        for field in national().classes[name].fields:
            if field.kind == "object":
                assert field.targets[0] in SPEC.classes
            elif field.element not in SPEC.renamed(name):
                assert field.element in there, f"{name}.{field.element}"
        assert named <= {field.element for field in national().classes[name].fields}, name


def test_every_element_of_the_vendor_dictionary_is_carried_or_declared_lost():
    carried = SPEC.carried()
    for cls in dictionary(LAYOUT).classes.values():
        elements = {field.element for field in cls.columns}
        lost = {key.partition(".")[2] for key in SPEC.lost if key.startswith(f"{cls.name}.")}
        assert carried[cls.name] | lost == elements, cls.name
        assert not carried[cls.name] & lost, cls.name


def test_every_text_of_a_dossier_fits_its_national_field():
    for name, spec in SPEC.classes.items():
        there = {field.element: field for field in dictionary(LAYOUT).classes[spec.source].columns}
        for field in national().classes[name].columns:
            source = there.get(field.element)
            if field.length and source and source.kind == "text" and not (field.codelist or field.pattern):
                assert source.length, f"{name}.{field.element}"
                assert source.length <= field.length, f"{name}.{field.element}"


def test_references_lead_where_both_dictionaries_say():
    for name, spec in SPEC.classes.items():
        fields = {field.element: field for field in national().classes[name].fields}
        for element, reference in spec.references.items():
            to = {reference.to} if isinstance(reference.to, str) else set(reference.to.values())
            source = dictionary(LAYOUT).classes[reference.rows or spec.source]
            (key,) = (field for field in source.fields if field.element == reference.key)
            assert to <= set(fields[element].targets)
            if reference.within:
                assert {f.kind for f in dictionary(LAYOUT).classes[spec.source].fields} >= {"dossier"}
                continue
            assert {SPEC.classes[target].source for target in to} == set(key.targets)
            assert fields[element].repeated == bool(reference.rows)


def test_tables_of_both_layouts_can_stand_side_by_side():
    trees = [layout for layout in builtin().values() if not layout.flat]  # rows are replaced sheet by sheet
    names = [name.lower() for layout in trees for name in dictionary(layout).classes]
    assert len(names) == len({*names, "dong"}) - 1
