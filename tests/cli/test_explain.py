from __future__ import annotations

import json
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus"


def test_one_finding_after_a_check(run, bad, tmp_path) -> None:
    """The number that the text shows leads to the record, in each form."""
    checked = run("validate", bad, "-o", tmp_path / "all.json", "--findings", tmp_path / "all.csv", "-q")
    assert checked.code == 1
    report = json.loads((tmp_path / "all.json").read_bytes())
    found = next(each["samples"][0] for each in report["results"] if each["rule"]["code"] == "LND002")
    said = run("explain", tmp_path / "all.json", found["number"], "--lang", "vi")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"#{found['number']}  LND002")
    assert f"  {found['at']:>7}  " in said.out
    page = tmp_path / "one.html"
    assert run("explain", tmp_path / "all.csv", f"#{found['number']}", "-o", page).code == 0
    assert "<!doctype html>" in page.read_text("utf-8")


def test_what_cannot_be_explained(run, bad) -> None:
    said = run("explain", bad / "none.json", "1")
    assert said.code == 2
    assert "none.json" in said.err
    said = run("explain", bad, "1")
    assert said.code == 2
    assert said.err.count("\n") == 1


def test_an_input_that_is_not_there_is_an_error(run, bad, tmp_path) -> None:
    run("validate", bad, "-o", tmp_path / "all.json", "-q")
    said = run("explain", tmp_path / "all.json", "1", "--input", tmp_path / "none.zip")
    assert (said.code, said.out) == (2, "")
    assert "none.zip: no such file" in said.err


def test_of_the_encoding_of_a_file_nothing_is_shown(run, tmp_path) -> None:
    data, report = tmp_path / "goi.xml", tmp_path / "all.json"
    data.write_bytes((CORPUS / "PKG008/fail-utf-16.xml").read_bytes())
    run("validate", data, "-o", report, "-q")
    said = run("--lang", "en", "explain", report, "1", "--input", data)
    assert "The finding is about the whole file." in said.out
    assert "changed since the check" not in said.out
