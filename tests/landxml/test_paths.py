"""Paths as users give them: one or many, mistyped, with other files beside the data."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from landxml.absent import absent
from landxml.documents import Refusal
from landxml.sources import find, listed

XML = b"<HoSoXml/>"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


OTHERS = {
    "ghi chú.docx": b"PK\3\4",
    "bang.CSV": b"a;b",
    "ban-do.shx": b"\0\0\x27\x0a",
    "bo.7z": b"7z",
    "luoc-do.xsd": b"<schema/>",
    "khác": b"words",
    "x.Nguyễn": b"<",
    "hồ sơ": XML,
    "to.khai": b"\xef\xbb\xbf  <HoSoXml/>",
}
COUNTED = {".docx": 1, ".csv": 1, ".shx": 1, ".7z": 1, ".xsd": 1, "": 1}


@pytest.mark.parametrize("method", [None, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_other_files_are_counted_and_what_begins_like_xml_is_a_document(tmp_path, method):
    if method is None:
        for name, data in OTHERS.items():
            (tmp_path / "goi" / name).parent.mkdir(exist_ok=True)
            (tmp_path / "goi" / name).write_bytes(data)
    else:
        with zipfile.ZipFile("goi", "w", method) as made:
            for name, data in OTHERS.items():
                made.writestr(name, data)
    skipped = Counter[str]()
    found = {item.name.rpartition("/")[2] for item in find("goi", skipped)}
    assert (found, skipped) == ({"hồ sơ", "to.khai", "x.Nguyễn"}, COUNTED)


def test_one_path_or_many(tmp_path):
    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "b.xml").write_bytes(XML)
    for paths in ("a.xml", Path("a.xml"), ["a.xml"], (path for path in ["a.xml"])):
        assert [item.name for item in find(paths)] == ["a.xml"]
    assert listed([Path("a.xml"), "b.xml"]) == ["a.xml", "b.xml"]
    with pytest.raises(TypeError):
        listed(b"a.xml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("goi/06652.gmll", "; did you mean goi/06652.gml?"),
        ("gio/06652.gml", "; did you mean goi?"),
        ("goi/06652.gml/1.xml", "; did you mean goi/06652.gml?"),
        ("qqqq", "."),
        ("https://a.vn/goi.zip", "; nothing is fetched, download it first."),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest_name(tmp_path, path, hint):
    (tmp_path / "goi").mkdir()
    (tmp_path / "goi" / "06652.gml").write_bytes(XML)
    refused = absent(path)
    assert refused is not None
    assert refused.what.en == f"No such file or folder{hint}"
    assert [refused] == list(find(path))
    assert absent("goi") is absent("-") is None


@pytest.mark.parametrize("path", ["nothing.xml", "nothing/at/all", "a\0b", "x" * 5000])
def test_a_path_that_does_not_exist_is_refused(path):
    [found] = find([path])
    assert isinstance(found, Refusal)
    assert found.reason == "unreadable"
    assert found.name.isprintable()
