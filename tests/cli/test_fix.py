from __future__ import annotations

import json
import re
import zipfile

import pytest

from landxml_samples import write


@pytest.fixture(scope="module")
def goi(tmp_path_factory):
    path = tmp_path_factory.mktemp("fix") / "goi.zip"
    write(path, parcels=60, faults={"TXT001": 2, "TXT002": 1})
    return path


def test_counting_writes_nothing_and_says_that_there_is_something_to_do(run, goi) -> None:
    result = run("fix", goi, "--lang", "vi", "-q")
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("Sửa được 2 giá trị\n")
    assert "TXT001" in result.out


def test_mended_and_back(run, goi, tmp_path) -> None:
    result = run("fix", goi, "-o", tmp_path / "sua.zip", "--format", "json")
    assert result.code == 0
    assert [(each["rule"], each["count"]) for each in json.loads(result.out)["fixes"]] == [("TXT001", 2)]
    assert "sua.remap.csv" in result.err
    back = run(
        "fix", tmp_path / "sua.zip", "--reverse", tmp_path / "sua.remap.csv", "-o", tmp_path / "cu.zip"
    )
    assert back.code == 0
    assert run("fix", tmp_path / "cu.zip", "-q").out == run("fix", goi, "-q").out


def test_a_diff_shows_each_element_and_writes_nothing(run, goi, tmp_path) -> None:
    text = zipfile.ZipFile(goi).read("06652.gml").decode()
    result = run("fix", goi, "--diff", "--show-personal-data", "--unsafe", "-q")
    assert (result.code, result.err) == (1, "")
    head, *hunks = result.out.split("\n@@ ")
    assert head == f"--- {goi}!/06652.gml\n+++ {goi}!/06652.gml"
    assert len(hunks) == 3
    for hunk in hunks:
        place, old, new = hunk.splitlines()
        number = int(place.split()[0].removeprefix("-"))
        written = re.sub(r"\[U\+(\w+)\]", lambda found: chr(int(found[1], 16)), old.removeprefix("-"))
        assert text.splitlines()[number - 1].strip() == written
        assert new == "+<ld:kho>Kho Mẫu</ld:kho>"
    assert "Mẫu" not in run("fix", goi, "--diff").out, "masked, unless it shall be shown"
    assert {path.name for path in goi.parent.iterdir()} == {goi.name, "goi.faults.csv"}
    sound = tmp_path / "sound.gml"
    assert run("fix", goi, "--unsafe", "-o", tmp_path / "sua.zip", "-q").code == 0
    sound.write_bytes(zipfile.ZipFile(tmp_path / "sua.zip").read("06652.gml"))
    assert run("fix", sound, "--diff", "--unsafe", "-q")[:2] == (0, "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--select", "TXT002"], "add --unsafe"),
        (["--select", "TXT001,TXT02"], "did you mean TXT002?"),
        (["--reverse", "x.csv"], "need -o"),
        (["--diff", "-o", "y.zip"], "--diff only shows"),
        (["--diff", "--format", "json"], "--diff only shows"),
        (["--show-personal-data"], "needs --diff"),
    ],
)
def test_what_cannot_be_is_said(run, goi, options, said) -> None:
    result = run("fix", goi, *options)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
