from __future__ import annotations

import io
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from landxml.errors import LandXmlError
from landxml.layouts import builtin
from landxml.recognise import sniff
from landxml.safe_xml import LimitError, Problem, ended, members, parser, problem, whole
from landxml.text import Text
from landxml.xsd_compile import schema

BOMB = (
    b'<!DOCTYPE a [<!ENTITY x0 "ha">'
    + b"".join(b'<!ENTITY x%d "%s">' % (i, b"&x%d;" % (i - 1) * 10) for i in range(1, 12))
    + b"]><a>&x11;</a>"
)
QUADRATIC = b'<!DOCTYPE a [<!ENTITY x "' + b"a" * 100_000 + b'">]><a>' + b"&x;" * 5_000 + b"</a>"


def parse(data: bytes) -> Problem | None:
    try:
        etree.fromstring(data, parser())
    except etree.XMLSyntaxError as error:
        return problem(error, data[-64:])
    return None


def stream(data: bytes, *tags: str) -> Problem | None:
    try:
        for _ in ended(io.BytesIO(data), tags or "*"):
            pass
    except etree.XMLSyntaxError as error:
        return problem(error, data[-64:])
    return None


@pytest.mark.parametrize(
    ("code", "line", "data"),
    [
        ("not-xml", 1, b"maXa;soThua\n1;2\n"),
        ("not-xml", 1, b"\x01\x02\x03"),
        ("truncated", 3, b"<a>\n<b>1</b>\n"),
        ("truncated", 2, b"<a>\n<b>1</"),
        ("truncated", 2, b"<a>\n<b"),
        ("truncated", 2, b"<a>\n<b x"),
        ("truncated", 2, b'<a>\n<b x="1'),
        ("truncated", 2, b"<a>\n<"),
        ("truncated", 2, b"<a>\n<!-- "),
        ("truncated", 2, b"<a>\n<![CDATA[Nguy"),
        ("truncated", 2, b"<a>\n&am"),
        ("truncated", 2, "<a>\nạ".encode()[:-1]),
        ("encoding", 2, b"<a>\n\xe9</a>"),
        ("encoding", 1, b'<?xml version="1.0" encoding="klingon"?><a/>'),
        (
            "encoding",
            1,
            '<?xml version="1.0" encoding="UTF-8"?><a>Nguyễn</a>'.encode("utf-16")[:-5] + b"\xd8>\0",
        ),
        ("malformed", 2, b"<a>\n<b></a>"),
        ("malformed", 1, b"<a>A & B</a>"),
        ("malformed", 1, b'<a b="<"/>'),
        ("malformed", 1, b"<a>\x01</a>"),
        ("malformed", 1, b"<a/><b/>"),
        ("malformed", 2, b'\n<?xml version="1.0"?><a/>'),
        ("malformed", 1, b"<ld:a/>"),
        ("malformed", 1, b"<a x='1' x='2'/>"),
        ("malformed", 1, b"<a x=1/>"),
        ("entity", 1, b"<a>&nbsp;</a>"),
        ("limit", 1, BOMB),
        ("limit", 1, QUADRATIC),
        ("limit", 1, b"<a>" + b"x" * 11_000_000 + b"</a>"),
        ("limit", 1, b'<a b="' + b"x" * 11_000_000 + b'"/>'),
        ("limit", 1, b"<a>" * 5_000 + b"</a>" * 5_000),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else None,
)
@pytest.mark.parametrize("way", [parse, stream])
def test_a_bad_document_has_a_problem_with_its_line(way, code, line, data):
    found = way(data)
    assert found is not None
    assert (found.reason, found.line) == (code, line), found
    assert found.what.vi
    assert found.what.en
    assert found.what.vi != found.what.en


def test_streaming_an_empty_file_says_so():
    assert stream(b"") == Problem("empty", Text("Tệp rỗng.", "The file is empty."), None)


@pytest.mark.parametrize(
    "data",
    [
        "<a>Nguyễn</a>".encode(),
        "<a>Nguyễn</a>".encode("utf-8-sig"),
        "<a>Nguyễn</a>".encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-16"?><a>Nguyễn</a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-16"?><a>Nguyễn</a>'.encode("utf-16-le"),
        '<?xml version="1.0" encoding="windows-1258"?><a>Nguyê\u0303n</a>'.encode("cp1258"),
    ],
)
def test_good_encodings_are_read(data):
    assert parse(data) is None
    assert stream(data) is None


def test_the_tags_of_a_mismatch_are_named():
    found = parse(b"<a>\n<b>\n</c></a>")
    assert found is not None
    assert found.what.en == "<b> of line 2 is closed by </c>."


def test_content_is_never_quoted():
    for data in (b"<a><![CDATA[Nguyen Van A", b"<a><!-- Nguyen Van A -- --></a>", b"<a x='Nguyen Van A"):
        found = parse(data)
        assert found is not None
        assert "Nguyen" not in found.what.vi + found.what.en


@pytest.mark.parametrize(
    "data",
    [
        "<a xmlns:b='x' xmlns:b='x'>\nNguyễn Văn Mẫu</a>",
        "<a><Nguyen:Van:Mau Nguyen:Van='1' xmlns:Nguyen='1' Nguyen:Van='2'/></a>",
        "<a>]]>Nguyen Van Mau</a>",
        "<a>\n<?xml:Nguyen",
        "<a xmlns:xml='Nguyen'/>",
        "<a xml:space='Nguyen'><?Nguyen:Van Mau?></a>",
        "<a xmlns='Nguyen Van Mau' b='<'/>",
    ],
)
def test_a_sentence_of_libxml2_is_never_handed_on(data):
    found = parse(data.encode())
    if found is not None:
        assert not re.search(
            "Nguy|Mau|Mẫu|xmlns|Attribute|Sequence|namespace .x", found.what.vi + found.what.en
        ), found


def test_an_error_without_words_of_its_own_gives_only_its_line():
    make: Any = etree.XMLSyntaxError  # the stubs do not know how lxml makes one
    error = make("Nguyen Van Mau is not allowed, line 7, column 1", 0, 7, 1)
    assert problem(error) == Problem("malformed", Text("XML sai cú pháp.", "The XML is not well-formed."), 7)


@pytest.mark.parametrize("url", ["file://{}", "{}"])
@pytest.mark.parametrize("way", [parse, stream])
def test_an_external_entity_never_reads_a_file(tmp_path, way, url):
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret")
    data = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{url.format(secret)}">]><a>&x;</a>'.encode()
    found = way(data)
    assert found is not None
    assert found.reason == "entity"
    assert sniff(data).doctype


def test_an_external_dtd_is_not_loaded(tmp_path):
    (tmp_path / "a.dtd").write_text('<!ENTITY x "top secret">')
    data = f'<!DOCTYPE a SYSTEM "{tmp_path / "a.dtd"}"><a>&x;</a>'.encode()
    try:
        text = etree.fromstring(data, parser()).text or ""
    except etree.XMLSyntaxError:
        text = ""
    assert "secret" not in text


@pytest.mark.parametrize("data", [BOMB, QUADRATIC])
def test_bombs_are_refused_quickly(data):
    start = time.perf_counter()
    assert sniff(data).doctype
    assert parse(data) is not None
    assert time.perf_counter() - start < 2


XSD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" {}</xs:schema>'


@pytest.mark.parametrize("layout", [name for name, layout in builtin().items() if layout.schema])
def test_the_schemas_of_the_layouts_compile_once(layout):
    path = builtin()[layout].path(builtin()[layout].schema)
    assert schema(path) is schema(path)


def test_a_schema_may_import_from_its_own_folder(tmp_path):
    folder = tmp_path / "lược đồ"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "b.xsd").write_text(
        XSD.format('targetNamespace="urn:b"><xs:element name="b" type="xs:int"/>'), "utf-8"
    )
    imported = 'xmlns:b="urn:b"><xs:import namespace="urn:b" schemaLocation="sub/b.xsd"/>'
    content = '<xs:complexType><xs:all><xs:element ref="b:b"/></xs:all></xs:complexType>'
    inside = f'<xs:element name="a">{content}</xs:element>'
    (folder / "a.xsd").write_text(XSD.format(imported + inside), "utf-8")
    assert schema(folder / "a.xsd").validate(etree.fromstring(b'<a><b xmlns="urn:b">1</b></a>', parser()))


