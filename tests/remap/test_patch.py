"""Texts change in place: what a parser reads afterwards is as asked, every other byte is as it was."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from landxml.encoding import escaped
from landxml.errors import LandXmlError
from landxml.extract import line_of
from landxml_remap import patch
from landxml_remap.patch import Change, Record

CLASSES = {"Thua": ("ma", "ten"), "Nha": ("ma",)}

quiet = st.sampled_from(
    [
        "\n",
        " ",
        "\r\n\t",
        "<!-- <Thua><ma>1</ma></Thua> -->",
        "<?pi <ma>?>",
        "<khac a='>'>x &gt; y</khac>",
        "<ma>9</ma>",
        "<x/>",
    ]
)
values = st.sampled_from(
    ["1", "00004", "&lt;&amp;", "<![CDATA[</ma><Thua>]]>", "Xã Đoài", "a<!-- - -->b", " 7 "]
)
quotes = st.sampled_from(["", ' id="a>b"', " id='/>'", '\n id = "x"'])


@st.composite
def records(draw: Any, depth: int = 0) -> str:
    name = draw(st.sampled_from(sorted(CLASSES)))
    inside = [draw(quiet.filter(lambda text: not text.startswith("<ma>")))]
    if draw(st.booleans()):
        inside.append(f"<ma{draw(quotes)}>{draw(values)}</ma >")
    if name == "Thua" and draw(st.booleans()):
        inside.append("<ten/>" if draw(st.booleans()) else f"<ten>{draw(values)}</ten>")
    if depth == 0 and draw(st.booleans()):
        inside.insert(draw(st.integers(0, len(inside))), draw(records(depth=1)))
    return f"<{name}{draw(quotes)}>{''.join(inside)}</{name}>"


@st.composite
def documents(draw: Any) -> str:
    body = draw(
        st.lists(st.one_of(quiet, records(), st.just("<Cu><Thua><ma>5</ma></Thua></Cu>")), max_size=8)
    )
    return f"<goc>{''.join(body)}</goc>"


def change(record: Record) -> list[Change]:
    return [
        Change(field.inside, record.raw(field), escaped(f"{record.value(field)}é&"))
        for fields in record.fields.values()
        for field in fields
        if record.value(field)  # an empty element has no inside
    ]


def edited(data: bytes, encoding: str) -> tuple[bytes, list[Change], list[str]]:
    out, changes, seen = io.BytesIO(), [], []

    def note(record: Record, placed: list[Change]) -> None:
        seen.append(record.cls)
        changes.extend(placed)

    patch.edit(io.BytesIO(data), out, encoding, classes=CLASSES, skipped="Cu", decide=change, note=note)
    return out.getvalue(), changes, seen


def expected(text: str) -> etree._Element:
    """The same changes made in the tree that a parser builds."""
    root = etree.fromstring(text, etree.XMLParser(remove_comments=True, remove_pis=True))
    for cls, elements in CLASSES.items():
        for record in root.iter(cls):
            if any(parent.tag == "Cu" for parent in record.iterancestors()):
                continue
            for child in record:
                if child.tag in elements and child.text:
                    child.text += "é&"
    return root


@given(
    documents(), st.sampled_from([5, 40, 1 << 20]), st.sampled_from(["utf-8", "utf-16-le", "windows-1258"])
)
def test_a_parser_reads_what_was_asked_for_and_nothing_else_moves(
    text: str, block: int, encoding: str
) -> None:
    data = text.encode(encoding, "xmlcharrefreplace")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(patch, "BLOCK", block)
        out, changes, _ = edited(data, encoding)
        back = io.BytesIO()
        patch.replay(io.BytesIO(out), back, encoding, sorted(changes))
    options = etree.XMLParser(remove_comments=True, remove_pis=True)
    found = etree.fromstring(out.decode(encoding), options)
    assert etree.tostring(found, method="c14n") == etree.tostring(
        expected(data.decode(encoding)), method="c14n"
    )
    assert back.getvalue() == data


def test_records_are_met_in_the_order_of_their_ends_and_earlier_ones_not_at_all() -> None:
    text = "<goc><Thua><Nha><ma>1</ma></Nha><ma>2</ma></Thua><Cu><Thua/></Cu><Nha/></goc>"
    out, changes, seen = edited(text.encode(), "utf-8")
    assert seen == ["Nha", "Thua", "Nha"]
    assert out == text.replace("1<", "1é&amp;<").replace("2<", "2é&amp;<").encode()
    assert [(c.old, c.new) for c in changes] == [("1", "1é&amp;"), ("2", "2é&amp;")]


def only(text: str) -> tuple[Record, patch.Field]:
    """The one record of a text, and its field ``ma``."""
    (record,) = met(text)
    return record, record.fields["ma"][0]


def met(text: str) -> list[Record]:
    """All records of a text."""
    found: list[Record] = []
    patch.edit(
        io.BytesIO(text.encode()), io.BytesIO(), "utf-8", classes=CLASSES, skipped="",
        decide=lambda _: [], note=lambda record, _: found.append(record),
    )  # fmt: skip
    return found


def test_records_know_their_lines() -> None:
    text = "<goc>\n<Thua\n a='1'><ma>\n</ma></Thua>\n<!--\n--><Nha/>\n</goc>"
    lines = [line_of(record) for record in etree.fromstring(text).iter("Thua", "Nha")]
    for block in (3, 1 << 20):
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(patch, "BLOCK", block)
            assert [record.line for record in met(text)] == lines == [3, 6]


@pytest.mark.parametrize(
    "text",
    [
        "<Thua xmlns='urn:a'><ma>1</ma></Thua>",
        "<a:Thua xmlns:a='urn:a'><a:ma>1</a:ma></a:Thua>",
        "<Thua><ma xmlns='urn:a'>1</ma></Thua>",
        """<Thua><b:ma  t=" xmlns='urn:b'>" xmlns:b = 'urn:a'\n>1</b:ma></Thua>""",
        "<a:Thua xmlns:a='urn:b'><a:ma xmlns:a='urn:a'>1</a:ma></a:Thua>",
        "<Thua><a:ma xmlns:a='urn:a'/></Thua>",
    ],
)
def test_a_new_element_has_the_namespace_of_its_sibling(text: str) -> None:
    record, field = only(text)
    made = text[: field.after] + patch.like(record, field, "moi", "<2>") + text[field.after :]
    ((new,),) = [etree.fromstring(made).findall("{urn:a}moi")]
    assert new.text == "<2>"
    assert not new.attrib


def written(letter: str) -> st.SearchStrategy[str]:
    """The ways to write a letter in XML."""
    plain = escaped(letter).replace("\n", "\r\n")
    ways = [plain, f"&#{ord(letter)};", f"&#x{ord(letter):X};", f"<![CDATA[{letter}]]>"]
    return st.sampled_from([*ways, f"<!--ẩn-->{plain}", f"<?x y?>{plain}", f"<![CDATA[]]>{plain}"])


@given(st.text("ab đ&<>\n", max_size=5), st.text("bđ& ", min_size=1, max_size=3), st.data())
def test_a_text_is_replaced_however_it_is_written_and_nothing_else(
    before: str, old: str, data: st.DataObject
) -> None:
    parts = ["".join(data.draw(written(letter)) for letter in text) for text in (before, old)]
    text = f"<Thua><ma>{parts[0]}{parts[1]}</ma></Thua>".replace("]]><![CDATA[", "")
    record, field = only(text)
    change = patch.replaced(record, field, old, "<x & y>")
    made = text[: change.at] + change.new + text[change.at + len(change.old) :]
    assert text.startswith(change.old, change.at)
    options = etree.XMLParser(remove_comments=True, remove_pis=True)
    assert etree.fromstring(made, options).findtext("ma") == f"{before}<x & y>"
    assert len(patch.plain(change.old.replace("<![CDATA[", "").replace("]]>", ""))) <= len(old)


def test_a_document_that_was_changed_is_not_brought_back() -> None:
    changes = [Change(5, "00004", "00008")]
    for data in (b"<goc>00009</goc>", b"<goc>", b""):
        with pytest.raises(LandXmlError, match="changed since"):
            patch.replay(io.BytesIO(data), io.BytesIO(), "utf-8", changes)


@pytest.mark.parametrize(
    ("encoding", "first", "codec"),
    [
        ("utf-8-sig", b"\xef\xbb\xbf<", "utf-8"),
        ("utf-16", b"\xff\xfe<\0", "utf-16-le"),
        ("utf-16", b"\xfe\xff\0<", "utf-16-be"),
        ("utf-16", b"\0<\0?", "utf-16-be"),
        ("windows-1258", b"<?xm", "cp1258"),
    ],
)
def test_a_mark_is_a_character_like_others(encoding: str, first: bytes, codec: str) -> None:
    assert patch.codec(encoding, first) == codec


def test_an_encoding_that_nobody_knows_is_refused() -> None:
    with pytest.raises(LandXmlError, match="tcvn-5712"):
        patch.codec("tcvn-5712", b"")


def test_what_cannot_be_written_again_exactly_is_refused() -> None:
    data = "<goc>Việt</goc>".encode("utf-7") + b"+AGE-"  # one letter in two ways
    with pytest.raises(LandXmlError, match="utf-7"):
        edited(data, "utf-7")
