from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import shapely
from hypothesis import given
from lxml import etree

import landxml
from landxml import LandXmlError, testing
from landxml.dictionary import dictionary, national
from landxml.dossiers.classes import LAYOUT, struct
from landxml.encoding import encode
from landxml.model import STRUCTS, HoGiaDinh, SieuDuLieu
from landxml.writing import write
from landxml.xsd_check import schema_of

NAMESPACE = national().namespace


def objects(path: Path) -> list[Any]:
    return [item.object for item in landxml.read(path)]


@given(package=testing.packages())
def test_what_is_written_is_read(package, folder):
    metadata, records = package
    path = folder / "goi.xml"
    made = write(path, records, metadata, force=True)
    read = objects(path)
    assert read == [made, *records]
    for before, after in zip(records, read[1:], strict=True):
        if (shape := getattr(before, "ranh_gioi", None)) is not None:
            assert after.ranh_gioi.equals_exact(shape)
            assert shapely.get_srid(after.ranh_gioi) == testing.SRID


@given(package=testing.packages())
def test_what_is_written_is_valid_for_every_validator(package, folder, full_gml, oracle):
    metadata, records = package
    path = folder / "goi.xml"
    write(path, records, metadata, force=True)
    document = etree.parse(path)
    schema_of(national().layout).assertValid(document)
    full_gml.assertValid(document)
    oracle.validate(path)


def test_a_record_with_every_field_survives(folder, make, metadata):
    records = [make(cls.name) for cls in national().features() if cls.name != "SieuDuLieu"]
    made = write(folder / "goi.xml", records, metadata, force=True)
    assert objects(folder / "goi.xml") == [made, *records]


def test_sources_are_the_lines_of_start_tags(folder, make, metadata):
    path = folder / "goi.xml"
    write(path, [make("ThuaDat"), make("HoGiaDinh")], metadata, force=True)
    lines = path.read_text("utf-8").splitlines()
    for item, source in landxml.read(path):
        record: Any = item
        assert source.file == str(path)
        assert lines[source.line - 1] == f'<ld:{type(record).__name__} gml:id="{record.id}">'


def test_members_of_a_household_survive_their_name(folder, metadata):
    # ld:thanhVien is the member of a package and the member of a household
    household = HoGiaDinh(id="H", chu_ho="A", dia_chi="x", dia_chi_chuan=("D",), thanh_vien=("A", "B", "C"))
    households = [household, household.with_(id="H2")]
    write(folder / "goi.xml", households, metadata, force=True)
    assert objects(folder / "goi.xml")[1:] == households


@pytest.mark.parametrize(
    ("element", "text", "expected"),
    [
        ("soHieuToBanDo", "012", 12),
        ("soHieuToBanDo", "\n  +12\t", 12),
        ("soHieuToBanDo", "0000000000000000000012", 12),
        ("dienTich", " +.5 ", Decimal("0.5")),
        ("dienTich", "120.", Decimal(120)),
        ("dienTich", "120.50000", Decimal("120.5")),
        ("laDoiTuongChiemDat", "1", True),
        ("laDoiTuongChiemDat", " 0\n", False),
        ("diaChi", "Tổ 1<!-- cũ --> khu <?máy?>2", "Tổ 1 khu 2"),
        ("diaChi", "<![CDATA[A & ]]>B&#x110;", "A & BĐ"),
        ("diaChi", " null ", " null "),
    ],
)
def test_every_valid_form_of_a_value_is_read(element, text, expected, parcel, file_of):
    start = parcel.index(f"<ld:{element}>")
    end = parcel.index(f"</ld:{element}>", start)
    path = file_of(f"{parcel[:start]}<ld:{element}>{text}{parcel[end:]}")
    schema_of(national().layout).assertValid(etree.parse(path))
    attribute = "".join(f"_{c.lower()}" if c.isupper() else c for c in element)
    assert getattr(objects(path)[1], attribute) == expected


