from __future__ import annotations

import importlib.util
import unicodedata
from pathlib import Path

import pytest

import landxml_schemas

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
ROWS = landxml_schemas.rows("vbdlis_xml", "dictionary.csv")
COLUMNS = "path element kind length required repeated codelist targets empty personal vi en source"
KINDS = {"container", "guid", "int", "text", "decimal", "bool", "date", "datetime", "dossier"}
STUDY = pytest.mark.skipif(not SHARED.exists(), reason="the format study is not at hand")


def full(row: dict[str, str]) -> str:
    return f"{row['path']}/{row['element']}".lstrip("/")


ELEMENTS = {full(row): row for row in ROWS}
CONTAINERS = {name for name, row in ELEMENTS.items() if row["kind"] == "container"}


def of(name: str) -> dict[str, str]:
    """Find the one row whose path ends so."""
    (row,) = (row for path, row in ELEMENTS.items() if path.endswith(f"/{name}"))
    return row


def test_columns_kinds_and_marks():
    for row in ROWS:
        assert " ".join(row) == COLUMNS
        assert row["kind"] in KINDS, row
        assert {row[mark] for mark in ("required", "repeated", "empty", "personal")} <= {"", "x"}, row
        assert not row["length"] or (row["kind"] == "text" and int(row["length"]) > 0), row
        assert row["source"].startswith("[E] §1."), row
        assert row["vi"], row
        assert row["en"], row


def test_text_is_nfc():
    assert all(unicodedata.is_normalized("NFC", text) for row in ROWS for text in row.values())


def test_elements_are_unique_and_each_has_its_parent_before_it():
    assert len(ELEMENTS) == len(ROWS)
    seen = {""}
    for row in ROWS:
        assert row["path"] in seen, row
        if row["kind"] == "container":
            seen.add(full(row))


def test_no_container_is_childless():
    assert {row["path"] for row in ROWS} == {"", *CONTAINERS}


def test_only_required_elements_are_softened():
    assert all(row["required"] for row in ROWS if row["empty"])


def test_code_lists_exist():
    assert {row["codelist"] for row in ROWS} - {""} <= set(landxml_schemas.codelists())


def test_targets_are_classes():
    classes = {row["element"] for row in ROWS if row["kind"] == "container"}
    named = {target for row in ROWS for target in row["targets"].split("|")} - {""}
    assert named <= classes


def test_every_key_points_somewhere_or_is_its_class_own():
    for row in ROWS:
        if row["element"].endswith("Id") and row["kind"] == "int" and not row["targets"]:
            own = row["path"].rpartition("/")[2].removeprefix("DC_")
            name = row["element"].removesuffix("Id")
            # The codes of two regimes and of an ethnic group are called ids too.
            assert name.lower() == own.lower() or name in {"danToc", "loaiCheDoMienGiam", "loaiCheDoNo"}, row


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DC_CaNhan/gioiTinh", "int"),
        ("DC_CaNhan/namSinh", "int"),
        ("DC_CaNhan/quocTichId", "text"),
        ("DC_GiayToTuyThan/loaiGiayToTuyThan", "text"),
        ("DC_ToChuc/loaiToChuc", "text"),
        ("DC_ToChuc/ngayQuyetDinh", "text"),
        ("DC_GiaoDich/thoiDiemDangKyBienDong", "datetime"),
        ("HoSoTruocBienDong/HoSoXml", "dossier"),
        ("DC_ChiTietHoSoQuet/chiTietHoSoQuetId", "guid"),
        ("DC_SoDiaChinh/banQuet", "text"),
    ],
)
def test_kinds_of_note(name, kind):
    assert of(name)["kind"] == kind


@pytest.mark.parametrize(
    "name",
    [
        "DC_ThuaDat/dienTichPhapLy",
        "DC_NguonGocDat/nguonGocChuyenQuyen",
        "DC_MucDichSuDung/maMucDichSuDungPhu",
        "DC_ChiTietGiaoDichBaoDam/hangMucTaiSanId",
        "HoSoTruocBienDong/HoSoXml",
        "ThongTinMucDichSuDung/DC_MucDichSuDung",
    ],
)
def test_required_by_the_workbook_but_softened(name):
    assert of(name)["required"]
    assert of(name)["empty"]


