from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from landxml.layouts import builtin
from landxml_mappings.spec import is_mapped

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "layout", [each for each in builtin().values() if is_mapped(each)], ids=lambda layout: layout.id
)
def test_the_page_of_a_mapping_is_fresh(layout):
    spec = importlib.util.spec_from_file_location(
        "build_mapping_docs", ROOT / "tasks" / "build_mapping_docs.py"
    )
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert (script.FOLDER / f"{layout.id}.md").read_text(encoding="utf-8") == script.written(layout)
