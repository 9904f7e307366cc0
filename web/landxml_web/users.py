"""Token files: who may use the server of an office; a line is a short name, and a token."""

from __future__ import annotations

import os
import re
from pathlib import Path

from landxml.errors import LandXmlError
from landxml.text import Text

__all__ = ["read"]

LEAST = 20
"""Letters of a token, below which it could be guessed."""
LINE = re.compile(r"([a-z0-9][a-z0-9-]{0,29})\s+(\S+)")


def read(path: Path) -> dict[str, str]:
    """Return the users of a token file: token → name.

    Raises
    ------
    LandXmlError
        If others than its owner can read it; if a line is not a name and a token; if a token is too short, or
        stands there twice; if there is none.
    OSError
        If it cannot be read.
    """
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise LandXmlError(
            Text(
                "người khác đọc được tệp này; hãy chạy chmod 600", "others can read this file; run chmod 600"
            ),
            file=path,
        )
    users: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        if found is None or len(found[2]) < LEAST or found[2] in users:
            raise LandXmlError(
                Text(
                    f"cần một tên (a-z, 0-9, -) và một mã riêng có ít nhất {LEAST} ký tự",
                    f"a name (a-z, 0-9, -) is needed, and a token of its own of {LEAST} characters or more",
                ),
                file=path,
                line=number,
            )
        users[found[2]] = found[1]
    if not users:
        raise LandXmlError(Text("tệp chưa có mã nào", "there is no token in the file"), file=path)
    return users
