from __future__ import annotations

import inspect
import io
import os
import stat
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections import Counter
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from landxml import archive
from landxml.documents import Document, Refusal, RefusedError, open_many
from landxml.dossiers.classes import LAYOUT
from landxml.layouts import builtin
from landxml.recognise import sniff
from landxml.safe_xml import PARSER_OPTIONS, parser
from landxml.sources import find

XML = b"<HoSoXml>" + b"<a>x</a>" * 200 + b"</HoSoXml>"
CENTRAL, LOCAL = b"PK\1\2", b"PK\3\4"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as target:
        for name, data in files.items():
            info = zipfile.ZipInfo("x")
            info.filename, info.compress_type = name, method  # past the constructor, which tidies names
            target.writestr(info, data)
    return bytearray(file.getvalue())


def patch(data: bytearray, signature: bytes, at: int, form: str, value: int | bytes, *, nth: int = 0) -> None:
    """Overwrite one number in the nth header of a kind."""
    start = -1
    for _ in range(nth + 1):
        start = data.index(signature, start + 1)
    struct.pack_into(form, data, start + at, value)


def names(*paths: str) -> list[str]:
    return [item.name for item in find(paths)]


def refusal(data: bytes | bytearray, name: str = "goi.zip") -> Refusal:
    """The only thing found in an archive, which must be its refusal."""
    Path(name).write_bytes(data)
    [found] = find([name])
    assert isinstance(found, Refusal), found
    assert (found.reason, found.name) == ("archive", name)
    return found


def contents(*paths: str) -> dict[str, bytes | str]:
    """What is read of every document, or the code of its refusal."""
    found: dict[str, bytes | str] = {}
    documents = []
    for item in find(paths):
        if isinstance(item, Refusal):
            found[item.name] = item.reason
        else:
            documents.append(item)
    for document, stream in open_many(documents):
        try:
            found[document.name] = stream.reason if isinstance(stream, Refusal) else stream.read()
        except RefusedError as error:
            found[document.name] = error.refusal.reason
    return found


# --- files and folders


def test_names_are_those_that_the_user_gave(tmp_path):
    (tmp_path / "goi" / "xml").mkdir(parents=True)
    (tmp_path / "goi" / "b.xml").write_bytes(XML)
    (tmp_path / "goi" / "xml" / "ä.xml").write_bytes(XML)
    (tmp_path / "goi" / "a.ZIP").write_bytes(zipped({"x/2.xml": XML, "x/1.xml": XML, "x/": b""}))
    expected = ["goi/a.ZIP!/x/2.xml", "goi/a.ZIP!/x/1.xml", "goi/b.xml", "goi/xml/ä.xml"]
    assert names("goi") == names("goi/", "goi/b.xml", "goi", "goi/xml") == expected
    assert names(str(tmp_path / "goi" / "b.xml")) == [(tmp_path / "goi" / "b.xml").as_posix()]
    assert names("goi/../goi/b.xml", "goi/xml") == ["goi/../goi/b.xml", "goi/xml/ä.xml"]
    os.chdir("goi")
    assert names(".") == ["a.ZIP!/x/2.xml", "a.ZIP!/x/1.xml", "b.xml", "xml/ä.xml"]


def test_system_files_are_passed_over_and_scans_counted(tmp_path):
    for name in (
        "1.xml",
        "q/1.PDF",
        "q/2.pdf",
        "q/3.tif",
        ".git/1.xml",
        "Thumbs.db",
        "~$1.xml",
        "__MACOSX/1.xml",
    ):
        (tmp_path / "goi" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "goi" / name).write_bytes(XML)
    inside = {"1.xml": XML, "q/9.pdf": b"%PDF", "__MACOSX/._1.xml": b"", ".DS_Store": b""}
    (tmp_path / "goi" / "2.zip").write_bytes(zipped(inside))
    skipped = Counter[str]()
    assert [item.name for item in find(["goi"], skipped)] == ["goi/1.xml", "goi/2.zip!/1.xml"]
    assert skipped == {".pdf": 3, ".tif": 1}


