from __future__ import annotations

import json


def test_dossiers_become_a_workbook_and_the_report_says_what_is_left_behind(run, dossiers, tmp_path) -> None:
    out, loss = tmp_path / "so.xlsx", tmp_path / "mat.json"
    done = run("convert", dossiers, "-o", out, "--to", "mplis-collection", "--loss", loss)
    assert done.code == 0
    assert done.out.startswith("CONVERTED, WITH LOSSES")
    assert "DiaChi.tenXa" in done.out
    assert f"wrote {out}" in done.err
    assert f"wrote {loss}" in done.err
    told = json.loads(loss.read_text("utf-8"))
    assert (told["to"], told["written"], told["lossless"]) == ("mplis-collection", True, False)
    assert run("validate", out).code in {0, 1}


def test_nothing_is_lost_on_the_way_to_the_national_package(run, dossiers, tmp_path) -> None:
    done = run(
        "convert", dossiers, "-o", tmp_path / "goi.gml", "--to", "national", "--strict", "--lang", "vi"
    )
    assert (done.code, done.out.splitlines()[0]) == (0, "ĐÃ CHUYỂN, KHÔNG MẤT GÌ")
    assert run("validate", tmp_path / "goi.gml").code == 0


def test_strict_refuses_losses(run, dossiers, tmp_path) -> None:
    done = run("convert", dossiers, "-o", tmp_path / "so.xlsx", "--to", "ilis-sheet", "--strict")
    assert (done.code, done.out.splitlines()[0]) == (1, "NOTHING WAS WRITTEN")
    assert list(tmp_path.iterdir()) == []


def test_what_goes_wrong_is_one_sentence(run, dossiers, tmp_path) -> None:
    for words, said in (
        ([dossiers, "--to", "toy"], "vbdlis-xml"),
        ([tmp_path / "none.zip", "--to", "national"], "none.zip"),
        ([dossiers, "--to", "national", "--from", "mplis-collection"], "not mplis-collection"),
    ):
        done = run("convert", *words, "-o", tmp_path / "ra.gml")
        assert done.code == 2
        assert said in done.err
        assert "Traceback" not in done.err
        assert list(tmp_path.iterdir()) == []


def test_mistakes_in_a_mapping_are_told_at_once(run, dossiers, tmp_path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('layout = "ilis-sheet"\nrow = "Dong"\ndossier = ["SST"]\n[classes.ThuaDatt]\n', "utf-8")
    for words in (["validate"], ["inspect"], ["convert", "-o", tmp_path / "ra.gml", "--to", "national"]):
        done = run(words[0], dossiers, *words[1:], "--mapping", own)
        assert done.code == 2
        assert f"{own}:3: there is no column “SST”; did you mean STT?" in done.err
        assert f"{own}:4: there is no class “ThuaDatt”; did you mean ThuaDat?" in done.err