@pytest.fixture(scope="module")
def parcel(make):
    return encode(make("ThuaDat")).decode()


@pytest.fixture
def file_of(folder, document):
    """Members as text → path of a file that holds them."""

    def made(*members):
        (folder / "goi.xml").write_bytes(document(*(member.encode() for member in members)))
        return folder / "goi.xml"

    return made


@pytest.mark.parametrize(
    ("swap", "field", "says"),
    [
        (("<ld:soThuTuThua>7<", "<ld:soThuTuThua>7.5<"), "soThuTuThua", "not a int"),
        (("<ld:soThuTuThua>7<", "<ld:soThuTuThua>1_000<"), "soThuTuThua", "not a int"),
        (("<ld:soThuTuThua>7<", "<ld:soThuTuThua>null<"), "soThuTuThua", "not a int"),
        (("<ld:soThuTuThua>7<", "<ld:soThuTuThua>-7<"), "soThuTuThua", ">= 0"),
        (("<ld:dienTich>120.5<", "<ld:dienTich>NaN<"), "dienTich", "not a decimal"),
        (("<ld:dienTich>120.5<", "<ld:dienTich><"), "dienTich", "not a decimal"),
        (("<ld:dienTich>120.5<", "<ld:dienTich>120.50001<"), "dienTich", "not a decimal"),
        (("<ld:dienTich>120.5<", "<ld:dienTich>100000000000000<"), "dienTich", "not a decimal"),
        (("<ld:dienTich>120.5<", "<ld:dienTich>-1<"), "dienTich", "not a decimal"),
        (("<ld:dienTich>120.5<", "<ld:dienTich>1e2<"), "dienTich", "not a decimal"),
        (("<ld:dienTich>120.5<", "<ld:dienTich>INF<"), "dienTich", "not a decimal"),
        (("<ld:soThuTuThua>7<", f"<ld:soThuTuThua>{2**63}<"), "soThuTuThua", "not a int"),
        (("<ld:soThuTuThua>7</ld:soThuTuThua>", ""), "soThuTuThua", "missing required field"),
        (
            ("<ld:soThuTuThua>7</ld:soThuTuThua>", "<ld:soThuTuThua>7</ld:soThuTuThua>" * 2),
            "soThuTuThua",
            "twice",
        ),
        (("<ld:maXa>06652<", "<ld:maXa><"), "maXa", "length >= 1"),
        (("<ld:maMucDichSuDung>CAN<", "<ld:maMucDichSuDung>CANX<"), "maMucDichSuDung", "length <= 3"),
        (("<ld:maMucDichSuDung>CAN</ld:maMucDichSuDung>", ""), "maMucDichSuDung", "missing required field"),
        (
            ("<ld:laDoiTuongChiemDat>true<", "<ld:laDoiTuongChiemDat>TRUE<"),
            "laDoiTuongChiemDat",
            "not a bool",
        ),
        (("<ld:maXa>06652<", "<ld:maXa>6652<"), "maXa", "regex"),
        (("2024-08-01", "2024-02-30"), "ngayHetHanSuDung", "not a date"),
        (("2024-08-01", "2024-08-01rác"), "ngayHetHanSuDung", "not a date"),
        (("2024-08-01", "2024-08-01T07:30:00"), "ngayHetHanSuDung", "not a date"),
        (("2024-08-01", "01/08/2024"), "ngayHetHanSuDung", "not a date"),
        (('"#TaiLieuDoDac.1"', '"TaiLieuDoDac.1"'), "taiLieuDoDac", "not a reference"),
        (('"#TaiLieuDoDac.1"', '"goi.xml#T"'), "taiLieuDoDac", "not a reference"),
        (("<ld:maThuaDat>", "<ld:tenXa/><ld:maThuaDat>"), "tenXa", "unknown element"),
        (("<ld:diaChi>", '<diaChi xmlns="x"/><ld:diaChi>'), "{x}diaChi", "unknown element"),
        (("<ld:NguonGocDat ", "<ld:NguonGocDat <"), None, "bare <"),
        (("<gml:posList>", "<gml:posList>x "), "ranhGioi", "not a geometry"),
        (("<gml:posList>512355.5 1192800.0 ", "<gml:posList>512355.5 "), "ranhGioi", "not a geometry"),
        (("<gml:posList>512355.5 1192800.0 ", "<gml:posList>"), "ranhGioi", "not a geometry"),
        (("<gml:posList>", "<gml:posList/><gml:posList>"), "ranhGioi", "not a geometry"),
        (("<gml:LinearRing>", "<gml:LinearRing/><gml:LinearRing>"), "ranhGioi", "not a geometry"),
        (("<gml:posList>", "<gml:posList>1e999 1 "), "ranhGioi", "not a geometry"),
    ],
)
def test_what_cannot_be_read_is_one_error_with_its_place(swap, field, says, parcel, file_of):
    assert swap[0] in parcel
    path = file_of(parcel.replace(*swap, 1))
    with pytest.raises(LandXmlError, match=says) as caught:
        objects(path)
    assert caught.value.file == str(path)
    assert caught.value.field == field
    lines = path.read_text("utf-8").splitlines()
    assert caught.value.line
    if field and "missing" not in says:
        assert field.rpartition("}")[2] in lines[caught.value.line - 1]
    assert caught.value.what.vi or field is None


