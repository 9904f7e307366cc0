"""From the request to the reply and into the package, and back; and all that may be wrong with a reply."""

from __future__ import annotations

import csv
import datetime as dt
import re
import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from landxml.errors import LandXmlError
from landxml_campaign import apply_answers, read_replies, request_persons, write_answers
from landxml_campaign.replies import asked
from landxml_remap import reverse
from landxml_samples import write
from landxml_samples.package import write as package

Rows = list[dict[str, Any]]
SECRET = "mật khẩu"  # noqa: S105 - of a test
KEY, REQUEST, COMMUNE, NAME, NUMBER = (
    "Mã dòng", "Mã yêu cầu", "Mã xã", "Họ và tên", "Số định danh cá nhân",
)  # fmt: skip
STATUS, NEW_NUMBER, NEW_NAME, NEW_BIRTH, DATE, AUTHORITY = (
    "Kết quả xác thực", "Số định danh đúng", "Họ và tên đúng", "Ngày sinh đúng", "Ngày xác thực",
    "Cơ quan xác thực",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package, and the request that was made of it."""
    folder = tmp_path_factory.mktemp("reconcile")
    package(folder / "goi.zip", parcels=12, communes=2)
    request_persons(folder / "goi.zip", folder / "request.csv", salt=folder / "salt")
    return folder


@pytest.fixture
def rows(place: Path) -> Rows:
    """The rows of the request, all verified."""
    with (place / "request.csv").open(encoding="utf-8-sig", newline="") as file:
        found: Rows = list(csv.DictReader(file))
    for row in found:
        row.update({STATUS: "Đúng", DATE: dt.date(2026, 3, 1), AUTHORITY: "Công an xã Mẫu"})
    return found


def sheet(path: Path, rows: Rows) -> Path:
    """A reply as a workbook."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        made = book.add_worksheet("Danh sách")
        made.write_row(0, 0, rows[0])
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row.values()):
                text = isinstance(value, str)
                (made.write_string if text else made.write)(at, column, value)
    return path


def judged(place: Path, *replies: Path) -> list[tuple[str, str]]:
    found = read_replies(replies, place / "request.csv").findings
    return [(each.kind, each.cell) for each in found]