def test_values_that_the_definition_lists_or_another_sheet_names():
    assert of("DC_GiaoDich/loaiGiaoDichBienDong")["codelist"] == "LoaiBienDong"
    assert of("DC_CaNhan/gioiTinh")["codelist"] == "GioiTinh"
    assert not of("DC_NhaRiengLe/loaiNhaRiengLe")["codelist"]


def test_party_keys_are_in_the_order_of_their_list():
    party = of("DC_QuyenSuDungDat/chuId")["targets"].split("|")
    assert party == ["DC_CaNhan", "DC_VoChong", "DC_HoGiaDinh", "DC_ToChuc", "DC_CongDong"]
    assert len(of("DC_DangKyChungRieng/taiSanId")["targets"].split("|")) == 9


def test_both_forms_of_household_members_are_there():
    household = "HoSoXml/ThongTinChu/ThongTinHoGiaDinh/DC_HoGiaDinh"
    assert ELEMENTS[f"{household}/ThanhVienHoGiaDinh/caNhanId"]["targets"] == "DC_CaNhan"
    wrapped = f"{household}/ThongTinThanhVienHoGiaDinh/ThanhVienHoGiaDinh"
    assert ELEMENTS[f"{wrapped}/caNhanId"]["targets"] == "DC_CaNhan"
    assert ELEMENTS[f"{wrapped}/voChongId"]["targets"] == "DC_VoChong"


def test_shared_shapes_stand_at_each_place():
    assert sum(row["element"] == "DiaChiChuan" for row in ROWS) == 12
    assert sum(row["element"] == "LienKetThuaDat" for row in ROWS) == 7


@pytest.mark.parametrize(
    "name",
    [
        "DC_CaNhan/hoTen",
        "DC_CaNhan/namSinh",
        "DC_CaNhan/maSoThue",
        "DC_CaNhan/diaChi",
        "DC_GiayToTuyThan/soGiayTo",
        "DC_DiaChi/soNha",
        "DC_GiayChungNhan/tenNguoiKy",
        "DC_ThuaDat/diaChi",
    ],
)
def test_personal_data_is_marked(name):
    assert of(name)["personal"]


@pytest.mark.parametrize("name", ["DC_ToChuc/maSoThue", "DC_DiaChi/maXa"])
def test_other_data_is_not(name):
    assert not of(name)["personal"]


@STUDY
def test_containers_are_those_of_the_tree():
    text = (SHARED / "format.md").read_text(encoding="utf-8")
    lines = text[text.index("### 1.3") :].split("```")[1].strip().splitlines()
    stack: list[str] = []
    studied: dict[str, str] = {}
    for line in lines:
        stack = [*stack[: (len(line) - len(line.lstrip())) // 2], line.strip().rstrip("?*+")]
        studied["/".join(stack)] = line.strip()[len(stack[-1]) :]
    # The tree omits address links, and the wrapped form of members is from the sample.
    extra = {name for name in CONTAINERS if "DiaChiChuan" in name or "ThongTinThanhVien" in name}
    assert CONTAINERS - extra == studied.keys() - {
        "HoSoXml/ThongTinGiaoDich/DC_GiaoDich/HoSoTruocBienDong/HoSoXml"
    }
    for name in CONTAINERS - extra:
        row = ELEMENTS[name]
        assert bool(row["required"]) == (studied[name] in {"", "+"}), name
        assert bool(row["repeated"]) == (studied[name] in {"*", "+"}), name


@STUDY
def test_dictionary_is_fresh():
    spec = importlib.util.spec_from_file_location("build_hosoxml", ROOT / "tasks" / "build_hosoxml.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.TARGET.read_text(encoding="utf-8") == script.build(SHARED)
