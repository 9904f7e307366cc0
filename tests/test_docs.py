"""Pages made from the sources are as fresh as the sources."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_data_dictionary_is_fresh():
    task = runpy.run_path(str(ROOT / "tasks" / "build_dictionary_docs.py"))
    assert (ROOT / "docs" / "dictionary.md").read_text("utf-8") == task["page"]()


def test_page_of_identifiers_is_fresh():
    task = runpy.run_path(str(ROOT / "tasks" / "build_identifier_docs.py"))
    assert (ROOT / "docs" / "identifiers.md").read_text("utf-8") == task["page"]()