def test_a_request_is_for_its_owner_and_tells_each_person_once(place: Path, tmp_path: Path) -> None:
    package(tmp_path / "again.zip", parcels=12, communes=2)
    told = request_persons(
        [place / "goi.zip", tmp_path / "again.zip"], tmp_path / "r.xlsx", salt=place / "salt",
        doubts=tmp_path / "doubts.csv",
    )  # fmt: skip
    first = asked(place / "request.csv")
    assert told.records == 2 * told.persons == 2 * len(first.persons)
    assert sum(told.communes.values()) == told.persons
    assert asked(tmp_path / "r.xlsx") == first  # the same persons, the same keys, the same request
    if sys.platform != "win32":
        for path in (tmp_path / "r.xlsx", tmp_path / "doubts.csv", place / "request.csv", place / "salt"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    request_persons(place / "goi.zip", tmp_path / "other.csv", salt=tmp_path / "salt")
    assert not first.persons.keys() & asked(tmp_path / "other.csv").persons.keys()  # another salt


def test_all_verified_is_all(place: Path, rows: Rows, tmp_path: Path) -> None:
    told = read_replies([sheet(tmp_path / "reply.xlsx", rows)], place / "request.csv")
    assert (told.counts, told.findings) == (
        {"verified": len(rows), "wrong": 0, "check": 0, "open": 0}, []
    )  # fmt: skip
    done = apply_answers(told, place / "goi.zip", tmp_path / "moi.zip", salt=place / "salt")
    assert (done.changed, done.gone) == (0, 0)


def test_what_was_corrected_goes_into_the_package_once_and_comes_out_again(
    place: Path, rows: Rows, tmp_path: Path
) -> None:
    rows[0] |= {STATUS: "Sai", NEW_NUMBER: "022170999999", NEW_NAME: "Trần Thị Mẫu", NEW_BIRTH: "02/03/1970"}
    reply = sheet(tmp_path / "reply.xlsx", rows)
    told = read_replies([reply, reply], place / "request.csv")
    done = apply_answers(told, place / "goi.zip", tmp_path / "moi.zip", salt=place / "salt")
    assert done.changed >= 4  # number, paper, name, year
    request_persons(place / "goi.zip", tmp_path / "r.csv", salt=tmp_path / "salt")
    with pytest.raises(LandXmlError, match="another salt"):
        apply_answers(told, place / "goi.zip", tmp_path / "khac.zip", salt=tmp_path / "salt")
    texts = contents(tmp_path / "moi.zip")
    assert all(text in texts for text in ("022170999999", "Trần Thị Mẫu", "1970-03-02"))
    assert rows[0][NUMBER] not in texts
    again = apply_answers(told, tmp_path / "moi.zip", tmp_path / "nua.zip", salt=place / "salt")
    assert (again.changed, again.gone) == (0, 1)
    assert contents(tmp_path / "nua.zip") == texts
    reverse(done.table, tmp_path / "moi.zip", tmp_path / "cu.zip")
    assert contents(tmp_path / "cu.zip") == contents(place / "goi.zip")
    for name in ("a.csv", "b.csv"):
        write_answers(told, tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def contents(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in sorted(archive.namelist()))


def each(**values: Any) -> Callable[[Rows], Rows]:
    """All rows with other values; the names are those of the constants."""
    return lambda rows: [row | {globals()[name]: value for name, value in values.items()} for row in rows]


def changed(**values: Any) -> Callable[[Rows], Rows]:
    """The second row with other values."""
    return lambda rows: [rows[0], *each(**values)([rows[1]]), *rows[2:]]


def without(*names: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{name: row[name] for name in row if name not in names} for row in rows]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without(STATUS), [("columns", "")]),
        (without(KEY, AUTHORITY), [("columns", "")]),
        (changed(KEY="0" * 16), [("unknown-row", "A3")]),
        (changed(KEY="", REQUEST=""), [("unknown-row", "A3")]),
        (lambda rows: [*rows[:2], rows[1], *rows[2:]], [("duplicate", "A4")]),
        (changed(STATUS="Sai", NEW_NUMBER=22170000002), [("zeros", "L3")]),
        (changed(STATUS="Sai", NEW_NUMBER="22.170"), [("number", "L3")]),
        (changed(DATE="ngày 1 tháng 3"), [("date", "O3")]),
        (changed(DATE="03/31/2026"), [("date", "O3")]),
        (changed(DATE=46082), [("date", "O3")]),
        (changed(STATUS="Sai", NEW_BIRTH="khoảng 1970"), [("birth", "N3")]),
        (changed(STATUS="được"), [("status", "K3")]),
        (changed(DATE=""), [("half", "O3")]),
        (changed(STATUS="", AUTHORITY=""), [("half", "K3"), ("half", "P3")]),
        (changed(STATUS="", DATE="", AUTHORITY=""), [("open", "K3")]),
        (changed(NAME="Phạm Quốc Khánh"), [("name-unlike", "D3")]),
        (each(REQUEST="0123456789ab", KEY="f" * 16), [("other-request", "B2")]),
        (each(REQUEST="0123456789ab", COMMUNE="00004"), [("province", "C2")]),
    ],
)  # fmt: skip
def test_a_bad_reply_is_told_by_cell_and_nothing_is_applied(
    place: Path, rows: Rows, tmp_path: Path, change: Callable[[Rows], Rows], expected: list[tuple[str, str]]
) -> None:
    told = read_replies([sheet(tmp_path / "reply.xlsx", change(rows))], place / "request.csv")
    assert [(each.kind, each.cell) for each in told.findings] == expected
    assert told.fits == (expected[0][0] == "open")
    for each in told.findings:
        assert not any(
            name in each.what.vi + each.what.en for row in rows for name in (row[NAME], row[NUMBER])
        )
    if not told.fits:
        with pytest.raises(LandXmlError):
            apply_answers(told, place / "goi.zip", tmp_path / "moi.zip", salt=place / "salt")
        with pytest.raises(LandXmlError):
            write_answers(told, tmp_path / "answers.csv")
        assert [path.name for path in tmp_path.iterdir()] == ["reply.xlsx"]


