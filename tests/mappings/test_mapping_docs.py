from __future__ import annotations

import pytest

from landxml.layouts import builtin
from landxml_mappings.row_spec import has_rows, row_mapping
from landxml_mappings.spec import is_mapped, mapping
from tasks.build_mapping_docs import FOLDER, REASONS, written

MAPPED = [each for each in builtin().values() if is_mapped(each)]


@pytest.mark.parametrize("layout", MAPPED, ids=lambda layout: layout.id)
def test_the_page_of_a_mapping_is_fresh(layout):
    assert (FOLDER / f"{layout.id}.md").read_text(encoding="utf-8") == written(layout)


def test_why_something_is_lost_is_said_in_both_languages():
    said = set()
    for layout in MAPPED:
        spec = row_mapping(layout) if has_rows(layout) else mapping(layout)
        for lost in (spec.lost, spec.absent, *(made.absent for made in spec.classes.values())):
            said |= {why.partition(" [")[0] for why in lost.values()}
    assert said == REASONS.keys()
