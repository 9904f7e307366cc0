"""Pages made from the sources are as fresh as the sources."""

from __future__ import annotations

import runpy
from pathlib import Path

import landxml_schemas
from landxml.dictionary import national

ROOT = Path(__file__).parents[1]


def test_data_dictionary_is_fresh():
    task = runpy.run_path(str(ROOT / "tasks" / "build_dictionary_docs.py"))
    assert (ROOT / "docs" / "dictionary.md").read_text("utf-8") == task["page"]()


def test_page_of_identifiers_is_fresh():
    task = runpy.run_path(str(ROOT / "tasks" / "build_identifier_docs.py"))
    assert (ROOT / "docs" / "identifiers.md").read_text("utf-8") == task["page"]()


def test_ladm_table_is_fresh():
    task = runpy.run_path(str(ROOT / "tasks" / "build_ladm_docs.py"))
    assert (ROOT / "docs" / "ladm.md").read_text("utf-8") == task["page"](), "run tasks/build_ladm_docs.py"


def test_every_class_has_its_place_in_ladm_once():
    rows = landxml_schemas.rows("national", "ladm.csv")
    assert sorted(row["class"] for row in rows) == sorted(national().classes)
    for row in rows:
        assert (row["fit"] == "none") == (row["ladm"] == ""), row["class"]
        assert row["fit"] in {"full", "part", "none"}
        assert bool(row["vi"]) == bool(row["en"]), row["class"]
        assert row["ladm"] in {"", "VersionedObject"} or row["ladm"].startswith(("LA_", "Ext"))