def test_replies_that_contradict_each_other_and_numbers_of_others_are_told(
    place: Path, rows: Rows, tmp_path: Path
) -> None:
    one = sheet(tmp_path / "one.xlsx", rows)
    other = sheet(tmp_path / "other.xlsx", [rows[0] | {STATUS: "Cần kiểm tra"}, *rows[1:]])
    assert judged(place, one, other) == [("conflict", "2")]
    taken = [rows[0] | {STATUS: "Sai", NEW_NUMBER: rows[1][NUMBER]}, *rows[1:]]
    assert judged(place, sheet(tmp_path / "taken.xlsx", taken)) == [("number-taken", "2")]


def test_workbooks_with_a_password_go_out_and_come_back(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.xlsx"
    request_persons(place / "goi.zip", out, salt=place / "salt", password=SECRET, columns="population")
    assert not zipfile.is_zipfile(out)
    assert asked(out, password=SECRET).persons.keys() == asked(place / "request.csv").persons.keys()
    with pytest.raises(LandXmlError, match="password is wrong"):
        asked(out, password=SECRET[1:])
    with pytest.raises(LandXmlError, match="only XLSX"):
        request_persons(place / "goi.zip", tmp_path / "r.csv", salt=place / "salt", password=SECRET)


def test_what_cannot_be_edited_in_place_is_refused_as_a_whole(
    place: Path, rows: Rows, tmp_path: Path
) -> None:
    source, request = tmp_path / "sheet.zip", tmp_path / "r.csv"
    write(source, layout="plan515-sheet", parcels=4)
    request_persons(source, request, salt=place / "salt")
    key = next(iter(asked(request).persons))
    row = rows[0] | {KEY: key, REQUEST: asked(request).request, STATUS: "Sai", NEW_NUMBER: "022170999999"}
    told = read_replies([sheet(tmp_path / "reply.xlsx", [row | {NAME: ""}])], request)
    assert told.fits
    with pytest.raises(LandXmlError, match="nothing here is of a layout that can be written"):
        apply_answers(told, source, tmp_path / "moi.zip", salt=place / "salt")
    assert not (tmp_path / "moi.zip").exists()


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Three persons are alike; the second has no number, the third nearly that of the first."""
    folder = tmp_path_factory.mktemp("doubts")
    package(folder / "nguon", parcels=6, communes=1)
    text = (folder / "nguon/06652.gml").read_text("utf-8")
    first, second, third = re.findall(r"<ld:CaNhan .*?</ld:CaNhan>", text, re.DOTALL)[:3]
    number = re.findall(r"<ld:maSoDinhDanh>(\d+)<", first)[0]
    slip = number[:-1] + str(9 - int(number[-1]))
    papers = r" <ld:maSoDinhDanh>.*?\n| <ld:giayToTuyThan>.*</ld:giayToTuyThan>\n"
    for old, new in (
        (second, re.sub(papers, "", first, flags=re.DOTALL)), (third, first.replace(number, slip))
    ):  # fmt: skip
        for mine, theirs in zip(*(re.findall('gml:id="(.*?)"', each) for each in (new, old)), strict=False):
            new = new.replace(f'"{mine}"', f'"{theirs}"')  # noqa: PLW2901
        text = text.replace(old, new)
    (folder / "goi.gml").write_text(text, "utf-8")
    request_persons(
        folder / "goi.gml", folder / "request.csv", salt=folder / "salt", doubts=folder / "doubts.csv"
    )
    return folder, [number, slip]


def decided(folder: Path, **given: str) -> Rows:
    """The rows of the list of doubts, those with a number first, filled in."""
    with (folder / "doubts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows: Rows = sorted(csv.DictReader(file), key=lambda row: not (row["Số 1"] and row["Số 2"]))
    filled = {"Quyết định": "Hai người", "Ngày quyết định": "01/03/2026", "Người quyết định": "Lê Mẫu"}
    return [row | filled | given for row in rows]


def test_decisions_on_doubtful_pairs_go_into_the_package(
    doubtful: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, (number, slip) = doubtful
    rows = decided(folder)
    assert len(rows) == 3
    assert {rows[0]["Số 1"], rows[0]["Số 2"]} == {number, slip}
    rows[0] |= {"Quyết định": "Một người", "Số đúng": number}
    bare = next(row for row in rows[1:] if number in (row["Số 1"], row["Số 2"]))
    bare |= {"Quyết định": "Một người"}
    rows = [row for row in rows if row is rows[0] or row is bare]
    told = read_replies([sheet(tmp_path / "doubts.xlsx", rows)], folder / "request.csv")
    assert (told.findings, sorted(each.same for each in told.decisions)) == ([], [True, True])
    done = apply_answers(told, folder / "goi.gml", tmp_path / "moi.gml", salt=folder / "salt")
    before, after = (path.read_text("utf-8") for path in (folder / "goi.gml", tmp_path / "moi.gml"))
    assert slip not in after
    assert after.count(f"<ld:maSoDinhDanh>{number}<") == before.count(f"<ld:maSoDinhDanh>{number}<") + 2
    reverse(done.table, tmp_path / "moi.gml", tmp_path / "cu.gml")
    assert (tmp_path / "cu.gml").read_bytes() == (folder / "goi.gml").read_bytes()
    again = apply_answers(told, tmp_path / "moi.gml", tmp_path / "nua.gml", salt=folder / "salt")
    assert again.changed == 0
    answer = {
        KEY: next(key for each in told.decisions for key in each.getting), REQUEST: told.request,
        STATUS: "Sai", NEW_NUMBER: number, DATE: "01/03/2026", AUTHORITY: "Công an",
    }  # fmt: skip
    both = [tmp_path / "doubts.xlsx", sheet(tmp_path / "reply.xlsx", [answer])]
    twice = read_replies(both, folder / "request.csv")
    same = apply_answers(twice, folder / "goi.gml", tmp_path / "hai.gml", salt=folder / "salt")
    assert (same.changed, same.same) == (done.changed, done.same)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"Quyết định": "Một người"}, ("number", "M2")),
        ({"Quyết định": "Một người", "Số đúng": "022170999999"}, ("number", "M2")),
        ({"Số đúng": "022170999999"}, ("number", "M2")),
        ({"Quyết định": "có lẽ"}, ("status", "L2")),
        ({"Quyết định": ""}, ("half", "L2")),
        ({"Ngày quyết định": "hôm qua"}, ("date", "N2")),
        ({"Mã yêu cầu": "0123456789ab"}, ("other-request", "A2")),
        ({"Mã dòng 2": "f" * 16}, ("unknown-row", "F2")),
        ({"Quyết định": "", "Ngày quyết định": "", "Người quyết định": ""}, ("open", "L2")),
    ],
)
def test_a_bad_decision_is_told_by_cell(
    doubtful: tuple[Path, list[str]], tmp_path: Path, given: dict[str, str], expected: tuple[str, str]
) -> None:
    rows = decided(doubtful[0], **given)[:1]
    told = read_replies([sheet(tmp_path / "doubts.xlsx", rows)], doubtful[0] / "request.csv")
    assert [(each.kind, each.cell) for each in told.findings] == [expected]
    assert told.decisions == []


def test_decisions_that_contradict_others_or_answers_are_told(
    doubtful: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, (number, slip) = doubtful
    one = decided(folder, **{"Quyết định": "Một người", "Số đúng": number})[:1]
    reply, request = sheet(tmp_path / "one.xlsx", one), folder / "request.csv"
    two = sheet(tmp_path / "two.xlsx", decided(folder)[:1])
    assert [each.kind for each in read_replies([reply, two], request).findings] == ["conflict"]
    key = one[0]["Mã dòng 1"] if one[0]["Số 1"] == slip else one[0]["Mã dòng 2"]
    answer = {
        KEY: key, REQUEST: one[0]["Mã yêu cầu"], STATUS: "Đúng", DATE: "01/03/2026", AUTHORITY: "Công an",
    }  # fmt: skip
    told = read_replies([reply, sheet(tmp_path / "reply.xlsx", [answer])], request)
    assert [(each.kind, Path(each.file).name) for each in told.findings] == [("conflict", "one.xlsx")]
