from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from landxml_cli.drawing import drawn
from landxml_cli.progress_bar import progress
from landxml_samples.package import write
from landxml_validator import Limits, Progress
from landxml_validator.executors import local
from tests.marks import quick

LAND = ("--select", "LND")
"""Rules by which the bad delivery is bad, for tests of all but what is found."""


def test_a_good_delivery(run, good) -> None:
    found = run("validate", good)
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("Verdict: CONFORMANT")
    assert "\x1b" not in found.out


def test_a_bad_delivery(run, bad) -> None:
    found = run("validate", bad, "--lang", "vi")
    assert (found.code, found.err) == (1, "")
    assert "KHÔNG ĐẠT" in found.out
    assert "LND002" in found.out


def test_warnings_fail_only_when_asked(run, warned) -> None:
    assert run("validate", warned).code == 0
    assert run("validate", warned, "--fail-on", "warning").code == 1


def test_nothing_to_read_gives_2(run, tmp_path) -> None:
    assert run("validate", tmp_path / "nowhere.zip").code == 2
    (tmp_path / "page.xml").write_text("<page/>", "utf-8")
    assert run("validate", tmp_path / "page.xml").code == 2


def test_several_inputs_and_layouts(run, good, dossiers) -> None:
    assert json.loads(run("validate", dossiers, "--format", "json").out)["files"][0]["documents"] == 5
    assert len(json.loads(run("validate", good, good, "--format", "json").out)["files"]) == 1


def test_json_on_standard_output(run, bad) -> None:
    found = run("validate", bad, *LAND, "--format", "json")
    report = json.loads(found.out)
    assert (found.code, found.err) == (1, "")
    assert report["errors"] == 2
    assert report["personal_data"] is False


def test_options_reach_the_validator(run, bad) -> None:
    options = ["--as-of", "01/03/2026", "--samples", "1", "--workers", "1", "--show-personal-data"]
    report = json.loads(run("validate", bad, *LAND, "--format", "JSON", *options).out)
    assert (report["as_of"], report["samples"], report["personal_data"]) == ("2026-03-01", 1, True)
    failed = [result for result in report["results"] if result["state"] == "failed"]
    assert [(r["count"], len(r["samples"])) for r in failed] == [(2, 1)]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are another matter there")
@pytest.mark.parametrize(("options", "others"), [([], 0o044), (["--show-personal-data"], 0)])
def test_a_report_with_personal_data_is_for_its_owner_only(run, bad, tmp_path, options, others) -> None:
    before = os.umask(0o022)
    try:
        run("validate", bad, *LAND, "-o", tmp_path / "r.html", *options)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "r.html").stat().st_mode) & 0o077 == others


def test_what_is_not_there_is_told_without_a_mask(run) -> None:
    path = Path(__file__).parent.parent / "corpus" / "PTY003" / "fail-year.xml"
    told = " ".join(run("validate", path, "--select", "PTY", "--lang", "en").out.split())
    assert "Year of birth ‹9999›, date of birth –," in told


def test_standard_input(run, bad) -> None:
    (file,) = bad.glob("*.gml")
    report = json.loads(run("validate", "-", *LAND, "--format", "json", stdin=file.read_bytes()).out)
    assert (report["files"][0]["name"], report["errors"]) == ("<stdin>", 2)


BEGINS = {"r.html": "<!doctype html>", "r.json": "{", "r.txt": "Kết luận", "r.xml": "<?xml"}


@pytest.mark.parametrize("name", quick({"r.html", "r.json"}, BEGINS))
def test_output_file_tells_the_format(run, bad, tmp_path, name) -> None:
    found = run("validate", bad, *LAND, "-o", tmp_path / name, "--lang", "vi")
    assert (found.code, found.out) == (1, "")
    wrote, told, worst, *after = found.err.splitlines()
    assert wrote == f"đã ghi {tmp_path / name}"
    assert told.startswith("Không đạt: 2 lỗi, 0 cảnh báo trong ")
    assert worst.startswith("          2  LND002  Diện tích thửa")
    said = {
        "r.html": [f"Tiếp theo: mở {tmp_path / name} bằng trình duyệt."],
        "r.json": [f"Xem kỹ một phát hiện: landxml explain {tmp_path / name} SỐ"],
    }
    assert after == said.get(name, [])
    assert (tmp_path / name).read_text("utf-8").lower().startswith(BEGINS[name].lower())
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_quiet_says_nothing(run, bad, tmp_path) -> None:
    assert run("validate", bad, *LAND, "-q", "-o", tmp_path / "report.html") == (1, "", "")


