"""Pages made from the sources are as fresh as the sources."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import landxml_schemas
from landxml.dictionary import national

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("page", "task"),
    [
        ("dictionary", "build_dictionary_docs"),
        ("codelists", "build_codelist_docs"),
        ("identifiers", "build_identifier_docs"),
        ("ladm", "build_ladm_docs"),
    ],
)
def test_a_page_is_fresh(page, task):
    made = runpy.run_path(str(ROOT / "tasks" / f"{task}.py"))["page"]()
    assert (ROOT / "docs" / f"{page}.md").read_text("utf-8") == made, f"run tasks/{task}.py"


def test_every_class_has_its_place_in_ladm_once():
    rows = landxml_schemas.rows("national", "ladm.csv")
    assert sorted(row["class"] for row in rows) == sorted(national().classes)
    for row in rows:
        assert (row["fit"] == "none") == (row["ladm"] == ""), row["class"]
        assert row["fit"] in {"full", "part", "none"}
        assert bool(row["vi"]) == bool(row["en"]), row["class"]
        assert row["ladm"] in {"", "VersionedObject"} or row["ladm"].startswith(("LA_", "Ext"))
