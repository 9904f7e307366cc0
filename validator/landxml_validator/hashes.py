"""SHA-256 of what a check is about."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from landxml.documents import open_regular
from landxml.remote import is_remote
from landxml_validator.report import File

if TYPE_CHECKING:
    from io import BufferedReader

__all__ = ["Hashes", "sha256"]


class Hashes(threading.Thread):
    """SHA-256 of archives, by path, made beside the check: workers read archives only in parts."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.paths: dict[str, None] = {}
        self.found: dict[str, str] = {}

    def run(self) -> None:
        """Hash the archives."""
        with contextlib.suppress(OSError):  # said where it is asked for
            for path in self.paths:
                self.found[path] = sha256(path)

    def sign(self, files: Iterable[File]) -> None:
        """Add the SHA-256 of archives and single files that no worker has hashed."""
        self.join()
        for file in files:
            there = is_remote(file.name) or os.path.isfile(file.name)  # noqa: PTH113 - as the user gave it
            if file.sha256 is None and there:
                file.sha256 = self.found.get(file.name) or sha256(file.name)


def sha256(path: str) -> str:
    """Return the SHA-256 of a file or an object of a store, in hexadecimal digits."""
    with open_regular(path) as stream:
        return hashlib.file_digest(cast("BufferedReader", stream), "sha256").hexdigest()
