"""Outputs: files and folders that are complete or not there at all, and never stand in for what must stay.

The rule for whatever is written, by commands and functions alike:

- an output that is an input, holds one or lies in one is refused, and so are two outputs in one place;
- a file that exists is replaced only by ``force``, and keeps its mode; a folder is new or empty;
- links are followed; devices, pipes and open files (``-`` for standard output, ``/dev/fd/3``) are written to,
  never replaced;
- the suffix says what is in a file, and nothing else is written under it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from landxml.errors import LandXmlError
from landxml.temporary import temporary
from landxml.text import Text, caseless

__all__ = [
    "STREAM",
    "SUFFIXES",
    "check",
    "check_file",
    "check_folder",
    "filling",
    "form",
    "is_stream",
    "naming",
    "suffix",
    "writing",
]

Path_ = str | os.PathLike[str]

STREAM = "-"
"""The path that means standard output."""

SUFFIXES = {
    "text": (".txt",),
    "html": (".html", ".htm"),
    "json": (".json",),
    "csv": (".csv",),
    "xlsx": (".xlsx",),
    "parquet": (".parquet",),
    "jsonl": (".jsonl",),
    "sql": (".sql",),
    "gml": (".gml", ".xml"),
    "xml": (".xml", ".gml"),
    "iso19157": (".xml",),
    "zip": (".zip",),
}
"""Form of a file → the suffixes that it may have."""

_OPEN = re.compile(r"/(?:dev|proc/self)/fd/([0-9]+)")
_LINKS = 40
"""Links that a path may lead through, as in Linux."""


def suffix(path: Path_) -> str:
    """Return the suffix of a name in lower case; a number, as of a date, is none.

    >>> suffix("a/B.XML"), suffix("2026.01"), suffix("out")
    ('.xml', '', '')
    """
    found = Path(path).suffix.lower()
    return "" if found[1:].isdecimal() else found


def form(
    path: Path_ | None,
    names: Iterable[str],
    chosen: str | None = None,
    suffixes: Mapping[str, tuple[str, ...]] = SUFFIXES,
) -> str:
    """Return the form in which an output is written: the chosen one, else what its suffix says.

    Parameters
    ----------
    path
        Output; what is no file of a name (None, ``-``, a device) takes any form.
    names
        The forms in which it can be written; the first is the default.
    chosen
        The form that was asked for.
    suffixes
        The suffixes of each form.

    Raises
    ------
    LandXmlError
        If the suffix says another form than the chosen one, or none of these.
    """
    forms = {name: suffixes[name] for name in names}
    if path is None or is_stream(path) or Path(path).is_dir():
        return chosen or next(iter(forms))
    found = suffix(path)
    if chosen and found in {"", *forms[chosen]}:
        return chosen
    said = next((name for name, suffixes in forms.items() if found in suffixes), None)
    if said and not chosen:
        return said
    known = " ".join(forms[chosen]) if chosen else _listed(forms)
    if not found:
        raise LandXmlError(
            Text(
                f"tên tệp thiếu đuôi cho biết dạng ghi; hãy dùng {known}",
                f"the name has no suffix, which says the form; use {known}",
            ),
            file=path,
        )
    raise LandXmlError(
        Text(
            f"đuôi “{found}” không ứng với {chosen or 'dạng nào dùng được ở đây'}; hãy dùng {known}",
            f"the suffix “{found}” does not stand for {chosen or 'a form that can be used here'}; use"
            f" {known}",
        ),
        file=path,
    )


def _listed(forms: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{' '.join(suffixes)} ({name})" for name, suffixes in forms.items())


def check(
    outputs: Iterable[Path_],
    inputs: Iterable[Path_] = (),
    *,
    force: bool = False,
    folders: Collection[Path_] = (),
) -> None:
    """Refuse outputs that would harm something or cannot be written, before any work is done.

    Parameters
    ----------
    outputs
        Files and folders that are to be written.
    inputs
        Everything that is read: files, folders, tables, maps. What is not there does not matter.
    force
        Files that exist may be replaced; inputs never.
    folders
        Those of the outputs that are folders, in whose place no file may be.

    Raises
    ------
    LandXmlError
        If an output is an input, through links or other spellings too, or one lies in the other; if two
        outputs are in one place; if an output exists.
    OSError
        If the folder of an output is not there or not writable.
    """
    read = {_identity(0 if os.fspath(path) == STREAM else path): path for path in inputs}
    read.pop(None, None)
    before: list[tuple[Path, Path_]] = []
    for output in outputs:
        real = Path(os.path.realpath(output))
        if found := read.get(_identity(1 if os.fspath(output) == STREAM else output)):
            raise _refused(output, f"là chính đầu vào {found}", f"is the input {found} itself")
        if is_stream(output):
            continue
        for folder in real.parents:
            if found := read.get(_identity(folder)):
                raise _refused(output, f"nằm trong đầu vào {found}", f"lies in the input {found}")
        for path in read.values() if real.is_dir() else ():
            if real in Path(os.path.realpath(path)).parents:
                raise _refused(output, f"chứa đầu vào {path}", f"holds the input {path}")
        for other, name in before:
            if _overlap(real, other):
                raise _refused(output, f"trùng chỗ với kết quả {name}", f"is in one place with {name}")
        before.append((real, output))
        if output in folders and real.is_file():
            raise _is_file(output)
        _check_place(output, real, force=force)


def check_file(path: Path_, *, force: bool = False) -> None:
    """Refuse an output as :func:`check` does, and a folder in its place."""
    check([path], force=force)
    if not is_stream(path) and Path(path).is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))


def check_folder(path: Path_) -> None:
    """Refuse to write a folder where something is: only a new or an empty one is filled.

    Raises
    ------
    LandXmlError
        If there is a folder with something in it, or no folder; or if the name is that of a file.
    """
    target = Path(path)
    known = {each for suffixes in SUFFIXES.values() for each in suffixes}
    if suffix(path) in known and not target.exists():
        raise LandXmlError(
            Text(
                f"kết quả là một thư mục; hãy bỏ đuôi “{suffix(path)}”",
                f"what is to be written is a folder; leave out “{suffix(path)}”",
            ),
            file=path,
        )
    if target.is_dir() and any(target.iterdir()):
        raise LandXmlError(
            Text(
                "thư mục đã có dữ liệu; hãy chọn thư mục mới hoặc rỗng",
                "the folder is not empty; give a new or empty one",
            ),
            file=path,
        )
    if target.exists() and not target.is_dir():
        raise _is_file(path)


@contextlib.contextmanager
def writing(path: Path_, *, force: bool = False, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a temporary file whose bytes stand at ``path`` when the block ends well; else nothing does.

    It can be read and sought in. What is no file (see above) gets the bytes at the end. A new file that is
    ``private`` nobody else can read.

    Raises
    ------
    LandXmlError, OSError
        As of :func:`check_file`.
    """
    if is_stream(path):
        with temporary() as folder, (folder / "new").open("w+b") as out:
            yield out
            out.seek(0)
            with naming(path), _stream(path) as stream:
                shutil.copyfileobj(out, stream, 1 << 20)
        return
    check_file(path, force=force)
    target = Path(os.path.realpath(path))
    with contextlib.ExitStack() as stack:
        with naming(path):
            new = stack.enter_context(temporary(target.parent)) / "new"
            out = stack.enter_context(new.open("w+b"))
            if private:
                new.chmod(0o600)
        yield out
        with naming(path):
            out.flush()
            os.fsync(out.fileno())
            out.close()
            _put(new, target, path, force=force)


