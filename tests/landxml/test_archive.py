"""What an archive says twice must be the same: in its directory, and at each entry."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import inflate64
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landxml import archive
from landxml.archive import ArchiveError
from landxml.documents import Refusal, RefusedError, open_many
from landxml.sources import find

XML = b"<HoSoXml/>" * 100
LOCAL, CENTRAL, DESCRIPTOR = b"PK\3\4", b"PK\1\2", b"PK\7\x08"


class Pipe(io.BytesIO):
    """A target in which nobody can go back, so that sizes stand behind the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    tell = seek


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def zipped(target: io.BytesIO) -> bytearray:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("1.xml", XML)
        made.writestr("2.xml", XML)
    return bytearray(target.getvalue())


def read(data: bytes | bytearray) -> list[object]:
    """What is read of each entry, or the code of its refusal."""
    Path("a.zip").write_bytes(data)
    found: list[object] = []
    documents = []
    for item in find("a.zip"):
        if isinstance(item, Refusal):
            found.append(item.reason)
        else:
            documents.append(item)
    for _, stream in open_many(documents):
        try:
            found.append(stream.reason if isinstance(stream, Refusal) else stream.read())
        except RefusedError as error:
            found.append(error.refusal.reason)
    return found


@pytest.mark.parametrize("target", [io.BytesIO, Pipe])
def test_what_agrees_is_read(target):
    assert read(zipped(target())) == [XML, XML]


@pytest.mark.parametrize(
    ("at", "value"), [(30, b"x.xml"), (14, b"\1\2\3\4"), (18, b"\1\0\0\0"), (22, b"\1\0\0\0")]
)
def test_a_local_header_that_disagrees_refuses_its_entry(at, value):
    data = zipped(io.BytesIO())
    data[at : at + len(value)] = value
    assert read(data) == ["archive", XML]


@pytest.mark.parametrize("at", [4, 8, 12])
def test_a_descriptor_that_disagrees_refuses_its_entry(at):
    data = zipped(Pipe())
    data[data.index(DESCRIPTOR) + at] ^= 1
    assert read(data) == ["archive", XML]


def test_a_descriptor_may_lack_its_signature():
    data = zipped(Pipe())
    whole = bytes(data).replace(DESCRIPTOR, b"")
    second = whole.index(LOCAL, 4)
    start = whole.index(CENTRAL)
    patched = bytearray(whole)
    struct.pack_into("<L", patched, whole.index(CENTRAL, start + 4) + 42, second)
    struct.pack_into("<L", patched, whole.index(b"PK\5\6") + 16, start)
    assert read(patched) == [XML, XML]


def deflated64(content: bytes, declared: int = 0) -> bytes:
    """An archive as Windows Explorer packs what is large."""
    deflater = inflate64.Deflater()
    packed = deflater.deflate(content) + deflater.flush()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("1.xml", packed)
    data = target.getvalue()
    for mark, at in ((LOCAL, 8), (CENTRAL, 10)):
        head = bytearray(data)
        start = data.index(mark) + at
        struct.pack_into("<H", head, start, 9)
        struct.pack_into("<L", head, start + 6, zlib.crc32(content))
        struct.pack_into("<L", head, start + 14, declared or len(content))
        data = bytes(head)
    return data


def test_deflate64_is_read_and_held_to_what_is_declared():
    content = XML * 300 + bytes(range(256)) * 300
    assert read(deflated64(content)) == [content]
    assert read(deflated64(content, len(content) - 1)) == ["archive"]
    assert read(deflated64(content, len(content) + 1)) == ["archive"]
    assert read(deflated64(bytes(archive.SMALL + 1))) == ["archive"]  # 26,000 times smaller
    damaged = bytearray(deflated64(content))
    damaged[40:60] = b"\xff" * 20
    assert read(damaged) == ["archive"]


def test_other_methods_are_named():
    data = zipped(io.BytesIO())
    struct.pack_into("<H", data, data.index(CENTRAL) + 10, 14)
    assert read(data) == ["archive", XML]
    (refused, _) = find("a.zip")
    assert isinstance(refused, Refusal)
    assert "14" in refused.what.vi


NAMES = st.lists(st.text("aZ09-_đẠ日", min_size=1, max_size=8), min_size=1, max_size=3).map("/".join)
CONTENTS = st.binary(max_size=300) | st.builds(
    bytes.__mul__, st.binary(min_size=1, max_size=3), st.integers(0, 90_000)
)
MADE = st.dictionaries(
    NAMES, st.tuples(CONTENTS, st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
)


def packed(made: dict[str, tuple[bytes, int]], target: io.BytesIO) -> bytes:
    with zipfile.ZipFile(target, "w") as out:
        for name, (content, method) in made.items():
            out.writestr(name, content, method)
    return target.getvalue()


def inflated(data: bytes) -> dict[str, bytes]:
    file = io.BytesIO(data)
    return {entry.name: b"".join(archive.inflate(file, entry)) for entry in archive.entries(file)}


@given(MADE, st.sampled_from([io.BytesIO, Pipe]))
def test_every_archive_is_read_as_the_standard_library_reads_it(made, target):
    data = packed(made, target())
    with zipfile.ZipFile(io.BytesIO(data)) as theirs:
        listed = [(info.filename, info.file_size, info.compress_size) for info in theirs.infolist()]
        contents = {name: theirs.read(name) for name in theirs.namelist()}
    ours = archive.entries(io.BytesIO(data))
    assert [(entry.name, entry.size, entry.packed) for entry in ours] == listed
    assert inflated(data) == contents == {name: content for name, (content, _) in made.items()}


@given(MADE.filter(bool), st.data())
def test_a_damaged_archive_is_refused_or_gives_what_was_packed(made, data):
    whole = bytearray(packed(made, io.BytesIO()))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        found = inflated(bytes(whole))
    except ArchiveError:
        return
    contents = sorted(content for content, _ in made.values())
    assert sorted(found.values()) == contents  # only a name, a date or a comment was hit


@given(MADE.filter(bool), st.data())
def test_a_cut_off_archive_is_refused(made, data):
    whole = packed(made, io.BytesIO())
    with pytest.raises(ArchiveError):
        archive.entries(io.BytesIO(whole[: data.draw(st.integers(0, len(whole) - 1))]))


def test_zip64_is_read(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    data = bytes(zipped(io.BytesIO()))
    assert b"PK\6\7" in data
    assert inflated(data) == {"1.xml": XML, "2.xml": XML}