@pytest.mark.parametrize(
    ("start", "end"), [("<gml:Polygon", "</gml:Polygon>"), ("<ld:MucDichSuDung ", "</ld:MucDichSuDung>")]
)
def test_an_empty_wrapper_is_an_error_too(start, end, parcel, file_of):
    inside = parcel[parcel.index(start) : parcel.index(end) + len(end)]
    with pytest.raises(LandXmlError, match="not a"):
        objects(file_of(parcel.replace(inside, "", 1)))


def test_an_unknown_class_is_an_error(folder, document):
    (folder / "goi.xml").write_bytes(document(b"<ld:thanhVien><ld:Thua/></ld:thanhVien>"))
    with pytest.raises(LandXmlError, match="unknown class"):
        objects(folder / "goi.xml")


def test_what_stands_before_a_break_is_still_read(folder, document, make):
    data = document(make("ThuaDat"), make("DiaChi"))
    (folder / "goi.xml").write_bytes(data[: data.index(b"</ld:DiaChi>")])
    read = landxml.read(folder / "goi.xml")
    assert [type(next(read).object).__name__ for _ in range(2)] == ["SieuDuLieu", "ThuaDat"]
    with pytest.raises(LandXmlError, match="cut off"):
        next(read)


def test_bad_records_are_told_and_skipped(folder, document, make):
    bad = encode(make("ThuaDat")).replace(b"<ld:soThuTuThua>7<", b"<ld:soThuTuThua>7.5<")
    (folder / "goi.xml").write_bytes(document(make("DiaChi"), bad, make("CaNhan")))
    errors: list[LandXmlError] = []
    read = [item.object for item in landxml.read(folder / "goi.xml", on_error=errors.append)]
    assert read[1:] == [make("DiaChi"), make("CaNhan")]
    (error,) = errors
    assert (error.file, error.field) == (str(folder / "goi.xml"), "soThuTuThua")
    assert error.line is not None
    assert "soThuTuThua" in (folder / "goi.xml").read_text("utf-8").splitlines()[error.line - 1]


