"""The commands about administrative units, as a land officer and as a program use them."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from landxml_units.export import sheets

JUNE_2025 = "2025-06-30"
TODAY = date(2026, 11, 1)


def lines(out: str) -> list[list[str]]:
    """Return the cells of a table; columns are apart by two blanks at least."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in out.splitlines()]


# One unit


def test_a_code_shows_every_time_of_it(run) -> None:
    found = run("units", "00004")
    assert (found.code, found.err) == (0, "")
    assert lines(found.out) == [
        ["Code", "Name", "Within", "Valid"],
        ["00004", "Phường Trúc Bạch", "Quận Ba Đình, Thành phố Hà Nội", "until 2025-06-30"],
        ["00004", "Phường Ba Đình", "Thành phố Hà Nội", "since 2025-07-01"],
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Xã Hoàng Tiến, Chí Linh, Hải Dương",
        "xa hoang tien, tp chi linh, hai duong",
        "Hoàng Tiến (xã); Chí Linh",
    ],
)
def test_a_name_is_looked_up_however_it_is_written(run, name) -> None:
    found = run("units", name, "--lang", "vi")
    assert found.code == 0
    assert lines(found.out)[1][:2] == ["10567", "Xã Hoàng Tiến"]
    assert found.out.endswith("đến 09/01/2019\n")


def test_a_day_chooses_among_the_times_of_a_code(run) -> None:
    assert "Phường Ba Đình" in run("units", "00004", "--as-of", "01/07/2025").out
    assert "Trúc Bạch" not in run("units", "--as-of", "2025-07-01", "00004").out


def test_an_open_name_is_listed_with_what_would_settle_it(run) -> None:
    found = run("units", "Xã Tân Thanh", "--as-of", "2025-07-01")
    assert found.code == 1
    assert {row[1] for row in lines(found.out)[1:-1]} == {"Xã Tân Thanh"}
    assert found.out.endswith("To leave only one, say: the province.\n")
    (only,) = json.loads(
        run("units", "Xã Tân Thanh, Ninh Bình", "--as-of", "2025-07-01", "--format", "json").out
    )
    assert (only["unit"]["code"], only["within"][0]["name"]) == ("13474", "Tỉnh Ninh Bình")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["99999"], "“99999”: never was the code of a unit"),
        (["4"], "lost its leading zeros; did you mean 00004 Phường Ba Đình?"),
        (["00001", "--as-of", "2025-07-01"], "not valid on that day; Phường Phúc Xá, until 2025-06-30"),
        (["Xã Hoàng Tienn"], "“Xã Hoàng Tienn”; did you mean Hoàng Tiến?"),
        (["histry"], "did you mean history?"),
        (["histry", "00004"], "did you mean history?"),
        ([""], "there is no unit “”."),
        (["successors", "Tân An"], "Several units. To leave only one, say: the province"),
        (["successors", "Nowhere"], "there is no unit “Nowhere”"),
        (["history", "99999"], "never was the code of a unit"),
        (["predecessors", "00001"], "not valid on that day"),
        (
            ["successors", "00004", "--from", "2026-01-01", "--to", "2025-01-01"],
            "2025-01-01 is before 2026-01-01",
        ),
        (["export", "-o", "units.csv"], "the suffix “.csv” does not stand for"),
        (["export"], "FILE is missing."),
        (["show"], "CODE|NAME is missing."),
    ],
)
def test_mistakes_get_one_sentence(run, arguments, said) -> None:
    found = run("units", *arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err.splitlines()[0]
    assert "Traceback" not in found.err


def test_a_name_needs_no_quotes(run) -> None:
    quoted = run("units", "Hoàng Tiến, Chí Linh", "--as-of", "2018-01-01")
    assert run("units", "Hoàng", "Tiến,", "Chí", "Linh", "--as-of", "1/1/2018").out == quoted.out != ""


def test_history_of_a_district_is_its_names(run) -> None:
    out = run("units", "history", "769", "--lang", "vi").out
    assert [row[1] for row in lines(out)] == ["Tên", "Quận 2", "Thành phố Thủ Đức"]


def test_what_settles_it_names_the_option_of_the_command(run) -> None:
    assert "(--from)" in run("units", "successors", "Tân Lập").err
    assert "(--as-of)" in run("units", "Tân Lập").out
    assert "--" not in run("units", "history", "Tân Lập").err


def test_history_tells_names_and_steps(run) -> None:
    out = run("units", "history", "10585", "--lang", "vi").out
    assert "Xã Văn Đức" in out
    step = ["10/01/2019", "01/03/2019", "10597 Xã Kênh Giang", "10585 Phường Văn Đức"]
    assert step in [row[:4] for row in lines(out)]
    told = json.loads(run("units", "history", "10585", "--format", "json").out)
    assert [step["kind"] for step in told["transitions"]] == ["merged", "merged", "partial", "split", "split"]


# Before and after


def test_successors_of_a_divided_commune_are_all_told(run) -> None:
    found = run("units", "successors", "00007", "--lang", "vi")
    assert found.code == 0
    assert [row[0] for row in lines(found.out)[2:]] == ["00008", "00025"]
    assert "bị chia" in found.out
    told = json.loads(run("units", "successors", "00007", "--to", "2025-07-01", "--format", "json").out)
    assert (told["state"], told["settled"], told["from"]) == ("split", False, JUNE_2025)
    assert [each["code"] for each in told["successors"]] == ["00008", "00025"]


def test_successors_start_where_the_name_was_valid(run) -> None:
    told = json.loads(run("units", "successors", "Xã Kênh Giang, Chí Linh", "--format", "json").out)
    assert (told["from"], told["code"]) == ("2019-01-09", "10597")
    assert len(told["successors"]) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["26407"], "no source names a successor"),
        (["290"], "mã huyện"),
        (["07693", "--from", JUNE_2025], "có phải ý bạn là 07682 Phường Tân An?"),
    ],
)
def test_no_successor_is_a_finding(run, arguments, said) -> None:
    lang = "vi" if "mã" in said or "phải" in said else "en"
    found = run("units", "successors", *arguments, "--lang", lang)
    assert (found.code, found.out) == (1, "")
    assert said in found.err