@pytest.mark.parametrize(
    "where", ["../b.xsd", "{}/b.xsd", "file://{}/b.xsd", "http://127.0.0.1:9/b.xsd", "%2e%2e/b.xsd"]
)
def test_a_schema_may_not_import_from_elsewhere(tmp_path, where):
    (tmp_path / "own").mkdir()
    (tmp_path / "b.xsd").write_text(XSD.format('targetNamespace="urn:b">'), "utf-8")
    place = where.format(tmp_path)
    (tmp_path / "own" / "a.xsd").write_text(
        XSD.format(f'><xs:import namespace="urn:b" schemaLocation="{place}"/>'), "utf-8"
    )
    with pytest.raises(etree.XMLSchemaParseError):
        schema(tmp_path / "own" / "a.xsd")


def test_an_error_says_where():
    assert str(LandXmlError("nothing there")) == "nothing there"
    assert str(LandXmlError("not a date", file="a.xml", line=3)) == "a.xml:3: not a date"


PIECES = st.sampled_from(
    ["<a>", "</a>", "<a", " x='1'", "/>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&x;", "&", "<?p ?>",
     "<?xml version='1.0' encoding='", "'?>",
     "utf-16", "<!DOCTYPE a [", "]>", "<!ENTITY x 'y'>", "ạ", "\0", "\n"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_whatever_looks_like_xml_parses_or_has_a_problem(text):
    data = text.encode("utf-8", "surrogatepass")
    for way in (parse, stream):
        found = way(data)
        assert found is None or (found.what.vi and found.what.en)


UNDECLARED = {
    "root": b"<g:a>\n<b/></g:a>",
    "attribute of the root": b"<a g:x=''>\n<b/></a>",
    "child": b"<a><b>1</b>\n<g:b/></a>",
    "attribute": b"<a><b>1</b>\n<b g:x=''/></a>",
    "out of scope": b"<a><b xmlns:g='u'/>\n<g:b/></a>",
}


@pytest.mark.parametrize("data", UNDECLARED.values(), ids=UNDECLARED.keys())
def test_an_undeclared_prefix_is_named_with_its_line(data):
    line = 1 if data in {UNDECLARED["root"], UNDECLARED["attribute of the root"]} else 2
    for found in (parse(data), stream(data), stream(data, "a", "b")):
        assert found is not None
        assert (found.reason, found.line) == ("malformed", line)
        assert "prefix g is" in found.what.en
        assert "Tiền tố g chưa" in found.what.vi
    assert line == 2 or sniff(data).problem == found


def test_a_document_with_a_warning_is_read_in_a_time_that_grows_with_it():
    """What was looked at is not looked at for each member again."""

    def took(version: bytes) -> float:
        data = b'<?xml version="' + version + b'"?><a>' + b"<b><c/></b>" * 4_000 + b"</a>"
        start = time.process_time()
        assert sum(1 for _ in ended(io.BytesIO(data), ["b"])) == 4_000
        return time.process_time() - start

    def least(version: bytes) -> float:  # a collection of all that other tests keep takes a second
        return min(took(version) for _ in range(3))

    assert least(b"1.1") < 30 * least(b"1.0") + 0.2


def test_elements_before_an_undeclared_prefix_are_yielded_and_none_behind_it():
    parts = ended(io.BytesIO(b"<a>" + b"<b/>" * 3 + b"<b><g:c/></b><b/></a>"), ["b"])
    assert [len(next(parts)) for _ in range(3)] == [0, 0, 0]
    with pytest.raises(etree.XMLSyntaxError):
        next(parts)


# the name Nguyễn Thị Đất, and đường, in old encodings
OLD = {
    "windows-1258": b"<a>Nguy\xea\xden Thi\xf2 \xd0\xe2\xect, \xf0\xfd\xf5\xccng</a>",
    "TCVN3 (ABC)": b"<a>Nguy\xd4n Th\xde \xa7\xcat, \xae\xad\xeang</a>",
    "VNI": b"<a>Nguye\xe3n Th\xf2 \xd1a\xe1t, \xf1\xf6\xf4\xf8ng</a>",
}


@pytest.mark.parametrize(("name", "data"), OLD.items(), ids=OLD.keys())
def test_an_old_encoding_that_is_called_utf_8_is_guessed(name, data):
    with pytest.raises(etree.XMLSyntaxError) as caught:
        etree.fromstring(data, parser())
    found = problem(caught.value, data, data)
    assert found.reason == "encoding"
    assert f"có lẽ là {name}." in found.what.vi
    assert "có lẽ" not in problem(caught.value, data, b"<a>caf\xe9</a>").what.vi


@pytest.mark.parametrize("data", [b"<a><![CDATA[%s]]></a>", b"<a><?p %s?></a>", b"<a><!-- %s --></a>"])
def test_what_is_too_long_is_not_called_cut_off(data):
    with pytest.raises(etree.XMLSyntaxError) as caught:
        etree.fromstring(data % (b"x" * 11_000_000), parser())
    found = problem(caught.value, b"</a>")
    assert (found.reason, "10 MB" in found.what.vi) == ("limit", True)


def test_a_document_is_bounded_in_tags_and_bytes(monkeypatch):
    many = b"<a>" + b"<b/>" * 500_000 + b"</a>"
    with pytest.raises(LimitError, match="500,000 XML tags"):
        whole(io.BytesIO(many))
    with pytest.raises(LimitError):
        list(ended(io.BytesIO(many), ["a"]))
    several = b"<a>" + (b"<c>" + b"<b/>" * 200_000 + b"</c>") * 5 + b"</a>"
    assert sum(part.tag == "c" for part in ended(io.BytesIO(several), ["c", "a"])) == 5
    monkeypatch.setattr("landxml.safe_xml.LARGEST", 1_000_000)
    assert whole(io.BytesIO(b" " * 1_000_000)) == b" " * 1_000_000
    with pytest.raises(LimitError, match="larger"):
        whole(io.BytesIO(b" " * 1_000_001))


def test_members_are_forgotten_when_the_next_is_asked_for():
    parts = "".join(f"<a><b><a/></b>{n}</a><c><d/></c>" for n in range(9))
    before = []
    for member in members(io.BytesIO(f"<r>{parts}</r>".encode()), ["a"]):
        before += [len(each) for each in member.itersiblings("a", preceding=True)]
        assert member.xpath("b/a")
    assert before == [0] * 8
