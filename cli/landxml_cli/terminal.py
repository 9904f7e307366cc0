"""Where words go: data to standard output or a file, all else to standard error."""

from __future__ import annotations

import codecs
import contextlib
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from io import TextIOWrapper
from typing import IO, TextIO

import msgspec
from rich.console import Console, RenderableType
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from landxml.archive import printable
from landxml.documents import RefusedError
from landxml.files import STREAM, naming, writing
from landxml.sources import absent
from landxml_cli.messages import say
from landxml_validator.pipeline import Progress as Done

__all__ = [
    "as_json",
    "aside",
    "coloured",
    "destination",
    "drawn",
    "facts",
    "heading",
    "note",
    "prepare_streams",
    "progress",
    "put",
    "tell_absent",
]

UNWRAPPED = 1_000
"""Width of tables that go into a pipe: other programs want one line per row."""


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


def tell_absent(paths: Sequence[str], lang: str) -> list[str]:
    """Say in a line each which paths lead to nothing, and return them."""
    missing = {path: refusal for path in paths if (refusal := absent(path))}
    for refusal in missing.values():
        note(say(lang, "error", reason=RefusedError(refusal).text(lang)))
    return list(missing)


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


def drawn(*items: RenderableType) -> str:
    """Draw tables and styled text as the terminal can show them: colours, width; plain for a pipe."""
    console = Console(width=None if sys.stdout.isatty() else UNWRAPPED, highlight=False)
    with console.capture() as capture:
        for item in items:
            console.print(Text(item) if isinstance(item, str) else item)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def heading(text: str) -> Text:
    """Style a heading."""
    return Text(text, "bold")


def facts(rows: Iterable[tuple[str, Sequence[str]]]) -> Table:
    """Lay out names and their lines side by side; what has no line is left out.

    Control characters are escaped: data must not drive the reader's terminal.
    """
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, lines in rows:
        if lines:
            table.add_row(name, Text("\n".join(map(printable, lines))))
    return table


def coloured() -> bool:
    """Tell whether standard output shows colours, and the user wants them (``NO_COLOR``)."""
    console = Console()
    return console.is_terminal and not console.is_dumb_terminal and not console.no_color


@contextlib.contextmanager
def progress(
    lang: str, *, quiet: bool = False, doing: str = "checking", ending: str = "comparing"
) -> Iterator[Callable[[Done], None] | None]:
    """Offer a function that moves a progress bar; none where standard error is no terminal."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(say(lang, doing), total=None)

        def advance(done: Done) -> None:
            ended = done.total and done.done >= done.total
            bar.update(
                task,
                completed=done.done,
                total=done.total,
                description=say(lang, ending if ended else doing),
            )

        yield advance