def test_output_to_a_dash_is_standard_output(run, good) -> None:
    assert json.loads(run("validate", good, *LAND, "-o", "-", "--format", "json").out)


def test_output_that_cannot_be_written_is_refused_before_the_work(run, good, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("landxml_validator.validate", lambda *_, **__: pytest.fail("worked in vain"))
    missing = tmp_path / "no" / "report.html"
    found = run("validate", good, "-o", missing)
    assert (found.code, found.err) == (2, f"Error: {missing.parent}: no such file or folder.\n")
    found = run("validate", good, "-o", tmp_path, "--lang", "vi")
    assert (found.code, found.err) == (2, f"Lỗi: {tmp_path}: đây là thư mục, không phải tệp.\n")


def test_full_disk(run, monkeypatch, good, tmp_path) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "report.json").write_text("old", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("landxml.files.os.fsync", full)
        found = run("validate", good, *LAND, "-o", tmp_path / "report.json", "--force")
    assert (found.code, found.out) == (2, "")
    assert found.err == f"Error: {tmp_path / 'report.json'}: the disk is full.\n"
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_profile_from_a_file(run, good, tmp_path) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('id = "mine"\nrequired = ["package"]\n[title]\nvi = "của tôi"\nen = "mine"\n', "utf-8")
    assert (
        json.loads(run("validate", good, "--format", "json", "--profile", profile).out)["profile"] == "mine"
    )
    profile.write_text("id = 1", "utf-8")
    found = run("validate", good, "--profile", profile)
    assert found.code == 2
    assert "mine.toml" in found.err
    assert "Traceback" not in found.err


def test_colours_only_on_a_terminal_and_not_against_the_user(monkeypatch) -> None:
    from rich.text import Text

    assert drawn(Text("x", "red")) == "x"
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "31m" in drawn(Text("x", "red"))
    monkeypatch.setenv("NO_COLOR", "1")
    assert drawn(Text("x", "red")) == "x"


def test_text_report_is_coloured_where_wanted(run, monkeypatch, bad, tmp_path) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" in run("validate", bad, *LAND).out
    run("validate", bad, *LAND, "-o", tmp_path / "report.txt")
    assert "\x1b" not in (tmp_path / "report.txt").read_text("utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("validate", bad, *LAND).out


def test_progress_only_on_a_terminal(monkeypatch, capsys) -> None:
    with progress("en") as advance:
        assert advance is None
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress("en", quiet=True) as advance:
        assert advance is None
    with progress("vi") as advance:
        assert advance is not None
        advance(Progress(750_000, 1_000_000))
        advance(Progress(1_000_000, 1_000_000))
    captured = capsys.readouterr()
    assert captured.out == ""
    shown = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", captured.err)
    assert "Đang kiểm tra" in shown
    assert re.search(r"100%\s+1\.0/1\.0 MB", shown)


def test_programs_get_progress_as_lines_of_json(monkeypatch, capsys) -> None:
    monkeypatch.setenv("LANDXML_PROGRESS", "json")
    with progress("vi", quiet=True) as advance:
        assert advance is None
    with progress("vi", ending="comparing") as advance:
        assert advance is not None
        for done in (1, 2, 4):  # the second comes too soon to be told
            advance(Progress(done, 4))
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(each["phase"], each["done"], each["total"]) for each in told] == [
        ("checking", 0, 0),
        ("comparing", 4, 4),
    ]


@pytest.fixture(scope="module")
def many(folder: Path) -> Path:
    write(folder / "many.zip", parcels=40, faults={"LND002": 6})
    return folder / "many.zip"


@pytest.mark.parametrize(("options", "shown"), [((), 3), (("--samples", 5), 5), (("--samples", 1), 1)])
def test_text_lists_as_many_cases_as_asked_for(run, many, options, shown) -> None:
    out = run("validate", many, *LAND, "--workers", 1, "--lang", "en", *options).out
    assert len(re.findall(r"^    #\d+ ", out, re.MULTILINE)) == shown
    assert f"{shown} of 6 shown" in out
    assert f"at most {shown} cases" in out


def test_inspect_text(run, good, dossiers) -> None:
    found = run("inspect", good, dossiers, "--lang", "vi")
    assert (found.code, found.err) == (0, "")
    for word in (
        "national: 1",
        "vbdlis-xml: 5",
        "ThuaDat: 12",
        "DC_ThuaDat: 5",
        "06652 Phường Hà Tu",
        "VN-2000",
        "01/01/2026",
    ):
        assert word in found.out


def test_inspect_names_communes_as_of_the_day_of_the_data(run, good, tmp_path: Path) -> None:
    text = (good / "06652.gml").read_text("utf-8")
    old = text.replace("DonVi>2026-01-01<", "DonVi>2025-01-01<")
    (tmp_path / "old.gml").write_text(old, "utf-8")
    found = run("inspect", tmp_path / "old.gml", "--lang", "en")
    assert "06652 Phường Hà Phong" in found.out
    assert "2025-01-01" in found.out


def test_inspect_json(run, good) -> None:
    (found,) = json.loads(run("inspect", good, "--format", "json").out)
    assert found["records"]["ThuaDat"] == 12
    assert found["communes"] == [{"code": "06652", "name": "Phường Hà Tu", "until": None, "count": 49}]
    assert found["codes_valid_on"] == ["2026-01-01"]


def test_inspect_what_cannot_be_read(run, tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_text("<page/>", "utf-8")
    found = run("inspect", tmp_path / "page.xml")
    assert found.code == 2
    assert "page.xml:1  The root element “page” is that of no known layout." in found.out


def test_what_was_kept_is_told_and_not_read_again(run, bad, tmp_path):
    work = tmp_path / "giữ lại"
    first, second = (run("validate", bad, *LAND, "--work", work, "--lang", "vi") for _ in range(2))
    assert first.code == second.code == 1
    assert "dùng lại" not in first.err
    assert second.err == f"dùng lại kết quả trong {work} cho 100 % dữ liệu\n"
    assert run("validate", bad, *LAND, "--work", work, "-q").err == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("held/work", "kết quả này nằm trong đầu vào"),
        ("other", "chứa dữ liệu khác (a.docx), không phải kết quả kiểm tra; hãy chọn thư mục mới hoặc rỗng"),
        ("absent/work", "không có tệp hoặc thư mục này."),
        ("/sys/work", "không có quyền truy cập."),
        ("work.zip", "kết quả là một thư mục; hãy bỏ đuôi “.zip”"),
    ],
)
def test_a_folder_that_cannot_hold_outcomes_is_told(run, good, tmp_path, name, said):
    shutil.copytree(good, tmp_path / "held")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.docx").touch()
    found = run("validate", tmp_path / "held", "--work", tmp_path / name, "--lang", "vi")
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert not (tmp_path / "held" / "work").exists()


def test_limits_hold_for_little_input_too(run, bad, monkeypatch):
    given: list[Limits] = []
    start = local.run

    def started(*plan: Any, limits: Limits, **options: Any) -> Any:
        given.append(limits)
        return start(*plan, limits=limits, **options)

    monkeypatch.setattr(local, "run", started)
    results = [
        json.loads(run("validate", bad, *LAND, "--format", "json", *options).out)["results"]
        for options in ([], ["--memory", 600], ["--time-limit", 2])
    ]
    assert given == [Limits(memory=600 * 2**20), Limits(seconds=120)]
    assert results == [results[0]] * 3
