"""What is written in the documents of a report, whatever their form."""

from __future__ import annotations

import io
import zipfile


def words(document: bytes) -> str:
    """Return the texts of a document: of a workbook those of its parts, of a database all that is text."""
    if not document.startswith(b"PK"):
        return document.decode("utf-8", "ignore")
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        return "\n".join([*parts.namelist(), *(parts.read(name).decode() for name in parts.namelist())])
