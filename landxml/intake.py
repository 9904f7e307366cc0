"""From the user's paths to documents: files, folders, zip archives; each with the name its owner knows.

What cannot be taken is a :class:`Refusal`, never an exception: an unsafe archive is refused whole, before
anything in it is read; one unreadable file refuses only itself. Nothing is written to disk, except that
standard input is kept in a temporary file until the process ends.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from landxml import archive
from landxml.archive import ArchiveError, Entry, printable
from landxml.errors import LandXmlError
from landxml.layout import HEAD
from landxml.temporary import temporary_to_the_end

__all__ = ["STDIN", "Document", "Refusal", "RefusalCode", "RefusedError", "find", "open_many"]

STDIN = "-"
"""The path that means standard input."""

RefusalCode = Literal["PKG003", "PKG009", "PKG010"]
"""PKG003: unsafe or unreadable archive; PKG009: unreadable file; PKG010: nothing to check."""

SCANS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif")
"""Suffixes of scanned papers, which lie beside the data by the thousand and are not read."""
_NESTED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
_OFFICE = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
"""What stands in a zip that is one document: a workbook, not a delivery."""
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"})
"""What operating systems leave in folders; so do names that begin with ``.`` or ``~$``."""


class Refusal(msgspec.Struct, frozen=True):
    """Something given that cannot be read: the rule it breaks, its name, and why in both languages."""

    code: RefusalCode
    name: str
    vi: str
    en: str


class RefusedError(LandXmlError):
    """A document cannot be opened, or not be read to its end; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.en, vi=refusal.vi, file=refusal.name)
        self.refusal = refusal


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One file to check.

    Attributes
    ----------
    name
        As the user knows it: ``goi/1.xml``, ``goi.zip!/xml/00004.gml`` or ``-``.
    path
        File on disk: the document itself, or the archive that holds it.
    size
        Bytes of the document. No more are ever read.
    entry
        Where it is in the archive; ``None`` for a file of its own.
    """

    name: str
    path: str
    size: int
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
            file = _open(self.path)
        except OSError as error:
            raise RefusedError(_unreadable(self.name, error)) from error
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
            file = _open(path)
        except OSError as error:
            yield from ((document, _unreadable(document.name, error)) for document in group)
            continue
        with file:
            for document in group:
                file.seek(0)
                with _Stream(document, file) as stream:
                    yield document, stream


def _whole(document: Document) -> BinaryIO | Refusal:
    """Read a short file at once: dossiers come by the million."""
    try:
        with io.FileIO(document.path) as file:
            return io.BytesIO(b"".join(_blocks(file, document.size)))
    except OSError as error:
        return _unreadable(document.name, error)


def _open(path: str) -> BinaryIO:
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
            refused = _refused(name, error) if isinstance(error, ArchiveError) else _unreadable(name, error)
            raise RefusedError(refused) from error

    def close(self) -> None:
        if self._owned:
            self._owned.close()
        super().close()


class _Stream(io.BufferedReader):
    def __init__(self, document: Document, file: BinaryIO, owned: BinaryIO | None = None) -> None:
        super().__init__(_Source(document, file, owned), min(document.size, HEAD) + 1)


def _blocks(file: BinaryIO | io.FileIO, size: int) -> Iterator[bytes]:
    while block := file.read(min(size + 1, archive.BLOCK)):  # one more, to see that it is the last
        size -= len(block)
        if size < 0:
            break
        yield block
    if size:
        raise OSError(errno.EFBIG, "longer or shorter than when it was found")


def find(paths: Iterable[str | Path], skipped: Counter[str] | None = None) -> Iterator[Document | Refusal]:
    """Find the documents in files, folders and archives, in a stable order.

    Parameters
    ----------
    paths
        Files, folders (searched to the bottom; links in them are not followed) and zip archives of any name,
        also in folders; ``-`` is standard input.
    skipped
        Counts scans that are passed over, by suffix (``.pdf``); one that is given by name is not.

    Yields
    ------
    Document or Refusal
        A path that is given twice, also as part of a folder, is found once.
    """
    counter = Counter[str]() if skipped is None else skipped
    for path in _distinct(paths):
        before, empty = counter.total(), True
        for item in _files(path, counter):
            opened = _members(item, counter) if isinstance(item, Document) and _is_zip(item) else (item,)
            for found in opened:
                empty = False
                yield found
        if empty:
            yield _nothing(printable(str(path)), counter.total() - before)


def _distinct(paths: Iterable[str | Path]) -> list[str | Path]:
    """Paths without those that are given twice, or lie in a folder that is given too."""
    given = {path if path == STDIN else os.path.abspath(path): path for path in paths}  # noqa: PTH100 - lexical
    return [
        path for full, path in given.items() if not any(folder in given for folder in _folders(str(full)))
    ]


def _folders(path: str) -> Iterator[str]:
    while (folder := os.path.dirname(path)) != path:  # noqa: PTH120 - a shell may pass 100,000 paths
        yield folder
        path = folder


def _files(path: str | Path, skipped: Counter[str]) -> Iterator[Document | Refusal]:
    """Files on disk that one path stands for; archives are still closed."""
    if str(path) == STDIN:
        yield _spool()
        return
    path = os.fspath(Path(path))  # without superfluous slashes and dots
    try:
        mode = os.stat(path)  # noqa: PTH116 - texts, not objects: there may be a million
    except (OSError, ValueError) as error:
        yield _unreadable(_shown(path), error)
        return
    if stat.S_ISDIR(mode.st_mode):
        yield from _walk(path, skipped)
    else:
        yield _file(path, mode)


def _walk(folder: str, skipped: Counter[str]) -> Iterator[Document | Refusal]:
    """Files of a folder and all below it, by name; a stack, because hostile folders are deep."""
    stack: list[tuple[str, os.DirEntry[str] | None]] = [(folder, None)]
    while stack:
        path, item = stack.pop()
        try:
            if item is None or item.is_dir(follow_symlinks=False):
                with os.scandir(path) as inside:
                    below = [entry for entry in inside if not _is_system(entry.name)]
                start = "" if path == "." else f"{path.rstrip(os.sep)}{os.sep}"
                stack += sorted(((start + entry.name, entry) for entry in below), reverse=True)
            elif _has(path, SCANS):
                skipped[Path(path).suffix.lower()] += 1
            else:
                yield _file(path, item.stat(follow_symlinks=False))
        except OSError as error:
            yield _unreadable(_shown(path), error)


def _file(path: str, status: os.stat_result) -> Document | Refusal:
    name = _shown(path)
    if stat.S_ISREG(status.st_mode):
        return Document(name=name, path=path, size=status.st_size)
    if stat.S_ISLNK(status.st_mode):
        return Refusal(
            "PKG009",
            name,
            "Là một liên kết; liên kết không được mở.",
            "It is a link; links are not followed.",
        )
    return Refusal("PKG009", name, "Không phải là tệp thường.", "It is not a regular file.")


def _spool() -> Document | Refusal:
    """Keep standard input in a file, which other processes can open too."""
    try:
        with (temporary_to_the_end() / "stdin").open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
            return Document(name=STDIN, path=file.name, size=file.tell())
    except OSError as error:
        return _unreadable(STDIN, error)


def _is_zip(document: Document) -> bool:
    """Whether a file is a zip, by its first bytes, whatever it is called.

    What calls itself XML is not opened for that: there may be 100,000 of them, and a zip of such a name is
    found out when it is read (:func:`landxml.layout.sniff`).
    """
    if _has(document.name, (".xml", ".gml")):
        return False
    try:
        with _open(document.path) as file:
            return file.read(4) in {b"PK\3\4", b"PK\5\6"}
    except OSError:  # whoever opens the document says so
        return False


def _members(container: Document, skipped: Counter[str]) -> Iterator[Document | Refusal]:
    """Documents in an archive, in its own order; an Office document is one itself."""
    name = container.name
    try:
        with _open(container.path) as file:
            listed = archive.entries(file)
        if any(entry.name in _OFFICE for entry in listed):
            yield container
            return
        wanted = [entry for entry in listed if not any(map(_is_system, entry.name.split("/")))]
        documents = [entry for entry in wanted if not _has(entry.name, SCANS)]
        archive.refuse_bombs(documents, container.size)
    except ArchiveError as error:
        yield _refused(name, error)
        return
    except OSError as error:
        yield _unreadable(name, error)
        return
    skipped.update(Path(entry.name).suffix.lower() for entry in wanted if _has(entry.name, SCANS))
    if not wanted:
        yield _nothing(name, 0)
    for entry in documents:
        yield _member(container, entry)


def _member(container: Document, entry: Entry) -> Document | Refusal:
    name = f"{container.name}!/{entry.name}"
    if _has(name, _NESTED):
        return _refused(name, ArchiveError("tệp nén nằm trong tệp nén", "an archive inside an archive"))
    if entry.unreadable:
        return _refused(name, ArchiveError(*entry.unreadable))
    return Document(name=name, path=container.path, size=entry.size, entry=entry)


def _has(name: str, suffixes: tuple[str, ...]) -> bool:
    return name.lower().endswith(suffixes)


def _is_system(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM


def _shown(path: str) -> str:
    return printable(path.replace(os.sep, "/"))


def _refused(name: str, error: ArchiveError) -> Refusal:
    return Refusal("PKG003", name, _sentence(error.vi), _sentence(error.en))


def _nothing(name: str, scans: int) -> Refusal:
    vi = f"Không có tệp dữ liệu nào (bỏ qua {scans} tệp quét)." if scans else "Không có tệp dữ liệu nào."
    en = f"There is no data file ({scans} scans passed over)." if scans else "There is no data file."
    return Refusal("PKG010", name, vi, en)


_ERRNO = {
    errno.ENOENT: ("tệp không tồn tại", "it does not exist"),
    errno.EACCES: ("không có quyền đọc", "no permission to read it"),
    errno.EPERM: ("không có quyền đọc", "no permission to read it"),
    errno.EISDIR: ("là thư mục, không phải tệp", "it is a folder, not a file"),
    errno.EFBIG: ("tệp đã thay đổi trong khi đọc", "it changed while it was read"),
    errno.ENOSPC: ("hết chỗ trên đĩa tạm", "no space is left for temporary files"),
}


def _unreadable(name: str, error: OSError | ValueError) -> Refusal:
    code, reason = (error.errno, error.strerror) if isinstance(error, OSError) else (None, error)
    vi, en = _ERRNO.get(code or 0, (f"không đọc được ({reason})", f"it cannot be read ({reason})"))
    return Refusal("PKG009", name, _sentence(vi), _sentence(en))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
