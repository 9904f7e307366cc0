"""Reference tables in every form, and those that were damaged after they were written."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from landxml import tabular
from landxml.errors import LandXmlError
from landxml_remap import reference_table, remap, reverse
from landxml_remap.patch import Change
from landxml_remap.reference_table import DOCUMENT, Row

Damage = Callable[[list[dict[str, str]]], object]


def written_over(rows: list[dict[str, str]], changes: str) -> None:
    next(row for row in rows if row["changes"])["changes"] = changes


@pytest.fixture(scope="module")
def remapped(made: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A package, and the table that leads back from it."""
    folder = tmp_path_factory.mktemp("remapped") / "moi"
    return folder, Path(remap([made()], folder).table)


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
    remapped: tuple[Path, Path], tmp_path: Path, damage: Damage, said: str
) -> None:
    folder, table = remapped
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    header = list(rows[0])
    damage(rows)
    with (tmp_path / "hong.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(LandXmlError, match=said) as told:
        reverse(tmp_path / "hong.csv", [folder], tmp_path / "lai")
    assert told.value.what.vi
    assert not (tmp_path / "lai").exists()


def test_a_workbook_shows_ids_whole_and_can_be_filtered(made: Callable[..., Path], tmp_path: Path) -> None:
    remap([made()], tmp_path / "moi", table_path=tmp_path / "bang.xlsx")
    with zipfile.ZipFile(tmp_path / "bang.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b'<col min="3" max="3" width="56' in sheet
    assert b"<autoFilter ref=" in sheet


HOSTILE = ["=1+1", "'quoted", 'a,"b"\n', "00004", "é&amp;", " "]


@pytest.mark.parametrize("suffix", reference_table.FORMS)
def test_changes_come_back_as_they_were_from_every_form(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str
) -> None:
    monkeypatch.setattr(reference_table, "BATCH", 4)
    monkeypatch.setattr(reference_table, "SHEET_ROWS", 3)
    path = tmp_path / f"bang.{suffix}"
    wanted = {
        f"{n}.xml": [Change(10 * at, old, f"{old}{n}") for at, old in enumerate(HOSTILE)] for n in range(4)
    }
    with reference_table.open_table(path) as append:
        for name, changes in wanted.items():
            for at, change in enumerate(changes):
                append(Row(name, "ThuaDat", f"ThuaDat.{at}", changes=reference_table.encoded([change])))
            append(Row(name, DOCUMENT, f"digest of {name}"))
    with reference_table.undone(path, list(wanted)) as (digests, changes_of):
        assert digests == {name: f"digest of {name}" for name in wanted}
        assert [list(changes_of(no)) for no in range(len(wanted))] == list(wanted.values())


def test_a_workbook_goes_on_in_another_sheet_where_one_is_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reference_table, "SHEET_ROWS", 3)
    with reference_table.open_table(tmp_path / "bang.xlsx") as append:
        for n in range(7):
            append(Row("1.xml", "ThuaDat", f"ThuaDat.{n}"))
    sheets = [[line for _, line in sheet] for sheet in tabular.sheets(tmp_path / "bang.xlsx")]
    assert [len(rows) for rows in sheets] == [1 + 3, 1 + 3, 1 + 1]
    assert {tuple(rows[0]) for rows in sheets} == {reference_table.COLUMNS}
    assert [row[2] for rows in sheets for row in rows[1:]] == [f"ThuaDat.{n}" for n in range(7)]
