"""Write ``docs/kill-matrix.md``: which slips in the SQL of each rule its tests notice.

    python tasks/build_kill_matrix.py [CODE …]

With codes only these rules are judged again, which takes seconds each. A slip is noticed if the query with it
finds other rows in a crowd of drawn records (``tests/crowd.py``) or in a file of the corpus of its rule. What
changes nothing, and why, stands in ``tests/corpus/equivalent.toml``; digests of what rules find in their
crowds go to ``tests/corpus/crowd.csv``.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from landxml_validator.rule import builtin  # noqa: E402 - after the path
from tests.kill_matrix import DRAWN, Judge, page, parts, row, section  # noqa: E402

TARGET = ROOT / "docs" / "kill-matrix.md"


def made(codes: Collection[str] = ()) -> tuple[str, str]:
    """Return the page, and the table of digests; if codes are given, with what both say of the others."""
    kept, drawn = (parts(TARGET.read_text("utf-8")), DRAWN) if codes else ({}, {})
    rules = [rule for rule in builtin().values() if rule.sql]
    with Judge() as judge:
        for rule in rules:
            if rule.code in codes or not codes:
                judged = judge.of(rule)
                kept[rule.code] = row(rule.code, judged), section(rule.code, judged)
                drawn[rule.code] = judged.drawn
    digests = (f"{rule.code},{drawn[rule.code]}\n" for rule in rules if rule.code in drawn)
    return page(kept[rule.code] for rule in rules), "".join(digests)


if __name__ == "__main__":
    for path, text in zip((TARGET, ROOT / "tests/corpus/crowd.csv"), made(sys.argv[1:]), strict=True):
        path.write_text(text, "utf-8")
