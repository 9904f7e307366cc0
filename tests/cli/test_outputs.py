"""One rule for the outputs of every command (:mod:`landxml.files`)."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest

from landxml_reports import NAMES
from tests.commands import commands
from tests.marks import quick

posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and pipes are another matter there")

COMMANDS = {
    "validate": (["validate", "{input}", "-q"], ".html"),
    "validate --findings": (["validate", "{input}", "-q"], ".csv"),
    "classify": (["classify", "{national}", "-q"], ".csv"),
    "codelists": (["codelists", "GioiTinh"], ".gml"),
    "schema doc": (["schema", "doc", "--layout", "vbdlis-xml"], ".html"),
    "units export": (["units", "export"], ".json"),
    "remap": (["remap", "{input}", "--table", "{folder}/table.csv"], ".zip"),
    "parcel-codes": (["parcel-codes", "{national}"], ".zip"),
    "extract": (["extract", "tax", "{national}", "-q"], ".csv"),
    "fix": (["fix", "{input}", "--table", "{folder}/table.csv"], ".zip"),
    "render": (["render", "{report}"], ".html"),
    "certify": (["certify", "{report}"], ".html"),
    "statement": (["statement", "{national}", "{national}"], ".html"),
    "explain": (["explain", "{report}", "1"], ".html"),
    "diff": (["diff", "{findings}", "{findings}"], ".json"),
    "reconcile export": (["reconcile", "export", "{input}", "--salt", "{folder}/salt"], ".xlsx"),
    "reconcile import": (
        [
            *"reconcile import {request} --request {request} --apply {input} --salt {salt} --table".split(),
            "{folder}/table.csv",
        ],
        ".zip",
    ),
    "worklist apply": (
        [*"worklist apply {sheet} --to {national} --salt {salt} --table".split(), "{folder}/table.csv"],
        ".zip",
    ),
    "convert": (["convert", "{input}", "--to", "vbdlis-xml", "-q"], ".zip"),
    "merge": (["merge", "{exported}", "-q"], ".html"),
    "progress": (["progress", "{national}", "-q"], ".html"),
    "sample": (["sample", "--parcels", "2"], ".zip"),
}
FOLDERS = {"schema export", "demo", "layouts suggest", "rule new", "worklist make"}
each = pytest.mark.parametrize("name", COMMANDS)
first = pytest.mark.parametrize(
    "name", quick({"validate", "codelists", "remap", "convert", "reconcile export"}, COMMANDS)
)
"""A report, a list, packages in place and anew, a workbook."""
whole = pytest.mark.parametrize("name", quick({"validate", "remap"}, COMMANDS))
"""Of what is opened as :func:`first` opens it already, a file and an archive."""


@pytest.fixture(scope="session")
def national(folder: Path) -> Path:
    from landxml_samples.package import write

    write(folder / "national.zip", parcels=4)
    return folder / "national.zip"


@pytest.fixture(scope="session")
def findings(folder: Path) -> Path:
    """All findings of a check, and its report beside."""
    from landxml_reports import render
    from landxml_samples.package import write
    from landxml_validator import validate

    write(folder / "faulty.zip", parcels=20, faults={"LND002": 2, "LND001": 1})
    report = validate([folder / "faulty.zip"], findings=folder / "findings.csv")
    (folder / "findings.json").write_bytes(render(report, "json", "vi"))
    return folder / "findings.csv"


@pytest.fixture(scope="session")
def request_(folder: Path, dossiers: Path) -> Path:
    """A request for the persons of the dossiers; the salt is beside it."""
    from landxml_campaign import request_persons

    request_persons(dossiers, folder / "request.csv", salt=folder / "request.salt")
    return folder / "request.csv"


@pytest.fixture(scope="session")
def sheet(folder: Path) -> Path:
    """A work list in which nothing is filled in."""
    from landxml_campaign.receivers import COLUMNS

    lines = [",".join(label.vi for label, _ in COLUMNS.values()), *([","] * 2)]
    (folder / "sheet.csv").write_text("\n".join(lines), "utf-8")
    return folder / "sheet.csv"


@pytest.fixture(scope="session")
def exported(folder: Path, national: Path) -> Path:
    """What a province hands out of its check."""
    from landxml_validator import validate
    from landxml_validator.federated import Keys

    validate(national, keys=Keys(folder / "province", "0" * 64))
    return folder / "province"


@pytest.fixture
def call(run, dossiers, national, findings, *, request_, sheet, exported, tmp_path):
    """Run a command of the table with an output."""

    def call(name: str, output: object, *more: object):
        words = COMMANDS[name][0]
        given = {"input": dossiers, "national": national, "findings": findings, "folder": tmp_path}
        given |= {"report": findings.with_suffix(".json"), "exported": exported}
        given |= {
            "exported": exported,
            "sheet": sheet,
            "request": request_,
            "salt": request_.with_suffix(".salt"),
        }
        option = "--findings" if "--findings" in name else "-o"
        return run(*(word.format_map(given) for word in words), option, output, *more)

    return call


def test_every_command_with_an_output_is_held_to_the_rule():
    with_output = {
        path.removeprefix("landxml ")
        for path, command in commands()
        if any("--output" in option.opts for option in command.params if isinstance(option, click.Option))
    }
    assert with_output | {"validate --findings"} == COMMANDS.keys() | FOLDERS


@each
def test_a_file_that_exists_needs_force(call, tmp_path, name):
    out = tmp_path / f"out{COMMANDS[name][1]}"
    out.write_bytes(b"precious")
    found = call(name, out)
    assert (found.code, found.out) == (2, "")
    assert f"{out}: exists already; give another name, or replace it with --force" in found.err
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.read_bytes() == b"precious"
    assert call(name, out, "--force").code in {0, 1}
    assert out.read_bytes() != b"precious"


@each
@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".7z"])
def test_an_unknown_suffix_is_refused_before_any_work(call, tmp_path, name, suffix):
    found = call(name, tmp_path / f"out{suffix}")
    assert (found.code, found.out) == (2, "")
    assert f"the suffix “{suffix}” does not stand for" in found.err
    assert COMMANDS[name][1] in found.err
    assert list(tmp_path.iterdir()) == []


def test_the_package_is_not_written_where_the_answers_cannot_be(run, dossiers, request_, tmp_path):
    (tmp_path / "folder").mkdir()
    words = ["reconcile", "import", request_, "--request", request_, "--apply", dossiers]
    words += ["--salt", request_.with_suffix(".salt"), "-o", tmp_path / "out.zip"]
    assert run(*words).code == 0
    for path in ("out.zip", "out.remap.csv"):
        (tmp_path / path).unlink()
    for answers, said in {
        "answers.pdf": "use .csv",
        "folder": "is a folder",
        "no/answers.csv": "no such file or folder",
        "out.remap.csv": "is in one place with",
        "out.zip": "is in one place with",
    }.items():
        found = run(*words, "--answers", tmp_path / answers)
        assert (found.code, found.out) == (2, "")
        assert said in found.err
        assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@posix
@first
def test_a_pipe_gets_the_result(call, tmp_path, name):
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert call(name, pipe).code in {0, 1}
    reader.join(10)
    assert len(got[0]) > 100
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix
@whole
def test_a_link_is_followed(call, tmp_path, name):
    link, target = tmp_path / "link", tmp_path / f"target{COMMANDS[name][1]}"
    link = link.with_suffix(target.suffix)
    link.symlink_to(target)
    assert call(name, link).code in {0, 1}
    assert link.is_symlink()
    assert target.stat().st_size > 100


@posix
@whole
def test_the_null_device_stays(call, name):
    assert call(name, os.devnull).code in {0, 1}
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.parametrize("name", ["validate", "remap", "parcel-codes"])
def test_an_input_is_never_written_over(call, dossiers, national, tmp_path, name):
    source = national if name == "parcel-codes" else dossiers
    before = source.read_bytes()
    link = tmp_path / "link.zip"
    link.hardlink_to(source)
    for out in (source, link):
        found = call(name, out, "--force", "--lang", "vi")
        assert (found.code, found.out) == (2, "")
        assert f"kết quả này là chính đầu vào {source}" in found.err
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["validate", "in", "-o", "in/report.html"], "lies in the input in"),
        (["validate", "in", "--profile", "mine.toml", "-o", "mine.toml"], "is the input mine.toml itself"),
        (["remap", "in", "-o", "a", "--resolve", "t.csv", "--table", "t.csv"], "is the input t.csv itself"),
        (["remap", "in", "-o", "a", "--boundaries", "t.csv", "--report", "t.csv"], "is the input t.csv"),
        (["remap", "in", "-o", "t.csv", "--reverse", "t.csv"], "is the input t.csv itself"),
        (["remap", "in", "-o", "a.zip", "--report", "a.zip"], "is in one place with a.zip"),
        (["remap", "in", "-o", "a", "--table", "T.csv", "--report", "t.CSV"], "is in one place with"),
    ],
)
def test_every_file_that_is_read_or_written_counts(run, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for name in ("mine.toml", "t.csv"):
        Path(name).write_bytes(b"precious")
    found = run(*words, "--force")
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert Path("t.csv").read_bytes() == Path("mine.toml").read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["validate", "{0}", "-o", "a.html", "--format", "json"], "does not stand for json; use .json"),
        (["parcel-codes", "{0}", "-o", "a.xml"], "use .zip"),
        (["remap", "{0}", "-o", "a.gml"], "use .zip"),
        (["remap", "{0}", "-o", "a.zip", "--table", "t.txt"], "use .csv"),
        (["units", "export", "-o", "a.zip", "--format", "sql"], "use .sql"),
        (["sample", "-o", "a.xml"], "use .zip"),
        (["sample", "-o", "no/a.zip"], "no: no such file or folder"),
        (["schema", "export", "-o", "no/folder"], "no: no such file or folder"),
        (["remap", "{0}", "-o", "-"], "--table"),
    ],
)
def test_what_contradicts_itself_is_refused(  # noqa: PLR0917 - fixtures
    run, national, tmp_path, monkeypatch, words, said
):
    monkeypatch.chdir(tmp_path)
    found = run(*(word.format(national) for word in words))
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert list(tmp_path.iterdir()) == []


def test_standard_output_takes_a_package_and_standard_error_the_report(run, national, tmp_path):
    assert run("parcel-codes", national, "-o", tmp_path / "a.zip").code == 0
    command = [sys.executable, "-m", "landxml_cli", "parcel-codes", national, "-o", "-"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stdout == (tmp_path / "a.zip").read_bytes()
    assert b"given a code: 4" in done.stderr


def test_a_demonstration_replaces_only_a_demonstration(run, tmp_path):
    (tmp_path / "report.html").write_text("mine")
    found = run("demo", "-o", tmp_path, "--lang", "en")
    assert found.code == 2
    assert "report.html: exists already" in found.err
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("options", [("--work",), ("--format", "html", "--format", "json", "-o")])
def test_a_file_where_a_folder_is_wanted_is_told_without_an_option_that_does_not_help(
    run, national, tmp_path, options
) -> None:
    (tmp_path / "f").write_text("a", "utf-8")
    found = run("validate", national, *options, tmp_path / "f", "--lang", "en")
    assert (found.code, "is a file; what is to be written is a folder" in found.err) == (2, True)
    assert "--force" not in found.err


def test_a_read_only_disk_is_said_by_every_form(run, bad, tmp_path, monkeypatch) -> None:
    """Whether it is so before the work, or only at its end, as after a fault of the disk."""

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    run("validate", bad, "--format", "json", "--format", "parquet", "-o", tmp_path / "all", "-q")
    (tmp_path / "out").mkdir()
    for step in ("temporary", "os.fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(f"landxml.files.{step}", refused)
            for form, name in NAMES.items():
                path = tmp_path / "out" / name
                found = run("render", tmp_path / "all" / "report.json", "--format", form, "-o", path)
                assert (found.code, found.err) == (2, f"Error: {path}: the disk is read-only.\n")
        assert list((tmp_path / "out").iterdir()) == []
