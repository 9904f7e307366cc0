"""Mistakes in a TOML file that somebody has written: all of them at once, each with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from landxml.errors import LandXmlError
from landxml.nearest import nearest
from landxml.text import Text

__all__ = [
    "Keys",
    "Mistake",
    "converted",
    "decoded",
    "line_of",
    "lines",
    "placed",
    "refusal",
    "together",
    "unknown",
]

T = TypeVar("T")
Keys = tuple[str, ...]
"""Keys that lead to a value."""
_TABLE = re.compile(r"\s*\[\[?([^\]]+)\]\]?")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_TEXT = re.compile(r"\"([^\"]*)\"")
_PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")


class Mistake(NamedTuple):
    """What is wrong, and the keys that lead to it; in a text of several lines how many ``below`` them."""

    keys: Keys
    what: Text
    below: int = 0


def decoded(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    LandXmlError
        If it is none, with the line.
    OSError
        If it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise LandXmlError(Text("không phải UTF-8", "is not UTF-8"), file=path) from error
    except RecursionError as error:
        what = Text("lồng nhau quá sâu", "is nested too deeply")
        raise LandXmlError(what, file=path) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        what = Text(f"không đúng cú pháp TOML: {error}", f"not valid TOML: {error}")
        raise LandXmlError(what, file=path, line=int(line[1]) if line else None) from error


def converted(path: Path, form: type[T]) -> T:
    """Read a TOML file of a form.

    Raises
    ------
    LandXmlError
        If it is none of that form, with what is wrong first.
    OSError
        If it cannot be read.
    """
    data = decoded(path)
    try:
        return msgspec.convert(data, form)
    except msgspec.ValidationError as error:
        raise LandXmlError(Text(f"không hợp lệ: {error}", f"not valid: {error}"), file=path) from error


def refusal(path: Path, found: Iterable[Mistake]) -> LandXmlError:
    """Return one error that tells all mistakes, in the order of their lines."""
    return together(path, placed(path, found))


def placed(path: Path, found: Iterable[Mistake]) -> list[LandXmlError]:
    """Return the mistakes in a file, each once with its line, in the order of these."""
    known = lines(path.read_text("utf-8"))
    told = {(line_of(mistake.keys, known) + mistake.below, mistake.what) for mistake in found}
    ordered = sorted(told, key=lambda one: (one[0], one[1].en))
    return [LandXmlError(what, file=path, line=line) for line, what in ordered]


def together(path: Path, errors: Sequence[LandXmlError]) -> LandXmlError:
    """Return one error that tells all mistakes in a file or folder."""
    if len(errors) == 1:
        return errors[0]
    said = ["".join(f"\n  {error.text(lang)}" for error in errors) for lang in ("vi", "en")]
    count = len(errors)
    return LandXmlError(Text(f"có {count} chỗ sai:{said[0]}", f"{count} mistakes:{said[1]}"), file=path)


def lines(text: str) -> dict[Keys, int]:
    """Return the line of each key, by all keys that lead to it, and of each text, by these and itself.

    Values in braces stand in the line of their key.
    """
    table: Keys = ()
    last: Keys = ()
    found: dict[Keys, int] = {}
    around: dict[Keys, int] = {}  # tables around others, which may have no line of their own
    for number, line in enumerate(text.splitlines(), 1):
        if head := _TABLE.match(line):
            last = table = _keys(head[1])
            found.setdefault(table, number)
            for depth in range(1, len(table)):
                around.setdefault(table[:depth], number)
        elif key := _KEY.match(line):
            last = (*table, *_keys(key[1]))
            found.setdefault(last, number)
        for text_ in _TEXT.findall(line):
            found.setdefault((*last, text_), number)
    return around | found


def _keys(text: str) -> Keys:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def line_of(keys: Keys, known: dict[Keys, int]) -> int:
    """Return the line of a key, or of the nearest above it."""
    return next((known[keys[:n]] for n in range(len(keys), 0, -1) if keys[:n] in known), 1)


def unknown(keys: Keys, name: str, known: Iterable[str], vi: str, en: str) -> Mistake:
    """Return the mistake that there is no such thing; says which may be meant."""
    near = nearest(name, known)
    hint = (f"; có phải ý bạn là {near}?", f"; did you mean {near}?") if near else ("", "")
    return Mistake(keys, Text(f"không có {vi} “{name}”{hint[0]}", f"there is no {en} “{name}”{hint[1]}"))
