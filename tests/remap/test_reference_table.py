"""Reference tables that were damaged after they were written."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from landxml.errors import LandXmlError
from landxml_remap import remap, reverse

Damage = Callable[[list[dict[str, str]]], object]


def written_over(rows: list[dict[str, str]], changes: str) -> None:
    next(row for row in rows if row["changes"])["changes"] = changes


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda rows: written_over(rows, "True"), "no reference table"),
        (lambda rows: written_over(rows, '{"a": 1}'), "not the one that the table was made with"),
        (lambda rows: written_over(rows, '[["x", "a", "b"]]'), "no reference table"),
        (lambda rows: written_over(rows, "[[7]]"), "no reference table"),
        (lambda rows: rows.pop(), r"the table has lost its row \(file\) of "),
        (lambda rows: rows.clear(), "no reference table"),
        (lambda rows: rows[0].update(file="Lê Văn Mẫu"), r"its row \(file\) of ‹Xx Xxx Xxx›$"),
        (lambda rows: rows[-1].update(file="Lê Văn Mẫu"), "the package lacks ‹Xx Xxx Xxx›,"),
        (lambda rows: rows[-1].update(file="khac/06655.gml"), "the package lacks khac/06655.gml,"),
    ],
)
def test_a_damaged_table_is_refused_and_nothing_is_written(
    made: Callable[..., Path], tmp_path: Path, damage: Damage, said: str
) -> None:
    report = remap([made()], tmp_path / "moi")
    with Path(report.table).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    header = list(rows[0])
    damage(rows)
    with (tmp_path / "hong.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(LandXmlError, match=said) as told:
        reverse(tmp_path / "hong.csv", [tmp_path / "moi"], tmp_path / "lai")
    assert told.value.vi
    assert not (tmp_path / "lai").exists()


def test_a_workbook_shows_ids_whole_and_can_be_filtered(made: Callable[..., Path], tmp_path: Path) -> None:
    remap([made()], tmp_path / "moi", table_path=tmp_path / "bang.xlsx")
    with zipfile.ZipFile(tmp_path / "bang.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b'<col min="3" max="3" width="56' in sheet
    assert b"<autoFilter ref=" in sheet