@contextlib.contextmanager
def filling(path: Path_) -> Iterator[Path]:
    """Give a temporary folder, whose content stands in ``path`` when the block ends well; else nothing does.

    Raises
    ------
    LandXmlError, OSError
        As of :func:`check` and :func:`check_folder`.
    """
    check_folder(path)
    check([path], force=True)
    target = Path(os.path.realpath(path))
    with temporary(_beside(target)) as folder:
        new = folder / "new"
        new.mkdir()
        yield new
        with naming(path):
            if folder.parent != target:
                new.rename(target)
                return
            for item in new.iterdir():  # a folder that was there stays: the user may be in it
                item.rename(target / item.name)


@contextlib.contextmanager
def naming(path: Path_) -> Iterator[None]:
    """Let an error name the file that the user asked for, not the temporary one."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def _check_place(output: Path_, real: Path, *, force: bool) -> None:
    """See that a file may be written, and that its folder takes new ones."""
    if real.is_file() and not force:
        raise _exists(output)
    place = _beside(real)
    place.stat()  # names the folder that is not there
    with naming(output), temporary(place):
        pass


def _beside(target: Path) -> Path:
    """Return the folder for temporary files: of the same disk as the target, which may be one of its own."""
    return target if target.is_dir() else target.parent


def _put(new: Path, target: Path, path: Path_, *, force: bool) -> None:
    """Move a finished file to its place; without ``force`` only if none came there meanwhile."""
    if target.exists():
        new.chmod(stat.S_IMODE(target.stat().st_mode))
    try:
        if force:
            new.replace(target)
        elif sys.platform == "win32":
            new.rename(target)
        else:
            os.link(new, target)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:
        if force or target.exists():
            raise
        new.replace(target)  # a disk without hard links


def is_stream(path: Path_) -> bool:
    """Tell whether an output is written to, not replaced: standard output, an open file, a device, a pipe."""
    if os.fspath(path) == STREAM or _descriptor(path) is not None:
        return True
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _stream(path: Path_) -> contextlib.AbstractContextManager[IO[bytes]]:
    if os.fspath(path) == STREAM:
        sys.stdout.flush()
        return contextlib.nullcontext(sys.stdout.buffer)
    number = _descriptor(path)
    return Path(path).open("wb") if number is None else os.fdopen(os.dup(number), "wb")


def _descriptor(path: Path_) -> int | None:
    """Return the number of the open file that a name such as ``/dev/stdout`` means, also through links."""
    name = os.path.abspath(path)  # noqa: PTH100 - lexical: what it leads to must be seen step by step
    for _ in range(_LINKS):
        if found := _OPEN.fullmatch(name):
            return int(found.group(1))
        if not os.path.islink(name):  # noqa: PTH114
            break
        name = os.path.normpath(os.path.join(os.path.dirname(name), os.readlink(name)))  # noqa: PTH115, PTH118, PTH120
    return None


def _identity(path: Path_ | int) -> tuple[int, int] | None:
    """Return what is the same for all names of a file or folder; None where there is none to harm."""
    try:
        status = os.stat(path)  # noqa: PTH116 - or the number of an open file
    except (OSError, ValueError):
        return None
    plain = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
    return (status.st_dev, status.st_ino) if plain else None


def _overlap(one: Path, other: Path) -> bool:
    """Tell whether two outputs are the same or one lies in the other, for a disk that ignores case too."""
    if (identity := _identity(one)) and identity == _identity(other):
        return True
    first, second = (f"{caseless(str(path))}{os.sep}" for path in (one, other))
    return first.startswith(second) or second.startswith(first)


def _refused(output: Path_, vi: str, en: str) -> LandXmlError:
    return LandXmlError(
        Text(f"kết quả này {vi}; hãy ghi vào chỗ khác", f"this output {en}; write it somewhere else"),
        file=output,
    )


def _is_file(path: Path_) -> LandXmlError:
    return LandXmlError(
        Text("là tệp, trong khi kết quả là một thư mục", "is a file; what is to be written is a folder"),
        file=path,
    )


def _exists(path: Path_) -> LandXmlError:
    return LandXmlError(
        Text(
            "đã có sẵn; hãy đặt tên khác, hoặc ghi đè bằng --force",
            "exists already; give another name, or replace it with --force",
        ),
        file=path,
    )