def test_a_scan_given_by_name_is_a_document(tmp_path):
    (tmp_path / "1.pdf").write_bytes(b"%PDF-1.7")
    [document] = find(["1.pdf"])
    assert isinstance(document, Document)
    with document.open() as stream:
        assert sniff(stream).problem is not None


@pytest.mark.parametrize(
    ("files", "words"),
    [([], "no data file."), (["1.pdf", "q/2.docx"], "2 other files"), ([".hidden"], "no data file.")],
)
def test_nothing_to_check_is_said(tmp_path, files, words):
    (tmp_path / "goi" / "q").mkdir(parents=True)
    for name in files:
        (tmp_path / "goi" / name).touch()
    [found] = find(["goi"])
    assert isinstance(found, Refusal)
    assert (found.reason, found.name) == ("nothing", "goi")
    assert words in found.what.en


@pytest.mark.parametrize("files", [{}, {".DS_Store": b""}, {"a.pdf": b"%PDF"}])
def test_an_archive_without_data_is_said(tmp_path, files):
    (tmp_path / "a.zip").write_bytes(zipped(files))
    [found] = find(["a.zip"])
    assert isinstance(found, Refusal)
    assert (found.reason, found.name) == ("nothing", "a.zip")


def test_links_and_devices_in_a_folder_are_refused(tmp_path):
    (tmp_path / "secret.xml").write_bytes(XML)
    (tmp_path / "goi").mkdir()
    (tmp_path / "goi" / "file.xml").symlink_to("../secret.xml")
    (tmp_path / "goi" / "loop").symlink_to("..")
    os.mkfifo(tmp_path / "goi" / "pipe")
    assert contents("goi") == dict.fromkeys(["goi/file.xml", "goi/loop", "goi/pipe"], "unreadable")


def test_a_file_name_that_is_not_text_is_escaped(tmp_path):
    (tmp_path / "goi").mkdir()
    for raw in (b"a\xe9.xml", b"b\x1b[31m.xml", b"c\n.xml"):
        Path(os.fsdecode(b"goi/" + raw)).write_bytes(XML)
    assert contents("goi") == dict.fromkeys([r"goi/a\udce9.xml", r"goi/b\x1b[31m.xml", r"goi/c\n.xml"], XML)


def test_deep_folders_do_not_overflow(tmp_path):
    folder = tmp_path.joinpath(*"d" * 150)  # more than the recursion limit below lets pass
    folder.mkdir(parents=True)
    (folder / "a.xml").write_bytes(XML)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    try:
        [found] = find(["d"])
    finally:
        sys.setrecursionlimit(limit)
    assert isinstance(found, Document)


def test_a_file_without_permission_refuses_only_itself(tmp_path, monkeypatch):
    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "b.xml").write_bytes(XML)
    (tmp_path / "c.zip").write_bytes(zipped({"1.xml": XML}))

    real = io.FileIO

    def refuse(path):  # root may read everything
        if path in {"a.xml", "c.zip"}:
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(io, "FileIO", refuse)
    assert contents("a.xml", "b.xml", "c.zip") == {"a.xml": "unreadable", "b.xml": XML, "c.zip": "unreadable"}
    [document] = find(["a.xml"])
    assert isinstance(document, Document)
    with pytest.raises(RefusedError, match=r"a\.xml: No permission"):
        document.open()


def test_a_folder_without_permission_refuses_only_itself(tmp_path, monkeypatch):
    (tmp_path / "goi" / "sub").mkdir(parents=True)
    (tmp_path / "goi" / "z.xml").write_bytes(XML)
    real = os.scandir

    def refuse(path):
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert contents("goi") == {"goi/sub": "unreadable", "goi/z.xml": XML}


