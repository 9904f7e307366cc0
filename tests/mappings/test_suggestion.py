"""Layouts that are suggested: what a template was, from columns that have changed places and names."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely
import xlsxwriter

from landxml import load
from landxml.columns import columns_of
from landxml.dictionary import Field, dictionary
from landxml.errors import LandXmlError
from landxml.layouts import Layout, builtin
from landxml.tabular import text, worksheets
from landxml_mappings import convert, suggested_folder, tables
from landxml_mappings.likeness import words
from landxml_mappings.suggestion import suggest
from landxml_samples.package import write
from tests.marks import quick

SHEETS = [layout for layout in builtin().values() if layout.sheet]
SHORT = {"giấy chứng nhận": "GCN", "tờ bản đồ": "TBĐ", "diện tích": "DT", "địa chỉ": "ĐC"}
Columns = list[tuple[Field, list[str]]]


@pytest.fixture(scope="module", params=quick({"vbdlis-sheet-161"}, [layout.id for layout in SHEETS]))
def table(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample as a workbook of each layout."""
    folder = tmp_path_factory.mktemp("mau")
    write(folder / "goi", parcels=30)
    convert(folder / "goi", folder / f"{request.param}.xlsx", to=request.param)
    return folder / f"{request.param}.xlsx"


def columns(path: Path, layout: Layout) -> Columns:
    """The element of each column, with its values."""
    (sheet,) = worksheets(path)
    rows = [list(map(text, cells)) for _, cells in sheet.rows]
    known = columns_of(rows[:20], [layout])
    assert known is not None
    (row,) = dictionary(layout).classes.values()
    fields = {field.element: field for field in row.columns}
    return [
        (fields[element], [row[at] for row in rows[known.first :]]) for at, element in known.elements.items()
    ]


def luck(seed: object) -> random.Random:
    return random.Random(str(seed))  # noqa: S311 - no secret


def shuffled(found: Columns, chance: random.Random) -> Columns:
    """Columns in another order; those with the same words stay in theirs: nothing else tells them apart."""
    order = chance.sample(found, len(found))
    alike: dict[tuple[str, ...], list[int]] = {}
    for at, (field, _) in enumerate(order):
        alike.setdefault(words(header(field)), []).append(at)
    for places in alike.values():
        before = sorted(found.index(order[at]) for at in places)
        for at, which in zip(places, before, strict=True):
            order[at] = found[which]
    return order


def header(field: Field) -> str:
    """The words of a column: of a template whose columns have codes, what they mean."""
    return field.header.replace(" / ", " ") if " " in field.header else field.vi


def renamed(name: str, chance: random.Random) -> str:
    """The same words as someone else would write them."""
    how = chance.randrange(4)
    if how == 0:
        return " ".join(words(name))
    if how == 1:
        return name.upper()
    if how == 2:
        for long, short in SHORT.items():
            name = re.sub(long, short, name, flags=re.IGNORECASE)
        return name
    at = chance.randrange(1, max(len(name) - 2, 2))
    return name[:at] + name[at : at + 2][::-1] + name[at + 2 :]


