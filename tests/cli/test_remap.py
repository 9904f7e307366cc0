from __future__ import annotations

import json
from pathlib import Path

import pytest

from landxml_samples.package import write

DIVIDED = "06655"


@pytest.fixture(scope="session")
def legacy(folder: Path) -> Path:
    import datetime as dt

    write(
        folder / "cu.zip",
        layout="vbdlis-xml",
        parcels=6,
        communes=[DIVIDED, "06700"],
        date=dt.date(2025, 1, 1),
    )
    return folder / "cu.zip"


def test_remap_and_back(run, legacy, tmp_path) -> None:
    out, report = tmp_path / "moi.zip", tmp_path / "r.json"
    found = run("remap", legacy, "-o", out, "--report", report)
    assert found.code == 1  # a divided commune, and nothing that tells where its parcels went
    assert f"wrote {out}" in found.err
    assert f"wrote {tmp_path / 'moi.remap.csv'}" in found.err
    told = json.loads(report.read_text("utf-8"))
    assert (told["settled"], told["unsettled"]) == (False, sum(p["count"] for p in told["problems"]))
    assert {flow["new"] for flow in told["flows"]} == {None, "06706"}
    back = run("remap", out, "-o", tmp_path / "lai.zip", "--reverse", tmp_path / "moi.remap.csv")
    assert (back.code, back.out) == (0, "")
    assert "restored 6 documents" in back.err


def test_a_table_settles_the_rest(run, legacy, tmp_path) -> None:
    table = tmp_path / "quyet-dinh.csv"
    table.write_text(f"old_commune,new_commune\n{DIVIDED},06706\n", "utf-8")
    found = run(
        "remap",
        legacy,
        "-o",
        tmp_path / "moi.zip",
        "--resolve",
        table,
        "--sheet-policy",
        "prefix",
        "--lang",
        "vi",
    )
    assert found.code == 0
    assert found.out.startswith("ĐÃ XÁC ĐỊNH XONG")
    assert "bảng quyết định của cán bộ" in found.out


def test_a_reference_table_is_never_written_over(run, legacy, tmp_path) -> None:
    assert run("remap", legacy, "-o", tmp_path / "moi.zip").code in {0, 1}
    table = tmp_path / "moi.remap.csv"
    before = table.read_bytes()
    again = run("remap", legacy, "-o", tmp_path / "moi.zip")
    assert again.code == 2
    assert "exists already" in again.err
    (tmp_path / "moi.zip").unlink()
    again = run("remap", legacy, "-o", tmp_path / "moi.zip")
    assert f"{table}: exists already" in again.err
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "hôm nay"], "is not a date"),
        (["--to", "2019-01-01"], "say it with --from"),
        (["--to", "2019-01-01", "--from", "2025-01-01"], "not followed back to 2019-01-01"),
        (["--boundaries", "none.shp"], "none.shp: there is no such file"),
        (["--resolve", "none.csv"], "none.csv: no such file"),
        (["--sheet-policy", "prefx"], "did you mean prefix?"),
        (["--table", "a.doc"], "the suffix “.doc” does not stand"),
        (["--tolerance", "-1"], "is not a number of at least 0"),
        (["--reverse", "none.csv"], "none.csv: there is no such file"),
        (["-o", "none/moi.zip"], "none: no such file or folder"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(  # noqa: PLR0917 - fixtures
    run, legacy, tmp_path, monkeypatch, arguments, said
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("remap", legacy, "-o", "moi.zip", *arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "Traceback" not in found.err
    assert not list(tmp_path.iterdir())


def test_what_stands_there_is_not_written_over(run, legacy) -> None:
    found = run("remap", legacy, "-o", legacy, "--force")
    assert found.code == 2
    assert "is the input" in found.err