def test_behind_damage_reading_goes_on_with_the_next_document(tmp_path, document, make):
    data = document(make("ThuaDat"), make("DiaChi"))
    (tmp_path / "1.xml").write_bytes(data[: data.index(b"</ld:DiaChi>")])
    (tmp_path / "2.xml").write_text("<HoSo/>", "utf-8")
    (tmp_path / "3.xml").write_text(HOSOXML.removesuffix("</HoSoXml>"), "utf-8")
    (tmp_path / "4.xml").write_text(HOSOXML.replace("120,5", "nhiều"), "utf-8")
    (tmp_path / "5.zip").write_bytes(b"PK\3\4 damaged")
    errors: list[LandXmlError] = []
    read = [type(item.object).__name__ for item in landxml.read(tmp_path, on_error=errors.append)]
    assert read == ["SieuDuLieu", "ThuaDat", *["DC_TinhHinhDangKy", "DC_ThuaDat"], "DC_TinhHinhDangKy"]
    assert sorted(Path(error.file or "").name for error in errors) == [f"{n}.xml" for n in range(1, 5)] + [
        "5.zip"
    ]


@pytest.mark.parametrize("epsg", [3405, 3406, 5896, 5897, 5898, 5899, 6956, 6959, 9205, 9210, 9218])
def test_axes_of_vietnamese_systems_are_never_swapped(epsg, folder, metadata, make):
    parcel = make("ThuaDat")
    parcel = msgspec.structs.replace(parcel, ranh_gioi=shapely.set_srid(parcel.ranh_gioi, epsg))
    write(folder / "goi.xml", [parcel], metadata, force=True)
    after = objects(folder / "goi.xml")[1].ranh_gioi
    assert after.equals_exact(parcel.ranh_gioi)
    assert shapely.get_srid(after) == epsg


def test_a_default_namespace_reads_the_same(folder, document, make):
    data = document(make("HoGiaDinh"), make("ThuaDat")).replace(b"<ld:", b"<").replace(b"</ld:", b"</")
    (folder / "goi.xml").write_bytes(data.replace(b"xmlns:ld=", b"xmlns="))
    assert objects(folder / "goi.xml")[1:] == [make("HoGiaDinh"), make("ThuaDat")]


HOSOXML = """<HoSoXml><hoSoGuid>{0F8FAD5B-D9CB-469F-A165-70867728950E}</hoSoGuid>
<DC_TinhHinhDangKy><tinhHinhDangKyId> 1 </tinhHinhDangKyId><maXa>06652</maXa>
<thoiDiemDangKy>1/8/2024</thoiDiemDangKy><coQuyenSuDung>true</coQuyenSuDung><ngayTiepNhan/></DC_TinhHinhDangKy>
<ThongTinTaiSan><ThongTinThuaDat><DC_ThuaDat><thuaDatId>1</thuaDatId><dienTich>120,5</dienTich>
<ThongTinMucDichSuDung><DC_MucDichSuDung><maMucDichSuDung>ODT</maMucDichSuDung></DC_MucDichSuDung>
<DC_MucDichSuDung/></ThongTinMucDichSuDung></DC_ThuaDat></ThongTinThuaDat></ThongTinTaiSan></HoSoXml>"""


def test_a_dossier_is_read_as_tolerantly_as_it_is_written(folder):
    (folder / "hs.xml").write_text(HOSOXML, "utf-8")
    registration, parcel = objects(folder / "hs.xml")
    assert registration.tinh_hinh_dang_ky_id == 1
    assert registration.thoi_diem_dang_ky == dt.date(2024, 8, 1)
    assert registration.co_quyen_su_dung is True
    assert registration.ngay_tiep_nhan is None
    assert parcel.dien_tich == Decimal("120.5")
    assert [purpose.ma_muc_dich_su_dung for purpose in parcel.muc_dich_su_dung] == ["ODT", None]


def test_a_bad_value_of_a_dossier_is_an_error_with_its_line(folder):
    (folder / "hs.xml").write_text(HOSOXML.replace("120,5", "nhiều"), "utf-8")
    with pytest.raises(LandXmlError, match=r":4: dien_tich: not a decimal"):
        objects(folder / "hs.xml")


