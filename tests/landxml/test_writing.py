from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import landxml
from landxml import LandXmlError, testing, write, writing
from landxml.dictionary import national
from landxml.encoding import encode
from landxml.model import STRUCTS, DiaChi
from landxml.writing import FOOTER, write_members
from landxml.xsd_check import schema_of

ADDRESS = DiaChi(id="DiaChi.1", ma_xa="06652")


def addresses(count: int) -> Iterator[DiaChi]:
    return (ADDRESS.with_(id=f"DiaChi.{n}") for n in range(count))


@given(package=testing.packages())
def test_metadata_counts_and_seals_the_members(package, folder):
    metadata, records = package
    made = write(folder / "goi.xml", records, metadata, force=True)
    counts = {item.lop: item.so_luong for item in made.so_ban_ghi}
    names = [type(record).__name__ for record in records]
    assert counts == {name: names.count(name) for name in set(names)}
    data = (folder / "goi.xml").read_bytes()
    members = data.partition(b"</ld:sieuDuLieu>\n")[2].removesuffix(FOOTER)
    assert made.ma_bam_noi_dung == hashlib.sha256(members).hexdigest()
    assert members == b"".join(map(encode, records))


def test_members_are_written_as_they_are(tmp_path, make, metadata):
    records = [make("ThuaDat"), make("CaNhan")]
    as_objects = write(tmp_path / "a.xml", records, metadata)
    as_bytes = write_members(tmp_path / "b.xml", map(encode, records), metadata)
    assert as_objects == as_bytes
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()


def test_an_empty_package_is_valid(tmp_path, metadata):
    made = write(tmp_path / "goi.xml", [], metadata)
    assert made.so_ban_ghi == ()
    schema_of(national().layout).assertValid(etree.parse(tmp_path / "goi.xml"))


def test_counts_given_before_are_replaced(tmp_path, make):
    made = write(tmp_path / "goi.xml", [ADDRESS], make("SieuDuLieu"))
    assert [(item.lop, item.so_luong) for item in made.so_ban_ghi] == [("DiaChi", 1)]


@given(text=testing.texts())
def test_every_text_that_xml_can_hold_survives(text, folder, metadata):
    record = msgspec.structs.replace(ADDRESS, dia_chi_chi_tiet=text, so_nha=text)
    write(folder / "goi.xml", [record], metadata, force=True)
    assert [item.object for item in landxml.read(folder / "goi.xml")][1] == record


FORBIDDEN = [*map(chr, range(9)), "\x0b", "\x0c", "\x0e", "\x1f", "\ud800", "\udfff", "\ufffe", "\uffff"]


@pytest.mark.parametrize("character", FORBIDDEN, ids=ascii)
@pytest.mark.parametrize(("field", "place"), [("so_nha", rf"{ADDRESS.id}: soNha"), ("id", "DiaChi.id")])
def test_a_character_that_xml_cannot_hold_is_refused(field, place, character, tmp_path, metadata):
    record = msgspec.structs.replace(ADDRESS, **{field: f"Mẫu{character}b"})
    with pytest.raises(LandXmlError, match=f"^{place}: a character that XML cannot hold$") as caught:
        write(tmp_path / "goi.xml", [ADDRESS, record], metadata)
    assert caught.value.__cause__ is None
    assert list(tmp_path.iterdir()) == []


def test_a_nested_record_is_named_by_its_own_id(make):
    person = make("CaNhan")
    paper = msgspec.structs.replace(person.giay_to_tuy_than[0], so_giay_to="0\0")
    with pytest.raises(LandXmlError, match=f"^{paper.id}: soGiayTo: a character"):
        encode(msgspec.structs.replace(person, giay_to_tuy_than=(paper,)))


def interrupted(error: BaseException) -> Iterator[DiaChi]:
    yield ADDRESS
    raise error


@pytest.mark.parametrize("error", [RuntimeError("hỏng"), KeyboardInterrupt(), MemoryError(), SystemExit(1)])
@pytest.mark.parametrize("old", [None, b"old"])
def test_what_stops_half_way_leaves_nothing_behind(error, old, tmp_path, metadata):
    path = tmp_path / "goi.xml"
    if old:
        path.write_bytes(old)
    with pytest.raises(type(error)):
        write(path, interrupted(error), metadata, force=True)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == ({"goi.xml": old} if old else {})


