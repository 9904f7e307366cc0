from __future__ import annotations

import landxml_schemas
from landxml.layouts import builtin, national


def test_layouts_are_found_by_id():
    assert {"national", "vbdlis-xml"} <= set(builtin())


def test_manifests_are_whole():
    for layout in builtin().values():
        assert layout.path(layout.schema or layout.dictionary).is_file()
        known = layout.flat or layout.carrier == "collection"
        assert known or layout.root
        assert known or layout.schema
        for text in (layout.title, layout.evidence):
            assert text.vi
            assert text.en


def test_the_national_profile_says_that_it_is_not_official():
    assert "not an official schema" in national().title.en
    assert "không phải lược đồ chính thức" in national().title.vi


def test_files_are_found_as_paths():
    assert landxml_schemas.path("vbdlis_xml", "dictionary.csv").is_file()
    assert landxml_schemas.path("py.typed").is_file()
