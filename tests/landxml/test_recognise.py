from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from landxml.layouts import builtin, national
from landxml.recognise import HEAD, sniff, strange
from landxml.safe_xml import parser

NATIONAL = '<ld:DuLieuDatDai xmlns:ld="urn:landxml:vn-land:1.0"/>'


def workbook(part: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", part):  # without the time, which would be part of a test's name
            archive.writestr(zipfile.ZipInfo(name), "<x/>")
    return file.getvalue()


def declared(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n<HoSoXml>Nguyễn</HoSoXml>'


@pytest.mark.parametrize(
    ("data", "layout", "encoding"),
    [
        (b"<HoSoXml/>", "vbdlis-xml", "utf-8"),
        (NATIONAL.encode(), "national", "utf-8"),
        (NATIONAL.replace("ld:", "").replace(":ld", "").encode(), "national", "utf-8"),
        (b"\xef\xbb\xbf<HoSoXml/>", "vbdlis-xml", "utf-8-sig"),
        (b"\n\t  <HoSoXml>", "vbdlis-xml", "utf-8"),
        (b"<!-- a --><?b c?>\n<!-- <!DOCTYPE d> --><HoSoXml>", "vbdlis-xml", "utf-8"),
        (b"<!--" + b"x" * 60_000 + b"--><HoSoXml>", "vbdlis-xml", "utf-8"),
        (declared("UTF-8").encode(), "vbdlis-xml", "utf-8"),
        (declared("UTF-8").encode("utf-16"), "vbdlis-xml", "utf-16"),
        (declared("UTF-16").encode("utf-16"), "vbdlis-xml", "utf-16"),
        (declared("UTF-16").encode("utf-16-le"), "vbdlis-xml", "utf-16"),
        (declared("UTF-16").encode("utf-16-be"), "vbdlis-xml", "utf-16"),
        ("<HoSoXml/>".encode("utf-16"), "vbdlis-xml", "utf-16"),
        (b"<?xml version='1.0' encoding = 'windows-1258'?><HoSoXml>\xd2", "vbdlis-xml", "windows-1258"),
        (b"<HoSoXml xmlns='urn:other'/>", None, "utf-8"),
        (b"<kml/>", None, "utf-8"),
    ],
)
def test_layouts_are_known_by_their_root(data, layout, encoding):
    found = sniff(data)
    known = [each.id for each in builtin().values() if found.has_root(each)]
    assert (known, found.encoding) == ([layout] if layout else [], encoding)
    assert not found.doctype


URN = "urn:landxml:vn-land:1.0"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"<x:HoSoXml xmlns:x='urn:other'/>",
            "“HoSoXml”: found namespace “‹xxx:xxxxx›”, expected no namespace.",
        ),
        (b"<DuLieuDatDai/>", f"“DuLieuDatDai”: found no namespace, expected namespace “{URN}”."),
        (f"<DuLieuDatDai xmlns='{URN}.2'/>".encode(), f"found namespace “{URN}.2”, expected names"),
        (b"<DanhSach/>", "“‹XxxxXxxx›” is that of no known layout."),
    ],
)
def test_what_is_of_no_layout_is_said_with_what_was_found_and_expected(data, said):
    found = sniff(data)
    assert found.root in {"HoSoXml", "DuLieuDatDai", "DanhSach"}
    problem = strange(found, list(builtin().values()))
    assert (problem.reason, problem.line) == ("layout", 1)
    assert said in problem.what.en


