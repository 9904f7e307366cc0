"""Output: results to standard output or a file, all else to standard error."""

from __future__ import annotations

import codecs
import contextlib
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from io import TextIOWrapper
from typing import IO, TextIO

import msgspec

from landxml.files import STREAM, naming, writing
from landxml_cli.messages import say

__all__ = ["as_json", "aside", "destination", "note", "prepare_streams", "put"]


def prepare_streams() -> None:
    """Write UTF-8 into files and pipes; on a terminal, spell the letters that its encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                codecs.register_error(f"spelt in {stream.encoding}", partial(_spell, stream.encoding))
                stream.reconfigure(errors=f"spelt in {stream.encoding}")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _spell(encoding: str, error: UnicodeError) -> tuple[str, int]:
    """Spell letters with what an encoding has, without some of their marks if need be; never as ``?``."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - nothing here decodes
    letters = error.object[error.start : error.end]
    return "".join(_spelt(letter, encoding) for letter in letters), error.end


def _spelt(letter: str, encoding: str) -> str:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        parts = [chr(int(part, 16)) for part in unicodedata.decomposition(letter).split() if part[0] != "<"]
        if parts:
            return "".join(_spelt(part, encoding) for part in parts)
        if unicodedata.combining(letter):
            return ""
        return {"đ": "d", "Đ": "D"}.get(letter) or letter.encode("ascii", "backslashreplace").decode()
    return letter


def put(data: str | bytes, stream: TextIO | None = None) -> None:
    """Write to standard output or another stream; bytes as they are, text with a line break after it.

    Raises
    ------
    BrokenPipeError
        If nobody reads any more.
    """
    stream = stream or sys.stdout
    if isinstance(data, bytes):
        stream.flush()
        stream.buffer.write(data)
    else:
        stream.write(data if data.endswith("\n") else f"{data}\n")
    stream.flush()


def as_json(data: object) -> bytes:
    """Return data as JSON for people and programs: indented, with a line break at the end."""
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"


def aside(output: str | None) -> Callable[[str | bytes], None]:
    """Return what writes a report: to standard output, or to standard error if the result goes there."""
    return partial(put, stream=sys.stderr) if output == STREAM else put


def note(text: str) -> None:
    """Write a line to standard error."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


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
