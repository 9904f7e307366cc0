"""From the user's paths to documents: files, folders, zip archives; each with the name its owner knows.

What cannot be taken is a refusal, never an exception: an unsafe archive is refused whole, before anything in
it is read; one unreadable file refuses only itself. Nothing is written to disk, except that standard input is
kept in a temporary file until the process ends.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import sys
import zlib
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from landxml import archive, remote
from landxml.absent import STDIN, absent, shown
from landxml.archive import ArchiveError, Entry, printable
from landxml.carriers import Opened, kind
from landxml.documents import Document, Refusal, open_regular, refused, unreadable
from landxml.layouts import Layout, builtin
from landxml.parts import CATALOG, LAYERS, MAINS, besides, main_of
from landxml.suffixes import OTHERS, SCANS, TABLES, has, kind_of
from landxml.temporary import temporary_to_the_end
from landxml.text import Text

__all__ = ["STDIN", "Path_", "Paths", "find", "listed", "suffixes"]

Path_ = str | os.PathLike[str]
Paths = Path_ | Iterable[Path_]
"""One path or many."""

STDIN_NAME = "<stdin>"

_OFFICE = frozenset({"[Content_Types].xml", "xl/workbook.xml", "META-INF/manifest.xml"})
"""What stands in a zip that is one document: a workbook, not a delivery."""
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"})
"""What operating systems leave in folders; so do names that begin with ``.`` or ``~$``."""
_NESTED = ".zip"
_ZIP = (b"PK\3\4", b"PK\5\6")
_HEAD = 512
"""Bytes by which a file that is not called XML is told to be some, or a zip."""


def listed(paths: Paths) -> list[str]:
    """Return one path, or many, as texts. A text is one path and never its letters.

    >>> listed("a.zip"), listed(["a.zip", Path("b")])
    (['a.zip'], ['a.zip', 'b'])
    """
    return [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]


class _Search(NamedTuple):
    """Suffixes of documents, which are not opened to be found, of tables and maps, and of others.

    What is found of the latter, and of scans among them, if these are wanted; which layouts tables may have.
    """

    skipped: Counter[str]
    scans: list[Document] | None
    data: tuple[str, ...]
    tables: tuple[str, ...]
    others: tuple[str, ...]
    flat: tuple[Layout, ...]

    @property
    def beside(self) -> int:
        """Number of files found that are no data."""
        return self.skipped.total() + len(self.scans or ())


def suffixes(own: Iterable[Layout] = ()) -> tuple[str, ...]:
    """Return the suffixes of documents of the built-in layouts, and of others."""
    known = (*own, *builtin().values())
    documents = (layout for layout in known if not layout.flat)
    return tuple({".xml", ".gml", *(f".{layout.extension}".lower() for layout in documents)})


def find(
    paths: Paths,
    skipped: Counter[str] | None = None,
    own: Iterable[Layout] = (),
    scans: list[Document] | None = None,
) -> Iterator[Document | Refusal]:
    """Find the documents in files, folders and archives, in a stable order.

    Parameters
    ----------
    paths
        Files, folders (searched to the bottom; links in them are not followed) and zip archives of any name,
        also in folders; ``-`` is standard input.
    skipped
        Counts the files of folders and archives that are no data and not looked at, by suffix (``.pdf``;
        ``""`` for unusual ones). A file that is given by name is always a document.
    own
        Layouts beside the built-in ones, whose documents have their own suffixes.
    scans
        Takes the files of scanned papers among them, which are not counted then.

    Yields
    ------
    Document or Refusal
        A path that is given twice, also as part of a folder, is found once.
    """
    own = tuple(own)
    data = suffixes(own)
    tables = tuple(suffix for suffix in (*TABLES, *LAYERS) if suffix not in data)
    others = tuple(suffix for suffix in OTHERS if suffix not in {*data, *tables})
    flat = tuple(layout for layout in (*own, *builtin().values()) if layout.flat)
    search = _Search(Counter() if skipped is None else skipped, scans, data, tables, others, flat)
    for path in _distinct(listed(paths)):
        before, empty = search.beside, True
        for found in _under(path, search):
            empty = False
            yield found
        if empty:
            yield _nothing(printable(path), search.beside - before)


def _distinct(paths: Iterable[str]) -> list[str]:
    """Paths without those that are given twice, or lie in a folder that is given too."""
    given = {path if path == STDIN else os.path.abspath(path): path for path in paths}  # noqa: PTH100 - lexical
    return [path for full, path in given.items() if not any(folder in given for folder in _folders(full))]


def _folders(path: str) -> Iterator[str]:
    while (folder := os.path.dirname(path)) != path:  # noqa: PTH120 - a shell may pass 100,000 paths
        yield folder
        path = folder


def _under(path: str, search: _Search) -> Iterator[Document | Refusal]:
    """Documents that one path stands for."""
    if path == STDIN:
        yield from _opened(_spool(), search)
    elif refusal := absent(path):
        yield refusal
    elif remote.is_remote(path):
        yield from _in_store(path, search)
    elif os.path.isdir(path := os.fspath(Path(path))):  # noqa: PTH112 - without superfluous slashes and dots
        for item in _walk(path, search):
            if _fits(item, search):
                yield from _opened(item, search)
            else:
                search.skipped[kind_of(item.name)] += 1
    else:
        yield from _opened(_file(path, os.stat(path)), search)  # noqa: PTH116


def _in_store(path: str, search: _Search) -> Iterator[Document | Refusal]:
    """Documents in an object, or in all below a path of a store."""
    try:
        one = remote.stored(path)
        found = [one] if one else [each for each in remote.listed(path) if not _is_hidden(each.path, path)]
    except OSError as error:
        yield unreadable(shown(path), error)
        return
    for each in found:
        item = Document(name=shown(each.path), path=each.path, size=each.size, changed=each.changed)
        if one or _looks(item, search):
            yield from _opened(item, search)


def _is_hidden(path: str, above: str) -> bool:
    return any(map(_is_system, path.removeprefix(above).split("/")))


def _looks(item: Document, search: _Search) -> bool:
    """Tell whether a file of a folder is a document; note what is none."""
    if search.scans is not None and has(item.path, SCANS):
        search.scans.append(item)
    elif has(item.path, search.others) or not _fits(item, search):
        search.skipped[kind_of(item.name)] += 1
    else:
        return True
    return False


def _opened(item: Document | Refusal, search: _Search) -> Iterator[Document | Refusal]:
    """Documents in an archive; anything else as it is."""
    if isinstance(item, Document) and _head(item, search).startswith(_ZIP):
        yield from _members(item, search)
    else:
        yield item


def _walk(folder: str, search: _Search) -> Iterator[Document | Refusal]:
    """Files of a folder and all below it, by name; a stack, because hostile folders are deep."""
    above = [("" if folder == "." else folder, [""])]
    while above:
        start, names = above[-1]
        if not names:
            above.pop()
            continue
        path = os.path.join(start, names.pop())  # noqa: PTH118 - there are millions
        try:
            if not path or path.endswith(os.sep):
                above.append((path, _inside(path)))
            elif search.scans is not None and has(path, SCANS):
                size = os.lstat(path).st_size
                search.scans.append(Document(name=shown(path), path=path, size=size))
            elif has(path, search.others):
                search.skipped[kind_of(path)] += 1
            else:
                yield _file(path, os.lstat(path))
        except OSError as error:
            yield unreadable(shown(path.rstrip(os.sep) or folder), error)


def _inside(folder: str) -> list[str]:
    """Names in a folder, the first last; folders among them end with a separator."""
    with os.scandir(folder or ".") as inside:
        names = [
            entry.name + os.sep if entry.is_dir(follow_symlinks=False) else entry.name
            for entry in inside
            if not _is_system(entry.name)
        ]
    above = f"{Path(folder).name}/"
    known = {f"{above}{name}".lower() for name in names if has(name, MAINS)}
    if known:
        names = [name for name in names if main_of(f"{above}{name}".lower(), known) is None]
    names.sort(key=lambda name: name.rstrip(os.sep), reverse=True)
    return names


def _file(path: str, status: os.stat_result) -> Document | Refusal:
    name = _titled(shown(path))
    if stat.S_ISREG(status.st_mode):
        return Document(name=name, path=path, size=status.st_size, changed=_changed(status) + _parts(path))
    if stat.S_ISLNK(status.st_mode):
        return Refusal(
            "unreadable",
            name,
            Text("Là một liên kết; liên kết không được mở.", "It is a link; links are not followed."),
        )
    return Refusal("unreadable", name, Text("Không phải là tệp thường.", "It is not a regular file."))


def _titled(name: str) -> str:
    """Return the name of a geodatabase for that of the file in it."""
    return name.removesuffix(f"/{CATALOG}")


def _parts(path: str) -> int:
    """Return a checksum of the other files of a map layer: their names, sizes and times."""
    found = 0
    for part in besides(Path(path)) if has(path, MAINS) else ():
        with contextlib.suppress(OSError):  # a link to nothing; who needs what is lost says so
            status = part.stat()
            found = zlib.crc32(repr((part.name, status.st_size, _changed(status))).encode(), found)
    return found


def _changed(status: os.stat_result) -> int:
    return max(status.st_mtime_ns, status.st_ctime_ns)


def _spool() -> Document | Refusal:
    """Keep standard input in a file, which other processes can open too."""
    try:
        with (temporary_to_the_end() / "stdin").open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
            changed = os.fstat(file.fileno()).st_mtime_ns
            return Document(name=STDIN_NAME, path=file.name, size=file.tell(), changed=changed)
    except OSError as error:
        return unreadable(STDIN_NAME, error)


def _head(document: Document, search: _Search) -> bytes:
    """First bytes of a file, ``<`` where it begins like XML.

    What has the name of a document is not opened for that: there may be 100,000 of them, and a zip of such a
    name is found out when it is read (:func:`landxml.recognise.sniff`).
    """
    if has(document.name, search.data):
        return b"<"
    try:
        with open_regular(document.path) as file:
            return _bare(file.read(_HEAD))
    except OSError:  # whoever opens the document says so
        return b"<"


def _fits(item: Document | Refusal, search: _Search) -> bool:
    """Tell whether what lies in a folder is called a document, begins like one, or is a table of a layout."""
    if has(item.name, search.tables):
        return isinstance(item, Document) and _is_table(item, search)
    return isinstance(item, Refusal) or _head(item, search).startswith((b"<", *_ZIP))


def _is_table(document: Document, search: _Search) -> bool:
    source = Opened(document.name, io.BytesIO(), document)
    return any(kind(layout).recognises(source, layout) for layout in search.flat)


def _bare(head: bytes) -> bytes:
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")


def _members(container: Document, search: _Search) -> Iterator[Document | Refusal]:
    """Documents in an archive, in its own order; an Office document is one itself."""
    name = container.name
    try:
        with open_regular(container.path) as file:
            entries = archive.entries(file)
            if any(entry.name in _OFFICE for entry in entries):
                yield container
                return
            mains = {entry.name.lower() for entry in entries if has(entry.name, MAINS)}
            wanted = entries.only(lambda entry: _is_own(entry.name, mains))
            maybe = wanted.only(lambda entry: not has(entry.name, search.others))
            archive.refuse_bombs(maybe, container.size)
            documents = maybe.only(lambda entry: _is_data(file, entry, container, search))
    except ArchiveError as error:
        yield refused(name, error.what)
        return
    except OSError as error:
        yield unreadable(name, error)
        return
    if len(documents) < len(wanted):
        left = _kinds(wanted) - _kinds(documents)
        if search.scans is not None:
            scans = wanted.only(lambda entry: has(entry.name, SCANS))
            left -= _kinds(scans)
            search.scans.extend(
                Document(name=f"{name}!/{entry.name}", path=container.path, size=entry.size, entry=entry)
                for entry in scans
            )
        search.skipped.update(left)
    if not wanted:
        yield _nothing(name, 0)
    parts = _checksums(entries, mains)
    for entry in documents:
        yield _member(container, entry, parts.get(entry.name.lower(), 0))


def _checksums(entries: Iterable[Entry], mains: Collection[str]) -> dict[str, int]:
    """Return of map layers in an archive, by name in small letters, the checksum of their other files."""
    found: dict[str, int] = {}
    for entry in entries if mains else ():
        if main := main_of(entry.name.lower(), mains):
            one = repr((entry.name, entry.size, entry.crc))
            found[main] = zlib.crc32(one.encode("utf-8", "surrogateescape"), found.get(main, 0))
    return found


def _is_own(name: str, mains: Container[str]) -> bool:
    """Tell whether an entry is no file of a system, nor part of another document."""
    return not any(map(_is_system, name.split("/"))) and main_of(name.lower(), mains) is None


def _is_data(file: BinaryIO, entry: Entry, container: Document, search: _Search) -> bool:
    """Tell of an entry what :func:`_fits` tells of a file; :func:`_member` refuses archives."""
    if has(entry.name, (*search.data, _NESTED)):
        return True
    if has(_titled(entry.name), search.tables):
        found = _member(container, entry)
        return isinstance(found, Document) and _is_table(found, search)
    head = b""
    try:
        for block in archive.inflate(file, entry):
            head += block
            if len(head) >= _HEAD:
                break
    except ArchiveError:
        return False
    return _bare(head).startswith((b"<", *_ZIP))


def _member(container: Document, entry: Entry, parts: int = 0) -> Document | Refusal:
    name = f"{container.name}!/{_titled(entry.name)}"
    if has(name, (_NESTED,)):
        return refused(name, Text("tệp nén nằm trong tệp nén", "an archive inside an archive"))
    if entry.unreadable:
        return refused(name, entry.unreadable)
    return Document(name=name, path=container.path, size=entry.size, changed=parts, entry=entry)


def _kinds(entries: Iterable[Entry]) -> Counter[str]:
    return Counter(kind_of(entry.name) for entry in entries)


def _is_system(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM


def _nothing(name: str, others: int) -> Refusal:
    what = Text("Không có tệp dữ liệu nào", "There is no data file")
    if others:
        what += Text(f" ({others} tệp khác không xét)", f" ({others} other files not looked at)")
    return Refusal("nothing", name, what + Text(".", "."))
