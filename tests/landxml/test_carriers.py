from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from landxml import testing
from landxml.carriers import Opened, carrier, gml
from landxml.dictionary import national
from landxml.documents import Refusal, RefusedError
from landxml.dossiers.classes import LAYOUT
from landxml.encoding import encode
from landxml.faults import Fault
from landxml.model import DiaChi
from landxml.safe_xml import LimitError, parser
from landxml.text import Text
from landxml.writing import FOOTER, HEADER, write
from landxml.xsd_check import schema_of

ROOT_END = FOOTER.decode()
MEMBER = "<ld:thanhVien>\n<ld:DiaChi"


def addresses(count: int) -> list[DiaChi]:
    return [DiaChi(id=f"DiaChi.{n}", ma_xa="06652") for n in range(1, count + 1)]


@pytest.fixture
def text(document, make):
    """A valid package as text, to be spoilt: two parcels, two addresses."""
    second = encode(make("ThuaDat")).replace(b'gml:id="', b'gml:id="x')
    whole = document(make("ThuaDat"), second, *addresses(2))
    schema_of(national().layout).assertValid(etree.fromstring(whole))
    return whole.decode()


# Streaming


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10, 11, 100])
def test_no_record_is_lost_or_doubled_at_the_end_of_a_batch(size, document, load, monkeypatch, make):
    data = document(*addresses(10), make("ThuaDat"), make("HoGiaDinh"), make("ThuaDat"))
    whole = load(data)
    assert len(whole.batches) == 1
    monkeypatch.setattr(gml, "BATCH", size)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    parts = load(data)
    assert len(parts.batches) > 1 or size > 30
    for cls in national().classes.values():
        for name in ("_id", "_at", "_parent", *(field.element for field in cls.columns)):
            assert parts.column(cls.name, name) == whole.column(cls.name, name)
    assert parts.faults == whole.faults == []
    rows = [(n, row) for n, batch in enumerate(parts.batches) for row in batch.rings.rows]
    ids = [parts.batches[n].tables["ThuaDat"]["_id"][row].as_py() for n, row in rows]
    assert ids == ["ThuaDat.1", "ThuaDat.1"]


@given(package=testing.packages(), size=st.integers(1, 12), step=st.integers(1, 400))
def test_blocks_and_batches_change_nothing(package, size, step, folder):
    metadata, records = package
    write(folder / "goi.xml", records, metadata, force=True)
    data = (folder / "goi.xml").read_bytes()
    faults: list[Fault] = []
    whole = ids(carrier(national().layout).load(Opened("goi.xml", io.BytesIO(data)), faults.append))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gml, "BATCH", size)
        patch.setattr(gml, "TOGETHER", 100 * size)
        parts = ids(carrier(national().layout).load(Opened("goi.xml", Trickle(data, step)), faults.append))
    assert parts == whole
    assert len(parts["SieuDuLieu"]) == 1
    assert faults == []


class Trickle:
    """A stream that gives few bytes at a time, as a network does."""

    def __init__(self, data: bytes, step: int) -> None:
        self.stream, self.step = io.BytesIO(data), step

    def read(self, size: int = -1) -> bytes:
        return self.stream.read(min(size, self.step) if size >= 0 else self.step)


def ids(batches: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in national().classes}
    for batch in batches:
        for name, table in batch.tables.items():
            found[name] += table["_id"].to_pylist()
    return found