def test_predecessors(run) -> None:
    told = json.loads(run("units", "predecessors", "Xã Ba Chẽ, Quảng Ninh", "--format", "json").out)
    assert [row["old"] for row in told["predecessors"]] == ["06886", "06970", "06973", "06982", "06988"]
    assert "06970  Thị trấn Ba Chẽ" in run("units", "predecessors", "06970").out


# The tables as a product


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return {name: sheet.rows for name, sheet in sheets(TODAY).items()}


@pytest.fixture
def exported(run, tmp_path):
    def call(name: str):
        assert run("units", "export", "-o", tmp_path / name, "--as-of", TODAY).code == 0
        return tmp_path / name

    return call


def test_sql_loads_into_sqlite(exported, tables) -> None:
    base = sqlite3.connect(":memory:")
    base.executescript(exported("units.sql").read_text("utf-8"))
    for name, rows in tables.items():
        assert base.execute(f"SELECT count(*) FROM {name}").fetchone() == (rows.num_rows,)
    assert base.execute("SELECT new_code FROM crosswalk WHERE old_code = '00007'").fetchall() == [
        ("00008",), ("00025",),
    ]  # fmt: skip
    query = "SELECT name FROM units WHERE code = '00004' AND valid_from <= '2025-07-01' AND valid_to IS NULL"
    assert base.execute(query).fetchall() == [("Phường Ba Đình",)]
    assert base.execute("SELECT typeof(code) FROM units LIMIT 1").fetchone() == ("text",)
    with pytest.raises(sqlite3.IntegrityError):
        base.execute("INSERT INTO crosswalk SELECT * FROM crosswalk LIMIT 1")
    plan = base.execute("EXPLAIN QUERY PLAN SELECT * FROM transitions WHERE new_code = '00097'").fetchall()
    assert "transitions_new_code" in str(plan)


def test_xlsx_keeps_codes_as_text_and_dates_as_dates(exported, tables) -> None:
    book = CalamineWorkbook.from_path(exported("units.xlsx"))
    assert book.sheet_names == list(tables)
    rows = book.get_sheet_by_name("units").to_python()
    assert len(rows) == tables["units"].num_rows + 1
    (found,) = [row for row in rows if row[0] == "00004" and row[5]]
    assert found == ["00004", "commune", "Phường Ba Đình", "phuong", "01", date(2025, 7, 1), ""]


def test_csv_and_json_hold_every_row(exported, tables) -> None:
    with zipfile.ZipFile(exported("units.zip")) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in tables]
        crosswalk = archive.read("crosswalk.csv").decode()
    assert '"00001","Phường Phúc Xá","00097","Phường Hồng Hà"' in crosswalk
    told = json.loads(exported("units.json").read_text("utf-8"))
    assert {name: len(rows) for name, rows in told.items()} == {n: t.num_rows for n, t in tables.items()}
    assert told["stale_codes"][0]["listed_from"] == "2025-01-01"


