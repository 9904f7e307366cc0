"""Columns of requests, as data: a preset of this package, or a file of the same form."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["ANSWERED", "PRESETS", "WORDS", "Column", "Preset", "names_of", "preset"]

PRESETS = ("office", "population")
Source = Literal[
    "key", "request", "commune", "number", "card", "papers", "name", "family", "middle", "given", "birth",
    "compact_birth", "sex", "address", "status", "new_number", "new_name", "new_birth", "date", "authority",
    "note",
]  # fmt: skip
"""What a column holds. ``birth`` is a day as Vietnamese write it, or a year; ``compact_birth`` yyyyMMdd or a
year; ``family``, ``middle`` and ``given`` are the first word of a name, those between, and the last."""
ANSWERED = ("status", "new_number", "new_name", "new_birth", "date", "authority")
"""Columns that who replies fills in; a note is free."""
REQUIRED = frozenset({"key", "request", "status", "date", "authority"})
Status = Literal["verified", "wrong", "check"]

WORDS: dict[Status, tuple[str, ...]] = {
    "verified": ("Đúng", "Đã xác thực", "Khớp", "Trùng khớp", "Đã đối chiếu", "verified", "1"),
    "wrong": ("Sai", "Không khớp", "Không đúng", "Sai thông tin", "wrong", "0"),
    "check": (
        "Cần kiểm tra",
        "Cần xác minh",
        "Chưa xác định",
        "Không tìm thấy",
        "to be checked",
        "check",
        "2",
    ),
}
"""Words of a result; the first is offered in the sheet. The numbers are those of MPLIS: 1 matched, 0 not
matched, others undetermined [E]."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column: what it holds, its name, its width in characters."""

    source: Source
    name: str
    width: int = 16


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The columns of a request, with what is known of them."""

    title: Text
    evidence: Text
    columns: tuple[Column, ...]


def preset(name: str) -> Preset:
    """Return a preset of this package, or that of a file.

    Raises
    ------
    LandXmlError
        If the file is not of that form, or lacks a column by which a reply is understood.
    OSError
        If it cannot be opened.
    """
    inside = files("landxml_campaign").joinpath(f"requests/{name}.toml")
    data = inside.read_bytes() if name in PRESETS else Path(name).read_bytes()
    try:
        found = msgspec.toml.decode(data, type=Preset)
    except msgspec.MsgspecError as error:
        raise LandXmlError(
            Text(f"không phải mẫu cột ({error})", f"no columns ({error})"), file=name
        ) from error
    if lacking := sorted(REQUIRED - {column.source for column in found.columns}):
        said = ", ".join(lacking)
        raise LandXmlError(Text(f"thiếu cột: {said}", f"columns are missing: {said}"), file=name)
    return found


def names_of(presets: Iterable[Preset]) -> dict[str, list[str]]:
    """Return the names that a column of each source may have."""
    found: dict[str, list[str]] = {}
    for each in presets:
        for column in each.columns:
            found.setdefault(column.source, []).append(column.name)
    return found
