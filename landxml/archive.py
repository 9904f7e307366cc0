"""Zip archives from untrusted sources: the whole directory is checked before any entry is read.

Nothing is unpacked to disk. The standard library's reader is not used, because it builds the whole directory
before one can refuse it, again in every process, and overlooks overlapping entries and data behind an
entry's declared end. An :class:`Entry` knows where its bytes are, so that opening it costs one seek.

Source: APPNOTE.TXT 6.3 (PKWARE). One disk; stored, Deflate or Deflate64; zip64 included.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import msgspec

from landxml.inflating import BLOCK, METHODS
from landxml.text import Text

__all__ = [
    "MAX_ENTRIES",
    "MAX_ENTRY_SIZE",
    "MAX_RATIO",
    "MAX_TOTAL_SIZE",
    "SMALL",
    "ArchiveError",
    "Entries",
    "Entry",
    "entries",
    "inflate",
    "printable",
    "refuse_bombs",
]

MAX_ENTRIES = 1_000_000
"""A province has one to four million dossiers, delivered by commune."""
MAX_ENTRY_SIZE = 8 * 2**30
"""Bytes of one document. A commune of 200,000 parcels is 0.6 GB."""
MAX_TOTAL_SIZE = 100 * 2**30
"""Bytes of all documents in one archive. A million dossiers are 11 GB."""
MAX_RATIO = 250
"""Unpacked : packed. Indented cadastral XML reaches 10 to 60; bombs approach the 1,032 of deflate."""
SMALL = 10 * 2**20
"""Bytes below which the ratio says nothing: a short file of blanks harms nobody."""


class ArchiveError(Exception):
    """An archive or an entry must not or cannot be read; says why in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.what = Text(vi, en)
        super().__init__(en)