@pytest.mark.parametrize("change", ["vanished", "folder", "longer", "shorter"])
@pytest.mark.parametrize("name", ["a.xml", "a.zip"])
def test_a_file_that_changed_since_it_was_found_is_refused(tmp_path, change, name):
    path = tmp_path / name
    path.write_bytes(XML if name == "a.xml" else zipped({"1.xml": XML}))
    [document] = find([name])
    assert isinstance(document, Document)
    if change in {"vanished", "folder"}:
        path.unlink()
    if change == "folder":
        path.mkdir()
    if change == "longer":
        path.write_bytes(b" " + path.read_bytes())
    if change == "shorter":
        path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(RefusedError), document.open() as stream:
        stream.read()
    [(_, refusal)] = open_many([document])
    assert isinstance(refusal, Refusal)  # as it is short, it was read at once


# --- standard input


def feed(monkeypatch, data: bytes | bytearray) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_a_document(monkeypatch):
    feed(monkeypatch, XML)
    assert contents("-", ".") == {"<stdin>": XML, ".": "nothing"}


def test_standard_input_may_be_an_archive(monkeypatch):
    feed(monkeypatch, zipped({"x/1.xml": XML}))
    assert contents("-") == {"<stdin>!/x/1.xml": XML}


def test_a_workbook_on_standard_input_is_not_an_archive(monkeypatch):
    feed(monkeypatch, zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}))
    [document] = find(["-"])
    assert isinstance(document, Document)
    assert document.entry is None


def test_the_copy_of_standard_input_goes_when_the_process_ends(tmp_path):
    script = "from landxml.sources import find; [d] = find('-'); print(d.path, len(open(d.path).read()))"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", script]
    done = subprocess.check_output(command, input=XML, env=environment).decode().split()
    assert done[1] == str(len(XML))
    assert not Path(done[0]).exists()


# --- archives: good ones


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_is_read_entry_by_entry(tmp_path, method):
    files = {"1.xml": XML, "đất/thửa.xml": os.urandom(300_000), "trống.xml": b"", "x.xml": b"0" * 200_000}
    (tmp_path / "a.zip").write_bytes(zipped(files, method))
    assert contents("a.zip") == {f"a.zip!/{name}": data for name, data in files.items()}


def test_a_document_survives_the_way_to_another_process(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"x/1.xml": XML}))
    [document] = find(["a.zip"])
    assert isinstance(document, Document)
    assert (document.member, document.size) == ("x/1.xml", len(XML))
    again = ForkingPickler.loads(ForkingPickler.dumps(document))
    assert again == document
    with again.open() as stream:
        assert sniff(stream).has_root(LAYOUT)
        assert etree.parse(stream, parser()).getroot().tag == "HoSoXml"
    with document.open() as stream:
        assert sum(1 for _ in etree.iterparse(stream, tag="a", **PARSER_OPTIONS)) == 200


def test_backslashes_of_old_windows_programs_are_folders(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"xml\\1.xml": XML, "./xml//2.xml": XML}))
    assert names("a.zip") == ["a.zip!/xml/1.xml", "a.zip!/xml/2.xml"]


@pytest.mark.parametrize(
    ("raw", "shown"), [("thửa.xml".encode(), "thửa.xml"), (b"\x82.xml", "é.xml"), (b"\x1b", "_x1b")]
)
def test_names_without_the_flag_for_utf8_are_read(tmp_path, raw, shown):
    data = zipped({"?" * len(raw): XML})
    (tmp_path / "a.zip").write_bytes(data.replace(b"?" * len(raw), raw))
    assert names("a.zip") == [f"a.zip!/{shown}"]


def test_zip64_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    (tmp_path / "a.zip").write_bytes(zipped({f"{i}.xml": XML for i in range(3)}))
    assert b"PK\6\6" in (tmp_path / "a.zip").read_bytes()
    assert contents("a.zip") == {f"a.zip!/{i}.xml": XML for i in range(3)}


