"""Documents: files to read, on disk or in an archive; what keeps one from it is a :class:`Refusal`."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import BinaryIO

import msgspec

from landxml import archive, remote
from landxml.archive import ArchiveError, Entry
from landxml.errors import LandXmlError
from landxml.inflating import BLOCK
from landxml.reasons import Reason
from landxml.recognise import HEAD
from landxml.text import Text

__all__ = [
    "Document",
    "Refusal",
    "RefusedError",
    "open_many",
    "open_regular",
    "refused",
    "unreadable",
]


class Refusal(msgspec.Struct, frozen=True):
    """Something given that cannot be read: why, its name, and why in words of both languages."""

    reason: Reason
    name: str
    what: Text


class RefusedError(LandXmlError):
    """A document cannot be opened, or not be read to its end; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.what, file=refusal.name)
        self.refusal = refusal


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One file to check.

    Attributes
    ----------
    name
        As the user knows it: ``goi/1.xml``, ``goi.zip!/xml/00004.gml`` or ``<stdin>``.
    path
        File on disk, or object of a store (``s3://…``): the document itself, or the archive that holds it.
    size
        Bytes of the document. No more are ever read.
    changed
        Of a file of its own: when it was last changed, ns since 1970 (on POSIX this cannot be set back).
        To this is added a checksum of the other files of the document, if it has some, in an archive too.
    entry
        Where it is in the archive; ``None`` for a file of its own.
    """

    name: str
    path: str
    size: int
    changed: int = 0
    entry: Entry | None = None

    @property
    def member(self) -> str | None:
        """Path inside the archive."""
        return self.entry.name if self.entry else None

    def open(self) -> BinaryIO:
        """Open for reading; cannot seek, but can peek at the first 64 kB.

        Raises
        ------
        RefusedError
            Here, or while reading: it has vanished, may not be read, is damaged, or not ``size`` long.
        """
        try:
            file = open_regular(self.path)
        except OSError as error:
            raise RefusedError(unreadable(self.name, error)) from error
        return _Stream(self, file, file)


def open_many(documents: Iterable[Document]) -> Iterator[tuple[Document, BinaryIO | Refusal]]:
    """Open documents one after another, and each archive once for all its documents in a row.

    A stream is closed when the next one is asked for.
    """
    for (path, short), group in groupby(documents, lambda d: (d.path, d.entry is None and d.size <= HEAD)):
        if short:
            yield from ((document, _whole(document)) for document in group)
            continue
        try:
            file = open_regular(path)
        except OSError as error:
            yield from ((document, unreadable(document.name, error)) for document in group)
            continue
        with file:
            for document in group:
                if document.entry and document.size <= HEAD:
                    yield document, _inflated(document, document.entry, file)
                    continue
                file.seek(0)
                with _Stream(document, file) as stream:
                    yield document, stream


def _whole(document: Document) -> BinaryIO | Refusal:
    """Read a short file at once: dossiers come by the million."""
    try:
        with (
            open_regular(document.path)
            if remote.is_remote(document.path)
            else io.FileIO(document.path) as file
        ):
            content = file.read(document.size + 1)
        if len(content) != document.size:
            raise _changed()
    except OSError as error:
        return unreadable(document.name, error)
    return io.BytesIO(content)


def _inflated(document: Document, entry: Entry, file: BinaryIO) -> BinaryIO | Refusal:
    """Read a short entry of an archive at once."""
    try:
        return io.BytesIO(b"".join(archive.inflate(file, entry)))
    except ArchiveError as error:
        return refused(document.name, error.what)
    except OSError as error:
        return unreadable(document.name, error)


def open_regular(path: str) -> BinaryIO:
    """Open a file or an object of a store, but no folder, pipe or device."""
    if remote.is_remote(path):
        return remote.opened(path)
    file = io.BufferedReader(io.FileIO(path))
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EISDIR, "not a regular file")
    return file


class _Source(io.RawIOBase):
    """Bytes of a document as they come, counted; :class:`RefusedError` where there are too many."""

    def __init__(self, document: Document, file: BinaryIO, owned: BinaryIO | None) -> None:
        self._document = document
        self._blocks = (
            archive.inflate(file, document.entry) if document.entry else _blocks(file, document.size)
        )
        self._rest = memoryview(b"")
        self._owned = owned

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; fewer bytes only at the end."""
        filled = 0
        while filled < len(buffer):
            if not self._rest:
                block = self._next()
                if block is None:
                    break
                self._rest = memoryview(block)
            part = self._rest[: len(buffer) - filled]
            buffer[filled : filled + len(part)] = part
            self._rest = self._rest[len(part) :]
            filled += len(part)
        return filled

    def readall(self) -> bytes:
        """Return all that is left; the default would read it in blocks of 8 kB."""
        rest, self._rest = self._rest, memoryview(b"")
        return b"".join([rest, *iter(self._next, None)])

    def _next(self) -> bytes | None:
        name = self._document.name
        try:
            return next(self._blocks, None)
        except (ArchiveError, OSError) as error:
            self.close()  # whoever goes on reading must not take this for the end
            refusal = (
                refused(name, error.what) if isinstance(error, ArchiveError) else unreadable(name, error)
            )
            raise RefusedError(refusal) from error

    def close(self) -> None:
        if self._owned:
            self._owned.close()
        super().close()


class _Stream(io.BufferedReader):
    def __init__(self, document: Document, file: BinaryIO, owned: BinaryIO | None = None) -> None:
        super().__init__(_Source(document, file, owned), min(document.size, HEAD) + 1)


def _blocks(file: BinaryIO | io.FileIO, size: int) -> Iterator[bytes]:
    while block := file.read(min(size + 1, BLOCK)):  # one more, to see that it is the last
        size -= len(block)
        if size < 0:
            break
        yield block
    if size:
        raise _changed()


def _changed() -> OSError:
    return OSError(errno.EFBIG, "longer or shorter than when it was found")


def refused(name: str, what: Text) -> Refusal:
    """Return why an archive, or an entry of one, is not read."""
    return Refusal("archive", name, what.map(_sentence))


_ERRNO = {
    errno.ENOENT: Text("không có tệp hoặc thư mục này", "no such file or folder"),
    errno.ENOTDIR: Text("không có tệp hoặc thư mục này", "no such file or folder"),
    errno.ENAMETOOLONG: Text("đường dẫn quá dài", "the path is too long"),
    errno.EACCES: Text("không có quyền đọc", "no permission to read it"),
    errno.EPERM: Text("không có quyền đọc", "no permission to read it"),
    errno.EISDIR: Text("là thư mục, không phải tệp", "it is a folder, not a file"),
    errno.EFBIG: Text("tệp đã thay đổi trong khi đọc", "it changed while it was read"),
    errno.ETIMEDOUT: Text(
        "kho đối tượng không trả lời; xem AWS_ENDPOINT_URL",
        "the object store does not answer; see AWS_ENDPOINT_URL",
    ),
    errno.ENOSPC: Text("hết chỗ trên đĩa tạm", "no space is left for temporary files"),
}


def unreadable(name: str, error: OSError | ValueError, hint: Text | None = None) -> Refusal:
    """Return why the system does not let a file be read; a hint ends the sentence."""
    code, said = (error.errno, error.strerror) if isinstance(error, OSError) else (None, error)
    what = _ERRNO.get(code or 0) or Text(f"không đọc được ({said})", f"it cannot be read ({said})")
    return Refusal("unreadable", name, (what + hint if hint else what).map(_sentence))


def _sentence(text: str) -> str:
    """Begin with a capital, end with a stop or a question mark."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('?') else '.'}"
