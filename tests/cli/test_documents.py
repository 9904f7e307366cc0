"""Several documents of one run, and a report rendered again."""

from __future__ import annotations

import csv
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from landxml_reports import FORMATS, NAMES
from landxml_samples.package import write


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a faulty package."""
    folder = tmp_path_factory.mktemp("checked")
    write(folder / "goi.zip", parcels=20, faults={"LND002": 2, "LND001": 1})
    return folder


@pytest.fixture(scope="module")
def every(checked: Path) -> Path:
    """Every format of one check."""
    from landxml_cli.main import main

    formats = [word for form in FORMATS for word in ("--format", form)]
    given = ["validate", str(checked / "goi.zip"), *formats, "-o", str(checked / "out"), "-q", "--lang", "en"]
    assert main([*given, "--fail-on", "never"]) == 0
    return checked / "out"


def test_several_formats_are_files_of_a_folder(every) -> None:
    assert {path.name for path in every.iterdir()} == set(NAMES.values())
    assert json.loads((every / "report.json").read_bytes())["errors"] == 3
    with (every / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sorted(row["rule"] for row in csv.DictReader(file)) == ["LND001", "LND002", "LND002"]


def test_a_folder_may_hold_one_document_and_a_terminal_no_bar(run, monkeypatch, checked, tmp_path) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    options = ["--format", "html", "--no-progress"]
    found = run("validate", checked / "goi.zip", "-o", f"{tmp_path}/neu/", *options)
    assert found.code == 1
    wrote, verdict, *_, after = found.err.splitlines()
    assert wrote == f"wrote {tmp_path}/neu/"
    assert verdict.startswith("Not conformant: errors 3")
    assert after == f"Next: open {tmp_path}/neu/report.html in a browser."
    assert [path.name for path in (tmp_path / "neu").iterdir()] == ["report.html"]


@pytest.mark.parametrize("output", [(), ("-o", "-")])
def test_several_formats_need_a_folder(run, monkeypatch, checked, output) -> None:
    monkeypatch.setattr("landxml_validator.validate", lambda *_, **__: pytest.fail("worked in vain"))
    found = run("validate", checked / "goi.zip", "--format", "html", "--format", "json", *output)
    assert (found.code, found.err) == (2, "Error: several forms need a folder: -o FOLDER\n")


def test_a_folder_with_something_in_it_is_refused(run, monkeypatch, checked, every) -> None:
    monkeypatch.setattr("landxml_validator.validate", lambda *_, **__: pytest.fail("worked in vain"))
    found = run("validate", checked / "goi.zip", "--format", "html", "--format", "json", "-o", every)
    assert (found.code, found.out) == (2, "")
    assert "the folder is not empty" in found.err


@pytest.mark.skipif(sys.platform == "win32", reason="modes are another matter there")
def test_documents_with_personal_data_are_for_their_owner_only(run, every, tmp_path) -> None:
    report = json.loads((every / "report.json").read_bytes()) | {"personal_data": True}
    source = tmp_path / "report.json"
    source.write_text(json.dumps(report), "utf-8")
    before = os.umask(0o022)
    try:
        assert run("render", source, "--format", "text", "--format", "html", "-o", tmp_path / "a").code == 0
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a").iterdir()} == {0o600}


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_rendered_again_is_the_same(run, every, tmp_path, form) -> None:
    again = tmp_path / NAMES[form]
    found = run("render", every / "report.json", "--format", form, "-o", again, "--lang", "en")
    assert found == (0, "", f"wrote {again}\n")
    assert again.read_bytes() == (every / NAMES[form]).read_bytes()


def test_what_cannot_be_rendered_again_is_told(run, every, checked, tmp_path) -> None:
    def said(*arguments: object) -> str:
        found = run("render", *arguments, "--lang", "en")
        assert (found.code, found.out) == (2, "")
        return str(found.err)

    source, table = tmp_path / "report.json", tmp_path / "findings.parquet"
    source.write_bytes((every / "report.json").read_bytes())
    lists = ("--format", "csv")
    assert said(source, *lists) == (
        f"Error: this form lists all findings; it needs {table}, or --findings\n"
    )  # fmt: skip
    assert (
        said(source, *lists, "--findings", "none.parquet") == "Error: none.parquet: no such file or folder.\n"
    )
    assert "is no .parquet of findings" in said(source, *lists, "--findings", checked / "goi.zip")
    table.write_bytes((every / "findings.parquet").read_bytes())
    other = json.loads(source.read_bytes())
    for result in other["results"]:
        result["count"] = 0
    source.write_text(json.dumps(other), "utf-8")
    assert "holds the findings of another check" in said(source, *lists)
    source.write_text(json.dumps(other | {"schema_version": "9.1"}), "utf-8")
    assert "the report is of version 9.1; 1." in said(source)
    source.write_text("{}", "utf-8")
    assert "is no JSON report of landxml validate" in said(source)
    assert "no such file or folder" in said(tmp_path / "neu.json")
    assert "this is a folder" in said(tmp_path)


def test_new_findings_are_new_to_something(run, monkeypatch, checked) -> None:
    monkeypatch.setattr("landxml_validator.validate", lambda *_, **__: pytest.fail("worked in vain"))
    found = run("validate", checked / "goi.zip", "--fail-on", "new")
    said = "Error: --fail-on new needs --baseline, the findings of an earlier check\n"
    assert (found.code, found.err) == (2, said)