def test_an_archive_written_to_a_pipe_is_read(tmp_path):
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

        tell = seek

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as target:
        target.writestr("1.xml", XML)
    (tmp_path / "a.zip").write_bytes(pipe.getvalue())
    assert contents("a.zip") == {"a.zip!/1.xml": XML}


def test_many_entries_are_listed_fast_and_a_slice_is_opened_faster(tmp_path):
    (tmp_path / "a.zip").write_bytes(
        zipped({f"xml/{i}.xml": b"<a/>" for i in range(20_000)}, zipfile.ZIP_STORED)
    )
    start = time.perf_counter()
    documents = [item for item in find(["a.zip"]) if isinstance(item, Document)]
    listed = time.perf_counter()
    assert len(documents) == 20_000
    assert sum(1 for _ in open_many(documents[-200:])) == 200
    assert time.perf_counter() - listed < (listed - start) / 2
    assert listed - start < 5


@settings(deadline=None)
@given(
    st.dictionaries(st.text("abcđ/ .", min_size=1, max_size=6), st.binary(max_size=200), max_size=4),
    st.booleans(),
)
def test_good_archives_are_read_as_the_standard_library_reads_them(tmp_path_factory, files, deflated):
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(zipped(files, zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED))
    with zipfile.ZipFile(path) as reference:
        expected = {info.filename: reference.read(info) for info in reference.infolist()}
    with path.open("rb") as file:
        try:
            found = {entry.name: b"".join(archive.inflate(file, entry)) for entry in archive.entries(file)}
        except archive.ArchiveError:
            return  # an unsafe name
    tidy = {name: "/".join(p for p in name.split("/") if p not in {"", "."}) or "." for name in expected}
    assert found == {tidy[name]: data for name, data in expected.items() if not name.endswith("/")}


# --- archives: unsafe ones, refused whole


@pytest.mark.parametrize(
    "name",
    ["../1.xml", "x/../../1.xml", "..", "x/..", "/etc/1.xml", "C:/1.xml", "c:1.xml", "..\\1.xml", "C:\\1.xml",
     "\\\\server\\1.xml", "x\\..\\1.xml"],
)  # fmt: skip
def test_unsafe_paths_refuse_the_archive(name):
    assert "path" in refusal(zipped({"ok.xml": XML, name: XML})).what.en


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_refuse_the_archive(kind):
    data = zipped({"ok.xml": XML, "link.xml": b"/etc/passwd"})
    patch(data, CENTRAL, 4, "<H", 3 << 8, nth=1)
    patch(data, CENTRAL, 38, "<L", (kind | 0o777) << 16, nth=1)
    assert "link" in refusal(data).what.en


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_names_refuse_the_archive():
    data = zipped({"1.xml": XML, "2.xml": XML}).replace(b"2.xml", b"1.xml")
    assert "same name" in refusal(data).what.en
    assert "same name" in refusal(zipped({"x/1.xml": XML, "x\\1.xml": XML})).what.en


def test_overlapping_entries_refuse_the_archive():
    data = zipped({"1.xml": XML, "2.xml": XML})
    patch(data, CENTRAL, 42, "<L", 0, nth=1)
    assert "overlap" in refusal(data).what.en


def test_an_entry_that_reaches_into_the_directory_refuses_the_archive():
    data = zipped({"1.xml": XML})
    patch(data, CENTRAL, 20, "<L", len(data))
    assert "damaged" in refusal(data).what.en


def test_a_bomb_is_refused_by_its_ratio():
    assert "zip bomb" in refusal(zipped({"1.xml": b"0" * 20_000_000})).what.en
    assert "zip bomb" in refusal(zipped({f"{i}.xml": b"0" * 9_000_000 for i in range(3)})).what.en


