from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest

import landxml_schemas
from landxml import model
from landxml.dictionary import Element, Field, Kind, dictionary, national, tree
from landxml.dossiers.classes import LAYOUT
from landxml.layouts import builtin

LAYOUTS = list(builtin().values())
FIELDS = [
    pytest.param(layout, field, id=f"{cls.name}.{field.element}")
    for layout in LAYOUTS
    for cls in dictionary(layout).classes.values()
    for field in cls.fields
]
ROWS = landxml_schemas.rows("vbdlis_xml", "dictionary.csv")


@pytest.mark.parametrize(("layout", "field"), FIELDS)
def test_fields_are_whole(layout, field):
    assert field.kind in get_args(Kind)
    assert field.codelist is None or field.codelist in landxml_schemas.codelists()
    assert field.codelist is None or field.kind in {"text", "int"}
    assert field.length is None or (field.kind == "text" and field.length > 0)
    assert set(field.targets) <= {*dictionary(layout).classes, layout.root}
    assert field.kind == "geometry" or not {"object", "reference"} & {field.kind} or field.targets
    for text in (field.vi, field.en, field.source):
        assert unicodedata.is_normalized("NFC", text)


CODED = {
    (layout.id, cls.name, field.element): field
    for layout in LAYOUTS
    for cls, field in dictionary(layout).fields()
    if field.codelist
}


@pytest.mark.parametrize("field", CODED.values(), ids=map("-".join, CODED))
def test_codes_fit_their_fields(field):
    codes = [row["code"] for row in landxml_schemas.codelist(field.codelist)]
    assert codes
    if field.kind == "int":
        assert [code for code in codes if not code.isascii() or not code.isdecimal()] == []
    elif field.length is not None:
        assert [code for code in codes if len(code) > field.length] == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=builtin())
def test_classes_are_whole(layout):
    known = dictionary(layout)
    for name, cls in known.classes.items():
        assert name == cls.name
        assert cls.fields
        assert len({(f.element, f.kind == "object" and f.targets) for f in cls.fields}) == len(cls.fields)
        assert len({field.element for field in cls.columns}) == len(cls.columns)
        assert cls.owner is None or name in {
            f.targets[0] for f in known.classes[cls.owner].fields if f.kind == "object"
        }
        keys = {field.element: field for field in cls.fields}
        assert not any(keys[element].personal for element in cls.key)
    assert all(field.kind not in {"object", "dossier", "geometry"} for _, field in known.fields())


# National: msgspec's own introspection is the witness.


