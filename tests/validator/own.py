"""A rule of the user's own, to be varied."""

from __future__ import annotations

from pathlib import Path

RULE = '''
code = "XQN001"
severity = "error"
stage = "record"
applies_to = ["ThuaDat"]
sql = """
SELECT _file, _part, _at, _id, 'soHieuToBanDo' AS _path, soHieuToBanDo AS sheet FROM ThuaDat
WHERE soHieuToBanDo > $largest
"""
title = { vi = "Số tờ lớn", en = "Large sheet number" }
message = { vi = "Số tờ là {sheet}.", en = "The sheet number is {sheet}." }
explain = { vi = "Tờ được đánh số từ 1.", en = "Sheets are numbered from 1." }
fix = { vi = "Đối chiếu bản đồ.", en = "Compare with the map." }
legal = { vi = "Công văn 1/SNNMT", en = "Letter 1 of the department" }

[parameters.largest]
default = 10
vi = "số tờ lớn nhất"
en = "largest sheet number"
'''
SQL = RULE[RULE.index("SELECT") : RULE.index('\n"""\ntitle')]
SQL_LINE = 7
"""Line on which the query begins."""


def written(
    folder: Path, sql: str = SQL, changes: dict[str, str] | None = None, name: str = "XQN001"
) -> Path:
    """Write a rule with another query, and other changes of its text; return its folder."""
    text = RULE.replace(SQL, sql)
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder
