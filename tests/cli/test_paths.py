"""Paths that lead to nothing, and files of other kinds, at every command that takes files."""

from __future__ import annotations

import json
import zipfile

import pytest


@pytest.mark.parametrize("command", ["validate", "inspect", "units check"])
def test_a_mistyped_path_is_one_line(run, good, command) -> None:
    done = run(*command.split(), f"{good}x", "--lang", "vi")
    assert done == (2, "", f"Lỗi: {good}x: Không có tệp hoặc thư mục này; có phải ý bạn là {good}?\n")
    assert run(*command.split(), "https://a.vn/goi.zip").err.count("\n") == 1


@pytest.mark.parametrize("command", ["remap", "parcel-codes"])
def test_what_writes_says_the_same(run, good, tmp_path, command) -> None:
    done = run(command, f"{good}x", "-o", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    assert f"{good}x: No such file or folder; did you mean {good}?\n" in done.err


def test_beside_a_missing_file_the_others_get_their_report(run, good, tmp_path) -> None:
    done = run("validate", good, tmp_path / "nofile", "--format", "json")
    report = json.loads(done.out)
    assert (done.code, report["missing"]) == (2, [str(tmp_path / "nofile")])
    assert report["records"]["ThuaDat"] == 12
    assert done.err.count("nofile: No such file") == 1
    done = run("inspect", good, tmp_path / "nofile", "--format", "json")
    assert done.code == 2
    assert [each["records"]["ThuaDat"] for each in json.loads(done.out)] == [12]


def test_no_work_list_is_made_of_what_is_not_there(run, tmp_path) -> None:
    given = ("--for", "vendor", "-o", tmp_path / "viec", "--salt", tmp_path / "salt")
    done = run("worklist", "make", tmp_path / "khong-co.zip", *given)
    assert (done.code, "No such file" in done.err, [*tmp_path.iterdir()]) == (2, True, [])


def test_other_files_in_a_package_are_a_note(run, good, tmp_path) -> None:
    path = tmp_path / "goi.zip"
    with zipfile.ZipFile(path, "w") as made:
        for file in good.iterdir():
            made.write(file, file.name)
        for name in ("ghi chú.docx", "bảng.xlsx", "sổ.xlsx"):
            made.writestr(name, "PK")
    done = run("validate", path, "--fail-on", "warning")
    assert done.code == 0
    assert "PKG013" in done.out
    assert "Files .xlsx that were not looked at: 2." in done.out
    done = run("inspect", path)
    assert done.code == 0
    assert ".xlsx: 2" in done.out


def test_inspect_shows_troubles_and_says_so(run, good, tmp_path) -> None:
    (tmp_path / "cut.xml").write_text("<HoSoXml>", "utf-8")
    done = run("inspect", good, tmp_path)
    assert done.code == 1
    assert "cut.xml:1  The file is cut off" in done.out


def test_a_file_of_another_kind_given_by_name_is_an_error_with_advice(run, tmp_path) -> None:
    (tmp_path / "goi.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    done = run("validate", tmp_path / "goi.7z", "--lang", "vi")
    assert done.code == 2
    assert "giải nén rồi nén lại thành .zip" in " ".join(done.out.split())


def test_standard_input_has_a_name(run) -> None:
    done = run("validate", "-", stdin=b"<HoSoXml>")
    assert "<stdin>:1" in done.out
