from __future__ import annotations

import json

import pytest

from landxml.dictionary import dictionary
from landxml.layouts import builtin
from landxml_mappings import convert


@pytest.mark.parametrize("layout", builtin().values(), ids=builtin())
def test_a_layout_is_shown_field_by_field(run, layout) -> None:
    shown = run("layouts", layout.id, "--lang", "vi")
    assert shown.code == 0
    assert layout.title.vi in " ".join(shown.out.split())
    fields = [field.element for _, field in dictionary(layout).fields()]
    assert all(f" {name} " in shown.out for name in fields)
    data = json.loads(run("layouts", layout.id, "--format", "json").out)
    assert [field["element"] for field in data["fields"]] == fields
    assert data["id"] == layout.id


def test_what_maps_where(run) -> None:
    fields = json.loads(run("layouts", "vbdlis-xml", "--format", "json").out)["fields"]
    national = {(field["class"], field["element"]): field["national"] for field in fields}
    assert national["DC_ThuaDat", "soThuTuThua"] == ["ThuaDat.soThuTuThua"]
    sheet = json.loads(run("layouts", "ilis-sheet", "--format", "json").out)["fields"]
    assert {f["element"]: f["national"] for f in sheet}["CHU_hoTen"] == ["CaNhan.hoTen"]


def test_a_layout_that_is_none_is_told_with_those_there_are(run) -> None:
    found = run("layouts", "vbdlis-xnl")
    assert (found.code, found.out) == (2, "")
    assert "vbdlis-xml" in found.err


def test_a_layout_is_suggested_and_used(run, good, tmp_path) -> None:
    table, folder = tmp_path / "ke-khai.xlsx", tmp_path / "dinh-dang"
    convert(good, table, to="ilis-sheet")
    found = run("layouts", "suggest", table, "-o", folder)
    assert found.code == 0
    assert "ilis-sheet" in found.out
    assert f"--layout {folder}" in found.err
    checked = json.loads(run("validate", table, "--layout", folder, "--format", "json").out)
    assert {file["layout"] for file in checked["files"]} == {"dinh-dang"}
    again = run("layouts", "suggest", table, "-o", folder)
    assert again.code == 2, "what stands there is not overwritten"
    data = json.loads(run("layouts", "suggest", table, "--format", "json").out)
    assert data["layout"] == "ilis-sheet"
    assert {column["element"] for column in data["columns"]} >= {"CHU_hoTen", "GCN_soPhatHanh"}


def test_what_cannot_be_read_is_one_sentence(run, tmp_path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    for file in (tmp_path / "a.xlsx", tmp_path / "none.xlsx", tmp_path):
        found = run("layouts", "suggest", file, "-o", tmp_path / "out")
        assert (found.code, found.out) == (2, "")
        assert len(found.err.splitlines()) == 1
        assert not (tmp_path / "out").exists()