def test_what_is_never_read_is_not_weighed(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"1.xml": XML, "q/1.pdf": b"0" * 20_000_000}))
    assert contents("a.zip") == {"a.zip!/1.xml": XML}


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_ENTRIES", 1, "more than 1 entries"),
        ("MAX_ENTRY_SIZE", 1000, "larger"),
        ("MAX_TOTAL_SIZE", 3000, "larger"),
    ],
)
def test_limits_refuse_the_archive(monkeypatch, limit, value, words):
    monkeypatch.setattr(archive, limit, value)
    assert words in refusal(zipped({"1.xml": XML, "2.xml": XML})).what.en


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\3\4", "cut off"),
        (b"PK\5\6", "cut off"),
        (bytes(zipped({"1.xml": XML})) + b"more", "after its end"),
    ],
)
def test_what_is_no_archive_is_refused(data, words):
    assert words in refusal(data).what.en


def test_every_cut_of_an_archive_is_refused():
    data = zipped({"1.xml": b"<a/>", "2.xml": b"<b/>"})
    for length in range(4, len(data)):
        assert "cut off" in refusal(data[:length]).what.en


@pytest.mark.parametrize("at", [10, 12, 16])
def test_a_wrong_end_record_refuses_the_archive(at):
    data = zipped({"1.xml": XML})
    struct.pack_into("<H", data, data.index(b"PK\5\6") + at, 7)
    assert "damaged" in refusal(data).what.en


# --- archives: single entries that cannot be read


@pytest.mark.parametrize("flag", [0x01, 0x41])
def test_an_encrypted_entry_refuses_itself(tmp_path, flag):
    data = zipped({"1.xml": XML, "2.xml": XML})
    patch(data, CENTRAL, 8, "<H", flag)
    patch(data, LOCAL, 6, "<H", flag)
    (tmp_path / "a.zip").write_bytes(data)
    assert contents("a.zip") == {"a.zip!/1.xml": "archive", "a.zip!/2.xml": XML}


def test_an_entry_without_its_header_refuses_itself(tmp_path):
    data = zipped({"1.xml": XML, "2.xml": XML})
    patch(data, LOCAL, 0, "4s", b"PK\7\7", nth=1)
    (tmp_path / "a.zip").write_bytes(data)
    assert contents("a.zip") == {"a.zip!/1.xml": XML, "a.zip!/2.xml": "archive"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_refuse_the_entry(tmp_path, method):
    (tmp_path / "a.zip").write_bytes(zipped({"1.xml": XML}, method))
    [found] = find(["a.zip"])
    assert isinstance(found, Refusal)
    assert "is not supported" in found.what.en


@pytest.mark.parametrize("name", ["goi", "goi.ZIP", "goi.dat", "đợt 1/goi.zip.bak"])
def test_an_archive_is_known_by_its_first_bytes(name, tmp_path):
    (tmp_path / "x" / name).parent.mkdir(parents=True)
    (tmp_path / "x" / name).write_bytes(zipped({"1.xml": XML}))
    assert contents(f"x/{name}") == contents("x") == {f"x/{name}!/1.xml": XML}


@pytest.mark.parametrize("data", [b"", b"P", XML, b"before" + bytes(zipped({"1.xml": XML}))])
def test_what_is_only_called_zip_is_a_document(data):
    Path("goi.zip").write_bytes(data)
    assert contents("goi.zip") == {"goi.zip": data}


@pytest.mark.parametrize("last", ["[Content_Types].xml", "xl/workbook.xml"])
@pytest.mark.parametrize("name", ["sổ.xlsx", "sổ.zip"])
def test_an_office_document_is_no_delivery(name, last):
    data = bytes(zipped({"xl/sheet.xml": os.urandom(100_000), last: b"<a/>"}))
    Path(name).write_bytes(data)
    assert contents(name) == {name: data}
    assert sniff(data).problem.what.en.startswith("Not XML: it is an Excel workbook")  # type: ignore[union-attr]


def test_a_workbook_in_an_archive_does_not_make_it_one():
    workbook = bytes(zipped({"[Content_Types].xml": b""}))
    Path("goi.zip").write_bytes(zipped({"sổ.xlsx": workbook, "1.xml": XML}, zipfile.ZIP_STORED))
    assert contents("goi.zip") == {"goi.zip!/1.xml": XML}


def test_files_that_call_themselves_xml_are_not_opened_to_find_them(tmp_path, monkeypatch):
    (tmp_path / "1.xml").touch()
    (tmp_path / "2.GML").touch()
    builtin()  # reads files of its own
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("opened"))
    assert names(".") == ["1.xml", "2.GML"]


