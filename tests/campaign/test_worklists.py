"""Work lists: who gets what, what nobody else may see, and what becomes of sheets that come back."""

from __future__ import annotations

import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from landxml.errors import LandXmlError
from landxml_campaign import apply_worklists, make_worklists, read_worklists, write_diff
from landxml_campaign.receivers import COLUMNS, receivers
from landxml_remap import reverse
from landxml_samples import write
from landxml_validator import validate

FAULTS = {"PTY001": 2, "PTY012": 1, "TXT003": 1, "LND002": 1, "UNQ003": 1}
Rows = list[list[Any]]
DONE, NEW = 0, 1


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package, and the lists of two receivers."""
    folder = tmp_path_factory.mktemp("worklists")
    write(folder / "goi.zip", parcels=30, faults=FAULTS, seed=5)
    for to in ("police", "vendor", "registration-office"):
        make_worklists(folder / "goi.zip", folder / to, to=to, salt=folder / "salt", work=folder / "work")
    return folder


def rows(path: Path) -> Rows:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def labels(path: Path) -> list[str]:
    named = {label.vi: source for source, (label, _) in COLUMNS.items()}
    return [named[name] for name in rows(path)[0]]


def sheet(path: Path, content: Rows) -> Path:
    with xlsxwriter.Workbook(path) as book:
        made = book.add_worksheet("Việc")
        for at, row in enumerate(content):
            for column, value in enumerate(row):
                put = made.write_string if isinstance(value, str) else made.write
                put(at, column, value) if value != "" else None
    return path


@pytest.fixture
def police(place: Path) -> Rows:
    """The list of the police, of which two rows are filled in."""
    found = rows(place / "police" / "police-06652.xlsx")
    element = labels(place / "police" / "police-06652.xlsx").index("element")
    number = next(row for row in found if row[element] == "maSoDinhDanh")
    name = next(row for row in found if row[element] == "hoTen")
    number[:2], name[:2] = ["✓", "022170000002"], ["✓", "Trần Thị Mẫu"]
    return [found[0], number, name, *(row for row in found[1:] if row not in (number, name))]


def test_a_receiver_sees_what_is_theirs_and_nothing_else(place: Path) -> None:
    paths = {to: place / to / f"{to}-06652.xlsx" for to in ("police", "vendor", "registration-office")}
    for to, path in paths.items():
        shown = set(labels(path)) - {"done", "new", "note", "key", "class", "element", "check"}
        assert shown == set(receivers()[to].columns)
        if sys.platform != "win32":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {row[labels(paths["police"]).index("class")] for row in rows(paths["police"])[1:]} == {"CaNhan"}
    people = {row[labels(paths["police"]).index("value")] for row in rows(paths["police"])[1:]}
    names = {row[labels(paths["police"]).index("who")].split(",")[0] for row in rows(paths["police"])[1:]}
    assert len(people) == len(names) == 3
    with zipfile.ZipFile(paths["vendor"]) as book:
        texts = "".join(book.read(name).decode("utf-8", "ignore") for name in book.namelist())
    assert "TXT003" in texts
    assert not any(secret in texts for secret in people | names)


def test_a_package_is_listed_as_it_is_checked(place: Path) -> None:
    wanted = receivers()["registration-office"].rules
    found = {
        result.rule.code for result in validate([place / "goi.zip"]).results if result.count
        and result.rule.code.startswith(wanted)
    }  # fmt: skip
    path = place / "registration-office" / "registration-office-06652.xlsx"
    at = labels(path).index("rule")
    assert {code for row in rows(path)[1:] for code in row[at].split(", ")} == found


def test_what_was_filled_in_goes_into_the_package_once_and_comes_out_again(
    place: Path, police: Rows, tmp_path: Path
) -> None:
    filled = sheet(tmp_path / "police.xlsx", police)
    told = read_worklists([filled, filled], place / "goi.zip", salt=place / "salt")
    assert (told.counts, told.findings) == ({"edits": 2, "same": 0, "done": 0, "open": 1}, [])
    write_diff(told, tmp_path / "diff.csv")
    assert "Trần Thị Mẫu" in (tmp_path / "diff.csv").read_text("utf-8-sig")
    done = apply_worklists(told, place / "goi.zip", tmp_path / "moi.zip")
    assert done.changed == 2
    counts = {each.rule.code: each.count for each in validate([tmp_path / "moi.zip"]).results}
    assert (counts["PTY001"], counts["PTY012"]) == (1, 0)
    again = read_worklists([filled], tmp_path / "moi.zip", salt=place / "salt")
    assert again.counts == {"edits": 0, "same": 2, "done": 0, "open": 1}
    reverse(done.table, tmp_path / "moi.zip", tmp_path / "cu.zip")
    for name in ("06652.gml",):
        with zipfile.ZipFile(tmp_path / "cu.zip") as old, zipfile.ZipFile(place / "goi.zip") as first:
            assert old.read(name) == first.read(name)


def changed(row: int, column: int, value: Any) -> Callable[[Rows], Rows]:
    return lambda found: [
        [value if (i, j) == (row, column) else cell for j, cell in enumerate(cells)]
        for i, cells in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (changed(1, DONE, ""), ("half", "A2")),
        (changed(1, NEW, ""), ("half", "B2")),
        (changed(1, NEW, 22170000002), ("zeros", "B2")),
        (changed(2, NEW, "x" * 300), ("value", "B3")),
        (lambda found: [row[1:] for row in found], ("columns", "")),
        (lambda found: [row[:-1] for row in found], ("columns", "")),
        (lambda found: [*found, [*found[1][:NEW], "900171000002", *found[1][NEW + 1 :]]], ("conflict", "B5")),
        (lambda found: [[*row[:-4], "f" * 16, *row[-3:]] if row[0] == "✓" else row for row in found],
         ("other-delivery", "I2")),
        (lambda found: [[*row[:-1], "f" * 16] if i == 1 else row for i, row in enumerate(found)],
         ("changed", "B2")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_by_cell_and_nothing_is_written(
    place: Path,
    police: Rows,
    tmp_path: Path,
    change: Callable[[Rows], Rows],
    expected: tuple[str, str],
) -> None:
    told = read_worklists(
        [sheet(tmp_path / "p.xlsx", change(police))], place / "goi.zip", salt=place / "salt"
    )
    assert [(each.kind, each.cell) for each in told.findings] == [expected]
    with pytest.raises(LandXmlError):
        apply_worklists(told, place / "goi.zip", tmp_path / "moi.zip")
    assert not (tmp_path / "moi.zip").exists()


def test_receivers_of_ones_own_and_mistakes_in_them(place: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[tax]\ntitle = { vi = "Thuế", en = "Tax" }\nrules = ["LND"]\nclasses = []\nclear = []\n'
        'columns = ["parcel"]\n',
        "utf-8",
    )
    told = make_worklists(
        place / "goi.zip", tmp_path / "tax", to=str(own), salt=place / "salt", work=place / "work"
    )
    assert [(each.file, each.rows) for each in told.lists] == [("tax-06652.xlsx", 1)]
    assert (told.title.vi, told.personal) == ("Thuế", False)
    own.write_text("[tax]\nrules = 1\n", "utf-8")
    for to, said in ((str(own), "is no file of a receiver"), ("khong-co", "there are: commune")):
        with pytest.raises(LandXmlError, match=said):
            make_worklists(place / "goi.zip", tmp_path / "no", to=to, salt=place / "salt")
    assert not (tmp_path / "no").exists()