@pytest.mark.parametrize("text", ["01/08/2024", " 1/8/2024\n", "2024-08-01", "2024-08-01T00:00:00+07:00"])
def test_dates_of_a_dossier_are_read_in_every_form_that_its_schema_takes(text, folder):
    (folder / "hs.xml").write_text(HOSOXML.replace("1/8/2024", text), "utf-8")
    assert objects(folder / "hs.xml")[0].thoi_diem_dang_ky == dt.date(2024, 8, 1)


@pytest.mark.parametrize(
    "text", ["2024-01-01rác", "01/02/2024 rác", "01/02/20245", "01/02/2024 07:30", "31/02/2024"]
)
def test_a_date_of_a_dossier_is_its_whole_text(text, folder):
    (folder / "hs.xml").write_text(HOSOXML.replace("1/8/2024", text), "utf-8")
    with pytest.raises(LandXmlError, match=r":3: thoi_diem_dang_ky: not a date"):
        objects(folder / "hs.xml")


def test_the_dossier_before_a_change_belongs_to_the_change(folder):
    change = f"<ThongTinGiaoDich><DC_GiaoDich><HoSoTruocBienDong>{HOSOXML}</HoSoTruocBienDong></DC_GiaoDich>"
    whole = HOSOXML.replace("</HoSoXml>", f"{change}</ThongTinGiaoDich></HoSoXml>")
    (folder / "hs.xml").write_text(whole, "utf-8")
    registration, parcel, transaction = objects(folder / "hs.xml")
    (earlier,) = transaction.ho_so_xml
    assert earlier.tinh_hinh_dang_ky == (registration,)
    assert earlier.thua_dat == (parcel,)
    assert earlier.ho_so_guid == "0f8fad5b-d9cb-469f-a165-70867728950e"


def test_parties_and_members_are_told_apart_by_where_they_stand(folder):
    sides = "".join(f"<{side}><Chu><chuId>{n}</chuId></Chu></{side}>" for n, side in enumerate(SIDES))
    members = "<ThanhVienHoGiaDinh><caNhanId>1</caNhanId></ThanhVienHoGiaDinh>"
    (folder / "hs.xml").write_text(
        f"<HoSoXml><ThongTinGiaoDichBaoDam><DC_GiaoDichBaoDam><ChuThamGia>{sides}</ChuThamGia></DC_GiaoDichBaoDam>"
        "</ThongTinGiaoDichBaoDam><ThongTinChu><ThongTinHoGiaDinh><DC_HoGiaDinh>"
        f"{members}<ThongTinThanhVienHoGiaDinh>{members.replace('1', '2')}</ThongTinThanhVienHoGiaDinh>"
        "</DC_HoGiaDinh></ThongTinHoGiaDinh></ThongTinChu></HoSoXml>",
        "utf-8",
    )
    pledge, household = objects(folder / "hs.xml")
    found = (pledge.ben_the_chap, pledge.ben_nhan_the_chap, pledge.ben_bao_lanh)
    assert [[party.chu_id for party in side] for side in found] == [[0], [1], [2]]
    assert [member.ca_nhan_id for member in household.thanh_vien_ho_gia_dinh] == [1, 2]


SIDES = ("BenTheChap", "BenNhanTheChap", "BenBaoLanh")


def test_every_class_of_a_vendor_has_a_struct():
    for name in dictionary(LAYOUT).classes:
        made = struct(LAYOUT, name)()
        assert all(getattr(made, field) in {None, ()} for field in made.__struct_fields__)


def test_an_unknown_root_is_an_error(folder):
    (folder / "la.xml").write_text("<HoSo/>", "utf-8")
    with pytest.raises(LandXmlError, match="no known layout"):
        objects(folder / "la.xml")


def test_every_national_class_is_public():
    assert set(STRUCTS) <= set(landxml.model.__all__)
    assert SieuDuLieu.KEY == ("maGoi",)