@pytest.mark.parametrize("codec", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_named(codec):
    found = sniff("<HoSoXml/>".encode(codec))
    assert found.encoding == "utf-32"
    assert found.problem is not None
    assert "UTF-32" in found.problem.what.vi


def test_utf8_without_its_hyphen_is_utf_8():
    assert sniff(declared("UTF8").encode()).encoding == "utf-8"


@pytest.mark.parametrize(
    ("head", "advice"),
    [
        (b"7z\xbc\xaf\x27\x1c", "nén lại thành .zip"),
        (b"Rar!\x1a\x07", "nén lại thành .zip"),
        (b"\x1f\x8b\x08", "nén lại thành .zip"),
        (b"SQLite format 3\0", "kết xuất thành XML/GML"),
        (b"\0\0\x27\x0a", "không có lớp nào có các trường của thửa đất"),
        (b"PK\3\4 xl/workbook.xml", "landxml layouts"),
        (b"%PDF-1.7", "chọn tệp dữ liệu XML/GML"),
    ],
)
def test_advice_fits_the_kind_of_file(head, advice):
    found = sniff(head).problem
    assert found is not None
    assert advice in found.what.vi


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "empty"),
        (b" \r\n\t", "empty", "empty"),
        (b"\xef\xbb\xbf", "empty", "empty"),
        (b"\0" * 100_000, "empty", "empty"),
        (b"maXa,thua\n", "not-xml", "no element"),
        (b"\x00\x01\x02\x03", "binary", "binary data"),
        (workbook("xl/workbook.xml"), "binary", "an Excel workbook"),
        (workbook("word/document.xml"), "binary", "an Office document"),
        (b"PK\3\4 and more", "binary", "a zip archive"),
        (b"%PDF-1.7", "binary", "a PDF"),
        (gzip.compress(b"<HoSoXml/>", mtime=0), "binary", "gzip"),
        (b'{"type": "FeatureCollection"}', "binary", "GeoJSON"),
        (b'{"ten": "a"}', "binary", "JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "binary", ".xls"),
        (b"<!DOCTYPE HTML>\n<html>", "binary", "web page"),
        (b"<!-- " + b"x" * 70_000 + b"--><HoSoXml/>", "limit", "64 kB"),
        (b"<!-- never closed", "truncated", "cut off"),
        (b'<?xml version="1.0"?>\n', "not-xml", "no element"),
        (declared("utf-16").encode(), "encoding", "declares utf-16 but is not"),
        (declared("klingon").encode(), "encoding", "not exist"),
        ("<HoSoXml/>".encode("utf-16-le"), "encoding", "byte-order mark"),
        ("<HoSoXml/>".encode("utf-16-be"), "encoding", "byte-order mark"),
        (b"\xff\xfe<\0a", "truncated", "cut off"),
        (b"<H\xe1\xba", "truncated", "cut off"),
        (b"<H\xe1 />", "encoding", "not valid"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else None,
)
def test_what_is_not_a_document_is_named(data, code, words):
    found = sniff(data)
    assert not found.root
    assert found.problem is not None
    assert found.problem.reason == code, found
    assert words in found.problem.what.en


@pytest.mark.parametrize("before", ["", "\n", "<!-- x -->", "<?a b?>", '<?xml version="1.0"?>'])
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/hostname'>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "<!DOCTYPE a [<!ENTITY b '" + "c" * HEAD + "'>]>",
        "<!DOCTYPE a",
    ],
    ids=range(5),
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_doctype_is_always_seen(before, doctype, encoding):
    found = sniff(f"{before}{doctype}<a/>".encode(encoding))
    assert found.doctype
    assert found.problem is not None
    assert found.problem.reason == "doctype"
    assert "không định dạng nào cần" in found.problem.what.vi


def test_a_stream_is_left_at_its_start():
    data = NATIONAL.encode() + b" " * 100_000
    seekable = io.BytesIO(data)
    assert sniff(seekable).has_root(national())
    assert seekable.read() == data

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    peekable = io.BufferedReader(Pipe(data), HEAD + 1)
    assert sniff(peekable).has_root(national())
    assert peekable.read() == data


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00\xd8")
@example(b"<?xml version='1.0' encoding='utf-7'?><a/>")
@example(b"<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>")
def test_no_bytes_upset_it(data):
    found = sniff(data)
    assert found.problem is not None or found.root


@given(
    st.text("<>!-?[]&;'\"= \nDOCTYPExmlaENTITY", max_size=60),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_the_parser_never_sees_a_doctype_that_sniff_did_not(text, encoding):
    data = text.encode(encoding)
    found = sniff(data)
    try:
        tree = etree.fromstring(data, parser()).getroottree()
    except etree.XMLSyntaxError:
        return
    assert found.doctype == bool(tree.docinfo.doctype)  # type: ignore[union-attr]
    assert found.doctype or found.root == etree.QName(tree.getroot()).localname
