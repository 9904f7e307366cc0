"""Packages in and out: a file, a folder, a zip; what comes out has the form of what went in."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, TypeGuard

import msgspec

from landxml import archive, files, load
from landxml.archive import ArchiveError, Entry
from landxml.boundary import contained
from landxml.carriers import Opened, carrier
from landxml.dictionary import dictionary
from landxml.documents import Document, RefusedError, refused
from landxml.errors import LandXmlError
from landxml.faults import Fault, raised
from landxml.layouts import Layout
from landxml.progress import OnProgress, Progress
from landxml.reasons import UNREAD
from landxml.remote import is_remote
from landxml.safe_xml import Problem, unreadable
from landxml.sources import Path_, find
from landxml.text import Text
from landxml_mappings.row_spec import has_rows
from landxml_remap.inputs import called, check_names

__all__ = [
    "NATIONAL",
    "WRITABLE",
    "Rewrite",
    "Source",
    "Wanted",
    "check_out",
    "counted",
    "documents",
    "look_at_each",
    "mirror",
    "no_worse",
    "opened",
    "writable",
]


class Rewrite(NamedTuple):
    """How a document is copied with changes, and what makes sure that the copy may take its place.

    ``write`` can read and seek in what it writes to; ``check`` reads that from its beginning, and raises a
    ``LandXmlError`` where it is wrong.
    """

    name: str
    write: Callable[[BinaryIO, IO[bytes]], None]
    check: Callable[[IO[bytes]], None]

    def __call__(self, stream: BinaryIO, place: IO[bytes]) -> None:
        """Write a copy, and check it; errors name the document."""
        try:
            with contained(self.name):
                self.write(stream, place)
                place.seek(0)
                self.check(place)
        except LandXmlError as error:
            if error.file is not None:
                raise
            raise LandXmlError(error.what, file=self.name, line=error.line) from error
        place.seek(0, os.SEEK_END)


class Source(msgspec.Struct):
    """A document that can be written: its place in the package, its faults, and whether its hash is right."""

    name: str
    document: Document
    layout: Layout
    encoding: str
    faults: int = 0
    true: bool = True

    def fault(self, fault: Fault) -> None:
        """Count a fault, which is for the validator to report; stop where the document cannot be read on."""
        if fault.reason in UNREAD:
            raised(fault)
        self.faults += 1
        self.true &= fault.reason != "digest"


def writable(layout: Layout | None) -> TypeGuard[Layout]:
    """Tell whether texts of documents of a layout can be changed in place: XML that has a writer."""
    return layout is not None and not has_rows(layout) and "writes" in layout.capabilities


def _national(layout: Layout | None) -> TypeGuard[Layout]:
    return layout is not None and layout.model == "national"


class Wanted(NamedTuple):
    """Documents that an edit is for, and what is said where there are none."""

    suits: Callable[[Layout | None], TypeGuard[Layout]]
    none: Text


WRITABLE = Wanted(
    writable,
    Text("không có tệp nào thuộc định dạng ghi được", "nothing here is of a layout that can be written"),
)
NATIONAL = Wanted(
    _national,
    Text("không có tệp nào thuộc định dạng quốc gia", "nothing here is a package of the national layout"),
)


def no_worse(document: Document, layout: Layout, faults: int, stream: IO[bytes]) -> None:
    """Read a rewritten document like any other: it must be whole, with no more faults than it had before.

    Raises
    ------
    LandXmlError
        If it is not; this program has made a mistake then.
    """
    found: list[Fault] = []
    source = Opened(document.name, stream)
    for _ in carrier(layout, dictionary(layout).only(())).load(source, found.append):
        pass  # only the faults count
    wrong = next((fault for fault in found if fault.reason in UNREAD), None)
    if wrong is None and len(found) > faults:
        wrong = found[-1]
    if wrong:
        what = wrong.params.get("reason") or dict.fromkeys(("vi", "en"), f"{wrong.reason} {wrong.path}")
        said = Text(
            f"tài liệu ghi lại sẽ bị sai ({what['vi']}) nên không ghi gì. Đây là lỗi của chương trình; xin"
            " báo lại",
            f"the rewritten document would be wrong ({what['en']}); nothing was written. This is a mistake"
            " of the program: please report it",
        )
        raise LandXmlError(said, file=document.name, line=wrong.line)


def documents(
    paths: Sequence[Path_], own: Iterable[Layout] = (), *, whole: bool = True
) -> list[tuple[str, Document]]:
    """List the documents of a package with their names in it: ``.`` where it is one file.

    Raises
    ------
    RefusedError
        If anything in it cannot be read, and the package is needed ``whole``.
    LandXmlError
        If it lies in an object store.
    """
    found = []
    for path in paths:
        if is_remote(os.fspath(path)):
            raise LandXmlError(
                Text(
                    "nằm trong kho đối tượng; hãy tải về trước, vì kết quả chép từng byte từ đó",
                    "lies in an object store; download it first, the result is copied from it byte by byte",
                ),
                file=path,
            )
        for item in find(path, own=own):
            if isinstance(item, Document):
                found.append((_name(Path(path), item, several=len(paths) > 1), item))
            elif whole:
                raise RefusedError(item)
    return found


def look_at_each(
    found: Sequence[tuple[str, Document]],
    own: Iterable[Layout],
    wanted: Wanted,
    look: Callable[[str, Document, Layout, Opened], None],
    advance: Callable[[int], None],
) -> list[tuple[str, Problem | None]]:
    """Open the documents of a package one after another, and look at those that an edit is for.

    Parameters
    ----------
    found
        What :func:`documents` gave.
    own
        Layouts beside the built-in ones.
    wanted
        :data:`WRITABLE` or :data:`NATIONAL`.
    look
        Called with the name in the package, the document, its layout, and the document opened; what it raises
        names the document.
    advance
        Told the size of each document when it was looked at.

    Returns
    -------
    list of tuple
        The other documents: name, and why it cannot be parsed.

    Raises
    ------
    LandXmlError
        If there is nothing to look at, with the first reason that a document has.
    """
    named = {document.name: (name, document) for name, document in found}
    others: list[tuple[str, Problem | None]] = []
    for seen in load.opened((document for _, document in found), raised, own):
        if wanted.suits(seen.layout):
            with contained(seen.name):
                look(*named[seen.name], seen.layout, seen)
            advance(seen.size)
        else:
            others.append((seen.name, seen.problem))
    if len(others) == len(found):
        unread = (unreadable(problem, name) for name, problem in others if problem)
        raise next(unread, LandXmlError(wanted.none))
    return others


def counted(progress: OnProgress | None, total: int) -> Callable[[int], None]:
    """Return a function that adds the bytes of one step to the sum, and reports the sum."""
    done = 0

    def advance(size: int) -> None:
        nonlocal done
        done += size
        if progress:
            progress(Progress(done, total))

    return advance


def check_out(
    paths: Sequence[Path_],
    out: Path_,
    found: Sequence[tuple[str, Document]],
    *,
    tables: Sequence[Path_] = (),
    inputs: Sequence[Path_] = (),
    force: bool = False,
) -> None:
    """Refuse an output of :func:`opened` that would harm something, or whose name does not say what it is.

    Parameters
    ----------
    tables, inputs
        What is written and read beside the packages.

    Raises
    ------
    LandXmlError, OSError
        As of :func:`landxml_remap.inputs.check_names` and :func:`landxml.files.check`; if it is to be a zip,
        an XML file or a folder, and cannot be.
    """
    check_names(paths)
    files.check([out, *tables], [*paths, *inputs], force=force)
    if _is_one_file(paths):
        document = found[0][1]
        if files.suffix(out) not in {"", files.suffix(document.path)}:
            kind = "zip" if document.entry else "xml"
            files.form(out, [kind])
    else:
        files.check_folder(out)


def _is_one_file(paths: Sequence[Path_]) -> bool:
    return len(paths) == 1 and not Path(paths[0]).is_dir()


def _name(given: Path, document: Document, *, several: bool) -> str:
    inside = Path(document.path).relative_to(given).as_posix() if given.is_dir() else "."
    if several:
        inside = called(given) if inside == "." else f"{called(given)}/{inside}"
    if document.entry is None:
        return inside
    return document.entry.name if inside == "." else f"{inside}!/{document.entry.name}"


def opened(
    paths: Sequence[Path_], out: Path_, *, force: bool = False
) -> AbstractContextManager[IO[bytes] | Path]:
    """Give a file or folder to :func:`mirror` a package in; it stands at ``out`` when the block ends well.

    What must be there before the package, as the table that leads back, is written inside the block.

    Raises
    ------
    LandXmlError, OSError
        If something stands at ``out`` and is not to be replaced (:mod:`landxml.files`).
    """
    return files.writing(out, force=force) if _is_one_file(paths) else files.filling(out)


def mirror(
    paths: Sequence[Path_],
    place: IO[bytes] | Path,
    found: Sequence[tuple[str, Document]],
    rewrites: Mapping[str, Rewrite],
    advance: Callable[[int], None],
) -> None:
    """Write a package in the form of another one; what has no rewrite is copied.

    Parameters
    ----------
    place
        What :func:`opened` gave.
    found
        What :func:`documents` gave for the paths.
    rewrites
        By the names of documents. They are called in the order of ``found``.
    advance
        Told the size of each document when it is written.
    """
    known = dict(found)
    places: dict[str, dict[str | None, str]] = {}
    for name, document in found:
        places.setdefault(document.path, {})[document.member] = name

    def copy(source: Path, out: IO[bytes]) -> None:
        names = places.get(os.fspath(source), {})
        if None in names and names[None] in rewrites:
            with known[names[None]].open() as stream:
                rewrites[names[None]](stream, out)
            advance(known[names[None]].size)
        elif names and None not in names:
            _zip(source, out, {m: (known[n], rewrites.get(n)) for m, n in names.items() if m}, advance)
        else:
            with source.open("rb") as stream:
                shutil.copyfileobj(stream, out, 1 << 20)

    if not isinstance(place, Path):
        copy(Path(found[0][1].path), place)
        return
    for path in map(Path, paths):
        base = place / called(path) if len(paths) > 1 else place
        for source, inside in _files(path):
            target = base / inside if path.is_dir() else base
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("w+b") as out:
                copy(source, out)


def _files(path: Path) -> Iterator[tuple[Path, Path]]:
    """Every file of a folder and below, with its place in it, in the order in which documents are found."""
    if not path.is_dir():
        yield path, Path()
        return
    for below in sorted(path.iterdir(), key=lambda item: item.name):
        if below.is_dir() and not below.is_symlink():
            for source, inside in _files(below):
                yield source, below.name / inside
        elif below.is_file() and not below.is_symlink():
            yield below, Path(below.name)


def _zip(
    source: Path,
    place: IO[bytes],
    inside: Mapping[str, tuple[Document, Rewrite | None]],
    advance: Callable[[int], None],
) -> None:
    """Write an archive again, with its entries in their order."""
    with source.open("rb") as file, zipfile.ZipFile(place, "w") as made:
        for entry in archive.entries(file):
            document, rewrite = inside.get(entry.name, (None, None))
            with tempfile.TemporaryFile() as changed:
                if document and rewrite:
                    with document.open() as stream:
                        rewrite(stream, changed)
                    advance(document.size)
                else:
                    _copy(file, entry, changed, f"{source}!/{entry.name}")
                _pack(made, entry, changed)


def _copy(file: BinaryIO, entry: Entry, out: IO[bytes], name: str) -> None:
    try:
        for block in archive.inflate(file, entry):
            out.write(block)
    except ArchiveError as error:
        raise RefusedError(refused(name, error.what)) from error


def _pack(made: zipfile.ZipFile, entry: Entry, content: IO[bytes]) -> None:
    info = zipfile.ZipInfo(entry.name)
    info.compress_type = zipfile.ZIP_DEFLATED if entry.method else zipfile.ZIP_STORED
    info.file_size = content.seek(0, os.SEEK_END)
    info.external_attr = 0o644 << 16
    content.seek(0)
    with made.open(info, "w") as member:
        shutil.copyfileobj(content, member, 1 << 20)
