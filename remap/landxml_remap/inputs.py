"""Inputs by their names: documents of several are known, and written, by the name of their input."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from landxml.archive import printable
from landxml.errors import LandXmlError
from landxml.sources import Path_
from landxml.text import Text, caseless

__all__ = ["called", "check_names"]


def called(given: Path_) -> str:
    """Return the name of an input, also of ``.`` and ``..``.

    >>> called("a/x.zip"), called("a/b/..")
    ('x.zip', 'a')
    """
    return Path(os.path.abspath(given)).name  # noqa: PTH100 - lexical: a link is known by its own name


def check_names(paths: Iterable[Path_]) -> None:
    """Refuse inputs of one name: what becomes of one would replace what becomes of the other.

    Raises
    ------
    LandXmlError
        If two have one name, on a disk that ignores case too; it names both.
    """
    known: dict[str, Path_] = {}
    for path in paths:
        name = caseless(called(path))
        if name in known:
            other = printable(os.fspath(known[name]))
            raise LandXmlError(
                Text(
                    f"trùng tên với {other} (không kể chữ hoa, chữ thường), kết quả sẽ ghi đè nhau; hãy đổi"
                    " tên một trong hai, hoặc chạy riêng từng cái",
                    f"has the same name as {other} (capitals aside), one result would replace the other;"
                    " rename one of the two, or run each on its own",
                ),
                file=path,
            )
        known[name] = path
