from __future__ import annotations

import json
from pathlib import Path

import pytest

from landxml_cli import demo


def test_sample(run, tmp_path) -> None:
    out = tmp_path / "new.zip"
    options = ["--parcels", "30", "--communes", "2", "--province", "Hà Nội", "--faults", "LND002=2,CRT002"]
    found = run("sample", "-o", out, *options, "--seed", "7", "--date", "01/09/2025")
    assert (found.code, found.out) == (0, "")
    assert f"wrote {out}" in found.err
    assert f"3 faults put in; listed in {tmp_path / 'new.faults.csv'}" in found.err
    assert (tmp_path / "new.faults.csv").read_text("utf-8").count("\n") == 4
    (seen,) = json.loads(run("inspect", out, "--format", "json").out)
    assert (seen["records"]["ThuaDat"], len(seen["communes"])) == (30, 2)


def test_sample_of_named_communes_and_of_dossiers(run, tmp_path) -> None:
    assert run("sample", "-o", tmp_path / "a", "--communes", "06652, 06658", "--parcels", "4").code == 0
    assert run("sample", "-o", tmp_path / "b.zip", "--layout", "vbdlis-xml", "--parcels", "3").code == 0
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["06652.gml", "06658.gml"]


def test_sample_is_repeatable(run, tmp_path) -> None:
    for name in ("a.zip", "b.zip"):
        run("sample", "-o", tmp_path / name, "--parcels", "5", "--seed", "3")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--communes", "99999"], "cannot be made"),
        (["--communes", "2000"], "cannot be made"),
        (
            ["--layout", "vbdlis-xml", "--faults", "GEO001"],
            "no sample fault GEO001; only these have it: national",
        ),
        (["--faults", "GEO999"], "there is no sample fault for “GEO999”"),
        (["--faults", "GEO002:3"], "“GEO002:3” is not of the form GEO001=3,LND002"),
        (["--faults", "GEO002=11", "--parcels", "10"], "11 faults need as many parcels, and there are 10"),
    ],
)
def test_sample_that_cannot_be(run, tmp_path, options, said) -> None:
    found = run("sample", "-o", tmp_path / "x", *options)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "Traceback" not in found.err


def test_a_sample_with_every_fault(run, tmp_path) -> None:
    run("sample", "-o", tmp_path / "x.zip", "--faults", "all=2,GEO002=3,", "--parcels", "900")
    listed = (tmp_path / "x.faults.csv").read_text("utf-8")
    assert (listed.count("GEO001,"), listed.count("GEO002,"), listed.count("PKG001,")) == (2, 3, 0)


def test_why_a_sample_cannot_be_is_told_in_vietnamese(run, tmp_path) -> None:
    found = run("sample", "-o", tmp_path / "x", "--communes", "2000", "--lang", "vi")
    assert "Lỗi: không tạo được gói: 2000 xã: Tỉnh Quảng Ninh có 54" in found.err


def test_sample_overwrites_nothing(run, tmp_path) -> None:
    (tmp_path / "mine.zip").write_text("mine", "utf-8")
    found = run("sample", "-o", tmp_path / "mine.zip", "--lang", "vi")
    assert found.code == 2
    assert f"Lỗi: {tmp_path / 'mine.zip'}: đã có sẵn; hãy đặt tên khác, hoặc ghi đè bằng --force" in found.err
    assert (tmp_path / "mine.zip").read_text("utf-8") == "mine"


def test_the_demo_finds_every_fault_and_the_readme_shows_what_it_says(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("demo", "-o", "build/demo")
    assert found.code == 0
    assert "X.3 Dữ liệu không gian địa chính" in found.out
    assert "mã thoát là 0" in found.err
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    shown = readme.partition("<!-- demo-output -->")[2].partition("```\n<!-- /demo-output")[0].splitlines()
    said = [line.rstrip() for line in (found.err + found.out).splitlines()]
    assert [line for line in shown[3:] if line not in {"", "…", *said}] == []
    names = {path.name for path in Path("build/demo").iterdir()}
    assert names == {"quang-ninh.zip", "quang-ninh.faults.csv", "report.html", "report.json"}
    report = json.loads(Path("build/demo/report.json").read_bytes())
    assert sum(result["count"] for result in report["results"]) == sum(demo.DEMO_FAULTS.values())
    failed = {result["rule"]["code"] for result in report["results"] if result["state"] == "failed"}
    assert failed == set(demo.DEMO_FAULTS)


def test_a_second_demo_takes_the_place_of_the_first(run, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(demo, "DEMO_PARCELS", 30)
    monkeypatch.setattr(demo, "DEMO_FAULTS", {"LND002": 2})
    found = run("demo", "-o", tmp_path / "new" / "demo")
    assert found.out.startswith("Không đạt: ")
    again = run("--lang", "en", "demo", "-o", tmp_path / "new" / "demo")
    assert again.out.startswith("Not conformant: ")