def test_an_archive_in_an_archive_refuses_itself(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"b.ZIP": bytes(zipped({"1.xml": XML})), "2.xml": XML}))
    assert contents("a.zip") == {"a.zip!/b.ZIP": "archive", "a.zip!/2.xml": XML}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("fault", ["data", "crc", "smaller", "larger", "cut", "hidden"])
def test_a_damaged_entry_refuses_itself(tmp_path, method, fault):
    data = zipped({"1.xml": XML, "2.xml": XML}, method)
    packed = struct.unpack_from("<L", data, data.index(CENTRAL) + 20)[0]
    if fault == "data":
        data[30 + len("1.xml") + packed // 2] ^= 0xFF
    if fault == "crc":
        patch(data, CENTRAL, 16, "<L", 1)
    if fault == "smaller":
        patch(data, CENTRAL, 24, "<L", len(XML) - 1)
    if fault == "larger":
        patch(data, CENTRAL, 24, "<L", len(XML) + 1)
    if fault == "cut":
        patch(data, CENTRAL, 20, "<L", packed - 1)
    if fault == "hidden":  # encrypted, but only the local header says so
        patch(data, LOCAL, 6, "<H", 1)
    (tmp_path / "a.zip").write_bytes(data)
    assert contents("a.zip") == {"a.zip!/1.xml": "archive", "a.zip!/2.xml": XML}


def test_data_behind_the_declared_end_is_noticed(tmp_path):
    data = zipped({"1.xml": XML + b"<more/>" * 50_000})
    patch(data, CENTRAL, 24, "<L", len(XML))
    patch(data, CENTRAL, 16, "<L", zlib.crc32(XML))  # so that what the standard library reads looks right
    (tmp_path / "a.zip").write_bytes(data)
    assert zipfile.ZipFile(tmp_path / "a.zip").read("1.xml") == XML
    assert contents("a.zip") == {"a.zip!/1.xml": "archive"}


def test_a_bomb_that_lies_about_its_size_stays_small(tmp_path):
    data = zipped({"1.xml": b"0" * 50_000_000})
    patch(data, CENTRAL, 24, "<L", 1000)
    (tmp_path / "a.zip").write_bytes(data)
    tracemalloc.start()
    assert contents("a.zip") == {"a.zip!/1.xml": "archive"}
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_a_damaged_entry_ends_a_parse_with_a_refusal(tmp_path):
    body = b"<a>" + b"<b>%d</b>" * 50_000 + b"</a>"
    data = zipped({"1.xml": body})
    patch(data, CENTRAL, 16, "<L", 1)
    (tmp_path / "a.zip").write_bytes(data)
    [document] = find(["a.zip"])
    assert isinstance(document, Document)
    with pytest.raises(RefusedError), document.open() as stream:
        etree.parse(stream, parser())
    with pytest.raises(RefusedError), document.open() as stream:
        for _ in etree.iterparse(stream, **PARSER_OPTIONS):
            pass
    with document.open() as stream:
        with pytest.raises(RefusedError):
            stream.read()
        with pytest.raises(ValueError, match="closed"):
            stream.read()


SAMPLE = bytes(zipped({"1.xml": b"<a>text</a>", "x/2.xml": b"<b/>"}))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=5
    )
)
def test_no_damage_is_a_crash(tmp_path_factory, edits):
    data = bytearray(SAMPLE)
    for at, piece in edits:
        data[at : at + len(piece)] = piece
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    path.write_bytes(data)
    for value in contents(str(path)).values():
        assert isinstance(value, str) or value == data or len(value) < 100
