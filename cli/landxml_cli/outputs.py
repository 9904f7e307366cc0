"""Results: to standard output or to a file, complete or not at all."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO

import msgspec

from landxml.files import STREAM, naming, writing
from landxml_cli.messages import say
from landxml_cli.terminal import note, put

__all__ = ["as_json", "aside", "destination"]


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