class Endless:
    """A valid file of any length that is never held as a whole."""

    def __init__(self, document: bytes, member: bytes, count: int) -> None:
        head = document.removesuffix(FOOTER)
        self.parts = self.pieces(head, member, count)

    @staticmethod
    def pieces(head: bytes, member: bytes, count: int) -> Iterator[bytes]:
        yield head
        for _ in range(count // 100):
            yield member * 100
        yield FOOTER

    def read(self, size: int = -1) -> bytes:
        del size
        return next(self.parts, b"")


def live_elements(document: bytes, count: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Most members in the tree at once, and most bytes of Python, while a file is read."""
    most = 0
    member = encode(DiaChi(id="D", ma_xa="06652"))

    def watched(members: Any, root: Any, count: int) -> None:
        nonlocal most
        original(members, root, count)
        most = max(most, len(root) + (0 if members.around is None else len(members.around)))

    original = gml._Members._take
    monkeypatch.setattr(gml._Members, "_take", watched)
    monkeypatch.setattr(gml, "BATCH", 500)
    tracemalloc.start()
    read = 0
    for batch in carrier(national().layout).load(
        Opened("goi.xml", Endless(document, member, count)), lambda _: None
    ):
        read += batch.tables["DiaChi"].num_rows if "DiaChi" in batch.tables else 0
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    monkeypatch.undo()
    assert read == count
    return most, peak


def test_memory_does_not_grow_with_the_file(document, monkeypatch):
    live_elements(document(), 1_000, monkeypatch)
    short = live_elements(document(), 10_000, monkeypatch)
    long = live_elements(document(), 20_000, monkeypatch)
    assert long[0] <= short[0] * 1.1
    assert long[1] < short[1] * 1.5 + 500_000


# What a parser may meet between the members


def test_comments_and_instructions_change_nothing(text, load):
    noisy = text.replace("<ld:thanhVien>\n", "<!-- a -->\n<?b c?><ld:thanhVien><!-- d -->\n<?e?>")
    noisy = noisy.replace("<ld:maXa>0665", "<ld:maXa><!-- x -->06<?y?>6<!-- z -->5")
    noisy = noisy.replace("</ld:sieuDuLieu>", "</ld:sieuDuLieu><!-- f -->") + "<!-- g -->\n"
    noisy = noisy.replace("<ld:DuLieuDatDai", "<!-- h --><ld:DuLieuDatDai")
    found, plain = load(noisy.encode()), load(text.encode())
    assert found.faults == plain.faults == []
    for cls in national().fields():
        assert found.column(cls[0].name, cls[1].element) == plain.column(cls[0].name, cls[1].element)


def test_prefixes_are_free(text, load):
    other = text.replace("<ld:", "<").replace("</ld:", "</").replace("xmlns:ld=", "xmlns=")
    assert load(other.encode()).faults == []
    assert load(other.encode()).column("DiaChi", "_id") == ["DiaChi.1", "DiaChi.2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding, text, load):
    data = text.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)
    found = load(data)
    assert found.faults == []
    assert found.column("DiaChi", "_id") == ["DiaChi.1", "DiaChi.2"]
    assert "Đỗ & <Lê>" in found.column("ThuaDat", "diaChi")


# The envelope

SURFACE = (
    '<gml:MultiSurface gml:id="M"><gml:surfaceMember><gml:Polygon gml:id="P"><gml:exterior><gml:LinearRing>'
    "<gml:posList>0 0</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>"
    "</gml:MultiSurface>"
)
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
GML31 = "cu"
ENVELOPE = {
    "no metadata": (r"<ld:sieuDuLieu>.*</ld:sieuDuLieu>\n", "", "thanhVien", "missing"),
    "metadata twice": (r"(<ld:sieuDuLieu>.*</ld:sieuDuLieu>\n)", r"\1\1", "sieuDuLieu", "late"),
    "metadata as a member": ("ld:sieuDuLieu>", "ld:thanhVien>", "thanhVien", "missing"),
    "empty member": (f"{MEMBER}.*?</ld:thanhVien>", "<ld:thanhVien/>", "thanhVien", "records"),
    "empty metadata": ("<ld:sieuDuLieu>.*</ld:sieuDuLieu>", "<ld:sieuDuLieu/>", "sieuDuLieu", "records"),
    "two in a member": (
        "</ld:DiaChi>\n</ld:thanhVien>\n<ld:thanhVien>", "</ld:DiaChi>", "thanhVien", "records"
    ),
    "stranger first": ("<ld:sieuDuLieu>", "<ld:la/><ld:sieuDuLieu>", "la", "unknown"),
    "stranger between": (MEMBER, f"<la><a/></la>{MEMBER}", "la", "unknown"),
    "stranger last": (ROOT_END, f"<ld:la>x</ld:la>{ROOT_END}", "la", "unknown"),
    "record without a member": (
        f"{MEMBER}(.*?)</ld:DiaChi>\n</ld:thanhVien>", r"<ld:DiaChi\1</ld:DiaChi>", "DiaChi", "unknown"
    ),
    "nil": (MEMBER, f'<ld:thanhVien {XSI} xsi:nil="true"><ld:DiaChi', "thanhVien", "attribute"),
    "type": (MEMBER, f'<ld:thanhVien {XSI} xsi:type="x"><ld:DiaChi', "thanhVien", "attribute"),
    "nil of the root": (
        "<ld:DuLieuDatDai", f'<ld:DuLieuDatDai {XSI} xsi:nil="true"', "DuLieuDatDai", "attribute"
    ),
    "text at the start": ("<ld:sieuDuLieu>", "x<ld:sieuDuLieu>", "DuLieuDatDai", "text"),
    "text behind a member": ("</ld:thanhVien>", "</ld:thanhVien>x", "thanhVien", "text"),
    "text at the end": (ROOT_END, f"x{ROOT_END}", "thanhVien", "text"),
    "text in a member": (MEMBER, "<ld:thanhVien>x<ld:DiaChi", "thanhVien", "text"),
    "text behind a record": ("</ld:DiaChi>", "</ld:DiaChi>x", "thanhVien", "text"),
    "attribute of the root": ("<ld:DuLieuDatDai", '<ld:DuLieuDatDai la="1"', "DuLieuDatDai", "attribute"),
    "attribute of a member": (MEMBER, '<ld:thanhVien la="1"><ld:DiaChi', "thanhVien", "attribute"),
    "nested class as a member": (
        f"{MEMBER}.*?</ld:DiaChi>",
        '<ld:thanhVien><ld:NguonGocDat gml:id="N"><ld:nguonGoc>1</ld:nguonGoc></ld:NguonGocDat>',
        "NguonGocDat", "place",
    ),
    "geometry as a member": (
        f"{MEMBER}.*?</ld:DiaChi>",
        f"<ld:thanhVien>{SURFACE}", "MultiSurface", "place",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "element", "detail"), ENVELOPE.values(), ids=ENVELOPE.keys())
def test_the_envelope_is_held_to_the_schema(before, after, element, detail, text, load):  # noqa: PLR0917
    spoilt, count = re.subn(
        before, after, text, flags=re.DOTALL, count=2 if before == "ld:sieuDuLieu>" else 1
    )
    assert count
    assert not schema_of(national().layout).validate(etree.fromstring(spoilt.encode(), parser()))
    found = load(spoilt.encode())
    assert set(found.reasons) == {"envelope"}
    assert (found.faults[0].params["element"], found.faults[0].params["detail"]) == (element, detail)
    lines = [n for n, line in enumerate(spoilt.split("\n"), 1) if re.search(rf"<(\w+:)?{element}\b", line)]
    assert found.faults[0].line in lines


NAMESPACES = {
    "members": ("ld:thanhVien>", "thanhVien>", "thanhVien"),
    "metadata": ("ld:sieuDuLieu>", "sieuDuLieu>", "sieuDuLieu"),
    "records": ("(</?)ld:DiaChi", r"\1DiaChi", "DiaChi"),
    "ids": (" gml:id", f" {GML31}:id", "SieuDuLieu"),
    "geometry": ("(</?)gml:", rf"\1{GML31}:", "Polygon"),
}


@pytest.mark.parametrize(("before", "after", "element"), NAMESPACES.values(), ids=NAMESPACES.keys())
def test_a_wrong_namespace_is_one_fault_and_ends_the_file(before, after, element, whole, load):
    spoilt = re.sub(before, after, whole)
    spoilt = spoilt.replace(" xmlns:", f' xmlns:{GML31}="http://www.opengis.net/gml" xmlns:', 1)
    found = load(spoilt.encode())
    assert found.reasons == ["namespace"]
    lines = [n for n, line in enumerate(spoilt.split("\n"), 1) if re.search(rf"<(\w+:)?{element}\b", line)]
    assert found.faults[0].line == lines[0]


def test_metadata_as_a_record_of_another_member(text, load):
    record = re.search("<ld:SieuDuLieu.*</ld:SieuDuLieu>", text, re.DOTALL)
    assert record
    spoilt = text.replace(ROOT_END, f"<ld:thanhVien>{record[0]}</ld:thanhVien>{ROOT_END}")
    assert not schema_of(national().layout).validate(etree.fromstring(spoilt.encode(), parser()))
    found = load(spoilt.encode())
    assert found.reasons == ["envelope"]
    assert found.faults[0].params["element"] == "SieuDuLieu"


def test_schema_locations_are_no_fault(text, load):
    xsi = f'{XSI} xsi:schemaLocation="urn:x http://x/y.xsd" xsi:noNamespaceSchemaLocation="y.xsd"'
    assert load(text.replace("<ld:DuLieuDatDai", f"<ld:DuLieuDatDai {xsi}").encode()).faults == []


def test_a_root_alone_lacks_its_metadata(load):
    found = load(HEADER.encode() + FOOTER)
    assert found.reasons == ["envelope"]
    assert found.faults[0].params == {
        "element": "DuLieuDatDai", "value": "", "expected": "sieuDuLieu", "detail": "missing",
    }  # fmt: skip
    assert found.column("SieuDuLieu", "_id") == []


def test_no_members_at_all_is_no_fault(document, load):
    found = load(document())
    assert found.faults == []
    assert found.column("SieuDuLieu", "_id") == ["SieuDuLieu.1"]


def test_an_unknown_record_is_one_fault_and_not_read(text, load):
    found = load(text.replace("ld:DiaChi", "ld:DiaChi2").encode())
    assert found.reasons == ["record", "record"]
    assert found.column("DiaChi", "_id") == []


def test_faults_of_records_name_record_and_place(text, load):
    spoilt = text.replace("<ld:nguonGoc>", "<ld:nguonGoc/><ld:la>", 1).replace(
        "</ld:nguonGoc>", "</ld:la>", 1
    )
    first, second = load(spoilt.encode()).faults
    assert (first.cls, first.id, first.file) == ("ThuaDat", "ThuaDat.1", "goi.xml")
    assert first.path.startswith("ThuaDat/mucDichSuDung[1]/MucDichSuDung/nguonGocDat[1]/NguonGocDat")
    assert {first.line, second.line} == {spoilt[: spoilt.index("<ld:la>")].count("\n") + 1}


LINES = st.sampled_from(["maXa", "soThuTuThua", "dienTich", "diaChi", "nguonGoc", "taiLieuDoDac", "posList"])
SPOIL = st.sampled_from(["", "x", "<ld:la/>", "&#10;", "-1", "12345678901234567890123"])


@given(changes=st.lists(st.tuples(LINES, SPOIL, st.booleans()), max_size=3))
def test_a_file_is_faultless_exactly_where_the_schema_accepts_it(changes, whole):
    text = whole
    for element, inside, remove in changes:
        pattern = rf"<(ld|gml):{element}(?=[ />])[^>]*?(/>|>.*?</(ld|gml):{element}>)"
        after = "" if remove else rf"<\1:{element}>{inside}</\1:{element}>"
        text = re.sub(pattern, after, text, count=1, flags=re.DOTALL)
    several = found_in(text, 600)
    assert (not several) == schema_of(national().layout).validate(etree.fromstring(text.encode(), parser()))
    assert several == found_in(text, 0), "however many members are validated together"


def found_in(text: str, together: int) -> list[Fault]:
    """The faults of a document that comes in small blocks."""
    faults: list[Fault] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gml, "TOGETHER", together)
        list(carrier(national().layout).load(Opened("goi.xml", Trickle(text.encode(), 100)), faults.append))
    return faults


@pytest.fixture(scope="module")
def whole(document, make):
    return document(*addresses(3), make("ThuaDat"), *addresses(6)).decode()


# The seal


def sealed(folder: Any, metadata: Any, records: list[Any]) -> bytes:
    write(folder / "goi.xml", records, metadata, force=True)
    return bytes((folder / "goi.xml").read_bytes())


@pytest.mark.parametrize("count", [0, 1, 5, 300])
@pytest.mark.parametrize("step", [1 << 15, 4_093, 63, 1])
def test_the_seal_holds_whatever_the_blocks(count, step, folder, metadata):
    data = sealed(folder, metadata, addresses(count))
    faults: list[Fault] = []
    list(carrier(national().layout).load(Opened("goi.xml", Trickle(data, step)), faults.append))
    assert faults == []


@pytest.mark.parametrize("batch", [60_000, 1])
def test_a_changed_member_breaks_the_seal(batch, folder, metadata, load, monkeypatch):
    monkeypatch.setattr(gml, "BATCH", batch)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    data = sealed(folder, metadata, addresses(50))
    for before, after in ((b"06652", b"06653"), (b"DiaChi.1", b"DiaChi.0"), (b"DiaChi.50", b"DiaChi.51")):
        head, seal, members = data.partition(b"</ld:sieuDuLieu>\n")
        found = load(head + seal + members.replace(before, after))
        (fault,) = found.faults
        assert (fault.reason, fault.cls, fault.id) == ("digest", "SieuDuLieu", "SieuDuLieu.1")
        assert data.split(b"\n")[fault.line - 1].startswith(b"<ld:SieuDuLieu")
        assert fault.params["declared"] != fault.params["found"]


def test_a_member_that_is_gone_or_added_breaks_the_seal(folder, metadata, load):
    data = sealed(folder, metadata, addresses(3))
    member = encode(addresses(3)[2])
    assert load(data.replace(member, b"")).reasons == ["digest"]
    assert load(data.replace(FOOTER, encode(DiaChi(id="X", ma_xa="06652")) + FOOTER)).reasons == ["digest"]


def test_without_a_seal_nothing_is_said(text, load):
    assert load(text.encode()).faults == []


def test_the_hash_is_that_of_the_metadata_in_the_first_batch(folder, metadata, load, monkeypatch):
    monkeypatch.setattr(gml, "BATCH", 1)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    assert load(sealed(folder, metadata, addresses(5))).faults == []


# Files that cannot be read to their end


def test_what_stands_before_a_break_comes_out_and_the_break_is_one_fault(text, load, monkeypatch):
    monkeypatch.setattr(gml, "BATCH", 2)
    monkeypatch.setattr(gml, "TOGETHER", 0)
    data = text.encode()
    whole = load(data).column("ThuaDat", "_id")
    for cut in range(1, len(data), 211):
        found = load(data[:cut])
        assert found.reasons in (["truncated"], ["empty"], []), cut
        assert data[:cut].endswith(FOOTER.rstrip()) or found.reasons
        complete = data[:cut].count(b"</ld:thanhVien>")
        members = sum(len(found.column(cls.name, "_id")) for cls in national().features())
        assert members == complete + (b"</ld:sieuDuLieu>" in data[:cut])
        ids = found.column("ThuaDat", "_id")
        assert ids == whole[: len(ids)]


@pytest.mark.parametrize(
    ("junk", "reason"),
    [
        ("<ld:thanhVien>&la;</ld:thanhVien>", "entity"),
        ("<ld:a></ld:b>", "malformed"),
        ("\x01", "malformed"),
        ("& ", "malformed"),
    ],
)
def test_a_mistake_in_the_middle_is_one_fault_with_its_line(junk, reason, text, load):
    at = text.rindex("<ld:thanhVien>")
    found = load((text[:at] + junk + text[at:]).encode())
    assert found.reasons == [reason]
    assert found.faults[0].line == text[:at].count("\n") + 1
    assert set(found.faults[0].params["reason"]) == {"vi", "en"}
    assert found.column("DiaChi", "_id") == ["DiaChi.1"]


@pytest.mark.parametrize(
    "error",
    [LimitError(Text("lớn", "large")), RefusedError(Refusal("archive", "a.zip", Text("hỏng", "bad")))],
    ids=type,
)
def test_what_is_wrong_before_a_limit_or_damage_is_told(error, text):
    """Such as a member that is too large, or an entry of a zip that is broken."""
    spoilt = text.replace("<ld:maXa>06652<", "<ld:maXa>x<")
    at = spoilt.rindex("<ld:thanhVien>")

    def stream() -> Iterator[bytes]:
        yield spoilt[:at].encode()
        raise error

    class Broken:
        parts = stream()

        def read(self, size: int = -1) -> bytes:
            del size
            return next(self.parts)

    faults: list[Fault] = []
    with pytest.raises(type(error)):
        list(carrier(national().layout).load(Opened("goi.xml", Broken()), faults.append))
    assert faults
    assert all("maXa" in fault.path for fault in faults)


def test_a_file_that_stops_is_not_said_to_lack_anything(text, load):
    for end in ("<ld:sieuDuLieu>", "</ld:SieuDuLieu>", "<ld:thanhVien>"):
        assert load(text[: text.index(end)].encode()).reasons == ["truncated"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"\n", "not-xml"), (b"\0\0", "not-xml"), (b"abc", "not-xml"), (b"<", "truncated")],
)
def test_no_xml_is_one_fault(data, reason, load):
    assert load(data).reasons == [reason]


# Dossiers


def dossier_faults(text: str) -> tuple[int, list[Fault]]:
    faults: list[Fault] = []
    reader = carrier(LAYOUT)
    assert list(reader.load(Opened("hs.xml", io.BytesIO(text.encode())), faults.append)) == []
    return sum(batch.tables["HoSoXml"].num_rows for batch in reader.rest()), faults


SERIAL = """<HoSoXml><ThongTinGiayChungNhan><DC_GiayChungNhan>
<soPhatHanh>{}</soPhatHanh></DC_GiayChungNhan></ThongTinGiayChungNhan></HoSoXml>"""


@pytest.mark.parametrize(
    ("serial", "code"),
    [("AA 12345678", "overlong"), (" " * 99, "overlong"), ("", "facet"), ("AA 1234", None)],
)
def test_a_text_of_a_dossier_may_be_longer_than_its_receiver_takes(serial, code):
    _, faults = dossier_faults(SERIAL.format(serial))
    assert [f.reason for f in faults if f.params["element"] == "soPhatHanh"] == ([code] if code else [])


BUILDING = """<HoSoXml><hoSoGuid>0f8fad5b-d9cb-469f-a165-70867728950e</hoSoGuid>
<ThongTinTaiSan><ThongTinNhaChungCu><DC_NhaChungCu>
{}</DC_NhaChungCu></ThongTinNhaChungCu></ThongTinTaiSan></HoSoXml>"""


@pytest.mark.parametrize(
    ("inside", "element", "expected", "detail"),
    [
        ("", "DC_NhaChungCu", "nhaChungCuId, tenChungCu, dienTichXayDung, dienTichSan", "missing"),
        ("<nhaChungCuId>1</nhaChungCuId><nhaChungCuId>2</nhaChungCuId>", "nhaChungCuId", "1", "repeated"),
    ],
)
def test_what_the_open_schema_does_not_count_is_counted(inside, element, expected, detail):
    _, faults = dossier_faults(BUILDING.format(inside))
    found = [(f.params["element"], f.params["expected"], f.params["detail"]) for f in faults]
    assert (element, expected, detail) in found
    (fault,) = [f for f, shown in zip(faults, found, strict=True) if shown == (element, expected, detail)]
    assert (fault.reason, fault.cls, fault.line) == ("structure", "DC_NhaChungCu", 2)
    assert fault.id == "HoSoXml.0f8fad5b-d9cb-469f-a165-70867728950e"


def test_repeats_that_are_allowed_are_not_counted():
    inside = "<nhaChungCuId>1</nhaChungCuId>" + "<DC_HangMucSoHuuChung/>" * 3
    _, faults = dossier_faults(BUILDING.format(inside))
    assert "repeated" not in {fault.params["detail"] for fault in faults}


def test_a_broken_dossier_is_one_fault_and_no_row():
    count, faults = dossier_faults(BUILDING.format("")[:-30])
    assert count == 0
    assert [fault.reason for fault in faults] == ["truncated"]


def test_faults_of_a_dossier_name_class_and_line():
    text = BUILDING.format("<nhaChungCuId>1</nhaChungCuId><laLam/>")
    count, faults = dossier_faults(text)
    assert count == 1
    (fault,) = [fault for fault in faults if fault.params["element"] == "laLam"]
    assert (fault.reason, fault.cls, fault.line, fault.file) == ("structure", "DC_NhaChungCu", 3, "hs.xml")
