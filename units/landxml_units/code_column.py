"""Commune codes in a column of a CSV file or a workbook of any content."""

from __future__ import annotations

import os
from collections import Counter

from landxml import tabular
from landxml.errors import LandXmlError
from landxml.privacy import shown
from landxml.text import Text

__all__ = ["codes"]

HEADERS = (
    "code",
    "communecode",
    "madonvihanhchinh",
    "madvhc",
    "madvhcxa",
    "maphuongxa",
    "maxa",
    "maxaphuong",
    "oldcode",
)
"""Names of the column, in any spelling that :func:`landxml.tabular.folded` makes equal."""


def codes(path: str | os.PathLike[str]) -> Counter[str]:
    """Count the commune codes in a file, over all its sheets; numbers lose nothing but their ``.0``.

    Raises
    ------
    LandXmlError
        If it cannot be read, or has no such column.
    OSError
        If it cannot be opened.
    """
    found: Counter[str] = Counter()
    known = False
    for sheet in tabular.sheets(path):
        rows = tabular.records(sheet, {"code": HEADERS}, ["code"])
        known |= rows is not None
        found.update(shown(code) for _, row in rows or () if (code := row["code"].strip()))
    if not known:
        raise LandXmlError(
            Text(
                f"không có cột mã xã; hãy đặt tên cột là maXa (cũng nhận: {', '.join(HEADERS)})",
                f"no column of commune codes; name it maXa (also known: {', '.join(HEADERS)})",
            ),
            file=str(path),
        )
    return found