class Entry(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One file in an archive, as the central directory describes it.

    Attributes
    ----------
    name
        Path in the archive with ``/`` between folders, as some Windows programs do not write it.
    size, packed
        Bytes unpacked and as stored.
    offset
        Of the local header, from the start of the archive.
    method
        Those of :data:`landxml.inflating.METHODS`; others are listed but cannot be read.
    """

    name: str
    size: int
    packed: int
    offset: int
    method: int
    flags: int
    crc: int

    @property
    def unreadable(self) -> Text | None:
        """Why this entry alone cannot be read."""
        if self.flags & _ENCRYPTED:
            return Text("tệp được mã hoá bằng mật khẩu", "it is encrypted with a password")
        if self.method not in METHODS:
            return Text(
                f"phương pháp nén {self.method} không được hỗ trợ",
                f"compression {self.method} is not supported",
            )
        return None


class Entries:
    """The files in an archive, in its own order, each kept in some 80 bytes until it is asked for."""

    def __init__(self, kept: list[bytes]) -> None:
        self._kept = kept

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Entry]:
        return map(_decode, self._kept)

    def only(self, wanted: Callable[[Entry], bool]) -> Entries:
        """Return those of which this is true."""
        return Entries([kept for kept in self._kept if wanted(_decode(kept))])


_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.Decoder(Entry).decode

_ENCRYPTED = 0x41  # bit 0: encrypted; bit 6: strongly
_UTF8 = 0x800
_DESCRIBED = 0x8
"""Sizes and CRC stand behind the data."""

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MASK16 = 0xFFFF
_MASK32 = 0xFFFFFFFF


_BROKEN = "tệp zip bị hỏng", "the archive is damaged"


def entries(file: BinaryIO) -> Entries:
    """Return the files in an archive, in its own order; folders are left out.

    Raises
    ------
    ArchiveError
        If it is damaged or unsafe as a whole; then nothing of it may be read.
    OSError
        If the file cannot be read.
    """
    start, end, count = _directory(file)
    found = [_encode(entry) for entry in _central(file, start, end)]
    if (len(found) ^ count) & _MASK16:
        raise ArchiveError(*_BROKEN)
    _refuse_overlaps(Entries(sorted(found, key=lambda kept: _decode(kept).offset)), start)
    files = [kept for kept in found if not _decode(kept).name.endswith("/")]
    by_name = Entries(sorted(files))  # the name comes first in what is kept
    if any(one.name == other.name for one, other in pairwise(by_name)):
        raise ArchiveError("hai tệp trong tệp zip trùng tên", "two entries have the same name")
    return Entries(files)


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """Start, end and count of the central directory, which must reach to the end record exactly."""
    length = file.seek(0, 2)
    tail_at = max(0, length - _END.size - _MASK16)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + _END.size > len(tail):
        file.seek(0)
        if file.read(2) == b"PK":
            raise ArchiveError("tệp zip bị cắt cụt", "the archive is cut off")
        raise ArchiveError("không phải là tệp zip", "it is not a zip archive")
    _, disk, first_disk, _, count, size, start, comment = _END.unpack_from(tail, at)
    end = tail_at + at
    if end + _END.size + comment != length:
        raise ArchiveError(
            "tệp zip bị cắt cụt hoặc có dữ liệu thừa ở cuối", "it is cut off, or has data after its end"
        )
    if end >= _END64_LOCATOR.size:
        locator, _, wide, _ = _read_at(file, end - _END64_LOCATOR.size, _END64_LOCATOR)
        if locator == b"PK\6\7":
            signature, *_, count, size, start = _read_at(file, min(wide, end), _END64)
            end = wide if signature == b"PK\6\6" else -1
    if disk or first_disk or start + size != end:
        raise ArchiveError(*_BROKEN)
    return start, end, count


def _read_at(file: BinaryIO, at: int, form: struct.Struct) -> tuple[Any, ...]:
    file.seek(at)
    return _read(file, form)


def _read(file: BinaryIO, form: struct.Struct) -> tuple[Any, ...]:
    data = file.read(form.size)
    if len(data) < form.size:
        raise ArchiveError(*_BROKEN)
    return form.unpack(data)


def _central(file: BinaryIO, start: int, end: int) -> Iterator[Entry]:
    """Entries of the central directory, each refused as soon as it is seen to be unsafe."""
    file.seek(start)
    at, count = start, 0
    while at < end:
        header = _read(file, _CENTRAL)
        signature, made, _, flags, method, _, _, crc, packed, size = header[:10]
        name_length, extra_length, comment_length, disk, _, attributes, offset = header[10:]
        rest = file.read(name_length + extra_length + comment_length)
        at += _CENTRAL.size + name_length + extra_length + comment_length
        if signature != b"PK\1\2" or at > end or disk not in {0, _MASK16}:
            raise ArchiveError(*_BROKEN)
        count += 1
        if count > MAX_ENTRIES:
            raise ArchiveError(
                f"tệp zip có hơn {MAX_ENTRIES:,} tệp", f"the archive has more than {MAX_ENTRIES:,} entries"
            )
        extra = rest[name_length : name_length + extra_length]
        size, packed, offset = _sizes64(size, packed, offset, extra)
        name = _name(rest[:name_length], flags)
        _refuse_kind(name, attributes >> 16 if made >> 8 in {3, 19} else 0)
        yield Entry(name=name, size=size, packed=packed, offset=offset, method=method, flags=flags, crc=crc)


def _sizes64(size: int, packed: int, offset: int, extra: bytes) -> tuple[int, int, int]:
    """Sizes and offset with those replaced that are kept in the zip64 extra field, in its fixed order."""
    values = [size, packed, offset]
    wide = [i for i, value in enumerate(values) if value == _MASK32]
    at = 0
    while wide and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            if length < 8 * len(wide) or at + 4 + length > len(extra):
                raise ArchiveError(*_BROKEN)
            for i, value in zip(wide, struct.unpack_from(f"<{len(wide)}Q", extra, at + 4), strict=True):
                values[i] = value
            break
        at += 4 + length
    return values[0], values[1], values[2]


_UNSAFE_NAME = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|\0|^$")


_UNTIDY = re.compile(r"(^|/)\.?(/|$)")


def _name(raw: bytes, flags: int) -> str:
    """Name of an entry; UTF-8 is also recognised where the flag for it was forgotten."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        if flags & _UTF8:
            raise ArchiveError(*_BROKEN) from None
        name = raw.decode("cp437")
    name = name.replace("\\", "/")
    if _UNSAFE_NAME.search(name):
        raise ArchiveError(
            "tệp zip có đường dẫn tuyệt đối hoặc chứa “..”", "an entry has an absolute path or one with “..”"
        )
    if _UNTIDY.search(name):
        name = f"{PurePosixPath(name)}{'/' if name.endswith('/') else ''}"
    return printable(name).replace("\\", "_")  # written again, a backslash would make folders


def printable(name: str) -> str:
    """Return a file's name with control characters and undecodable bytes escaped, fit for any report."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def _refuse_kind(name: str, mode: int) -> None:
    """Refuse symbolic links and devices; a mode of 0 says nothing."""
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ArchiveError(f"“{name}” là một liên kết, không phải tệp", f"“{name}” is a link, not a file")


def _refuse_overlaps(found: Iterable[Entry], end: int) -> None:
    """Refuse entries, given by offset, that overlap or reach into the directory: the way of modern bombs."""
    free = 0
    for entry in found:
        if entry.offset < free:
            raise ArchiveError("dữ liệu của các tệp chồng lên nhau", "entries overlap each other")
        free = entry.offset + _LOCAL.size + entry.packed
    if free > end:
        raise ArchiveError(*_BROKEN)


def refuse_bombs(documents: Iterable[Entry], length: int) -> None:
    """Refuse an archive whose documents are too large, or packed too tightly to be real.

    Parameters
    ----------
    documents
        The entries that will be read.
    length
        Bytes of the archive.
    """
    total = 0
    for entry in documents:
        total += entry.size
        if total > MAX_TOTAL_SIZE or entry.size > MAX_ENTRY_SIZE:
            raise ArchiveError(
                "nội dung sau khi giải nén vượt giới hạn", "its content is larger than allowed"
            )
        _refuse_tight(entry.size, entry.packed)
    _refuse_tight(total, length)


def _refuse_tight(size: int, packed: int) -> None:
    if size > SMALL and size > MAX_RATIO * packed:
        raise ArchiveError(
            f"tỷ lệ nén vượt {MAX_RATIO} lần (bom nén)",
            f"it is compressed more than {MAX_RATIO} times (a zip bomb)",
        )


def inflate(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes of an entry in blocks, never more than it declares.

    Raises
    ------
    ArchiveError
        If the entry is damaged, or is not what the directory says.
    """
    if entry.unreadable:
        raise ArchiveError(entry.unreadable.vi, entry.unreadable.en)
    described = _begin(file, entry)
    blocks = _stored(file, entry.packed)
    size = crc = 0
    held = b""  # the last block is given out only when all has proved right
    try:
        for block in METHODS[entry.method](blocks):
            size += len(block)
            crc = zlib.crc32(block, crc)
            if size > entry.size:
                break
            yield held
            held = block
    except ValueError:
        raise ArchiveError(*_BROKEN) from None
    if size != entry.size or crc != entry.crc or (described and not _descriptor(file, entry)):
        raise ArchiveError(
            "nội dung tệp bị hỏng (sai kích thước hoặc CRC)", "its content is damaged (wrong size or CRC)"
        )
    yield held


def _begin(file: BinaryIO, entry: Entry) -> bool:
    """Read the local header, which must agree with the directory; tell if a descriptor follows the data."""
    header = _read_at(file, entry.offset, _LOCAL)
    signature, _, flags, method, _, _, *numbers, name_length, extra_length = header
    name = file.read(name_length)
    file.seek(extra_length, 1)
    described = bool(flags & _DESCRIBED)
    unsaid = 0 if described else _MASK32
    stated = zip(numbers, (entry.crc, entry.packed, entry.size), strict=True)
    if (
        signature != b"PK\3\4"
        or (flags ^ entry.flags) & _ENCRYPTED
        or method != entry.method
        or _name(name, flags) != entry.name
        or any(n not in {value, unsaid, _MASK32} for n, value in stated)
    ):
        raise ArchiveError(*_BROKEN)
    return described


def _descriptor(file: BinaryIO, entry: Entry) -> bool:
    """Tell whether the numbers behind the data are those of the directory; the signature may be left out."""
    found = file.read(24)
    forms = ("<3L", "<L2Q") if max(entry.packed, entry.size) < _MASK32 else ("<L2Q",)
    wanted = [struct.pack(form, entry.crc, entry.packed, entry.size) for form in forms]
    return any(found.removeprefix(b"PK\7\x08").startswith(numbers) for numbers in wanted)


def _stored(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        block = file.read(min(left, BLOCK))
        if not block:
            raise ArchiveError(*_BROKEN)
        left -= len(block)
        yield block
