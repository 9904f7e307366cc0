from __future__ import annotations

import json

import pytest

from landxml_samples import write
from landxml_validator import validate


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    """Files of findings of a delivery before and after a correction that brought a new mistake."""
    folder = tmp_path_factory.mktemp("diff")
    for name, faults in (("truoc", {"COD001": 3, "PTY001": 2}), ("sau", {"PTY001": 2, "LND001": 1})):
        write(folder / f"{name}.zip", parcels=60, faults=faults)
        validate([folder / f"{name}.zip"], findings=folder / f"{name}.csv")
    return folder / "truoc.csv", folder / "sau.csv"


def test_new_errors_make_the_exit_code(run, findings) -> None:
    before, after = findings
    result = run("diff", before, after, "--lang", "vi")
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("Phát hiện mới: ")
    assert "COD001" in result.out
    assert "Phường" in result.out
    assert run("diff", after, after).code == 0


def test_json_has_every_count(run, findings) -> None:
    before, after = findings
    data = json.loads(run("diff", before, after, "--format", "json").out)
    gone = {change["rule"]: change["gone"] for change in data["changes"]}
    assert gone["COD001"] == 3
    assert {change["rule"] for change in data["changes"] if change["new"]} >= {"LND001"}


def test_other_files_are_refused_in_a_sentence(run, findings, tmp_path) -> None:
    (tmp_path / "so.csv").write_text("a,b\n1,2\n", "utf-8")
    for name in ("so.csv", "khong.csv"):
        result = run("diff", findings[0], tmp_path / name, "--lang", "vi")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("Lỗi: ")
        assert result.err.count("\n") == 1
    (tmp_path / "report.json").write_text("{}", "utf-8")
    result = run("diff", findings[0], tmp_path / "report.json")
    assert (result.code, result.out) == (2, "")
    assert "needed is the file of --findings" in result.err
    result = run("validate", tmp_path / "so.csv", "--baseline", tmp_path / "so.csv")
    assert result.code == 2
    assert "--findings" in result.err
