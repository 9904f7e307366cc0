from __future__ import annotations

import json


def test_codes_are_given_and_compared(run, good, tmp_path):
    out = tmp_path / "coded"
    done = run("parcel-codes", good, "-o", out)
    assert done.code == 0
    assert "given a code: 12" in done.out
    assert "0.010 m" in done.out
    assert "wrote" in done.err
    again = run("parcel-codes", out, "--lang", "vi")
    assert again.code == 0
    assert "12 ký tự đầu: 12" in again.out


def test_wrong_codes_are_findings(run, good, tmp_path):
    out = tmp_path / "coded"
    run("parcel-codes", good, "-o", out)
    (path,) = out.rglob("*.gml")
    text = path.read_text("utf-8")
    code = text.partition("<ld:maThuaDat>")[2][:12]
    path.write_text(text.replace(code, "w3gv2r8jq4xz"), "utf-8")
    shown = run("parcel-codes", out)
    assert shown.code == 1
    assert f"computed {code}" in shown.out
    found = run("parcel-codes", out, "--format", "json")
    assert found.code == 1
    report = json.loads(found.out)
    assert report["findings"] == {"outside": 1, "malformed": 0, "duplicate": 0, "impossible": 0}
    assert report["samples"][0]["code"] == "w3gv2r8jq4xz"
    assert run("parcel-codes", out, "--replace", "-o", tmp_path / "mended").code == 0


def test_what_cannot_be_done_is_said(run, good, dossiers, tmp_path):
    for arguments, said in (
        ((good, "--replace"), "--replace needs -o"),
        ((good, "--precision", "0"), "0.001 m"),
        ((good, "--precision", "x"), "--precision"),
        ((good, "-o", good), "is the input"),
        ((tmp_path / "nix",), "o such file or folder"),
        ((dossiers,), "national layout"),
        ((), "FILE is missing"),
    ):
        done = run("parcel-codes", *arguments)
        assert done.code == 2, arguments
        assert done.out == ""
        assert said in done.err
