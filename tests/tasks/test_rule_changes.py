"""Changes of rules from version to version."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from landxml.version import VERSION
from landxml_validator.rule import builtin
from tasks import build_rule_changes as task

RULE = """\
code = "{code}"
severity = "{severity}"
sql = "{sql}"
[parameters.largest]
default = {largest}
[title]
vi = "Tên"
en = "Title"
"""
OLD = """\
LND001 error SELECT_1 5
LND002 warning SELECT_1 5
LND003 error SELECT_1 5
LND004 info SELECT_1 5
LND005 warning SELECT_1 5
LND006 error SELECT_1 5"""
NEW = """\
LND001 error SELECT_1 5
LND002 error SELECT_1 5
LND003 warning SELECT_1 5
LND005 warning SELECT_1 9
LND006 error SELECT__1 5
TXT001 warning SELECT_1 5"""


def wheel(path: Path, *rules: str, script: str = "") -> Path:
    """A wheel with rules such as ``LND001 error SELECT_1 5``."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{task.RULES}/families.toml", "")
        for rule in rules:
            code, severity, sql, largest = rule.split(" ")
            text = RULE.format(code=code, severity=severity, sql=sql.replace("_", " "), largest=largest)
            archive.writestr(f"{task.RULES}/{code[:3].lower()}/{code}.toml", text)
        archive.writestr(f"{task.RULES}/lnd/LND001.py", script)
    return path


def test_what_became_of_rules(tmp_path, capsys):
    old = wheel(tmp_path / "old.whl", *OLD.splitlines())
    new = wheel(tmp_path / "new.whl", *NEW.splitlines(), script="def find(): …")
    task.main([str(old), str(new)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "## old.whl → new.whl"
    told = [
        line.split("|")[1:3] if line.startswith("| [") else line
        for line in lines
        if line[:3] in {"###", "| ["}
    ]
    assert [each if isinstance(each, str) else (each[0][2:8], each[1].strip()) for each in told] == [
        "### Dữ liệu đã đạt nay có thể không đạt · Data that passed may now fail",
        ("LND001", "xét khác · judged otherwise"),
        ("LND002", "cảnh báo → lỗi · warning → error"),
        "### Có thể thêm cảnh báo · There may be more warnings",
        ("LND005", "xét khác · judged otherwise"),
        ("TXT001", "mới → cảnh báo · new → warning"),
        "### Nhẹ hơn, hoặc không còn · Milder, or gone",
        ("LND003", "lỗi → cảnh báo · error → warning"),
        ("LND004", "thông tin → bỏ · info → gone"),
    ]


def test_what_is_kept_of_a_version_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(task, "KEPT", tmp_path)
    task.main(["--keep"])
    (kept,) = tmp_path.iterdir()
    assert list(task.changes(task._read(kept), task.rules(task.ROOT / "validator" / task.RULES))) == []


def test_a_rule_says_since_which_version_it_is():
    kept = {path.stem: task._read(path) for path in sorted(task.KEPT.glob("*.json"))}
    wrong = {
        code: rule.since
        for code, rule in builtin().items()
        if rule.since != next((name for name in kept if code in kept[name]), VERSION).rpartition(".")[0]
    }
    assert wrong == {}


@pytest.mark.slow  # of releases: while rules are worked on, the page waits
def test_the_page_is_fresh():
    assert task.TARGET.read_text("utf-8") == task.page(), "run python -m tasks.build_rule_changes"