def full_disk(after: int) -> Callable[..., Any]:
    """A file opener whose files take some bytes, and no more."""
    real = tempfile.TemporaryFile

    def opener(*args, **options):
        file = real(*args, **options)
        write, left = file.write, [after]

        def limited(data):
            left[0] -= len(data)
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(data)

        file.write = limited
        return file

    return opener


@pytest.mark.parametrize("after", [0, 5_000])
def test_a_full_disk_leaves_nothing_behind_while_members_are_collected(
    after, tmp_path, metadata, monkeypatch
):
    monkeypatch.setattr(tempfile, "TemporaryFile", full_disk(after))
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "goi.xml", addresses(100), metadata)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["copyfileobj", "fsync"])
def test_a_full_disk_leaves_nothing_behind_while_the_file_is_made(step, tmp_path, metadata, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    module = shutil if step == "copyfileobj" else os
    monkeypatch.setattr(module, step, full)
    (tmp_path / "goi.xml").write_bytes(b"old")
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "goi.xml", [ADDRESS], metadata, force=True)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]


def test_a_file_that_exists_stays(tmp_path, metadata):
    (tmp_path / "goi.xml").write_bytes(b"old")
    with pytest.raises(landxml.LandXmlError, match="exists already"):
        write(tmp_path / "goi.xml", [], metadata)
    assert (tmp_path / "goi.xml").read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_an_error(tmp_path, metadata):
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "không có" / "goi.xml", [], metadata)


