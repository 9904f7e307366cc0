from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from lxml import etree

import landxml
from landxml import cast, testing
from landxml.carriers import Opened, carrier
from landxml.dictionary import Class, Dictionary, dictionary, national
from landxml.dossiers.classes import LAYOUT
from landxml.extract import Extractor
from landxml.layouts import builtin
from landxml.model import Record
from landxml.place import SYSTEM
from landxml.values import KINDS
from landxml.writing import write

Rows = dict[str, list[dict[str, Any]]]


def typed(raw: dict[str, pa.Table], dictionary: Dictionary) -> Rows:
    """Rows of every class, typed by DuckDB."""
    with duckdb.connect() as con:
        cast.clear(con, dictionary)
        cast.create(con, dictionary, raw)
        names = list(dictionary.classes)
        return {name: arrow(con, f'FROM "{name}"').to_pylist() for name in names}


def arrow(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return con.sql(query).to_arrow_table()


def flat(record: Record, parent: str | None, rows: Rows) -> None:
    """The same rows from objects: nested records in their own tables, geometry in none."""
    name = type(record).__name__
    row: dict[str, Any] = {"_id": record.id, "_parent": parent}
    infos = (info for info in msgspec.structs.fields(type(record)) if info.name != "id")
    for field, info in zip(national().classes[name].fields, infos, strict=True):
        value = getattr(record, info.name)
        if field.kind == "object":
            for nested in value:
                flat(nested, record.id, rows)
        elif field.kind != "geometry":
            row[field.element] = value
    rows[name].append(row)


def plain(value: Any) -> Any:
    """A value as DuckDB holds it: lists for tuples, local time without a zone."""
    if isinstance(value, tuple):
        return list(value)
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


@given(package=testing.packages())
def test_the_bulk_path_holds_what_the_objects_hold(package, folder):
    metadata, records = package
    path = folder / "goi.xml"
    made = write(path, records, metadata, force=True)
    faults: list[Any] = []
    with path.open("rb") as stream:
        (batch,) = carrier(national().layout).load(Opened("goi.xml", stream), faults.append)
    assert faults == []
    expected: Rows = defaultdict(list)
    for record in (made, *records):
        flat(record, None, expected)
    found = typed(batch.tables, national())
    assert list(found) == list(national().classes)
    for name, rows in found.items():
        assert [without(row, "_file", "_part", "_at", "_dossier") for row in rows] == [
            {key: plain(value) for key, value in row.items()} for row in expected[name]
        ]
    lines = {item.object.id: item.source.line for item in landxml.read(path)}  # type: ignore[attr-defined]
    features = [row for cls in national().features() for row in found[cls.name]]
    assert {row["_id"]: row["_at"] for row in features} == lines
    assert {(row["_file"], row["_dossier"]) for row in features} == {("goi.xml", None)}


def without(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def no_texts(cls: Class) -> pa.Table:
    columns = {name: pa.array([], pa.int64() if name == "_at" else pa.string()) for name in SYSTEM}
    lists = {True: pa.list_(pa.string()), False: pa.string()}
    return pa.table(columns | {field.element: pa.array([], lists[field.repeated]) for field in cls.columns})


@pytest.mark.parametrize("layout", builtin().values(), ids=builtin())
def test_every_class_has_its_typed_table_even_without_rows(layout):
    known = dictionary(layout)
    with duckdb.connect() as con:
        cast.clear(con, known)
        empty = types(con, known.classes)
        cast.create(con, known, {cls.name: no_texts(cls) for cls in known.classes.values()})
        assert types(con, known.classes) == empty
    for cls in known.classes.values():
        kinds = dict(empty[cls.name])
        assert list(kinds) == [*SYSTEM, *(field.element for field in cls.columns)]
        assert all(
            kinds[field.element] == KINDS[field.kind].sql + "[]" * field.repeated for field in cls.columns
        )


def types(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    rows = {name: con.execute(f'DESCRIBE "{name}"').fetchall() for name in names}
    return {name: [(row[0], row[1]) for row in found] for name, found in rows.items()}


def value_of(kind: str, text: str | None) -> Any:
    """The typed value of a raw text of one kind, through the first column of that kind."""
    for cls, field in [*dictionary(LAYOUT).fields(), *national().fields()]:
        if field.kind == kind and not field.repeated:
            columns = {name: pa.array([None], pa.string()) for name in SYSTEM}
            columns |= {
                f.element: pa.array([None], pa.list_(pa.string()) if f.repeated else pa.string())
                for f in cls.columns
            }
            columns[field.element] = pa.array([text], pa.string())
            with duckdb.connect() as con:
                con.register("raw_texts", pa.table(columns))
                query = f'SELECT "{field.element}" FROM ({cast.select(cls, "raw_texts")})'
                return con.execute(query).fetchall()[0][0]
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "12", 12),
        ("int", " \t\n+12\r\n", 12),
        ("int", "-012", -12),
        ("int", "9" * 18, 10**18 - 1),
        ("int", "9" * 19, None),
        ("int", "12.7", None),
        ("int", "1e3", None),
        ("int", "0x10", None),
        ("int", "1_000", None),
        ("int", "1 000", None),
        ("int", "١", None),
        ("int", "", None),
        ("int", None, None),
        ("year", "1975", 1975),
        ("year", "19.75", None),
        ("decimal", "120.5", Decimal("120.5")),
        ("decimal", " 120,5\n", Decimal("120.5")),
        ("decimal", "5.", Decimal(5)),
        ("decimal", ".5", Decimal("0.5")),
        ("decimal", "1.2E-05", Decimal(0)),
        ("decimal", "0.1", Decimal("0.1")),
        ("decimal", "99999999999999.9999", Decimal("99999999999999.9999")),
        ("decimal", "100000000000000", None),
        ("decimal", "1.200,5", None),
        ("decimal", "1_000", None),
        ("decimal", "nan", None),
        ("decimal", "", None),
        ("bool", "1", True),
        ("bool", "\ntrue ", True),
        ("bool", "0", False),
        ("bool", "false", False),
        ("bool", "TRUE", None),
        ("bool", "2", None),
        ("bool", "", None),
        ("date", "01/08/2024", dt.date(2024, 8, 1)),
        ("date", " 1/8/2024\n", dt.date(2024, 8, 1)),
        ("date", "2024-08-01", dt.date(2024, 8, 1)),
        ("date", "2024-08-01T00:00:00", dt.date(2024, 8, 1)),
        ("date", "29/02/2024", dt.date(2024, 2, 29)),
        ("date", "29/02/2023", None),
        ("date", "31/04/2024", None),
        ("date", "08/13/2024", None),
        ("date", "", None),
        ("datetime", "01/08/2024 07:30:15", "2024-08-01T07:30:15"),
        ("datetime", "1/8/2024 7:30", "2024-08-01T07:30:00"),
        ("datetime", "01/08/2024", "2024-08-01T00:00:00"),
        ("datetime", "2024-08-01T07:30:15.5", "2024-08-01T07:30:15.500000"),
        ("datetime", "2024-08-01T07:30:15Z", "2024-08-01T07:30:15"),
        ("datetime", "2024-08-01T07:30:15+07:00", "2024-08-01T07:30:15"),
        ("datetime", "2024-08-01T07:30:15-07:00", "2024-08-01T07:30:15"),
        ("datetime", "2024-08-01", "2024-08-01T00:00:00"),
        ("datetime", "01/08/2024 25:00:00", None),
        ("guid", " {0F8FAD5B-D9CB-469F-A165-70867728950E}\n", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("guid", "", None),
        ("text", " Đỗ\n", " Đỗ\n"),
        ("text", "", None),
        ("reference", "ThuaDat.1", "ThuaDat.1"),
    ],
)
def test_a_text_becomes_a_value_or_nothing(kind, text, value):
    found = value_of(kind, text)
    if kind == "datetime" and value is not None:
        value = dt.datetime.fromisoformat(value)
    assert found == value
    assert type(found) is type(value)


DOSSIER = """<HoSoXml><hoSoGuid>{0F8FAD5B-D9CB-469F-A165-70867728950E}</hoSoGuid>
<DC_TinhHinhDangKy><tinhHinhDangKyId> 1 </tinhHinhDangKyId><maXa>06652</maXa>
<ngayTiepNhan>2024-08-01T00:00:00</ngayTiepNhan><thoiDiemDangKy>1/8/2024</thoiDiemDangKy>
<coQuyenSuDung>
true</coQuyenSuDung></DC_TinhHinhDangKy>
<ThongTinGiaoDich><DC_GiaoDich><thoiDiemDangKyBienDong>01/08/2024 07:30</thoiDiemDangKyBienDong></DC_GiaoDich>
</ThongTinGiaoDich>
<ThongTinTaiSan><ThongTinThuaDat><DC_ThuaDat><thuaDatId>01</thuaDatId><dienTich>120,5</dienTich>
<diaChi> Tổ 1<!-- cũ --> khu 2
</diaChi></DC_ThuaDat></ThongTinThuaDat></ThongTinTaiSan></HoSoXml>"""


def test_a_dossier_holds_the_same_on_both_paths(folder):
    (folder / "hs.xml").write_text(DOSSIER, "utf-8")
    reader = carrier(LAYOUT)
    assert list(reader.load(Opened("hs.xml", io.BytesIO(DOSSIER.encode())), lambda _: None)) == []
    (batch,) = reader.rest()
    rows = typed(batch.tables, dictionary(LAYOUT))
    for record, source in landxml.read(folder / "hs.xml"):
        name = f"DC_{type(record).__name__.removeprefix('DC_')}"
        (row,) = rows[name]
        assert row["_at"] == source.line
        fields = dictionary(LAYOUT).classes[name].fields
        for attribute, field in zip(record.__struct_fields__, fields, strict=True):
            if field.kind not in {"object", "dossier"}:
                assert row[field.element] == getattr(record, attribute), field.element


def test_dates_that_do_not_exist_are_found_with_their_records():
    changed = DOSSIER.replace("1/8/2024", "31/02/2024").replace("01/08/2024 07:30", "30/02/2024 07:30")
    extractor = Extractor(dictionary(LAYOUT))
    extractor.add_dossier(etree.fromstring(changed.replace("2024-08-01T", "2024-02-30T")), "hs.xml")
    layout, raw = dictionary(LAYOUT), extractor.take()
    with duckdb.connect() as con:
        cast.create(con, layout, raw)
        found = sorted(cast.impossible(con, layout, raw))
    dossier = "0f8fad5b-d9cb-469f-a165-70867728950e"
    registration = f"TinhHinhDangKy.{dossier}.1"
    assert found == sorted(
        [
            ("hs.xml", 2, registration, "DC_TinhHinhDangKy", "ngayTiepNhan", "2024-02-30T00:00:00"),
            ("hs.xml", 2, registration, "DC_TinhHinhDangKy", "thoiDiemDangKy", "31/02/2024"),
            (
                "hs.xml", 6, f"GiaoDich.{dossier}.stt-1", "DC_GiaoDich", "thoiDiemDangKyBienDong",
                "30/02/2024 07:30",
            ),
        ]
    )  # fmt: skip


def test_values_in_a_form_that_is_only_tolerated_are_told_once_per_file_and_form():
    layout, iso = dictionary(LAYOUT), DOSSIER.replace("1/8/2024", "2024-08-01").replace("120,5", "x,5")
    usual = DOSSIER.replace("2024-08-01T00:00:00", "01/08/2024").replace("120,5", "120.5")
    extractor = Extractor(layout)
    for name, text in (("a.xml", DOSSIER), ("b.xml", iso), ("c.xml", usual)):
        extractor.add_dossier(etree.fromstring(text), name)
    dossier = "0f8fad5b-d9cb-469f-a165-70867728950e"
    registration = f"TinhHinhDangKy.{dossier}.1", "DC_TinhHinhDangKy", "ngayTiepNhan"
    assert sorted(cast.tolerated(layout, extractor.take())) == [
        ("a.xml", 2, *registration, "iso", 1),
        ("a.xml", 8, f"ThuaDat.{dossier}.1", "DC_ThuaDat", "dienTich", "comma", 1),
        ("b.xml", 2, *registration, "iso", 2),
    ]
    assert list(cast.tolerated(layout, {})) == []
