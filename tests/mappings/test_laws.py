"""Laws of conversion: what a layout holds comes back, the loss report names exactly the rest."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import shapely

from landxml import layouts
from landxml.carriers import Batch, writes
from landxml.dictionary import national
from landxml.geometry import epsg_of
from landxml.tabular import worksheets
from landxml_mappings import convert, tables, targets
from landxml_mappings.gathering import Gathering
from landxml_mappings.row_spec import row_mapping
from landxml_mappings.source import Source
from landxml_samples.package import write
from tests.marks import quick

WRITTEN = sorted(each.id for each in layouts.builtin().values() if writes(each) and each.model != "national")
ROWS = [name for name in WRITTEN if layouts.builtin()[name].sheet]
FILES = [name for name in WRITTEN if name not in ROWS or name == "vbdlis-sheet-161"]
"""Each kind of file; rows of every layout see test_generated.py, their workbooks test_workbook_layouts.py."""
EMPTY: Counter[Any] = Counter()
Values = dict[str, Counter[Any]]


@pytest.fixture(scope="module", params=[1])
def source(request, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nguon") / "goi.zip"
    write(path, parcels=12, communes=2, seed=request.param)
    return path


@pytest.fixture(scope="module")
def before(source) -> Values:
    """What the package holds."""
    return values(tables(source))


def ending(layout: str) -> str:
    return ".zip" if layout == "vbdlis-xml" else f".{layouts.builtin()[layout].extension}"


def values(found: dict[str, pa.Table]) -> Values:
    """Return the values of each field, whoever holds them; of references only how many there are."""
    made: Values = {}
    for name, table in found.items():
        for field in national().classes[name].columns if name not in {"SieuDuLieu", "SoBanGhi"} else ():
            column = [value for value in table[field.element].to_pylist() if value is not None]
            column = [each for value in column for each in value] if field.repeated else column
            counts = Counter("" if field.kind == "reference" else value for value in column)
            made |= {f"{name}.{field.element}": counts} if counts else {}
    return made


@pytest.mark.parametrize("layout", quick(FILES, WRITTEN))
def test_what_comes_back_is_what_the_report_says(source, before, tmp_path, layout) -> None:
    out = tmp_path / f"ra{ending(layout)}"
    report = convert(source, out, to=layout)
    after = values(tables(out))
    carried = {name: (counts & after.get(name, EMPTY)).total() for name, counts in before.items()}
    losses = {loss.element: loss for loss in report.writing if loss.element != "ThuaDat.ranhGioi"}
    assert {name: loss.carried for name, loss in losses.items()} == carried
    assert {name: loss.read for name, loss in losses.items()} == {n: c.total() for n, c in before.items()}


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["national", *WRITTEN])
def test_copies_of_a_record_are_written_once_and_counted(tmp_path, layout) -> None:
    write(tmp_path / "goi", parcels=4)
    (file,) = (tmp_path / "goi").glob("*.gml")
    text = file.read_text("utf-8")
    (tmp_path / "goi/hai.gml").write_text(re.sub("(?<=<ld:dienTich>)[^<]+", "7.5", text), "utf-8")
    before = values(tables(tmp_path / "goi"))
    out = tmp_path / f"ra{ending(layout)}"
    losses = {loss.element: loss for loss in convert(tmp_path / "goi", out, to=layout).writing}
    assert {n: loss.read for n, loss in losses.items() if n != "ThuaDat.ranhGioi"} == {
        name: counts.total() for name, counts in before.items()
    }
    for loss in losses.values():
        assert loss.read == loss.carried + sum(loss.dropped.values())
        assert layout == "national" or loss.dropped.get("copy") == loss.read // 2
    if layout == "national":
        assert not any(loss.dropped for loss in losses.values())
    else:
        assert 7.5 not in values(tables(out))["ThuaDat.dienTich"]


@pytest.mark.slow
@pytest.mark.parametrize("layout", WRITTEN)
def test_what_came_back_once_comes_back_whole(source, tmp_path, layout) -> None:
    """A layout holds all that was read from it."""
    end = ending(layout)
    convert(source, tmp_path / f"mot{end}", to=layout)
    report = convert(tmp_path / f"mot{end}", tmp_path / f"hai{end}", to=layout)
    assert {loss.element: loss.dropped for loss in report.writing if loss.dropped} == {}
    once, twice = (values(tables(tmp_path / f"{name}{end}")) for name in ("mot", "hai"))
    assert twice == once


@pytest.mark.parametrize(
    ("attributes", "shapes"),
    [
        ("vbdlis-xml", "vbdlis-gml"),
        pytest.param("vbdlis-sheet-161", "parcel-layer", marks=pytest.mark.slow),
    ],
)
def test_attributes_and_their_map_are_together_what_both_hold(
    source, before, tmp_path, attributes, shapes
) -> None:
    parts = {name: tmp_path / f"{name}{ending(name)}" for name in (attributes, shapes)}
    carried = [
        {loss.element: loss.carried for loss in convert(source, part, to=name).writing}
        for name, part in parts.items()
    ]
    joined = convert(parts.values(), tmp_path / "goi.gml", to="national")
    assert "*" not in joined.reading, "neither says otherwise than the other"
    after = values(tables(tmp_path / "goi.gml"))
    found = {name: (counts & after.get(name, EMPTY)).total() for name, counts in before.items()}
    assert found == {name: max(each[name] for each in carried) for name in before}
    assert boundaries(tmp_path / "goi.gml") == boundaries(source)


def boundaries(path: Path) -> dict[tuple[Any, ...], tuple[Any, Any]]:
    """Return shape and CRS of each parcel, by its numbers."""
    return {
        (row["maXa"], row["soHieuToBanDo"], row["soThuTuThua"]): (
            shapely.from_wkb(row["ranhGioi"]).normalize(), epsg_of(row["srs"])
        )
        for row in tables(path)["ThuaDat"].to_pylist()
    }  # fmt: skip


@contextmanager
def gathered(batches: list[Batch]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        gathering = Gathering(con)
        for batch in batches:
            gathering.take(batch)
        gathering.settle()
        yield con


def records(batches: list[Batch]) -> dict[str, list[dict[str, Any]]]:
    """Return all records by class, without their places."""
    found = {}
    with gathered(batches) as con:
        for name in national().classes:
            query = f'SELECT * EXCLUDE (_file, _part, _at, _dossier) FROM "{name}" ORDER BY _id'
            found[name] = con.sql(query).to_arrow_table().to_pylist()
    return {name: rows for name, rows in found.items() if rows}


@pytest.fixture(scope="module")
def rows(source) -> dict[str, Batch]:
    """Return the rows of the package in each flat layout."""
    with duckdb.connect() as con:
        Source(con).read(source)
        return {name: next(iter(targets.batches(con, layouts.builtin()[name]))) for name in ROWS}


def test_each_co_user_has_a_row_for_each_land_use_and_a_couple_shares_one(rows) -> None:
    (table,) = rows["vbdlis-sheet-161"].tables.values()
    shared: dict[str, Counter[Any]] = {}
    for row in table.to_pylist():
        if row["DDK_dongSuDung"] == "1":
            assert row["VC_hoTen"] is None
            shared.setdefault(row["GCN_soPhatHanh"], Counter())[
                row["CHU_hoTen"], row["TD_maMucDichSuDung"]
            ] += 1
    assert shared
    for combinations in shared.values():
        people, uses = map(set, zip(*combinations, strict=True))
        assert len(people) > 1
        assert combinations == Counter({(person, use): 1 for person in people for use in uses})
    couples = [row for row in table.to_pylist() if row["VC_hoTen"] and row["CHU_loaiDoiTuong"] == "Vợ chồng"]
    assert all(row["CHU_hoTen"] for row in couples)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ROWS)
def test_the_order_of_rows_and_a_file_split_between_dossiers_make_no_difference(rows, layout) -> None:
    batch = rows[layout]
    ((name, table),) = batch.tables.items()
    order = random.Random(7).sample(range(len(table)), len(table))  # noqa: S311 - no secret
    whole = records([batch])
    assert records([batch._replace(tables={name: table.take(order)})]) == whole
    known_by = row_mapping(batch.layout).dossier
    dossiers = [next(filter(None, (row[e] for e in known_by)), None) for row in table.to_pylist()]
    cut = next(at for at in range(len(table) // 2, len(table)) if dossiers[at] not in dossiers[:at])
    halves = [batch._replace(tables={name: each}) for each in (table[:cut], table[cut:])]
    assert {cls: len(found) for cls, found in records(halves).items()} == {
        cls: len(found) for cls, found in whole.items()
    }


@pytest.mark.slow
def test_dossiers_are_written_one_part_after_another(source, tmp_path, monkeypatch) -> None:
    convert(source, tmp_path / "mot.xlsx", to="mplis-collection")
    monkeypatch.setattr(targets, "DOSSIERS", 4)
    convert(source, tmp_path / "hai.xlsx", to="mplis-collection")
    assert values(tables(tmp_path / "hai.xlsx")) == values(tables(tmp_path / "mot.xlsx"))
    one, two = (numbers(tmp_path / f"{name}.xlsx") for name in ("mot", "hai"))
    assert one == two == [*range(1, max(one) + 1)]


def numbers(path: Path) -> list[int]:
    """Return the different running numbers of a workbook, in their order."""
    (sheet,) = worksheets(path)
    return list(dict.fromkeys(int(cells[0]) for _, cells in list(sheet.rows)[4:]))