def test_every_word_of_the_tables_is_explained(tables) -> None:
    about = {(row["topic"], row["word"]) for row in tables["about"].to_pylist()}
    for row in tables["transitions"].to_pylist():
        told = {("kind", row["kind"]), ("note", row["note"]), ("evidence", row["evidence"])}
        assert {(topic, word) for topic, word in told if word} <= about
    assert {("about", name) for name in tables if name != "about"} <= about


# The codes of files


@pytest.fixture
def listed(tmp_path):
    def write(*codes: str, header: str = "Mã xã"):
        path = tmp_path / "codes.csv"
        path.write_text("\n".join([f"stt,{header}", *(f"1,{code}" for code in codes)]), "utf-8")
        return path

    return write


def checked(run, path, *more: str) -> tuple[int, dict[str, Any]]:
    found = run("units", "check", path, "--format", "json", *more)
    (told,) = json.loads(found.out)
    return found.code, told


def test_old_codes_are_followed_until_today(run, listed) -> None:
    code, told = checked(run, listed("00001", "00007", "00001"))
    assert (code, told["sound"], told["read_on"]) == (0, True, JUNE_2025)
    assert told["together"] == [{"first": None, "last": JUNE_2025}]
    assert [(t["code"], t["times"], len(t["found"]["successors"])) for t in told["tallies"]] == [
        ("00001", 2, 1), ("00007", 1, 2),
    ]  # fmt: skip


def test_codes_of_both_systems_in_one_file(run, listed) -> None:
    code, told = checked(run, listed("00001", "11948", "00004"))  # old; new; both
    assert (code, told["sound"], told["read_on"]) == (1, False, None)
    assert (told["three_tier"], told["two_tier"], told["together"]) == (1, 1, [])
    assert [bool(t["found"]) for t in told["tallies"]] == [True, False, True]
    assert (
        "Lẫn mã của hai thời kỳ: 1 mã" in run("units", "check", listed("00001", "11948"), "--lang", "vi").out
    )


def test_codes_that_outlived_the_reform_need_a_date(run, listed) -> None:
    path = listed("00004", "00008")
    assert checked(run, path)[1]["read_on"] is None
    out = run("units", "check", path).out
    assert "Phường Trúc Bạch" in out
    assert "needs a date (--as-of)" in out
    assert checked(run, path, "--as-of", "2026-01-01")[1]["read_on"] == "2026-01-01"


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        ("99999", "unknown"),
        ("4", "zeros-lost"),
        ("290", "district"),
        ("20", "province"),
        ("16411", "stale"),
    ],
)
def test_what_is_wrong_with_a_code(run, listed, wrong, trouble) -> None:
    code, told = checked(run, listed("00001", wrong))
    assert code == 1
    assert {tally["code"]: tally["trouble"] for tally in told["tallies"]} == {"00001": "", wrong: trouble}


def test_a_code_that_ended_before_the_others_began(run, listed) -> None:
    code, told = checked(run, listed("10597", "03984"))  # until 2019; since 2025
    assert (code, told["together"], told["three_tier"]) == (1, [], 2)
    assert "On no day were all codes valid together." in run("units", "check", listed("10597", "03984")).out


def test_a_spreadsheet_that_lost_the_zeros(run, tmp_path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "codes.xlsx")
    page = book.add_worksheet()
    page.write(0, 0, "Danh sách xã")
    page.write_row(2, 0, ["STT", "Mã Xã"])
    page.write_row(3, 0, [1, 4])
    page.write_row(4, 0, [2, "00004"])
    book.close()
    code, told = checked(run, tmp_path / "codes.xlsx")
    assert code == 1
    assert [(t["code"], t["trouble"]) for t in told["tallies"]] == [("00004", ""), ("4", "zeros-lost")]


def test_land_data_of_both_layouts(run, good, dossiers) -> None:
    code, told = checked(run, good)
    assert (code, told["read_on"]) == (0, "2026-01-01")  # as its metadata say
    assert all(tally["times"] > 1 for tally in told["tallies"])
    assert checked(run, dossiers)[0] == 0


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("none.csv", b"a,b\n1,2\n", "no column of commune codes; name it maXa"),
        ("utf16.csv", b"\xff\xfem", "cannot be read as CSV"),
        ("broken.xlsx", b"PK\3\4", "the archive is cut off"),
        ("quote.csv", b'maXa\n"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_tables_that_cannot_be_read(run, tmp_path, name, data, said) -> None:
    (tmp_path / name).write_bytes(data)
    found = run("units", "check", tmp_path / name)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_nothing_to_judge(run, tmp_path) -> None:
    found = run("units", "check", tmp_path / "nowhere.zip")
    assert found.code == 2
    assert "No such file" in found.err
