from __future__ import annotations

import landxml_schemas


def test_layouts_are_found_by_id():
    assert list(landxml_schemas.layouts()) == ["national", "vbdlis-xml"]


def test_manifests_are_whole():
    for manifest in landxml_schemas.layouts().values():
        assert manifest["root"]
        assert manifest["extension"] == "xml"
        assert manifest["schema"].endswith(".xsd")
        assert "namespace" in manifest
        for text in (manifest["title"], manifest["evidence"]):
            assert set(text) == {"vi", "en"}


def test_the_national_profile_says_that_it_is_not_official():
    title = landxml_schemas.layouts()["national"]["title"]
    assert "not an official schema" in title["en"]
    assert "không phải lược đồ chính thức" in title["vi"]


def test_files_are_found_as_paths():
    assert landxml_schemas.path("vbdlis_xml", "dictionary.csv").is_file()
    assert landxml_schemas.path("py.typed").is_file()
