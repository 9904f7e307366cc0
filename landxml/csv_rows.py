"""Writing CSV as spreadsheets read it."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Writer

__all__ = ["writer"]


@contextlib.contextmanager
def writer(out: IO[bytes]) -> Iterator[Writer]:
    """Offer what writes rows of CSV as Excel reads it, which knows UTF-8 by its mark; ``out`` stays open."""
    encoded = io.TextIOWrapper(out, "utf-8-sig", newline="")
    yield csv.writer(encoded, lineterminator="\r\n")
    encoded.flush()
    encoded.detach()