def workbook(path: Path, found: Columns, named: Callable[[Field], str]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Bảng của tôi")
        for column, (field, values) in enumerate(found):
            sheet.write_string(0, column, named(field))
            for row, value in enumerate(values, 1):
                sheet.write_string(row, column, value)
    return path


def test_most_columns_are_found_wherever_they_stand_and_however_they_are_called(table, tmp_path) -> None:
    layout = builtin()[table.stem]
    order = shuffled(columns(table, layout), luck(0))
    path = workbook(tmp_path / "khac.xlsx", order, lambda field: renamed(header(field), luck(header(field))))
    found = suggest(path)
    assert found.layout == layout
    right = [each.element == field.element for each, (field, _) in zip(found.columns, order, strict=True)]
    assert sum(right) >= 0.9 * len(right)


@pytest.mark.slow
def test_what_is_suggested_reads_the_table_as_the_layout_does(table, tmp_path) -> None:
    layout = builtin()[table.stem]
    order = shuffled(columns(table, layout), luck(1))
    path = workbook(tmp_path / "khac.xlsx", order, lambda field: header(field).upper())
    suggested_folder.write(suggest(path), tmp_path / "dinh-dang", name="dinh-dang")
    own = load.layout(str(tmp_path / "dinh-dang"))
    before, after = tables(table), tables(path, layouts=[own])
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    for name, rows in before.items():
        system = [column for column in rows.column_names if column.startswith("_")]
        assert _rows(after[name], system) == _rows(rows, system), name


def _rows(table: pa.Table, system: list[str]) -> list[str]:
    """Rows but for their places, and for the ids, which are made of the name of the file."""
    rows = map(repr, table.drop_columns([*system]).to_pylist())
    return sorted(re.sub(r"(?<=[a-z]\.)[0-9a-f-]{36}|(?<=\.1-)[0-9a-f-]{50,}", "…", row) for row in rows)


def test_a_column_that_is_nothing_known_is_named_and_kept(table, tmp_path) -> None:
    layout = builtin()[table.stem]
    found = columns(table, layout)[:12]
    strange = Field(element="x", kind="text", required=False, names=("Màu sơn cửa sổ",), vi="Màu sơn cửa sổ")
    path = workbook(tmp_path / "a.xlsx", [*found, (strange, ["xanh", "đỏ", "tím vàng"])], header)
    suggestion = suggest(path)
    *_, last = suggestion.columns
    assert (last.element, last.header, last.reason) == ("", "Màu sơn cửa sổ", "")
    assert last.samples == ("‹xxxx›", "‹xx›", "‹xxx xxxx›")
    suggested_folder.write(suggestion, tmp_path / "own", name="own")
    own = load.layout(str(tmp_path / "own"))
    (row,) = dictionary(own).classes.values()
    assert row.fields[-1].header == "Màu sơn cửa sổ"
    report = convert(path, tmp_path / "a.gml", to="national", layouts=[own])
    lost = {loss.element: loss.dropped for losses in report.reading.values() for loss in losses}
    assert sum(lost[f"cot_{last.column}"].values()) == 3


def test_no_name_of_a_person_is_shown(table, tmp_path) -> None:
    suggestion = suggest(table)
    suggested_folder.write(suggestion, tmp_path / "own", name="own")
    people = tables(table)["CaNhan"]
    private = {*people["hoTen"].to_pylist(), *people["diaChi"].to_pylist()} - {None}
    assert private
    said = "".join(file.read_text("utf-8-sig") for file in (tmp_path / "own").iterdir())
    assert not [value for value in private if value in said]
    rows = list(csv.DictReader((tmp_path / "own/columns.csv").read_text("utf-8-sig").splitlines()))
    assert [row["header"] for row in rows] == [each.header for each in suggestion.columns]


def test_a_column_is_known_by_its_values_if_its_name_says_nothing(tmp_path) -> None:
    layout = builtin()["ilis-sheet"]
    (row,) = dictionary(layout).classes.values()
    uses = next(field for field in row.columns if "maMucDichSuDung" in field.element)
    path = tmp_path / "a.csv"
    names = [field.header for field in row.columns[:8]]
    lines = [[*(f"{at}" for at, _ in enumerate(names)), code] for code in ("ONT", "LUC", "CLN", "BHK")]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*names, "Z9"], *lines])
    *_, last = suggest(path).columns
    assert (last.element, last.reason) == (uses.element, "values")


def test_a_layer_with_names_of_its_own(tmp_path) -> None:
    path = tmp_path / "lop.gpkg"
    fields = ["to_ban_do", "so_thua", "dtich", "ma_xa", "dia_chi_thua"]
    values = [["1", "1"], ["5", "6"], ["100.5", "20"], ["06652", "06652"], ["Thôn Mẫu", "Thôn Mẫu"]]
    shapes = shapely.to_wkb([shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)])
    pyogrio.raw.write(
        path, shapes, [np.array(each, object) for each in values], fields, geometry_type="Polygon",
        crs="EPSG:5897", layer="thua",
    )  # fmt: skip
    found = suggest(path)
    assert (found.layout.id, found.part) == ("parcel-layer", "thua")
    by_header = {each.header: each.national for each in found.columns}
    assert by_header["to_ban_do"] == ("ThuaDat.soHieuToBanDo",)
    assert by_header["so_thua"] == ("ThuaDat.soThuTuThua",)
    assert by_header["ma_xa"] == ("ThuaDat.maXa",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"x,y\n1,2\n"), ("b.csv", b""), ("c.xlsx", b"PK\3\4"), ("d.gpkg", b"SQLite format 3\0"),
        ("e.shp", b"\0\0\x27\x0a" + b"\0" * 96),
    ],
)  # fmt: skip
def test_what_is_no_table_of_land_data_is_one_error(tmp_path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LandXmlError) as caught:
        suggest(tmp_path / name)
    assert caught.value.file
