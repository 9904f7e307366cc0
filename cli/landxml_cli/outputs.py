"""Results: to standard output, to a file, or several to a folder, complete or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

import msgspec

from landxml.files import STREAM, filling, naming, writing
from landxml_cli.messages import say
from landxml_cli.terminal import note, put

__all__ = ["as_json", "aside", "destination", "documents", "is_folder"]

Open = Callable[[str], contextlib.AbstractContextManager[IO[bytes]]]


def as_json(data: object) -> bytes:
    """Return data as JSON for people and programs: indented, with a line break at the end."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


def aside(output: str | None) -> Callable[[str | bytes], None]:
    """Return what writes a report: to standard output, or to standard error if the result goes there."""
    return partial(put, stream=sys.stderr) if output == STREAM else put


@contextlib.contextmanager
def destination(
    path: str | None,
    lang: str,
    *,
    force: bool = False,
    private: bool = False,
    quiet: bool = False,
    otherwise: Callable[[str | bytes], None] = put,
) -> Iterator[Callable[[str | bytes], None]]:
    """Offer a function that writes: to a file, complete or not at all; without one, to standard output.

    The file is tried at once, so that nobody waits for a report that cannot be written.

    Raises
    ------
    LandXmlError, OSError
        If the file exists, or cannot be written (:mod:`landxml.files`).
    """
    if path in {None, STREAM}:
        yield otherwise
        return
    assert path is not None  # noqa: S101 - for the type checker
    with writing(path, force=force, private=private) as out:
        yield lambda data: _write(out, data, path)
    if not quiet:
        note(say(lang, "wrote", path=path))


def _write(out: IO[bytes], data: str | bytes, path: str) -> None:
    with naming(path):
        out.write(data if isinstance(data, bytes) else data.encode())
        out.flush()


def is_folder(path: str | None, formats: Sequence[str]) -> bool:
    """Tell whether documents go into a folder: several, or into what the user has named as one (``out/``)."""
    return path is not None and (len(formats) > 1 or path.endswith((os.sep, "/")))


@contextlib.contextmanager
def documents(
    path: str | None,
    formats: Sequence[str],
    lang: str,
    *,
    force: bool = False,
    private: bool = False,
    quiet: bool = False,
    otherwise: Callable[[str | bytes], None] = put,
) -> Iterator[Open]:
    """Offer a function that opens the documents of a result, one after another, by their names.

    A new folder has them under these names, a file is the only one; without either they go to standard
    output.

    Raises
    ------
    LandXmlError, OSError
        If the file or folder exists, or cannot be written (:mod:`landxml.files`).
    """
    if path is None or path == STREAM:
        yield partial(_printed, otherwise)
        return
    if is_folder(path, formats):
        with filling(path) as folder:
            yield lambda name: _named(path, _created(folder / name, private=private))
    else:
        with writing(path, force=force, private=private) as out:
            yield lambda _: _named(path, contextlib.nullcontext(out))
    if not quiet:
        note(say(lang, "wrote", path=path))


@contextlib.contextmanager
def _created(path: Path, *, private: bool) -> Iterator[IO[bytes]]:
    with path.open("xb") as out:
        if private:
            path.chmod(0o600)
        yield out


@contextlib.contextmanager
def _named(path: str, opened: contextlib.AbstractContextManager[IO[bytes]]) -> Iterator[IO[bytes]]:
    """Offer an open file; errors name what the user asked for."""
    with naming(path), opened as out:
        yield out
        out.flush()


@contextlib.contextmanager
def _printed(put: Callable[[str | bytes], None], name: str) -> Iterator[IO[bytes]]:
    """Offer a buffer that is printed; text as such, for a terminal that lacks some of its letters."""
    with io.BytesIO() as out:
        yield out
        put(out.getvalue().decode() if name.endswith(".txt") else out.getvalue())
