"""Encodings of DBF files: stated, seen, inferred; never in silence."""

import unicodedata
from pathlib import Path

import pytest

from landxml.dbf import charset, decoded, stated_size
from tests.layers import PARCELS, written

TEXTS = ["Xóm Bãi Bằng", "Khu phố Quỳnh Lưu", "Thôn Đông Hường", "Tổ dân phố số một", "ấp Mỹ Thuận"]
TCVN3 = ["Xãm B·i B»ng", "Khu phè Quúnh L\xadu", "Th«n §«ng H\xadêng", "Tæ d©n phè sè mét", "Êp Mü ThuËn"]


def cp1258(text: str) -> bytes:
    """Write the tone marks of windows-1258 behind the letters."""
    found = b""
    for letter in text:
        try:
            found += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", marks.replace(tone, ""))
            found += base.encode("cp1258") + tone.encode("cp1258")
    return found


def table(folder: Path, texts: list[str], cpg: str | None) -> Path:
    """Write a DBF file whose texts are bytes given as characters of Latin-1."""
    shapes = written(folder / "thua.shp", fields=PARCELS | {"DiaChi": texts}, encoding="ISO-8859-1")
    shapes.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        shapes.with_suffix(".cpg").write_text(cpg)
    return shapes.with_suffix(".dbf")


UTF8 = [text.encode().decode("latin-1") for text in TEXTS]
WINDOWS = [cp1258(text).decode("latin-1") for text in TEXTS]


@pytest.mark.parametrize(
    ("texts", "cpg", "name", "inferred"),
    [
        (["khu 1"] * 5, None, "utf-8", False),
        (UTF8, None, "utf-8", False),
        (UTF8, "UTF-8", "utf-8", False),
        (UTF8, "1252", "utf-8", True),
        (WINDOWS, "1258", "cp1258", False),
        (WINDOWS, "ANSI 1258", "cp1258", False),
        (WINDOWS, None, "cp1258", True),
        (TCVN3, None, "TCVN3", True),
        (TCVN3, "UTF-8", "TCVN3", True),
        (TCVN3, "1252", "TCVN3", True),
        (["Zürich", "Älvsjö", "Malmö", "Köln", "Lyon é"], None, "cp1252", True),
        (["Zürich"] * 5, "1252", "cp1252", False),
    ],
)
def test_what_a_file_says_counts_unless_its_texts_prove_it_wrong(
    tmp_path: Path, texts: list[str], cpg: str | None, name: str, inferred: bool
) -> None:
    found = charset(table(tmp_path, texts, cpg))
    assert (found.name, found.inferred, found.stated) == (name, inferred, cpg or "")


@pytest.mark.parametrize(("texts", "name"), [(TCVN3, "TCVN3"), (WINDOWS, "cp1258"), (UTF8, "utf-8")])
def test_texts_are_decoded(texts: list[str], name: str) -> None:
    assert [decoded(text.encode("latin-1"), name) for text in texts] == TEXTS


def test_a_character_cut_off_by_the_width_of_the_field_is_no_other_encoding(tmp_path) -> None:
    cut = [text.encode()[:-1].decode("latin-1") for text in ["Hà", "Tổ", "Lũ", "Đề", "Bà"]]
    assert charset(table(tmp_path, cut, None)).name == "utf-8"


def test_a_file_that_is_none_is_told(tmp_path) -> None:
    path = tmp_path / "thua.dbf"
    path.write_bytes(b"\3" * 40)
    with pytest.raises(ValueError, match="not a DBF file"):
        charset(path)


def test_headers_say_how_long_files_are(tmp_path) -> None:
    path = table(tmp_path, UTF8, None)
    for each in (path, path.with_suffix(".shp")):
        size = each.stat().st_size
        assert stated_size(each) in {size, size - 1}, "an end mark may follow"