def test_the_file_appears_only_when_it_is_whole(tmp_path, metadata):
    path = tmp_path / "goi.xml"

    def watching() -> Iterator[DiaChi]:
        yield ADDRESS
        assert not path.exists()
        yield ADDRESS.with_(id="DiaChi.2")

    write(path, watching(), metadata)
    assert [file.name for file in tmp_path.iterdir()] == ["goi.xml"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_are_those_of_any_new_file(tmp_path, metadata):
    plain = tmp_path / "plain"
    plain.touch()
    write(tmp_path / "goi.xml", [], metadata)
    assert stat.S_IMODE((tmp_path / "goi.xml").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_memory_does_not_grow_with_the_package(tmp_path, metadata):
    import tracemalloc

    def peak(count: int) -> int:
        tracemalloc.start()
        write(tmp_path / "goi.xml", addresses(count), metadata, force=True)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(20_000) < peak(2_000) + 1_000_000  # a copy of 3 MB of members would show


@given(data=st.data())
@pytest.mark.parametrize("name", sorted(STRUCTS))
def test_every_record_can_be_encoded_and_is_valid_alone(name, data):
    record = data.draw(testing.records(STRUCTS[name]))
    inside = etree.fromstring(writing.HEADER.encode() + encode(record) + FOOTER)[0][0]
    schema_of(national().layout).assertValid(inside)


# What is written is valid, or nothing is written.


class Case(NamedTuple):
    """A class, what is wrong in a record of it, and how that is refused."""

    cls: str
    changes: dict[str, Any]
    field: str
    says: str


CASES = [
    Case("ThuaDat", {"ma_xa": "6652"}, "maXa", "not valid; expected [0-9]{5}"),
    Case("ThuaDat", {"ma_xa": 6652}, "maXa", "expected str, not int"),
    Case("ThuaDat", {"dien_tich": Decimal("NaN")}, "dienTich", "not valid; expected"),
    Case("ThuaDat", {"dien_tich": Decimal(-3)}, "dienTich", "not valid; expected ≥ 0"),
    Case("ThuaDat", {"dien_tich": 600.5}, "dienTich", "expected Decimal, not float"),
    Case("ThuaDat", {"so_thu_tu_thua": "3"}, "soThuTuThua", "expected int, not str"),
    Case("ThuaDat", {"so_thu_tu_thua": True}, "soThuTuThua", "expected int, not bool"),
    Case("ThuaDat", {"la_doi_tuong_chiem_dat": "no"}, "laDoiTuongChiemDat", "expected bool, not str"),
    Case("ThuaDat", {"dia_chi": None}, "diaChi", "has no value"),
    Case("ThuaDat", {"dia_chi": ""}, "diaChi", "not valid; expected not empty"),
    Case("ThuaDat", {"muc_dich_su_dung": ()}, "mucDichSuDung", "has no value"),
    Case("ThuaDat", {"muc_dich_su_dung": []}, "mucDichSuDung", "expected tuple, not list"),
    Case("ThuaDat", {"muc_dich_su_dung": ("ODT",)}, "mucDichSuDung", "expected MucDichSuDung, not str"),
    Case("ThuaDat", {"ranh_gioi": shapely.box(0, 0, 1, 1)}, "ranhGioi", "has no EPSG code"),
    Case(
        "ThuaDat", {"ranh_gioi": shapely.Point(0, 0)}, "ranhGioi", "expected Polygon, MultiPolygon, not Point"
    ),
    Case("ThuaDat", {"ranh_gioi": shapely.Polygon()}, "ranhGioi", "the shape is empty"),
    Case("ThuaDat", {"id": "1 2"}, "ThuaDat@gml:id", "not valid; expected id"),
    Case("CaNhan", {"ngay_sinh": dt.datetime.now(dt.UTC)}, "ngaySinh", "expected date, not datetime"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.changes}"[:40])
def test_a_value_that_would_not_be_valid_is_refused(case, make, metadata, tmp_path):
    record = make(case.cls).with_(**case.changes)
    with pytest.raises(LandXmlError) as caught:
        write(tmp_path / "goi.xml", [ADDRESS, record], metadata)
    assert (caught.value.record, caught.value.field) == (record.id, case.field)
    assert caught.value.what.en.startswith(case.says)
    assert caught.value.what.vi
    assert list(tmp_path.iterdir()) == []


def test_a_value_in_a_nested_record_is_refused_with_its_place(make, metadata, tmp_path):
    parcel = make("ThuaDat")
    purpose = parcel.muc_dich_su_dung[1].with_(dien_tich=Decimal("1.00001"))
    record = parcel.with_(muc_dich_su_dung=(parcel.muc_dich_su_dung[0], purpose))
    with pytest.raises(
        LandXmlError, match=r"^ThuaDat.1: mucDichSuDung\[2\]/MucDichSuDung/dienTich: not valid"
    ):
        write(tmp_path / "goi.xml", [record], metadata)


def test_the_refusal_does_not_quote_the_value(make, metadata, tmp_path):
    secret = "Nguyễn Văn Mẫu" * 20
    with pytest.raises(LandXmlError, match=r"^CaNhan.1: hoTen: not valid; expected at most ") as caught:
        write(tmp_path / "goi.xml", [make("CaNhan").with_(ho_ten=secret)], metadata)
    assert "Nguyễn" not in caught.value.text("vi") + caught.value.text("en")


@pytest.mark.parametrize("records", [["ThuaDat", "ThuaDat"], ["SieuDuLieu"], ["MucDichSuDung"]])
def test_what_a_package_cannot_hold_is_refused(records, make, metadata, tmp_path):
    says = "id is used twice" if records[0] == "ThuaDat" else f"has no place for {records[0]}"
    with pytest.raises(LandXmlError, match=says):
        write(tmp_path / "goi.xml", map(make, records), metadata)
    assert list(tmp_path.iterdir()) == []


def test_metadata_is_checked_as_well(metadata, tmp_path):
    with pytest.raises(LandXmlError, match=rf"^{metadata.id}: maXa: not valid; expected \[0-9\]\{{5\}}$"):
        write(tmp_path / "goi.xml", [], metadata.with_(ma_xa=("6652",)))
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_is_no_text_is_refused(metadata, tmp_path):
    with pytest.raises(LandXmlError, match=r"^DiaChi.id: expected str, not int$"):
        write(tmp_path / "goi.xml", [ADDRESS.with_(id=12)], metadata)
