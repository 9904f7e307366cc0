"""Standard output, for results, and standard error, for all else."""

from __future__ import annotations

import codecs
import contextlib
import sys
import unicodedata
from functools import partial
from io import TextIOWrapper
from typing import TextIO

__all__ = ["note", "prepare_streams", "put"]


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


def note(text: str) -> None:
    """Write a line to standard error."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