def witnessed(kind: Any) -> tuple[str, bool]:
    """Kind of a type as msgspec understands it, and whether it is a list."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return witnessed(kind.type)
    if isinstance(kind, msgspec.inspect.UnionType):
        (inner,) = (part for part in kind.types if not isinstance(part, msgspec.inspect.NoneType))
        return witnessed(inner)
    if isinstance(kind, msgspec.inspect.VarTupleType):
        return witnessed(kind.item_type)[0], True
    return type(kind).__name__.removesuffix("Type"), False


TYPES: dict[str, set[str]] = {
    "Str": {"text", "guid", "reference"}, "Int": {"int", "year"}, "Decimal": {"decimal"}, "Bool": {"bool"},
    "Date": {"date"}, "DateTime": {"datetime"}, "Struct": {"object"}, "Custom": {"geometry"},
}  # fmt: skip


@pytest.mark.parametrize("struct", model.STRUCTS.values(), ids=model.STRUCTS)
def test_the_national_dictionary_is_the_model(struct):
    info: Any = msgspec.inspect.type_info(struct)
    fields = [field for field in info.fields if field.name != "id"]
    cls = national().classes[struct.__name__]
    assert [field.element for field in cls.fields] == [field.encode_name for field in fields]
    for field, witness in zip(cls.fields, fields, strict=True):
        kind, repeated = witnessed(witness.type)
        assert field.kind in TYPES[kind], field.element
        assert field.repeated == repeated, field.element
        assert field.required == (witness.required or is_fixed(struct, witness)), field.element
    assert cls.key == struct.KEY
    first = (inspect.getdoc(struct) or "").partition("\n")[0]
    assert first == f"{cls.vi}: {cls.en}."


def is_fixed(struct: type[model.Record], witness: Any) -> bool:
    """Whether a field has a default that is itself a value of the file (profile and its version)."""
    (info,) = (info for info in msgspec.structs.fields(struct) if info.name == witness.name)
    return isinstance(info.default, str)


def test_every_struct_is_in_the_dictionary_once_and_nested_ones_have_their_owner():
    known = national().classes
    assert set(known) == set(model.STRUCTS)
    assert [cls.name for cls in national().features()] == [struct.__name__ for struct in model.FEATURES]
    owners = {name: cls.owner for name, cls in known.items() if cls.owner}
    assert owners == {
        "MucDichSuDung": "ThuaDat",
        "NguonGocDat": "MucDichSuDung",
        "GiayToTuyThan": "CaNhan",
        "GiayToToChuc": "ToChuc",
        "ChiTietHoSoQuet": "HoSoQuet",
        "SoBanGhi": "SieuDuLieu",
        "HangMucSoHuuChung": "NhaChungCu",
        "HangMucCongTrinh": "CongTrinhXayDung",
        "ChiTietGiaoDichBaoDam": "GiaoDichBaoDam",
    }


def test_national_fields_say_what_they_are_in_both_languages():
    for cls in national().classes.values():
        for field in cls.fields:
            if field.kind != "object":
                assert field.vi, (cls.name, field.element)
                assert field.en, (cls.name, field.element)
                assert field.source, (cls.name, field.element)


def test_patterns_are_anchored():
    patterns = [field.pattern for _, field in national().fields() if field.pattern]
    assert patterns
    assert all(pattern[0] == "^" and pattern[-1] == "$" for pattern in patterns)


@pytest.mark.parametrize(
    ("cls", "element"),
    [
        ("CaNhan", "hoTen"),
        ("CaNhan", "ngaySinh"),
        ("CaNhan", "maSoDinhDanh"),
        ("CaNhan", "soDienThoai"),
        ("CaNhan", "email"),
        ("CaNhan", "diaChi"),
        ("HoGiaDinh", "diaChi"),
        ("GiayToTuyThan", "soGiayTo"),
        ("DiaChi", "soNha"),
        ("GiayChungNhan", "ghiChuTrang1"),
    ],
)
def test_personal_data_is_marked(cls, element):
    (field,) = (field for field in national().classes[cls].fields if field.element == element)
    assert field.personal


# Vendor: the CSV is the witness.


def nodes(node: Element, path: str = "") -> Iterator[tuple[str, Field]]:
    yield path, node.field
    for child in node.children:
        yield from nodes(child, f"{path}/{node.field.element}".lstrip("/"))


def test_the_tree_is_the_csv():
    found = list(nodes(tree(LAYOUT)))
    assert [(path, field.element) for path, field in found] == sorted(
        ((row["path"], row["element"]) for row in ROWS),
        key=[(path, field.element) for path, field in found].index,
    )
    rows = {(row["path"], row["element"]): row for row in ROWS}
    for path, field in found:
        row = rows[path, field.element]
        assert field.kind == ("object" if row["kind"] == "container" else row["kind"])
        marks = (field.required, field.repeated, field.empty, field.personal)
        assert marks == tuple(row[name] == "x" for name in ("required", "repeated", "empty", "personal"))
        assert str(field.length or "") == row["length"]
        assert (field.codelist or "") == row["codelist"]
        assert "|".join(field.targets) == row["targets"]
        assert (field.vi, field.en, field.source) == (row["vi"], row["en"], row["source"])


def test_every_leaf_of_the_csv_is_a_field_of_the_class_around_it():
    classes = dictionary(LAYOUT).classes
    for row in ROWS:
        if row["kind"] in {"container", "dossier"}:
            continue
        steps = row["path"].split("/")
        name = next(step for step in reversed(steps) if step in classes)
        within = "/".join(step for step in steps[len(steps) - steps[::-1].index(name) :] if step != "Chu")
        (field,) = (field for field in classes[name].fields if field.element == row["element"])
        assert field.within == within or name == "DiaChiChuan", row


def test_wrappers_are_no_classes():
    names = set(dictionary(LAYOUT).classes)
    assert {name for name in names if name.startswith("ThongTin")} == set()
    assert {"HoSoXml", "DC_ThuaDat", "DiaChiChuan", "LienKetThuaDat", "ThanhVienHoGiaDinh"} <= names


def test_a_dictionary_is_made_once_per_layout():
    assert [dictionary(layout).layout for layout in LAYOUTS] == LAYOUTS
    assert dictionary(builtin()["national"]) is national()
